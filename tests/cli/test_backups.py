"""`readalong backup` and `readalong restore` as the operator calls them, beside a bot that writes or without one."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.archive.archive import Archive
from bot.archive.backups import PAGES_AT_ONCE, back_up, restore
from bot.archive.database import Database, only_one
from bot.archive.events import Author, Said
from bot.asker import Place
from bot.errors import BotError
from tests.cli.test_cli import readalong

PLACE = Place("discord", "1", "10")
MINA, JUN = Author("U1", "Mina"), Author("U2", "Jun")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = "zanzibar"


async def say(archive: Archive, message: str, by: Author, words: str) -> None:
    await archive.capture.save(Said(PLACE, message, by, words, NOON))


def archive_at(path: Path) -> tuple[Database, Archive]:
    database = Database.open(path)
    return database, Archive.of(database, lambda _: ())


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A folder with a database in which Mina and Jun said something, and a configuration that names it."""
    database, archive = archive_at(tmp_path / "a.db")
    await archive.discussions.keep_channel(PLACE, "kurils")
    await say(archive, "m1", MINA, f"Mina said {SECRET}")
    await say(archive, "m2", JUN, "Jun said hokkaido")
    database.close()
    (tmp_path / "config.toml").write_text('[archive]\npath = "a.db"\n', encoding="utf-8")
    return tmp_path


def texts(file: Path) -> list[str]:
    with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as db:
        return [row[0] for row in db.execute("SELECT text FROM messages ORDER BY platform_id").fetchall()]


def names_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def nothing(*_: int) -> None:
    """Progress that nobody looks at."""


async def test_a_backup_is_whole_private_and_reads_also_what_is_not_in_the_file_itself_yet(folder: Path) -> None:
    database, archive = archive_at(folder / "a.db")
    await say(archive, "m3", JUN, "said just now")
    with only_one(folder / "a.db"):
        done = readalong(folder, "backup", "copy.db")
    database.close()

    assert (done.returncode, "copy.db is a whole copy" in done.stdout) == (0, True), done.stderr
    assert texts(folder / "copy.db") == [f"Mina said {SECRET}", "Jun said hokkaido", "said just now"]
    assert (folder / "copy.db").stat().st_mode & 0o777 == 0o600
    assert names_in(folder) == {"a.db", "a.db.lock", "copy.db", "config.toml"}


async def test_what_is_written_meanwhile_neither_stops_a_backup_nor_makes_it_begin_again(folder: Path) -> None:
    database, archive = archive_at(folder / "a.db")
    for number in range(1000):
        await say(archive, f"n{number}", JUN, "much was said " * 1000)
    steps: list[int] = []

    def write_between(done: int, _: int) -> None:
        steps.append(done)
        with closing(sqlite3.connect(folder / "a.db")) as db, db:
            db.execute("UPDATE people SET name = name || '!'")

    await asyncio.to_thread(back_up, folder / "a.db", folder / "copy.db", force=False, progress=write_between)
    database.close()

    assert len(steps) > 1
    assert steps[0] == PAGES_AT_ONCE
    assert steps == sorted(steps)
    with closing(sqlite3.connect(folder / "copy.db")) as db:
        assert {row[0] for row in db.execute("SELECT name FROM people").fetchall()} == {"Mina", "Jun"}


def test_a_file_that_is_there_is_replaced_only_when_told_so(folder: Path) -> None:
    copy = folder / "copy.db"
    copy.write_text("mine", encoding="utf-8")
    refused = readalong(folder, "backup", "copy.db")
    kept = copy.read_text(encoding="utf-8")
    (folder / "copy.db-wal").write_text("of another database", encoding="utf-8")
    forced = readalong(folder, "backup", "copy.db", "--force")

    assert (refused.returncode, "--force" in refused.stderr, kept) == (1, True, "mine")
    assert forced.returncode == 0
    assert len(texts(copy)) == 2
    assert not (folder / "copy.db-wal").exists()


def test_a_backup_never_replaces_the_database_itself_nor_one_in_use(folder: Path) -> None:
    itself = readalong(folder, "backup", "a.db", "--force")
    (folder / "b.db").write_text("another bot's", encoding="utf-8")
    with only_one(folder / "b.db"):
        used = readalong(folder, "backup", "b.db", "--force")
    nowhere = readalong(folder, "backup", "none/copy.db")

    assert all((done.returncode, "in use" in done.stderr) == (1, True) for done in (itself, used))
    assert (nowhere.returncode, "Make it first" in nowhere.stderr) == (1, True)
    assert len(texts(folder / "a.db")) == 2


def test_a_damaged_database_gives_no_backup_and_leaves_the_last_one(folder: Path) -> None:
    readalong(folder, "backup", "copy.db")
    good = (folder / "copy.db").read_bytes()
    file = folder / "a.db"
    file.write_bytes(file.read_bytes().replace(b"U1Mina", b"U7Mina"))  # the index says otherwise now
    done = readalong(folder, "backup", "copy.db", "--force")

    assert (done.returncode, "damaged" in done.stderr) == (1, True), done.stderr
    assert (folder / "copy.db").read_bytes() == good
    assert not list(folder.glob("*.part*"))


def test_a_restore_puts_everything_aside_and_says_where(folder: Path) -> None:
    readalong(folder, "backup", "copy.db")
    with closing(sqlite3.connect(folder / "a.db")) as db, db:
        db.execute("UPDATE messages SET text = 'since then'")
    (folder / "a.db-wal").write_bytes(b"")
    done = readalong(folder, "restore", "copy.db")
    (aside,) = folder.glob("a.db.aside-*")

    assert done.returncode == 0, done.stderr
    assert str(aside.name) in done.stdout
    assert "2026-11-20 12:00 UTC" in done.stdout
    assert texts(folder / "a.db") == [f"Mina said {SECRET}", "Jun said hokkaido"]
    assert texts(aside / "a.db") == ["since then"] * 2
    assert (aside.stat().st_mode & 0o777, (folder / "a.db").stat().st_mode & 0o777) == (0o700, 0o600)
    assert not (folder / "a.db-wal").exists()


async def test_who_opted_out_since_the_backup_stays_out_to_the_last_byte(folder: Path) -> None:
    readalong(folder, "backup", "copy.db")
    database, archive = archive_at(folder / "a.db")
    await archive.privacy.opt_out("discord", "U1")
    database.close()
    done = readalong(folder, "restore", "copy.db")
    database, archive = archive_at(folder / "a.db")
    await say(archive, "m3", MINA, "said again")

    assert "one person who opted out or were erased since" in done.stdout
    assert SECRET.encode() in (folder / "copy.db").read_bytes()
    assert SECRET.encode() not in (folder / "a.db").read_bytes()
    assert archive.privacy.is_out("discord", "U1")
    database.close()
    assert texts(folder / "a.db") == ["", "Jun said hokkaido"]


async def test_what_was_erased_since_the_backup_is_erased_again(folder: Path) -> None:
    readalong(folder, "backup", "copy.db")
    database, archive = archive_at(folder / "a.db")
    await archive.privacy.erase("discord", "U1")
    database.close()
    readalong(folder, "restore", "copy.db")
    database, archive = archive_at(folder / "a.db")

    assert not archive.privacy.is_out("discord", "U1")
    database.close()
    assert texts(folder / "a.db") == ["", "Jun said hokkaido"]
    assert SECRET.encode() not in (folder / "a.db").read_bytes()


async def test_who_opted_in_again_since_the_backup_gets_back_nothing_of_before(folder: Path) -> None:
    readalong(folder, "backup", "copy.db")
    database, archive = archive_at(folder / "a.db")
    await archive.privacy.opt_out("discord", "U1")
    await archive.privacy.opt_in("discord", "U1")
    database.close()
    readalong(folder, "restore", "copy.db")
    database, archive = archive_at(folder / "a.db")

    assert not archive.privacy.is_out("discord", "U1")
    database.close()
    assert texts(folder / "a.db") == ["", "Jun said hokkaido"]


def test_a_restore_without_a_database_says_what_nobody_can_know(folder: Path) -> None:
    readalong(folder, "backup", "copy.db")
    (folder / "a.db").unlink()
    done = readalong(folder, "restore", "copy.db")

    assert (done.returncode, "is not known" in done.stdout) == (0, True)
    assert len(texts(folder / "a.db")) == 2
    assert not list(folder.glob("*.aside*"))


def test_nothing_is_restored_under_a_running_bot(folder: Path) -> None:
    readalong(folder, "backup", "copy.db")
    with only_one(folder / "a.db"):
        done = readalong(folder, "restore", "copy.db")

    assert (done.returncode, "Stop it first" in done.stderr) == (1, True)
    assert not list(folder.glob("*.aside*"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('readalong', 'm999_later')",
            "of a newer Readalong",
        ),
        ("DROP TABLE _sqlite_migrations", "no database of Readalong's"),
        (None, "file is not a database"),
    ],
)
def test_what_is_no_good_backup_is_not_restored(folder: Path, spoil: str | None, said: str) -> None:
    readalong(folder, "backup", "copy.db")
    if spoil is None:
        (folder / "copy.db").write_bytes(b"no database" * 1000)
    else:
        with closing(sqlite3.connect(folder / "copy.db")) as db, db:
            db.execute(spoil)
    before = (folder / "a.db").read_bytes()
    done = readalong(folder, "restore", "copy.db")

    assert (done.returncode, said in done.stderr) == (1, True), done.stderr
    assert (folder / "a.db").read_bytes() == before
    assert not list(folder.glob("*.aside*"))


def test_the_database_itself_and_a_missing_file_are_no_backups(folder: Path) -> None:
    with pytest.raises(BotError, match="the database itself"):
        restore(folder / "a.db", folder / "a.db", nothing)
    with pytest.raises(BotError, match="There is no file"):
        restore(folder / "a.db", folder / "none.db", nothing)
    with pytest.raises(BotError, match="There is no database"):
        back_up(folder / "none.db", folder / "copy.db", force=False, progress=nothing)
