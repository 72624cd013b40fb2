"""Storing what an export tells: many records in one transaction, beside whatever is there already.

What is held from the platform itself stands; an import adds to it. Who opted out stays out, what was deleted stays
deleted, and what only the platform can tell (since when a place is saved, who may read it) is left as it is.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.archive.discussions import Anchor
from bot.archive.events import Author, MessageEvent, Reacted, Said, Unsaid
from bot.archive.imports import own_rows
from bot.archive.imports.records import Channel, OwnMessage, OwnPerson, Reactions, Record, Thread
from bot.archive.link_rows import Quoted, link
from bot.archive.mending import mended
from bot.archive.message_rows import take_in
from bot.archive.names import Names
from bot.archive.place_rows import blank_what_is_gone
from bot.archive.privacy import Privacy
from bot.archive.statements import chunks, marks
from bot.archive.tables import Tables
from bot.asker import Place
from bot.times import now, stamp
from bot.values import value

LATEST = "9999"
MOST_NAMES = 20_000  # places that are remembered


@value
class Origin:
    """Which export it is: its name, what it was recognised as, and the sha256 of what is in it."""

    name: str
    kind: str
    sha256: str


@dataclass(slots=True)
class Counts:
    """What an import came to, in messages. `barred` are of people who opted out.

    `places` are hashes of the channels and threads, from the `first` to the `last` moment (ISO 8601 in UTC).
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    barred: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    places: set[int] = field(default_factory=set)
    first: str = ""
    last: str = ""

    def reach(self, moments: Sequence[datetime]) -> None:
        """So far it reaches."""
        if moments:
            self.first = min(self.first or LATEST, stamp(min(moments)))
            self.last = max(self.last, stamp(max(moments)))


class Writer:
    """Stores one import. `anchor` is what its threads are about, where nothing is known of that yet."""

    def __init__(self, origin: Origin, privacy: Privacy, quoted: Quoted, anchor: Anchor | None) -> None:
        self.counts = Counts()
        self._origin = origin
        self._privacy = privacy
        self._quoted = quoted
        self._anchor = anchor
        self._names = Names()
        self._forget_at = MOST_NAMES
        self._called: dict[tuple[str, str, str], str] = {}
        self._ours: dict[tuple[str, str], set[str]] = {}

    def store(self, db: Tables, records: Sequence[Record]) -> None:
        """Store these records. The transaction is the caller's, and nothing is to be used on where it fails."""
        self._privacy.look_again(db)
        beside = [one for one in records if type(one) is not Said]
        self._describe(db, beside)
        messages = [event for one in records for event in ((one,) if type(one) is Said else _told_in(one))]
        told = [self._as_held(db, one) for one in messages if not self._privacy.bars(one)]
        places = set({id(one.place): one.place for one in told}.values())
        for workspace in {(place.platform, place.workspace): place for place in places}.values():
            self._make_workspace(db, workspace, "")
        taken = take_in(db, self._names, told)
        new = set(taken.new)
        fresh = [one for one in told if isinstance(one, Said)] if new or taken.changed else []
        link(db, self._names, fresh, self._quoted)
        self._react(db, [one for one in beside if isinstance(one, Reactions)], new)
        own_rows.store_beside(db, self._names, self._privacy, beside, new)
        blank_what_is_gone(db, self._names, places)
        self._note(db, taken.new, taken.same)
        self.counts.barred += len(messages) - len(told)
        self.counts.new += len(new)
        self.counts.changed += len(taken.changed)
        self.counts.same += len(taken.same)
        self.counts.places |= {hash(place) for place in places}
        if len(self.counts.places) > self._forget_at:  # threads without end would fill the memory
            self._forget_at = len(self.counts.places) + MOST_NAMES
            self._names.forget()
        self.counts.reach([one.at for one in told])

    def forget(self) -> None:
        """Look every row up again, after a transaction that failed."""
        self._names.forget()
        self._called.clear()

    def finish(self, db: Tables) -> None:
        """Note that all of it is through. The transaction is the caller's."""
        db.execute(
            "UPDATE imports SET ended_at = ? WHERE sha256 = ? AND ended_at IS NULL",
            (stamp(now()), self._origin.sha256),
        )

    def _describe(self, db: Tables, records: Sequence[Record]) -> None:
        """What places and people are called, where nothing is known of that; a private one becomes no open one."""
        for one in records:
            if isinstance(one, Channel | Thread | OwnPerson):
                self._make_workspace(db, one.place, one.workspace if isinstance(one, Channel) else "")
        own_rows.store_people(db, self._privacy, records)
        for one in records:
            if isinstance(one, Channel):
                db.execute(
                    "UPDATE channels SET name = CASE name WHEN '' THEN ? ELSE name END, private = max(private, ?), "
                    "direct = max(direct, ?) WHERE id = ?",
                    (one.name, int(one.private), int(one.direct), self._names.channel(db, one.place)),
                )
            elif isinstance(one, Thread):
                self._describe_thread(db, one)
        own_rows.store_places(db, self._names, records)

    def _describe_thread(self, db: Tables, one: Thread) -> None:
        row = self._names.thread(db, one.place)
        known = one.by and not self._privacy.is_out(one.place.platform, one.by.id)
        person = self._names.person(db, one.place, self._named(db, one.place, one.by)) if one.by and known else None
        title = one.title if known or not one.by else ""
        may = row is not None and self._privacy.may_title(db, row)
        anchor = self._anchor or Anchor("")
        private = int(one.place.private and not one.guessed)
        db.execute(
            "UPDATE threads SET title = CASE WHEN title = '' AND deleted_at IS NULL THEN ? ELSE title END, "
            "opened_by = ifnull(opened_by, ?), opened_at = ifnull(opened_at, ?), private = max(private, ?), "
            "passage = CASE WHEN reading IS NULL THEN nullif(?, '') ELSE passage END, "
            "source_sha256 = CASE WHEN reading IS NULL THEN nullif(?, '') ELSE source_sha256 END, "
            "reading = ifnull(reading, nullif(?, '')) WHERE id = ?",
            (title if may else "", person, stamp(one.at) if one.at else None, private,
             anchor.passage, anchor.source_sha256, anchor.reading, row),
        )  # fmt: skip

    def _make_workspace(self, db: Tables, place: Place, name: str) -> None:
        db.execute(
            "INSERT INTO workspaces (platform, platform_id, name, imported) VALUES (?, ?, ?, 1) "
            "ON CONFLICT (platform, platform_id) DO UPDATE SET name = excluded.name WHERE name = ''",
            (place.platform, place.workspace, name),
        )

    def _as_held(self, db: Tables, event: MessageEvent) -> MessageEvent:
        """The event with its author as they are known here; the bot's own without words, as they are always saved."""
        if isinstance(event, Unsaid):
            return event
        where = (event.place.platform, event.place.workspace)
        if where not in self._ours:
            self._ours[where] = _ours(db, where)
        if event.author.id in self._ours[where]:
            return replace(event, words="", ours=True)
        event = self._privacy.masked(event)
        author = self._named(db, event.place, event.author)
        return event if author is event.author else replace(event, author=author)

    def _named(self, db: Tables, place: Place, author: Author) -> Author:
        """The author without a name where one is known already, which is newer."""
        key = (place.platform, place.workspace, author.id)
        if key not in self._called:
            self._called[key] = _called(db, key) or ""
        return replace(author, name="") if author.name and self._called[key] else author

    def _react(self, db: Tables, found: Iterable[Reactions], new: set[int]) -> None:
        """Reactions on messages that this import brings; of others the platform knows better. When is not known."""
        for one in found:
            channel = self._names.channel(db, one.place)
            row = db.execute(
                "SELECT id, written_at FROM messages WHERE channel = ? AND platform_id = ? AND deleted_at IS NULL",
                (channel, one.id),
            ).fetchone()
            if row and row[0] in new and one.emoji and one.count:
                self._count(db, one, *row)

    def _count(self, db: Tables, one: Reactions, message: int, at: str) -> None:
        moment = datetime.fromisoformat(at)
        allowed = [
            author
            for author in one.people
            if not self._privacy.bars(Reacted(one.place, one.id, moment, author, one.emoji, on=True, when=moment))
        ]
        rows: list[tuple[int, str, int | None, int, str]] = [
            (message, one.emoji, self._names.person(db, one.place, self._named(db, one.place, author)), 1, at)
            for author in allowed
        ]
        if others := one.count - len(one.people):
            rows.append((message, one.emoji, None, min(others, 2**53), at))
        insert = "INSERT INTO reactions (message, emoji, person, people, changed_at) VALUES (?, ?, ?, ?, ?)"
        db.conn.executemany(f"{insert} ON CONFLICT DO NOTHING", rows)

    def _note(self, db: Tables, new: Sequence[int], same: Sequence[int]) -> None:
        """Which messages this import brings, and which that others brought it has too."""
        shared = [row for some in chunks(same) for row in _imported(db, some, self._origin.sha256)]
        if not new and not shared:
            return
        origin = (self._origin.name, self._origin.kind, self._origin.sha256, stamp(now()))
        db.execute(
            "INSERT INTO imports (name, kind, sha256, began_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", origin
        )
        (row,) = db.execute("SELECT id FROM imports WHERE sha256 = ?", (self._origin.sha256,)).fetchone()
        insert = "INSERT INTO imported (message, import) VALUES (?, ?)"
        db.conn.executemany(insert, [(message, row) for message in sorted((*new, *shared))])


def _told_in(record: Record) -> tuple[Said | Unsaid, ...]:
    """What a record tells of messages."""
    if isinstance(record, OwnMessage):
        return record.told
    return (record,) if isinstance(record, Said | Unsaid) else ()


def _imported(db: Tables, messages: Sequence[int], sha256: str) -> list[int]:
    """Those of these messages that only other imports brought."""
    rows = db.execute(
        f"SELECT DISTINCT message FROM imported WHERE message IN {marks(len(messages))} AND message NOT IN "  # noqa: S608 - marks alone
        "(SELECT i.message FROM imported i JOIN imports one ON one.id = i.import WHERE one.sha256 = ?)",
        (*messages, sha256),
    )
    return [row for (row,) in rows.fetchall()]


def _called(db: Tables, key: tuple[str, str, str]) -> str | None:
    row = db.execute(
        "SELECT p.name FROM people p JOIN workspaces w ON w.id = p.workspace "
        "WHERE w.platform = ? AND w.platform_id = ? AND p.platform_id = ?",
        key,
    ).fetchone()
    return str(row[0]) if row else None


def _ours(db: Tables, where: tuple[str, str]) -> set[str]:
    """The ids by which the bot itself is known in a workspace."""
    rows = db.execute(
        "SELECT DISTINCT p.platform_id FROM messages m JOIN people p ON p.id = m.person "
        "JOIN workspaces w ON w.id = m.workspace WHERE m.ours = 1 AND w.platform = ? AND w.platform_id = ?",
        where,
    )
    return {str(row) for (row,) in rows.fetchall()}


def mended_records(records: Sequence[Record]) -> list[Record]:
    """The records as SQLite can store them."""
    return [mended(one) for one in records]


def named(record: Record) -> str:
    """How to name a record that could not be stored."""
    place = getattr(record, "place", None)
    where = "" if place is None else f"{place.channel} {place.thread}".strip()
    return f"{where} {getattr(record, 'id', '')}".strip()
