"""How many messages were written in each hour of a digest's window, and the same in words. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.digest.building import Digest
from bot.digest.cards import count, say_range
from bot.values import value

HOUR = timedelta(hours=1)


@value
class Hour:
    """A whole hour on the group's clock, by its first moment there, and the messages of the window in it."""

    begins: datetime
    messages: int


@value
class Activity:
    """A window's hours, and their numbers and range in words. `where` says whose it is; it may be empty."""

    hours: tuple[Hour, ...]
    title: str
    totals: str
    range: str
    zone: str

    @property
    def most(self) -> int:
        """The messages of the fullest hour."""
        return max((one.messages for one in self.hours), default=0)

    @property
    def alt(self) -> str:
        """Everything that the chart shows, in a few sentences."""
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        yield f"Bar chart. {self.title}, {self.range}, {self.zone}: {self.totals}."
        spoken = [one for one in self.hours if one.messages]
        if not spoken:
            return
        days = groupby(spoken, lambda one: f"{one.begins.day} {one.begins:%b}")
        yield "On " + "; on ".join(f"{day}: {', '.join(map(_at, hours))}" for day, hours in days) + "."
        if len(spoken) < len(self.hours):
            yield "None in the other hours."


def activity(digest: Digest, times: Iterable[str], zone: str, where: str = "") -> Activity:
    """What a chart of the digest shows. `times` are those of its messages, as they are stored; `zone` is IANA's.

    The hours are whole ones on the zone's clock, so the first and the last may lie partly outside of the window.
    """
    window, clock = digest.window, ZoneInfo(zone)
    first = window.since.astimezone(clock).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    hours = max(-((first - window.until) // HOUR), 1)
    found = [0] * hours
    for time in times:
        # A platform's clock may be a little ahead of ours
        found[min((datetime.fromisoformat(time) - first) // HOUR, hours - 1)] += 1
    said = (
        f"{count(digest.messages, 'message', 'messages')} by {count(digest.people, 'person', 'people')} in "
        f"{count(digest.threads, 'thread', 'threads')}"
    )
    return Activity(
        tuple(Hour((first + number * HOUR).astimezone(clock), messages) for number, messages in enumerate(found)),
        f"Messages per hour{f', {where}' if where else ''}",
        said,
        say_range(digest, zone).removesuffix(f", {zone}"),
        zone,
    )


def _at(hour: Hour) -> str:
    return f"{hour.messages:,} at {hour.begins:%H:%M}"
