"""`readalong export` as the operator calls it: in a process of its own, beside a bot or without one."""

import json
from pathlib import Path

import pytest

from bot.archive.database import only_one
from tests.cli.test_cli import readalong
from tests.export.world import fill


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    await fill(tmp_path / "a.db")
    (tmp_path / "config.toml").write_text('zone = "Asia/Tokyo"\n[archive]\npath = "a.db"\n', encoding="utf-8")
    return tmp_path


def test_without_options_everything_is_printed_as_markdown(folder: Path) -> None:
    done = readalong(folder, "export")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# The saved discussions\n")
    assert "20 Nov 2026 21:00" in done.stdout
    assert "4 messages" in done.stderr


def test_a_file_is_private_and_of_the_form_that_its_name_says(folder: Path) -> None:
    before = (folder / "a.db").read_bytes()
    with only_one(folder / "a.db"):
        done = readalong(folder, "export", "--workspace", "Study group", "--output", "out.json")
    made = folder / "out.json"

    assert done.returncode == 0, done.stderr
    assert (done.stdout, "keep it as private" in done.stderr) == ("", True)
    assert json.loads(made.read_text(encoding="utf-8"))["title"] == "Study group"
    assert made.stat().st_mode & 0o777 == 0o600
    assert (folder / "a.db").read_bytes() == before
    assert not list(folder.glob("*.part"))


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        (("--thread", "Does <1956> bind?"), {"m1", "m2"}),
        (("--reading", "kuril-question"), {"m1", "m2"}),
        (("--person", "Ami"), {"m6"}),
        (("--workspace", "T1"), {"7.000100"}),
        (("--find", "treaty -war from:mina"), {"m1"}),
    ],
)
def test_what_is_exported_can_be_chosen(folder: Path, selector: tuple[str, str], found: set[str]) -> None:
    done = readalong(folder, "export", *selector, "--format", "ndjson")

    assert {json.loads(line)["message"] for line in done.stdout.splitlines()} == found


def test_what_is_not_there_is_refused_and_two_choices_are_a_misuse(folder: Path) -> None:
    reading = readalong(folder, "export", "--reading", "kuril-qestion")
    person = readalong(folder, "export", "--person", "Nobody")
    both = readalong(folder, "export", "--person", "Ami", "--thread", "77")
    unwritable = readalong(folder, "export", "--output", "none/out.md")

    assert (reading.returncode, "Did you mean kuril-question?" in reading.stderr) == (1, True)
    assert (person.returncode, "There is no person" in person.stderr) == (1, True)
    assert (both.returncode, "Name one of" in both.stderr) == (2, True)
    assert (unwritable.returncode, "can't be written" in unwritable.stderr) == (1, True)


def test_a_failed_export_leaves_the_last_one(folder: Path) -> None:
    (folder / "out.json").write_text("the last one", encoding="utf-8")
    done = readalong(folder, "export", "--find", "form:mina", "--output", "out.json")

    assert done.returncode == 1
    assert (folder / "out.json").read_text(encoding="utf-8") == "the last one"
