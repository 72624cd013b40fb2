"""Who did what that changes what is kept or shown. Never what was said."""

import json
from collections.abc import Callable, Collection
from datetime import datetime

from bot.archive.database import Database
from bot.archive.names import Names
from bot.archive.rights import visible
from bot.asker import Person, Place
from bot.times import now, stamp
from bot.values import value
from bot.venue import Readable


@value
class Act:
    """One act: the platform's id of who did it, what in a word, to which thread, channel or message, and when (UTC)."""

    who: str
    did: str
    about: str
    at: datetime


class Audit:
    """The log of acts. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    async def note(self, place: Place, person: Person, did: str, about: str) -> None:
        """Note an act in the workspace of that place; durable when this returns."""
        insert = "INSERT INTO audit (workspace, who, did, about, at) VALUES (?, ?, ?, ?, ?)"
        at = stamp(self._clock())
        await self._database.write(
            lambda db: db.execute(insert, (Names().workspace(db, place), person.id, did, about, at))
        )

    def latest(self, place: Place, readable: Readable, most: int) -> list[Act]:
        """The last acts in the workspace of that place, newest first: those about no channel, or one readable so."""
        db = self._database.reader
        seen = visible(db, place, readable).of("t.channel", "t.id")
        rows = db.execute(
            "SELECT a.who, a.did, a.about, a.at FROM audit a JOIN workspaces w ON w.id = a.workspace "  # noqa: S608 - our own words
            "WHERE w.platform = ? AND w.platform_id = ? AND (a.about = '' "
            "OR a.about IN (SELECT value FROM json_each(?)) "
            f"OR a.about IN (SELECT t.platform_id FROM threads t WHERE {seen})) "
            "ORDER BY a.id DESC LIMIT ?",
            (place.platform, place.workspace, json.dumps(sorted(readable.channels)), most),
        ).fetchall()
        return [Act(who, did, about, datetime.fromisoformat(at)) for who, did, about, at in rows]

    def names(self, place: Place, people: Collection[str]) -> dict[str, str]:
        """What these people of the workspace are called, by the platform's ids, as far as that is known."""
        rows = self._database.reader.execute(
            "SELECT p.platform_id, p.name FROM people p JOIN workspaces w ON w.id = p.workspace "  # noqa: S608 - marks alone
            f"WHERE w.platform = ? AND w.platform_id = ? AND p.platform_id IN ({', '.join('?' * len(people))})",
            (place.platform, place.workspace, *people),
        ).fetchall()
        return dict(rows)
