"""When digests are due, and where: one schedule for each destination, made by a command or in the configuration."""

from collections.abc import Callable, Collection
from datetime import datetime, time

from bot.archive.database import Database
from bot.archive.names import Names
from bot.archive.tables import Tables
from bot.asker import Place
from bot.times import now, stamp
from bot.values import value
from bot.weekdays import DAYS


@value
class Schedule:
    """A time of day on the clock of an IANA zone, on some weekdays (0 is Monday), for one destination.

    `covers` is `group` for all that everybody in the destination can read, or the platform's id of one channel.
    `made_by` is the platform's id of who made it; `told` the last failure that they were told.
    """

    place: Place
    at: time
    zone: str
    days: frozenset[int]
    covers: str = "group"
    origin: str = "command"
    made_by: str = ""
    made_at: datetime | None = None
    told: str = ""


class Schedules:
    """The schedules of every workspace. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    async def set(self, schedule: Schedule) -> None:
        """Have digests posted so from now on; it takes the place of the destination's earlier schedule."""
        at = stamp(self._clock())
        await self._database.write(lambda db: _set(db, schedule, at))

    async def stop(self, place: Place) -> bool:
        """No more digests are due there. Returns whether any were."""
        at = stamp(self._clock())
        values = (at, place.channel, place.thread)
        return await self._database.write(
            lambda db: db.execute(_STOP, (*values, Names().workspace(db, place))).rowcount > 0
        )

    async def tell(self, place: Place, what: str) -> bool:
        """Note what is told of a schedule. Returns False where that was told already."""
        values = (what, what, place.channel, place.thread)
        return await self._database.write(
            lambda db: db.execute(_TELL, (*values, Names().workspace(db, place))).rowcount > 0
        )

    async def configure(self, wanted: Collection[Schedule]) -> None:
        """Have exactly these of the configuration: what is new or other is set, what is no longer in it is stopped.

        One that stands as it is keeps since when it does.
        """
        there = {one.place: one for one in self._select("s.origin = 'config' AND s.stopped_at IS NULL", ())}
        for one in wanted:
            known = there.pop(one.place, None)
            if known is None or _terms(known) != _terms(one):
                await self.set(one)
        for gone in there:
            await self.stop(gone)

    def on(self, platform: str) -> list[Schedule]:
        """The schedules of a platform that are on, in workspaces that the bot is in."""
        return self._select("w.platform = ? AND w.left_at IS NULL AND s.stopped_at IS NULL", (platform,))

    def of(self, place: Place) -> Schedule | None:
        """The schedule of a destination, if one is on."""
        return next((one for one in self.within(place) if one.place == place), None)

    def within(self, place: Place) -> list[Schedule]:
        """The schedules that are on in the workspace of a place."""
        where = "w.platform = ? AND w.platform_id = ? AND s.stopped_at IS NULL"
        return self._select(where, (place.platform, place.workspace))

    def _select(self, where: str, values: tuple[str, ...]) -> list[Schedule]:
        rows = self._database.reader.execute(
            "SELECT w.platform, w.platform_id, s.channel, s.thread, s.at, s.zone, s.days, s.covers, s.origin, "  # noqa: S608 - our own words
            "s.made_by, s.made_at, s.told FROM schedules s JOIN workspaces w ON w.id = s.workspace "
            f"WHERE {where} ORDER BY s.id",
            values,
        ).fetchall()
        return [_schedule(*row) for row in rows]


_STOP = "UPDATE schedules SET stopped_at = ? WHERE stopped_at IS NULL AND channel = ? AND thread = ? AND workspace = ?"
_TELL = "UPDATE schedules SET told = ? WHERE told != ? AND channel = ? AND thread = ? AND workspace = ?"
_DELETE = "DELETE FROM schedules WHERE workspace = ? AND channel = ? AND thread = ?"


def _terms(schedule: Schedule) -> tuple[object, ...]:
    return schedule.at, schedule.zone, schedule.days, schedule.covers, schedule.made_by


def _key(db: Tables, place: Place) -> tuple[int, str, str]:
    return Names().workspace(db, place), place.channel, place.thread


def _set(db: Tables, schedule: Schedule, at: str) -> None:
    key = _key(db, schedule.place)
    db.execute(_DELETE, key)
    row = {
        "workspace": key[0],
        "channel": key[1],
        "thread": key[2],
        "at": schedule.at.strftime("%H:%M"),
        "zone": schedule.zone,
        "days": ",".join(DAYS[day] for day in sorted(schedule.days)),
        "covers": schedule.covers,
        "origin": schedule.origin,
        "made_by": schedule.made_by,
        "made_at": at,
        "told": "",
    }
    db.table("schedules").insert(row)


def _schedule(*row: str) -> Schedule:
    platform, workspace, channel, thread, at, zone, days, covers, origin, made_by, made_at, told = row
    chosen = frozenset(DAYS.index(day) for day in days.split(","))
    made = datetime.fromisoformat(made_at)
    return Schedule(
        Place(platform, workspace, channel, thread),
        time.fromisoformat(at),
        zone,
        chosen,
        covers,
        origin,
        made_by,
        made,
        told,
    )
