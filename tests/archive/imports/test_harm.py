"""Exports that would do harm are refused with a sentence, before anything of them goes in."""

import gzip
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest

from bot.archive.imports import json_records, sources
from bot.archive.imports.sources import Source, Unreadable
from tests.archive.imports.importing import bring_in, rows
from tests.archive.imports.made_up import slack_message, slack_zip


def refused(path: Path) -> str:
    """The sentence with which it is refused."""
    with pytest.raises(Unreadable) as told:
        bring_in(path.parent / "a.db", path)
    return str(told.value)


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.json", "/etc/passwd", "C:/x.json", "a\\..\\x.json"])
def test_a_zip_that_points_outside_is_refused(name: str, tmp_path: Path) -> None:
    file = slack_zip(tmp_path / "a.zip", [slack_message(0)])
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, "x")

    assert "points outside" in refused(file)
    assert not (tmp_path / "a.db").exists()


def test_a_link_in_a_zip_or_folder_is_refused(tmp_path: Path) -> None:
    file = slack_zip(tmp_path / "a.zip", [slack_message(0)])
    link = zipfile.ZipInfo("general/2023-11-15.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "channels.json").symlink_to("/etc/passwd")

    assert "is a link" in refused(file)
    assert "is a link to somewhere else" in refused(folder)


def test_a_bomb_is_refused_by_what_it_would_unpack_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FREE_BYTES", 1 << 20)
    file = slack_zip(tmp_path / "a.zip", [slack_message(0)], more={"general/2023-11-15.json": "0" * (8 << 20)})
    (tmp_path / "C1.json.gz").write_bytes(gzip.compress(b'{"t": 0}' + b" " * (8 << 20)))

    assert "far more than it can hold" in refused(file)
    with pytest.raises(Unreadable, match="unpacks to far more"), Source(tmp_path / "C1.json.gz").opened() as source:
        source.whole(source.name)


def test_a_gzip_without_end_stops_the_import_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FREE_BYTES", 1 << 20)
    line = json.dumps({"t": 0, "id": "C1", "m": [slack_message(0, "x" * (16 << 20))]})
    (tmp_path / "C1.json.gz").write_bytes(gzip.compress(line.replace('{"t": 0', '{"t":0').encode()))

    assert "unpacks to far more" in refused(tmp_path / "C1.json.gz")


def test_absurd_sizes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = slack_zip(tmp_path / "a.zip", [slack_message(0)])
    monkeypatch.setattr(sources, "MOST_FILES", 2)
    assert "more than 2 files" in refused(file)
    monkeypatch.undo()
    monkeypatch.setattr(sources, "MOST_BYTES", 10)
    assert "No export does" in refused(file)


def test_json_nested_without_end_is_one_bad_record(tmp_path: Path) -> None:
    good = json.dumps(slack_message(0))
    deep = '{"type": "message", "a": ' + "[" * 100_000 + "]" * 100_000 + "}"
    (outcome,) = bring_in(tmp_path / "a.db", slack_zip(tmp_path / "a.zip", f"[{deep}, {good}, {'{' * 5000}"))

    assert outcome.counts.new == 1
    assert outcome.bad[0].why == "nested too deeply"


def test_a_record_without_end_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "LARGEST", 1 << 16)
    monkeypatch.setattr(json_records, "CHUNK", 1 << 12)
    endless = '{"type": "message", "text": "' + "x" * (1 << 18) + '"}'
    good = json.dumps(slack_message(0))
    file = tmp_path / "C1.json"
    file.write_text(f'{{"channel_id": "C1", "messages": [{endless}, {good}]}}')
    (outcome,) = bring_in(tmp_path / "a.db", file)

    assert outcome.counts.new == 1
    assert len(outcome.bad) == 1


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 no zip", b"hello", b"{}", b"[]", b"SQLite format 3\x00 cut off", b"\x1f\x8b no gzip"]
)
def test_what_is_no_export_is_one_clear_sentence(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(content)

    assert refused(file).endswith(".")


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")

    assert "neither a file nor a folder" in refused(tmp_path / "a")


def test_members_words_are_data(tmp_path: Path) -> None:
    odd = "'; DROP TABLE messages; -- \ud800 \x00 <script> @everyone"
    (outcome,) = bring_in(tmp_path / "a.db", slack_zip(tmp_path / "a.zip", [slack_message(0, odd)]))

    assert outcome.counts.new == 1
    assert "DROP TABLE" in rows(tmp_path / "a.db", "SELECT text FROM messages")[0][0]
