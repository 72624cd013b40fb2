"""What is older than the group keeps it loses its words, and is not saved again."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive.archive import Archive
from bot.archive.database import Database, immediately
from bot.archive.discussions import Anchor
from bot.archive.events import Author, Said
from bot.archive.tables import Tables
from bot.asker import Place
from bot.venue import Page
from tests.conftest import Bot

NOW = datetime.now(UTC)
OLD, NEW = Place("discord", "1", "10", "77"), Place("discord", "1", "10", "78")
ELSEWHERE = Place("discord", "2", "10", "77")
MINA = Author("U1", "Mina")


def said(place: Place, days_ago: float, id_: str) -> Said:
    return Said(place, id_, MINA, f"said {id_}", NOW - timedelta(days=days_ago))


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    database = Database.open(tmp_path / "a.db")
    made = Archive.of(database, lambda _: ())
    for place, title in ((OLD, "Old"), (NEW, "New"), (ELSEWHERE, "Elsewhere")):
        await made.discussions.keep(place, title, MINA, Anchor("kuril-question"))
    for one in ((OLD, 400.0, "a"), (NEW, 400.0, "b"), (NEW, 5.0, "c"), (ELSEWHERE, 400.0, "d")):
        await made.hear(said(*one))
    yield made
    database.close()


def texts(archive: Archive) -> list[str]:
    return [
        row[0] for row in archive.database.reader.execute("SELECT text FROM messages WHERE text != '' ORDER BY text")
    ]


async def test_what_is_too_old_goes_and_only_in_that_workspace(archive: Archive) -> None:
    older = await archive.retention.older(NEW, 365)
    await archive.retention.keep(NEW, 365)
    gone = await archive.retention.apply()
    again = await archive.retention.apply()
    titles = archive.database.reader.execute("SELECT title FROM threads ORDER BY title").fetchall()

    assert (older, gone, again) == (2, 2, 0)
    assert texts(archive) == ["said c", "said d"]
    assert [title for (title,) in titles] == ["", "Elsewhere", "New"]


async def test_what_is_too_old_is_not_saved_again(archive: Archive) -> None:
    await archive.retention.keep(NEW, 365)
    await archive.retention.apply()
    old = said(OLD, 400, "a"), said(OLD, 401, "never seen before")
    for one in old:
        await archive.hear(one)
    await archive.capture.save_page(OLD, Page(old, (), NOW - timedelta(days=500), NOW))

    assert texts(archive) == ["said c", "said d"]


async def test_kept_for_ever_again_saves_what_comes_and_brings_nothing_back(archive: Archive) -> None:
    await archive.retention.keep(NEW, 365)
    await archive.retention.apply()
    await archive.retention.keep(NEW, 0)
    await archive.hear(said(NEW, 390, "late"))

    assert archive.retention.days(NEW) == 0
    assert texts(archive) == ["said c", "said d", "said late"]


async def test_moderators_see_how_much_goes_before_they_say_so(bot: Bot) -> None:
    archive = bot.answering.archive
    place = bot.place
    await archive.discussions.keep(place, "A thread", MINA, Anchor("kuril-question"))
    await archive.hear(said(place, 400, "a"))
    moderator = bot.as_moderator()
    asked = await moderator.say("/retention 1 year")
    before = archive.retention.days(place)
    await moderator.press("Erase what is older than 1 year")
    shown = await moderator.say("/retention")
    wrong = await moderator.say("/retention soon")
    refused = await bot.say("/retention forever")
    await archive.retention.apply()

    assert "older than 1 year" in asked.plain()
    assert "1 today" in asked.plain()
    assert (before, archive.retention.days(place)) == (0, 365)
    assert "kept for 1 year" in shown.plain()
    assert wrong.refused
    assert refused.refused
    assert texts(archive) == []


async def test_a_choice_that_could_not_be_written_erases_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(act: Callable[[Tables], object]) -> None:
        with immediately(archive.database._writer):
            act(archive.database._writer)
            raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(archive.database, "_in_transaction", refused)
    with pytest.raises(sqlite3.OperationalError):
        await archive.retention.keep(NEW, 1)
    monkeypatch.undo()

    assert archive.retention.days(NEW) == 0
    assert await archive.retention.apply() == 0


async def test_keeping_for_ever_stops_an_erasure_that_is_under_way(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.archive.retention.AT_ONCE", 1)
    await archive.retention.keep(NEW, 365)
    read = archive.database.read

    async def overtaken(act: Callable[[Tables], list[int]]) -> list[int]:
        found = await read(act)
        await archive.retention.keep(NEW, 0)
        return found

    monkeypatch.setattr(archive.database, "read", overtaken)
    await archive.retention.apply()

    assert len(texts(archive)) == 3
