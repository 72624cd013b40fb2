"""What is held of each thread and channel: the intervals of time in which nothing is missing.

While the bot listens to a place an interval is open there; what was said before it, and between two intervals, is a
gap until back-fill has read it. So a gap is known even after a crash in the middle of filling it.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from bot.archive.database import Database
from bot.archive.events import Event, Said
from bot.archive.names import Names
from bot.archive.rights import visible
from bot.archive.tables import Tables
from bot.asker import Place
from bot.times import stamp
from bot.values import value
from bot.venue import Readable


@value
class Interval:
    """From `first` to `last`, both ISO 8601 in UTC; `open` while the bot listens there."""

    first: str
    last: str
    open: bool = False


@value
class Held:
    """What is held of a channel or thread: its name or title, the intervals, and when it was last read back.

    `read_since` is from when on it was read then. Both moments are ISO 8601 in UTC, or empty.
    """

    place: Place
    name: str
    intervals: tuple[Interval, ...]
    read_at: str = ""
    read_since: str = ""


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """The intervals in order, those that touch or overlap as one."""
    made: list[Interval] = []
    for one in sorted(intervals, key=lambda each: (each.first, each.last)):
        if made and one.first <= made[-1].last:
            before = made.pop()
            one = Interval(before.first, max(before.last, one.last), before.open or one.open)  # noqa: PLW2901 - the two as one
        made.append(one)
    return made


def cover(db: Tables, names: Names, place: Place, interval: Interval) -> None:
    """Note that nothing is missing in this interval. For the transaction in which its messages are stored."""
    channel, thread = names.channel(db, place), names.thread(db, place)
    held = joined([*_held(db, channel, thread), interval])
    db.execute("DELETE FROM coverage WHERE channel = ? AND thread IS ?", (channel, thread))
    db.conn.executemany(
        "INSERT INTO coverage (channel, thread, first, last, open) VALUES (?, ?, ?, ?, ?)",
        [(channel, thread, one.first, one.last, int(one.open)) for one in held],
    )


def extend(db: Tables, names: Names, events: Iterable[Event]) -> None:
    """Note of what was heard live that the open intervals reach so far. For the transaction in which it is stored."""
    heard: defaultdict[Place, list[datetime]] = defaultdict(list)
    for event in events:
        if isinstance(event, Said):
            heard[event.place].append(event.at)
    for place, moments in heard.items():
        where = names.where(db, place)
        update = "UPDATE coverage SET last = max(last, ?) WHERE channel = ? AND thread IS ? AND open = 1"
        db.execute(update, (stamp(max(moments)), where.channel, where.thread))


class Coverage:
    """The intervals of every place."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listen(self, places: Iterable[Place], since: datetime) -> None:
        """The bot listens to these places from now on: a new interval is open in each."""
        moment = stamp(since)
        await self._cover(places, Interval(moment, moment, open=True))

    async def away(self, platform: str) -> None:
        """The bot hears nothing on this platform for now: what is open ends where it reaches."""
        await self._database.write(lambda db: db.execute(_CLOSE_ALL, (platform,)))

    async def deaf(self, place: Place) -> None:
        """The bot hears nothing in this place: what is open there ends where it reaches."""
        await self._database.write(lambda db: _unheard(db, Names(), place))

    def due(self, place: Place) -> str:
        """Since when a place is to be compared with the platform's history again; empty if it need not be."""
        row = self._database.reader.execute(
            "SELECT iif(t.id IS NULL, c.read_due_at, t.read_due_at) FROM channels c "
            "JOIN workspaces w ON w.id = c.workspace LEFT JOIN threads t ON t.channel = c.id AND t.platform_id = ? "
            "WHERE w.platform = ? AND w.platform_id = ? AND c.platform_id = ?",
            (place.thread, place.platform, place.workspace, place.channel),
        ).fetchone()
        return str(row[0] or "") if row else ""

    async def stopped(self, places: Iterable[Place], until: datetime) -> None:
        """The bot listens no longer: the open intervals end at that moment."""
        chosen = list(places)
        await self._database.write(lambda db: _end(db, chosen, stamp(until)))

    async def read_back(self, place: Place, since: datetime, at: datetime, due: str) -> None:
        """This place was read back at that moment, from `since` on; `due` is what `due` said when that began."""
        await self._database.write(lambda db: _note_read(db, place, stamp(since), stamp(at), due))

    def held(self, place: Place, readable: Readable) -> list[Held]:
        """What is held of each saved channel and thread of the workspace that is readable so, channel by channel."""
        db = self._database.reader
        shown = visible(db, place, readable)
        rows = db.execute(
            "SELECT c.platform_id, '', c.name, c.read_back_at, c.read_back_since FROM channels c "  # noqa: S608 - our own words
            f"WHERE c.kept_since IS NOT NULL AND c.deleted_at IS NULL AND {shown.of('c.id', 'NULL')} UNION ALL "
            "SELECT c.platform_id, t.platform_id, t.title, t.read_back_at, t.read_back_since FROM threads t "
            "JOIN channels c ON c.id = t.channel WHERE (t.kept_since IS NOT NULL OR c.kept_since IS NOT NULL) "
            f"AND t.deleted_at IS NULL AND {shown.of('t.channel', 't.id')} ORDER BY 1, 2"
        ).fetchall()
        where = [Place(place.platform, place.workspace, row[0], row[1]) for row in rows]
        return [Held(one, name, tuple(self.of(one)), at or "", since or "")
                for one, (_, _, name, at, since) in zip(where, rows, strict=True)]  # fmt: skip

    def of(self, place: Place) -> list[Interval]:
        """The intervals held of a thread or channel, in order."""
        rows = self._database.reader.execute(
            "SELECT v.first, v.last, v.open FROM coverage v JOIN channels c ON c.id = v.channel "
            "JOIN workspaces w ON w.id = c.workspace LEFT JOIN threads t ON t.id = v.thread "
            "WHERE w.platform = ? AND w.platform_id = ? AND c.platform_id = ? AND ifnull(t.platform_id, '') = ? "
            "ORDER BY v.first",
            (place.platform, place.workspace, place.channel, place.thread),
        ).fetchall()
        return [Interval(first, last, bool(open_)) for first, last, open_ in rows]

    async def _cover(self, places: Iterable[Place], interval: Interval) -> None:
        chosen, names = list(places), Names()

        def act(db: Tables) -> None:
            for place in chosen:
                _close(db, names, place)
                cover(db, names, place, interval)
                _note_due(db, names, place, interval.first)

        await self._database.write(act)


_CLOSE_ALL = (
    "UPDATE coverage SET open = 0 WHERE open = 1 AND channel IN "
    "(SELECT c.id FROM channels c JOIN workspaces w ON w.id = c.workspace WHERE w.platform = ?)"
)


def gaps(intervals: Iterable[Interval]) -> list[tuple[str, str]]:
    """What lies between the intervals, as (from, to)."""
    held = joined(intervals)
    return [(one.last, other.first) for one, other in itertools.pairwise(held)]


def known_seq(db: Tables, names: Names, place: Place) -> int:
    """The highest `saved_seq` when the bot began to listen there: what has a higher one was heard since."""
    table, row = _row(db, names, place)
    (found,) = db.execute(f"SELECT known_seq FROM {table} WHERE id = ?", (row,)).fetchone()  # noqa: S608 - our own names
    return int(found or 0)


def _note_due(db: Tables, names: Names, place: Place, moment: str) -> None:
    table, row = _row(db, names, place)
    newest = "(SELECT max(saved_seq) FROM messages)"
    db.execute(f"UPDATE {table} SET read_due_at = ?, known_seq = {newest} WHERE id = ?", (moment, row))  # noqa: S608 - our own names


def _note_read(db: Tables, place: Place, since: str, at: str, due: str) -> None:
    """Due again is what the bot listened to anew in the meantime."""
    table, row = _row(db, Names(), place)
    db.execute(
        f"UPDATE {table} SET read_back_at = ?, read_back_since = ?, read_due_at = nullif(read_due_at, ?) "  # noqa: S608 - our own names
        "WHERE id = ?",
        (at, since, due, row),
    )


def _row(db: Tables, names: Names, place: Place) -> tuple[str, int]:
    """The table and row of a thread, or of a channel."""
    thread = names.thread(db, place)
    return ("threads", thread) if thread else ("channels", names.channel(db, place))


def _held(db: Tables, channel: int, thread: int | None) -> list[Interval]:
    rows = db.execute("SELECT first, last, open FROM coverage WHERE channel = ? AND thread IS ?", (channel, thread))
    return [Interval(first, last, bool(open_)) for first, last, open_ in rows.fetchall()]


def _close(db: Tables, names: Names, place: Place) -> None:
    where = (names.channel(db, place), names.thread(db, place))
    db.execute("UPDATE coverage SET open = 0 WHERE channel = ? AND thread IS ? AND open = 1", where)


def _unheard(db: Tables, names: Names, place: Place) -> None:
    where = (names.channel(db, place), names.thread(db, place))
    db.execute("DELETE FROM coverage WHERE channel = ? AND thread IS ? AND open = 1 AND first = last", where)
    _close(db, names, place)


def _end(db: Tables, places: Iterable[Place], until: str) -> None:
    names = Names()
    for place in places:
        db.execute(
            "UPDATE coverage SET last = max(last, ?), open = 0 WHERE channel = ? AND thread IS ? AND open = 1",
            (until, names.channel(db, place), names.thread(db, place)),
        )
