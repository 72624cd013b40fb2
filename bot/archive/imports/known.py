"""What the archive knows that an export does not tell: where a channel is, who is who, what was said when."""

from collections.abc import Mapping
from datetime import datetime

from bot.archive.imports.records import Held
from bot.archive.message_rows import first_id
from bot.archive.tables import Tables
from bot.asker import Place


class Archived:
    """The archive behind a connection, as formats may ask it."""

    def __init__(self, db: Tables) -> None:
        self._db = db

    def place(self, platform: str, channel: str) -> Place | None:
        """The one channel or thread of this id of which anything is held, in whichever workspace; else None."""
        rows = self._db.execute(
            "SELECT w.platform_id, c.platform_id, t.platform_id, t.private FROM threads t "
            "JOIN channels c ON c.id = t.channel JOIN workspaces w ON w.id = t.workspace "
            "WHERE w.platform = ?1 AND t.platform_id = ?2 UNION ALL "
            "SELECT w.platform_id, c.platform_id, '', 0 FROM channels c JOIN workspaces w ON w.id = c.workspace "
            "WHERE w.platform = ?1 AND c.platform_id = ?2",
            (platform, channel),
        ).fetchall()
        if len(rows) != 1:
            return None
        workspace, parent, thread, private = rows[0]
        return Place(platform, workspace, parent, thread, private=bool(private))

    def names(self, place: Place) -> Mapping[str, str]:
        """What the people of the place's workspace are called, by the platform's ids."""
        rows = self._db.execute(
            "SELECT p.platform_id, p.name FROM people p JOIN workspaces w ON w.id = p.workspace "
            "WHERE w.platform = ? AND w.platform_id = ?",
            (place.platform, place.workspace),
        )
        return dict(rows.fetchall())

    def said(self, place: Place, first: datetime, last: datetime) -> list[Held]:
        """Messages of the place between two moments; none that was deleted."""
        rows = self._db.execute(
            "SELECT m.platform_id, p.platform_id, m.written_at, m.edited_at, m.text FROM messages m "
            "JOIN people p ON p.id = m.person JOIN channels c ON c.id = m.channel "
            "JOIN workspaces w ON w.id = m.workspace LEFT JOIN threads t ON t.id = m.thread "
            "WHERE w.platform = ? AND w.platform_id = ? AND c.platform_id = ? AND ifnull(t.platform_id, '') = ? "
            "AND m.id >= ? AND m.id < ? AND m.deleted_at IS NULL ORDER BY m.id",
            (place.platform, place.workspace, place.channel, place.thread, first_id(first), first_id(last)),
        ).fetchall()
        return [
            Held(id_, person, datetime.fromisoformat(at), datetime.fromisoformat(edited) if edited else None, text)
            for id_, person, at, edited, text in rows
        ]
