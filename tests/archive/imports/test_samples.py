"""Every sample goes in, twice, and is the same the second time."""

from pathlib import Path

import pytest

from tests.archive.imports.importing import SAMPLES, bring_in, everything, is_whole, rows

FILES = sorted(file for file in SAMPLES.rglob("*") if file.is_file())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_sample_goes_in_twice_and_is_unchanged_the_second_time(file: Path, tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    (first,) = bring_in(database, file)
    before = everything(database)
    (second,) = bring_in(database, file)

    assert first.counts.new
    assert not first.bad
    assert (second.counts.new, second.counts.changed, second.counts.same) == (0, 0, first.counts.new)
    assert everything(database) == before
    assert is_whole(database)


def test_slack_shows_words_people_threads_and_reactions_as_live_capture_does(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    bring_in(database, SAMPLES / "slack_export.zip")

    assert rows(
        database,
        "SELECT m.platform_id, ifnull(t.platform_id, ''), ifnull(p.name, ''), m.text, m.deleted_at IS NULL "
        "FROM messages m LEFT JOIN threads t ON t.id = m.thread LEFT JOIN people p ON p.id = m.person ORDER BY m.id",
    ) == [
        ("1700000100.000100", "1700000100.000100", "ada",
         "Does anyone have *notes* for chapter 3? @bob & all, see chapter 3 (https://example.org/ch3)", 1),
        ("1700000200.000200", "1700000100.000100", "bob", "Yes, uploading now", 1),
        ("1700000300.000000", "", "studybot", "Saved.", 1),
        ("1700000310.000000", "1700000310.000000", "", "", 0),
        ("1700086500.000300", "1700000100.000100", "ada", "Thanks, solved", 1),
    ]  # fmt: skip
    assert rows(
        database,
        "SELECT emoji, p.name, r.people FROM reactions r LEFT JOIN people p ON p.id = r.person ORDER BY emoji, p.name",
    ) == [("+1", "bob", 1), ("+1", "cyd", 1), ("wave::skin-tone-3", "bob", 1)]
