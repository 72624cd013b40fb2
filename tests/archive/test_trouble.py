"""When the database can't be written to, whoever saves is told, and once it can be again, it is."""

import asyncio
import resource
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.archive import database as database_module
from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.events import Author, Said
from bot.asker import Place

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
HOLD = (
    "import sqlite3, sys; held = sqlite3.connect(sys.argv[1]); held.execute('BEGIN IMMEDIATE'); "
    "print('held', flush=True); sys.stdin.read()"
)


def said(id_: str, words: str = "Does 1956 bind?") -> Said:
    return Said(Place("slack", "T1", "C1"), id_, Author("U1", "Mina"), words, NOON)


def held(path: Path) -> list[str]:
    """What another connection reads, once SQLite has checked the file."""
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [row[0] for row in other.execute("SELECT platform_id FROM messages ORDER BY saved_seq")]


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Another process is writing to the database, for as long as this lasts."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD, path, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"held\n"
        yield
    finally:
        await process.communicate(b"")


@contextmanager
def disk_full_at(size: int) -> Iterator[None]:
    """No file can grow beyond this many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_while_another_process_writes_saving_fails_and_then_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    with closing(Database.open(tmp_path / "a.db")) as database:
        capture = Archive.of(database, lambda _: ()).capture
        async with locked(database.path):
            results = await asyncio.gather(*map(capture.save, (said("m1"), said("m2"))), return_exceptions=True)
        await capture.save(said("m3"))

    assert [str(result) for result in results] == ["database is locked"] * 2
    assert held(tmp_path / "a.db") == ["m3"]


async def test_a_short_wait_for_another_process_is_no_failure(tmp_path: Path) -> None:
    with closing(Database.open(tmp_path / "a.db")) as database:
        capture = Archive.of(database, lambda _: ()).capture
        async with locked(database.path):
            saving = capture.save(said("m1"))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.shield(saving), 0.05)
        await saving

    assert held(tmp_path / "a.db") == ["m1"]


async def test_a_full_database_is_told_and_takes_messages_again_once_there_is_room(tmp_path: Path) -> None:
    with closing(Database.open(tmp_path / "a.db")) as database:
        capture = Archive.of(database, lambda _: ()).capture
        await capture.save(said("m1"))
        (pages,) = database.reader.execute("PRAGMA page_count").fetchone()
        await database.write(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchone())
        large = [said(f"large{number}", "island " * 10_000) for number in range(3)]
        results = await asyncio.gather(*map(capture.save, large), return_exceptions=True)
        await database.write(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchone())
        await asyncio.gather(*map(capture.save, large))

    assert [str(result) for result in results] == ["database or disk is full"] * 3
    assert held(tmp_path / "a.db") == ["m1", "large0", "large1", "large2"]


async def test_a_commit_that_fails_on_a_full_disk_stops_nothing_that_comes_later(tmp_path: Path) -> None:
    with closing(Database.open(tmp_path / "a.db")) as database:
        capture = Archive.of(database, lambda _: ()).capture
        await capture.save(said("m1"))
        with disk_full_at((tmp_path / "a.db-wal").stat().st_size):
            results = await asyncio.gather(*map(capture.save, (said("m2"), said("m3"))), return_exceptions=True)
        await capture.save(said("m2"))

    assert [type(result) for result in results] == [sqlite3.OperationalError] * 2
    assert held(tmp_path / "a.db") == ["m1", "m2"]


async def test_a_transaction_that_can_not_be_committed_is_taken_back(tmp_path: Path) -> None:
    with closing(Database.open(tmp_path / "a.db")) as database:

        def orphan(db: object) -> None:
            database._writer.execute("PRAGMA defer_foreign_keys = ON")
            database._writer.execute("INSERT INTO revisions VALUES (1, '', '')")

        with pytest.raises(sqlite3.IntegrityError):
            await database.write(orphan)
        await Archive.of(database, lambda _: ()).capture.save(said("m1"))

    assert held(tmp_path / "a.db") == ["m1"]
