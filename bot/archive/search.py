"""Finding saved messages by a Query, never more of them than the rights of whoever looks allow.

Words may be rare or everywhere, so the cost is bounded: what fits is counted up to 5,000, the newest 1,000 are ranked,
and after a quarter of a second what was found so far is shown, newest first. Pages go on from a message, by its key.
"""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from bot.archive.conditions import Conditions, Scope, Select, conditions
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.archive.query import Query
from bot.archive.ranking import Candidate, Score, marks, ranked
from bot.archive.rights import visible
from bot.archive.tables import Tables
from bot.asker import Place
from bot.errors import BotError
from bot.times import now
from bot.values import value

COUNTED = 5000
RANKED = 1000
SECONDS = 0.25
STEPS = 2000  # of SQLite's virtual machine, between two looks at the clock
GONE = "The list can't go on from there: what it showed last is no longer kept. Search again."


class Order(StrEnum):
    """In which order messages are shown."""

    BEST = "best"
    NEWEST = "newest"


@value
class Hit:
    """A message that fits: where it stands, who wrote what and when (ISO 8601, UTC).

    `marks` are (start, end) offsets into `text` of the words that were looked for. `channel` is the channel's name,
    if it was told; `title` the thread's, empty outside of threads. `score` is there where messages are ranked.
    """

    place: Place
    message: str
    author: str
    written_at: str
    text: str
    marks: tuple[tuple[int, int], ...]
    channel: str
    title: str
    anchor: Anchor
    score: Score | None = None

    @property
    def key(self) -> str:
        """What names it within its workspace: its channel and its id."""
        return f"{self.place.channel}/{self.message}"


@value
class Found:
    """A page of what fits, in this `order`. There are `total` in all, or `more` than that.

    `past` is the key to go on after, empty on the last page. `hurried`: it took too long to look at everything.
    """

    hits: tuple[Hit, ...]
    total: int
    more: bool
    order: Order
    past: str = ""
    hurried: bool = False


@value
class Page:
    """Which stretch of what fits is wanted: so many, in that order, after the message of that key."""

    limit: int = 10
    order: Order | None = None
    past: str = ""


class Search:
    """Search in one database, in a thread of its own. `clock` gives the time now, in UTC; `seconds` bounds a search."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now, seconds: float = SECONDS) -> None:
        self._database = database
        self._clock = clock
        self._seconds = seconds

    async def find(self, query: Query, scope: Scope, page: Page | None = None) -> Found:
        """What fits the query and may be shown in that scope: ranked, or newest first if no words were given.

        Raises BotError for a channel that is not there, or a page that can't go on.
        """
        wanted = page or Page()
        return await self._database.read(lambda db: find_in(db, query, scope, wanted, self._clock(), self._seconds))

    async def without(self, query: Query, scope: Scope) -> list[tuple[str, int]]:
        """What to leave out of a query that finds nothing: each filter or term with what is found without it.

        A count of 1,000 means that many or more. What helps nothing is not named.
        """
        return await self._database.read(lambda db: _without(db, query, scope, self._seconds))


def find_in(db: Tables, query: Query, scope: Scope, page: Page, moment: datetime, seconds: float) -> Found:
    """As `Search.find`, on this connection."""
    where = conditions(db, query, scope)
    past = _row(db, scope, page.past) if page.past else None
    ranking = bool(query.wanted) and page.order is not Order.NEWEST
    most = RANKED if ranking else page.limit + 1
    with _Bound(db, seconds) as bound:
        rows = bound.rows(where.select("m.id, m.search, m.thread", most, None if ranking else past))
        hurried = bound.over
        newest = rows if ranking or past is None else None
        if newest is not None and len(newest) < most:
            total, more = len(newest), hurried
        else:
            total, more = _count(bound, where, newest or (), max(COUNTED, page.limit))
    if ranking and not hurried:
        chosen = _ranked(db, query, rows, past, moment)
    else:
        chosen = [(row[0], None) for row in rows if past is None or row[0] < past]
    hits = _hits(db, query, chosen[: page.limit])
    goes_on = len(chosen) > page.limit or (hurried and hits)
    order = Order.BEST if ranking and not hurried else Order.NEWEST
    return Found(hits, total, more, order, hits[-1].key if goes_on else "", hurried)


class _Bound:
    """A bound of time on what is read within it: when it is over, what was read so far has to do."""

    def __init__(self, db: Tables, seconds: float) -> None:
        self._db = db
        self._until = time.monotonic() + seconds
        self.over = False

    def __enter__(self) -> Self:
        self._db.conn.set_progress_handler(self._is_over, STEPS)
        return self

    def __exit__(self, *_: object) -> None:
        self._db.conn.set_progress_handler(None, STEPS)

    def rows(self, select: Select) -> list[tuple[Any, ...]]:
        """The rows, or those of them that were read in time."""
        read: list[tuple[Any, ...]] = []
        try:
            read.extend(self._db.execute(*select))
        except sqlite3.OperationalError:
            if not self.over:
                raise
        return read

    def _is_over(self) -> bool:
        self.over = self.over or time.monotonic() > self._until
        return self.over


def _count(bound: _Bound, where: Conditions, newest: Sequence[tuple[Any, ...]], most: int) -> tuple[int, bool]:
    """How many fit, up to `most`, and whether there are more than that. `newest` are those that are known to."""
    before = newest[-1][0] if newest else None
    total = len(newest) + len(bound.rows(where.counting(max(most + 1 - len(newest), 0), before)))
    return min(total, most), bound.over or total > most


def _ranked(
    db: Tables, query: Query, rows: Sequence[tuple[Any, ...]], past: int | None, moment: datetime
) -> list[tuple[int, Score | None]]:
    """The rows with their scores, best first; those after that row, where one is named."""
    titles = _by_row(db, "SELECT id, title FROM threads WHERE id IN", [row[2] for row in rows if row[2]])
    counts = "SELECT message, sum(people) FROM reactions WHERE message IN"
    reactions = _by_row(db, counts, [row[0] for row in rows], "GROUP BY message")
    candidates = [Candidate(row, search, titles.get(thread, ""), reactions.get(row, 0)) for row, search, thread in rows]
    scored = ranked(candidates, query.wanted, int(moment.timestamp() * 1000))
    at = next((number for number, (_, one) in enumerate(scored, 1) if one.row == past), 0)
    return [(one.row, score) for score, one in scored[at:]]


def _by_row(db: Tables, select: str, rows: Sequence[int], more: str = "") -> dict[int, Any]:
    listed = ", ".join(map(str, sorted(set(rows))))
    return dict(db.execute(f"{select} ({listed}) {more}").fetchall())


def _hits(db: Tables, query: Query, chosen: Sequence[tuple[int, Score | None]]) -> tuple[Hit, ...]:
    listed = ", ".join(str(row) for row, _ in chosen)
    rows = db.execute(
        "SELECT m.id, w.platform, w.platform_id, c.platform_id, ifnull(t.platform_id, ''), ifnull(t.private, 0), "  # noqa: S608 - numbers alone
        "m.platform_id, p.name, m.written_at, m.text, c.name, ifnull(t.title, ''), ifnull(t.reading, ''), "
        "ifnull(t.passage, ''), ifnull(t.source_sha256, '') FROM messages m JOIN workspaces w ON w.id = m.workspace "
        "JOIN channels c ON c.id = m.channel JOIN people p ON p.id = m.person LEFT JOIN threads t ON t.id = m.thread "
        f"WHERE m.id IN ({listed})"
    ).fetchall()
    by_row = {row[0]: row[1:] for row in rows}
    return tuple(_hit(query, by_row[row], score) for row, score in chosen if row in by_row)


def _hit(query: Query, row: tuple[Any, ...], score: Score | None) -> Hit:
    platform, workspace, channel, thread, private, message, author, at, text, name, title, *anchor = row
    place = Place(platform, workspace, channel, thread, private=bool(private))
    return Hit(place, message, author, at, text, marks(text, query.wanted), name, title, Anchor(*anchor), score)


def _row(db: Tables, scope: Scope, key: str) -> int:
    """The row of the message that this key names, if it may be shown. Raises BotError for any other."""
    channel, _, message = key.partition("/")
    place = scope.place or Place("", "", "")
    shown = visible(db, place, scope.readable).of("m.channel", "m.thread") if scope.readable else "1"
    found = db.execute(
        "SELECT m.id FROM messages m JOIN channels c ON c.id = m.channel JOIN workspaces w ON w.id = c.workspace "  # noqa: S608 - our own words
        f"WHERE w.platform = ? AND w.platform_id = ? AND c.platform_id = ? AND m.platform_id = ? AND {shown}",
        (place.platform, place.workspace, channel, message),
    ).fetchone()
    if found is None:
        raise BotError(GONE)
    return int(found[0])


def _without(db: Tables, query: Query, scope: Scope, seconds: float) -> list[tuple[str, int]]:
    terms = [term.typed for term in query.terms] if len(query.terms) > 1 else []
    found: list[tuple[str, int]] = []
    with _Bound(db, seconds) as bound:
        for what in (*dict.fromkeys(key for key, _ in query.typed), *dict.fromkeys(terms)):
            with contextlib.suppress(BotError):  # another filter names nothing that is there
                where = conditions(db, query.without(what), scope)
                if count := len(bound.rows(where.counting(RANKED))):
                    found.append((what, count))
    return sorted(found, key=lambda pair: -pair[1])
