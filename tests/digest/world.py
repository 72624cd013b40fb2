"""A made-up group for tests of digests: a clock that is a value, a database, a made-up Discord, and a posting bot."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.archive.archive import Archive
from bot.archive.buttons import Buttons
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.archive.events import Author, Said
from bot.archive.settings import Settings
from bot.asker import Place
from bot.config import CLONE
from bot.digest.digests import Digests
from bot.digest.posting import Posting
from bot.readings.library import Library
from bot.venues import Venues
from tests.venues import MadeUpVenue

LIBRARY = Library.load(CLONE / "content")
READING = "kuril-question"


@dataclass
class Clock:
    """The time now, which tests set."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class World:
    """One process: its connection to the database, and what posts. `other` is a second process beside it."""

    path: Path
    clock: Clock
    venue: MadeUpVenue
    database: Database = field(init=False)
    archive: Archive = field(init=False)
    posting: Posting = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """The process begins, as after a crash."""
        self.database = Database.open(self.path)
        self.database.reader.execute("PRAGMA synchronous = OFF")
        self.archive = Archive.of(self.database, lambda _: (), self.clock)
        digests = Digests(self.archive, LIBRARY, Settings(self.database), READING, "Asia/Tokyo", self.clock)
        self.posting = Posting(digests, Venues(self.clock.seconds), Buttons(self.database, self.clock))

    async def connect(self) -> None:
        await self.venue.join(self.posting._venues, self.archive)

    async def restart(self) -> None:
        self.database.close()
        self.start()
        await self.connect()

    async def thread(self, place: Place, title: str, by: Author, passage: str = "") -> None:
        await self.archive.discussions.keep(place, title, by, Anchor(READING, passage))

    async def say(
        self, place: Place, by: Author, words: str, at: datetime | None = None, *, ours: bool = False
    ) -> Said:
        """Somebody says something, which is saved."""
        said = Said(place, str(next(self.venue._ids)), by, words, at or self.clock.now, ours=ours)
        await self.archive.capture.save(said)
        return said
