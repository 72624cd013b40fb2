"""Lines that buttons stand for, kept under a key: those too long for a platform's button, and those good for one press.

A key for showing is made of the line, so the same line is kept once. A one-use key is random, and bound to its asker.
"""

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlite_utils import Database as Tables

from bot.archive.database import Database
from bot.asker import Person, Place
from bot.errors import BotError, NotAllowed
from bot.reply import Button, Reply
from bot.times import now, stamp

LONGEST_LINE = 75  # with its verb and page it stays within the 100 characters of a Discord custom_id
KEPT = timedelta(days=30)


class Buttons:
    """The kept lines. A line that stands for another begins with `#`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, reply: Reply, person: Person, place: Place) -> Reply:
        """The reply with every line that can't stand in a button itself replaced by its key, which is durable now."""
        rows: list[dict[str, Any]] = []

        def kept(line: str, *, once: bool = False) -> str:
            if not once and len(line.encode()) <= LONGEST_LINE:
                return line
            key = secrets.token_hex(12) if once else hashlib.sha256(line.encode()).hexdigest()[:24]
            rows.append(_row(key, line, person if once else None, place))
            return f"#{key}"

        buttons = tuple(replace(b, line=kept(b.line, once=b.once)) for b in reply.buttons)
        made = replace(reply, buttons=buttons, line=kept(reply.line))
        if rows:
            await self._database.write(lambda db: _insert(db, rows))
        return made

    async def take(self, key: str, person: Person) -> str:
        """The line kept under this key; a one-use key is used up by it.

        Raises BotError when the key is unknown, too old or already used, NotAllowed when it is somebody else's.
        """
        return await self._database.write(lambda db: _take(db, key, person.id))

    async def give_back(self, key: str) -> None:
        """Make a used key good again: what it stood for did not happen."""
        await self._database.write(lambda db: db.execute("UPDATE buttons SET used_at = NULL WHERE key = ?", (key,)))

    async def forget_old(self) -> None:
        """Drop what was kept longer than 30 days ago."""
        before = stamp(now() - KEPT)
        await self._database.write(lambda db: db.execute("DELETE FROM buttons WHERE made_at < ?", (before,)))


def _row(key: str, line: str, asker: Person | None, place: Place) -> dict[str, Any]:
    return {
        "key": key,
        "line": line,
        "once": int(asker is not None),
        "platform": place.platform,
        "workspace": place.workspace,
        "person": asker.id if asker else "",
        "made_at": stamp(now()),
    }


def _insert(db: Tables, rows: list[dict[str, Any]]) -> None:
    db.table("buttons").upsert_all(rows, pk="key")


def _take(db: Tables, key: str, person: str) -> str:
    row = db.execute("SELECT line, once, person, used_at FROM buttons WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise BotError("This button is too old to work. Type the command again.")
    line, once, owner, used_at = row
    if once and owner != person:
        raise NotAllowed("This button works only for the person whom it was shown to.")
    if once and used_at:
        raise BotError("Already done: this button works once.")
    if once:
        db.execute("UPDATE buttons SET used_at = ? WHERE key = ?", (stamp(now()), key))
    return str(line)


def button_id(button: Button) -> str:
    """What a platform sends back when the button is pressed: `show:` or `post:`, and the line."""
    return ("post:" if button.public else "show:") + button.line


def pressed(button: str) -> tuple[str, bool]:
    """The line of a pressed button, and whether it is to be posted for everybody. Anything odd is shown as a line."""
    verb, _, line = button.partition(":")
    return (line, verb == "post") if verb in {"show", "post"} else (button, False)
