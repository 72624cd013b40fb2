"""When a digest is due: wall-clock times in zones to instants, and which local dates wait. Pure; time is a value.

A run is named by its local date, so the second 02:30 of an autumn night is the same run. The instant is worked out
anew from the clock and the zone each time; adding 24 hours would drift by an hour twice a year.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.archive.schedules import Schedule
from bot.values import value

CATCH_UP = timedelta(hours=12)
IN_TIME = timedelta(minutes=2)  # a tick is 30 s; what is posted later than this says so
DAY = timedelta(days=1)
LONGEST_AGO = 400 * DAY
TOO_LATE = "the bot was away for more than 12 hours; what was said falls into the next one"
OVERTAKEN = "a later one was due by then; what was said falls into that"


@value
class Due:
    """A local date whose digest is due, since which instant (UTC), and the reason to skip it or nothing."""

    day: date
    at: datetime
    skip: str = ""


def instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The instant (UTC) of a wall-clock time on a local date; None where the zone has no such date.

    Of a time that comes twice it is the first; for one that is skipped, the first instant after the gap. Samoa had no
    30 December 2011.
    """
    if _first(datetime.combine(day, time()), zone) == _first(datetime.combine(day + DAY, time()), zone):
        return None
    return _first(datetime.combine(day, at), zone)


def due(schedule: Schedule, recorded: Collection[date], now: datetime) -> list[Due]:
    """What is due by now (aware) and not recorded yet, in order: at most one of them is to be posted, the last.

    Local dates before the schedule was made are not due, nor such as are longer ago than anybody cares for.
    """
    zone = ZoneInfo(schedule.zone)
    made = max(schedule.made_at or now, now - LONGEST_AGO)
    found = [
        (day, at)
        for day in _days(made.astimezone(zone).date(), now.astimezone(zone).date())
        if day not in recorded and day.weekday() in schedule.days
        if (at := instant(day, schedule.at, zone)) and made <= at <= now
    ]
    last = found[-1][0] if found else None
    return [Due(day, at, TOO_LATE if now - at > CATCH_UP else "" if day == last else OVERTAKEN) for day, at in found]


def next_due(schedule: Schedule, now: datetime) -> datetime | None:
    """The next instant (UTC) at which a digest is due; None where there is none within a fortnight."""
    zone = ZoneInfo(schedule.zone)
    today = now.astimezone(zone).date()
    for day in _days(today, today + 14 * DAY):
        at = instant(day, schedule.at, zone) if day.weekday() in schedule.days else None
        if at and at > now:
            return at
    return None


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _first(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which that zone's clock shows this time or, where it jumps over it, a later one."""
    found = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found  # the gap is between these
    while high - low > timedelta(seconds=1):
        middle = low + ((high - low) / 2)
        middle -= timedelta(microseconds=middle.microsecond)
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            low = middle
        else:
            high = middle
    return high
