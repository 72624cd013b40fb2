"""Which discussions are saved: threads that were opened or marked for it, and channels that moderators named.

A saved thread is anchored: to a reading, and to a passage of it by its key, with the sha256 of the text it was read in.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.archive.database import Database
from bot.archive.events import Author
from bot.archive.names import Names
from bot.archive.rights import visible
from bot.archive.tables import Tables
from bot.asker import Place
from bot.times import now, stamp
from bot.values import value
from bot.venue import Readable

MOST = 1000  # discussions in one list
SAVED = "t.kept_since IS NOT NULL AND t.deleted_at IS NULL"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@value
class Anchor:
    """What a discussion is about: a reading by its slug, and a passage by its key, or empty for the whole of it."""

    reading: str
    passage: str = ""
    source_sha256: str = ""


@value
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

    def is_marked(self, place: Place) -> bool:
        """Whether this very thread or channel was opened or marked to be saved."""
        return _key(place) in self._kept

    def holds(self, place: Place, message: str = "") -> bool:
        """Whether anything is held of a message, or of a thread or channel, saved still or not."""
        row = self._database.reader.execute(
            "SELECT EXISTS (SELECT 1 FROM messages m WHERE m.channel = c.id AND m.platform_id = :message) "
            "OR (:message = '' AND (:thread = '' OR EXISTS "
            "(SELECT 1 FROM threads t WHERE t.channel = c.id AND t.platform_id = :thread))) "
            "FROM channels c JOIN workspaces w ON w.id = c.workspace "
            "WHERE w.platform = :platform AND w.platform_id = :workspace AND c.platform_id = :channel",
            {"platform": place.platform, "workspace": place.workspace, "channel": place.channel,
             "thread": place.thread, "message": message},
        ).fetchone()  # fmt: skip
        return bool(row and row[0])

    def knows(self, place: Place) -> bool:
        """Whether anything is held of the channel of this place."""
        return self.holds(replace(place, thread="", private=False))

    def private_threads(self, place: Place) -> list[Place]:
        """The private threads of the place's workspace of which anything is held, saved still or not."""
        rows = self._database.reader.execute(
            "SELECT c.platform_id, t.platform_id FROM threads t JOIN channels c ON c.id = t.channel "
            "JOIN workspaces w ON w.id = t.workspace WHERE w.platform = ? AND w.platform_id = ? AND t.private = 1 "
            "AND t.deleted_at IS NULL",
            (place.platform, place.workspace),
        ).fetchall()
        return [Place(place.platform, place.workspace, channel, thread, private=True) for channel, thread in rows]

    async def call_channel(self, place: Place, name: str) -> None:
        """The channel of this place is called so."""
        update = "UPDATE channels SET name = ? WHERE id = ?"
        await self._database.write(lambda db: db.execute(update, (name, Names().channel(db, place))))

    def any_in(self, place: Place) -> bool:
        """Whether anything at all is saved in the workspace of that place."""
        return any(key[:2] == (place.platform, place.workspace) for key in self._kept)

    def thread_called(self, platform: str, workspace: str, thread: str) -> Place | None:
        """The thread of this id of which anything is held, whether it is saved or not; None where there is none."""
        row = self._database.reader.execute(
            "SELECT c.platform_id, t.private FROM threads t JOIN channels c ON c.id = t.channel "
            "JOIN workspaces w ON w.id = t.workspace WHERE w.platform = ? AND w.platform_id = ? AND t.platform_id = ?",
            (platform, workspace, thread),
        ).fetchone()
        return Place(platform, workspace, row[0], thread, private=bool(row[1])) if row else None

    def reload(self) -> None:
        """Look again which threads and channels are saved."""
        self._kept = self._load()

    async def keep(self, place: Place, title: str, by: Author | None, anchor: Anchor) -> None:
        """Save this thread from now on; one that has a title and an anchor keeps them.

        `by` opened or marked it; None for somebody who is not to be named.
        """
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

    def find(
        self, place: Place, readable: Readable, anchors: Collection[Anchor] = (), most: int = MOST
    ) -> list[Discussion]:
        """The saved threads of the workspace that are readable so, the latest active first, so many at most.

        With `anchors`, those about one of these; an anchor without a passage stands for its whole reading.
        """
        db = self._database.reader
        where, values = _about(visible(db, place, readable).of("t.channel", "t.id"), anchors)
        return listed(db, place, where, values, most)

    def count(self, place: Place, readable: Readable, anchors: Collection[Anchor] = ()) -> int:
        """How many `find` would give, were there no end to it."""
        db = self._database.reader
        where, values = _about(visible(db, place, readable).of("t.channel", "t.id"), anchors)
        (count,) = db.execute(f"SELECT count(*) FROM threads t WHERE {where}", values).fetchone()  # noqa: S608 - our own words
        return int(count)

    def places(self, platform: str) -> list[Place]:
        """Every saved thread and channel of a platform, and the known threads of saved channels; none that is gone."""
        rows = self._database.reader.execute(
            "SELECT w.platform_id, c.platform_id, t.platform_id, t.private FROM threads t "
            "JOIN channels c ON c.id = t.channel JOIN workspaces w ON w.id = t.workspace "
            "WHERE w.platform = :platform AND w.left_at IS NULL "
            "AND (t.kept_since IS NOT NULL OR c.kept_since IS NOT NULL) AND t.deleted_at IS NULL "
            "AND c.deleted_at IS NULL UNION ALL "
            "SELECT w.platform_id, c.platform_id, '', 0 FROM channels c JOIN workspaces w ON w.id = c.workspace "
            "WHERE w.platform = :platform AND w.left_at IS NULL AND c.kept_since IS NOT NULL AND c.deleted_at IS NULL",
            {"platform": platform},
        ).fetchall()
        return [
            Place(platform, workspace, channel, thread, private=bool(private))
            for workspace, channel, thread, private in rows
        ]

    def channels(self, place: Place) -> frozenset[str]:
        """The channels of the place's workspace of which anything is known, by the platform's ids."""
        rows = self._database.reader.execute(
            "SELECT c.platform_id FROM channels c JOIN workspaces w ON w.id = c.workspace "
            "WHERE w.platform = ? AND w.platform_id = ?",
            (place.platform, place.workspace),
        ).fetchall()
        return frozenset(row[0] for row in rows)

    def thread_of(self, place: Place, message: str) -> str:
        """The thread in which a message of this channel is held, by the platform's ids; empty for none."""
        row = self._database.reader.execute(
            "SELECT t.platform_id FROM messages m JOIN threads t ON t.id = m.thread "
            "JOIN channels c ON c.id = m.channel JOIN workspaces w ON w.id = c.workspace "
            "WHERE w.platform = ? AND w.platform_id = ? AND c.platform_id = ? AND m.platform_id = ?",
            (place.platform, place.workspace, place.channel, message),
        ).fetchone()
        return str(row[0]) if row else ""

    async def moved(self, place: Place, channel: str) -> None:
        """The platform gave this channel another id: what is held of it, and that it is saved, goes with it."""
        await self._database.write(lambda db: _move(db, place, channel))
        self.reload()

    def saved_from(self, place: Place) -> datetime:
        """From when on all of a place is to be held: a saved thread whole, else from when its channel was saved."""
        row = self._database.reader.execute(
            "SELECT t.kept_since, c.kept_since FROM channels c JOIN workspaces w ON w.id = c.workspace "
            "LEFT JOIN threads t ON t.channel = c.id AND t.platform_id = ? "
            "WHERE w.platform = ? AND w.platform_id = ? AND c.platform_id = ?",
            (place.thread, place.platform, place.workspace, place.channel),
        ).fetchone()
        whole = row is None or row[0] or not row[1]
        return BEGINNING if whole else datetime.fromisoformat(row[1])

    def opened(self, place: Place) -> tuple[str, datetime] | None:
        """Who opened or marked a thread, and when; None where it was neither."""
        row = self._database.reader.execute(
            "SELECT ifnull(p.name, ''), t.opened_at FROM threads t JOIN channels c ON c.id = t.channel "
            "JOIN workspaces w ON w.id = c.workspace LEFT JOIN people p ON p.id = t.opened_by "
            "WHERE w.platform = ? AND w.platform_id = ? AND c.platform_id = ? AND t.platform_id = ? "
            "AND t.opened_at IS NOT NULL",
            (place.platform, place.workspace, place.channel, place.thread),
        ).fetchone()
        return (row[0], datetime.fromisoformat(row[1])) if row else None

    def _load(self) -> set[tuple[str, str, str, str]]:
        rows = self._database.reader.execute(
            "SELECT w.platform, w.platform_id, c.platform_id, t.platform_id FROM threads t "
            "JOIN channels c ON c.id = t.channel JOIN workspaces w ON w.id = t.workspace "
            "WHERE t.kept_since IS NOT NULL AND w.left_at IS NULL UNION ALL "
            "SELECT w.platform, w.platform_id, c.platform_id, '' FROM channels c "
            "JOIN workspaces w ON w.id = c.workspace WHERE c.kept_since IS NOT NULL AND w.left_at IS NULL"
        ).fetchall()
        return set(rows)


def _key(place: Place) -> tuple[str, str, str, str]:
    return place.platform, place.workspace, place.channel, place.thread


def listed(db: Tables, place: Place, where: str, values: Sequence[str | int], most: int) -> list[Discussion]:
    """The threads of the place's workspace that this condition on `threads t` names, the latest active first."""
    rows = db.execute(
        "WITH latest AS (SELECT t.id, ifnull((SELECT max(m.id) FROM messages m WHERE m.thread = t.id), 0) AS last "  # noqa: S608 - our own words
        f"FROM threads t WHERE {where} ORDER BY last DESC, t.id DESC LIMIT ?) "
        "SELECT c.platform_id, t.platform_id, t.title, ifnull(p.name, ''), ifnull(t.opened_at, ''), "
        "ifnull(t.reading, ''), ifnull(t.passage, ''), ifnull(t.source_sha256, ''), count(m.id), "
        "count(DISTINCT m.person), ifnull(max(m.written_at), t.kept_since) "
        "FROM latest CROSS JOIN threads t ON t.id = latest.id JOIN channels c ON c.id = t.channel "
        "LEFT JOIN people p ON p.id = t.opened_by "
        "LEFT JOIN messages m ON m.thread = t.id AND m.deleted_at IS NULL AND m.ours = 0 AND m.person IS NOT NULL "
        "GROUP BY t.id ORDER BY latest.last DESC, t.id DESC",
        (*values, most),
    ).fetchall()
    return [_discussion(place, row) for row in rows]


def _about(shown: str, anchors: Collection[Anchor]) -> tuple[str, list[str]]:
    """The condition on `threads t` that they are saved, shown, and about one of these anchors if any are given."""
    where = f"{SAVED} AND {shown}"
    if not anchors:
        return where, []
    one_of = " OR ".join("(t.reading = ? AND ? IN ('', t.passage))" for _ in anchors)
    return f"{where} AND ({one_of})", [value for one in anchors for value in (one.reading, one.passage)]


def _keep_thread(db: Tables, place: Place, title: str, by: Author | None, anchor: Anchor, at: str) -> None:
    names = Names()
    row = names.thread(db, place)
    person = names.person(db, place, by) if by else None
    db.execute(
        "UPDATE threads SET kept_since = ifnull(kept_since, ?), title = CASE title WHEN '' THEN ? ELSE title END, "
        "opened_by = ifnull(opened_by, ?), opened_at = ifnull(opened_at, ?), reading = ifnull(reading, ?), "
        "passage = ifnull(passage, ?), source_sha256 = ifnull(source_sha256, ?), private = max(private, ?) "
        "WHERE id = ?",
        (at, title, person, at, anchor.reading, anchor.passage, anchor.source_sha256, int(place.private), row),
    )


def _keep_channel(db: Tables, place: Place, name: str, at: str) -> None:
    row = Names().channel(db, place)
    db.execute("UPDATE channels SET kept_since = ifnull(kept_since, ?), name = ? WHERE id = ?", (at, name, row))


def _stop(db: Tables, place: Place) -> None:
    names = Names()
    thread = names.thread(db, place)
    table, row = ("threads", thread) if thread else ("channels", names.channel(db, place))
    db.execute(f"UPDATE {table} SET kept_since = NULL WHERE id = ?", (row,))  # noqa: S608 - our own names


def _move(db: Tables, place: Place, channel: str) -> None:
    row = Names().channel(db, place)
    db.execute("UPDATE OR IGNORE channels SET platform_id = ? WHERE id = ?", (channel, row))


def _discussion(place: Place, row: tuple[str, str, str, str, str, str, str, str, int, int, str]) -> Discussion:
    channel, thread, title, by, at, reading, passage, sha, messages, people, last = row
    where = Place(place.platform, place.workspace, channel, thread)
    return Discussion(where, title, by, at, Anchor(reading, passage, sha), messages, people, last)
