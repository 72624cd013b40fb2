"""`readalong import` as the operator calls it, in a process of its own."""

from pathlib import Path

import pytest

from tests.archive.imports.importing import SAMPLES, rows
from tests.cli.test_cli import readalong

SLACK = SAMPLES / "slack_export.zip"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text('[archive]\npath = "a.db"\n', encoding="utf-8")
    return tmp_path


def test_it_says_what_came_in_what_was_left_out_and_what_was_here(folder: Path) -> None:
    first, again = (readalong(folder, "import", str(SLACK)) for _ in range(2))

    assert first.returncode == 0, first.stderr
    assert "slack_export.zip (Slack export): 5 new messages came in;" in first.stdout
    assert "1 message left out: in direct conversations (--include-dms brings them in)." in first.stdout
    assert "5 messages were here already." in again.stdout
    assert first.stderr == ""


def test_trying_listing_and_taking_back(folder: Path) -> None:
    tried = readalong(folder, "import", "--dry-run", str(SLACK))
    assert "5 new messages would come in" in tried.stdout
    assert not (folder / "a.db").exists()

    readalong(folder, "import", str(SLACK), "--reading", "kuril-question")
    assert rows(folder / "a.db", "SELECT DISTINCT reading FROM threads WHERE title != ''") == [("kuril-question",)]
    assert (
        "slack_export.zip (Slack export): 5 messages, 2023-11-14 to 2023-11-15."
        in readalong(folder, "import", "--list").stdout
    )
    assert readalong(folder, "import", "--undo", "1").stdout == "5 messages of slack_export.zip taken back.\n"
    assert "Nothing was imported yet." in readalong(folder, "import", "--list").stdout


def test_a_wrong_file_or_reading_is_one_sentence_and_changes_nothing(folder: Path) -> None:
    (folder / "notes.txt").write_text("hello")
    wrong = readalong(folder, "import", str(SLACK), "notes.txt")
    reading = readalong(folder, "import", str(SLACK), "--reading", "nothing")
    misused = readalong(folder, "import")

    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert "notes.txt is no export that can be imported." in wrong.stderr
    assert (reading.returncode, "There is no reading" in reading.stderr) == (1, True)
    assert misused.returncode == 2
    assert not (folder / "a.db").exists()


def test_bad_records_are_named(folder: Path) -> None:
    (folder / "C1.json").write_text('{"channel_id": "C1", "messages": [{"type": "message"}]}')
    done = readalong(folder, "import", "C1.json")

    assert done.returncode == 0
    assert (
        "1 record could not be read; the rest went in:\n    C1.json, record 1: no message with a time (`ts`)"
        in done.stdout
    )
