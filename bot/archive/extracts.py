"""What leaves the database: a selection of it as records, by the platforms' ids alone, piece by piece.

A record is a dict of JSON's values without those that are empty. `messages.id` and `saved_seq` stay behind; so does
everything of people who opted out. What was deleted is told as deleted, without a word. Records come in an order that
does not depend on the database, so two that hold the same give the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.archive.erasing import NOBODY
from bot.archive.privacy import out_of
from bot.archive.selections import Selection
from bot.archive.statements import chunks, marks
from bot.archive.tables import Tables
from bot.values import value

Record = dict[str, Any]
Row = tuple[Any, ...]

AT_ONCE = 500
_PEOPLE_OF = (
    "SELECT DISTINCT m.person FROM messages m WHERE",
    "SELECT DISTINCT r.person FROM reactions r JOIN messages m ON m.id = r.message WHERE",
    "SELECT DISTINCT r.person FROM remarks r JOIN messages m ON m.id = r.message WHERE",
)
_BESIDE = {
    "revisions": ("written_at", "text"),
    "reactions": ("emoji", "person", "people", "changed_at"),
    "attachments": ("platform_id", "name", "kind", "bytes", "url"),
    "remarks": ("saved_at", "person"),
    "links": ("reading", "passage", "words"),
}
_HELD = ("kept_since", "archived_at", "deleted_at", "read_back_at", "read_back_since")
_THREAD = ("title", "opened_at", "reading", "passage", "source_sha256")


@value
class _Person:
    platform: str
    workspace: str
    id: str
    name: str
    bot: int


@value
class _Channel:
    platform: str
    workspace: str
    id: str
    name: str
    private: int
    direct: int

    @property
    def place(self) -> Record:
        return {"platform": self.platform, "workspace": self.workspace, "channel": self.id}


class Extract:
    """The records of a selection, on a connection that stays open while they are read.

    With `as_shown` they have only what can be seen where it was said: no earlier texts, nothing of what was taken back.
    """

    def __init__(self, db: Tables, selection: Selection, *, as_shown: bool = False) -> None:
        self.title = selection.title
        self._db = db
        self._selection = selection
        self._as_shown = as_shown
        out = out_of(db)
        people = db.execute(
            "SELECT p.id, w.platform, w.platform_id, p.platform_id, p.name, p.bot FROM people p "
            "JOIN workspaces w ON w.id = p.workspace"
        )
        self._people = {row: _Person(*values) for row, *values in people if not out(values[0], values[2])}
        channels = db.execute(
            "SELECT c.id, w.platform, w.platform_id, c.platform_id, c.name, c.private, c.direct FROM channels c "
            "JOIN workspaces w ON w.id = c.workspace"
        )
        self._channels = {row: _Channel(*values) for row, *values in channels}
        self._threads: dict[int, str] = dict(db.execute("SELECT id, platform_id FROM threads").fetchall())
        self._names = {(one.platform, one.workspace, one.id): one.name for one in self._people.values()}

    def count(self) -> int:
        """How many messages stand in it."""
        where = f"({self._selection.messages}) AND m.deleted_at IS NULL AND m.ours = 0"
        return int(self._rows(f"SELECT count(*) FROM messages m WHERE {where}")[0][0])  # noqa: S608 - our own conditions

    def workspaces(self) -> list[Record]:
        """Whose channels it has."""
        found = {(one.platform, one.workspace) for one in map(self._channels.__getitem__, self._channel_rows())}
        rows = self._db.execute("SELECT platform, platform_id, name FROM workspaces").fetchall()
        names = {(platform, id_): name for platform, id_, name in rows}
        return [_record(platform=on, id=id_, name=names[on, id_]) for on, id_ in sorted(found)]

    def people(self) -> list[Record]:
        """Everybody who wrote, reacted, saved a remark or opened a discussion in it."""
        rows = {row for select in _PEOPLE_OF for (row,) in self._rows(f"{select} {self._selection.messages}")}
        rows |= {row for (row,) in self._thread_rows("t.opened_by")}
        found = sorted((self._people[row] for row in rows if row in self._people), key=_order)
        return [
            _record(platform=one.platform, workspace=one.workspace, id=one.id, name=one.name, bot=bool(one.bot))
            for one in found
        ]

    def channels(self) -> Iterator[tuple[int, Record]]:
        """Its channels, each with a number for `messages`; what is held of one only where that is all in it."""
        whole = {
            row: dict(zip(_HELD, values, strict=True))
            for row, *values in self._db.execute(
                f"SELECT c.id, {_listed('c', _HELD)} FROM channels c WHERE {self._selection.channels}",  # noqa: S608 - our own conditions
                self._selection.channels_values,
            )
        }
        rows = [(self._channels[row], row) for row in self._channel_rows()]
        for one, row in sorted(rows, key=lambda pair: _order(pair[0])):
            held = {**whole[row], "coverage": self._covered(row, None)} if row in whole else {}
            rights = {"private": bool(one.private), "direct": bool(one.direct)}
            yield (
                row,
                _record(platform=one.platform, workspace=one.workspace, id=one.id, name=one.name, **rights, **held),
            )

    def threads(self) -> Iterator[tuple[int, Record]]:
        """Its discussions, each with a number for `messages`; what is held of one, only where that is all in it."""
        whole = f"t.id IN (SELECT t.id FROM threads t WHERE {self._selection.threads})"  # noqa: S608 - our own conditions
        columns = f"t.id, t.channel, t.opened_by, t.private, {_listed('t', (*_THREAD, *_HELD))}"
        rows = self._thread_rows(f"{columns}, {whole}", self._selection.threads_values)
        for row in sorted(rows, key=lambda row: (_order(self._channels[row[1]]), self._threads[row[0]])):
            yield row[0], self._thread(row)

    def messages(self, thread: int | None = None, channel: int | None = None) -> Iterator[Record]:
        """Its messages in the order of time: all, or those of a discussion, or those of a channel outside of any."""
        where, values = f"({self._selection.messages})", list(self._selection.values)
        if thread is not None:
            where, values = f"{where} AND m.thread = ?", [*values, thread]
        elif channel is not None:
            where, values = f"{where} AND m.channel = ? AND m.thread IS NULL", [*values, channel]
        rows = self._db.execute(
            "SELECT m.id, m.channel, m.thread, m.platform_id, m.person, m.text, m.written_at, m.edited_at, "  # noqa: S608 - our own conditions
            f"m.deleted_at, m.answers, m.ours FROM messages m WHERE {where} ORDER BY m.id",
            values,
        )
        while some := rows.fetchmany(AT_ONCE):
            beside = {table: self._beside(table, [row[0] for row in some]) for table in _BESIDE}
            for row in some:
                told = self._message(row, {table: found.get(row[0], []) for table, found in beside.items()})
                if not self._as_shown or told.get("text") or told.get("attachments"):
                    yield told

    def called(self, record: Record, person: str = "") -> str:
        """What somebody is called who is named by the platform's id in a record, else its author."""
        id_ = person or record.get("person", "")
        return self._names.get((record["platform"], record["workspace"], id_)) or id_ or NOBODY

    def _rows(self, sql: str) -> list[Row]:
        return self._db.execute(sql, self._selection.values).fetchall()

    def _channel_rows(self) -> set[int]:
        """The channels of its messages and discussions, and those of which it has everything."""
        chosen = self._selection
        of_messages = self._rows(f"SELECT DISTINCT m.channel FROM messages m WHERE {chosen.messages}")  # noqa: S608 - our own conditions
        sql = f"SELECT c.id FROM channels c WHERE {chosen.channels}"  # noqa: S608 - our own conditions
        whole = self._db.execute(sql, chosen.channels_values).fetchall()
        return {row for (row,) in (*of_messages, *self._thread_rows("t.channel"), *whole)}

    def _thread_rows(self, columns: str, values: Sequence[str | int] = ()) -> list[Row]:
        """Columns of the discussions that it has everything of, or messages of. `values` are for the columns."""
        chosen = self._selection
        some = f"t.id IN (SELECT m.thread FROM messages m WHERE {chosen.messages})"  # noqa: S608 - our own conditions
        sql = f"SELECT {columns} FROM threads t WHERE ({chosen.threads}) OR {some}"  # noqa: S608 - our own conditions
        return self._db.execute(sql, [*values, *chosen.threads_values, *chosen.values]).fetchall()

    def _thread(self, row: Row) -> Record:
        id_, channel, opened_by, private, *values, whole = row
        told = dict(zip((*_THREAD, *_HELD), values, strict=True))
        if whole:
            told["coverage"] = self._covered(channel, id_)
        else:
            told = {name: told[name] for name in _THREAD}
        opener = self._people.get(opened_by)
        place = self._channels[channel].place
        return _record(
            **place, id=self._threads[id_], **told, private=bool(private), opened_by=opener.id if opener else ""
        )

    def _covered(self, channel: int, thread: int | None) -> list[list[str]]:
        sql = "SELECT first, last FROM coverage WHERE channel = ? AND thread IS ? ORDER BY first, last"
        return [list(row) for row in self._db.execute(sql, (channel, thread)).fetchall()]

    def _message(self, row: Row, beside: dict[str, list[Row]]) -> Record:
        _, channel, thread, id_, person, text, written_at, edited_at, deleted_at, answers, ours = row
        author = self._people.get(person)
        told = _record(
            **self._channels[channel].place,
            thread=self._threads.get(thread, ""),
            id=id_,
            person=author.id if author else "",
            written_at=written_at,
            deleted_at=deleted_at,
            answers=answers if author else "",
            ours=bool(ours and author),
        )
        if deleted_at or (person is not None and author is None):
            return told
        return {**told, **_record(edited_at=edited_at, text=text, **self._told_beside(beside))}

    def _told_beside(self, beside: dict[str, list[Row]]) -> dict[str, list[Record]]:
        """What stands beside a message, without what is of people who are not to be named."""
        told: dict[str, list[Record]] = {}
        for table, rows in beside.items():
            if self._as_shown and table == "revisions":
                continue
            records = [dict(zip(_BESIDE[table], row, strict=True)) for row in rows]
            told[table] = sorted(
                filter(None, map(self._named, records)), key=lambda one: [str(v) for v in one.values()]
            )
        return told

    def _named(self, record: Record) -> Record | None:
        """A record with the platform's id of its person; None where that is not to be told."""
        if self._as_shown and record.get("people") == 0:
            return None
        if record.get("person") is not None:
            person = self._people.get(record["person"])
            return {**record, "person": person.id} if person else None
        return {("id" if name == "platform_id" else name): value for name, value in record.items() if value is not None}

    def _beside(self, table: str, messages: Sequence[int]) -> dict[int, list[Row]]:
        """What stands in a table about these messages, by message."""
        found: dict[int, list[Row]] = {}
        for some in chunks(messages):
            sql = f"SELECT message, {', '.join(_BESIDE[table])} FROM {table} WHERE message IN {marks(len(some))}"  # noqa: S608 - our own names
            for message, *values in self._db.execute(sql, some).fetchall():
                found.setdefault(message, []).append(tuple(values))
        return found


def _order(one: _Channel | _Person) -> tuple[str, str, str]:
    return one.platform, one.workspace, one.id


def _listed(table: str, columns: Iterable[str]) -> str:
    return ", ".join(f"{table}.{column}" for column in columns)


def _record(**values: Any) -> Record:
    """These values but for the empty ones."""
    return {name: value for name, value in values.items() if value}
