"""Who can read what is asked of the platform, kept for a minute at most, and fails closed."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.archive.archive import Archive
from bot.asker import Person, Place
from bot.errors import BotError
from bot.venue import Readable
from bot.venues import SECONDS_KEPT, Venues
from tests.conftest import KURILS, MINA, Bot
from tests.venues import MadeUpVenue


@dataclass
class Clock:
    """Seconds that a test sets."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def venues(bot: Bot, venue: MadeUpVenue, clock: Clock) -> Venues:
    made = Venues(clock, patience=0.05)
    await venue.join(made, archive(bot))
    return made


def archive(bot: Bot) -> Archive:
    return bot.answering.archive


async def test_an_answer_is_kept_for_a_minute_and_no_longer(venues: Venues, venue: MadeUpVenue, clock: Clock) -> None:
    first = await venues.readable(MINA, KURILS)
    venue.members = frozenset()
    clock.seconds = SECONDS_KEPT - 1
    kept = await venues.readable(MINA, KURILS)
    clock.seconds = SECONDS_KEPT
    later = await venues.readable(MINA, KURILS)

    assert first.channels
    assert kept == first
    assert later == Readable()


async def test_a_change_in_the_workspace_makes_it_ask_again_at_once(venues: Venues, venue: MadeUpVenue) -> None:
    before = await venues.readable(MINA, KURILS)
    await venues.audience(KURILS)
    venue.members, venue.open_channels = frozenset(), frozenset()
    venues.changed("discord", "2")
    untouched = await venues.readable(MINA, KURILS)
    venues.changed("discord", "1")

    assert untouched == before
    assert await venues.readable(MINA, KURILS) == Readable()
    assert await venues.audience(KURILS) == Readable(frozenset({"10"}))


async def test_a_change_while_the_platform_answers_is_not_overlooked(venues: Venues, venue: MadeUpVenue) -> None:
    asking = venue.readable
    told = [Readable(frozenset({"secret"})), Readable(frozenset({"10"}))]

    async def readable(person: Person, place: Place) -> Readable:
        await asking(person, place)
        if len(told) == 2:
            venues.changed("discord", "1")
        return told.pop(0)

    venue.readable = readable  # type: ignore[method-assign]

    assert await venues.readable(MINA, KURILS) == Readable(frozenset({"10"}))


@pytest.mark.parametrize("trouble", [OSError("away"), TimeoutError(), RuntimeError("odd")])
async def test_where_the_platform_can_not_say_nobody_reads_anything(
    venues: Venues, venue: MadeUpVenue, trouble: Exception
) -> None:
    venue.trouble = trouble
    with pytest.raises(BotError, match="can't check what you may read"):
        await venues.readable(MINA, KURILS)
    with pytest.raises(BotError, match="can't check what you may read"):
        await venues.audience(KURILS)


async def test_a_platform_that_answers_too_late_is_not_waited_for(venues: Venues, venue: MadeUpVenue) -> None:
    async def never(person: Person, place: Place) -> Readable:
        await asyncio.Event().wait()
        return Readable(frozenset({person.id, place.channel}))

    venue.readable = never  # type: ignore[method-assign]
    with pytest.raises(BotError, match="can't check what you may read"):
        await venues.readable(MINA, KURILS)


async def test_a_platform_that_left_is_asked_nothing_and_says_so(venues: Venues) -> None:
    await venues.readable(MINA, KURILS)
    venues.leave("discord")

    with pytest.raises(BotError, match="Try again in a moment"):
        await venues.readable(MINA, KURILS)
    with pytest.raises(BotError, match="Nothing is saved in a terminal"):
        venues.at(Place("terminal", "terminal", "terminal", direct=True))


async def test_in_a_direct_message_the_only_shared_workspace_is_meant(venues: Venues, venue: MadeUpVenue) -> None:
    direct = Place("discord", "", "9", direct=True)
    meant = await venues.workspace_of(MINA, direct)
    venue.members = frozenset()

    assert meant.workspace == "1"
    with pytest.raises(BotError, match="in a channel of the one that you mean"):
        await venues.workspace_of(MINA, direct)
