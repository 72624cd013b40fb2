"""Leaving no word behind: what was blanked or deleted goes out of the file's pages, the search index and the WAL too.

SQLite zeroes what it deletes (`secure_delete`), but two places keep words. The index holds those of a deleted message
until the segments that have them are merged into one; the write-ahead log holds old pages until it is cut off. So a
trigger notes that messages lost their words, and `scrub` does both, in steps between which others write.
"""

import asyncio
from datetime import timedelta

from bot.archive.database import BUSY_SECONDS, Database
from bot.archive.tables import Tables

EVERY = timedelta(minutes=20)  # so that all is gone within an hour, even after a start or a lock held by others
PAGES_A_STEP = 50  # of the index; some 5 ms
SECONDS_BETWEEN_STEPS = 0.02
TRIES = 50


def want_scrub(db: Tables) -> None:
    """Note that words went that no trigger sees: of a text that was changed. In the transaction that does it."""
    db.execute("UPDATE scrubs SET wanted = wanted + 1")


class Scrubbing:
    """Scrubs one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def due(self) -> bool:
        """Whether messages lost their words since the index was last scrubbed."""
        wanted, done = self._state()
        return wanted > done

    async def scrub(self, pause: float = SECONDS_BETWEEN_STEPS) -> bool:
        """Leave no deleted word in the file or beside it. `pause` is how many seconds others have after each step.

        Returns whether that is so; not while another program reads an old state of the file. Raises sqlite3.Error.
        """
        wanted, done = self._state()
        if wanted > done:
            await self._merge(pause)
        whole = await self._cut_off(pause)
        if whole and wanted > done:
            await self._database.write(lambda db: db.execute("UPDATE scrubs SET done = ?", (wanted,)))
        return whole

    def _state(self) -> tuple[int, int]:
        wanted, done = self._database.reader.execute("SELECT wanted, done FROM scrubs").fetchone()
        return int(wanted), int(done)

    async def _merge(self, pause: float) -> None:
        """Merge the whole index into one segment, which holds no deleted words: https://sqlite.org/fts5.html#the_merge_command"""
        going = await self._database.write(lambda db: _merged(db, -PAGES_A_STEP))  # takes in every segment
        while going:
            await asyncio.sleep(pause)
            going = await self._database.write(lambda db: _merged(db, PAGES_A_STEP))

    async def _cut_off(self, pause: float) -> bool:
        """Carry everything over from the WAL, and cut it to nothing."""
        for _ in range(TRIES):
            if await self._database.outside(_truncated):
                return True
            await asyncio.sleep(pause)
        return False


def _merged(db: Tables, pages: int) -> bool:
    """Merge so many pages; whether there was anything to merge."""
    before = db.conn.total_changes
    db.execute("INSERT INTO messages_fts(messages_fts, rank) VALUES ('merge', ?)", (pages,))
    return db.conn.total_changes - before > 1


def _truncated(db: Tables) -> bool:
    """Cut the WAL off, if nobody reads in it; not waiting for them, since the next message waits for this."""
    db.execute("PRAGMA busy_timeout = 0")
    try:
        busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        db.execute(f"PRAGMA busy_timeout = {int(1000 * BUSY_SECONDS)}")
    return not busy
