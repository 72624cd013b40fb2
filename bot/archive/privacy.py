"""Who opted out: nothing of theirs is saved, and what was saved before is gone."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime

from bot.archive.database import Database
from bot.archive.events import Event, Reacted, Said
from bot.archive.tables import Tables
from bot.asker import Person
from bot.times import now, stamp
from bot.values import value

NOBODY = "a member"


@value
class Held:
    """What is held about somebody on a platform: how many messages, reactions, and remarks that they saved."""

    messages: int
    reactions: int
    remarks: int


@value
class OptedOut:
    """A row of who opted out: a hash, since when, and until when (ISO 8601 in UTC), empty while they are out."""

    who: str
    since: str
    until: str


class Privacy:
    """The people who opted out, by a hash of platform and id. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock
        self._out: dict[str, str] = {}  # until when, empty while they are out
        self.look_again(database.reader)

    def look_again(self, db: Tables) -> None:
        """Know of everybody who opted out by now, where another process may have written it."""
        self._out = dict(db.execute("SELECT who, ifnull(until, '') FROM suppressed").fetchall())

    def is_out(self, platform: str, person: str) -> bool:
        """Whether this person opted out."""
        return bool(self._out) and self._out.get(_hashed(platform, person)) == ""

    def bars(self, event: Event) -> bool:
        """Whether an event is somebody's who opted out, or is of a time when they were out."""
        if not self._out or not isinstance(event, Said | Reacted):
            return False
        until = self._out.get(_hashed(event.place.platform, event.author.id))
        return until is not None and (not until or stamp(event.at) < until)

    def may_title(self, db: Tables, thread: int) -> bool:
        """Whether a thread may be called by its title: not where whoever opened it, or its first message, is out."""
        rows = db.execute(
            "SELECT w.platform, p.platform_id FROM threads t JOIN workspaces w ON w.id = t.workspace "
            "LEFT JOIN messages m ON m.channel = t.channel AND m.platform_id = t.platform_id "
            "JOIN people p ON p.id IN (t.opened_by, m.person) WHERE t.id = ?",
            (thread,),
        ).fetchall()
        return not any(self.is_out(*row) for row in rows)

    async def opt_out(self, platform: str, person: Person) -> None:
        """Save nothing of this person from now on, and blank what was saved; done when this returns."""
        who, at = _hashed(platform, person.id), stamp(self._clock())

        def act(db: Tables) -> None:
            insert = "INSERT INTO suppressed (who, since) VALUES (?, ?) ON CONFLICT (who) DO UPDATE SET until = NULL"
            db.execute(insert, (who, at))
            self._out[who] = ""  # in the writer's thread: what is stored after this is looked at with it
            _blank(db, platform, person.id, at)

        before = self._out.get(who)
        try:
            await self._database.write(act)
        except BaseException:
            self._out = {**self._out, who: before} if before is not None else _without(self._out, who)
            raise

    async def opt_in(self, platform: str, person: Person) -> None:
        """Save what this person says from now on. Nothing comes back, not even by reading back."""
        who, at = _hashed(platform, person.id), stamp(self._clock())
        update = "UPDATE suppressed SET until = ? WHERE who = ?"
        await self._database.write(lambda db: db.execute(update, (at, who)))
        self._out[who] = at

    def held(self, platform: str, person: Person) -> Held:
        """How much is held about this person, in all workspaces of the platform."""
        row = self._database.reader.execute(
            f"SELECT (SELECT count(*) FROM messages WHERE person IN {_ROWS} AND deleted_at IS NULL), "  # noqa: S608 - fixed words
            f"(SELECT count(*) FROM reactions WHERE person IN {_ROWS} AND people > 0), "
            f"(SELECT count(*) FROM remarks WHERE person IN {_ROWS})",
            (platform, person.id) * 3,
        ).fetchone()
        return Held(*row)


def opted_out(db: Tables) -> list[OptedOut]:
    """Everybody who opted out, in again or not. Raises sqlite3.Error where the database is too old to tell."""
    return [OptedOut(*row) for row in db.execute("SELECT who, since, ifnull(until, '') FROM suppressed").fetchall()]


def out_of(db: Tables) -> Callable[[str, str], bool]:
    """Whether somebody of a platform is out now, by their id there, as this connection sees it."""
    out = {one.who for one in opted_out(db) if not one.until}
    return lambda platform, person: bool(out) and _hashed(platform, person) in out


def take_over(db: Tables, out: Iterable[OptedOut], at: str) -> int:
    """Have those of another database out in this one too, and erase what it holds of them.

    The transaction is the caller's. `at` is when, ISO 8601 in UTC. Returns of how many people something was erased.
    """
    known = set(opted_out(db))
    news = {one.who: one for one in out if one not in known}
    db.conn.executemany(
        "INSERT INTO suppressed (who, since, until) VALUES (?, ?, nullif(?, '')) "
        "ON CONFLICT (who) DO UPDATE SET since = excluded.since, until = excluded.until",
        [(one.who, one.since, one.until) for one in news.values()],
    )
    people = "SELECT DISTINCT w.platform, p.platform_id FROM people p JOIN workspaces w ON w.id = p.workspace"
    theirs = [row for row in db.execute(people).fetchall() if _hashed(*row) in news]
    for platform, person in theirs:
        _blank(db, platform, person, at)
    return len(theirs)


_ROWS = "(SELECT p.id FROM people p JOIN workspaces w ON w.id = p.workspace WHERE w.platform = ? AND p.platform_id = ?)"


def _without(held: dict[str, str], who: str) -> dict[str, str]:
    return {one: until for one, until in held.items() if one != who}


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
    opened = f"(SELECT channel, platform_id FROM messages WHERE person IN {_ROWS})"  # noqa: S608 - fixed words
    db.execute(f"UPDATE threads SET title = '' WHERE (channel, platform_id) IN {opened}", who)  # noqa: S608 - fixed words
    db.execute(f"UPDATE threads SET title = '' WHERE opened_by IN {_ROWS}", who)  # noqa: S608 - fixed words
    db.execute(f"UPDATE people SET name = '{NOBODY}' WHERE id IN {_ROWS}", who)  # noqa: S608 - fixed words
    for table, column in (("audit", "who"), ("digests", "posted_by"), ("schedules", "made_by"), ("plans", "made_by")):
        db.execute(
            f"UPDATE {table} SET {column} = '' WHERE {column} = ? "  # noqa: S608 - fixed words
            "AND workspace IN (SELECT id FROM workspaces WHERE platform = ?)",
            (person, platform),
        )
