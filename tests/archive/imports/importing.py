"""Imports into a database of the test's own, and what is in it afterwards."""

from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from bot.archive.database import Database, connect
from bot.archive.imports.running import Choices, Outcome, import_all
from bot.archive.imports.sources import Source
from bot.archive.link_rows import Quoted

SAMPLES = Path(__file__).parent / "samples"
NOBODY_QUOTES: Quoted = lambda _: ()  # noqa: E731 - it stands in for a function that is given


def bring_in(path: Path, *files: Path, choices: Choices = Choices()) -> list[Outcome]:  # noqa: B008 - a frozen value
    """Import these files together; gives what each came to."""
    with ExitStack() as opened:
        sources = [opened.enter_context(Source(file).opened()) for file in files]
        return [outcome for _, outcome in import_all(path, sources, NOBODY_QUOTES, choices)]


def rows(path: Path, sql: str) -> list[Any]:
    """What the database answers."""
    with closing(connect(path)) as db:
        return list(db.execute(sql).fetchall())


def everything(path: Path) -> list[str]:
    """All that stands in the database, as SQL."""
    with closing(connect(path)) as db:
        return list(db.conn.iterdump())


def is_whole(path: Path) -> bool:
    """Whether the index fits the messages, the triggers are there, and SQLite finds nothing wrong."""
    Database.open(path).close()
    with closing(connect(path)) as db:
        db.execute("INSERT INTO messages_fts (messages_fts, rank) VALUES ('integrity-check', 1)")
        db.conn.rollback()
        triggers = db.execute(
            "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'messages_fts_%' AND type = 'trigger'"
        ).fetchone()[0]
        faults = [*db.execute("PRAGMA quick_check").fetchall(), *db.execute("PRAGMA foreign_key_check").fetchall()]
        return bool(triggers == 3 and faults == [("ok",)])
