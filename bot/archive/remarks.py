"""Remarks: single messages that members save, wherever they stand. Each is a message of the archive like any other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.archive.capture import Capture
from bot.archive.database import Database
from bot.archive.discussions import Discussions
from bot.archive.events import Author, Said, Unsaid
from bot.archive.names import Names
from bot.archive.rights import visible
from bot.archive.tables import Tables
from bot.asker import Person, Place
from bot.times import now, stamp
from bot.values import value
from bot.venue import Readable


@value
class Remark:
    """A saved remark: its message's place and id, who wrote what, who saved it. Times are ISO 8601 in UTC."""

    place: Place
    message: str
    author: str
    words: str
    written_at: str
    saved_by: str
    saved_at: str


class Remarks:
    """The saved remarks. `clock` gives the time now, in UTC."""

    def __init__(
        self, database: Database, capture: Capture, discussions: Discussions, clock: Callable[[], datetime] = now
    ) -> None:
        self._database = database
        self._capture = capture
        self._discussions = discussions
        self._clock = clock

    async def save(self, said: Said, person: Person) -> bool:
        """Save a message as this person's remark; durable when this returns. False where they had saved it before.

        What is not there afterwards, since its author opted out, was not saved: that is False too.
        """
        await self._capture.save(said)
        at = stamp(self._clock())
        return await self._database.write(lambda db: _insert(db, said, person, at))

    async def drop(self, place: Place, channel: str, message: str, person: Person) -> bool:
        """This person's remark, in a channel of the place's workspace, is one no longer. Returns whether it was one.

        Where nobody else saved it, and its place is not saved, nothing of the message is held any more.
        """
        where = replace(
            place, channel=channel, thread=self._discussions.thread_of(replace(place, channel=channel), message)
        )
        gone = Unsaid(where, message, self._clock(), self._clock())
        dropped, left = await self._database.write(lambda db: _delete(db, place, channel, message, person))
        if dropped and not left and not self._discussions.keeps(where):
            await self._capture.save(gone)
        return dropped

    def find(self, place: Place, readable: Readable, most: int, person: str = "") -> list[Remark]:
        """The last remarks of the workspace that are readable so, those saved last first.

        With a `person`, by the platform's id, those that they saved or wrote.
        """
        db = self._database.reader
        rows = db.execute(
            "SELECT c.platform_id, ifnull(t.platform_id, ''), m.platform_id, ifnull(a.name, ''), m.text, m.written_at, "  # noqa: S608 - our own words
            "p.name, r.saved_at FROM remarks r JOIN messages m ON m.id = r.message JOIN channels c ON c.id = m.channel "
            "LEFT JOIN threads t ON t.id = m.thread LEFT JOIN people a ON a.id = m.person "
            "JOIN people p ON p.id = r.person "
            f"WHERE m.deleted_at IS NULL AND {visible(db, place, readable).of('m.channel', 'm.thread')} "
            "AND (:person = '' OR :person IN (p.platform_id, a.platform_id)) "
            "ORDER BY r.saved_at DESC, m.id DESC LIMIT :most",
            {"person": person, "most": most},
        ).fetchall()
        return [Remark(Place(place.platform, place.workspace, row[0], row[1]), *row[2:]) for row in rows]


def _insert(db: Tables, said: Said, person: Person, at: str) -> bool:
    names = Names()
    who = names.person(db, said.place, Author(person.id, person.name))
    done = db.execute(
        "INSERT INTO remarks (message, person, saved_at) SELECT id, ?, ? FROM messages "
        "WHERE channel = ? AND platform_id = ? AND deleted_at IS NULL ON CONFLICT DO NOTHING",
        (who, at, names.channel(db, said.place), said.id),
    )
    return done.rowcount > 0


def _delete(db: Tables, place: Place, channel: str, message: str, person: Person) -> tuple[bool, bool]:
    """Whether there was such a remark, and whether the message is somebody else's remark still."""
    found = db.execute(
        "SELECT m.id FROM messages m JOIN channels c ON c.id = m.channel JOIN workspaces w ON w.id = m.workspace "
        "WHERE w.platform = ? AND w.platform_id = ? AND c.platform_id = ? AND m.platform_id = ?",
        (place.platform, place.workspace, channel, message),
    ).fetchone()
    if found is None:
        return False, False
    mine = "DELETE FROM remarks WHERE message = ? AND person IN (SELECT id FROM people WHERE platform_id = ?)"
    done = db.execute(mine, (found[0], person.id))
    others = db.execute("SELECT 1 FROM remarks WHERE message = ?", found).fetchone()
    return done.rowcount > 0, others is not None
