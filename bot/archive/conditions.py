"""A query as conditions on rows: which messages fit, and which of them may be shown to whoever looks."""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from bot.archive.query import Has, Query
from bot.archive.rights import Visible, visible
from bot.archive.tables import Tables
from bot.asker import Place
from bot.errors import BotError
from bot.values import value
from bot.venue import Readable
from bot.words import literal

MOST_TAGS = 100
US = "readalong"  # in `from:`, the bot itself
Select = tuple[str, Sequence[str | int]]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_ROW = 2**63 - 1
_HAS = {
    Has.LINK: "(instr(m.text, 'https://') OR instr(m.text, 'http://'))",
    Has.FILE: "{scanned} IN (SELECT message FROM attachments)",
    Has.QUOTE: "{scanned} IN (SELECT message FROM links)",
    Has.REACTION: "{scanned} IN (SELECT message FROM reactions WHERE people > 0)",
}


@value
class Scope:
    """Who looks, from which place, and what may be shown to them; without `readable` everything, for the operator.

    `me` is the platform's id of who asks.
    """

    place: Place | None = None
    readable: Readable | None = None
    me: str = ""


@dataclass(slots=True)
class Conditions:
    """What must hold of a message: of the index (`words` and `tags`, and not `unwanted`), and of its row.

    The index only narrows what is looked at. What may be shown is checked on the row.
    """

    words: str = ""
    unwanted: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    values: list[str | int] = field(default_factory=list)

    def add(self, condition: str, *values: str | int) -> None:
        """A condition on `messages m` that must hold."""
        self.rows.append(condition)
        self.values += values

    def tag(self, what: str, kind: str, rows: Collection[int]) -> None:
        """Look only at messages with one of these tags, where they are few: each is looked up by itself."""
        if len(rows) <= MOST_TAGS:
            self.tags[what] = " OR ".join(f'"{kind}{row}"' for row in rows) or '"none"'

    def select(self, columns: str, most: int, before: int | None = None) -> Select:
        """Columns of the newest that fit, newest first; of those before that row, where one is named."""
        return self._select(columns, "messages m", most, before)

    def counting(self, most: int, before: int | None = None) -> Select:
        """A row for each that fits, so many at most; read from an index that has all that rights depend on."""
        return self._select("1", "messages m INDEXED BY idx_messages_shown", most, before)

    def _select(self, columns: str, messages: str, most: int, before: int | None) -> Select:
        match = self._match()
        row = "f.rowid" if match else "m.id"
        # CROSS JOIN keeps the order of the tables: https://sqlite.org/lang_select.html#crossjoin
        source = f"messages_fts f CROSS JOIN {messages} ON m.id = f.rowid" if match else messages
        scanned = f"+{row}" if match else row  # the index can't be asked for many rows by their ids at once
        fits = [condition.format(row=row, scanned=scanned) for condition in self.rows]
        fits += [f"{row} < {before}"] if before is not None else []
        fits += ["messages_fts MATCH ?"] if match else []
        sql = f"SELECT {columns} FROM {source} WHERE {' AND '.join(fits)} ORDER BY {row} DESC LIMIT {most}"  # noqa: S608 - our own words
        return sql, [*self.values, *([match] if match else [])]

    def _match(self) -> str:
        """It for FTS5's MATCH; empty where the index is of no help. Every word in it stands in quotation marks."""
        wanted = [f"({{tags}} : ({one}))" for one in self.tags.values()]
        wanted += [f"({{search}} : ({self.words}))"] if self.words else []
        unwanted = f" NOT ({{search}} : ({self.unwanted}))" if self.unwanted and wanted else ""
        return f"({' AND '.join(wanted)}){unwanted}" if wanted else ""


def conditions(db: Tables, query: Query, scope: Scope) -> Conditions:
    """What must hold of a message that fits the query and may be shown. Raises BotError where `in:` names nothing."""
    made = Conditions(query.match, query.unmatch)
    made.add("m.deleted_at IS NULL AND m.person IS NOT NULL")
    shown = _add_rights(db, made, scope)
    _add_people(db, made, query.people, scope)
    if query.after:
        made.add("{row} >= ?", first_row(query.after))
    if query.before:
        made.add("{row} < ?", first_row(query.before))
    if query.places:
        _add_places(db, made, query.places, scope, shown)
    if query.reading:
        _add_anchor(made, query)
    for has in query.has:
        made.add(_HAS[has])
    if Has.LINK in query.has:
        made.tags["link"] = '"link"'
    if made.unwanted and not made.words and not made.tags:
        made.tag("place", "w", [row for (row,) in db.execute("SELECT id FROM workspaces").fetchall()])
    return made


def first_row(moment: datetime) -> int:
    """The lowest id that a message of this moment can have."""
    return max(min(((moment - _EPOCH) // timedelta(milliseconds=1)) << 20, _LAST_ROW), -_LAST_ROW)


@lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """A name of a person or channel for comparing: without its sign, however capitals and accents are typed."""
    return " ".join(unicodedata.normalize("NFKC", name.lstrip("@#")).casefold().split())


Shown = Callable[[str, str], str]


def _add_rights(db: Tables, made: Conditions, scope: Scope) -> Shown:
    """Only what may be shown. Returns that condition for other tables: on the columns of a channel and a thread."""
    if scope.readable is None:
        return lambda *_: "1"
    nothing = Visible(frozenset(), frozenset())
    allowed = visible(db, scope.place, scope.readable) if scope.place else nothing
    made.add(allowed.of("+m.channel", "+m.thread"))  # the sign keeps SQLite from an index that has them in no order
    (channels,) = db.execute("SELECT count(*) FROM channels").fetchone()
    if 2 * len(allowed.channels) < channels:
        made.tag("place", "c", allowed.channels)
    return allowed.of


def _add_people(db: Tables, made: Conditions, people: Iterable[str], scope: Scope) -> None:
    """Who is named, by every name they go by; the bot's own messages only where it is named itself."""
    wanted = {scope.me if name.casefold() == "me" else name for name in people}
    if not wanted:
        made.add("m.ours = 0")
        return
    rows = [row for row, names in _people(db, scope) if any(_is_called(name, names) for name in wanted)]
    if any(plain_name(name) == US for name in wanted):
        made.add(f"(m.ours = 1 OR +m.person IN ({_listed(rows)}))")
        made.tags["person"] = " OR ".join(['"ours"', *(f'"p{row}"' for row in rows)])
    else:
        made.add(f"m.ours = 0 AND +m.person IN ({_listed(rows)})")
        made.tag("person", "p", rows)


def _people(db: Tables, scope: Scope) -> list[tuple[int, tuple[str, str]]]:
    where, values = _of_workspace(scope)
    rows = db.execute(f"SELECT id, platform_id, name FROM people WHERE {where}", values).fetchall()  # noqa: S608 - our own words
    return [(row, (platform_id, name)) for row, platform_id, name in rows]


def _is_called(typed: str, names: tuple[str, str]) -> bool:
    """Whether an id, a mention (`<@U1>`), a name or the first words of a name is what was typed."""
    platform_id, name = names
    wanted, called = plain_name(typed), plain_name(name)
    return (
        typed.strip("<@!>").partition("|")[0] == platform_id
        or (bool(wanted) and (called == wanted or called.startswith(f"{wanted} ")))
    )  # fmt: skip


def _add_places(db: Tables, made: Conditions, places: Iterable[str], scope: Scope, shown: Shown) -> None:
    """The channels of these names, else the threads, of those that may be shown."""
    where, values = _of_workspace(scope)
    kinds = (
        ("c", "m.channel", f"SELECT id, platform_id, name FROM channels WHERE {where} AND {shown('id', 'NULL')}"),  # noqa: S608 - our own words
        ("t", "m.thread", f"SELECT id, platform_id, title FROM threads WHERE {where} AND {shown('channel', 'id')}"),  # noqa: S608 - our own words
    )
    conditions: list[str] = []
    tags: list[str] = []
    for typed in places:
        wanted = _here(scope) if typed.casefold() == "here" else typed
        named = ((kind, column, _named(db, select, values, wanted)) for kind, column, select in kinds)
        kind, column, rows = next((one for one in named if one[2]), ("", "", []))
        if not rows:
            raise BotError(f"Nothing that you can read is saved in “{literal(typed[:80])}”. `/saved` lists what is.")
        conditions.append(f"+{column} IN ({_listed(rows)})")
        tags += [f'"{kind}{row}"' for row in rows]
    made.add(f"({' OR '.join(conditions)})")
    if len(tags) <= MOST_TAGS:
        made.tags["place"] = " OR ".join(tags)  # instead of all that may be shown: these are some of them


def _named(db: Tables, select: str, values: Sequence[str], wanted: str) -> list[int]:
    return [row for row, *names in db.execute(select, values).fetchall() if _is_place(wanted, *names)]


def _here(scope: Scope) -> str:
    if scope.place is None or scope.place.direct:
        raise BotError("`in:here` works in a channel or a thread. Name the one that you mean, for example `in:kurils`.")
    return scope.place.thread or scope.place.channel


def _is_place(typed: str, platform_id: str, name: str) -> bool:
    """Whether an id, a mention (`<#C1|kurils>`) or a name is what was typed."""
    return typed.strip("<#>").partition("|")[0] == platform_id or (bool(name) and plain_name(typed) == plain_name(name))


def _add_anchor(made: Conditions, query: Query) -> None:
    """In a thread on the reading, or on one of the passages; or quoting it word for word."""
    wanted = "reading = ?"
    if query.passages:
        wanted += f" AND passage IN ({', '.join('?' for _ in query.passages)})"
    values = (query.reading, *query.passages)
    threads = f"SELECT id FROM threads WHERE {wanted}"  # noqa: S608 - marks alone
    links = f"SELECT message FROM links WHERE {wanted}"  # noqa: S608 - marks alone
    made.add(f"(+m.thread IN ({threads}) OR +{{row}} IN ({links}))", *values, *values)


def _of_workspace(scope: Scope) -> tuple[str, list[str]]:
    if scope.readable is None:
        return "1", []
    place = scope.place or Place("", "", "")
    return (
        "workspace IN (SELECT id FROM workspaces WHERE platform = ? AND platform_id = ?)",
        [place.platform, place.workspace],
    )


def _listed(rows: Iterable[int]) -> str:
    return ", ".join(map(str, rows))
