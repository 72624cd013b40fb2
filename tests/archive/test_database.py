import sqlite3
import stat
from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils

from bot.archive.buttons import Buttons
from bot.archive.database import Database, only_one
from bot.archive.settings import Settings
from bot.errors import BotError
from bot.reply import Button, Note, Reply
from bot.times import now, stamp
from bot.words import markdown
from tests.conftest import KURILS, MODERATOR


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

    def half(db: sqlite_utils.Database) -> None:
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
    buttons = Buttons(database)
    reply = Reply("t", (Note(markdown("w")),), buttons=(Button("Undo", "/use reading:x", once=True),), line="/use")
    kept = await buttons.keep(reply, MODERATOR, KURILS)
    key = kept.buttons[0].line.removeprefix("#")
    await buttons.forget_old()
    assert await buttons.take(key, MODERATOR) == "/use reading:x"
    old = stamp(now() - timedelta(days=31))
    await database.write(lambda db: db.execute("UPDATE buttons SET made_at = ?", (old,)))
    await buttons.forget_old()

    with pytest.raises(BotError, match="too old"):
        await buttons.take(key, MODERATOR)
    database.close()
