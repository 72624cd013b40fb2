"""What was chosen where: the reading of a channel, what somebody set for themselves, what a platform was last told."""

from collections.abc import Callable
from datetime import datetime

from bot.archive.database import Database
from bot.asker import Person, Place
from bot.times import now, stamp

KEY = "platform = ? AND workspace = ? AND channel = ? AND name = ?"


class Settings:
    """Choices by platform, workspace, channel and name, read each time. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def get(self, platform: str, workspace: str, channel: str, name: str) -> str:
        """The value chosen there, or an empty string."""
        row = self._database.reader.execute(
            f"SELECT value FROM settings WHERE {KEY}",  # noqa: S608 - fixed words
            (platform, workspace, channel, name),
        ).fetchone()
        return str(row[0]) if row else ""

    async def set(self, platform: str, workspace: str, channel: str, name: str, value: str) -> None:
        """Choose a value there; it is durable when this returns."""
        key = {"platform": platform, "workspace": workspace, "channel": channel, "name": name}
        row = {**key, "value": value, "changed_at": stamp(self._clock())}
        await self._database.write(lambda db: db.table("settings").upsert(row, pk=tuple(key)))

    async def forget(self, platform: str, workspace: str, channel: str, name: str) -> None:
        """Keep no value there any more; that is durable when this returns."""
        key = (platform, workspace, channel, name)
        await self._database.write(lambda db: db.table("settings").delete_where(KEY, key))

    def reading_of(self, place: Place) -> str:
        """The slug of the reading chosen for this channel, or an empty string. A thread follows its channel."""
        return self.get(place.platform, place.workspace, place.channel, "reading")

    async def use_reading(self, place: Place, slug: str) -> None:
        """Choose the reading of this channel."""
        await self.set(place.platform, place.workspace, place.channel, "reading", slug)

    def answers_for_one(self, person: Person, place: Place) -> bool:
        """Whether this person wants the answers to them, in all channels of this workspace, for themselves alone."""
        return self.get(place.platform, place.workspace, "", _answers(person)) == "me"

    async def show_answers(self, person: Person, place: Place, *, for_one: bool) -> None:
        """Choose who sees the answers to this person in this workspace. That everybody does leaves no row behind."""
        if for_one:
            await self.set(place.platform, place.workspace, "", _answers(person), "me")
        else:
            await self.forget(place.platform, place.workspace, "", _answers(person))


def _answers(person: Person) -> str:
    """The name of the setting, which holds the person's id: the table's other columns name places."""
    return f"answers:{person.id}"
