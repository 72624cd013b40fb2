"""What the notice in a discussion promises: deletions are honoured, opting out holds, and what stops stops."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.archive.discussions import Anchor
from bot.archive.events import Author, Changed, Counted, Reacted, Unsaid
from bot.asker import Place
from bot.discussion_cards import Subject
from bot.venue import Gone, Page
from tests.commands.test_discussions import OLD, author, texts
from tests.conftest import JUN, KURILS, MINA, Bot
from tests.venues import BEGAN, MadeUpVenue, read_all


def titles(bot: Bot) -> list[str]:
    return [row[0] for row in bot.answering.archive.database.reader.execute("SELECT title FROM threads").fetchall()]


async def test_a_deletion_in_a_thread_that_is_saved_no_more_is_honoured(bot: Bot, venue: MadeUpVenue) -> None:
    moderator = bot.as_moderator().at(OLD)
    said = venue.say(OLD, author(JUN), "Etorofu")
    await moderator.say("/save")
    await bot.answering.archive.hear(said)
    await moderator.say("/unsave")
    edited = await bot.answering.archive.hear(replace(said, words="Iturup", edited=BEGAN + timedelta(minutes=1)))
    before = texts(bot)
    await bot.answering.archive.hear(Unsaid(OLD, said.id, said.at, BEGAN + timedelta(minutes=2)))
    new = await bot.answering.archive.hear(venue.say(OLD, author(JUN), "Kunashiri"))

    assert edited
    assert "Iturup" in before
    assert not any(texts(bot))
    assert not new


async def test_a_thread_that_is_deleted_leaves_no_word_even_when_it_is_saved_no_more(
    bot: Bot, venue: MadeUpVenue
) -> None:
    moderator = bot.as_moderator().at(OLD)
    await bot.answering.archive.hear(venue.say(OLD, author(JUN), "Etorofu"))
    await moderator.say("/save")
    await read_all(bot.answering.archive, venue)
    await moderator.say("/unsave")
    await bot.answering.archive.hear(Changed(OLD, gone=BEGAN + timedelta(days=1)))

    assert not any(texts(bot))
    assert titles(bot) == [""]


async def test_a_thread_that_was_deleted_while_the_bot_was_away_is_found_gone(bot: Bot) -> None:
    class Deleted(MadeUpVenue):
        def history(self, place: Place, since: datetime) -> AsyncIterator[Page]:
            raise Gone("The thread is not there any more.")

    archive = bot.answering.archive
    await archive.discussions.keep(OLD, "Old", Author("U2", "Jun"), reading_anchor(bot))
    await archive.hear(MadeUpVenue().say(OLD, author(JUN), "Etorofu"))
    progress = await read_all(archive, Deleted())

    assert (progress.done, progress.failed) == (1, 0)
    assert not any(texts(bot))


def reading_anchor(bot: Bot) -> Anchor:
    return Subject(bot.answering.library.readings["japan-russia-2016"]).anchor


async def test_what_was_said_while_somebody_was_out_does_not_come_back(bot: Bot, venue: MadeUpVenue) -> None:
    archive = bot.answering.archive
    await bot.as_person(JUN).say("/discuss ¶3")
    (thread,) = venue.posts
    await bot.say("/privacy out sure:yes")
    while_out = venue.say(thread, author(MINA), "Etorofu")
    await archive.hear(while_out)
    await bot.say("/privacy in")
    await read_all(archive, venue)
    await archive.hear(while_out)
    await archive.hear(replace(while_out, id="later", words="Iturup", at=datetime.now(UTC) + timedelta(seconds=1)))

    assert "Etorofu" not in texts(bot)
    assert "Iturup" in texts(bot)


async def test_of_who_is_out_not_even_a_message_without_words_is_held(bot: Bot, venue: MadeUpVenue) -> None:
    """Neither when a place is read back with its reactions, nor when somebody reacts to it."""
    archive = bot.answering.archive
    await bot.as_person(JUN).say("/discuss ¶3")
    (thread,) = venue.posts
    await bot.say("/privacy out sure:yes")
    read, heard = (venue.say(thread, author(MINA), "Etorofu") for _ in range(2))
    until = datetime.now(UTC)
    counted = Counted(thread, read.id, read.at, {"👀": 2}, until)
    reacted = Reacted(thread, heard.id, heard.at, author(JUN), "👀", True, until, written_by=MINA.id)
    await archive.capture.save_page(thread, Page((read,), (counted,), BEGAN, until))
    await archive.hear(reacted)
    held = archive.database.reader.execute(
        "SELECT count(*) FROM messages WHERE platform_id IN (?, ?)", (read.id, heard.id)
    )

    assert held.fetchone() == (0,)


async def test_a_title_of_somebody_who_is_out_is_not_written_again(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say('/discuss ¶3 title:"Mine"')
    (thread,) = venue.posts
    await bot.say("/privacy out sure:yes")
    await bot.answering.archive.hear(Changed(thread, "Mine"))

    assert titles(bot) == [""]


async def test_reading_back_stops_where_saving_stops(bot: Bot) -> None:
    class Stopping(MadeUpVenue):
        async def history(self, place: Place, since: datetime) -> AsyncIterator[Page]:
            yield Page((self.posts[place][0],), (), since, self.posts[place][0].at)
            await archive.discussions.stop(place)
            yield Page((self.posts[place][1],), (), self.posts[place][0].at, datetime.now(UTC))

    archive, venue = bot.answering.archive, Stopping()
    await archive.discussions.keep(OLD, "Old", Author("U2", "Jun"), reading_anchor(bot))
    venue.say(OLD, author(JUN), "Etorofu")
    venue.say(OLD, author(JUN), "Kunashiri", minutes=1)
    await read_all(archive, venue)

    assert texts(bot) == ["Etorofu"]


async def test_where_the_bot_may_not_say_that_it_saves_it_does_not(bot: Bot, venue: MadeUpVenue) -> None:
    venue.say(OLD, author(MINA), "First")
    posting = venue.post

    async def refused(*_: object, **__: object) -> None:
        raise OSError("no permission")

    venue.post = refused  # type: ignore[method-assign, assignment]
    thread = await bot.as_moderator().at(OLD).say("/save")
    channel = await bot.as_moderator().say("/save what:channel")
    kept = bot.answering.archive.discussions.keeps(OLD) or bot.answering.archive.discussions.keeps(KURILS)
    venue.post = posting  # type: ignore[method-assign]

    assert thread.refused
    assert channel.refused
    assert not kept
    assert not (await bot.as_moderator().at(OLD).say("/save")).refused


async def test_unsave_says_what_is_saved_still(bot: Bot, venue: MadeUpVenue) -> None:
    venue.say(OLD, author(MINA), "First")
    moderator = bot.as_moderator()
    await moderator.say("/save what:channel")
    inside = await moderator.at(OLD).say("/unsave")
    await moderator.at(OLD).say("/save")
    marked = await moderator.at(OLD).say("/unsave")

    for reply in (inside, marked):
        assert "The whole channel is saved" in reply.plain()


async def test_a_dropped_remark_is_held_no_more(bot: Bot, venue: MadeUpVenue) -> None:
    said = venue.say(KURILS, author(JUN), "Habomai")
    await bot.answering.act("save-remark", said, MINA)
    dropped = await bot.at(Place("discord", "", "9", direct=True)).say(f"/remarks drop:10/{said.id}")

    assert not dropped.refused
    assert not any(texts(bot))


async def test_a_channel_is_known_by_its_name_once_something_in_it_is_saved(bot: Bot) -> None:
    await bot.say("/discuss ¶3")
    names = bot.answering.archive.database.reader.execute("SELECT name FROM channels").fetchall()

    assert names == [("channel 10",)]


async def test_a_topics_list_has_what_its_card_counts(bot: Bot) -> None:
    reading = bot.answering.library.readings["japan-russia-2016"]
    passages = [reading.passage(key).number for key in reading.topics["alliance"].passages]
    for number in passages[:2]:
        await bot.say(f"/discuss ¶{number}")
    await bot.say("/topics alliance")
    listed = await bot.press("All 2 discussions")

    assert "2 that you can read" in listed.plain()


async def test_a_page_of_hits_can_not_be_asked_for_after_a_hidden_message(bot: Bot, venue: MadeUpVenue) -> None:
    archive = bot.answering.archive
    hidden = Place("discord", "1", "12", "72")
    await archive.discussions.keep(hidden, "Hidden", Author("U2", "Jun"), reading_anchor(bot))
    await archive.hear(venue.say(hidden, author(JUN), "Etorofu", id_="600"))
    there, missing = [await bot.say(f"/find past:12/{number}") for number in (600, 601)]

    assert there.plain() == missing.plain()


async def test_a_member_has_a_copy_of_what_is_held_and_erases_it(bot: Bot, venue: MadeUpVenue) -> None:
    archive = bot.answering.archive
    await bot.as_person(JUN).say("/discuss ¶3")
    (thread,) = venue.posts
    await archive.hear(venue.say(thread, author(MINA), "Etorofu"))
    shown = await bot.say("/privacy")
    copy = await bot.press("Give me a copy")
    asked = await bot.press("Erase it")
    before = texts(bot)
    done = await bot.press("Erase it")
    await archive.hear(replace(venue.say(thread, author(MINA), "Iturup"), at=datetime.now(UTC) + timedelta(seconds=1)))

    assert "1 message." in shown.plain()
    assert copy.private
    assert json.loads(copy.files[0].data)["messages"][0]["text"] == "Etorofu"
    assert "can't be undone" in asked.plain()
    assert "Etorofu" in before
    assert not done.refused
    assert "Etorofu" not in texts(bot)
    assert "Iturup" in texts(bot)
