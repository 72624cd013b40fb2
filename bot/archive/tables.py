"""A connection to the database, asked in SQL; sqlite-utils stands beside it for whole rows.

sqlite-utils is imported where it is first needed: that takes 20 ms and 3 MB, and only what writes rows needs it.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite_utils
    from sqlite_utils.db import Table


class Tables:
    """The tables behind one connection, which is `conn`."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn

    def execute(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Cursor:
        """Run one statement with these values. Raises sqlite3.Error."""
        return self.conn.execute(sql, values)

    def table(self, name: str) -> "Table":
        """The table of this name, to insert, upsert and delete whole rows: https://sqlite-utils.datasette.io"""
        return self.by_sqlite_utils.table(name)

    @cached_property
    def by_sqlite_utils(self) -> "sqlite_utils.Database":
        """The same connection as sqlite-utils has it, which migrations are written for."""
        import sqlite_utils  # noqa: PLC0415 - most starts and answers need it not

        return sqlite_utils.Database(self.conn)

    def close(self) -> None:
        """Close the connection."""
        self.conn.close()
