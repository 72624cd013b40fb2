"""What a digest is built from: the rows of one window that an audience may read, and what stands beside them.

Nothing in here is the bot's own, another program's, deleted, or of somebody who opted out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, NamedTuple

from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.archive.message_rows import first_id, newest_seq
from bot.archive.rights import Visible, visible
from bot.archive.statements import chunks, marks
from bot.archive.tables import Tables
from bot.asker import Place
from bot.times import stamp
from bot.values import value
from bot.venue import Readable

# A condition on a channel is written `+m.channel`, so that SQLite looks up the window, not a channel with all in it;
# likewise `+m.deleted_at`, so that it reads the table, not an index that leads to each of its rows:
# https://sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
THERE = "+m.deleted_at IS NULL AND m.ours = 0 AND p.bot = 0"
FROM = "FROM messages m JOIN people p ON p.id = m.person"


@value
class Window:
    """What a digest reads: the messages that entered after `since_seq`, up to and with `until_seq`.

    `since` and `until` are the range of time that this stands for; what was written before it is from earlier. What an
    import brought from before `since` is in none: it is no news. With `by_time` the window is that range itself,
    whenever the messages entered.
    """

    since_seq: int
    until_seq: int
    since: datetime
    until: datetime
    by_time: bool = False

    @property
    def conditions(self) -> tuple[str, ...]:
        """Which messages `m` are in it: each by one of these alone.

        Nearly all that entered in it were written in its range: these stand together in the table, which is read from
        one to the next. The others are found by the index of `saved_seq`, which holds the ids as well.
        """
        first, last = first_id(self.since), first_id(self.until)
        written = f"m.id >= {first} AND m.id < {last}"
        if self.by_time:
            return (written,)
        news = f"+m.id < {first} AND m.id NOT IN (SELECT message FROM imported)"  # noqa: S608 - a number
        return (
            f"{written} AND +m.saved_seq > {self.since_seq} AND +m.saved_seq <= {self.until_seq}",
            f"m.saved_seq > {self.since_seq} AND m.saved_seq <= {self.until_seq} AND (+m.id >= {last} OR {news})",
        )


class Message(NamedTuple):
    """One message: its rows (`thread` is None outside of threads), the platform's id, and how many reactions it has.

    A tuple, since a day has thousands of them, and no other value is made so quickly of a row.
    """

    row: int
    seq: int
    channel: int
    thread: int | None
    person: int
    id: str
    words: str
    written_at: str
    reactions: int = 0


@value
class Thread:
    """A thread: its title, whose it is (a row and a name, empty where nobody is to be named), and how it began.

    `first_seq` and `first_at` are of the first of its messages, the bot's own card too.
    """

    row: int
    place: Place
    title: str
    anchor: Anchor
    opener: int | None = None
    opened_by: str = ""
    first_seq: int = 0
    first_at: str = ""


@value
class Rows:
    """Everything of a window. `unanswered` are rows of messages after which nobody else has said anything there.

    `lonely` are rows of threads in which nobody but their opener has. `channels` are places with their names.
    """

    messages: Sequence[Message] = ()
    threads: Mapping[int, Thread] = field(default_factory=dict)
    channels: Mapping[int, tuple[Place, str]] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    unanswered: frozenset[int] = frozenset()
    lonely: frozenset[int] = frozenset()
    remarks: Sequence[Message] = ()


class DigestRows:
    """Reads windows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> int:
        """The highest `saved_seq` given so far."""
        return newest_seq(self._database.reader)

    def read(self, place: Place, readable: Readable, window: Window, only: str = "") -> Rows:
        """The rows of the workspace in this window that are readable so; with `only`, of that channel alone."""
        db = self._database.reader
        shown = seen(db, place, readable, only)
        messages = _messages(db, shown, window)
        remarks = _remarks(db, shown, window)
        threads = _threads(db, place, {one.thread for one in (*messages, *remarks) if one.thread})
        threads |= _opened(db, place, shown, window)
        return Rows(
            messages,
            threads,
            _channels(db, place, {one.channel for one in (*messages, *remarks)}),
            _names(db, {one.person for one in (*messages, *remarks)}),
            _unanswered(db, shown, messages),
            frozenset(
                row for row, one in threads.items() if one.opener and not _others(db, "m.thread", row, one.opener)
            ),
            remarks,
        )

    def count(self, place: Place, readable: Readable, window: Window, only: str = "") -> tuple[int, int]:
        """How many messages by how many people were written in the window's range, and entered in it."""
        db = self._database.reader
        found = _fresh(db, "m.person, count(*)", seen(db, place, readable, only), window, "GROUP BY m.person")
        return sum(count for _, count in found), len({person for person, _ in found})

    def written(self, place: Place, readable: Readable, window: Window, only: str = "") -> list[str]:
        """When each of the messages that `count` counts was written, in the stored form."""
        db = self._database.reader
        return [at for (at,) in _fresh(db, "m.written_at", seen(db, place, readable, only), window)]

    def cold(self, place: Place, readable: Readable, reading: str, passages: Iterable[str]) -> tuple[str, ...]:
        """Those of these passages that nobody has discussed."""
        db = self._database.reader
        shown = visible(db, place, readable)
        return tuple(key for key in passages if not _discussed(db, shown, reading, key))

    def first_since(self, place: Place, moment: datetime) -> int:
        """The `saved_seq` before the first message of the workspace that was written since that moment."""
        row = self._database.reader.execute(
            "SELECT min(m.saved_seq) FROM messages m JOIN workspaces w ON w.id = m.workspace "
            "WHERE m.id >= ? AND w.platform = ? AND w.platform_id = ?",
            (first_id(moment), place.platform, place.workspace),
        ).fetchone()
        return int(row[0]) - 1 if row[0] else self.newest()

    def channels(self, place: Place, readable: Readable) -> list[tuple[str, str]]:
        """The channels of the workspace that are known and readable so: the platform's ids and names."""
        rows = self._database.reader.execute(
            "SELECT c.platform_id, c.name FROM channels c JOIN workspaces w ON w.id = c.workspace "
            "WHERE w.platform = ? AND w.platform_id = ? AND c.deleted_at IS NULL ORDER BY c.name, c.id",
            (place.platform, place.workspace),
        ).fetchall()
        return [(channel, name) for channel, name in rows if channel in readable.channels]


def seen(db: Tables, place: Place, readable: Readable, only: str = "") -> Visible:
    """The rows that are readable so; with `only`, of that channel alone."""
    if only:
        readable = Readable(readable.channels & {only}, readable.private_threads)
    return visible(db, place, readable)


def _messages(db: Tables, shown: Visible, window: Window) -> list[Message]:
    found: list[Message] = []
    for condition in window.conditions:
        sql = (
            "SELECT m.id, m.saved_seq, m.channel, m.thread, m.person, m.platform_id, m.text, m.written_at, "  # noqa: S608 - our own words
            f"(SELECT ifnull(sum(people), 0) FROM reactions WHERE message = m.id) {FROM} "
            f"WHERE {condition} AND {THERE} AND {shown.of('+m.channel', 'm.thread')}"
        )
        found += map(Message._make, db.execute(sql))
    return sorted(found)


def _fresh(db: Tables, columns: str, shown: Visible, window: Window, more: str = "") -> list[tuple[Any, ...]]:
    """Columns of the messages that entered in the window and were written in its range or later."""
    found: list[tuple[Any, ...]] = []
    for condition in window.conditions:
        sql = (
            f"SELECT {columns} {FROM} WHERE {condition} AND {THERE} AND m.written_at >= ? "
            f"AND {shown.of('+m.channel', 'm.thread')} {more}"
        )
        found += db.execute(sql, (stamp(window.since),))
    return found


def _remarks(db: Tables, shown: Visible, window: Window) -> list[Message]:
    """Messages that were first saved as somebody's remark in the window's range of time, in that order."""
    sql = (
        "SELECT m.id, m.saved_seq, m.channel, m.thread, m.person, m.platform_id, m.text, m.written_at, count(*) "  # noqa: S608 - our own words
        f"FROM remarks r JOIN messages m ON m.id = r.message JOIN people p ON p.id = m.person "
        f"WHERE r.saved_at >= ? AND r.saved_at < ? AND {THERE} AND {shown.of('+m.channel', 'm.thread')} "
        "AND NOT EXISTS (SELECT 1 FROM remarks e WHERE e.message = r.message AND e.saved_at < ?) "
        "GROUP BY m.id ORDER BY min(r.saved_at), m.id"
    )
    since, until = stamp(window.since), stamp(window.until)
    return list(map(Message._make, db.execute(sql, (since, until, since))))


def _threads(db: Tables, place: Place, rows: Iterable[int]) -> dict[int, Thread]:
    found: dict[int, Thread] = {}
    for some in chunks(sorted(rows)):
        sql = (
            "SELECT t.id, c.platform_id, t.platform_id, t.private, t.title, t.reading, t.passage, t.source_sha256, "  # noqa: S608 - our own words
            "t.opened_by, p.name, f.saved_seq, f.written_at FROM threads t JOIN channels c ON c.id = t.channel "
            "LEFT JOIN people p ON p.id = t.opened_by AND p.bot = 0 LEFT JOIN messages f ON f.id = "
            "(SELECT min(id) FROM messages WHERE thread = t.id) "
            f"WHERE t.id IN {marks(len(some))} AND t.deleted_at IS NULL"
        )
        for row, channel, thread, private, title, *anchor, opener, name, seq, at in db.execute(sql, some).fetchall():
            where = Place(place.platform, place.workspace, channel, thread, private=bool(private))
            about = Anchor(*(one or "" for one in anchor))
            found[row] = Thread(row, where, title, about, opener, name or "", seq or 0, at or "")
    return found


def _opened(db: Tables, place: Place, shown: Visible, window: Window) -> dict[int, Thread]:
    """Threads that entered in the window with a message, be it the bot's card alone."""
    found: set[int] = set()
    for condition in window.conditions:
        sql = (
            f"SELECT DISTINCT m.thread FROM messages m WHERE {condition} AND m.ours = 1 AND m.thread IS NOT NULL "  # noqa: S608 - our own words
            f"AND {shown.of('+m.channel', 'm.thread')}"
        )
        found |= {row for (row,) in db.execute(sql)}
    return _threads(db, place, found)


def _discussed(db: Tables, shown: Visible, reading: str, passage: str) -> bool:
    """Whether a member said something in a thread about the passage, or quoted it."""
    in_thread = (
        f"SELECT 1 FROM threads t WHERE t.reading = ? AND t.passage = ? AND {shown.of('+t.channel', 't.id')} "  # noqa: S608 - our own words
        f"AND EXISTS (SELECT 1 {FROM} WHERE m.thread = t.id AND {THERE})"
    )
    quoted = (
        "SELECT 1 FROM links l JOIN messages m ON m.id = l.message JOIN people p ON p.id = m.person "  # noqa: S608 - our own words
        f"WHERE l.reading = ? AND l.passage = ? AND {THERE} AND {shown.of('+m.channel', 'm.thread')}"
    )
    return any(db.execute(f"{sql} LIMIT 1", (reading, passage)).fetchone() for sql in (in_thread, quoted))


def _channels(db: Tables, place: Place, rows: Collection[int]) -> dict[int, tuple[Place, str]]:
    found: dict[int, tuple[Place, str]] = {}
    for some in chunks(sorted(rows)):
        sql = f"SELECT id, platform_id, name FROM channels WHERE id IN {marks(len(some))}"  # noqa: S608 - marks alone
        for row, one, name in db.execute(sql, some).fetchall():
            found[row] = (Place(place.platform, place.workspace, one), name)
    return found


def _names(db: Tables, rows: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in chunks(sorted(rows)):
        sql = f"SELECT id, name FROM people WHERE id IN {marks(len(some))}"  # noqa: S608 - marks alone
        found |= dict(db.execute(sql, some).fetchall())
    return found


def _unanswered(db: Tables, shown: Visible, messages: Sequence[Message]) -> frozenset[int]:
    """Those after which nobody else has said anything in their thread, or in their channel outside of threads."""
    last: dict[tuple[int, int | None], list[Message]] = {}
    ended: set[tuple[int, int | None]] = set()
    for one in reversed(messages):
        where = one.channel, one.thread
        if where not in last:
            last[where] = [one]
        elif where not in ended:
            if last[where][0].person == one.person:
                last[where].append(one)
            else:
                ended.add(where)
    return frozenset(
        one.row
        for (channel, thread), run in last.items()
        for one in run
        if not _followed(db, channel, thread, one) and not (thread is None and _in_its_thread(db, shown, one))
    )


def _followed(db: Tables, channel: int, thread: int | None, one: Message) -> bool:
    """Whether somebody else said something there after it."""
    there = f"m.channel = ? AND m.thread {'IS' if thread is None else '='} ?"
    sql = f"SELECT 1 {FROM} WHERE {there} AND m.id > ? AND m.person != ? AND {THERE} LIMIT 1"
    return db.execute(sql, (channel, thread, one.row, one.person)).fetchone() is not None


def _in_its_thread(db: Tables, shown: Visible, one: Message) -> bool:
    """Whether somebody else said something in the thread that this message opened."""
    sql = "SELECT t.id FROM threads t WHERE t.channel = ? AND t.platform_id = ?"
    row = db.execute(f"{sql} AND {shown.of('+t.channel', 't.id')}", (one.channel, one.id)).fetchone()
    return bool(row) and _others(db, "m.thread", row[0], one.person)


def _others(db: Tables, column: str, row: int, person: int) -> bool:
    sql = f"SELECT 1 {FROM} WHERE {column} = ? AND m.person != ? AND {THERE} LIMIT 1"
    return db.execute(sql, (row, person)).fetchone() is not None
