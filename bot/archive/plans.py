"""Which passages a group reads when: the plan of a channel."""

from collections.abc import Callable
from datetime import date, datetime

from bot.archive.database import Database
from bot.archive.names import Names
from bot.asker import Place
from bot.times import now, stamp
from bot.values import value


@value
class Step:
    """Some passages, by their keys, for the local dates from `first` to `last`. `name` is `week 2`, or a date."""

    name: str
    first: date
    last: date
    passages: tuple[str, ...]


class Plans:
    """The plans of every channel, for one reading each. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    async def set(self, place: Place, reading: str, step: Step, person: str) -> None:
        """Put a step into the plan of a channel, in the place of one of the same name."""
        at = stamp(self._clock())
        row = {"name": step.name, "first": step.first.isoformat(), "last": step.last.isoformat(),
               "passages": ",".join(step.passages), "made_by": person, "made_at": at}  # fmt: skip
        sets = ", ".join(f"{name} = excluded.{name}" for name in row)
        insert = (
            "INSERT INTO plans (workspace, channel, reading, name, first, last, passages, made_by, made_at) "  # noqa: S608 - our own columns
            "VALUES (:workspace, :channel, :reading, :name, :first, :last, :passages, :made_by, :made_at) "
            f"ON CONFLICT (workspace, channel, reading, name) DO UPDATE SET {sets}"
        )
        where = {"channel": place.channel, "reading": reading}
        await self._database.write(
            lambda db: db.execute(insert, {**row, **where, "workspace": Names().workspace(db, place)})
        )

    async def drop(self, place: Place, reading: str, name: str) -> bool:
        """Take a step out of the plan of a channel. Returns whether it was in it."""
        delete = "DELETE FROM plans WHERE workspace = ? AND channel = ? AND reading = ? AND name = ?"

        return await self._database.write(
            lambda db: db.execute(delete, (Names().workspace(db, place), place.channel, reading, name)).rowcount > 0
        )

    def of(self, place: Place, reading: str) -> list[Step]:
        """The plan of a channel, in the order of time."""
        rows = self._database.reader.execute(
            "SELECT p.name, p.first, p.last, p.passages FROM plans p JOIN workspaces w ON w.id = p.workspace "
            "WHERE w.platform = ? AND w.platform_id = ? AND p.channel = ? AND p.reading = ? ORDER BY p.first, p.name",
            (place.platform, place.workspace, place.channel, reading),
        ).fetchall()
        return [
            Step(name, date.fromisoformat(first), date.fromisoformat(last), tuple(filter(None, passages.split(","))))
            for name, first, last, passages in rows
        ]
