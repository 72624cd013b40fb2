"""Which discussions are saved: threads that were opened or marked for it, and channels that moderators named.

A saved thread is anchored: to a reading, and to a passage of it by its key, with the sha256 of the text it was read in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database as Tables

from bot.archive.database import Database
from bot.archive.events import Author
from bot.archive.names import Names
from bot.asker import Place
from bot.times import now, stamp


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a discussion is about: a reading by its slug, and a passage by its key, or empty for the whole of it."""

    reading: str
    passage: str = ""
    source_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Discussion:
    """A saved thread: how many messages and people are in it, and when the last one was written (ISO 8601, UTC)."""

    place: Place
    title: str
    opened_by: str
    opened_at: str
    anchor: Anchor
    messages: int
    people: int
    last_at: str


class Discussions:
    """The saved threads and channels of every workspace. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock
        self._kept = self._load()

    def keeps(self, place: Place) -> bool:
        """Whether what is said there is saved: in a saved thread, or anywhere in a saved channel."""
        return not place.direct and (_key(place) in self._kept or (*_key(place)[:3], "") in self._kept)

    async def keep(self, place: Place, title: str, by: Author, anchor: Anchor) -> None:
        """Save this thread from now on; one that is saved already keeps its title and anchor."""
        at = stamp(self._clock())
        await self._database.write(lambda db: _keep_thread(db, place, title, by, anchor, at))
        self._kept.add(_key(place))

    async def keep_channel(self, place: Place, name: str) -> None:
        """Save all that is said in this channel and its threads from now on."""
        at = stamp(self._clock())
        await self._database.write(lambda db: _keep_channel(db, place, name, at))
        self._kept.add(_key(place))

    async def stop(self, place: Place) -> None:
        """Save nothing more of this thread or channel; what was saved stays."""
        await self._database.write(lambda db: _stop(db, place))
        self._kept.discard(_key(place))

    def find(self, place: Place, channels: frozenset[str], reading: str = "", passage: str = "") -> list[Discussion]:
        """The saved threads in these channels of the workspace, the latest active first; of one reading or passage."""
        marks = ", ".join("?" for _ in channels)
        rows = self._database.reader.execute(
            "SELECT c.platform_id, t.platform_id, t.title, ifnull(p.name, ''), ifnull(t.opened_at, ''), "  # noqa: S608 - marks alone
            "ifnull(t.reading, ''), ifnull(t.passage, ''), ifnull(t.source_sha256, ''), count(m.id), "
            "count(DISTINCT m.person), ifnull(max(m.written_at), t.kept_since) AS last_at "
            "FROM threads t JOIN channels c ON c.id = t.channel JOIN workspaces w ON w.id = t.workspace "
            "LEFT JOIN people p ON p.id = t.opened_by "
            "LEFT JOIN messages m ON m.thread = t.id AND m.deleted_at IS NULL AND m.ours = 0 "
            "WHERE w.platform = ? AND w.platform_id = ? AND t.kept_since IS NOT NULL AND t.deleted_at IS NULL "
            f"AND c.platform_id IN ({marks}) AND (? = '' OR t.reading = ?) AND (? = '' OR t.passage = ?) "
            "GROUP BY t.id ORDER BY last_at DESC, t.id DESC",
            (place.platform, place.workspace, *sorted(channels), reading, reading, passage, passage),
        ).fetchall()
        return [_discussion(place, row) for row in rows]

    def _load(self) -> set[tuple[str, str, str, str]]:
        rows = self._database.reader.execute(
            "SELECT w.platform, w.platform_id, c.platform_id, t.platform_id FROM threads t "
            "JOIN channels c ON c.id = t.channel JOIN workspaces w ON w.id = t.workspace "
            "WHERE t.kept_since IS NOT NULL UNION ALL "
            "SELECT w.platform, w.platform_id, c.platform_id, '' FROM channels c "
            "JOIN workspaces w ON w.id = c.workspace WHERE c.kept_since IS NOT NULL"
        ).fetchall()
        return set(rows)


def _key(place: Place) -> tuple[str, str, str, str]:
    return place.platform, place.workspace, place.channel, place.thread


def _keep_thread(db: Tables, place: Place, title: str, by: Author, anchor: Anchor, at: str) -> None:
    names = Names()
    row = names.thread(db, place)
    person = names.person(db, place, by)
    db.execute(
        "UPDATE threads SET kept_since = ifnull(kept_since, ?), title = CASE title WHEN '' THEN ? ELSE title END, "
        "opened_by = ifnull(opened_by, ?), opened_at = ifnull(opened_at, ?), reading = ifnull(reading, ?), "
        "passage = ifnull(passage, ?), source_sha256 = ifnull(source_sha256, ?) WHERE id = ?",
        (at, title, person, at, anchor.reading, anchor.passage, anchor.source_sha256, row),
    )


def _keep_channel(db: Tables, place: Place, name: str, at: str) -> None:
    row = Names().channel(db, place)
    db.execute("UPDATE channels SET kept_since = ifnull(kept_since, ?), name = ? WHERE id = ?", (at, name, row))


def _stop(db: Tables, place: Place) -> None:
    names = Names()
    thread = names.thread(db, place)
    table, row = ("threads", thread) if thread else ("channels", names.channel(db, place))
    db.execute(f"UPDATE {table} SET kept_since = NULL WHERE id = ?", (row,))  # noqa: S608 - our own names


def _discussion(place: Place, row: tuple[str, str, str, str, str, str, str, str, int, int, str]) -> Discussion:
    channel, thread, title, by, at, reading, passage, sha, messages, people, last = row
    where = Place(place.platform, place.workspace, channel, thread)
    return Discussion(where, title, by, at, Anchor(reading, passage, sha), messages, people, last)
