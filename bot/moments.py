"""Moments as people type them: `2026-11-01`, `yesterday`, `monday`, `last week`, `3 days ago`.

A day, week, month or year stands for its beginning.
"""

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from datetime import UTC, datetime, timedelta, tzinfo

EXAMPLES = "2026-11-01, 2026-11, yesterday, monday, last week or 3 days ago"

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DAY_MONTH = re.compile(r"(\d{1,2})\.? ([a-z]+)\.?(?: (\d{4}))?|([a-z]+)\.? (\d{1,2})(?:,? (\d{4}))?")
_AGO = re.compile(r"(a|an|one|\d{1,6}) (minute|hour|day|week|month|year)s?(?: ago)?")
_PERIOD = re.compile(r"(this|last|past) (week|month|year)")
_WEEKDAY = re.compile(r"(?:(last|on|this) )?([a-z]+)")
_WEEKDAYS = {
    name.casefold(): at for names in (day_name, day_abbr) for at, name in enumerate(names)
} | {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3}  # fmt: skip
_MONTHS = {name.casefold(): at for names in (month_name, month_abbr) for at, name in enumerate(names) if name}
_EXACT = {"minute": 60, "hour": 3600}


def moment(text: str, now: datetime, zone: tzinfo = UTC) -> datetime | None:
    """The moment that a text names, in UTC, seen from `now` in that zone; None where it names none."""
    wanted = " ".join(text.casefold().replace("_", " ").split())
    try:
        found = _named(wanted, now.astimezone(zone)) or _exact(text.strip(), zone)
        return found.astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None


def _named(wanted: str, now: datetime) -> datetime | None:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if found := _AGO.fullmatch(wanted):
        many, unit = int(found[1]) if found[1].isdecimal() else 1, found[2]
        return now - timedelta(seconds=many * _EXACT[unit]) if unit in _EXACT else _back(today, many, unit)
    known = {"now": now, "today": today, "yesterday": today - timedelta(days=1)}
    return known.get(wanted) or _written(wanted, today) or _in_words(wanted, today)


def _written(wanted: str, today: datetime) -> datetime | None:
    """`2026-11-01`, `2026-11`, `2026`, `9 November 2026`, `Nov 9`."""
    if found := _ISO.fullmatch(wanted):
        return today.replace(year=int(found[1]), month=int(found[2] or 1), day=int(found[3] or 1))
    if (found := _DAY_MONTH.fullmatch(wanted)) and (month := _MONTHS.get(found[2] or found[4])):
        return _latest(today, month, int(found[1] or found[5]), found[3] or found[6])
    return None


def _in_words(wanted: str, today: datetime) -> datetime | None:
    """`last week`, `this month`, `monday`; `last monday` is never today."""
    if found := _PERIOD.fullmatch(wanted):
        return _back(_beginning(today, found[2]), int(found[1] != "this"), found[2])
    if (found := _WEEKDAY.fullmatch(wanted)) and found[2] in _WEEKDAYS:
        since = (today.weekday() - _WEEKDAYS[found[2]]) % 7
        return today - timedelta(days=since or 7 * (found[1] == "last"))
    return None


def _exact(text: str, zone: tzinfo) -> datetime | None:
    """An ISO 8601 moment; one without a zone is meant in that zone."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _beginning(today: datetime, unit: str) -> datetime:
    if unit == "week":
        return today - timedelta(days=today.weekday())
    return today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)


def _back(day: datetime, many: int, unit: str) -> datetime:
    """So many days, weeks, months or years earlier; the last day of a month that is too short for it."""
    if unit in {"day", "week"}:
        return day - timedelta(days=many * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - many * (12 if unit == "year" else 1)
    first = day.replace(year=months // 12, month=months % 12 + 1, day=1)
    length = ((first + timedelta(days=31)).replace(day=1) - first).days
    return first.replace(day=min(day.day, length))


def _latest(today: datetime, month: int, day: int, year: str | None) -> datetime:
    """That day of the year, or of the last year in which it is not still to come."""
    if year:
        return today.replace(year=int(year), month=month, day=day)
    this = today.replace(month=month, day=day)
    return this if this <= today else this.replace(year=this.year - 1)
