"""The one database file: opening it, its migrations, and the one connection that writes.

Every write is a function run in the writer's own thread, as one transaction; its future resolves after the commit.
Reads use a connection of their own and never wait for writes.
"""

import asyncio
import contextlib
import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self, TypeVar

from bot.archive.schema import migrations
from bot.archive.tables import Tables
from bot.errors import BotError

T = TypeVar("T")

BUSY_SECONDS = 5.0
MAPPED = 1 << 30  # bytes of the file that a search reads without copying; they are the system's to take back
READERS = 2  # threads that read beside the event loop's
SECONDS_BETWEEN_TRIES = 0.02


class Database:
    """An open database. `reader` is for the thread that opened it, `read` for what may take long; `write` writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._writer = self._thread.submit(connect, path).result()
        self.reader = connect(path)
        self._reading = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="reader")
        self._own = threading.local()
        self._readers: list[Tables] = []
        self._version = self._data_version()
        self._when_changed: list[Callable[[Tables], None]] = []

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, made (mode 0600) if it is not there, and bring its tables up to date.

        Raises BotError when the file can't be opened, is no database, or was made by a newer Readalong.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            _migrate(path)
            return cls(path)
        except (OSError, sqlite3.Error) as error:
            raise unusable(path, error) from error

    async def write(self, act: Callable[[Tables], T]) -> T:
        """Run `act` on the writing connection as one transaction; returns its value once that is committed."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._in_transaction, act)

    async def outside(self, act: Callable[[Tables], T]) -> T:
        """Run `act` on the writing connection in its turn, outside of any transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, act, self._writer)

    def when_changed_elsewhere(self, act: Callable[[Tables], None]) -> None:
        """Have `act` run in the writer's thread before the next transaction after another process wrote something."""
        self._when_changed.append(act)

    def _in_transaction(self, act: Callable[[Tables], T]) -> T:
        with immediately(self._writer):
            if (version := self._data_version()) != self._version:
                for changed in self._when_changed:
                    changed(self._writer)
                self._version = version
            return act(self._writer)

    def _data_version(self) -> int:
        """Changes when another connection wrote; ours for reading never does: https://sqlite.org/pragma.html#pragma_data_version"""
        return int(self._writer.execute("PRAGMA data_version").fetchone()[0])

    async def read(self, act: Callable[[Tables], T]) -> T:
        """Run `act` on a connection that only reads, in a thread of its own, so that nothing waits for it."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._on_own_reader, act)

    def _on_own_reader(self, act: Callable[[Tables], T]) -> T:
        if not hasattr(self._own, "reader"):
            self._own.reader = connect(self.path)
            self._own.reader.execute("PRAGMA query_only = ON")
            self._own.reader.execute(f"PRAGMA mmap_size = {MAPPED}")
            self._readers.append(self._own.reader)
        return act(self._own.reader)

    def close(self) -> None:
        """Finish what is being written and read, then close the connections."""
        self._reading.shutdown()
        for reader in self._readers:
            reader.close()
        self._thread.submit(self._writer.close).result()
        self._thread.shutdown()
        self.reader.close()


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock of `readalong run` on this database.

    Raises BotError when another process holds it, or when the lock can't be made beside the database.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(path.name + ".lock").open("w")
    except OSError as error:
        raise unusable(path, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BotError(f"Another `readalong run` uses {path}. Stop it first, or set [archive] path.") from error
        yield


def is_running(path: Path) -> bool:
    """Whether a `readalong run` holds the lock on this database. Nothing is made or changed."""
    try:
        with path.with_name(path.name + ".lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def connect(path: Path) -> Tables:
    """A connection with the bot's settings; makes the file, or switches it to WAL, if need be. Raises sqlite3.Error."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")
    return Tables(connection)


def newer(path: Path) -> BotError:
    """What to say of a database that a newer Readalong made."""
    return BotError(f"The database {path} was made by a newer Readalong. Upgrade, or set [archive] path.")


def unusable(path: Path, error: OSError | sqlite3.Error) -> BotError:
    """What to say of a database that can't be opened."""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return BotError(f"The database {path} can't be opened ({reason}). Set [archive] path to another file.")


@contextlib.contextmanager
def immediately(db: Tables) -> Iterator[None]:
    """A transaction that waits for its turn to write before it reads.

    A transaction that reads first is refused at once when somebody else is writing: https://sqlite.org/lang_transaction.html
    One that can't be committed, since the disk is full, would stay open and refuse every later one.
    """
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.commit()
    except BaseException:
        db.conn.rollback()
        raise


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL; SQLite does not wait here while another process opens the file, so this does."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(SECONDS_BETWEEN_TRIES)
        else:
            return


def _migrate(path: Path) -> None:
    with contextlib.closing(connect(path)) as db:
        if migrations.unknown(db):
            raise newer(path)
        pending = migrations.pending(db)
        if pending and migrations.applied(db):
            _back_up(db, path.with_name(f"{path.name}.before-{pending[0]}"))
        if pending:
            with immediately(db):
                migrations.apply(db)


def _back_up(db: Tables, copy: Path) -> None:
    """Put a copy beside the database before its tables are changed; one that is there already is older still."""
    if not copy.exists():
        part = copy.with_name(f"{copy.name}.part")  # so that a copy of this name is a whole one
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
        with contextlib.closing(sqlite3.connect(part)) as made:
            db.conn.backup(made)
        part.replace(copy)
