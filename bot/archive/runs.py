"""Which digests were posted, and by whom they are being posted now: one row for each destination and local date.

Only who inserts the row posts; while the row is claimed, its lease says until when nobody else may take it over.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from bot.archive.database import Database
from bot.archive.digest_rows import Window
from bot.archive.message_rows import newest_seq
from bot.archive.names import Names
from bot.archive.tables import Tables
from bot.asker import Place
from bot.times import now, stamp
from bot.values import value


class State(StrEnum):
    """ASKED for from the command line; CLAIMED by somebody who is posting it; POSTED; SKIPPED; FAILED."""

    ASKED = "asked"
    CLAIMED = "claimed"
    POSTED = "posted"
    SKIPPED = "skipped"
    FAILED = "failed"


class Overtaken(Exception):
    """Another digest was posted to the destination since this one was begun."""


@value
class Run:
    """The digest of one local date for one destination. `settled_at` is when it was posted, skipped or failed.

    `covers` is `group`, or the platform's id of the one channel that it tells of. `left_out` are items that a moderator
    left out; `posted_by` is who posted it by hand. `holder` has claimed it.
    """

    place: Place
    day: date
    zone: str
    due_at: datetime
    state: State = State.CLAIMED
    why: str = ""
    covers: str = "group"
    left_out: str = ""
    posted_by: str = ""
    window: Window | None = None
    message: str = ""
    settled_at: datetime | None = None
    holder: str = ""
    id: int = 0

    @property
    def look_back(self) -> bool:
        """Whether it is of a day that was over, which a moderator posts beside the others: it moves no window."""
        return bool(self.posted_by) and self.day < self.due_at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def mark(self) -> str:
        """What marks its post; the same whoever works it out. 24 characters, since Discord's nonce has 25 at most."""
        place = self.place
        key = "\x1f".join((place.platform, place.workspace, place.channel, place.thread, self.day.isoformat()))
        return sha256(key.encode()).hexdigest()[:24]


class Runs:
    """The runs of every destination. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    async def claim(self, run: Run, lease: timedelta, window: Window, *, again: bool = False) -> Run | None:
        """Claim this run for its holder; None where somebody has it, or where an earlier one is not settled yet.

        Its window begins where the destination's last one ended, or as `window` does where there was none, and ends
        now. A run that has a window already keeps its end. A look back at an earlier day (`run.look_back`) has none.
        `again` claims one that was skipped or failed, too. Raises Overtaken where another was posted since.
        """
        at = self._clock()
        return await self._database.write(lambda db: _claim(db, run, (at, at + lease), window, again=again))

    async def give_back(self, run: Run) -> None:
        """Nothing was posted, and it is as if this had never been claimed."""
        delete = "DELETE FROM digests WHERE id = ? AND state = 'claimed' AND holder = ?"
        await self._database.write(lambda db: db.execute(delete, (run.id, run.holder)))

    async def take_over(self, run: Run, holder: str, lease: timedelta) -> bool:
        """Claim a run whose lease is over. Returns whether it was got."""
        at = self._clock()
        update = (
            "UPDATE digests SET holder = ?, lease_until = ? WHERE id = ? AND state = 'claimed' AND lease_until <= ?"
        )
        values = (holder, stamp(at + lease), run.id, stamp(at))
        return await self._database.write(lambda db: db.execute(update, values).rowcount > 0)

    async def settle(self, run: Run, state: State, *, why: str = "", message: str = "", read: bool = False) -> bool:
        """Note what became of a claimed run. Returns False where its holder has lost it, unless it was posted.

        What was posted was posted, whoever notes it. Unless its window is `read`, its messages fall into the next.
        """
        values = [state.value, why, message, stamp(self._clock()), run.id]
        own = "state != 'posted'"
        if state is not State.POSTED:
            own = "state = 'claimed' AND holder = ?"
            values.append(run.holder)
        window = "" if read else ", since_seq = NULL, until_seq = NULL, since_at = NULL, until_at = NULL"
        update = f"UPDATE digests SET state = ?, why = ?, message = ?, settled_at = ?{window} WHERE id = ? AND {own}"  # noqa: S608 - our own words
        return await self._database.write(lambda db: db.execute(update, values).rowcount > 0)

    async def skip(self, run: Run, why: str) -> bool:
        """Record a run that nobody has claimed as skipped, with its reason. Returns False where it has a row."""
        at = stamp(self._clock())
        skipped = replace(run, state=State.SKIPPED, why=why, window=None)
        return await self._database.write(lambda db: _insert(db, skipped, settled_at=at))

    async def ask(self, run: Run) -> bool:
        """Ask whoever runs to post this. Returns False where it has a row."""
        return await self._database.write(lambda db: _insert(db, replace(run, state=State.ASKED, window=None)))

    def of(self, place: Place, day: date) -> Run | None:
        """The run of a destination for a local date."""
        return next(iter(self._find(place, "d.date = ?", day.isoformat())), None)

    def marked(self, place: Place, mark: str) -> Run | None:
        """The run in the place's workspace with this mark."""
        rows = self._select(
            "w.platform = ? AND w.platform_id = ? AND d.mark = ?", place.platform, place.workspace, mark
        )
        return next(iter(rows), None)

    def recorded(self, place: Place, since: date) -> set[date]:
        """The local dates from that one on for which a destination has a run."""
        rows = self._database.reader.execute(
            f"SELECT d.date FROM digests d JOIN workspaces w ON w.id = d.workspace WHERE {_PLACE} AND d.date >= ?",  # noqa: S608 - our own words
            (place.platform, place.workspace, place.channel, place.thread, since.isoformat()),
        )
        return {date.fromisoformat(day) for (day,) in rows.fetchall()}

    def since(self, place: Place, day: date) -> list[Run]:
        """The runs of a destination from a local date on, in order."""
        return self._find(place, "d.date >= ? ORDER BY d.date", day.isoformat())

    def last(self, place: Place, *, state: State | None = None) -> Run | None:
        """The last run of a destination, or the last in that state."""
        chosen = "" if state is None else f"d.state = '{state.value}' "
        return next(iter(self._find(place, f"{chosen or '1 '}ORDER BY d.date DESC LIMIT 1")), None)

    def last_window(self, place: Place) -> Window | None:
        """The window of the destination's last digest; the next begins where it ends."""
        found = self._find(place, f"{_COUNTED} ORDER BY d.until_seq DESC, d.date DESC LIMIT 1")
        return found[0].window if found else None

    def posted(self, place: Place, most: int) -> list[Run]:
        """The last digests that were posted in the workspace of a place, newest first."""
        where = f"w.platform = ? AND w.platform_id = ? AND d.state = 'posted' ORDER BY d.settled_at DESC LIMIT {most}"
        return self._select(where, place.platform, place.workspace)

    def window_before(self, place: Place, window: Window) -> Window | None:
        """The window of the digest that ended where this one begins."""
        found = self._find(place, f"{_COUNTED} AND d.until_seq <= {window.since_seq} ORDER BY d.until_seq DESC LIMIT 1")
        return found[0].window if found else None

    def open(self, platform: str) -> list[Run]:
        """What is asked for, and what was claimed and is not settled though its lease is over."""
        where = "w.platform = ? AND (d.state = 'asked' OR (d.state = 'claimed' AND d.lease_until <= ?)) ORDER BY d.id"
        return self._select(where, platform, stamp(self._clock()))

    def _find(self, place: Place, where: str, *values: str) -> list[Run]:
        key = (place.platform, place.workspace, place.channel, place.thread)
        return self._select(f"{_PLACE} AND {where}", *key, *values)

    def _select(self, where: str, *values: str) -> list[Run]:
        tables = "digests d JOIN workspaces w ON w.id = d.workspace"
        sql = f"SELECT {_COLUMNS} FROM {tables} WHERE {where}"  # noqa: S608 - our own words
        return [_run(row) for row in self._database.reader.execute(sql, values).fetchall()]


_COLUMNS = (
    "w.platform, w.platform_id, d.channel, d.thread, d.date, d.zone, d.due_at, d.state, d.why, d.covers, d.left_out, "
    "d.posted_by, d.message, d.settled_at, d.holder, d.id, d.since_seq, d.until_seq, d.since_at, d.until_at"
)
_PLACE = "w.platform = ? AND w.platform_id = ? AND d.channel = ? AND d.thread = ?"
_COUNTED = "d.until_seq IS NOT NULL AND d.state IN ('posted', 'skipped')"


def _run(row: tuple[Any, ...]) -> Run:
    platform, workspace, channel, thread, day, zone, due, state, why, *rest, settled, holder, id_, _, _, _, _ = row
    covers, left_out, posted_by, message = rest
    return Run(
        Place(platform, workspace, channel, thread),
        date.fromisoformat(day),
        zone,
        datetime.fromisoformat(due),
        State(state),
        why,
        covers,
        left_out,
        posted_by,
        _window(*row[-4:]),
        message,
        datetime.fromisoformat(settled) if settled else None,
        holder,
        id_,
    )


def _window(since_seq: int | None, until_seq: int | None, since: str, until: str) -> Window | None:
    if since_seq is None or until_seq is None:
        return None
    return Window(since_seq, until_seq, datetime.fromisoformat(since), datetime.fromisoformat(until))


def _claim(db: Tables, run: Run, times: tuple[datetime, datetime], first: Window, *, again: bool) -> Run | None:
    at, until = times
    where = (Names().workspace(db, run.place), run.place.channel, run.place.thread)
    other = "SELECT 1 FROM digests WHERE workspace = ? AND channel = ? AND thread = ? AND state = 'claimed' LIMIT 1"
    if db.execute(other, where).fetchone():
        return None
    replaced = "('asked', 'skipped', 'failed')" if again else "('asked')"
    db.execute(f"DELETE FROM digests WHERE mark = ? AND state IN {replaced}", (run.mark,))  # noqa: S608 - fixed words
    window = None if run.look_back else _next_window(db, where, at, first)
    if run.window and window:
        if window.since_seq != run.window.since_seq:
            raise Overtaken
        window = replace(window, until_seq=run.window.until_seq, until=max(run.window.until, window.since))
    claimed = replace(run, state=State.CLAIMED, window=window)
    if not _insert(db, claimed, lease_until=stamp(until)):
        return None
    (row,) = db.execute("SELECT id FROM digests WHERE mark = ?", (run.mark,)).fetchone()
    return replace(claimed, id=row)


def _next_window(db: Tables, where: tuple[int, str, str], at: datetime, first: Window) -> Window:
    row = db.execute(
        "SELECT until_seq, until_at FROM digests d WHERE workspace = ? AND channel = ? AND thread = ? "  # noqa: S608 - our own words
        f"AND {_COUNTED} ORDER BY until_seq DESC, date DESC LIMIT 1",
        where,
    ).fetchone()
    since_seq, since = (row[0], datetime.fromisoformat(row[1])) if row else (first.since_seq, first.since)
    return Window(since_seq, max(newest_seq(db), since_seq), since, max(at, since))


def _insert(db: Tables, run: Run, **more: str) -> bool:
    row: dict[str, Any] = {
        "workspace": Names().workspace(db, run.place),
        "channel": run.place.channel,
        "thread": run.place.thread,
        "date": run.day.isoformat(),
        "zone": run.zone,
        "covers": run.covers,
        "state": run.state.value,
        "why": run.why,
        "due_at": stamp(run.due_at),
        "mark": run.mark,
        "left_out": run.left_out,
        "posted_by": run.posted_by,
        "holder": run.holder,
        **more,
    }
    if window := run.window:
        times = {"since_at": stamp(window.since), "until_at": stamp(window.until)}
        row |= {"since_seq": window.since_seq, "until_seq": window.until_seq, **times}
    columns = ", ".join(row)
    names = ", ".join(f":{name}" for name in row)
    insert = f"INSERT INTO digests ({columns}) VALUES ({names}) ON CONFLICT DO NOTHING"  # noqa: S608 - our own columns
    return db.execute(insert, row).rowcount > 0
