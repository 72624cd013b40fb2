"""The saved discussions of one database: what is kept, who is in it, and what was heard."""

from collections.abc import Callable
from datetime import datetime
from typing import Self

from bot.archive.audit import Audit
from bot.archive.capture import Capture
from bot.archive.coverage import Coverage
from bot.archive.database import Database
from bot.archive.digest_rows import DigestRows
from bot.archive.discussions import Discussions
from bot.archive.events import Changed, Event, Said
from bot.archive.link_rows import Quoted
from bot.archive.own import Own
from bot.archive.people import People
from bot.archive.plans import Plans
from bot.archive.privacy import Privacy
from bot.archive.remarks import Remarks
from bot.archive.retention import Retention
from bot.archive.runs import Runs
from bot.archive.sayings import Sayings
from bot.archive.schedules import Schedules
from bot.archive.scrubbing import Scrubbing
from bot.archive.search import Search
from bot.archive.workspaces import Workspaces
from bot.times import now
from bot.values import value


@value
class Archive:
    """Everything that is saved, on one open database. Each field owns one subject."""

    database: Database
    capture: Capture
    discussions: Discussions
    remarks: Remarks
    coverage: Coverage
    privacy: Privacy
    retention: Retention
    audit: Audit
    people: People
    workspaces: Workspaces
    search: Search
    sayings: Sayings
    own: Own
    scrubbing: Scrubbing
    digest_rows: DigestRows
    runs: Runs
    schedules: Schedules
    plans: Plans

    @classmethod
    def of(cls, database: Database, quoted: Quoted, clock: Callable[[], datetime] = now) -> Self:
        """The archive in this database. `quoted` finds the passages that a text quotes; `clock` is for digests."""
        privacy, retention = Privacy(database), Retention(database)
        capture = Capture(database, privacy, retention, quoted)
        discussions = Discussions(database)
        return cls(
            database,
            capture,
            discussions,
            Remarks(database, capture, discussions),
            Coverage(database),
            privacy,
            retention,
            Audit(database),
            People(database, privacy),
            Workspaces(database, discussions, capture),
            Search(database),
            Sayings(database),
            Own(database),
            Scrubbing(database),
            DigestRows(database),
            Runs(database, clock),
            Schedules(database, clock),
            Plans(database, clock),
        )

    async def hear(self, event: Event) -> bool:
        """Save what happened, if it is in a saved discussion or about something held; durable when this returns.

        Returns whether it was kept. Raises sqlite3.Error when it should be and can't: the platform is to tell it again.
        """
        kept = self._concerns(event)
        if kept:
            await self.capture.save(event)
        return kept

    def _concerns(self, event: Event) -> bool:
        """Whether it is to be saved: new words in saved places alone, but what becomes of held ones everywhere."""
        if self.discussions.keeps(event.place):
            return True
        if isinstance(event, Changed):
            return self.discussions.holds(event.place)
        return not (isinstance(event, Said) and event.edited is None) and self.discussions.holds(event.place, event.id)
