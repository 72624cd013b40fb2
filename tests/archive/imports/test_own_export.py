"""Our own JSON goes back in without loss: what is exported of the new database is the same to the byte."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.extracts import Extract
from bot.archive.imports.sources import Unreadable
from bot.archive.imports.undoing import undo
from bot.archive.inspection import opened_to_read
from bot.archive.selections import Selection, everything, of_person, of_thread
from bot.archive.tables import Tables
from bot.asker import Place
from bot.export.data import as_json
from tests.archive.imports.importing import bring_in, is_whole, rows
from tests.export.world import EARLIER, fill, quoted

TABLES = (
    "messages", "revisions", "reactions", "attachments", "remarks", "links", "coverage", "threads", "channels",
    "people", "workspaces",
)  # fmt: skip


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    await fill(tmp_path / "a.db")
    return tmp_path / "a.db"


def exported(path: Path, file: Path, select: Callable[[Tables], Selection] = lambda _: everything()) -> Path:
    with opened_to_read(path) as db:
        file.write_text("".join(as_json(Extract(db, select(db)))), encoding="utf-8")
    return file


def test_export_import_and_export_are_the_same_bytes(path: Path, tmp_path: Path) -> None:
    first = exported(path, tmp_path / "first.json")
    (outcome,) = bring_in(tmp_path / "b.db", first)
    second = exported(tmp_path / "b.db", tmp_path / "second.json")

    assert outcome.bad == []
    assert second.read_text(encoding="utf-8") == first.read_text(encoding="utf-8")
    assert is_whole(tmp_path / "b.db")


@pytest.mark.parametrize("select", [lambda db: of_thread(db, "77"), lambda db: of_person(db, "Ami")])
def test_a_part_of_it_comes_back_the_same_too(
    path: Path, tmp_path: Path, select: Callable[[Tables], Selection]
) -> None:
    first = exported(path, tmp_path / "first.json", select)
    bring_in(tmp_path / "b.db", first)
    second = exported(tmp_path / "b.db", tmp_path / "second.json", select)

    assert second.read_text(encoding="utf-8") == first.read_text(encoding="utf-8")


def test_a_second_time_adds_nothing_and_taken_back_nothing_is_left(path: Path, tmp_path: Path) -> None:
    first, other = exported(path, tmp_path / "first.json"), tmp_path / "b.db"
    bring_in(other, first)
    (again,) = bring_in(other, first)
    second = exported(other, tmp_path / "second.json")
    undo(other, 1)
    left = {table: rows(other, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}  # noqa: S608 - our own names

    assert (again.counts.new, again.counts.changed) == (0, 0)
    assert second.read_text(encoding="utf-8") == first.read_text(encoding="utf-8")
    assert set(left.values()) == {0}, left


def test_formatted_by_another_program_it_is_the_same(path: Path, tmp_path: Path) -> None:
    first = exported(path, tmp_path / "first.json")
    made = json.loads(first.read_text(encoding="utf-8"))
    (tmp_path / "pretty.json").write_text(json.dumps(made, indent=4), encoding="utf-8")
    bring_in(tmp_path / "b.db", tmp_path / "pretty.json")

    assert exported(tmp_path / "b.db", tmp_path / "second.json").read_bytes() == first.read_bytes()


def test_cut_off_or_damaged_the_rest_goes_in_and_what_is_bad_is_named(path: Path, tmp_path: Path) -> None:
    text = exported(path, tmp_path / "first.json").read_text(encoding="utf-8")
    (tmp_path / "cut.json").write_text(text[: text.index('"m3"')], encoding="utf-8")
    (tmp_path / "odd.json").write_text(text.replace("2026-11-20T12:10:00.000Z", "noon"), encoding="utf-8")
    (cut,) = bring_in(tmp_path / "b.db", tmp_path / "cut.json")
    (odd,) = bring_in(tmp_path / "c.db", tmp_path / "odd.json")

    assert rows(tmp_path / "b.db", "SELECT platform_id FROM messages ORDER BY id") == [("m1",), ("m2",)]
    assert len(cut.bad) == 1
    assert "m6" not in {row[0] for row in rows(tmp_path / "c.db", "SELECT platform_id FROM messages")}
    assert any("not as Readalong writes it" in one.why for one in odd.bad)


def test_one_of_a_newer_readalong_is_refused(path: Path, tmp_path: Path) -> None:
    text = exported(path, tmp_path / "first.json").read_text(encoding="utf-8")
    (tmp_path / "newer.json").write_text(text.replace('"readalong": 1', '"readalong": 2'), encoding="utf-8")

    with pytest.raises(Unreadable, match="newer Readalong"):
        bring_in(tmp_path / "b.db", tmp_path / "newer.json")


async def test_who_opted_out_here_stays_out(path: Path, tmp_path: Path) -> None:
    first, other = exported(path, tmp_path / "first.json"), tmp_path / "b.db"
    database = Database.open(other)
    await Archive.of(database, quoted).privacy.opt_out("discord", "U1")
    database.close()
    bring_in(other, first)
    second: dict[str, Any] = json.loads(exported(other, tmp_path / "second.json").read_text(encoding="utf-8"))

    assert "U1" not in {one["id"] for one in second["people"]}
    assert "m1" not in {one["id"] for one in second["messages"]}
    assert not rows(
        other, "SELECT 1 FROM people WHERE platform_id = 'U1' AND platform_id != name AND name != 'a member'"
    )
    assert EARLIER not in json.dumps(second)


async def test_what_somebody_did_before_they_were_erased_here_does_not_come_back(path: Path, tmp_path: Path) -> None:
    first, other = exported(path, tmp_path / "first.json"), tmp_path / "b.db"
    who, *_ = rows(
        path,
        "SELECT p.platform_id FROM remarks r JOIN messages m ON m.id = r.message JOIN people p ON p.id = r.person "
        "WHERE m.person != r.person AND m.deleted_at IS NULL",
    )
    database = Database.open(other)
    await Archive.of(database, quoted).privacy.erase("discord", *who)
    database.close()
    bring_in(other, first)

    theirs = "SELECT p.platform_id FROM remarks JOIN people p ON p.id = person"
    assert who in rows(path, theirs)
    assert who not in rows(other, theirs)


async def test_where_the_bot_is_already_an_import_makes_nothing_saved(path: Path, tmp_path: Path) -> None:
    """What a moderator decided there, and how far it is held, stands."""
    first, other = exported(path, tmp_path / "first.json"), tmp_path / "b.db"
    database = Database.open(other)
    await Archive.of(database, quoted).workspaces.joined(Place("discord", "1", ""), "Ours")
    database.close()
    bring_in(other, first)

    assert rows(other, "SELECT count(*) FROM messages WHERE text != ''")[0][0] > 2
    assert rows(other, "SELECT kept_since FROM threads WHERE platform_id = '77'") == [(None,)]
    assert not rows(other, "SELECT 1 FROM coverage v JOIN channels c ON c.id = v.channel WHERE c.platform_id = '10'")
    assert rows(other, "SELECT name FROM workspaces WHERE platform = 'discord'") == [("Ours",)]
