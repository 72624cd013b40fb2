"""What was said while the bot was away is read back, and what was edited or deleted in it is found out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.archive.archive import Archive
from bot.archive.coverage import Interval, gaps
from bot.archive.database import Database
from bot.archive.discussions import BEGINNING, Anchor
from bot.archive.events import Author, Changed, Counted, Said
from bot.asker import Place
from bot.backfill import Backfill, Progress, missing_since
from bot.errors import BotError
from bot.times import stamp
from bot.venue import Page, Readable
from tests.archive.test_capture import archive_of
from tests.venues import BEGAN, MadeUpVenue, read_all

THREAD = Place("discord", "1", "10", "77")
MINA = Author("U1", "Mina")
PATIENCE = 10.0


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    database = Database.open(tmp_path / "a.db")
    made = archive_of(database)
    await made.discussions.keep(THREAD, "Does 1956 bind?", MINA, Anchor("japan-russia-2016"))
    yield made
    database.close()


@pytest.fixture
def venue() -> MadeUpVenue:
    return MadeUpVenue()


def texts(archive: Archive) -> list[str]:
    rows = archive.database.reader.execute("SELECT text FROM messages WHERE deleted_at IS NULL ORDER BY id").fetchall()
    return [row[0] for row in rows]


async def test_a_saved_thread_is_read_from_its_beginning(archive: Archive, venue: MadeUpVenue) -> None:
    venue.say(THREAD, MINA, "first")
    venue.say(THREAD, MINA, "second", minutes=1)
    progress = await read_all(archive, venue)

    assert texts(archive) == ["first", "second"]
    assert (progress.places, progress.done, progress.failed, progress.messages) == (1, 1, 0, 2)
    assert progress.complete
    assert gaps(archive.coverage.of(THREAD)) == []
    assert archive.coverage.of(THREAD)[0].first == stamp(BEGINNING)


async def test_after_a_time_away_what_was_said_edited_and_deleted_is_found(
    archive: Archive, venue: MadeUpVenue
) -> None:
    began = datetime.now(UTC) - timedelta(days=13)
    posts = [replace(venue.say(THREAD, MINA, words), at=began) for words in ("stays", "is edited", "is deleted")]
    venue.posts[THREAD] = list(posts)
    await read_all(archive, venue)
    edited = replace(posts[1], words="was edited", edited=began + timedelta(days=1))
    added = replace(venue.say(THREAD, MINA, "is new"), at=began + timedelta(days=2))
    venue.posts[THREAD] = [posts[0], edited, added]
    await read_all(archive, venue)
    revisions = archive.database.reader.execute("SELECT text FROM revisions").fetchall()

    assert sorted(texts(archive)) == ["is new", "stays", "was edited"]
    assert revisions == [("is edited",)]
    assert gaps(archive.coverage.of(THREAD)) == []


async def test_what_is_older_than_two_weeks_is_not_read_again(archive: Archive, venue: MadeUpVenue) -> None:
    old = replace(venue.say(THREAD, MINA, "old"), at=datetime.now(UTC) - timedelta(days=15))
    venue.posts[THREAD] = [old]
    await read_all(archive, venue)
    venue.posts[THREAD] = []
    await read_all(archive, venue)

    assert texts(archive) == ["old"]


async def test_a_message_so_new_that_history_may_not_show_it_yet_is_not_taken_for_deleted(
    archive: Archive, venue: MadeUpVenue
) -> None:
    await read_all(archive, venue)
    await archive.coverage.listen([THREAD], datetime.now(UTC))
    just_now = replace(venue.say(THREAD, MINA, "just now"), at=datetime.now(UTC))
    await archive.hear(just_now)
    await archive.capture.save_page(THREAD, Page((), (), BEGINNING, datetime.now(UTC)))

    assert texts(archive) == ["just now"]


async def test_what_was_said_and_deleted_within_a_minute_is_gone_if_the_bot_was_away_in_between(
    archive: Archive, venue: MadeUpVenue
) -> None:
    await read_all(archive, venue)
    just_now = replace(venue.say(THREAD, MINA, "just now"), at=datetime.now(UTC))
    await archive.hear(just_now)
    venue.posts[THREAD] = []
    await read_all(archive, venue)

    assert texts(archive) == []


async def test_a_comparison_that_was_broken_off_is_done_again_though_nothing_is_missing(
    archive: Archive, venue: MadeUpVenue
) -> None:
    """Slack's history comes newest first: its first page may close the gap before the rest is compared."""
    old = replace(venue.say(THREAD, MINA, "old"), at=datetime.now(UTC) - timedelta(days=2))
    venue.posts[THREAD] = [old]
    await read_all(archive, venue)
    since = datetime.now(UTC)
    await archive.coverage.listen([THREAD], since)
    until = since + timedelta(seconds=1)
    await archive.capture.save_page(THREAD, Page((), (), since - timedelta(hours=1), until))
    venue.posts[THREAD] = [replace(old, words="edited", edited=since)]
    reading = Backfill(archive, venue, "discord", lambda _: None)
    reading.read_soon(THREAD)
    await done(archive)

    assert gaps(archive.coverage.of(THREAD)) == []
    assert texts(archive) == ["edited"]
    assert archive.coverage.due(THREAD) == ""


async def test_what_is_heard_before_the_bot_is_ready_hides_no_gap(archive: Archive, venue: MadeUpVenue) -> None:
    """Away for a month, it hears a message before it knows since when it listens again."""
    begin = datetime.now(UTC) - timedelta(days=40)
    await archive.coverage.listen([THREAD], begin)
    await archive.capture.save_page(THREAD, Page((), (), BEGINNING, begin))
    missed = replace(venue.say(THREAD, MINA, "missed"), at=begin + timedelta(days=10))
    heard = replace(venue.say(THREAD, MINA, "heard"), at=datetime.now(UTC))
    venue.posts[THREAD] = [missed, heard]
    reading = Backfill(archive, venue, "discord", lambda _: None)
    await reading.away()
    await archive.hear(heard)
    await reading.connected()
    await done(archive)

    assert texts(archive) == ["missed", "heard"]


async def test_it_is_known_what_was_not_compared_after_a_time_away(archive: Archive, venue: MadeUpVenue) -> None:
    """Beyond two weeks an edit or a deletion goes unnoticed, and the coverage says so."""
    old = replace(venue.say(THREAD, MINA, "old"), at=datetime.now(UTC) - timedelta(days=15))
    venue.posts[THREAD] = [old]
    await read_all(archive, venue)
    whole = read_back(archive)
    venue.posts[THREAD] = []
    await archive.coverage.listen([THREAD], datetime.now(UTC))
    due = archive.coverage.due(THREAD)
    await read_all(archive, venue)
    again = read_back(archive)

    assert texts(archive) == ["old"]
    assert whole == stamp(BEGINNING)
    assert due
    assert not archive.coverage.due(THREAD)
    assert stamp(old.at) < again < stamp(datetime.now(UTC) - timedelta(days=13))


def read_back(archive: Archive) -> str:
    """From when on the thread was last compared."""
    (held,) = archive.coverage.held(THREAD, Readable(frozenset({THREAD.channel})))
    return held.read_since


async def done(archive: Archive) -> None:
    """Wait until nothing is left to compare."""
    async with asyncio.timeout(10):
        while archive.coverage.due(THREAD):  # noqa: ASYNC110 - the archive tells nobody
            await asyncio.sleep(0.001)


async def test_of_a_full_page_everything_is_compared_up_to_its_last_message(archive: Archive) -> None:
    """Many messages in a minute fill pages that end within it."""
    began = datetime.now(UTC) - timedelta(days=1)
    posts = [Said(THREAD, f"m{number}", MINA, f"m{number}", began + timedelta(seconds=number)) for number in range(3)]
    for said in posts:
        await archive.hear(said)
    await archive.capture.save_page(THREAD, Page((posts[0], posts[2]), (), BEGINNING, posts[2].at))

    assert texts(archive) == ["m0", "m2"]


async def test_a_place_asked_for_while_it_is_read_is_read_again(archive: Archive) -> None:
    """Otherwise what was said between the page and the asking would be missing until the next connection."""

    class Interrupted(MadeUpVenue):
        async def history(self, place: Place, since: datetime) -> AsyncIterator[Page]:
            until = datetime.now(UTC) - timedelta(seconds=1)
            if self.asked == 0:
                self.asked += 1
                self.posts[place].append(Said(place, "m1", MINA, "said meanwhile", datetime.now(UTC)))
                await backfill.keep(place)
                yield Page((), (), since, until)
            else:
                async for page in super().history(place, since):
                    yield page

    told: asyncio.Queue[Progress] = asyncio.Queue()
    backfill = Backfill(archive, Interrupted(), "discord", told.put_nowait)
    await backfill.connected()
    async with asyncio.timeout(PATIENCE):
        while not (progress := await told.get()).complete or progress.done < 2:
            pass
    await backfill.close()

    assert texts(archive) == ["said meanwhile"]
    assert gaps(archive.coverage.of(THREAD)) == []
    assert (progress.places, progress.failed) == (2, 0)


async def test_of_one_workspace_alone_what_it_missed_is_read(archive: Archive, venue: MadeUpVenue) -> None:
    other = Place("discord", "2", "11", "78")
    await archive.discussions.keep(other, "Elsewhere", MINA, Anchor("kuril-question"))
    for place in (THREAD, other):
        venue.say(place, MINA, place.workspace)
    told: asyncio.Queue[Progress] = asyncio.Queue()
    backfill = Backfill(archive, venue, "discord", told.put_nowait)
    await backfill.connected("2")
    while not (await told.get()).done:
        pass
    await backfill.close()

    assert texts(archive) == ["2"]


async def test_reactions_are_counted_again(archive: Archive, venue: MadeUpVenue) -> None:
    said = venue.say(THREAD, MINA, "first")
    until = datetime.now(UTC)
    counted = Counted(THREAD, said.id, said.at, {"👍": 3}, until)
    await archive.capture.save_page(THREAD, Page((said,), (counted,), BEGINNING, until))

    assert archive.database.reader.execute("SELECT emoji, people FROM reactions").fetchall() == [("👍", 3)]


async def test_reading_goes_on_where_it_was_broken_off(archive: Archive) -> None:
    class InPages(MadeUpVenue):
        """One message a page; the line breaks after so many pages."""

        left = 2
        since: datetime | None = None

        async def history(self, place: Place, since: datetime) -> AsyncIterator[Page]:
            self.since, first = since, since
            found = [said for said in self.posts[place] if said.at >= since]
            for said in found:
                if not self.left:
                    raise OSError("the line broke")
                self.left -= 1
                yield Page((said,), (), first, said.at)
                first = said.at
            yield Page((), (), first, datetime.now(UTC))

    venue = InPages()
    for number in range(5):
        venue.say(THREAD, MINA, f"m{number}", minutes=number)
    broken = await read_all(archive, venue)
    half = texts(archive)
    held = archive.coverage.of(THREAD)
    venue.left = 100
    await read_all(archive, venue)

    assert (broken.done, broken.failed) == (0, 1)
    assert half == ["m0", "m1"]
    assert len(gaps(held)) == 1
    assert gaps(held)[0][0] == stamp(BEGAN + timedelta(minutes=1))
    assert texts(archive) == ["m0", "m1", "m2", "m3", "m4"]
    assert gaps(archive.coverage.of(THREAD)) == []


async def test_one_place_that_can_not_be_read_keeps_no_other_waiting(archive: Archive) -> None:
    class OneIsClosed(MadeUpVenue):
        def history(self, place: Place, since: datetime) -> AsyncIterator[Page]:
            if place == THREAD:
                raise BotError("The bot is not in this channel.")
            return super().history(place, since)

    venue = OneIsClosed()
    other = Place("discord", "1", "11", "78")
    await archive.discussions.keep(other, "Elsewhere", MINA, Anchor("kuril-question"))
    venue.say(other, MINA, "read")
    progress = await read_all(archive, venue)

    assert texts(archive) == ["read"]
    assert (progress.done, progress.failed) == (1, 1)


async def test_where_the_bot_may_not_read_it_is_not_said_to_listen_until_it_may_again(
    archive: Archive, venue: MadeUpVenue
) -> None:
    await read_all(archive, venue)
    held = archive.coverage.of(THREAD)
    venue.trouble = BotError("The bot is not in this channel.")
    told: asyncio.Queue[Progress] = asyncio.Queue()
    backfill = Backfill(archive, venue, "discord", told.put_nowait)
    await backfill.connected()
    while (await told.get()).failed == 0:
        pass
    shut_out = archive.coverage.of(THREAD)
    venue.trouble = None
    venue.posts[THREAD].append(Said(THREAD, "m1", MINA, "said meanwhile", datetime.now(UTC)))
    backfill.read_soon(THREAD)
    while (await told.get()).done == 0:
        pass
    await backfill.close()

    assert shut_out == [replace(one, open=False) for one in held]
    assert texts(archive) == ["said meanwhile"]
    assert [one.open for one in archive.coverage.of(THREAD)] == [True]


async def test_what_was_renamed_or_archived_while_the_bot_was_away_is_known_afterwards(
    archive: Archive, venue: MadeUpVenue
) -> None:
    channel = replace(THREAD, thread="")
    await archive.capture.save(Changed(channel, "kurils"))
    venue.states = {channel: Changed(channel, "islands"), THREAD: Changed(THREAD, "Renamed", archived=BEGAN)}
    await read_all(archive, venue)
    names = archive.database.reader.execute(
        "SELECT c.name, t.title, t.archived_at FROM threads t JOIN channels c ON c.id = t.channel"
    ).fetchall()

    assert names == [("islands", "Renamed", stamp(BEGAN))]


async def test_a_place_asked_for_while_it_waits_after_a_failure_is_read_at_once(archive: Archive) -> None:
    venue = MadeUpVenue(trouble=OSError("away"))
    told: asyncio.Queue[Progress] = asyncio.Queue()
    backfill = Backfill(archive, venue, "discord", told.put_nowait)
    await backfill.connected()
    while (await told.get()).failed == 0:
        pass
    venue.trouble = None
    venue.say(THREAD, MINA, "now it works")
    backfill.read_soon(THREAD)
    while (await told.get()).done == 0:
        pass
    await backfill.close()

    assert texts(archive) == ["now it works"]


async def test_a_saved_channel_is_read_from_when_it_was_saved_with_its_threads(
    archive: Archive, venue: MadeUpVenue
) -> None:
    channel, thread = Place("discord", "1", "11"), Place("discord", "1", "11", "90")
    venue.posts[channel] = [replace(venue.say(channel, MINA, "long before"), at=BEGAN - timedelta(days=400))]
    await archive.discussions.keep_channel(channel, "treaties")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    since = "UPDATE channels SET kept_since = ? WHERE kept_since IS NOT NULL"
    await archive.database.write(lambda db: db.execute(since, (stamp(yesterday),)))
    venue.posts[channel].append(replace(venue.say(channel, MINA, "after"), at=yesterday))
    venue.posts[thread] = [replace(venue.say(thread, MINA, "in its thread"), at=yesterday)]
    await read_all(archive, venue)

    assert sorted(texts(archive)) == ["after", "in its thread"]


@pytest.mark.parametrize(
    ("held", "since"),
    [
        ([], "2026-01-01T00:00:00.000Z"),
        ([Interval("2026-01-01T00:00:00.000Z", "2026-01-05T00:00:00.000Z", open=True)], None),
        ([Interval("2026-01-02T00:00:00.000Z", "2026-01-05T00:00:00.000Z")], "2026-01-01T00:00:00.000Z"),
        (
            [
                Interval("2026-01-01T00:00:00.000Z", "2026-01-03T00:00:00.000Z"),
                Interval("2026-01-05T00:00:00.000Z", "2026-01-06T00:00:00.000Z"),
            ],
            "2026-01-03T00:00:00.000Z",
        ),
    ],
)
def test_the_first_gap_says_from_when_on_something_is_missing(held: list[Any], since: str | None) -> None:
    found = missing_since(held, datetime(2026, 1, 1, tzinfo=UTC))

    assert (stamp(found) if found else None) == since
