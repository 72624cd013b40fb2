"""Remarks: single messages that members save, wherever they stand. Each is a message of the archive like any other."""

from collections.abc import Callable
from datetime import datetime

from sqlite_utils import Database as Tables

from bot.archive.capture import Capture
from bot.archive.database import Database
from bot.archive.events import Author, Said
from bot.archive.names import Names
from bot.asker import Person, Place
from bot.times import now, stamp

_Key = tuple[str, str, str, str]


class Remarks:
    """The saved remarks. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, capture: Capture, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._capture = capture
        self._clock = clock
        self._saved = self._load()

    def has(self, place: Place, message: str) -> bool:
        """Whether somebody saved this message, so that its edits and its end are to be heard."""
        return (place.platform, place.workspace, place.channel, message) in self._saved

    async def save(self, said: Said, person: Person) -> bool:
        """Save a message as this person's remark; durable when this returns. False where they had saved it before.

        What is not there afterwards, since its author opted out, was not saved: that is False too.
        """
        await self._capture.save(said)
        at = stamp(self._clock())
        new = await self._database.write(lambda db: _insert(db, said, person, at))
        self._saved.add((said.place.platform, said.place.workspace, said.place.channel, said.id))
        return new

    async def drop(self, place: Place, message: str, person: Person) -> None:
        """This person's remark is one no longer."""
        await self._database.write(lambda db: _delete(db, place, message, person))

    def _load(self) -> set[_Key]:
        rows = self._database.reader.execute(
            "SELECT w.platform, w.platform_id, c.platform_id, m.platform_id FROM remarks r "
            "JOIN messages m ON m.id = r.message JOIN channels c ON c.id = m.channel "
            "JOIN workspaces w ON w.id = m.workspace WHERE m.deleted_at IS NULL"
        ).fetchall()
        return set(rows)


def _insert(db: Tables, said: Said, person: Person, at: str) -> bool:
    names = Names()
    who = names.person(db, said.place, Author(person.id, person.name))
    done = db.execute(
        "INSERT INTO remarks (message, person, saved_at) SELECT id, ?, ? FROM messages "
        "WHERE channel = ? AND platform_id = ? AND deleted_at IS NULL ON CONFLICT DO NOTHING",
        (who, at, names.channel(db, said.place), said.id),
    )
    return done.rowcount > 0


def _delete(db: Tables, place: Place, message: str, person: Person) -> None:
    db.execute(
        "DELETE FROM remarks WHERE message = (SELECT id FROM messages WHERE channel = ? AND platform_id = ?) "
        "AND person IN (SELECT id FROM people WHERE platform_id = ?)",
        (Names().channel(db, place), message, person.id),
    )
