"""The database in Datasette (https://docs.datasette.io): what it is told of the tables, and what it may read.

It reads by connections of ours, which leave no file behind, can't write, and refuse the tables that are nobody's
business, in whatever statement they are named.
"""

import sqlite3
from pathlib import Path
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped] # it comes without types
from datasette.database import Database  # type: ignore[import-untyped] # it comes without types

from bot.archive.described import TABLES
from bot.archive.inspection import opened_for_reading
from bot.archive.research import NOBODYS_BUSINESS, QUESTIONS

NAME = "readalong"
MILLISECONDS = 10_000  # of one statement; nobody else waits for it
SETTINGS = {
    "sql_time_limit_ms": MILLISECONDS,
    "facet_time_limit_ms": 1000,
    "allow_download": False,
    "default_cache_ttl": 0,
    "suggest_facets": False,
}
_LABELS = {"workspaces": "name", "channels": "name", "people": "name", "threads": "title", "messages": "text"}
_FACETS = {
    "messages": ["workspace", "channel", "person"],
    "threads": ["channel", "reading", "passage"],
    "people": ["workspace", "bot"],
    "reactions": ["emoji"],
    "links": ["reading", "passage"],
    "digests": ["state"],
    "audit": ["did"],
}
_NEWEST = {"messages": "id", "threads": "opened_at", "remarks": "saved_at", "audit": "id", "digests": "due_at"}


class ReadOnly(Database):  # type: ignore[misc] # it comes without types
    """The database's file, for Datasette."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection that reads what may be read; there is none to write."""
        if write:
            raise sqlite3.OperationalError("attempt to write a readonly database")
        connection = opened_for_reading(Path(self.path))
        connection.set_authorizer(_authorize)
        self._all_file_connections.append(connection)
        return connection

    async def table_names(self) -> list[str]:
        """The tables that are shown."""
        return [name for name in await super().table_names() if name not in NOBODYS_BUSINESS]


def datasette(path: Path) -> Any:
    """Datasette on this database; its `app()` is what a server runs."""
    made = Datasette(metadata=metadata(), settings=SETTINGS)
    made.add_database(ReadOnly(made, path=str(path)), name=NAME)
    made.databases.pop("_memory", None)  # where no file is named Datasette shows an empty database
    return made


def metadata() -> dict[str, Any]:
    """What Datasette shows of the tables and questions: https://docs.datasette.io/en/stable/metadata.html"""
    queries = {
        name: {"title": one.title, "description": one.about, "sql": one.sql.strip(), "hide_sql": True}
        for name, one in QUESTIONS.items()
    }
    about = (
        "Everything that is saved, whoever could read it where it was said, private threads too. "
        "It can be read here, and not changed."
    )
    database = {"description": about, "queries": queries, "tables": {**_refused(), **_described()}}
    return {"title": "Readalong: the saved discussions", "databases": {NAME: database}}


def _described() -> dict[str, Any]:
    return {
        name: {
            "description": table.about,
            "columns": {column: what.replace("`", "") for column, what in table.columns.items()},
            **({"label_column": _LABELS[name]} if name in _LABELS else {}),
            **({"facets": _FACETS[name]} if name in _FACETS else {}),
            **({"sort_desc": _NEWEST[name]} if name in _NEWEST else {}),
        }
        for name, table in TABLES.items()
        if name not in NOBODYS_BUSINESS
    }


def _refused() -> dict[str, Any]:
    return {name: {"allow": False} for name in NOBODYS_BUSINESS}


def _authorize(action: int, table: str | None, *_: str | None) -> int:
    """SQLite asks this of every statement: https://sqlite.org/c3ref/set_authorizer.html"""
    secret = action == sqlite3.SQLITE_READ and table in NOBODYS_BUSINESS
    return sqlite3.SQLITE_DENY if secret else sqlite3.SQLITE_OK
