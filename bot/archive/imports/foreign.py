"""Databases of other programs, opened so that nothing in them is changed or run."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.archive.imports.records import Bad
from bot.archive.imports.sources import Unreadable
from bot.words import literal

Row = tuple[Any, ...]


class Foreign:
    """A database that is only read. Its tables are `tables`, by their names, with their columns."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.tables: dict[str, set[str]] = {}
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            columns = connection.execute("SELECT name FROM pragma_table_info(?)", (name,)).fetchall()
            self.tables[str(name).lower()] = {str(column).lower() for (column,) in columns}

    def one_of(self, *names: str) -> str:
        """The first of these tables that is there; empty for none."""
        return next((name for name in names if name in self.tables), "")

    def rows(self, sql: str) -> Iterator[Row]:
        """What it gives, row by row. Raises Damaged behind the last that could be read, where the file is damaged."""
        try:
            yield from self._connection.execute(sql)
        except sqlite3.Error as error:
            raise Damaged(str(error)) from error


class Damaged(Exception):
    """A database can't be read further than this."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Foreign]:
    """Open a database of another program. Raises Unreadable where it is damaged at its root."""
    # Without a log beside it nothing is missing, and as immutable nothing is left behind: https://sqlite.org/uri.html
    how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            connection.text_factory = lambda raw: raw.decode(errors="replace")
            yield Foreign(connection)
    except (sqlite3.Error, Damaged) as error:
        raise Unreadable(f"{literal(path.name)} is a damaged database ({error}).") from error


def damaged(name: str, table: str, error: Damaged) -> Bad:
    """That a table could be read only so far."""
    return Bad(f"{name}, table {table}", f"the database is damaged behind what was read ({error})")
