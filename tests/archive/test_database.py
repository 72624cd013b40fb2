import asyncio
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlite_utils

from bot.archive.buttons import Buttons
from bot.archive.database import Database, only_one
from bot.archive.schema import migrations
from bot.archive.settings import Settings
from bot.archive.tables import Tables
from bot.config import CLONE
from bot.errors import BotError
from bot.reply import Button, Note, Reply
from bot.words import markdown
from tests.conftest import KURILS, MODERATOR

NOTE = Note(markdown("w"))


def test_the_file_is_its_owners_alone_and_keeps_its_settings(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "readalong.db"
    Database.open(path).close()
    tables = sqlite_utils.Database(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {"settings", "buttons"} <= set(tables.table_names())
    assert tables.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    tables.close()


async def test_a_choice_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Database.open(tmp_path / "a.db")
    await Settings(first).use_reading(KURILS, "kuril-question")
    await Settings(first).use_reading(KURILS, "japan-russia-2016")
    first.close()
    second = Database.open(tmp_path / "a.db")

    assert Settings(second).reading_of(KURILS) == "japan-russia-2016"
    second.close()


async def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "a.db")

    def half(db: Tables) -> None:
        db.table("settings").insert(
            {"platform": "x", "workspace": "", "channel": "", "name": "n", "value": "v", "changed_at": "t"}
        )
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(half)
    assert Settings(database).get("x", "", "", "n") == ""
    database.close()


def test_a_database_of_a_newer_readalong_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Database.open(path).close()
    newer = sqlite3.connect(path)
    newer.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('readalong', 'm999_later', '')"
    )
    newer.commit()
    newer.close()

    with pytest.raises(BotError, match="newer Readalong"):
        Database.open(path)


def test_a_second_run_on_the_same_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with only_one(path), pytest.raises(BotError, match="Another `readalong run`"), only_one(path):
        pass
    with only_one(path):
        pass


async def test_old_lines_of_buttons_are_forgotten(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "a.db")
    moment = datetime(2026, 11, 9, tzinfo=UTC)
    buttons = Buttons(database, lambda: moment)
    long = "/ask question:" + "x" * 100
    kept = await buttons.keep(Reply("t", (NOTE,), buttons=(Button("Share", long),)), MODERATOR, KURILS)
    key = kept.buttons[0].line.removeprefix("#")
    moment += timedelta(days=30)
    assert await buttons.take(key, MODERATOR, KURILS) == long
    moment += timedelta(seconds=1)

    with pytest.raises(BotError, match="too old"):
        await buttons.take(key, MODERATOR, KURILS)
    await buttons.forget_old()
    assert database.reader.execute("SELECT count(*) FROM buttons").fetchone() == (0,)
    database.close()


async def test_a_long_line_is_kept_only_where_a_button_needs_it(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "a.db")
    line = "/ask question:" + "x" * 100
    short = await Buttons(database).keep(Reply("t", (NOTE,), line=line), MODERATOR, KURILS)
    assert short.line == line
    assert database.reader.execute("SELECT count(*) FROM buttons").fetchone() == (0,)
    long = await Buttons(database).keep(Reply("t", (Note(markdown("w" * 1001)),), line=line), MODERATOR, KURILS)

    assert long.line.startswith("#")
    database.close()


async def test_a_one_use_button_works_only_where_it_was_shown(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "a.db")
    buttons = Buttons(database)
    kept = await buttons.keep(
        Reply("t", (NOTE,), buttons=(Button("Undo", "/use reading:x", once=True),)), MODERATOR, KURILS
    )
    key = kept.buttons[0].line.removeprefix("#")
    for elsewhere in (replace(KURILS, channel="11"), replace(KURILS, workspace="2"), replace(KURILS, platform="slack")):
        with pytest.raises(BotError, match="only in the channel"):
            await buttons.take(key, MODERATOR, elsewhere)

    assert await buttons.take(key, MODERATOR, KURILS) == "/use reading:x"
    database.close()


async def test_a_write_waits_while_another_process_is_writing(tmp_path: Path) -> None:
    """The holder lets go once the write has begun to wait; without waiting, it would be refused at once."""
    database = Database.open(tmp_path / "a.db")
    holder = sqlite3.connect(tmp_path / "a.db", check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(Settings(database).use_reading(KURILS, "kuril-question"))
    done, _ = await asyncio.wait({writing}, timeout=0.2)
    assert not done
    holder.rollback()
    await asyncio.wait_for(writing, 5)

    assert Settings(database).reading_of(KURILS) == "kuril-question"
    holder.close()
    database.close()


def test_many_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    code = "import sys, pathlib, bot.archive.database as d; d.Database.open(pathlib.Path(sys.argv[1])).close()"
    command = [sys.executable, "-c", code, str(tmp_path / "a.db")]
    started = [subprocess.Popen(command, cwd=CLONE, stderr=subprocess.PIPE) for _ in range(8)]  # noqa: S603 - our own code

    assert [(one.wait(60), (one.communicate()[1] or b"").decode()) for one in started] == [(0, "")] * 8


@pytest.mark.parametrize("path", ["/proc/nowhere/a.db", "/dev/null/a.db"])
def test_a_path_that_cannot_be_is_one_sentence_also_for_the_lock(path: str) -> None:
    with pytest.raises(BotError, match=r"can't be opened .* Set \[archive\] path"), only_one(Path(path)):
        pass
    with pytest.raises(BotError, match="can't be opened"):
        Database.open(Path(path))


def test_an_older_database_is_copied_before_its_tables_are_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    older = Tables(sqlite3.connect(path))
    migrations.apply(older, stop_before="m003_local_messages")
    older.execute("INSERT INTO settings VALUES ('discord', '1', '10', 'reading', 'kuril-question', '2026')")
    older.conn.commit()
    older.close()
    Database.open(path).close()
    Database.open(path).close()
    (copy,) = tmp_path.glob("*.before-*")
    kept = sqlite_utils.Database(copy)

    assert copy.name == "a.db.before-m003_local_messages"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert kept.table("settings").count == 1
    assert not kept.table("local_messages").exists()
    kept.close()


def test_a_new_database_needs_no_copy(tmp_path: Path) -> None:
    Database.open(tmp_path / "a.db").close()

    assert not list(tmp_path.glob("*.before-*"))
