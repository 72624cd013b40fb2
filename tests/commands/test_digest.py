"""/digest, /post-digest, /schedule, /plan, /coverage and /moderators, as members and moderators meet them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.archive.discussions import Anchor
from bot.archive.events import Author, Said, Unsaid
from bot.archive.runs import Run, State
from bot.asker import Person, Place
from bot.cli.digest import _digest
from bot.config import Config
from bot.reply import Reply
from bot.venue import Readable
from tests.conftest import JUN, KURILS, MINA, MODERATOR, Bot
from tests.venues import MadeUpVenue, read_all

THREAD = Place("discord", "1", "10", "77")
HIDDEN = Place("discord", "1", "12", "99")
NOW = datetime.now(UTC)


def author(person: Person) -> Author:
    return Author(person.id, person.name)


async def say(bot: Bot, place: Place, person: Person, id_: str, words: str, hours: float = 1) -> Said:
    said = Said(place, id_, author(person), words, datetime.now(UTC) - timedelta(hours=hours))
    await bot.answering.archive.capture.save(said)
    return said


@pytest.fixture
async def busy(bot: Bot) -> Bot:
    """A day with a question, its thread, and a channel that not everybody can read."""
    discussions = bot.answering.archive.discussions
    islands = bot.answering.library.readings["japan-russia-2016"].numbered(3)[0].key
    await discussions.keep(THREAD, "On the islands", author(MINA), Anchor("japan-russia-2016", islands))
    await discussions.keep(HIDDEN, "Among moderators", author(MODERATOR), Anchor("japan-russia-2016"))
    await say(bot, THREAD, MINA, "m1", "Shikotan is small.", 2)
    await say(bot, THREAD, JUN, "m2", "Which report is the IISS one?")
    await say(bot, HIDDEN, MODERATOR, "m3", "Nobody shall know this.")
    return bot


def posted(venue: MadeUpVenue) -> list[Reply]:
    return [card for card in venue.cards if card.title.startswith("The day")]


async def test_a_member_sees_what_they_missed_and_then_what_came_since(busy: Bot) -> None:
    first = await busy.say("/digest")
    again = await busy.say("/digest")
    await say(busy, THREAD, MINA, "m4", "The one of 2014.", 0)
    later = await busy.say("/digest")

    assert first.private
    assert "Which report is the IISS one?" in first.plain()
    assert "Without an answer" in first.plain()
    assert "Nobody shall know" not in first.plain()
    assert "Among moderators" not in first.plain()
    assert "A quiet time" in again.title
    assert "The one of 2014." in later.plain()
    assert "1 message by 1 person" in later.plain()


async def test_a_member_asks_for_a_day_and_for_a_channel(busy: Bot) -> None:
    day = (datetime.now(UTC) - timedelta(hours=1)).date().isoformat()
    today = await busy.say(f"/digest day:{day}")
    before = await busy.say("/digest day:2020-01-01")
    elsewhere = await busy.say("/digest channel:11")
    nowhere = await busy.say("/digest channel:#nowhere")
    hidden = await busy.say("/digest channel:12")
    wrong = await busy.say("/digest day:sometime")

    assert "Which report is the IISS one?" in today.plain()
    assert "A quiet time" in before.title
    assert "A quiet time" in elsewhere.title
    assert nowhere.refused
    assert hidden.refused
    assert wrong.refused


async def test_a_moderator_sees_it_first_and_posts_it_once(busy: Bot, venue: MadeUpVenue) -> None:
    venue.private_channels["12"] = frozenset({MODERATOR.id})
    moderator = busy.as_moderator()
    preview = await moderator.say("/digest")
    before = len(posted(venue))
    post = next(one for one in preview.buttons if one.label.startswith("Post to"))
    done = await moderator.press_button(post)
    again = await moderator.press_button(post)
    after = await moderator.say("/digest")

    assert preview.private
    assert "Only you see this" in preview.plain()
    assert "Nobody shall know" not in preview.plain()
    assert (before, len(posted(venue))) == (0, 1)
    assert "Which report is the IISS one?" in posted(venue)[0].plain()
    assert "Nobody shall know" not in posted(venue)[0].plain()
    assert not done.refused
    assert "Already done" in again.plain()
    assert "was posted in" in after.plain()
    assert not any(one.label.startswith("Post to") for one in after.buttons)
    assert [act.did for act in busy.answering.archive.audit.latest(KURILS, Readable(frozenset({"10"})), 1)] == [
        "post digest"
    ]


async def test_what_a_moderator_leaves_out_is_not_posted(busy: Bot, venue: MadeUpVenue) -> None:
    moderator = busy.as_moderator()
    await moderator.say("/digest")
    await moderator.press("Leave out ...")
    preview = await moderator.press("Leave out 1")
    await moderator.press(next(one.label for one in preview.buttons if one.label.startswith("Post to")))
    (card,) = posted(venue)

    assert "Without an answer" not in card.plain()
    assert "A moderator left out 1 item." in card.plain()


async def test_what_was_deleted_after_the_preview_is_not_posted(busy: Bot, venue: MadeUpVenue) -> None:
    moderator = busy.as_moderator()
    preview = await moderator.say("/digest")
    await busy.answering.archive.capture.save(Unsaid(THREAD, "m2", NOW, datetime.now(UTC)))
    await say(busy, THREAD, JUN, "m5", "Said after the preview", 0)
    await moderator.press_button(next(one for one in preview.buttons if one.label.startswith("Post to")))

    assert "IISS" not in posted(venue)[0].plain()
    assert "after the preview" not in posted(venue)[0].plain()


async def test_it_is_posted_elsewhere_as_everybody_there_can_read_it(busy: Bot, venue: MadeUpVenue) -> None:
    venue.private_channels["12"] = frozenset({MODERATOR.id})
    moderator = busy.as_moderator()
    await moderator.say("/digest")
    await moderator.press("Post elsewhere")
    preview = await moderator.press("#12")
    refused = await busy.as_moderator().say("/post-digest to:13")

    assert "Nobody shall know this." in preview.plain()
    assert refused.refused


async def test_only_a_moderator_posts_and_a_posted_one_is_shown_again(busy: Bot, venue: MadeUpVenue) -> None:
    refused = await busy.say("/post-digest do:post")
    moderator = busy.as_moderator()
    preview = await moderator.say("/digest")
    await moderator.press_button(next(one for one in preview.buttons if one.label.startswith("Post to")))
    listed = await busy.say("/readalong posted-digest")
    shown = await busy.press(next(one.label for one in listed.buttons))
    card = posted(venue)[0]
    mine = await busy.press_button(next(one for one in card.buttons if one.label == "As you can read it"))

    assert "Only moderators" in refused.plain()
    assert "Which report is the IISS one?" in shown.plain()
    assert "Which report is the IISS one?" in mine.plain()
    assert (await busy.say("/posted-digest mark:nothing")).refused


async def test_a_digest_is_scheduled_listed_and_stopped(busy: Bot, venue: MadeUpVenue) -> None:
    moderator = busy.as_moderator()
    made = await moderator.say('/schedule digest at:"09:00" zone:"Asia/Tokyo" days:"mon-fri" in:#11')
    listed = await moderator.say("/schedule list")
    stopped = await moderator.say("/schedule stop in:11")
    gone = await moderator.say("/schedule list")
    await busy.as_moderator().say("/schedule digest at:7pm")
    (kept,) = busy.answering.archive.schedules.within(KURILS)

    assert "mon-fri at 09:00, Asia/Tokyo" in made.plain()
    assert "Next: " in listed.plain()
    assert not stopped.refused
    assert "No digest is posted by itself here" in gone.plain()
    assert (f"{kept.at:%H:%M}", kept.zone, kept.made_by) == ("19:00", "UTC", MODERATOR.id)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/schedule digest", "at what time"),
        ("/schedule digest at:25:00", "at what time"),
        ("/schedule digest at:9 zone:Tokio", "no time zone"),
        ("/schedule digest at:9 days:someday", "no days"),
        ("/schedule digest at:9 in:13", "no channel"),
        ("/schedule stop", "No digest is posted by itself"),
    ],
)
async def test_what_can_not_be_scheduled_says_what_would_be_right(line: str, said: str, bot: Bot) -> None:
    reply = await bot.as_moderator().say(line)

    assert reply.refused
    assert said in reply.plain()


async def test_a_plan_says_where_the_group_is(busy: Bot) -> None:
    empty = await busy.say("/plan")
    refused = await busy.say("/plan week 1: passages 1-3")
    moderator = busy.as_moderator()
    await moderator.say("/plan week 1: passages 1-3")
    await moderator.say("/plan week 2: passages 4-6")
    shown = (await busy.say("/plan")).plain()
    digest = (await busy.say("/digest")).plain()
    await moderator.press("Undo")
    after = (await busy.say("/plan")).plain()

    assert "Nothing is planned" in empty.plain()
    assert "Only moderators" in refused.plain()
    assert shown.index("Now") < shown.index("week 1") < shown.index("Next") < shown.index("week 2")
    assert "¶1, ¶2, ¶3" in shown
    assert "To read\nweek 1, until " in digest
    assert "Nobody has discussed yet\n9 of 10 passages" in digest
    assert "week 2" not in after
    assert (await moderator.say("/plan week 3: passages 90")).refused
    assert (await moderator.say("/plan something")).refused


async def test_coverage_says_what_is_held_and_what_is_missing(busy: Bot, venue: MadeUpVenue) -> None:
    before = await busy.say("/coverage")
    venue.say(THREAD, author(MINA), "First")
    await read_all(busy.answering.archive, venue)
    after = (await busy.say("/coverage")).plain()

    assert "Nothing of it has been read yet" in before.plain()
    assert "Held from its beginning to now; listening." in after
    assert "Last read back" in after
    assert "On the islands" in after
    assert "Among moderators" not in after
    assert "Discussed\n1 of 10 passages" in after


async def test_moderators_says_who_is_one_and_shows_them_the_log(busy: Bot) -> None:
    member = (await busy.say("/moderators")).plain()
    await busy.as_moderator().say("/schedule digest at:9")
    moderator = (await busy.as_moderator().say("/moderators")).plain()

    assert "Manage Messages" in member
    assert "You are not one." in member
    assert "scheduled a digest" not in member
    assert "You are one." in moderator
    assert "scheduled a digest" in moderator


async def test_the_operator_prints_one_and_asks_the_running_bot_to_post(
    busy: Bot, config: Config, venue: MadeUpVenue
) -> None:
    printed = await _digest(config, None, "10", "markdown", post=False)
    page = await _digest(config, None, "", "html", post=False)
    table = await _digest(config, None, "10", "json", post=False)

    assert "Which report is the IISS one" in str(printed)
    assert str(page).startswith("<!doctype html>")
    assert '"words": "Which report is the IISS one?"' in str(table)


async def test_what_the_operator_asked_for_is_posted_at_the_next_tick(busy: Bot, venue: MadeUpVenue) -> None:

    digests = busy.answering.posting.digests
    run = Run(KURILS, digests.today(), "UTC", digests.clock(), posted_by="operator")
    asked = await busy.answering.archive.runs.ask(run)
    await busy.answering.posting.tick()
    there = busy.answering.archive.runs.of(KURILS, run.day)

    assert asked
    assert not await busy.answering.archive.runs.ask(run)
    assert there is not None
    assert there.state is State.POSTED
    assert len(posted(venue)) == 1
