"""Several destinations, on both platforms, each with what can be read there; of the group, or of one channel."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.archive.events import Author
from bot.archive.schedules import Schedule
from bot.asker import Place
from bot.reply import Reply
from tests.digest.world import Clock, World
from tests.venues import MadeUpVenue

KURILS, TREATIES, INNER = (Place("discord", "1", channel) for channel in ("10", "11", "12"))
ON_SLACK = Place("slack", "1", "10")
MINA = Author("U1", "Mina")
NINE = datetime(2026, 11, 10, tzinfo=UTC)  # 09:00 in Tokyo, 19:00 the day before in New York


@pytest.fixture
def slack() -> MadeUpVenue:
    """The other platform."""
    return MadeUpVenue()


@pytest.fixture
async def world(tmp_path: Path, slack: MadeUpVenue) -> AsyncIterator[World]:
    """Something was said in each of three channels on Discord, of which one is private, and in one on Slack."""
    made = World(tmp_path / "a.db", Clock(NINE - timedelta(hours=12)), MadeUpVenue())
    await made.connect()
    await slack.join(made.posting._venues, made.archive, "slack")
    for place in (KURILS, TREATIES, INNER, ON_SLACK):
        thread = replace(place, thread=f"7{place.channel}")
        await made.thread(thread, f"Talk of {place.platform} {place.channel}", MINA)
        await made.say(thread, MINA, f"Said on {place.platform} in {place.channel}.")
    yield made
    made.database.close()


async def schedule(world: World, place: Place, zone: str = "Asia/Tokyo", at: int = 9, covers: str = "group") -> None:
    days = frozenset(range(7))
    await world.archive.schedules.set(Schedule(place, time(at), zone, days, covers, made_by="U9"))


def posts(venue: MadeUpVenue) -> list[tuple[str, Reply]]:
    """Each digest with the channel that it stands in."""
    return [(place.channel, card) for (place, _, _), card in zip(venue.marked, venue.cards, strict=True)]


async def test_each_destination_gets_its_own_once_and_what_everybody_there_can_read(
    world: World, slack: MadeUpVenue
) -> None:
    for place in (KURILS, TREATIES, INNER, ON_SLACK):
        await schedule(world, place)
    world.clock.now = NINE
    await world.posting.tick()
    await world.posting.tick()
    there = {channel: card.plain() for channel, card in posts(world.venue)}
    ((_, on_slack),) = posts(slack)

    assert sorted(channel for channel, _ in posts(world.venue)) == ["10", "11", "12"]
    for channel in ("10", "11"):
        assert "Said on discord in 10." in there[channel]
        assert "Said on discord in 11." in there[channel]
        assert "discord in 12" not in there[channel]
        assert "discord 12" not in there[channel]
        assert "The day in 2 threads" in there[channel]
    assert "Said on discord in 12." in there["12"]
    assert all("slack" not in text for text in there.values())
    assert "Said on slack in 10." in on_slack.plain()
    assert "discord" not in on_slack.plain()


async def test_a_digest_may_be_of_its_channel_alone(world: World) -> None:
    await schedule(world, KURILS, covers="10")
    await schedule(world, TREATIES)
    world.clock.now = NINE
    await world.posting.tick()
    cards = dict(posts(world.venue))

    assert "Of one channel alone." in cards["10"].plain()
    assert "Said on discord in 10." in cards["10"].plain()
    assert "Said on discord in 11." not in cards["10"].plain()
    assert "1 message by 1 person in 1 thread" in (cards["10"].picture.alt if cards["10"].picture else "")
    assert "Of one channel alone." not in cards["11"].plain()


async def test_each_destination_has_its_own_zone_and_one_that_is_away_holds_up_no_other(
    world: World, slack: MadeUpVenue
) -> None:
    await schedule(world, KURILS)
    await schedule(world, TREATIES, "America/New_York", at=19)
    await schedule(world, ON_SLACK)
    slack.trouble = ConnectionError()
    world.clock.now = NINE
    await world.posting.tick()
    before = len(posts(slack))
    slack.trouble = None
    world.clock.forward(hours=2)
    await world.posting.tick()
    ((_, late),) = posts(slack)
    days = {place.channel: run.day.day for place in (KURILS, TREATIES) if (run := world.archive.runs.last(place))}

    assert (len(posts(world.venue)), before) == (2, 0)
    assert days == {"10": 10, "11": 9}
    assert "Late: it was due at 09:00." in late.plain()
