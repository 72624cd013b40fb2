"""Reading back what was said while the bot was away, or before a discussion was saved.

Each page of history is saved in one transaction with the stretch of time that it covers, so it can end anywhere and go
on from there. After a gap the last 14 days are read again, since nothing else tells what was edited or deleted in it.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from bot.archive.archive import Archive
from bot.archive.coverage import Interval, joined
from bot.archive.events import Changed
from bot.asker import Place
from bot.errors import BotError
from bot.logs import event, fault
from bot.times import now, stamp
from bot.values import value
from bot.venue import Gone, Venue

READ_AGAIN = timedelta(days=14)
FIRST_PAUSE = 30.0  # seconds before a place that could not be read is tried again; then twice as long each time
LONGEST_PAUSE = 3600.0
SECONDS_BETWEEN_LINES = 10.0  # of the log


@value
class Progress:
    """How far reading back is on a platform: places to read, how many of them are done or failed, messages read."""

    places: int = 0
    done: int = 0
    failed: int = 0
    messages: int = 0

    @property
    def complete(self) -> bool:
        """Whether nothing is left to read."""
        return self.done == self.places


class Backfill:
    """Reads back on one platform while it is connected. `report` is told of every step; `clock` gives UTC."""

    def __init__(
        self,
        archive: Archive,
        venue: Venue,
        platform: str,
        report: Callable[[Progress], None],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._archive = archive
        self._venue = venue
        self._platform = platform
        self._report = report
        self._clock = clock
        self._waiting: dict[Place, None] = {}
        self._deaf: set[Place] = set()
        self._looked_at: set[Place] = set()
        self._more = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self._closed = False
        self._logged_at = 0.0
        self._progress = Progress()

    @property
    def busy(self) -> bool:
        """Whether places are waiting to be read that have not failed just now."""
        return self._progress.done + self._progress.failed < self._progress.places

    async def connected(self, workspace: str = "") -> None:
        """The bot listens from now on to all saved discussions, or one workspace's; what it missed is to be read."""
        places = self._archive.discussions.places(self._platform)
        places = [place for place in places if workspace in {"", place.workspace}]
        await self._archive.coverage.listen(places, self._clock())
        self._looked_at.clear()
        self.read_soon(*places)

    async def away(self) -> None:
        """The bot hears nothing until it is connected again."""
        await self._archive.coverage.away(self._platform)

    async def keep(self, place: Place) -> None:
        """The bot listens to this place too from now on; what was said there before is to be read."""
        await self._archive.coverage.listen([place], self._clock())
        self.read_soon(place)

    def read_soon(self, *places: Place) -> None:
        """Have these places read, each once however often it is asked; those that failed are tried again at once."""
        new = [place for place in places if place not in self._waiting]
        self._waiting |= dict.fromkeys(new)
        self._tell(places=len(new))
        self._more.set()
        if self._waiting and not self._closed and (self._reading is None or self._reading.done()):
            self._reading = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Read nothing more; what is missing is known, and read after the next connection."""
        self._closed = True
        if self._reading:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _run(self) -> None:
        """Read until nothing waits any more. What fails is tried again, after longer and longer pauses."""
        pause = FIRST_PAUSE
        self._log("backfill.begins")
        while self._waiting:
            self._more.clear()
            if failed := await self._read_all():
                event("backfill.waits", platform=self._platform, places=failed, seconds=pause)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._more.wait()
                pause = min(pause * 2, LONGEST_PAUSE)
                self._tell(failed=-failed)
        self._log("backfill.done")

    async def _read_all(self) -> int:
        """Read every waiting place once; returns how many could not be read and wait again.

        A place that is asked for while it is read waits again too: what it was asked for may have come too late.
        """
        tried: set[Place] = set()
        failed: set[Place] = set()
        while place := next((one for one in self._waiting if one not in tried), None):
            tried.add(place)
            del self._waiting[place]
            try:
                await self._read(place)
            except Gone:
                await self._archive.capture.save(Changed(place, gone=self._clock()))
            except BotError as error:
                event("backfill.refused", platform=self._platform, channel=place.channel, why=error.words)
                await self._archive.coverage.deaf(place)  # where it may not read it hears nothing either
                self._deaf.add(place)
                failed.add(place)
            except Exception as error:  # noqa: BLE001 - one place that can't be read keeps no other waiting
                fault("backfill.failed", error, platform=self._platform, channel=place.channel)
                failed.add(place)
            self._tell(**{"failed" if place in failed else "done": 1})
        again = failed - self._waiting.keys()
        self._waiting |= dict.fromkeys(again)
        if asked_for_meanwhile := len(failed) - len(again):
            self._tell(places=-asked_for_meanwhile)
        return len(failed)

    async def _read(self, place: Place) -> None:
        if place in self._deaf:
            await self._archive.coverage.listen([place], self._clock())
            self._deaf.discard(place)
        begin = self._archive.discussions.saved_from(place)
        since, due = missing_since(self._archive.coverage.of(place), begin), self._archive.coverage.due(place)
        if since is None and not due:
            return
        horizon = self._clock() - READ_AGAIN
        since = max(begin, min(since or horizon, horizon))
        await self._look_at(place)
        if not place.thread:
            async for thread in self._venue.threads(place, since):
                self.read_soon(thread)
        async for page in self._venue.history(place, since):
            if not self._archive.discussions.keeps(place):
                return
            await self._archive.capture.save_page(place, page)
            self._tell(messages=len(page.said))
        await self._archive.coverage.read_back(place, since, self._clock(), due)

    async def _look_at(self, place: Place) -> None:
        """Note what a place and its channel are called now, and whether they are archived, once after connecting."""
        for one in (replace(place, thread="", private=False), place):
            if one not in self._looked_at:
                self._looked_at.add(one)
                if changed := await self._venue.state(one):
                    await self._archive.hear(changed)

    def _log(self, what: str) -> None:
        event(what, platform=self._platform, **asdict(self._progress))
        self._logged_at = time.monotonic()

    def _tell(self, places: int = 0, done: int = 0, failed: int = 0, messages: int = 0) -> None:
        before = self._progress
        self._progress = Progress(
            before.places + places, before.done + done, before.failed + failed, before.messages + messages
        )
        self._report(self._progress)
        if time.monotonic() - self._logged_at > SECONDS_BETWEEN_LINES:
            self._log("backfill")


def missing_since(held: list[Interval], begin: datetime) -> datetime | None:
    """From when on something is missing of a place that is to be held from `begin`; None where nothing is."""
    intervals = joined(held)
    if not intervals or intervals[0].first > stamp(begin):
        return begin
    return datetime.fromisoformat(intervals[0].last) if len(intervals) > 1 else None
