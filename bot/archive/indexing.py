"""The index of words, where very many messages come at once."""

import contextlib
from collections.abc import Iterator

from bot.archive.tables import Tables


@contextlib.contextmanager
def indexed_together(db: Tables, newest: int) -> Iterator[None]:
    """Index the messages that are inserted meanwhile in one go at the end, in their order, and not one by one.

    `newest` is the highest `saved_seq` before them. The trigger is gone only inside of the transaction, which is the
    caller's, so that nothing is ever committed without it.
    """
    (trigger,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'messages_fts_insert'").fetchone()
    db.execute("DROP TRIGGER messages_fts_insert")
    yield
    db.execute(
        "INSERT INTO messages_fts (rowid, search, tags) "
        "SELECT id, search, tags FROM messages WHERE id IN (SELECT id FROM messages WHERE saved_seq > ?) ORDER BY id",
        (newest,),
    )
    db.execute(trigger)
