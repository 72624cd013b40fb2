"""A digest is posted exactly once for each destination and local date, whatever happens in between."""

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.archive.events import Author
from bot.archive.runs import Run, State
from bot.archive.schedules import Schedule
from bot.asker import Place
from bot.backfill import Progress
from bot.digest.due import OVERTAKEN, TOO_LATE
from bot.digest.posting import NOT_SEEN, QUIET
from bot.errors import BotError
from bot.reply import Chart, Reply
from bot.venue import Readable
from tests.digest.world import Clock, World
from tests.venues import MadeUpVenue

HERE = Place("discord", "1", "10")
THREAD = Place("discord", "1", "11", "77")
MINA, JUN = Author("U1", "Mina"), Author("U2", "Jun")
NINE = datetime(2026, 11, 10, tzinfo=UTC)  # 09:00 in Tokyo
EVERY_DAY = frozenset(range(7))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path / "a.db", Clock(NINE - timedelta(hours=12)), MadeUpVenue())
    await made.connect()
    await made.archive.schedules.set(Schedule(HERE, time(9), "Asia/Tokyo", EVERY_DAY, made_by="U9"))
    await made.thread(THREAD, "Does 1956 bind?", MINA)
    await made.say(THREAD, MINA, "Does 1956 still bind anyone?")
    yield made
    made.database.close()


def posts(world: World) -> list[Reply]:
    return [card for card in world.venue.cards if card.title.startswith("The day")]


async def test_it_is_posted_when_it_is_due_and_not_again(world: World) -> None:
    world.clock.now = NINE - timedelta(seconds=1)
    await world.posting.tick()
    before = len(posts(world))
    world.clock.now = NINE + timedelta(seconds=20)
    for _ in range(3):
        await world.posting.tick()
        await world.restart()

    assert before == 0
    (card,) = posts(world)
    assert "Does 1956 still bind anyone?" in card.plain()
    assert "9 Nov 2026 09:00 to 10 Nov 2026 09:00, Asia/Tokyo" in card.plain()
    assert "Late" not in card.plain()
    assert world.venue.told == []


async def test_a_late_one_says_so_and_an_older_one_is_skipped_with_its_reason(world: World) -> None:
    world.clock.now = NINE + timedelta(hours=3)
    await world.posting.tick()
    await world.say(THREAD, JUN, "It does not.")
    world.clock.now = NINE + timedelta(days=2, hours=13)
    await world.posting.tick()
    world.clock.now = NINE + timedelta(days=3)
    await world.posting.tick()
    runs = world.archive.runs.since(HERE, NINE.date())

    first, second = posts(world)
    assert "Late: it was due at 09:00." in first.plain()
    assert "It does not." in second.plain()
    assert [(run.day.day, run.state, run.why) for run in runs] == [
        (10, State.POSTED, ""), (11, State.SKIPPED, TOO_LATE), (12, State.SKIPPED, TOO_LATE), (13, State.POSTED, "")
    ]  # fmt: skip
    assert OVERTAKEN != TOO_LATE


async def test_a_quiet_day_posts_nothing_and_says_why(world: World) -> None:
    world.clock.now = NINE
    await world.posting.tick()
    world.clock.forward(days=1)
    await world.posting.tick()
    quiet = world.archive.runs.last(HERE)
    await world.say(THREAD, JUN, "It does not.")
    world.clock.forward(days=1)
    await world.posting.tick()

    assert quiet is not None
    assert (quiet.state, quiet.why) == (State.SKIPPED, QUIET)
    assert len(posts(world)) == 2
    assert "11 Nov 2026 09:00 to 12 Nov 2026 09:00" in posts(world)[1].plain()


async def test_what_was_posted_before_a_crash_is_found_by_its_mark(world: World) -> None:
    world.clock.now = NINE
    post = world.venue.post

    async def killed(place: Place, reply: Reply, mark: str = "") -> None:
        await post(place, reply, mark)
        raise ConnectionError

    world.venue.post = killed  # type: ignore[method-assign, assignment]
    await world.posting.tick()
    claimed = world.archive.runs.last(HERE)
    del world.venue.post
    await world.restart()
    await world.posting.tick()
    world.clock.forward(minutes=3)
    await world.posting.tick()
    run = world.archive.runs.last(HERE)

    assert claimed is not None
    assert claimed.state is State.CLAIMED
    assert len(posts(world)) == 1
    assert run is not None
    assert (run.state, run.message) == (State.POSTED, world.venue.marked[0][2].id)


async def test_where_it_may_not_look_it_does_not_post_but_tells(world: World) -> None:
    world.clock.now = NINE
    world.venue.trouble = ConnectionError()
    world.posting._venues._known[("discord", "1", "place 10 ")] = (NINE.timestamp(), await audience(world))
    await world.posting.tick()
    world.venue.trouble = None
    world.venue.gone.add("10")
    world.clock.forward(minutes=3)
    await world.posting.tick()
    run = world.archive.runs.last(HERE)

    assert posts(world) == []
    assert run is not None
    assert (run.state, run.why) == (State.FAILED, NOT_SEEN)
    ((person, told),) = world.venue.told
    assert person == "U9"
    assert "could not see whether it was posted" in told.plain()


async def audience(world: World) -> Readable:
    world.venue.trouble, kept = None, world.venue.trouble
    found = await world.venue.audience(HERE)
    world.venue.trouble = kept
    return found


async def test_a_channel_that_is_gone_is_told_once_and_nothing_is_lost(world: World) -> None:
    world.venue.gone.add("10")
    for day in range(3):
        world.clock.now = NINE + timedelta(days=day)
        await world.posting.tick()
    world.venue.gone.clear()
    world.clock.forward(days=1)
    await world.posting.tick()

    assert len(world.venue.told) == 1
    assert "the channel is gone" in world.venue.told[0][1].plain()
    (card,) = posts(world)
    assert "Does 1956 still bind anyone?" in card.plain()
    states = [run.state for run in world.archive.runs.since(HERE, NINE.date())]
    assert states == [State.FAILED] * 3 + [State.POSTED]


async def test_while_rights_can_not_be_known_it_waits(world: World) -> None:
    world.clock.now = NINE
    world.venue.trouble = ConnectionError()
    for _ in range(20):
        await world.posting.tick()
        world.clock.forward(seconds=30)
    world.venue.trouble = None
    world.clock.forward(minutes=2)
    await world.posting.tick()

    (card,) = posts(world)
    assert "Late" in card.plain()
    assert world.venue.told == []


async def test_it_waits_for_reading_back_for_a_quarter_of_an_hour(world: World) -> None:
    backfill = world.posting._venues._reading["discord"]
    backfill._progress = Progress(places=3, done=1)
    world.clock.now = NINE
    for _ in range(30):
        await world.posting.tick()
        assert posts(world) == []
        world.clock.forward(seconds=30)
    await world.posting.tick()

    assert "Late" in posts(world)[0].plain()


async def test_a_failed_place_does_not_hold_it_up(world: World) -> None:
    world.posting._venues._reading["discord"]._progress = Progress(places=3, done=2, failed=1)
    world.clock.now = NINE
    await world.posting.tick()

    assert len(posts(world)) == 1


async def test_what_is_posted_by_hand_is_not_posted_again_that_day(world: World) -> None:
    world.clock.now = NINE - timedelta(hours=2)
    run = Run(HERE, NINE.date(), "Asia/Tokyo", world.clock.now, posted_by="U9")
    await world.posting.by_hand(run)
    with pytest.raises(BotError, match="posted there already"):
        await world.posting.by_hand(run)
    world.clock.now = NINE
    await world.posting.tick()
    await world.say(THREAD, JUN, "Later")
    world.clock.forward(days=1)
    await world.posting.tick()

    first, second = posts(world)
    assert "Later" in second.plain()
    assert "Late:" not in first.plain()
    assert "10 Nov 2026 07:00 to 11 Nov 2026 09:00" in second.plain()


async def test_a_post_by_hand_that_is_refused_leaves_the_date_free(world: World) -> None:
    world.venue.gone.add("10")
    world.clock.now = NINE - timedelta(hours=2)
    with pytest.raises(BotError, match="gone"):
        await world.posting.by_hand(Run(HERE, NINE.date(), "Asia/Tokyo", world.clock.now, posted_by="U9"))
    world.venue.gone.clear()
    world.clock.now = NINE
    await world.posting.tick()

    assert len(posts(world)) == 1


async def test_it_carries_a_chart_of_what_it_counts(world: World) -> None:
    world.clock.now = NINE
    await world.posting.tick()
    (card,) = posts(world)

    assert isinstance(card.picture, Chart)
    assert card.picture.png.startswith(b"\x89PNG")
    assert card.picture.alt == (
        "Bar chart. Messages per hour, 9 Nov 2026 09:00 to 10 Nov 2026 09:00, Asia/Tokyo: 1 message by 1 person in "
        "1 thread. On 9 Nov: 1 at 21:00. None in the other hours."
    )


@pytest.mark.parametrize("what", ["PIL", "bot.digest.drawing.drawn"])
async def test_without_what_draws_it_or_where_that_fails_it_is_posted_in_words(
    world: World, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "bot.digest.chart", raising=False)
    if what == "PIL":
        monkeypatch.setitem(sys.modules, "PIL", None)
    else:
        monkeypatch.setitem(sys.modules, "bot.digest.chart", SimpleNamespace(as_png=_fails))
    world.clock.now = NINE
    await world.posting.tick()
    (card,) = posts(world)

    assert card.picture is None
    assert "Does 1956 still bind anyone?" in card.plain()


def _fails(_: object) -> bytes:
    raise MemoryError


async def test_what_holds_nothing_new_has_no_chart(world: World) -> None:
    world.clock.now = NINE
    await world.posting.tick()
    await world.say(THREAD, JUN, "Read back late", NINE - timedelta(days=3))
    world.clock.forward(days=1)
    await world.posting.tick()

    assert posts(world)[1].picture is None


async def test_a_back_filled_message_is_listed_as_from_earlier_in_the_next(world: World) -> None:
    world.clock.now = NINE
    await world.posting.tick()
    await world.say(THREAD, JUN, "Read back late", NINE - timedelta(days=3))
    world.clock.forward(days=1)
    await world.posting.tick()
    text = posts(world)[1].plain()

    assert "From earlier · The whole reading: 1 message by 1 person" in text
    assert "0 messages by 0 people" in text
    assert "saved only now: 1 message." in text
