"""Workspaces that the bot is in, and those that it was removed from."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.archive.events import Author
from bot.archive.workspaces import KEPT_AFTER, Workspaces
from bot.asker import Person, Place
from tests.archive.test_capture import THREAD, archive_of, said

MINA = Author("U1", "Mina")
SERVER = Place("discord", "1", "")


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    database = Database.open(tmp_path / "a.db")
    made = archive_of(database)
    await made.discussions.keep(THREAD, "Does 1956 bind?", MINA, Anchor("japan-russia-2016"))
    await made.hear(said(place=THREAD))
    await made.remarks.save(said(place=THREAD), Person("U1", "Mina"))
    await made.audit.note(THREAD, Person("U9", "Mo"), "save", "77")
    yield made
    database.close()


def later(archive: Archive, days: float) -> Workspaces:
    """The same workspaces so many days from now."""
    moment = datetime.now(UTC) + timedelta(days=days)
    return Workspaces(archive.database, archive.discussions, archive.capture, lambda: moment)


def messages(archive: Archive) -> int:
    return int(archive.database.reader.execute("SELECT count(*) FROM messages").fetchone()[0])


async def test_a_workspace_that_the_bot_left_is_heard_no_more_and_erased_after_thirty_days(archive: Archive) -> None:
    await archive.workspaces.left(SERVER)
    heard = await archive.hear(said("m2", place=THREAD))
    early = await later(archive, KEPT_AFTER.days - 1).forget_left()
    held = messages(archive)
    late = await later(archive, KEPT_AFTER.days + 1).forget_left()
    rows = "SELECT (SELECT count(*) FROM {}), '{}'"
    tables = ("workspaces", "channels", "threads", "people", "messages", "remarks", "coverage", "audit")
    left = [archive.database.reader.execute(rows.format(one, one)).fetchone() for one in tables]

    assert not heard
    assert (early, held, late) == (0, 1, 1)
    assert left == [(0, one) for one in tables]


async def test_one_that_it_comes_back_to_goes_on_with_what_is_held(archive: Archive) -> None:
    await archive.workspaces.left(SERVER)
    await archive.workspaces.joined(SERVER, "Study group")
    await later(archive, 100).forget_left()

    assert await archive.hear(said("m2", place=THREAD))
    assert messages(archive) == 2


async def test_a_removal_while_the_bot_was_away_is_found_at_the_next_start(archive: Archive) -> None:
    await archive.workspaces.found("discord", {"2": "Another server"})
    gone = archive.discussions.keeps(THREAD)
    await archive.workspaces.found("discord", {"1": "Study group", "2": "Another server"})

    assert not gone
    assert archive.discussions.keeps(THREAD)


async def test_what_is_saved_after_an_erasure_is_saved_as_if_for_the_first_time(archive: Archive) -> None:
    await archive.workspaces.left(SERVER)
    await later(archive, KEPT_AFTER.days + 1).forget_left()
    await archive.workspaces.joined(SERVER, "Study group")
    await archive.discussions.keep(THREAD, "Again", MINA, Anchor("japan-russia-2016"))

    assert await archive.hear(said("m3", place=THREAD))
    assert messages(archive) == 1
