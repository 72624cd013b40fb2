"""Pages of history as stretches of time that join without a gap. Pure.

A stretch is compared with what is held of that time, up to a minute before its end (archive/capture.py), in whole
milliseconds. So each stretch reaches a little over a minute into the one beside it, with the messages of both.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.archive.capture import TOO_NEW
from bot.archive.events import Counted, Said
from bot.venue import Page

TICK = timedelta(milliseconds=1)
OVERLAP = TOO_NEW + 2 * TICK


class OutOfOrder(Exception):
    """A page that does not follow the one before it in time, so that nobody can say what lies between them."""


class NewestFirst:
    """Stretches from `asked`, the moment of asking, back to `since`."""

    def __init__(self, since: datetime, asked: datetime) -> None:
        self.since = since
        self.asked = asked
        self._last = asked
        self._reached: datetime | None = None
        self._beside: list[Said] = []

    def page(
        self, said: Sequence[Said], counted: Sequence[Counted], moments: Collection[datetime], *, more: bool
    ) -> Page:
        """The next page; `moments` are those of all that Slack put on it. Raises OutOfOrder."""
        if moments and self._reached and max(moments) > self._reached:
            raise OutOfOrder
        self._reached = min(moments, default=self._reached)
        reached = _whole(self._reached) + TICK if self._reached else self._last
        first = max(self.since, min(reached, self._last)) if more else self.since
        everything = [*self._beside, *said]
        made = Page(tuple(everything), tuple(counted), first, self._last)
        self._last = min(self.asked, first + OVERLAP)
        self._beside = [one for one in everything if one.at <= self._last + TICK]
        return made


class OldestFirst:
    """Stretches from `since` up to `asked`, the moment of asking."""

    def __init__(self, since: datetime, asked: datetime) -> None:
        self.since = since
        self.asked = asked
        self._first = since
        self._reached: datetime | None = None
        self._beside: list[Said] = []

    def page(
        self, said: Sequence[Said], counted: Sequence[Counted], moments: Collection[datetime], *, more: bool
    ) -> Page:
        """The next page; `moments` are those of all that Slack put on it in order. Raises OutOfOrder."""
        if moments and self._reached and min(moments) < self._reached:
            raise OutOfOrder
        self._reached = max(moments, default=self._reached)
        reached = _whole(self._reached) if self._reached else self._first
        last = max(min(reached, self.asked), self._first) if more else self.asked
        everything = [*self._beside, *said]
        made = Page(tuple(everything), tuple(counted), self._first, last)
        self._first = max(self.since, last - OVERLAP)
        self._beside = [one for one in everything if one.at >= self._first - TICK]
        return made


def _whole(moment: datetime) -> datetime:
    """The millisecond in which a moment lies: what is stored is no finer."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
