"""What was chosen where: the reading of a channel, and what a platform was last told."""

from collections.abc import Callable
from datetime import datetime

from bot.archive.database import Database
from bot.asker import Place
from bot.times import now, stamp


class Settings:
    """Choices by platform, workspace, channel and name, read each time. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def get(self, platform: str, workspace: str, channel: str, name: str) -> str:
        """The value chosen there, or an empty string."""
        row = self._database.reader.execute(
            "SELECT value FROM settings WHERE platform = ? AND workspace = ? AND channel = ? AND name = ?",
            (platform, workspace, channel, name),
        ).fetchone()
        return str(row[0]) if row else ""

    async def set(self, platform: str, workspace: str, channel: str, name: str, value: str) -> None:
        """Choose a value there; it is durable when this returns."""
        key = {"platform": platform, "workspace": workspace, "channel": channel, "name": name}
        row = {**key, "value": value, "changed_at": stamp(self._clock())}
        await self._database.write(lambda db: db.table("settings").upsert(row, pk=tuple(key)))

    def reading_of(self, place: Place) -> str:
        """The slug of the reading chosen for this channel, or an empty string. A thread follows its channel."""
        return self.get(place.platform, place.workspace, place.channel, "reading")

    async def use_reading(self, place: Place, slug: str) -> None:
        """Choose the reading of this channel."""
        await self.set(place.platform, place.workspace, place.channel, "reading", slug)
