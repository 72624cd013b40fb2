"""Messages into rows, many at a time: each message's row becomes what all its tellings say.

A new message costs a share of one SELECT and of one INSERT of many rows, in the order of their ids, which is the order
of time, so that they are appended to the table.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlite_utils import Database as Tables

from bot.archive.events import Counted, MessageEvent, Reacted
from bot.archive.names import Names
from bot.archive.versions import Message, after
from bot.asker import Place
from bot.readings.text import tokens
from bot.times import stamp

T = TypeVar("T")

AT_ONCE = 500  # rows of one statement; SQLite takes 32,766 values
_COLUMNS = (
    "id", "workspace", "channel", "thread", "platform_id", "person", "text", "search", "written_at", "edited_at",
    "deleted_at", "answers", "ours", "saved_seq",
)  # fmt: skip

Key = tuple[int, str]
Row = tuple[Any, ...]


@dataclass(slots=True)
class _Change:
    """A message of this batch: what it was and becomes, and its row's id, or 0 where it has none yet."""

    platform_id: str
    place: Place
    before: Message | None
    message: Message
    row: int = 0


def store_messages(db: Tables, names: Names, events: Sequence[MessageEvent]) -> None:
    """Take up what was said and deleted, in the order in which it came. The transaction is the caller's."""
    keys = [(names.channel(db, event.place), event.id) for event in events]
    stored = _stored(db, keys)
    changes: dict[Key, _Change] = {}
    for key, event in zip(keys, events, strict=True):
        if known := changes.get(key):
            known.message = after(known.message, event)
        else:
            row, before = stored.get(key, (0, None))
            changes[key] = _Change(event.id, event.place, before, after(before, event), row)
    new = [change for change in changes.values() if not change.row]
    old = [change for change in changes.values() if change.row and change.message != change.before]
    _insert(db, names, new)
    for change in old:
        _update(db, names, change)
    for change in (*new, *old):
        _keep_beside(db, change)


def message_row(db: Tables, names: Names, event: Reacted | Counted) -> int | None:
    """The row of the message that something happened to, made if it is not known; None when it was deleted."""
    key = (names.channel(db, event.place), event.id)
    if key not in (stored := _stored(db, [key])):
        _insert(db, names, [_Change(event.id, event.place, None, Message(stamp(event.at)))])
        stored = _stored(db, [key])
    row, message = stored[key]
    return None if message.deleted_at else row


def standing(db: Tables, names: Names, place: Place, since: datetime, until: datetime) -> list[tuple[str, datetime]]:
    """The messages of a channel (outside of threads) or a thread that were written between two moments, and stand."""
    rows = db.execute(
        "SELECT platform_id, written_at FROM messages WHERE channel = ? AND thread IS ? AND deleted_at IS NULL "
        "AND written_at > ? AND written_at < ?",
        (names.channel(db, place), names.thread(db, place), stamp(since), stamp(until)),
    ).fetchall()
    return [(message, datetime.fromisoformat(at)) for message, at in rows]


def searchable(text: str) -> str:
    """The words of a text as they are indexed: repaired, folded, Chinese and Japanese in pairs of characters."""
    return " ".join(token.word for token in tokens(text))


def row_id(place: Place, platform_id: str, written_at: str) -> int:
    """An id that sorts by time: milliseconds since 1970, then 20 bits of a hash of which message it is."""
    identity = "\x1f".join((place.platform, place.workspace, place.channel, platform_id)).encode()
    twenty = int.from_bytes(hashlib.blake2b(identity, digest_size=4).digest()) & 0xFFFFF
    return int(datetime.fromisoformat(written_at).timestamp() * 1000) << 20 | twenty


def _stored(db: Tables, keys: Iterable[Key]) -> dict[Key, tuple[int, Message]]:
    """The messages that are there already, with their rows' ids, by channel and platform's id."""
    found: dict[Key, tuple[int, Message]] = {}
    for some in _chunks(list(dict.fromkeys(keys))):
        marks = ", ".join("(?, ?)" for _ in some)
        rows = db.execute(
            "SELECT id, channel, platform_id, person, text, written_at, edited_at, deleted_at FROM messages "  # noqa: S608 - marks alone
            f"WHERE (channel, platform_id) IN (VALUES {marks})",
            [value for key in some for value in key],
        ).fetchall()
        found |= {(row[1], row[2]): (row[0], _message(db, row)) for row in rows}
    return found


def _message(db: Tables, row: Row) -> Message:
    at, _, _, person, text, written_at, edited_at, deleted_at = row
    texts = dict(db.execute("SELECT written_at, text FROM revisions WHERE message = ?", (at,)).fetchall())
    told_at = (edited_at or written_at) if person is not None else ""
    if told_at and not deleted_at:
        texts[told_at] = text
    return Message(written_at, texts, told_at, None, deleted_at or "")


def _insert(db: Tables, names: Names, changes: Sequence[_Change]) -> None:
    (newest,) = db.execute("SELECT coalesce(max(saved_seq), 0) FROM messages").fetchone()
    wanted = [row_id(one.place, one.platform_id, one.message.written_at) for one in changes]
    taken = _there(db, wanted)
    rows: list[Row] = []
    for number, (change, identity) in enumerate(zip(changes, wanted, strict=True), newest + 1):
        change.row = identity
        while change.row in taken or (change.row != identity and _there(db, [change.row])):
            change.row += 1
        taken.add(change.row)
        place = change.place
        where = (names.workspace(db, place), names.channel(db, place), names.thread(db, place), change.platform_id)
        rows.append((change.row, *where, *_values(db, names, change), number))
    for some in _chunks(sorted(rows)):
        marks = ", ".join([f"({', '.join('?' for _ in _COLUMNS)})"] * len(some))
        sql = f"INSERT INTO messages ({', '.join(_COLUMNS)}) VALUES {marks}"  # noqa: S608 - our own columns
        db.execute(sql, [value for row in some for value in row])


def _there(db: Tables, ids: Sequence[int]) -> set[int]:
    """Which of these ids are taken by other messages."""
    found: set[int] = set()
    for some in _chunks(ids):
        marks = ", ".join("?" for _ in some)
        found |= {row[0] for row in db.execute(f"SELECT id FROM messages WHERE id IN ({marks})", list(some)).fetchall()}  # noqa: S608 - marks alone
    return found


def _update(db: Tables, names: Names, change: _Change) -> None:
    columns = ("person", "text", "search", "written_at", "edited_at", "deleted_at", "answers", "ours")
    values = dict(zip(columns, _values(db, names, change), strict=True))
    if change.message.told is None:
        del values["person"], values["answers"], values["ours"]
    sets = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE messages SET {sets} WHERE id = ?", [*values.values(), change.row])  # noqa: S608 - our own columns


def _values(db: Tables, names: Names, change: _Change) -> Row:
    """What a row says of its message, from `person` to `ours`."""
    message, told = change.message, change.message.told
    person = names.person(db, change.place, told.author) if told else None
    ends = (message.written_at, message.edited_at or None, message.deleted_at or None)
    return (
        person,
        message.text,
        searchable(message.text),
        *ends,
        told.answers if told else "",
        int(told.ours) if told else 0,
    )


def _keep_beside(db: Tables, change: _Change) -> None:
    """The revisions and attachments of a message."""
    message, before = change.message, change.before
    has = message.revisions
    if has != (before.revisions if before else {}):
        db.execute("DELETE FROM revisions WHERE message = ?", (change.row,))
        rows = [(change.row, moment, text) for moment, text in has.items()]
        db.conn.executemany("INSERT INTO revisions (message, written_at, text) VALUES (?, ?, ?)", rows)
    if message.deleted_at or message.told:
        _keep_attachments(db, change)


def _keep_attachments(db: Tables, change: _Change) -> None:
    message = change.message
    if change.before is not None:
        db.execute("DELETE FROM attachments WHERE message = ?", (change.row,))
    if message.told and message.told.attachments and not message.deleted_at:
        rows = [(change.row, one.id, one.name, one.kind, one.bytes, one.url) for one in message.told.attachments]
        db.conn.executemany("INSERT INTO attachments VALUES (?, ?, ?, ?, ?, ?)", rows)


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[at : at + AT_ONCE] for at in range(0, len(values), AT_ONCE))
