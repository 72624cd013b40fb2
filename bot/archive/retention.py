"""How long a workspace keeps what was said: older messages lose their words, and none that old is saved any more."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.archive.database import Database
from bot.archive.erasing import AT_ONCE, blank_messages
from bot.archive.events import Event, Said
from bot.archive.tables import Tables
from bot.asker import Place
from bot.times import now, stamp

SETTING = "retention"  # the number of days, in the settings of a whole workspace
SECONDS_BETWEEN_STEPS = 0.01

_OLDER = (
    "FROM messages m JOIN workspaces w ON w.id = m.workspace WHERE w.platform = ? AND w.platform_id = ? AND m.id < ? "
    "AND (m.deleted_at IS NULL OR m.text != '')"
)


class Retention:
    """The number of days for which each workspace keeps messages. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock
        self._days: dict[tuple[str, str], int] = {}
        self._load(database.reader)
        database.when_changed_elsewhere(self._load)

    def days(self, place: Place) -> int:
        """For how many days the place's workspace keeps messages; 0 for ever."""
        return self._days.get((place.platform, place.workspace), 0)

    def bars(self, event: Event) -> bool:
        """Whether an event is a message older than its workspace keeps any."""
        days = self.days(event.place) if self._days and isinstance(event, Said) else 0
        return bool(days) and event.at < self._clock() - timedelta(days=days)  # type: ignore[union-attr] # it was Said

    async def older(self, place: Place, days: int) -> int:
        """How many messages of the place's workspace are older than so many days."""
        values = (place.platform, place.workspace, self._before(days))
        return await self._database.read(lambda db: int(db.execute(f"SELECT count(*) {_OLDER}", values).fetchone()[0]))

    async def keep(self, place: Place, days: int) -> None:
        """Keep messages of the place's workspace for so many days from now on, 0 for ever. Nothing comes back."""
        where = (place.platform, place.workspace, SETTING)
        at = stamp(self._clock())

        def choose(db: Tables) -> None:
            db.execute("DELETE FROM settings WHERE platform = ? AND workspace = ? AND channel = '' AND name = ?", where)
            if days:
                row = (place.platform, place.workspace, "", SETTING, str(days), at)
                db.execute("INSERT INTO settings VALUES (?, ?, ?, ?, ?, ?)", row)
            self._load(db)

        try:
            await self._database.write(choose)
        except BaseException:
            self._load(self._database.reader)  # nothing may be erased for what was not chosen
            raise

    async def apply(self) -> int:
        """Leave no word of messages that are too old, some at a time. Returns how many there were."""
        done = 0
        for (platform, workspace), days in list(self._days.items()):
            values = (platform, workspace, self._before(days), AT_ONCE)
            while self._days.get((platform, workspace)) == days:
                some = await self._database.read(lambda db, values=values: _some(db, values))  # type: ignore[misc] # bound now
                if not some:
                    break
                await self._database.write(lambda db, some=some: blank_messages(db, some, stamp(self._clock())))  # type: ignore[misc] # bound now
                done += len(some)
                await asyncio.sleep(SECONDS_BETWEEN_STEPS)
            await self._database.write(lambda db, values=values: _untitle(db, *values[:3]))  # type: ignore[misc] # bound now
        return done

    def _before(self, days: int) -> int:
        """The id before which messages are older; ids sort by time."""
        return int((self._clock() - timedelta(days=days)).timestamp() * 1000) << 20

    def _load(self, db: Tables) -> None:
        rows = db.execute("SELECT platform, workspace, value FROM settings WHERE channel = '' AND name = ?", (SETTING,))
        self._days = {(platform, workspace): int(value) for platform, workspace, value in rows.fetchall()}


def _some(db: Tables, values: tuple[str, str, int, int]) -> list[int]:
    found = db.execute(f"SELECT m.id {_OLDER} ORDER BY m.id LIMIT ?", values).fetchall()
    return [row for (row,) in found]


def _untitle(db: Tables, platform: str, workspace: str, before: int) -> None:
    """Threads in which nothing newer stands lose their titles too."""
    db.execute(
        "UPDATE threads SET title = '' WHERE title != '' "
        "AND workspace = (SELECT id FROM workspaces WHERE platform = ? AND platform_id = ?) "
        "AND EXISTS (SELECT 1 FROM messages m WHERE m.thread = threads.id AND m.id < ?) "
        "AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.thread = threads.id AND m.deleted_at IS NULL)",
        (platform, workspace, before),
    )
