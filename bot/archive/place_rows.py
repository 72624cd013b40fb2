"""What becomes of channels and threads: their names, whether they are archived, whether they are gone with it all."""

from collections.abc import Iterable

from bot.archive.events import Changed
from bot.archive.names import Names
from bot.archive.statements import chunks, marks
from bot.archive.tables import Tables
from bot.asker import Place
from bot.times import stamp


def store_change(db: Tables, names: Names, event: Changed) -> None:
    """The newest that is known of a channel, or of a thread where the place names one."""
    thread = names.thread(db, event.place)
    table, row = ("threads", thread) if thread else ("channels", names.channel(db, event.place))
    if event.name:
        db.execute(f"UPDATE {table} SET {'title' if thread else 'name'} = ? WHERE id = ?", (event.name, row))  # noqa: S608 - our own names
    archived = stamp(event.archived) if event.archived else None
    if archived or event.opened:
        db.execute(f"UPDATE {table} SET archived_at = ? WHERE id = ?", (archived, row))  # noqa: S608 - our own names
    if event.gone and thread:
        db.execute("UPDATE threads SET title = '' WHERE id = ?", (thread,))
    if event.gone:
        gone = f"UPDATE {table} SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL"  # noqa: S608 - our own names
        db.execute(gone, (stamp(event.gone), row))


def blank_what_is_gone(db: Tables, names: Names, places: Iterable[Place]) -> None:
    """Leave no word in threads and channels that were deleted, whatever came after the deletion."""
    wheres = {names.where(db, place) for place in places}
    channels = _gone(db, "channels", {where.channel for where in wheres})
    threads = _gone(db, "threads", {where.thread for where in wheres if where.thread})
    for where in wheres if channels or threads else ():
        if gone := channels.get(where.channel) or threads.get(where.thread or 0):
            _blank(db, *(("thread", where.thread) if where.thread else ("channel", where.channel)), gone)


def _gone(db: Tables, table: str, rows: Iterable[int]) -> dict[int, str]:
    """When those of these channels or threads that are deleted were."""
    found: dict[int, str] = {}
    for some in chunks(list(rows)):
        sql = f"SELECT id, deleted_at FROM {table} WHERE id IN {marks(len(some))} AND deleted_at IS NOT NULL"  # noqa: S608 - our own names
        found.update(db.execute(sql, some).fetchall())
    return found


def _blank(db: Tables, where: str, row: int | None, gone: str) -> None:
    inside = f"(SELECT id FROM messages WHERE {where} = ?)"  # noqa: S608 - our own names
    for table in ("revisions", "attachments", "reactions", "links", "remarks"):
        db.execute(f"DELETE FROM {table} WHERE message IN {inside}", (row,))  # noqa: S608 - our own names
    db.execute(
        "UPDATE messages SET text = '', search = '', deleted_at = ifnull(deleted_at, ?) "  # noqa: S608 - our own names
        f"WHERE {where} = ? AND (text != '' OR deleted_at IS NULL)",
        (gone, row),
    )
