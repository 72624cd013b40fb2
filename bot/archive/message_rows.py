"""Messages into rows, many at a time: each message's row becomes what all its tellings say.

A new message costs a share of one SELECT for its channel and of one INSERT of many rows, in the order of their ids,
which is the order of time, so that they are appended to the table.
"""

import contextlib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from bot.archive.events import Counted, MessageEvent, Reacted, Said
from bot.archive.indexing import indexed_together
from bot.archive.names import Names, Where
from bot.archive.search_copy import searchable
from bot.archive.statements import chunks, marks
from bot.archive.tables import Tables
from bot.archive.versions import Message, after
from bot.asker import Place
from bot.times import stamp
from bot.values import value

_COLUMNS = (
    "id", "workspace", "channel", "thread", "platform_id", "person", "text", "search", "written_at", "edited_at",
    "deleted_at", "answers", "ours", "saved_seq",
)  # fmt: skip
_FURTHEST = 2**43 - 2  # milliseconds
MANY = 1000  # new messages from which on they are indexed together

Key = tuple[int, str]
Row = tuple[Any, ...]


@dataclass(slots=True)
class _Change:
    """A message of this batch: what it was and becomes, and its row's id, or 0 where it has none yet."""

    platform_id: str
    place: Place
    where: Where
    before: Message | None
    message: Message
    row: int = 0


def store_messages(db: Tables, names: Names, events: Sequence[MessageEvent]) -> None:
    """Take up what was said and deleted, in the order in which it came. The transaction is the caller's."""
    wheres = [names.where(db, event.place) for event in events]
    stored = _stored(db, ((where.channel, event.id) for where, event in zip(wheres, events, strict=True)))
    changes: dict[Key, _Change] = {}
    for where, event in zip(wheres, events, strict=True):
        key = (where.channel, event.id)
        if known := changes.get(key):
            known.message = after(known.message, event)
        else:
            row, before = stored.get(key, (0, None))
            changes[key] = _Change(event.id, event.place, where, before, after(before, event), row)
    new = [change for change in changes.values() if not change.row]
    old = [change for change in changes.values() if change.row and change.message != change.before]
    _insert(db, names, new)
    for change in old:
        _update(db, names, change)
        db.execute("DELETE FROM imported WHERE message = ?", (change.row,))  # the platform itself tells of it now
    for change in (*new, *old):
        _keep_beside(db, change)


@value
class Taken:
    """What an import's messages came to: their rows that are new, those that were changed, and those that stood so."""

    new: tuple[int, ...]
    changed: tuple[int, ...]
    same: tuple[int, ...]


def take_in(db: Tables, names: Names, events: Sequence[MessageEvent]) -> Taken:
    """As `store_messages`, for what an export tells: where a telling of the same moment is held, that one stands.

    So an export neither changes nor moves what was heard live, but brings earlier texts and edits of it.
    """
    wheres = [names.where(db, event.place) for event in events]
    stored = _stored(db, ((where.channel, event.id) for where, event in zip(wheres, events, strict=True)))
    changes: dict[Key, _Change] = {}
    for where, event in zip(wheres, events, strict=True):
        key = (where.channel, event.id)
        if known := changes.get(key):
            known.message = _with_news(known.message, event)
        elif key in stored:
            row, before = stored[key]
            changes[key] = _Change(event.id, event.place, where, before, _with_news(before, event), row)
        else:
            changes[key] = _Change(event.id, event.place, where, None, after(None, event))
    new = [change for change in changes.values() if not change.row]
    old = [change for change in changes.values() if change.row and change.message != change.before]
    with indexed_together(db, newest_seq(db)) if len(new) > MANY else contextlib.nullcontext():
        _insert(db, names, new)
    for change in old:
        _update(db, names, change, move=False)
    for change in (*new, *old):
        _keep_beside(db, change)
    touched = {change.row for change in (*new, *old)}
    same = tuple(change.row for change in changes.values() if change.row not in touched)
    return Taken(tuple(change.row for change in new), tuple(change.row for change in old), same)


def _with_news(known: Message, event: MessageEvent) -> Message:
    """The message with what it is told, unless that is nothing new of it."""
    if known.deleted_at or (isinstance(event, Said) and stamp(event.edited or event.at) in known.texts):
        return known
    return after(known, event)


def message_row(db: Tables, names: Names, event: Reacted | Counted) -> int | None:
    """The row of the message that something happened to, made if it is not known; None when it was deleted."""
    where = names.where(db, event.place)
    key = (where.channel, event.id)
    if key not in (stored := _stored(db, [key])):
        _insert(db, names, [_Change(event.id, event.place, where, None, Message(stamp(event.at)))])
        stored = _stored(db, [key])
    row, message = stored[key]
    return None if message.deleted_at else row


def is_known(db: Tables, names: Names, event: Reacted | Counted) -> bool:
    """Whether there is a row for the message that something happened to."""
    key = (names.channel(db, event.place), event.id)
    return db.execute("SELECT 1 FROM messages WHERE channel = ? AND platform_id = ?", key).fetchone() is not None


def standing(
    db: Tables, names: Names, place: Place, since: datetime, until: datetime
) -> list[tuple[str, datetime, int]]:
    """The messages of a channel (outside of threads) or a thread that were written between two moments, and stand.

    Each with when it was written, and its `saved_seq`.
    """
    rows = db.execute(
        "SELECT platform_id, written_at, saved_seq FROM messages "
        "WHERE channel = ? AND thread IS ? AND deleted_at IS NULL AND written_at > ? AND written_at < ?",
        (names.channel(db, place), names.thread(db, place), stamp(since), stamp(until)),
    ).fetchall()
    return [(message, datetime.fromisoformat(at), seq) for message, at, seq in rows]


def row_id(place: Place, platform_id: str, written_at: str) -> int:
    """An id that sorts by time: milliseconds since 1970, then 20 bits of a hash of which message it is.

    All that is more than 278 years away from 1970 is put at that edge, since SQLite's numbers have 64 bits.
    """
    identity = f"{place.platform}\x1f{place.workspace}\x1f{place.channel}\x1f{platform_id}".encode()
    twenty = int.from_bytes(hashlib.blake2b(identity, digest_size=4).digest()) & 0xFFFFF
    milliseconds = int(datetime.fromisoformat(written_at).timestamp() * 1000)
    return min(max(milliseconds, -_FURTHEST), _FURTHEST) << 20 | twenty


def first_id(moment: datetime) -> int:
    """The lowest id that a message written at that moment has: the table's ids sort by time."""
    return int(moment.timestamp() * 1000) << 20


def _stored(db: Tables, keys: Iterable[Key]) -> dict[Key, tuple[int, Message]]:
    """The messages that are there already, with their rows' ids, by channel and platform's id."""
    by_channel: dict[int, dict[str, None]] = {}
    for channel, platform_id in keys:
        by_channel.setdefault(channel, {})[platform_id] = None
    rows: list[Row] = []
    for channel, ids in by_channel.items():
        for some in chunks(list(ids)):
            rows += db.execute(
                "SELECT id, channel, platform_id, person, text, written_at, edited_at, deleted_at FROM messages "  # noqa: S608 - marks alone
                f"WHERE channel = ? AND platform_id IN {marks(len(some))}",
                (channel, *some),
            ).fetchall()
    revisions = _revisions(db, [row[0] for row in rows])
    return {(row[1], row[2]): (row[0], _message(row, revisions.get(row[0], {}))) for row in rows}


def _revisions(db: Tables, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """The earlier texts of messages by their moments, by the messages' rows."""
    found: dict[int, dict[str, str]] = {}
    for some in chunks(ids):
        sql = f"SELECT message, written_at, text FROM revisions WHERE message IN {marks(len(some))}"  # noqa: S608 - marks alone
        for message, moment, text in db.execute(sql, some).fetchall():
            found.setdefault(message, {})[moment] = text
    return found


def _message(row: Row, texts: dict[str, str]) -> Message:
    _, _, _, person, text, written_at, edited_at, deleted_at = row
    told_at = (edited_at or written_at) if person is not None else ""
    if told_at and not deleted_at:
        texts[told_at] = text
    return Message(written_at, texts, told_at, None, deleted_at or "")


def _insert(db: Tables, names: Names, changes: Sequence[_Change]) -> None:
    newest = newest_seq(db)
    _choose_ids(db, changes)
    rows: list[Row] = [
        (
            change.row,
            change.where.workspace,
            change.where.channel,
            change.where.thread,
            change.platform_id,
            *_values(db, names, change),
            number,
        )
        for number, change in enumerate(changes, newest + 1)
    ]
    for some in chunks(sorted(rows)):
        db.execute(_insertion(len(some)), list(chain.from_iterable(some)))


def newest_seq(db: Tables) -> int:
    """The highest `saved_seq` ever given, even if its message was erased: digests continue from there."""
    row = db.execute(
        "SELECT max(coalesce((SELECT max(saved_seq) FROM messages), 0), "
        "coalesce((SELECT max(until_seq) FROM digests), 0))"
    ).fetchone()
    return int(row[0])


@lru_cache
def _insertion(rows: int) -> str:
    one = marks(len(_COLUMNS))
    return f"INSERT INTO messages ({', '.join(_COLUMNS)}) VALUES {', '.join([one] * rows)}"  # noqa: S608 - our own columns


def _choose_ids(db: Tables, changes: Sequence[_Change]) -> None:
    """Give each of these new messages the id of its row: the one that it wants, or the next that is free."""
    wanted = [row_id(change.place, change.platform_id, change.message.written_at) for change in changes]
    (newest,) = db.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()
    taken = _there(db, [identity for identity in wanted if identity <= newest])
    for change, identity in zip(changes, wanted, strict=True):
        change.row = identity
        while change.row in taken or (change.row != identity and _there(db, [change.row])):
            change.row += 1
        taken.add(change.row)


def _there(db: Tables, ids: Sequence[int]) -> set[int]:
    """Which of these ids are taken by other messages."""
    found: set[int] = set()
    for some in chunks(ids):
        sql = f"SELECT id FROM messages WHERE id IN {marks(len(some))}"  # noqa: S608 - marks alone
        found |= {row[0] for row in db.execute(sql, some).fetchall()}
    return found


def _update(db: Tables, names: Names, change: _Change, *, move: bool = True) -> None:
    columns = ("person", "text", "search", "written_at", "edited_at", "deleted_at", "answers", "ours")
    values = dict(zip(columns, _values(db, names, change), strict=True))
    if told := change.message.told:
        if move:
            values["thread"] = names.thread(db, told.place)  # what opened a thread stands there once that is saved
        if not (change.before and change.before.told_at):
            values["saved_seq"] = newest_seq(db) + 1  # it was known by a reaction alone; it enters now
    else:
        del values["person"], values["answers"], values["ours"]
    sets = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE messages SET {sets} WHERE id = ?", [*values.values(), change.row])  # noqa: S608 - our own columns


def _values(db: Tables, names: Names, change: _Change) -> Row:
    """What a row says of its message, from `person` to `ours`."""
    message = change.message
    told, (text, edited_at) = message.told, message.standing
    ends = (message.written_at, edited_at or None, message.deleted_at or None)
    if told is None:
        return (None, text, searchable(text), *ends, "", 0)
    person = names.person_in(db, change.where.workspace, told.author)
    return (person, text, searchable(text), *ends, told.answers, int(told.ours))


def _keep_beside(db: Tables, change: _Change) -> None:
    """The revisions and attachments of a message."""
    message, before = change.message, change.before
    has, had = message.revisions, before.revisions if before else {}
    if has != had:
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
        db.conn.executemany("INSERT INTO attachments VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
