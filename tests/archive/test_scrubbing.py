"""What is deleted, opted out or erased is in no byte of the database, its log or anything beside it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.archive.events import Attachment, Author, Changed, Event, Said, Unsaid
from bot.archive.link_rows import Link
from bot.archive.workspaces import KEPT_AFTER, Workspaces
from bot.asker import Person, Place
from bot.venue import Page

NOON = datetime(2025, 11, 20, 12, tzinfo=UTC)
KURILS = Place("discord", "1", "10")
THREAD = Place("discord", "1", "10", "77")
MINA, JUN = Author("U1", "Xenokrates Vuulqo"), Author("U2", "Jun")
SECRETS = ("zyqquvox", "Wyxxolthuq", "北海道返還", "jukkvaxel", "Fyzzqwort", "Xenokrates Vuulqo", "pixxoquet")
FIRST = Said(THREAD, "77", MINA, "Is zyqquvox bound by 北海道返還?", NOON)
EDITED = Said(THREAD, "77", MINA, "Is Wyxxolthuq bound by 北海道返還?", NOON, edited=NOON + timedelta(minutes=1))
FILE = Attachment("f1", "jukkvaxel.png", "image/png", 9, "https://example.org/jukkvaxel.png")
SECOND = Said(THREAD, "78", MINA, "quoted pixxoquet", NOON + timedelta(minutes=2), attachments=(FILE,))
OTHERS = Said(THREAD, "79", JUN, "the treaty stays, @Xenokrates Vuulqo and <@U1>", NOON + timedelta(minutes=3))
ALL = (FIRST, EDITED, SECOND)


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    database = Database.open(tmp_path / "a.db")
    made = Archive.of(database, lambda text: [Link("kuril-question", "names", text)] if "quoted" in text else [])
    await made.discussions.keep(THREAD, "Fyzzqwort and its end", MINA, Anchor("kuril-question"))
    for event in (*ALL, OTHERS):
        assert await made.hear(event)
    await made.remarks.save(SECOND, Person("U2", "Jun"))
    yield made
    database.close()


def held(folder: Path, secrets: tuple[str, ...] = SECRETS) -> set[str]:
    """Which of these words are in any file of the folder: whole, folded as they are indexed, or but for two letters.

    The index leaves out of a word what the word before it begins with too, and holds CJK in pairs.
    """
    data = b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
    return {one for one in secrets if any(part.encode() in data for part in _parts(one))}


def _parts(word: str) -> set[str]:
    if not word.isascii():
        return {word[at : at + 2] for at in range(len(word) - 1)}
    return {part for form in (word, word.lower()) for part in (form, *(one[2:] for one in form.split()))}


async def everything_deleted(archive: Archive) -> None:
    for event in (FIRST, SECOND):
        await archive.hear(Unsaid(THREAD, event.id, event.at, NOON + timedelta(hours=1)))
    await archive.hear(Changed(THREAD, gone=NOON + timedelta(hours=1)))
    # Their name stays: it is the deletion of a thread, not of a person
    await archive.database.write(lambda db: db.execute("UPDATE people SET name = '' WHERE platform_id = 'U1'"))


async def the_channel_deleted(archive: Archive) -> None:
    await archive.hear(Changed(THREAD, gone=NOON + timedelta(hours=1)))
    await archive.hear(Changed(KURILS, gone=NOON + timedelta(hours=1)))
    await archive.database.write(lambda db: db.execute("UPDATE people SET name = '' WHERE platform_id = 'U1'"))


async def opted_out(archive: Archive) -> None:
    await archive.privacy.opt_out("discord", "U1")


async def erased(archive: Archive) -> None:
    await archive.privacy.erase("discord", "U1")


async def grown_too_old(archive: Archive) -> None:
    await archive.retention.keep(THREAD, 1)
    # What was said in 2025 is older than a day by now, the name of who said it is not
    assert await archive.retention.apply()
    await archive.database.write(lambda db: db.execute("UPDATE people SET name = '' WHERE platform_id = 'U1'"))


async def the_workspace_left(archive: Archive) -> None:
    await archive.workspaces.left(Place("discord", "1", ""))
    later = datetime.now(UTC) + KEPT_AFTER + timedelta(days=1)
    assert await Workspaces(archive.database, archive.discussions, archive.capture, lambda: later).forget_left()


ERASURES: tuple[Callable[[Archive], Awaitable[None]], ...] = (
    everything_deleted,
    the_channel_deleted,
    opted_out,
    erased,
    grown_too_old,
    the_workspace_left,
)


@pytest.mark.parametrize("erase", ERASURES, ids=lambda erase: erase.__name__)
async def test_after_an_erasure_no_word_is_in_any_file(
    archive: Archive, tmp_path: Path, erase: Callable[[Archive], Awaitable[None]]
) -> None:
    before = held(tmp_path)
    await erase(archive)
    scrubbed = await archive.scrubbing.scrub()

    assert before == set(SECRETS)
    assert scrubbed
    assert held(tmp_path) == set()
    assert not archive.scrubbing.due


async def test_what_the_platform_still_tells_of_somebody_who_is_out_stays_out(archive: Archive, tmp_path: Path) -> None:
    await opted_out(archive)
    await archive.scrubbing.scrub()
    for event in ALL:
        await archive.hear(event)
    await archive.capture.save_page(
        THREAD, Page((EDITED, SECOND, OTHERS), (), NOON - timedelta(days=1), NOON + timedelta(days=1))
    )
    await archive.scrubbing.scrub()

    assert held(tmp_path) == set()
    assert held(tmp_path, ("treaty",)) == {"treaty"}


async def test_without_scrubbing_words_would_stay(archive: Archive, tmp_path: Path) -> None:
    """What this file tests is no matter of course."""
    await opted_out(archive)

    assert held(tmp_path) != set()
    assert archive.scrubbing.due


async def test_a_scrub_that_was_not_finished_is_still_due_after_a_restart(archive: Archive, tmp_path: Path) -> None:
    await opted_out(archive)
    with closing(sqlite3.connect(tmp_path / "a.db")) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM messages").fetchone()
        finished = await archive.scrubbing.scrub(pause=0)
    again = Archive.of(Database.open(tmp_path / "a.db"), lambda _: ())
    due = again.scrubbing.due
    scrubbed = await again.scrubbing.scrub()
    again.database.close()

    assert not finished
    assert due
    assert scrubbed
    assert held(tmp_path) == set()


async def test_a_large_archive_is_scrubbed_in_steps_between_which_others_write(
    archive: Archive, tmp_path: Path
) -> None:
    random = Random(3)  # noqa: S311 - no secret: the same words each time
    letters = "abcdefghiklmnoprstu"
    for batch in range(20):
        events: list[Event] = [
            Said(
                THREAD, f"m{batch}-{at}", JUN, " ".join("".join(random.choices(letters, k=7)) for _ in range(20)), NOON
            )
            for at in range(200)
        ]
        await asyncio.gather(*(archive.capture.save(one) for one in events))
    await opted_out(archive)
    scrubbing = asyncio.create_task(archive.scrubbing.scrub(pause=0))
    between = 0
    while not scrubbing.done():
        await archive.capture.save(Said(THREAD, f"between{between}", JUN, "meanwhile", NOON))
        between += 1

    assert await scrubbing
    assert between > 3
    assert held(tmp_path) == set()
    (count,) = archive.database.reader.execute(
        "SELECT count(*) FROM messages_fts WHERE messages_fts MATCH 'meanwhile'"
    ).fetchone()
    assert count == between
    archive.database.reader.execute("INSERT INTO messages_fts(messages_fts, rank) VALUES ('integrity-check', 1)")
