"""What the doctor says of the database's file. A look at it changes nothing."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.archive.database import Database, is_running, only_one
from bot.doctor.database import database
from bot.doctor.finding import Finding, State

NOBODY = 65534


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database as the bot leaves it."""
    path = tmp_path / "readalong.db"
    Database.open(path).close()
    return path


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that everybody may read, and nobody but root may write; seen by somebody who isn't root."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        Database.open(folder / "readalong.db").close()
        (folder / "readalong.db").chmod(0o644)
        folder.chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)


def found(path: Path) -> dict[str, Finding]:
    return {one.subject: one for one in database(path)}


def test_a_database_as_the_bot_leaves_it_is_well(file: Path) -> None:
    assert {one.state for one in database(file)} == {State.OK}
    assert found(file)["settings"].words == "journal WAL, synchronous FULL, foreign keys on"
    assert sorted(each.name for each in file.parent.iterdir()) == ["readalong.db"]


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "readalong.db"

    assert found(path)["file"].words == f"{path} will be made at the first run"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_others_can_read_is_told_with_what_to_run(file: Path) -> None:
    file.chmod(0o640)

    assert found(file)["mode"].state is State.TO_DO
    assert f"chmod 600 {file}" in found(file)["mode"].words


def test_a_folder_that_cannot_be_written_is_told(shared: Path) -> None:
    there, new = found(shared / "readalong.db"), found(shared / "new.db")

    assert there["file"].state is new["file"].state is State.TO_DO
    assert "can't be written" in there["file"].words
    assert "can't be made" in new["file"].words
    assert there["tables"].words == "up to date"


def test_a_damaged_file_is_told(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.executescript("PRAGMA journal_mode = DELETE; CREATE TABLE t (w TEXT); CREATE INDEX i ON t (w);")
    connection.executemany("INSERT INTO t VALUES (?)", [("word" * 50 + str(n),) for n in range(500)])
    connection.commit()
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("DELETE FROM sqlite_master WHERE name = 'i'")
    connection.commit()
    connection.close()

    assert found(file)["quick check"].state is State.TO_DO
    assert "damaged" in found(file)["quick check"].words


@pytest.mark.parametrize("content", [b"", b"no database at all, " * 99])
def test_an_odd_file_does_not_end_the_look(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.db"
    path.write_bytes(content)

    assert found(path)["file"].state is (State.TO_DO if content else State.OK)
    assert path.read_bytes() == content


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    assert found(tmp_path)["file"].state is State.TO_DO


def test_a_database_under_a_file_cannot_be_made(file: Path) -> None:
    assert found(file / "deeper.db")["file"].state is State.TO_DO


def test_the_lock_of_a_running_readalong_is_seen_and_not_taken(file: Path) -> None:
    assert not is_running(file)
    assert not file.with_name("readalong.db.lock").exists()
    with only_one(file):
        assert is_running(file)
        assert "`readalong run` is using it" in found(file)["file"].words
    assert not is_running(file)
