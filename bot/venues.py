"""The platforms that are connected, and what can be read there: asked of the platform, kept for a minute at most.

If it can't be proved, it fails closed: nobody is shown anything.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from bot.asker import Person, Place
from bot.backfill import Backfill
from bot.errors import BotError
from bot.logs import fault
from bot.venue import Readable, Venue

T = TypeVar("T")

SECONDS_KEPT = 60.0
SECONDS_TO_ANSWER = 5.0
TRIES = 3  # where something changed while the platform was answering
MOST_KEPT = 10_000
CANT_CHECK = "I can't check what you may read right now. Try again in 20 s."

_Key = tuple[str, str, str]


class Venues:
    """The connected platforms by name. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, patience: float = SECONDS_TO_ANSWER) -> None:
        self._clock = clock
        self._patience = patience
        self._venues: dict[str, Venue] = {}
        self._reading: dict[str, Backfill] = {}
        self._known: dict[_Key, tuple[float, Readable]] = {}
        self._changes: Counter[tuple[str, str]] = Counter()

    def join(self, platform: str, venue: Venue, backfill: Backfill) -> None:
        """The platform is connected; `backfill` reads back what was said there."""
        self._venues[platform] = venue
        self._reading[platform] = backfill

    def leave(self, platform: str) -> None:
        """It is connected no longer; what could be read there is forgotten."""
        self._venues.pop(platform, None)
        self._forget(lambda key: key[0] == platform)

    @property
    def connected(self) -> tuple[str, ...]:
        """The platforms that are connected, by name."""
        return tuple(self._venues)

    def is_reading_back(self, platform: str) -> bool:
        """Whether what was said while the bot was away is still being read there."""
        return self._reading[platform].busy

    def changed(self, platform: str, workspace: str) -> None:
        """Who can read what there may have changed: a role, an overwrite, a membership, a channel."""
        self._changes[platform, workspace] += 1
        self._forget(lambda key: key[:2] == (platform, workspace))

    def at(self, place: Place) -> Venue:
        """The platform of a place. Raises BotError where nothing can be saved, or while it is not connected."""
        if place.platform in self._venues:
            return self._venues[place.platform]
        if place.platform == "terminal":
            raise BotError("Nothing is saved in a terminal. Ask on Discord, on Slack or on the local page.")
        raise BotError("The connection is being made. Try again in a moment.")

    async def read_back(self, place: Place) -> None:
        """Listen to a place that is saved from now on, and have what was said there before read."""
        self.at(place)
        await self._reading[place.platform].keep(place)

    async def workspace_of(self, person: Person, place: Place) -> Place:
        """The place with its workspace: in a direct conversation the only one that the person shares with the bot.

        Raises BotError where that is not one, or can't be known.
        """
        if place.workspace:
            return place
        venue = self.at(place)
        home = await self._asked(lambda: venue.home(person))
        if not home:
            raise BotError("You share several servers with me, or none. Ask in a channel of the one that you mean.")
        return replace(place, workspace=home)

    async def readable(self, person: Person, place: Place) -> Readable:
        """What this person can read in the workspace of a place. Raises BotError when that can't be known."""
        venue = self.at(place)
        key = (place.platform, place.workspace, f"person {person.id}")
        return await self._kept(key, lambda: venue.readable(person, place))

    def known_readable(self, person: Person, place: Place) -> Readable | None:
        """The same, if it was asked less than a minute ago; None where it would have to be asked now."""
        known = self._known.get((place.platform, place.workspace, f"person {person.id}"))
        return known[1] if known and self._clock() - known[0] < SECONDS_KEPT else None

    async def audience(self, place: Place) -> Readable:
        """What everybody can read who can read that place. Raises BotError when that can't be known."""
        venue = self.at(place)
        key = (place.platform, place.workspace, f"place {place.channel} {place.thread}")
        return await self._kept(key, lambda: venue.audience(place))

    async def _kept(self, key: _Key, ask: Callable[[], Awaitable[Readable]]) -> Readable:
        known = self._known.get(key)
        if known and self._clock() - known[0] < SECONDS_KEPT:
            return known[1]
        for _ in range(TRIES):
            asked_at, changes = self._clock(), self._changes[key[:2]]
            found = await self._asked(ask)
            if changes == self._changes[key[:2]]:
                self._keep(key, asked_at, found)
                return found
        raise BotError(CANT_CHECK)

    def _keep(self, key: _Key, asked_at: float, found: Readable) -> None:
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[key] = (asked_at, found)

    async def _asked(self, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self._patience):
                return await ask()
        except BotError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever keeps the platform from saying it, nobody is shown anything
            fault("rights.unknown", error)
            raise BotError(CANT_CHECK) from None

    def _forget(self, which: Callable[[_Key], bool]) -> None:
        for key in [key for key in self._known if which(key)]:
            del self._known[key]
