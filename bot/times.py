"""Time as a value: now, in UTC, the form in which times are stored, and dates as people read them."""

from calendar import month_abbr, month_name
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: `2026-11-09T09:00:00.000Z`. Sorts by time."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"


def say_date(iso: str) -> str:
    """A date of a reading in words: `2016-05-06` is "6 May 2016", `1904/1905` is "1904 to 1905"."""
    first, _, last = iso.partition("/")
    if last and first[:7] == last[:7] and len(first) == len(last) == len("2016-12-15"):
        return f"{int(first[8:])} to {_say_one(last)}"
    return " to ".join(_say_one(one) for one in iso.split("/"))


def _say_one(iso: str) -> str:
    match [int(part) for part in iso.split("-")]:
        case [year, month, day]:
            return f"{day} {month_name[month]} {year}"
        case [year, month]:
            return f"{month_name[month]} {year}"
        case _:
            return iso


def say_moment(moment: datetime, zone: str) -> str:
    """A moment on the clock of an IANA zone: `3 Nov 2026 09:00`."""
    shown = moment.astimezone(ZoneInfo(zone))
    return f"{shown.day} {month_abbr[shown.month]} {shown.year} {shown:%H:%M}"
