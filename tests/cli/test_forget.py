"""`readalong forget` as the operator calls it."""

from pathlib import Path

import pytest

from bot.archive.events import Author
from tests.cli.test_backups import JUN, PLACE, archive_at, folder, names_in, say, texts
from tests.cli.test_cli import readalong

__all__ = ["folder"]  # the fixture

SECRET = b"zanzibar"


@pytest.mark.parametrize("person", ["discord:U1", "U1", "mina"])
async def test_who_is_named_is_erased_to_the_last_byte_and_stays_out(folder: Path, person: str) -> None:
    done = readalong(folder, "forget", person, "--yes")
    database, archive = archive_at(folder / "a.db")
    out = archive.privacy.is_out("discord", "U1")
    database.close()

    assert (done.returncode, done.stderr) == (0, "")
    assert "Mina (discord:U1): 1 message." in done.stdout
    assert "from every byte" in done.stdout
    assert out
    assert texts(folder / "a.db") == ["", "Jun said hokkaido"]
    assert not [name for name in names_in(folder) if SECRET in (folder / name).read_bytes()]


async def test_it_asks_first(folder: Path) -> None:
    asked = readalong(folder, "forget", "mina", typed="n\n")

    assert asked.returncode == 1
    assert "can't be undone" in asked.stdout
    assert texts(folder / "a.db") == ["Mina said zanzibar", "Jun said hokkaido"]


async def test_with_stays_what_comes_after_is_saved(folder: Path) -> None:
    readalong(folder, "forget", "mina", "--yes", "--stays")
    database, archive = archive_at(folder / "a.db")
    out = archive.privacy.is_out("discord", "U1")
    database.close()

    assert not out
    assert texts(folder / "a.db") == ["", "Jun said hokkaido"]


async def test_a_name_of_nobody_or_of_several_is_told(folder: Path) -> None:
    database, archive = archive_at(folder / "a.db")
    await archive.people.called(PLACE, JUN.id, "Mina")
    database.close()
    several, nobody = readalong(folder, "forget", "Mina", "--yes"), readalong(folder, "forget", "Ami", "--yes")

    assert (several.returncode, nobody.returncode) == (1, 1)
    assert "discord:U1" in several.stderr
    assert "discord:U2" in several.stderr
    assert "Nothing is held of anybody called “Ami”" in nobody.stderr
    assert texts(folder / "a.db") == ["Mina said zanzibar", "Jun said hokkaido"]


async def test_somebody_of_whom_nothing_is_held_can_be_kept_out(folder: Path) -> None:
    done = readalong(folder, "forget", "discord:U7", "--yes")
    database, archive = archive_at(folder / "a.db")
    await say(archive, "m3", Author("U7", "Ami"), "never seen")
    database.close()

    assert done.returncode == 0
    assert texts(folder / "a.db") == ["Mina said zanzibar", "Jun said hokkaido"]
