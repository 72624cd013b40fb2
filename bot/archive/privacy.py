"""Who opted out: nothing of theirs is saved, and what was saved before is gone."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.archive.database import Database
from bot.archive.events import Event, Reacted, Said
from bot.archive.tables import Tables
from bot.asker import Person
from bot.times import now, stamp

NOBODY = "a member"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held about somebody on a platform: how many messages, reactions, and remarks that they saved."""

    messages: int
    reactions: int
    remarks: int


class Privacy:
    """The people who opted out, by a hash of platform and id. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock
        self._out = {row[0] for row in database.reader.execute("SELECT who FROM suppressed").fetchall()}

    def is_out(self, platform: str, person: str) -> bool:
        """Whether this person opted out."""
        return bool(self._out) and _hashed(platform, person) in self._out

    def bars(self, event: Event) -> bool:
        """Whether an event is somebody's who opted out."""
        return isinstance(event, Said | Reacted) and self.is_out(event.place.platform, event.author.id)

    async def opt_out(self, platform: str, person: Person) -> None:
        """Save nothing of this person from now on, and blank what was saved; done when this returns."""
        who, at = _hashed(platform, person.id), stamp(self._clock())

        def act(db: Tables) -> None:
            db.execute("INSERT INTO suppressed (who, since) VALUES (?, ?) ON CONFLICT DO NOTHING", (who, at))
            self._out.add(who)  # in the writer's thread: what is stored after this is looked at with it
            _blank(db, platform, person.id, at)

        try:
            await self._database.write(act)
        except BaseException:
            self._out.discard(who)
            raise

    async def opt_in(self, platform: str, person: Person) -> None:
        """Save what this person says from now on. Nothing comes back."""
        who = _hashed(platform, person.id)
        await self._database.write(lambda db: db.execute("DELETE FROM suppressed WHERE who = ?", (who,)))
        self._out.discard(who)

    def held(self, platform: str, person: Person) -> Held:
        """How much is held about this person, in all workspaces of the platform."""
        row = self._database.reader.execute(
            f"SELECT (SELECT count(*) FROM messages WHERE person IN {_ROWS} AND deleted_at IS NULL), "  # noqa: S608 - fixed words
            f"(SELECT count(*) FROM reactions WHERE person IN {_ROWS} AND people > 0), "
            f"(SELECT count(*) FROM remarks WHERE person IN {_ROWS})",
            (platform, person.id) * 3,
        ).fetchone()
        return Held(*row)


_ROWS = "(SELECT p.id FROM people p JOIN workspaces w ON w.id = p.workspace WHERE w.platform = ? AND p.platform_id = ?)"


def _hashed(platform: str, person: str) -> str:
    return hashlib.sha256(f"{platform}\x1f{person}".encode()).hexdigest()


def _blank(db: Tables, platform: str, person: str, at: str) -> None:
    """No word of theirs is left in any row; threads that they opened are theirs no longer."""
    who = (platform, person)
    theirs = f"(SELECT id FROM messages WHERE person IN {_ROWS})"  # noqa: S608 - fixed words
    for table in ("revisions", "attachments", "links", "remarks"):
        db.execute(f"DELETE FROM {table} WHERE message IN {theirs}", who)  # noqa: S608 - fixed words
    for table in ("reactions", "remarks"):
        db.execute(f"DELETE FROM {table} WHERE person IN {_ROWS}", who)  # noqa: S608 - fixed words
    db.execute(
        "UPDATE messages SET text = '', search = '', deleted_at = ifnull(deleted_at, ?) "  # noqa: S608 - fixed words
        f"WHERE person IN {_ROWS}",
        (at, *who),
    )
    db.execute(f"UPDATE threads SET title = '' WHERE opened_by IN {_ROWS}", who)  # noqa: S608 - fixed words
    db.execute(f"UPDATE people SET name = '{NOBODY}' WHERE id IN {_ROWS}", who)  # noqa: S608 - fixed words
    for table, column in (("audit", "who"), ("digests", "posted_by"), ("schedules", "made_by"), ("plans", "made_by")):
        db.execute(
            f"UPDATE {table} SET {column} = '' WHERE {column} = ? "  # noqa: S608 - fixed words
            "AND workspace IN (SELECT id FROM workspaces WHERE platform = ?)",
            (person, platform),
        )
