"""A look at the database file for the command line: it makes no file, and switches nothing.

A file in WAL mode that can be written is opened as the bot opens it. SQLite leaves files behind when it opens one only
to read (`mode=ro`), so any other file is opened as one that nobody changes: https://sqlite.org/c3ref/open.html
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot.archive.database import connect, newer, unusable
from bot.archive.schema import migrations
from bot.archive.tables import Tables
from bot.errors import BotError
from bot.values import value

MOST_FAULTS = 5
FULL = 2  # https://sqlite.org/pragma.html#pragma_synchronous
WAL_AT, WAL = 18, 2  # https://sqlite.org/fileformat2.html#file_format_version_numbers


@value
class Inspection:
    """What the file is. `settings` names the bot's pragmas with whether each holds; none for a file not in WAL."""

    settings: dict[str, bool]
    newer: bool
    pending: int
    faults: tuple[str, ...]


def inspect(path: Path) -> Inspection:
    """Look at an existing file. Raises sqlite3.Error or OSError where it can't be used."""
    with opened_as_it_is(path) as db:
        settings = _settings(db) if _as_the_bot(path) else {}
        return Inspection(settings, bool(migrations.unknown(db)), len(migrations.pending(db)), _faults(db))


@contextlib.contextmanager
def opened_to_read(path: Path) -> Iterator[Tables]:
    """The database, to read alone, beside a bot that may be running on it.

    Raises BotError when there is none, when it can't be used, or when another version of Readalong made it.
    """
    if not path.exists():
        raise BotError(f"There is no database at {path} yet: `readalong run` makes it. Or set [archive] path.")
    try:
        with opened_as_it_is(path) as db:
            if migrations.unknown(db):
                raise newer(path)
            if migrations.pending(db):
                raise BotError(f"The database {path} is of an older Readalong. Start the bot once: `readalong run`.")
            db.conn.execute("PRAGMA query_only = ON")
            yield db
    except (OSError, sqlite3.Error) as error:
        raise unusable(path, error) from error


@contextlib.contextmanager
def opened_as_it_is(path: Path) -> Iterator[Tables]:
    """An existing file, of any version or damaged, without a trace. Raises sqlite3.Error or OSError."""
    with contextlib.closing(connect(path) if _as_the_bot(path) else left_alone(path)) as db:
        yield db


def opened_for_reading(path: Path) -> sqlite3.Connection:
    """A connection of its own that reads and can't write, without a trace. Raises sqlite3.Error or OSError."""
    connection = (connect(path) if _as_the_bot(path) else left_alone(path)).conn
    connection.execute("PRAGMA query_only = ON")
    return connection


def left_alone(path: Path) -> Tables:
    """A file that nobody changes, and beside which nothing is made. Raises sqlite3.Error."""
    return Tables(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False))


def _as_the_bot(path: Path) -> bool:
    """Whether the file can be opened as the bot does, without a trace."""
    return _is_wal(path) and all(os.access(one, os.W_OK, effective_ids=True) for one in (path, path.parent))


def _is_wal(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(WAL_AT + 1)[WAL_AT:] == bytes([WAL])


def _settings(db: Tables) -> dict[str, bool]:
    """The bot's pragmas, as SQLite took them; that it can be written is proved by taking the turn to write."""
    db.conn.execute("BEGIN IMMEDIATE")
    db.conn.rollback()
    return {
        "journal WAL": db.conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal",
        "synchronous FULL": db.conn.execute("PRAGMA synchronous").fetchone()[0] == FULL,
        "foreign keys on": db.conn.execute("PRAGMA foreign_keys").fetchone()[0] == 1,
    }


def _faults(db: Tables) -> tuple[str, ...]:
    rows = db.conn.execute(f"PRAGMA quick_check({MOST_FAULTS})").fetchall()
    return tuple(str(row[0]) for row in rows if row[0] != "ok")
