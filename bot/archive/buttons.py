"""Lines that buttons stand for, kept under a key: those too long for a platform's button, and those good for one press.

A key for showing is made of the line, so the same line is kept once. A one-use key is random, and bound to its asker
and to the place where it was shown. Nothing is kept longer than 30 days.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.archive.database import Database
from bot.archive.tables import Tables
from bot.asker import Person, Place
from bot.errors import BotError, NotAllowed
from bot.paging import may_need_pages
from bot.reply import Button, Reply
from bot.times import now, stamp

LONGEST_LINE = 75  # bytes; with its verb and page it stays within the 100 characters of a Discord custom_id
KEPT = timedelta(days=30)


class Buttons:
    """The kept lines. A line that stands for another begins with `#`. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, reply: Reply, person: Person, place: Place) -> Reply:
        """The reply with every line that can't stand in a button itself replaced by its key, which is durable now."""
        rows: list[dict[str, Any]] = []

        def kept(line: str, *, once: bool = False) -> str:
            key = secrets.token_hex(12) if once else hashlib.sha256(line.encode()).hexdigest()[:24]
            rows.append(self._row(key, line, place, person if once else None))
            return f"#{key}"

        buttons = tuple(b if fits(b) else replace(b, line=kept(b.line, once=b.once)) for b in reply.buttons)
        long = not is_short(reply.line) and may_need_pages(reply)
        line = kept(reply.line) if long else reply.line
        if not rows:
            return reply
        await self._database.write(lambda db: self._insert(db, rows))
        return replace(reply, buttons=buttons, line=line)

    async def take(self, key: str, person: Person, place: Place) -> str:
        """The line kept under this key; a one-use key is used up by it.

        Raises BotError when the key is unknown, too old, already used or of another place, NotAllowed when it is
        somebody else's.
        """
        return await self._database.write(lambda db: self._take(db, key, person, place))

    async def give_back(self, key: str) -> None:
        """Make a used key good again: what it stood for did not happen."""
        await self._database.write(lambda db: db.execute("UPDATE buttons SET used_at = NULL WHERE key = ?", (key,)))

    async def forget_old(self) -> None:
        """Drop what was kept longer than 30 days ago."""
        await self._database.write(self._forget_old)

    def _row(self, key: str, line: str, place: Place, asker: Person | None) -> dict[str, Any]:
        return {
            "key": key,
            "line": line,
            "once": int(asker is not None),
            "platform": place.platform,
            "workspace": place.workspace,
            "channel": place.channel,
            "person": asker.id if asker else "",
            "made_at": stamp(self._clock()),
        }

    def _insert(self, db: Tables, rows: list[dict[str, Any]]) -> None:
        self._forget_old(db)
        db.table("buttons").upsert_all(rows, pk="key")

    def _forget_old(self, db: Tables) -> None:
        db.execute("DELETE FROM buttons WHERE made_at < ?", (stamp(self._clock() - KEPT),))

    def _take(self, db: Tables, key: str, person: Person, place: Place) -> str:
        self._forget_old(db)
        columns = "line, once, person, platform, workspace, channel, used_at"
        row = db.execute(f"SELECT {columns} FROM buttons WHERE key = ?", (key,)).fetchone()  # noqa: S608 - fixed columns
        if row is None:
            raise BotError("This button is too old to work. Type the command again.")
        line, once, owner, *shown_in, used_at = row
        if not once:
            return str(line)
        if owner != person.id:
            raise NotAllowed("This button works only for the person whom it was shown to.")
        if shown_in != [place.platform, place.workspace, place.channel]:
            raise BotError("This button works only in the channel where the command was given. Type the command there.")
        if used_at:
            raise BotError("Already done: this button works once.")
        db.execute("UPDATE buttons SET used_at = ? WHERE key = ?", (stamp(self._clock()), key))
        return str(line)


def fits(button: Button) -> bool:
    """Whether a platform's button can carry the line itself."""
    return not button.once and is_short(button.line)


def is_short(line: str) -> bool:
    """Whether a line may stand in a button itself."""
    return len(line.encode()) <= LONGEST_LINE


def button_id(button: Button) -> str:
    """What a platform sends back when the button is pressed: `show:` or `post:`, and the line."""
    return ("post:" if button.public else "show:") + button.line


def pressed(button: str) -> tuple[str, bool]:
    """The line of a pressed button, and whether it is to be posted for everybody. Anything odd is shown as a line."""
    verb, _, line = button.partition(":")
    return (line, verb == "post") if verb in {"show", "post"} else (button, False)
