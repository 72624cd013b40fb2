"""Which imports there are, and taking one back."""

from pathlib import Path

from bot.archive.database import connect, immediately, only_one
from bot.archive.tables import Tables
from bot.errors import BotError
from bot.values import value

BESIDE = ("revisions", "reactions", "attachments", "links", "remarks", "imported")

# Our own exports tell of places that they were saved; where the bot never was, nobody else said so
_UNKEPT = "(kept_since IS NULL OR workspace IN (SELECT id FROM workspaces WHERE imported = 1))"

# Rows to which nothing points any more, in the order in which they go: those that the messages named, and all of a
# workspace in which the bot never was
_IDLE = (
    ("threads", f"{_UNKEPT} AND id NOT IN (SELECT thread FROM messages WHERE thread IS NOT NULL) "  # noqa: S608 - fixed words
                "AND id NOT IN (SELECT thread FROM coverage WHERE thread IS NOT NULL)"),
    ("channels", f"{_UNKEPT} AND id NOT IN (SELECT channel FROM messages) "  # noqa: S608 - fixed words
                 "AND id NOT IN (SELECT channel FROM threads) AND id NOT IN (SELECT channel FROM coverage)"),
    ("people", "id NOT IN (SELECT person FROM messages WHERE person IS NOT NULL) "
               "AND id NOT IN (SELECT person FROM reactions WHERE person IS NOT NULL) "
               "AND id NOT IN (SELECT person FROM remarks) "
               "AND id NOT IN (SELECT opened_by FROM threads WHERE opened_by IS NOT NULL)"),
)  # fmt: skip
_NAMED = {
    "threads": "SELECT thread FROM messages WHERE id IN (SELECT message FROM alone)",
    "channels": "SELECT channel FROM messages WHERE id IN (SELECT message FROM alone)",
    "people": "SELECT person FROM messages WHERE id IN (SELECT message FROM alone) "
    "UNION SELECT person FROM reactions WHERE message IN (SELECT message FROM alone)",
}


@value
class Brought:
    """An import: what it was, when, how many messages it brought (others may have, too), and how far they reach."""

    id: int
    name: str
    kind: str
    began_at: str
    ended_at: str
    messages: int
    first: str
    last: str


def brought(db: Tables) -> list[Brought]:
    """Every import, the oldest first."""
    rows = db.execute(
        "SELECT o.id, o.name, o.kind, o.began_at, ifnull(o.ended_at, ''), count(m.id), ifnull(min(m.written_at), ''), "
        "ifnull(max(m.written_at), '') FROM imports o LEFT JOIN imported i ON i.import = o.id "
        "LEFT JOIN messages m ON m.id = i.message GROUP BY o.id ORDER BY o.id"
    )
    return [Brought(*row) for row in rows.fetchall()]


def undo(path: Path, number: int) -> tuple[str, int, int]:
    """Take an import back: what it alone brought is gone, with every word of it.

    Returns its name, how many messages went, and how many stayed since another import brought them too. Raises BotError
    where there is no such import, or a bot runs: that has rows in mind which are to go.
    """
    if not path.exists():
        raise BotError(f"There is no database at {path}.")
    with only_one(path):
        db = connect(path)
        try:
            with immediately(db):
                done = _undo(db, number)
            db.execute("INSERT INTO messages_fts (messages_fts) VALUES ('optimize')")
            db.conn.commit()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            db.close()
    return done


def _undo(db: Tables, number: int) -> tuple[str, int, int]:
    row = db.execute("SELECT name FROM imports WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise BotError(f"There is no import {number}. `readalong import --list` shows them.")
    db.execute("PRAGMA secure_delete = ON")
    db.execute("CREATE TEMP TABLE alone (message INTEGER PRIMARY KEY)")
    db.execute(
        "INSERT INTO alone SELECT message FROM imported WHERE import = ?1 "
        "AND message NOT IN (SELECT message FROM imported WHERE import != ?1)",
        (number,),
    )
    (gone,) = db.execute("SELECT count(*) FROM alone").fetchone()
    (all_of_it,) = db.execute("SELECT count(*) FROM imported WHERE import = ?", (number,)).fetchone()
    for table, named in _NAMED.items():
        db.execute(f"CREATE TEMP TABLE of_{table} AS {named}")
    for table in BESIDE:
        db.execute(f"DELETE FROM {table} WHERE message IN (SELECT message FROM alone)")  # noqa: S608 - our own names
    db.execute("DELETE FROM messages WHERE id IN (SELECT message FROM alone)")
    db.execute("DELETE FROM imported WHERE import = ?", (number,))
    db.execute("DELETE FROM imports WHERE id = ?", (number,))
    db.execute(
        "DELETE FROM coverage WHERE channel IN (SELECT c.id FROM channels c JOIN workspaces w ON w.id = c.workspace "
        "WHERE w.imported = 1) AND NOT EXISTS "
        "(SELECT 1 FROM messages m WHERE m.channel = coverage.channel AND m.thread IS coverage.thread)"
    )
    elsewhere = "workspace IN (SELECT id FROM workspaces WHERE imported = 1)"
    for table, idle in _IDLE:
        db.execute(f"DELETE FROM {table} WHERE (id IN (SELECT * FROM of_{table}) OR {elsewhere}) AND {idle}")  # noqa: S608 - our own names
        db.execute(f"DROP TABLE of_{table}")
    db.execute(
        "DELETE FROM workspaces WHERE imported = 1 AND id NOT IN (SELECT workspace FROM channels) "
        "AND id NOT IN (SELECT workspace FROM people)"
    )
    db.execute("DROP TABLE alone")
    return str(row[0]), int(gone), int(all_of_it) - int(gone)
