"""What becomes of channels and threads: their names, whether they are archived, whether they are gone with it all."""

from collections.abc import Iterable

from sqlite_utils import Database as Tables

from bot.archive.events import Changed
from bot.archive.names import Names
from bot.asker import Place
from bot.times import stamp


def store_change(db: Tables, names: Names, event: Changed) -> None:
    """The newest that is known of a channel, or of a thread where the place names one."""
    thread = names.thread(db, event.place)
    table, row = ("threads", thread) if thread else ("channels", names.channel(db, event.place))
    if event.name:
        db.execute(f"UPDATE {table} SET {'title' if thread else 'name'} = ? WHERE id = ?", (event.name, row))  # noqa: S608 - our own names
    archived = stamp(event.archived) if event.archived else None
    db.execute(f"UPDATE {table} SET archived_at = ? WHERE id = ?", (archived, row))  # noqa: S608 - our own names
    if event.gone:
        gone = f"UPDATE {table} SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL"  # noqa: S608 - our own names
        db.execute(gone, (stamp(event.gone), row))


def blank_what_is_gone(db: Tables, names: Names, places: Iterable[Place]) -> None:
    """Leave no word in threads and channels that were deleted, whatever came after the deletion."""
    for place in places:
        channel, thread = names.channel(db, place), names.thread(db, place)
        gone = db.execute(
            "SELECT deleted_at FROM channels WHERE id = ? AND deleted_at IS NOT NULL "
            "UNION ALL SELECT deleted_at FROM threads WHERE id = ? AND deleted_at IS NOT NULL",
            (channel, thread),
        ).fetchone()
        if gone:
            where, row = ("thread", thread) if thread else ("channel", channel)
            _blank(db, where, row, gone[0])


def _blank(db: Tables, where: str, row: int | None, gone: str) -> None:
    inside = f"(SELECT id FROM messages WHERE {where} = ?)"  # noqa: S608 - our own names
    for table in ("revisions", "attachments", "reactions", "links", "remarks"):
        db.execute(f"DELETE FROM {table} WHERE message IN {inside}", (row,))  # noqa: S608 - our own names
    db.execute(
        "UPDATE messages SET text = '', search = '', deleted_at = ifnull(deleted_at, ?) "  # noqa: S608 - our own names
        f"WHERE {where} = ? AND (text != '' OR deleted_at IS NULL)",
        (gone, row),
    )
