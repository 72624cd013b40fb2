"""A year of daily digests in five zones, killed a thousand times, by two processes that race: each date exactly once.

Time is a value, so the year runs in seconds. A kill is raised before or after a write or a post, as a process ends
there; the next one begins with nothing but the database and what stands in the channel.
"""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.archive.events import Author, Said
from bot.archive.runs import Run, State
from bot.archive.schedules import Schedule
from bot.asker import Place
from bot.digest.due import IN_TIME, instant
from bot.reply import Reply
from bot.times import stamp
from tests.digest.world import Clock, World
from tests.venues import MadeUpVenue

# Each zone's clock, and a time that its changes skip or repeat
ZONES = {
    "Asia/Tokyo": "09:00",
    "Europe/Berlin": "02:30",
    "America/New_York": "02:30",
    "Australia/Lord_Howe": "02:10",
    "Pacific/Apia": "00:00",
}
HERE = {zone: Place("discord", "1", str(20 + at)) for at, zone in enumerate(ZONES)}
TALK = [Place("discord", "1", "10", str(70 + at)) for at in range(4)]
SECRET = Place("discord", "1", "12", "99")
PEOPLE = [Author("U1", "Mina"), Author("U2", "Jun"), Author("U3", "Oksana")]
BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
KILLS = 1000


class Killed(BaseException):
    """The process ends here."""


class Fate:
    """Kills at random: before or after what changes something."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.odds = 0.0
        self.kills: Counter[str] = Counter()

    def strike(self, where: str) -> None:
        if self.random.random() < self.odds:
            self.kills[where] += 1
            raise Killed

    def around(self, where: str, act: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def fated(*given: Any, **named: Any) -> Any:
            self.strike(f"before {where}")
            await asyncio.sleep(0)
            done = await act(*given, **named)
            await asyncio.sleep(0)
            self.strike(f"after {where}")
            return done

        return fated


class FatedWorld(World):
    """A process whose writes and posts may be its last."""

    fate: Fate
    venue: "FatedVenue"

    def under(self, fate: Fate) -> None:
        self.fate = fate
        self.database.write = fate.around("commit", self.database.write)  # type: ignore[method-assign, assignment]
        self.archive.schedules.tell = _same  # type: ignore[method-assign, assignment]


async def _same(*_: Any) -> bool:
    return False


class FatedVenue(MadeUpVenue):
    """A platform that is away at times; a process may end as it posts. `posted` are all posts with their moments."""

    fate: Fate
    clock: Clock
    posted: list[tuple[datetime, Place, str, Reply]]

    async def post(self, place: Place, reply: Reply, mark: str = "") -> Said:
        self.fate.strike("before post")
        await asyncio.sleep(0)
        said = await super().post(place, reply, mark)
        self.posted.append((self.clock.now, place, mark, reply))
        self.posts.clear()
        await asyncio.sleep(0)
        self.fate.strike("after post")
        return said


@pytest.fixture
async def worlds(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[tuple[FatedWorld, FatedWorld]]:
    caplog.set_level("CRITICAL", "readalong")
    clock, venue, fate = Clock(BEGIN), FatedVenue(), Fate(Random(20261109))  # noqa: S311 - chance for a test
    venue.fate, venue.clock, venue.posted = fate, clock, []
    made = FatedWorld(tmp_path / "a.db", clock, venue), FatedWorld(tmp_path / "a.db", clock, venue)
    for one in made:
        _hurry(one)
        await one.connect()
    for zone, at in ZONES.items():
        await made[0].archive.schedules.set(
            Schedule(HERE[zone], time.fromisoformat(at), zone, frozenset(range(7)), made_by="U9")
        )
    for place in (*TALK, SECRET):
        await made[0].thread(place, f"About {place.thread}", PEOPLE[0])
    for one in made:
        one.under(fate)
    yield made
    for one in made:
        one.database.close()


@pytest.fixture(autouse=True)
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two thousand of them take minutes, and change nothing of when a digest is posted."""
    monkeypatch.setattr("bot.digest.posting.drawn", lambda _: None)


def _hurry(world: World) -> None:
    """What a power cut would lose is not tried here, so nothing waits for the disk."""
    world.database._thread.submit(world.database._writer.execute, "PRAGMA synchronous = OFF").result()


def moments(random: Random) -> Iterator[datetime]:
    """When the processes look: around each due instant, sometimes hours late, a few times a day besides."""
    found: list[datetime] = []
    for zone, at in ZONES.items():
        day = BEGIN.astimezone(ZoneInfo(zone)).date()
        for _ in range(366):
            when = instant(day, time.fromisoformat(at), ZoneInfo(zone))
            late = random.choice((0, 5, 29, 29, 60, 3600 * 5)) if random.random() < 0.9 else 3600 * 13
            if when:
                found += [when + timedelta(seconds=late), when + timedelta(seconds=late + 150)]
            day += timedelta(days=1)
    return iter(sorted(one for one in found if BEGIN < one < BEGIN + YEAR))


async def _live(world: FatedWorld, random: Random, said: list[Said]) -> None:
    """Somebody says something, now and then what is read back late; none of it is lost to a kill."""
    for _ in range(random.randrange(3)):
        place = random.choice([*TALK, SECRET])
        at = world.clock.now - timedelta(days=random.choice((0, 0, 0, 0, 3)), seconds=random.randrange(3600))
        one = Said(place, f"{len(said) + 1000}", random.choice(PEOPLE), f"words {len(said)} end", at)
        odds, world.fate.odds = world.fate.odds, 0.0
        await world.archive.capture.save(one)
        world.fate.odds = odds
        said.append(one)


async def _tick(world: FatedWorld) -> bool:
    """One look; False where the process was killed in it."""
    try:
        await world.posting.tick()
    except Killed:
        return False
    return True


async def test_a_year_in_five_zones_killed_a_thousand_times(worlds: tuple[FatedWorld, FatedWorld]) -> None:
    first, second = worlds
    fate, clock, venue, random = first.fate, first.clock, first.venue, Random(1)  # noqa: S311 - chance for a test
    said: list[Said] = []
    away_until = BEGIN
    fate.odds = 0.1
    for moment in moments(random):
        clock.now = max(clock.now, moment)
        await _live(first, random, said)
        if random.random() < 0.01:
            away_until = clock.now + timedelta(hours=random.randrange(1, 40))
        venue.trouble = ConnectionError() if clock.now < away_until else None
        alive = await asyncio.gather(_tick(first), _tick(second))
        for world, lives in zip(worlds, alive, strict=True):
            if not lives:
                await world.restart()
                _hurry(world)
                world.under(fate)
        if sum(fate.kills.values()) >= KILLS:
            fate.odds = 0.0
    assert sum(fate.kills.values()) >= KILLS, fate.kills
    assert len([name for name in fate.kills if fate.kills[name]]) == 4
    fate.odds, venue.trouble = 0.0, None
    clock.forward(minutes=5)
    await _tick(first)

    runs = {zone: first.archive.runs.since(place, date(2025, 12, 31)) for zone, place in HERE.items()}
    _each_date_once(runs, clock.now)
    _posted_once(venue, runs)
    _every_message_in_one_window(first, runs, said)
    _every_message_counted_once(first, venue, runs)


def _each_date_once(runs: dict[str, list[Run]], until: datetime) -> None:
    """Every local date at which a digest was due is posted, or skipped or failed with its reason."""
    for zone, found in runs.items():
        settled = {run.day: run for run in found if run.state is not State.CLAIMED}
        day = found[0].day
        while day < until.astimezone(ZoneInfo(zone)).date():
            when = instant(day, time.fromisoformat(ZONES[zone]), ZoneInfo(zone))
            if when and when < until - timedelta(hours=13):
                assert day in settled, (zone, day)
                assert settled[day].state is State.POSTED or settled[day].why
            day += timedelta(days=1)
        assert len(settled) >= 364
        assert sum(run.state is State.POSTED for run in found) > 200


def _posted_once(venue: FatedVenue, runs: dict[str, list[Run]]) -> None:
    """No date twice in a channel; none late without saying so; none of what not everybody can read."""
    marks = Counter((place, mark) for _, place, mark, _ in venue.posted)
    by_mark = {run.mark: run for found in runs.values() for run in found}

    assert set(marks.values()) == {1}
    for at, _, mark, reply in venue.posted:
        run = by_mark[mark]
        assert run.state is State.POSTED
        assert ("Late: it was due" in reply.plain()) == (at - run.due_at > IN_TIME), (at, run)
        assert "About 99" not in reply.plain()


def _every_message_in_one_window(world: World, runs: dict[str, list[Run]], said: list[Said]) -> None:
    """The windows of a destination's digests follow each other without a gap or an overlap, to the last posted."""
    rows = world.database.reader.execute("SELECT platform_id, saved_seq FROM messages WHERE ours = 0").fetchall()
    seqs = dict(rows)
    assert len(seqs) == len(said)
    for found in runs.values():
        windows = [run.window for run in found if run.window and run.state in {State.POSTED, State.SKIPPED}]
        holds: dict[int, int] = defaultdict(int)
        for window in windows:
            for seq in range(window.since_seq + 1, window.until_seq + 1):
                holds[seq] += 1
        last = windows[-1].until_seq
        assert all(holds[seq] == (1 if seq <= last else 0) for seq in seqs.values())
        assert all(stamp(one.until) == stamp(other.since) for one, other in pairwise(windows))


def _every_message_counted_once(world: World, venue: FatedVenue, runs: dict[str, list[Run]]) -> None:
    """What a destination's digests say they hold, late ones too, adds up to what was said in the open channels."""
    rows = world.database.reader.execute(
        "SELECT m.saved_seq FROM messages m JOIN threads t ON t.id = m.thread WHERE m.ours = 0 AND t.platform_id != ?",
        (SECRET.thread,),
    ).fetchall()
    for zone, found in runs.items():
        counted = [run.window for run in found if run.window and run.state in {State.POSTED, State.SKIPPED}]
        first, last = counted[0].since_seq, counted[-1].until_seq
        totals = [reply.parts[-1].words.plain() for _, place, _, reply in venue.posted if place == HERE[zone]]
        told = sum(int(found[1]) for total in totals for found in _COUNTED.finditer(total))

        assert told == sum(first < seq <= last for (seq,) in rows)
        assert any("saved only now" in total for total in totals)


_COUNTED = re.compile(r"(?:^|saved only now: )(\d+) message")


async def test_a_clock_that_jumps_posts_nothing_twice(worlds: tuple[FatedWorld, FatedWorld]) -> None:
    first, second = worlds
    random, said = Random(3), list[Said]()  # noqa: S311 - chance for a test
    for step in range(300):
        first.clock.forward(seconds=random.choice((600, 1800, 7200, 86400, -3600, -90000)))
        await _live(first, random, said)
        await asyncio.gather(_tick(first), _tick(second))
        if step % 10 == 0:
            first.clock.forward(hours=6)
    marks = Counter((place, mark) for _, place, mark, _ in first.venue.posted)

    assert marks
    assert set(marks.values()) == {1}
