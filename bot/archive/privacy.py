"""Who opted out: nothing of theirs is saved, and what was saved before is gone."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.archive.database import Database
from bot.archive.erasing import GONE, ROWS, Erasure, count_messages, hashed, hashed_name, masked, names_of
from bot.archive.events import Event, Reacted, Said
from bot.archive.tables import Tables
from bot.times import now, stamp
from bot.values import value

SECONDS_BETWEEN_STEPS = 0.01


@value
class Held:
    """What is held about somebody on a platform: how many messages with how many earlier texts and files, and so on.

    `remarks` are those that they saved, `threads` those that they opened or had saved.
    """

    messages: int
    earlier: int
    files: int
    reactions: int
    remarks: int
    threads: int

    @property
    def said(self) -> str:
        """All that is not nothing, in words."""
        counts = (
            (self.messages, "message", "messages"),
            (self.earlier, "earlier text", "earlier texts"),
            (self.files, "name of a file", "names of files"),
            (self.reactions, "reaction", "reactions"),
            (self.remarks, "saved remark", "saved remarks"),
            (self.threads, "discussion opened or saved", "discussions opened or saved"),
        )
        said = [f"{count:,} {one if count == 1 else several}" for count, one, several in counts if count]
        return f"{', '.join(said) or 'nothing'}."

    @property
    def nothing(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.messages or self.earlier or self.files or self.reactions or self.remarks or self.threads)


@value
class OptedOut:
    """A row of who opted out: a hash, since when, and until when (ISO 8601 in UTC), empty while they are out."""

    who: str
    since: str
    until: str


class Privacy:
    """The people who opted out, by a hash of platform and id. `clock` gives the time now, in UTC.

    `erased` counts up when rows of people were given up, for who holds them in memory.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock
        self._out: dict[str, str] = {}  # until when, empty while they are out
        self.erased = 0
        self.look_again(database.reader)
        database.when_changed_elsewhere(self.look_again)

    def look_again(self, db: Tables) -> None:
        """Know of everybody who opted out by now, where another process may have written it."""
        self._out = {one.who: one.until for one in opted_out(db)}
        self.erased += 1

    def is_out(self, platform: str, person: str) -> bool:
        """Whether this person opted out."""
        return bool(self._out) and self._out.get(hashed(platform, person)) == ""

    def bars(self, event: Event) -> bool:
        """Whether an event is somebody's who opted out, or of a time when they were out; or was done to such."""
        if not self._out or not isinstance(event, Said | Reacted):
            return False
        whose = {event.author.id, event.written_by} if isinstance(event, Reacted) else {event.author.id}
        return any(self.bars_at(event.place.platform, one, stamp(event.at)) for one in whose)

    def bars_at(self, platform: str, person: str, at: str) -> bool:
        """Whether this person is out, or was at a moment (ISO 8601 in UTC), or had erased what was until then."""
        until = self._out.get(hashed(platform, person))
        return until is not None and (not until or at < until)

    def masked(self, said: Said) -> Said:
        """A message with a member in place of those who are out, or were erased since, wherever it names them."""
        if not self._out or "@" not in said.words:
            return said
        at = stamp(said.at)

        def gone(who: str) -> bool:
            until = self._out.get(who)
            return until is not None and (not until or at < until)

        return replace(said, words=masked(said.words, said.place.platform, gone))

    def may_title(self, db: Tables, thread: int) -> bool:
        """Whether a thread may be called by its title: not where whoever opened it, or its first message, is out."""
        rows = db.execute(
            "SELECT w.platform, p.platform_id FROM threads t JOIN workspaces w ON w.id = t.workspace "
            "LEFT JOIN messages m ON m.channel = t.channel AND m.platform_id = t.platform_id "
            "JOIN people p ON p.id IN (t.opened_by, m.person) WHERE t.id = ?",
            (thread,),
        ).fetchall()
        return not any(person.startswith(GONE) or self.is_out(platform, person) for platform, person in rows)

    async def opt_out(self, platform: str, person: str) -> None:
        """Save nothing of this person from now on, and erase what was saved; done when this returns."""
        await self._leave(platform, person, "opted out", until=None)

    async def erase(self, platform: str, person: str) -> None:
        """Erase what was saved of this person, for good; what they say from now on is saved. Done when this returns."""
        stays = None if self.is_out(platform, person) else stamp(self._clock())
        await self._leave(platform, person, "erased", until=stays)

    async def opt_in(self, platform: str, person: str) -> None:
        """Save what this person says from now on. Nothing comes back, not even by reading back."""
        who, at = hashed(platform, person), stamp(self._clock())
        update = "UPDATE suppressed SET until = ? WHERE who = ?"
        await self._database.write(lambda db: db.execute(update, (at, who)))
        self._out[who] = at

    async def finish(self) -> None:
        """Go on with erasures that were broken off."""
        rows = self._database.reader.execute("SELECT platform, person, at FROM erasures").fetchall()
        for platform, person, at in rows:
            await self._erase(platform, person, at)

    async def held(self, platform: str, person: str) -> Held:
        """How much is held about this person, in all workspaces of the platform."""
        return await self._database.read(lambda db: held_in(db, platform, person))

    async def _leave(self, platform: str, person: str, did: str, until: str | None) -> None:
        who, at = hashed(platform, person), stamp(self._clock())

        def begin(db: Tables) -> None:
            names = [(hashed_name(platform, name), at, at) for name in names_of(db, platform, person)]
            insert = "INSERT INTO suppressed (who, since, until) VALUES (?, ?, ?)"
            update = "ON CONFLICT (who) DO UPDATE SET until = excluded.until"
            db.conn.executemany(f"{insert} {update}", [(who, at, until), *names])
            db.execute("INSERT INTO erasures (platform, person, at) VALUES (?, ?, ?)", (platform, person, at))
            db.execute(f"{_NOTE} FROM people WHERE id IN {ROWS}", (did, at, platform, person))
            # In the writer's thread: what is stored after this is looked at with it
            self._out |= {who: until or "", **{name: at for name, *_ in names}}

        try:
            await self._database.write(begin)
        except BaseException:
            self.look_again(self._database.reader)
            raise
        await self._erase(platform, person, at)

    async def _erase(self, platform: str, person: str, at: str) -> None:
        for step in Erasure(platform, person, at, stay_out=self.is_out(platform, person)).steps:
            going = True
            while going:
                going = await self._database.write(partial(self._take, step))
                await asyncio.sleep(SECONDS_BETWEEN_STEPS if going else 0)

    def _take(self, step: Callable[[Tables], bool], db: Tables) -> bool:
        """One step, in the writer's thread: what is stored next must not go by rows that it gave up."""
        going = step(db)
        self.erased += not going
        return going


def held_in(db: Tables, platform: str, person: str) -> Held:
    """How much a database holds about a person, in all workspaces of the platform."""
    theirs = f"(SELECT id FROM messages WHERE person IN {ROWS})"  # noqa: S608 - fixed words
    row = db.execute(
        f"SELECT (SELECT count(*) FROM revisions WHERE message IN {theirs}), "  # noqa: S608 - fixed words
        f"(SELECT count(*) FROM attachments WHERE message IN {theirs}), "
        f"(SELECT count(*) FROM reactions WHERE person IN {ROWS} AND people > 0), "
        f"(SELECT count(*) FROM remarks WHERE person IN {ROWS}), "
        f"(SELECT count(*) FROM threads WHERE opened_by IN {ROWS})",
        (platform, person) * 5,
    ).fetchone()
    return Held(count_messages(db, platform, person), *row)


def opted_out(db: Tables) -> list[OptedOut]:
    """Everybody who opted out, in again or not. Raises sqlite3.Error where the database is too old to tell."""
    return [OptedOut(*row) for row in db.execute("SELECT who, since, ifnull(until, '') FROM suppressed").fetchall()]


def out_of(db: Tables) -> Callable[[str, str], bool]:
    """Whether somebody of a platform is out now, by their id there, as this connection sees it."""
    out = {one.who for one in opted_out(db) if not one.until}
    return lambda platform, person: person.startswith(GONE) or (bool(out) and hashed(platform, person) in out)


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
    theirs = [row for row in db.execute(people).fetchall() if hashed(*row) in news]
    for platform, person in theirs:
        Erasure(platform, person, at).at_once(db)
    return len(theirs)


_NOTE = "INSERT INTO audit (workspace, who, did, about, at) SELECT workspace, '', ?, '', ?"
