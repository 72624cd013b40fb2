"""A query as conditions on rows: which messages fit, and which of them may be shown to whoever looks."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database as Tables

from bot.archive.query import Has, Query
from bot.archive.rights import Visible, visible
from bot.asker import Place
from bot.errors import BotError
from bot.venue import Readable
from bot.words import literal

US = "readalong"  # in `from:`, the bot itself
Select = tuple[str, Sequence[str | int]]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_ROW = 2**63 - 1
_HAS = {
    Has.LINK: "(instr(m.text, 'https://') OR instr(m.text, 'http://'))",
    Has.FILE: "EXISTS (SELECT 1 FROM attachments a WHERE a.message = m.id)",
    Has.QUOTE: "EXISTS (SELECT 1 FROM links l WHERE l.message = m.id)",
    Has.REACTION: "EXISTS (SELECT 1 FROM reactions r WHERE r.message = m.id AND r.people > 0)",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Who looks, from which place, and what may be shown to them; without `readable` everything, for the operator.

    `me` is the platform's id of who asks.
    """

    place: Place | None = None
    readable: Readable | None = None
    me: str = ""


@dataclass(slots=True)
class Conditions:
    """Conditions on `messages m`, and on `messages_fts f` where `words` is not empty, with their values."""

    words: str = ""
    every: list[str] = field(default_factory=list)
    values: list[str | int] = field(default_factory=list)

    def add(self, condition: str, *values: str | int) -> None:
        """One more that must hold."""
        self.every.append(condition)
        self.values += values

    def select(self, columns: str, most: int, before: int | None = None) -> Select:
        """Columns of the newest that fit, newest first; of those before that row, where one is named."""
        source, row = (
            ("messages_fts f CROSS JOIN messages m ON m.id = f.rowid", "f.rowid")
            if self.words
            else ("messages m", "m.id")
        )
        fits = [*self.every, *([] if before is None else [f"{row} < {before}"])]
        sql = f"SELECT {columns} FROM {source} WHERE {' AND '.join(fits)} ORDER BY {row} DESC LIMIT {most}"  # noqa: S608 - our own words
        return sql, self.values


def conditions(db: Tables, query: Query, scope: Scope) -> Conditions:
    """What must hold of a message that fits the query and may be shown. Raises BotError where `in:` names nothing."""
    made = Conditions(query.match)
    row = "f.rowid" if query.match else "m.id"
    if query.match:
        unwanted = f" NOT ({query.unmatch})" if query.unmatch else ""
        made.add("messages_fts MATCH ?", f"({query.match}){unwanted}")
    elif query.unmatch:
        made.add("m.id NOT IN (SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?)", query.unmatch)
    if query.after:
        made.add(f"{row} >= ?", first_row(query.after))
    if query.before:
        made.add(f"{row} < ?", first_row(query.before))
    shown = _shown(db, scope)
    made.add(f"m.deleted_at IS NULL AND m.person IS NOT NULL AND {shown('m.channel', 'm.thread')}")
    made.add(_written_by(db, query.people, scope))
    if query.places:
        made.add(_said_in(db, query.places, scope, shown))
    if query.reading:
        made.add(*_about(query))
    for has in query.has:
        made.add(_HAS[has])
    return made


def first_row(moment: datetime) -> int:
    """The lowest id that a message of this moment can have."""
    return max(min(((moment - _EPOCH) // timedelta(milliseconds=1)) << 20, _LAST_ROW), -_LAST_ROW)


def plain_name(name: str) -> str:
    """A name of a person or channel for comparing: without its sign, however capitals and accents are typed."""
    return " ".join(unicodedata.normalize("NFKC", name.lstrip("@#")).casefold().split())


def _shown(db: Tables, scope: Scope) -> Callable[[str, str], str]:
    if scope.readable is None:
        return lambda *_: "1"
    if scope.place is None:
        return Visible(frozenset(), frozenset()).of
    return visible(db, scope.place, scope.readable).of


def _written_by(db: Tables, people: Iterable[str], scope: Scope) -> str:
    """Who is named, by every name they go by; the bot's own messages only where it is named itself."""
    wanted = {scope.me if name.casefold() == "me" else name for name in people}
    if not wanted:
        return "m.ours = 0"
    bot = any(plain_name(name) == US for name in wanted)
    rows = _numbers(row for row, names in _people(db, scope) if any(_is_called(name, names) for name in wanted))
    return f"(m.ours = 1 OR m.person IN ({rows}))" if bot else f"m.ours = 0 AND m.person IN ({rows})"


def _people(db: Tables, scope: Scope) -> list[tuple[int, tuple[str, str]]]:
    where, values = _of_workspace(scope)
    rows = db.execute(f"SELECT id, platform_id, name FROM people WHERE {where}", values).fetchall()  # noqa: S608 - our own words
    return [(row, (platform_id, name)) for row, platform_id, name in rows]


def _is_called(typed: str, names: tuple[str, str]) -> bool:
    """Whether an id, a mention (`<@U1>`), a name or the first words of a name is what was typed."""
    platform_id, name = names
    wanted, called = plain_name(typed), plain_name(name)
    return (
        typed.strip("<@!>") == platform_id
        or (bool(wanted) and (called == wanted or called.startswith(f"{wanted} ")))
    )  # fmt: skip


def _said_in(db: Tables, places: Iterable[str], scope: Scope, shown: Callable[[str, str], str]) -> str:
    """The channels and threads of these names, of those that may be shown."""
    where, values = _of_workspace(scope)
    channels = db.execute(
        f"SELECT id, platform_id, name FROM channels WHERE {where} AND {shown('id', 'NULL')}",  # noqa: S608 - our own words
        values,
    ).fetchall()
    threads = db.execute(
        f"SELECT id, platform_id, title FROM threads WHERE {where} AND {shown('channel', 'id')}",  # noqa: S608 - our own words
        values,
    ).fetchall()
    inside: list[str] = []
    for typed in places:
        wanted = _here(scope) if typed.casefold() == "here" else typed
        in_channels = _numbers(row for row, *names in channels if _is_place(wanted, *names))
        in_threads = _numbers(row for row, *names in threads if _is_place(wanted, *names))
        if not in_channels and not in_threads:
            raise BotError(f"Nothing that you can read is saved in “{literal(typed[:80])}”. `/saved` lists what is.")
        inside.append(f"m.channel IN ({in_channels})" if in_channels else f"m.thread IN ({in_threads})")
    return f"({' OR '.join(inside)})"


def _here(scope: Scope) -> str:
    if scope.place is None or scope.place.direct:
        raise BotError("`in:here` works in a channel or a thread. Name the one that you mean, for example `in:kurils`.")
    return scope.place.thread or scope.place.channel


def _is_place(typed: str, platform_id: str, name: str) -> bool:
    """Whether an id, a mention (`<#C1|kurils>`) or a name is what was typed."""
    return typed.strip("<#>").partition("|")[0] == platform_id or (bool(name) and plain_name(typed) == plain_name(name))


def _about(query: Query) -> tuple[str, *tuple[str, ...]]:
    """In a thread on the reading, or on one of the passages; or quoting it word for word."""
    wanted = "reading = ?"
    if query.passages:
        wanted += f" AND passage IN ({', '.join('?' for _ in query.passages)})"
    condition = (
        f"(m.thread IN (SELECT id FROM threads WHERE {wanted}) "  # noqa: S608 - marks alone
        f"OR m.id IN (SELECT message FROM links WHERE {wanted}))"
    )
    return condition, *(query.reading, *query.passages) * 2


def _of_workspace(scope: Scope) -> tuple[str, list[str]]:
    if scope.readable is None:
        return "1", []
    place = scope.place or Place("", "", "")
    return (
        "workspace IN (SELECT id FROM workspaces WHERE platform = ? AND platform_id = ?)",
        [place.platform, place.workspace],
    )


def _numbers(rows: Iterable[int]) -> str:
    return ", ".join(map(str, rows))
