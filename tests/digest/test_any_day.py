"""Every number, name, link and "unanswered" of any day's digest, worked out again from the raw tables.

The days are random: threads and channels, open, private and hidden; questions, answers, edits, deletions, people who
opted out, programs, reactions, remarks, messages read back late. The other way of working it out reads whole tables and
shares no code with the first, but for what a question mark is.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.archive.digest_rows import Window
from bot.archive.events import Author, Counted, Reacted, Said, Unsaid
from bot.archive.sayings import asks
from bot.asker import Person, Place
from bot.digest.building import Digest, Line, Talk, build
from bot.digest.digests import Wanted
from bot.reply import FromMember, Note
from bot.times import stamp
from bot.venue import Readable
from tests.digest.world import LIBRARY, READING, Clock, World
from tests.venues import MadeUpVenue

GROUPS, DAYS = 10, 100
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
PLACES = [
    Place("discord", "1", "10"),
    Place("discord", "1", "11"),
    *(Place("discord", "1", "10", f"7{at}") for at in range(6)),
    *(Place("discord", "1", "11", f"8{at}") for at in range(3)),
    Place("discord", "1", "10", "95", private=True),
    Place("discord", "1", "12"),
    Place("discord", "1", "12", "91"),
    Place("discord", "2", "10", "71"),
]
HERE = PLACES[0]
OPEN = Readable(frozenset({"10", "11"}))
PEOPLE = [Author(f"U{at}", f"Person {at}") for at in range(8)]
OUT = PEOPLE[7]
ROBOT = Author("R1", "Robot", bot=True)
BOT = Author("B1", "Readalong", bot=True)
PASSAGES = sum(not one.caption for one in LIBRARY.readings[READING].passages)
KEYS = ("", *(one.key for one in LIBRARY.readings[READING].passages[:4]))
WORDS = ("Does it bind?", "It does.", "See https://a.example/?b=1", "Really?)", "本当ですか？", "no. What then", "hm")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path / "a.db", Clock(BEGIN), MadeUpVenue())
    made.database._thread.submit(made.database._writer.execute, "PRAGMA synchronous = OFF").result()
    yield made
    made.database.close()


async def live(world: World, random: Random, known: list[Said]) -> None:
    """A day of a group: something of everything."""
    await talk(world, random, known)
    await change(world, random, known)


async def talk(world: World, random: Random, known: list[Said]) -> None:
    archive, now = world.archive, world.clock.now
    for _ in range(random.randrange(14)):
        place = random.choice(PLACES)
        author = random.choices([*PEOPLE, ROBOT, BOT], [*[5] * 8, 1, 1])[0]
        at = now - timedelta(days=random.choice((0, 0, 0, 0, 0, 2)), minutes=random.randrange(1400))
        words = f"{random.choice(WORDS)} {len(known)}" if random.random() < 0.5 else random.choice(WORDS)
        if place.thread and random.random() < 0.1:
            title = random.choice(("Does 1956 bind anyone?", "On the islands", ""))
            opener = random.choice(PEOPLE)
            if not archive.privacy.is_out("discord", opener.id):
                await world.thread(place, title, opener, random.choice(KEYS))
        known.append(Said(place, f"{len(known) + 5000}", author, words, at, ours=author is BOT))
        await archive.capture.save(known[-1])
        if not place.thread and random.random() < 0.05:
            inside = Place(place.platform, place.workspace, place.channel, known[-1].id)
            await archive.capture.save(Said(inside, f"{len(known)}x", random.choice(PEOPLE), "Under it", now))
    for _ in range(random.choice((0, 0, 1, 2, 12))):
        opened = replace(random.choice(PLACES[:2]), thread=f"{len(known) + 5000}t")
        opener = random.choice(PEOPLE[:7])
        await world.thread(opened, random.choice(("Is it fair?", "Shikotan")), opener, random.choice(KEYS))
        known.append(Said(opened, f"{len(known) + 5000}", BOT, "The card", now - timedelta(minutes=5), ours=True))
        await archive.capture.save(known[-1])


async def change(world: World, random: Random, known: list[Said]) -> None:
    archive, now = world.archive, world.clock.now
    for one in random.sample(known, min(len(known), 4)):
        match random.randrange(5):
            case 0:
                await archive.capture.save(Unsaid(one.place, one.id, one.at, now))
            case 1:
                await archive.capture.save(Reacted(one.place, one.id, one.at, random.choice(PEOPLE), "+1", True, now))
            case 2:
                await archive.capture.save(Counted(one.place, one.id, one.at, {"+1": random.randrange(4)}, now))
            case 3:
                await archive.remarks.save(one, Person(random.choice(PEOPLE[:6]).id, "Saver"))
            case _:
                await archive.capture.save(
                    Said(one.place, one.id, one.author, "Edited: why?", one.at, now, ours=one.ours)
                )


@pytest.mark.parametrize("seed", range(GROUPS))
async def test_any_days_digest_says_what_the_tables_say(seed: int, world: World) -> None:
    random, known = Random(seed), list[Said]()  # noqa: S311 - chance for a test
    world.archive.remarks._clock = world.clock
    seq, shown = 0, Counter[str]()
    since, before = BEGIN - timedelta(days=1), None
    for number in range(DAYS):
        world.clock.forward(days=1)
        await live(world, random, known)
        if number == DAYS // 2:
            await world.archive.privacy.opt_out("discord", OUT.id)
        until_seq = world.archive.digest_rows.newest()
        window = Window(seq, until_seq, since, world.clock.now)
        digest = build(world.archive.digest_rows.read(HERE, OPEN, window), window)
        assert_as_the_tables_say(world, digest, window, out=number >= DAYS // 2)
        assert_card_holds_it(world, digest, window, before)
        for name in ("questions", "active", "new", "remarks", "earlier"):
            shown[name] += len(getattr(digest, name).shown)
        seq, since, before = until_seq, world.clock.now, window

    assert min(shown[name] for name in ("questions", "active", "new", "remarks", "earlier")) > 5, shown


@dataclass(frozen=True)
class Raw:
    """A message as the tables have it, joined by hand."""

    row: int
    seq: int
    channel: str
    thread: str
    private: bool
    workspace: str
    person: str
    name: str
    program: bool
    ours: bool
    words: str
    at: str
    id: str
    deleted: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.channel, self.thread

    @property
    def counts(self) -> bool:
        """Whether it may be in a digest that everybody in the open channels reads."""
        hidden = self.deleted or self.ours or self.program or self.private
        return not hidden and self.workspace == "1" and self.channel in {"10", "11"} and bool(self.person)


def raw(world: World) -> list[Raw]:
    def table(name: str) -> dict[int, dict[str, Any]]:
        rows = world.database.reader.execute(f"SELECT * FROM {name}")  # noqa: S608 - our own names
        columns = [one[0] for one in rows.description]
        return {row[0]: dict(zip(columns, row, strict=True)) for row in rows.fetchall()}

    spaces, channels, threads, people = map(table, ("workspaces", "channels", "threads", "people"))
    found = []
    for one in table("messages").values():
        thread = threads.get(one["thread"], {})
        person = people.get(one["person"], {"platform_id": "", "name": "", "bot": 0})
        found.append(
            Raw(
                one["id"], one["saved_seq"], channels[one["channel"]]["platform_id"], thread.get("platform_id", ""),
                bool(thread.get("private")), spaces[one["workspace"]]["platform_id"], person["platform_id"],
                person["name"], bool(person["bot"]), bool(one["ours"]), one["text"], one["written_at"],
                one["platform_id"], one["deleted_at"] is not None,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: one.row)


def assert_as_the_tables_say(world: World, digest: Digest, window: Window, *, out: bool) -> None:
    all_ = raw(world)
    mine = [one for one in all_ if one.counts and window.since_seq < one.seq <= window.until_seq]
    fresh = [one for one in mine if one.at >= stamp(window.since)]
    late = [one for one in mine if one.at < stamp(window.since)]

    assert digest.messages == len(fresh)
    assert digest.people == len({one.person for one in fresh})
    assert digest.threads == len({one.key for one in fresh if one.thread})
    assert digest.earlier_messages == len(late)
    _check_questions(world, digest, all_, fresh)
    _check_remarks(world, digest, all_, window)
    for talk in digest.active.shown:
        _check_talk(world, talk, fresh)
    for talk in digest.earlier.shown:
        _check_talk(world, talk, late)
    _check_chosen(digest, fresh)
    _check_new(digest, all_, window)
    by_id = {(one.channel, one.id): one for one in all_}
    for line in lines(digest):
        assert not out or line.name != OUT.name
        if line.message:
            said = by_id[line.place.channel, line.message]
            assert said.counts
            assert (line.words, line.name, line.at, line.place.thread) == (said.words, said.name, said.at, said.thread)


def _check_questions(world: World, digest: Digest, all_: list[Raw], fresh: list[Raw]) -> None:
    waiting: dict[tuple[str, str], Raw] = {}
    for one in fresh:
        after = [other for other in all_ if other.counts and other.person != one.person]
        in_place = any(other.key == one.key and other.row > one.row for other in after)
        under_it = not one.thread and any(other.key == (one.channel, one.id) for other in after)
        if asks(one.words) and not in_place and not under_it:
            waiting[one.key] = one
    wanted = {one.id for one in waiting.values()}
    asked = [one for one in digest.questions.shown if one.message]
    titles = [one for one in digest.questions.shown if not one.message]

    assert {one.message for one in asked} <= wanted
    assert len(digest.questions.shown) + digest.questions.more >= len(wanted)
    assert [one.at for one in digest.questions.shown] == sorted(one.at for one in digest.questions.shown)
    opener = (
        "SELECT p.platform_id FROM threads t JOIN channels c ON c.id = t.channel JOIN people p ON p.id = t.opened_by "
        "JOIN workspaces w ON w.id = t.workspace "
        "WHERE w.platform_id = '1' AND c.platform_id = ? AND t.platform_id = ?"
    )
    for line in titles:
        key = (line.place.channel, line.place.thread)
        (person,) = world.database.reader.execute(opener, key).fetchone()
        assert not any(other.counts and other.key == key and other.person != person for other in all_)


def _check_remarks(world: World, digest: Digest, all_: list[Raw], window: Window) -> None:
    """A remark is of the digest in whose time it was first saved."""
    saved: dict[int, str] = {}
    for message, at in world.database.reader.execute("SELECT message, saved_at FROM remarks"):
        saved[message] = min(at, saved.get(message, at))
    rows = {one.row: one for one in all_ if one.counts}
    first = sorted((at, row) for row, at in saved.items() if row in rows)
    wanted = [rows[row].id for at, row in first if stamp(window.since) <= at < stamp(window.until)]

    assert [one.message for one in digest.remarks.shown] == wanted[:5]
    assert digest.remarks.more == max(len(wanted) - 5, 0)


def _cold(world: World) -> list[str]:
    """The passages about which nobody said anything in an open thread, nor quoted them, in the reading's order."""
    rows = {one.row: one for one in raw(world) if one.counts}
    keys = {one.key for one in rows.values()}
    db = world.database.reader
    threads = db.execute(
        "SELECT c.platform_id, t.platform_id, t.passage FROM threads t JOIN channels c ON c.id = t.channel "
        "JOIN workspaces w ON w.id = t.workspace WHERE w.platform_id = '1' AND t.reading = ?", (READING,)
    ).fetchall()  # fmt: skip
    warm = {passage for channel, thread, passage in threads if (channel, thread) in keys}
    links = db.execute("SELECT message, passage FROM links WHERE reading = ?", (READING,)).fetchall()
    warm |= {passage for message, passage in links if message in rows}
    return [one.label for one in LIBRARY.readings[READING].passages if not one.caption and one.key not in warm]


def _check_talk(world: World, talk: Talk, messages: list[Raw]) -> None:
    said = [one for one in messages if one.key == (talk.place.channel, talk.place.thread)]
    rows = ",".join(str(one.row) for one in said)
    reactions = world.database.reader.execute(f"SELECT ifnull(sum(people), 0) FROM reactions WHERE message IN ({rows})")  # noqa: S608 - numbers alone

    assert (talk.messages, talk.people) == (len(said), len({one.person for one in said}))
    assert (talk.first_at, talk.last_at) == (min(one.at for one in said), max(one.at for one in said))
    assert talk.reactions == reactions.fetchone()[0]
    if talk.opened:
        title = world.database.reader.execute(
            "SELECT t.title FROM threads t JOIN channels c ON c.id = t.channel JOIN workspaces w ON w.id = t.workspace "
            "WHERE w.platform_id = '1' AND c.platform_id = ? AND t.platform_id = ?",
            (talk.place.channel, talk.place.thread),
        ).fetchone()[0]
        assert talk.opened.words == title


def _check_chosen(digest: Digest, fresh: list[Raw]) -> None:
    """No thread that was left out counts more than one that is shown, but for the three of a channel."""
    talks = digest.active.shown
    assert [one.score for one in talks] == sorted((one.score for one in talks), reverse=True)
    assert max(Counter(one.place.channel for one in talks).values(), default=0) <= 3
    told = len(talks) + len([one for one in digest.new.shown if one.messages])
    silent = len([one for one in digest.new.shown if not one.messages])
    assert told + digest.active.more >= len({one.key for one in fresh}) - silent


def _check_new(digest: Digest, all_: list[Raw], window: Window) -> None:
    """New is a thread whose first message, the bot's card too, was written in the window's range and entered in it."""
    first: dict[tuple[str, str], Raw] = {}
    for one in all_:
        if one.thread and one.workspace == "1" and one.channel in {"10", "11"} and not one.private:
            first.setdefault(one.key, one)
    new = {
        key
        for key, one in first.items()
        if one.at >= stamp(window.since) and window.since_seq < one.seq <= window.until_seq
    }
    inside = [one for one in all_ if window.since_seq < one.seq <= window.until_seq and (one.counts or one.ours)]
    new &= {one.key for one in inside}
    shown = [(one.place.channel, one.place.thread) for one in digest.new.shown]
    active = {(one.place.channel, one.place.thread): one.new for one in digest.active.shown}

    assert {key for key, is_new in active.items() if is_new} == new & set(active)
    assert set(shown) <= new - set(active)
    assert len(shown) == len(set(shown)) == min(5, len(new - set(active)))


def lines(digest: Digest) -> list[Line]:
    talks = [*digest.active.shown, *digest.new.shown, *digest.earlier.shown]
    beside = [line for one in talks for line in (one.opened, one.line) if line]
    return [*digest.questions.shown, *digest.remarks.shown, *beside]


def assert_card_holds_it(world: World, digest: Digest, window: Window, before: Window | None) -> None:
    """The card says it in the same words, each line with the link of its message, and nobody's else."""
    wanted = Wanted(HERE, window, window.until.date(), "Asia/Tokyo", before=before)
    _, card = world.posting.digests.make(wanted, OPEN, world.venue.link)
    text = card.plain()
    links = {world.venue.link(one.place, one.message) for one in lines(digest)}
    members = [part for part in card.parts if isinstance(part, FromMember)]

    assert {part.link for part in members} <= links
    not_yet = [part for part in card.parts if part.heading == "Nobody has discussed yet"]
    cold = _cold(world)
    assert [(part.labels, part.words.plain()) for part in not_yet if isinstance(part, Note)] == (
        [(tuple(cold[:12]), f"{len(cold)} of {PASSAGES} passages")] if cold else []
    )
    if before:
        inside = [one for one in raw(world) if one.counts and before.since_seq < one.seq <= before.until_seq]
        then = [one for one in inside if one.at >= stamp(before.since)]
        assert f"; the day before {len(then):,} by {len({one.person for one in then}):,}." in text
    assert len(members) >= len(digest.questions.shown) + len(digest.active.shown) + len(digest.remarks.shown)
    assert f"{digest.messages:,} message" in text
    assert f"by {digest.people:,} " in text
    for talk in digest.active.shown:
        assert f"{talk.messages:,} message{'' if talk.messages == 1 else 's'} by {talk.people:,} " in text
