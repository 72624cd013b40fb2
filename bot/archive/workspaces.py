"""Servers and workspaces: what they are called, and which of them the bot was removed from."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.archive.capture import Capture
from bot.archive.database import Database
from bot.archive.discussions import Discussions
from bot.archive.names import Names
from bot.archive.tables import Tables
from bot.asker import Place
from bot.times import now, stamp

KEPT_AFTER = timedelta(days=30)

_OF = "(SELECT id FROM messages WHERE workspace = ?)"


class Workspaces:
    """The workspaces. `clock` gives the time now, in UTC."""

    def __init__(
        self, database: Database, discussions: Discussions, capture: Capture, clock: Callable[[], datetime] = now
    ) -> None:
        self._database = database
        self._discussions = discussions
        self._capture = capture
        self._clock = clock

    async def joined(self, place: Place, name: str) -> None:
        """The bot is in this workspace, which is called so now; what it kept there is kept on."""
        update = "UPDATE workspaces SET name = ?, left_at = NULL, imported = 0 WHERE id = ?"
        await self._database.write(lambda db: db.execute(update, (name, Names().workspace(db, place))))
        self._discussions.reload()

    async def found(self, platform: str, there: Mapping[str, str]) -> None:
        """These are all the workspaces that the bot is in, with their names, by the platform's ids."""
        at = stamp(self._clock())
        await self._database.write(lambda db: _note_found(db, platform, there, at))
        self._discussions.reload()

    async def left(self, place: Place) -> None:
        """The bot was removed from this workspace: nothing more is saved there, and after 30 days nothing is held."""
        update = "UPDATE workspaces SET left_at = ifnull(left_at, ?) WHERE id = ?"
        at = stamp(self._clock())
        await self._database.write(lambda db: db.execute(update, (at, Names().workspace(db, place))))
        self._discussions.reload()

    def places(self) -> list[Place]:
        """Every workspace that the bot is in, as a place without a channel."""
        rows = self._database.reader.execute(
            "SELECT platform, platform_id FROM workspaces WHERE left_at IS NULL AND imported = 0"
        )
        return [Place(platform, workspace, "") for platform, workspace in rows.fetchall()]

    def channels(self, place: Place) -> list[str]:
        """The platform's ids of all channels that are known of a workspace."""
        rows = self._database.reader.execute(
            "SELECT c.platform_id FROM channels c JOIN workspaces w ON w.id = c.workspace "
            "WHERE w.platform = ? AND w.platform_id = ?",
            (place.platform, place.workspace),
        )
        return [channel for (channel,) in rows.fetchall()]

    def channels_called(self, name: str) -> list[Place]:
        """The channels of this id or name, in every workspace that the bot is in."""
        rows = self._database.reader.execute(
            "SELECT w.platform, w.platform_id, c.platform_id FROM channels c JOIN workspaces w ON w.id = c.workspace "
            "WHERE w.left_at IS NULL AND c.deleted_at IS NULL AND (c.platform_id = ?1 OR c.name = ?1) ORDER BY c.id",
            (name,),
        )
        return [Place(*row) for row in rows.fetchall()]

    async def forget_left(self) -> int:
        """Erase what is held of workspaces that the bot was removed from 30 days ago. Returns how many there were."""
        before = stamp(self._clock() - KEPT_AFTER)

        def act(db: Tables) -> int:
            self._capture.forget_names()  # the numbers of rows that go may be given again
            return _forget(db, before)

        return await self._database.write(act)


def _note_found(db: Tables, platform: str, there: Mapping[str, str], at: str) -> None:
    for row, platform_id in db.execute("SELECT id, platform_id FROM workspaces WHERE platform = ?", (platform,)):
        if platform_id in there:
            update = "UPDATE workspaces SET name = ?, left_at = NULL, imported = 0 WHERE id = ?"
            db.execute(update, (there[platform_id], row))
        else:
            update = "UPDATE workspaces SET left_at = ifnull(left_at, ?) WHERE id = ? AND imported = 0"
            db.execute(update, (at, row))


def _forget(db: Tables, before: str) -> int:
    rows = db.execute("SELECT id FROM workspaces WHERE left_at < ?", (before,)).fetchall()
    for (workspace,) in rows:
        for table in ("revisions", "reactions", "attachments", "links", "remarks", "imported"):
            db.execute(f"DELETE FROM {table} WHERE message IN {_OF}", (workspace,))  # noqa: S608 - our own names
        db.execute("DELETE FROM coverage WHERE channel IN (SELECT id FROM channels WHERE workspace = ?)", (workspace,))
        for table in ("messages", "threads", "channels", "people", "audit", "digests", "schedules", "plans"):
            db.execute(f"DELETE FROM {table} WHERE workspace = ?", (workspace,))  # noqa: S608 - our own names
        db.execute("DELETE FROM workspaces WHERE id = ?", (workspace,))
    return len(rows)
