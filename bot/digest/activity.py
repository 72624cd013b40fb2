"""How many messages were written in each hour of a digest's window, and the same in words. Pure.

A window that is longer than two days is counted by days, one of more than ten weeks by weeks.
"""

from bisect import bisect
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.archive.digest_rows import Window
from bot.digest.building import Digest
from bot.digest.cards import count, say_range
from bot.digest.due import instant
from bot.values import value

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
LONGEST_BY_HOURS, LONGEST_BY_DAYS = 2 * DAY, 10 * WEEK


class Unit(StrEnum):
    """What a bar stands for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


@value
class Span:
    """A whole hour, day or week on the group's clock, by its first moment there, and the window's messages in it."""

    begins: datetime
    messages: int

    @property
    def day(self) -> str:
        """`8 Nov`."""
        return f"{self.begins.day} {self.begins:%b}"


@value
class Activity:
    """A window's hours, days or weeks, and their numbers and range in words."""

    spans: tuple[Span, ...]
    unit: Unit
    title: str
    totals: str
    range: str
    zone: str

    @property
    def most(self) -> int:
        """The messages of the fullest hour, day or week."""
        return max((one.messages for one in self.spans), default=0)

    @property
    def alt(self) -> str:
        """Everything that the chart shows, in a few sentences."""
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        yield f"Bar chart. {self.title}, {self.range}, {self.zone}: {self.totals}."
        spoken = [one for one in self.spans if one.messages]
        if not spoken:
            return
        yield _SAID[self.unit](spoken)
        if len(spoken) < len(self.spans):
            yield f"None in the other {self.unit}s."


def activity(digest: Digest, times: Iterable[str], zone: str, where: str = "") -> Activity:
    """What a chart of the digest shows. `times` are those of its messages, as they are stored; `zone` is IANA's.

    The bars are whole hours, days or weeks on the zone's clock, so the first and the last may lie partly outside of the
    window. `where` is for the title, and may be empty.
    """
    clock = ZoneInfo(zone)
    unit, begins = _begins(digest.window, clock)
    found = [0] * len(begins)
    for at in times:
        # A platform's clock may be a little ahead of ours
        found[max(bisect(begins, datetime.fromisoformat(at)) - 1, 0)] += 1
    said = (
        f"{count(digest.messages, 'message', 'messages')} by {count(digest.people, 'person', 'people')} in "
        f"{count(digest.threads, 'thread', 'threads')}"
    )
    return Activity(
        tuple(Span(begin.astimezone(clock), messages) for begin, messages in zip(begins, found, strict=True)),
        unit,
        f"Messages per {unit}{f', {where}' if where else ''}",
        said,
        say_range(digest, zone).removesuffix(f", {zone}"),
        zone,
    )


def _begins(window: Window, clock: ZoneInfo) -> tuple[Unit, list[datetime]]:
    """The first moments (UTC) of what is counted, at least one."""
    first, length = window.since.astimezone(clock), window.until - window.since
    if length <= LONGEST_BY_HOURS:
        begin = first.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        hours = max(-((begin - window.until) // HOUR), 1)
        return Unit.HOUR, [begin + number * HOUR for number in range(hours)]
    day = first.date()
    if length <= LONGEST_BY_DAYS:
        return Unit.DAY, list(_midnights(day, DAY, window.until, clock))
    return Unit.WEEK, list(_midnights(day - day.weekday() * DAY, WEEK, window.until, clock))


def _midnights(day: date, step: timedelta, until: datetime, clock: ZoneInfo) -> Iterator[datetime]:
    """The first moments of local dates, without those that the zone does not have."""
    while datetime.combine(day, time(), clock) < until:
        if at := instant(day, time(), clock):
            yield at
        day += step


def _hours(spoken: list[Span]) -> str:
    days = groupby(spoken, lambda one: one.day)
    return "On " + "; on ".join(f"{day}: {', '.join(map(_hour, hours))}" for day, hours in days) + "."


def _hour(one: Span) -> str:
    return f"{one.messages:,} at {one.begins:%H:%M}"


def _days(spoken: list[Span]) -> str:
    return ", ".join(f"{one.messages:,} on {one.day}" for one in spoken) + "."


def _weeks(spoken: list[Span]) -> str:
    return "In the weeks that began on " + ", ".join(f"{one.day}: {one.messages:,}" for one in spoken) + "."


_SAID = {Unit.HOUR: _hours, Unit.DAY: _days, Unit.WEEK: _weeks}
