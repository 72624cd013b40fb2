"""Digests for an audience: reads the rows that it may see, and makes the Digest and its card of them."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.archive.archive import Archive
from bot.archive.digest_rows import Window
from bot.archive.runs import Run
from bot.archive.settings import Settings
from bot.asker import Place
from bot.digest.due import IN_TIME, instant
from bot.readings.library import Library
from bot.readings.model import Reading
from bot.reply import Reply
from bot.times import now
from bot.values import value
from bot.venue import Readable

if TYPE_CHECKING:
    from bot.digest.activity import Activity
    from bot.digest.building import Digest
    from bot.digest.cards import Beside, Link

DAY = timedelta(days=1)


@value
class Wanted:
    """Which digest: of which window, for which place's workspace and reading, named after which local date.

    `only` limits it to one channel, by the platform's id; `left_out` are items that a moderator left out. `before` is
    the window to compare its numbers with. `where` and `late` are sentences for its head.
    """

    place: Place
    window: Window
    day: date
    zone: str
    only: str = ""
    left_out: Collection[str] = ()
    before: Window | None = None
    where: str = ""
    late: str = ""


@value
class Digests:
    """Makes digests. `zone` is the group's IANA zone; `clock` gives the time now, in UTC."""

    archive: Archive
    library: Library
    settings: Settings
    default_reading: str
    zone: str = "UTC"
    clock: Callable[[], datetime] = now

    def make(self, wanted: Wanted, readable: Readable, link: "Link") -> "tuple[Digest, Reply]":
        """The digest of what is readable so, and its card."""
        from bot.digest.building import build  # noqa: PLC0415 - most starts make no digest
        from bot.digest.cards import card  # noqa: PLC0415 - as above

        rows = self.archive.digest_rows.read(wanted.place, readable, wanted.window, wanted.only)
        digest = build(rows, wanted.window, wanted.left_out, one_channel=bool(wanted.only))
        return digest, card(digest, self._beside(wanted, readable), self.library, link)

    def activity(self, wanted: Wanted, readable: Readable, digest: "Digest", where: str = "") -> "Activity":
        """What a chart of this digest shows, which was made of what is readable so; `where` is for its title."""
        from bot.digest.activity import activity  # noqa: PLC0415 - as above

        times = self.archive.digest_rows.written(wanted.place, readable, wanted.window, wanted.only)
        return activity(digest, times, wanted.zone, where)

    def of_run(self, run: Run) -> Wanted:
        """What a claimed or posted run is to show, or showed."""
        window = run.window or self.day_window(run.day, run.zone)
        only = "" if run.covers == "group" else run.covers
        late = ""
        if not run.posted_by and (run.settled_at or self.clock()) - run.due_at > IN_TIME:
            late = f"Late: it was due at {run.due_at.astimezone(ZoneInfo(run.zone)):%H:%M}."
        where = "A look back." if run.look_back else "Of one channel alone." if only else ""
        before = None if run.window is None else self.archive.runs.window_before(run.place, run.window)
        return Wanted(run.place, window, run.day, run.zone, only, tuple(run.left_out.split()), before, where, late)

    def today(self, zone: str = "") -> date:
        """The local date, in the group's zone or another."""
        return self.clock().astimezone(ZoneInfo(zone or self.zone)).date()

    def day_window(self, day: date, zone: str = "") -> Window:
        """A local date from its beginning to its end, by when messages were written."""
        where = ZoneInfo(zone or self.zone)
        begin = instant(day, time(), where) or datetime.combine(day, time(), where).astimezone(UTC)
        end = instant(day + DAY, time(), where) or begin + DAY
        return Window(0, 0, begin, end, by_time=True)

    def window_since(self, since_seq: int, since: datetime) -> Window:
        """From there until now."""
        return Window(since_seq, max(self.archive.digest_rows.newest(), since_seq), since, max(self.clock(), since))

    def last_day(self, place: Place) -> Window:
        """The last 24 hours, by when messages entered."""
        return self._window_from(place, self.clock() - DAY)

    def next_window(self, place: Place) -> Window:
        """From where the destination's last digest ended until now.

        Where there was none, the last 24 hours and all since its schedule was made.
        """
        if last := self.archive.runs.last_window(place):
            return self.window_since(last.until_seq, last.until)
        schedule, since = self.archive.schedules.of(place), self.clock() - DAY
        made = schedule.made_at if schedule else None
        return self._window_from(place, min(made, since) if made else since)

    def _window_from(self, place: Place, since: datetime) -> Window:
        return self.window_since(self.archive.digest_rows.first_since(place, since), since)

    def reading_of(self, place: Place) -> Reading | None:
        """The reading in use in a channel; None where none could be loaded."""
        for slug in (self.settings.reading_of(place), self.default_reading, *sorted(self.library.readings)):
            if slug in self.library.readings:
                return self.library.readings[slug]
        return None

    def _beside(self, wanted: Wanted, readable: Readable) -> "Beside":
        from bot.digest.cards import Beside  # noqa: PLC0415 - as above

        reading = self.reading_of(wanted.place)
        rows, place = self.archive.digest_rows, wanted.place
        if reading is None:
            return Beside(wanted.day, wanted.zone, where=wanted.where, late=wanted.late)
        passages = [one.key for one in reading.passages if not one.caption]
        return Beside(
            wanted.day,
            wanted.zone,
            reading,
            rows.cold(place, readable, reading.slug, passages),
            self.archive.plans.of(place, reading.slug),
            rows.count(place, readable, wanted.before, wanted.only) if wanted.before else None,
            wanted.where,
            wanted.late,
        )
