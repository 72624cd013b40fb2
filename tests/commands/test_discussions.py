"""Opening, saving and listing discussions, and what everybody may know of them."""

from dataclasses import replace

import pytest

from bot.archive.discussions import Anchor, Discussion
from bot.archive.events import Author, Said
from bot.asker import Person, Place
from bot.reply import FromMember, Reply, Voice
from bot.venue import Readable
from tests.conftest import JUN, KURILS, MINA, MODERATOR, Bot
from tests.venues import BOT, MadeUpVenue, read_all

PRIVATE = Place("discord", "1", "10", "55", private=True)
OLD = Place("discord", "1", "10", "77")


def author(person: Person) -> Author:
    return Author(person.id, person.name)


def known(bot: Bot, place: Place) -> Discussion:
    everything = Readable(frozenset({place.channel}), frozenset({place.thread}))
    return next(one for one in bot.answering.archive.discussions.find(place, everything) if one.place == place)


def texts(bot: Bot) -> list[str]:
    rows = bot.answering.archive.database.reader.execute("SELECT text FROM messages ORDER BY id").fetchall()
    return [row[0] for row in rows]


async def test_a_discussion_opens_with_its_passage_a_question_and_a_notice(bot: Bot, venue: MadeUpVenue) -> None:
    reply = await bot.say('/discuss ¶3 title:"Does 1956 still bind anyone?"')
    (card,) = venue.cards

    assert reply.private
    assert "Does 1956 still bind anyone?" in reply.plain()
    assert card.title == "Does 1956 still bind anyone?"
    assert card.parts[0].voice is Voice.READING
    assert any(part.heading == "A question to begin with" for part in card.parts)
    assert "This discussion is saved" in card.plain()
    assert "/privacy out" in card.plain()
    assert not card.private


async def test_what_is_said_in_an_opened_discussion_is_saved_and_elsewhere_not(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say("/discuss ¶3")
    (thread,) = venue.posts
    said = venue.say(thread, author(JUN), "Shikotan is small.")
    elsewhere = Said(KURILS, "9", author(JUN), "Nobody shall know.", said.at)
    archive = bot.answering.archive

    assert await archive.hear(said)
    assert not await archive.hear(elsewhere)
    assert len(texts(bot)) == 2
    assert "Nobody shall know." not in texts(bot)


@pytest.mark.parametrize(
    ("line", "title", "passage"),
    [
        ("/discuss", "Japan and Russia, 2016", ""),
        ("/discuss 3", "¶3 ", "islands"),
        ("/discuss 3 Does it bind?", "Does it bind?", "islands"),
        ("/discuss kurils", "The Kuril Islands", "islands"),
        ("/discuss Is Germany a fair comparison at all?", "Is Germany a fair comparison at all?", ""),
    ],
)
async def test_a_discussion_is_anchored_to_what_it_is_about(
    line: str, title: str, passage: str, bot: Bot, venue: MadeUpVenue
) -> None:
    await bot.say(line)
    (thread,) = venue.posts
    found = known(bot, thread)
    reading = bot.answering.library.readings["japan-russia-2016"]

    assert found.title.startswith(title)
    assert found.anchor.reading == reading.slug
    assert found.anchor.passage == (reading.numbered(3)[0].key if passage else "")


async def test_a_misspelt_topic_and_a_passage_that_is_not_there_say_what_would_be_right(bot: Bot) -> None:
    misspelt = await bot.say("/discuss kurlis")
    missing = await bot.say("/discuss 99")

    assert misspelt.refused
    assert "Did you mean kurils?" in misspelt.plain()
    assert "¶1 to ¶11" in missing.plain() or "¶1 to" in missing.plain()


async def test_inside_a_thread_or_a_direct_message_it_says_what_to_do_instead(bot: Bot, venue: MadeUpVenue) -> None:
    thread = await bot.at(OLD).say("/discuss ¶3")
    direct = await bot.at(Place("discord", "", "5", direct=True)).say("/discuss ¶3")

    assert "a thread already" in thread.plain()
    assert "type /discuss in a channel" in direct.plain()
    assert not venue.cards


async def test_a_card_leads_to_a_preview_and_only_then_to_a_thread(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say("/passage 3")
    preview = await bot.press("Discuss this")
    before = len(venue.cards)
    await bot.press("Open this discussion")
    again = await bot.press_button(next(one for one in preview.buttons if one.label == "Open this discussion"))

    assert preview.private
    assert "This discussion is saved" in preview.plain()
    assert (before, len(venue.cards)) == (0, 1)
    assert "Already done" in again.plain()


async def test_a_card_says_what_was_discussed_as_far_as_everybody_there_may_know(bot: Bot) -> None:
    archive = bot.answering.archive
    key = bot.answering.library.readings["japan-russia-2016"].numbered(3)[0].key
    await bot.say('/discuss ¶3 title:"In the open"')
    (known,) = archive.discussions.find(KURILS, await bot.answering.venues.audience(KURILS))
    hidden = Place("discord", "1", "12", "56")
    await archive.discussions.keep(hidden, "Among moderators", author(MODERATOR), known.anchor)
    await archive.discussions.keep(PRIVATE, "In a private thread", author(MODERATOR), known.anchor)
    card = await bot.say("/passage 3")
    topic = await bot.say("/kurils")
    inside = await bot.at(hidden).say("/passage 3")

    assert known.anchor.passage == key
    for shown in (card, topic):
        assert "Here: one discussion." in shown.plain()
        assert "In the open" in shown.plain()
        assert "Among moderators" not in shown.plain()
        assert "private thread" not in shown.plain()
    assert "Here: 2 discussions" in inside.plain()


async def test_where_rights_can_not_be_known_a_card_says_nothing_of_discussions(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say("/discuss ¶3")
    venue.trouble = OSError("away")
    card = await bot.say("/passage 3")
    listed = await bot.say("/saved")

    assert "Here:" not in card.plain()
    assert listed.refused
    assert "can't check what you may read" in listed.plain()


async def test_saved_lists_by_passage_what_the_asker_can_read(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say('/discuss ¶3 title:"On the islands"')
    await bot.say('/discuss ¶9 title:"On Germany"')
    await bot.answering.archive.discussions.keep(PRIVATE, "Among two", author(JUN), anchor_of(bot))
    venue.private_threads["55"] = frozenset({JUN.id})
    mine = await bot.say("/saved")
    theirs = await bot.as_person(JUN).say("/saved")
    one = await bot.say("/saved ¶9")

    assert mine.plain().index("On the islands") < mine.plain().index("On Germany")
    assert "Among two" not in mine.plain()
    assert "Among two" in theirs.plain()
    assert "On Germany" in one.plain()
    assert "On the islands" not in one.plain()


def anchor_of(bot: Bot) -> Anchor:
    return bot.answering.archive.discussions.find(KURILS, Readable(frozenset({"10"})))[0].anchor


async def test_a_moderator_saves_a_thread_from_its_beginning_and_it_says_so_once(bot: Bot, venue: MadeUpVenue) -> None:
    venue.say(OLD, author(MINA), "Which report is the IISS one?")
    venue.say(OLD, author(JUN), "The one of 2014.", minutes=1)
    moderator = bot.as_moderator().at(OLD)
    saved = await moderator.say("/save ¶6")
    again = await moderator.say("/save")
    await read_all(bot.answering.archive, venue)

    assert not saved.refused
    assert again.refused
    assert {"Which report is the IISS one?", "The one of 2014."} < set(texts(bot))
    assert [card.title for card in venue.cards] == ["Saved from now on"]
    assert known(bot, OLD).title == "Which report is the IISS one?"
    assert [act.did for act in bot.answering.archive.audit.latest(OLD, Readable(frozenset({OLD.channel})), 5)] == [
        "save"
    ]


async def test_unsave_stops_and_keeps_what_there_is(bot: Bot, venue: MadeUpVenue) -> None:
    venue.say(OLD, author(MINA), "First")
    moderator = bot.as_moderator().at(OLD)
    await moderator.say("/save")
    stopped = await moderator.say("/unsave")
    heard = await bot.answering.archive.hear(venue.say(OLD, author(JUN), "Second"))
    await moderator.press("Save it again")

    assert not stopped.refused
    assert not heard
    assert bot.answering.archive.discussions.keeps(OLD)
    assert (await bot.at(OLD).say("/save")).refused


async def test_a_whole_channel_is_saved_only_after_a_question(bot: Bot, venue: MadeUpVenue) -> None:
    moderator = bot.as_moderator()
    asked = await moderator.say("/save")
    before = bot.answering.archive.discussions.keeps(KURILS)
    done = await moderator.press("Save this channel")

    assert asked.private
    assert not before
    assert not done.refused
    assert bot.answering.archive.discussions.keeps(OLD)
    assert "From now on what is said in this channel" in venue.cards[-1].plain()


async def test_the_menu_of_a_message_saves_its_thread_for_moderators_alone(bot: Bot, venue: MadeUpVenue) -> None:
    said = venue.say(OLD, author(MINA), "First")
    refused = await bot.answering.act("save-discussion", said, MINA)
    done = await bot.answering.act("save-discussion", said, MODERATOR)
    alone = await bot.answering.act("save-discussion", replace(said, place=KURILS, id="nothing"), MODERATOR)

    assert "Only moderators" in refused.plain()
    assert not done.refused
    assert bot.answering.archive.discussions.keeps(OLD)
    assert "no thread here" in alone.plain()


async def test_a_remark_is_saved_with_its_link_wherever_it_stands(bot: Bot, venue: MadeUpVenue) -> None:
    said = venue.say(KURILS, author(JUN), "Habomai is no island but several.")
    await bot.answering.act("save-remark", said, MINA)
    again = await bot.answering.act("save-remark", said, MINA)
    listed = await bot.say("/remarks")
    (part,) = [part for part in listed.parts if isinstance(part, FromMember)]
    edited = replace(said, words="Habomai is several islands.", edited=said.at.replace(minute=5))
    await bot.answering.archive.hear(edited)

    assert again.refused
    assert part.link.endswith(f"/10/{said.id}")
    assert "Habomai is several islands." in (await bot.say("/remarks")).plain()
    assert "Saved by Mina" in listed.plain()


async def test_a_remark_can_be_dropped_by_who_saved_it(bot: Bot, venue: MadeUpVenue) -> None:
    said = venue.say(KURILS, author(JUN), "Habomai")
    bot.replies.append(await bot.answering.act("save-remark", said, MINA))
    others = await bot.as_person(JUN).say(f"/remarks drop:10/{said.id}")
    mine = await bot.press("Undo")

    assert others.refused
    assert not mine.refused
    assert "No remark" in (await bot.say("/remarks")).plain()


async def test_who_opts_out_is_asked_first_and_then_nothing_of_them_is_left(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say('/discuss ¶3 title:"Mine"')
    (thread,) = venue.posts
    archive = bot.answering.archive
    await archive.hear(venue.say(thread, author(MINA), "Etorofu"))
    await archive.hear(venue.say(thread, author(JUN), "Kunashiri"))
    asked = await bot.say("/privacy out")
    before = texts(bot)
    done = await bot.press("Forget me")
    await archive.hear(venue.say(thread, author(MINA), "Shikotan"))

    assert "can't be undone" in asked.plain()
    assert "Etorofu" in before
    assert not done.refused
    assert [one for one in texts(bot) if one and BOT.name not in one and "This discussion" not in one] == ["Kunashiri"]
    assert "Mine" not in (await bot.as_person(JUN).say("/saved")).plain()
    assert "Mina" not in (await bot.as_person(JUN).say("/saved")).plain()


async def test_who_opted_out_opens_nothing_and_has_no_remark_saved_until_opting_in(
    bot: Bot, venue: MadeUpVenue
) -> None:
    await bot.say("/privacy out sure:yes")
    opened = await bot.say("/discuss ¶3")
    remark = await bot.answering.act("save-remark", venue.say(KURILS, author(MINA), "Etorofu"), JUN)
    await bot.say("/privacy in")

    assert opened.refused
    assert remark.refused
    assert not (await bot.say("/discuss ¶3")).refused


async def test_a_message_that_quotes_the_reading_is_linked_to_its_passage(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.as_moderator().say("/use kuril-question")
    await bot.say("/discuss")
    (thread,) = venue.posts
    reading = bot.answering.library.readings["kuril-question"]
    assert reading.source
    start, end = reading.source.spans[reading.passages[1].key]
    words = " ".join(reading.source.text[start:end].split()[:8])
    archive = bot.answering.archive
    await archive.hear(venue.say(thread, author(JUN), f"See: “{words}”", id_="q1"))
    await archive.hear(venue.say(thread, author(JUN), f"See: “{words} not”", id_="q2"))
    links = "SELECT m.platform_id, l.reading, l.passage, l.words FROM links l JOIN messages m ON m.id = l.message"
    found = archive.database.reader.execute(links).fetchall()

    assert found == [("q1", "kuril-question", reading.passages[1].key, words)]


async def test_the_bots_answers_are_a_reply_each(bot: Bot) -> None:
    for line in ("/discuss ¶3", "/saved", "/remarks", "/privacy"):
        reply: Reply = await bot.say(line)
        assert reply.private
        assert not reply.refused, reply.plain()
