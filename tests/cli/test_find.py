"""`readalong find` as the operator calls it: in a process of its own, beside a bot or without one."""

import csv
import io
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.archive.archive import Archive
from bot.archive.database import Database, only_one
from bot.archive.discussions import Anchor
from bot.archive.events import Author, Changed, Said
from bot.asker import Place
from tests.cli.test_cli import readalong

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
THREAD = Place("discord", "1", "10", "77")
SECRET = Place("slack", "T1", "C1", "5.5", private=True)
MINA, JUN = Author("U1", "Mina"), Author("U2", "Jun")


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A folder with a database of two workspaces, and a configuration that names it."""
    database = Database.open(tmp_path / "a.db")
    archive = Archive.of(database, lambda _: ())
    await archive.discussions.keep(THREAD, "Does 1956 bind?", MINA, Anchor("kuril-question", "names"))
    await archive.capture.save(Changed(Place("discord", "1", "10"), "kurils"))
    for minute, (place, by, words) in enumerate(
        [
            (THREAD, MINA, "A peace treaty\nwould bind."),
            (THREAD, JUN, "treaty of peace \x1b[31m[bold]x[/bold]"),
            (SECRET, JUN, "our war treaty"),
        ]
    ):
        await archive.capture.save(Said(place, f"m{minute}", by, words, NOON + timedelta(minutes=minute)))
    database.close()
    (tmp_path / "config.toml").write_text('[archive]\npath = "a.db"\n', encoding="utf-8")
    return tmp_path


def test_a_table_shows_who_said_what_where_and_that_it_is_everything(folder: Path) -> None:
    done = readalong(folder, "find", "treaty", COLUMNS="140")

    assert done.returncode == 0, done.stderr
    assert "Mina" in done.stdout
    assert "discord 1 #kurils > Does 1956 bind?" in done.stdout
    assert "our war treaty" in done.stdout
    assert "3 of 3, best first." in done.stdout
    assert "all that the database holds" in done.stdout
    assert "\x1b" not in done.stdout
    assert "[bold]x[/bold]" in done.stdout


def test_words_and_filters_are_those_of_the_command(folder: Path) -> None:
    phrase = readalong(folder, "find", '"peace treaty" from:mina', "--nl")
    minus = readalong(folder, "find", "treaty", "-war", "-hokkaido", "--nl")
    newest = readalong(folder, "find", "--nl", "--limit", "1")

    assert [json.loads(line)["message"] for line in phrase.stdout.splitlines()] == ["m0"]
    assert {json.loads(line)["message"] for line in minus.stdout.splitlines()} == {"m0", "m1"}
    assert [json.loads(line)["message"] for line in newest.stdout.splitlines()] == ["m2"]
    assert "1 of 3, newest first." in newest.stderr


def test_every_form_holds_the_same(folder: Path) -> None:
    as_json = json.loads(readalong(folder, "find", "peace", "--json").stdout)
    as_lines = [json.loads(line) for line in readalong(folder, "find", "peace", "--nl").stdout.splitlines()]
    as_csv = list(csv.DictReader(io.StringIO(readalong(folder, "find", "peace", "--csv").stdout)))

    assert len(as_json) == 2
    assert [said(one) for one in as_json] == [said(one) for one in as_lines]
    assert [one["message"] for one in as_csv] == [one["message"] for one in as_json]
    assert said(as_json[0]) == {
        "platform": "discord", "workspace": "1", "channel": "10", "channel_name": "kurils", "thread": "77",
        "title": "Does 1956 bind?", "message": as_json[0]["message"], "author": as_json[0]["author"],
        "written_at": as_json[0]["written_at"], "text": as_json[0]["text"], "reading": "kuril-question",
        "passage": "names",
    }  # fmt: skip


def said(record: dict[str, Any]) -> dict[str, Any]:
    """What is the same in each run: all but the score, which fades with time."""
    return {key: held for key, held in record.items() if not key.startswith("score")}


def test_the_parts_of_a_score_say_why_a_message_comes_first(folder: Path) -> None:
    first, second = json.loads(readalong(folder, "find", "peace treaty", "--json").stdout)
    newest = json.loads(readalong(folder, "find", "--json", "--limit", "1").stdout)[0]

    assert [(one["message"], one["score_phrase"]) for one in (first, second)] == [("m0", 3), ("m1", 0)]
    for one in (first, second):
        parts = [one[f"score_{part}"] for part in ("phrase", "near", "title", "words", "recent", "reactions")]
        assert one["score"] == pytest.approx(sum(parts), abs=0.01)
    assert {held for key, held in newest.items() if key.startswith("score")} == {None}


def test_it_reads_beside_a_running_bot_and_changes_nothing(folder: Path) -> None:
    file = folder / "a.db"
    before = (file.read_bytes(), set(folder.iterdir()))
    with only_one(file):
        done = readalong(folder, "find", "treaty")

    assert done.returncode == 0
    assert file.read_bytes() == before[0]
    assert set(folder.iterdir()) - before[1] == {folder / "a.db.lock"}


def test_exits_0_when_nothing_fits_1_when_refused_and_2_when_misused(folder: Path, tmp_path: Path) -> None:
    nothing = readalong(folder, "find", "zebra", "--json")
    refused = readalong(folder, "find", "form:mina")
    misused = readalong(folder, "find", "treaty", "--jsn")
    (folder / "config.toml").write_text('[archive]\npath = "none.db"\n', encoding="utf-8")
    missing = readalong(folder, "find", "treaty")

    assert (nothing.returncode, nothing.stdout.strip()) == (0, "[]")
    assert (refused.returncode, "Did you mean from:" in refused.stderr) == (1, True)
    assert (misused.returncode, "--jsn" in misused.stderr) == (2, True)
    assert (missing.returncode, "There is no database" in missing.stderr) == (1, True)
    assert not (folder / "none.db").exists()


def test_a_database_of_an_older_readalong_says_what_to_do(tmp_path: Path) -> None:

    made = sqlite3.connect(tmp_path / "a.db")
    made.execute("CREATE TABLE settings (name TEXT)")
    made.close()
    (tmp_path / "config.toml").write_text('[archive]\npath = "a.db"\n', encoding="utf-8")
    done = readalong(tmp_path, "find", "treaty")

    assert done.returncode == 1
    assert "Start the bot once" in done.stderr
