"""Whatever the order and number of tellings, the archive holds each message once and as it stands."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.events import Attachment, Author, Event, Said, Unsaid
from bot.archive.message_rows import row_id
from bot.archive.names import Names
from bot.archive.storing import store
from bot.asker import Place

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
KURILS = Place("discord", "1", "10")
THREAD = Place("discord", "1", "10", "77")
MINA = Author("U1", "Mina")


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def said(
    id_: str = "m1", words: str = "Does 1956 bind?", *, edited: float | None = None, place: Place = KURILS
) -> Said:
    return Said(place, id_, MINA, words, NOON, None if edited is None else at(edited))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database.open(tmp_path / "a.db")
    yield made
    made.close()


def archive_of(database: Database) -> Archive:
    """The archive in that database, where nobody quotes anything."""
    return Archive.of(database, lambda _: ())


def rows(database: Database, sql: str, *values: str) -> list[Any]:
    return list(database.reader.execute(sql, values).fetchall())


async def test_a_message_is_durable_once_it_is_saved(database: Database) -> None:
    await archive_of(database).capture.save(said(place=THREAD))
    other = Database.open(database.path)
    found = other.reader.execute(
        "SELECT w.platform, c.platform_id, t.platform_id, p.name, m.text, m.written_at, m.saved_seq FROM messages m "
        "JOIN workspaces w ON w.id = m.workspace JOIN channels c ON c.id = m.channel JOIN threads t ON t.id = m.thread "
        "JOIN people p ON p.id = m.person"
    ).fetchall()
    other.close()

    assert found == [("discord", "10", "77", "Mina", "Does 1956 bind?", "2026-11-09T12:00:00.000Z", 1)]


async def test_an_edit_keeps_the_earlier_text_and_one_without_a_change_is_none(database: Database) -> None:
    capture = archive_of(database).capture
    for event in (said(), said(edited=1), said(words="Does it bind?", edited=2)):
        await capture.save(event)

    assert rows(database, "SELECT text, edited_at FROM messages") == [("Does it bind?", "2026-11-09T12:02:00.000Z")]
    assert rows(database, "SELECT text, written_at FROM revisions") == [("Does 1956 bind?", "2026-11-09T12:00:00.000Z")]


async def test_a_deletion_leaves_a_tombstone_and_no_word(database: Database) -> None:
    capture = archive_of(database).capture
    file = Attachment("f1", "island.png", "image/png", 5, "https://x.y/island.png")
    await capture.save(Said(KURILS, "m1", MINA, "Shikotan", NOON, attachments=(file,)))
    await capture.save(said(words="Habomai", edited=1))
    await capture.save(Unsaid(KURILS, "m1", NOON, at(5)))
    await capture.save(said(words="Etorofu", edited=6))

    assert rows(database, "SELECT text, search, deleted_at FROM messages") == [("", "", "2026-11-09T12:05:00.000Z")]
    assert (
        rows(database, "SELECT count(*) FROM revisions") == rows(database, "SELECT count(*) FROM attachments") == [(0,)]
    )
    for word in ("shikotan", "habomai", "etorofu"):
        assert rows(database, "SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?", word) == []


async def test_a_deletion_before_its_message_wins(database: Database) -> None:
    capture = archive_of(database).capture
    await capture.save(Unsaid(KURILS, "m1", NOON, at(5)))
    await capture.save(said())

    assert rows(database, "SELECT text, deleted_at, p.name FROM messages JOIN people p ON p.id = person") == [
        ("", "2026-11-09T12:05:00.000Z", "Mina")
    ]


async def test_what_comes_at_once_is_written_together_in_the_order_of_time(database: Database) -> None:
    capture = archive_of(database).capture
    messages = [Said(KURILS, f"m{number}", MINA, f"word{number}", at(-number)) for number in range(300)]
    await asyncio.gather(*map(capture.save, messages))

    assert [row[0] for row in rows(database, "SELECT platform_id FROM messages ORDER BY id")][:2] == ["m299", "m298"]
    assert [row[0] for row in rows(database, "SELECT platform_id FROM messages ORDER BY saved_seq")][:2] == ["m0", "m1"]
    assert rows(database, "SELECT count(*) FROM messages_fts WHERE messages_fts MATCH 'word7'") == [(1,)]


async def test_two_messages_that_want_one_id_both_find_a_place(database: Database) -> None:
    wanted = row_id(KURILS, "m1", "2026-11-09T12:00:00.000Z")
    capture = archive_of(database).capture
    await capture.save(said("other"))
    await database.write(lambda db: db.execute("UPDATE messages SET id = ?", (wanted,)))
    await capture.save(said("m1"))

    assert rows(database, "SELECT platform_id, id FROM messages ORDER BY id") == [("other", wanted), ("m1", wanted + 1)]


async def test_what_can_not_be_saved_is_told_and_keeps_nothing_else_out(database: Database) -> None:
    capture = archive_of(database).capture
    bad = Said(KURILS, "bad", MINA, "Shikotan", NOON, answers=None)  # type: ignore[arg-type] # no event of ours
    results = await asyncio.gather(*map(capture.save, (said("m1"), bad, said("m2"))), return_exceptions=True)

    assert [type(result) for result in results] == [type(None), sqlite3.IntegrityError, type(None)]
    assert [row[0] for row in rows(database, "SELECT platform_id FROM messages ORDER BY saved_seq")] == ["m1", "m2"]


async def test_what_sqlite_can_not_take_is_replaced_and_the_rest_is_saved(database: Database) -> None:
    file = Attachment("f1", "half \udc00.png", "image/png", 10**30, "https://x.y/")
    early = datetime.min.replace(tzinfo=timezone(timedelta(hours=9)))
    odd = Said(KURILS, "m1", MINA, "half \ud800, whole \ud83d\ude42 island", early, attachments=(file, file))
    await archive_of(database).capture.save(odd)

    found = rows(database, "SELECT m.text, m.search, m.written_at, a.name, bytes FROM messages m, attachments a")
    assert found == [
        ("half \ufffd, whole 🙂 island", "half whole island", "0001-01-01T00:00:00.000Z", "half \ufffd.png", 2**53)
    ]


MOMENTS = st.integers(1, 6)
WORDS = {moment: f"text {moment // 2}" for moment in range(7)}  # some edits change nothing
TOLD = st.one_of(
    st.builds(lambda one, when: said(one, WORDS[when], edited=when), st.sampled_from("abc"), MOMENTS),
    st.builds(lambda one: said(one, WORDS[0]), st.sampled_from("abc")),
    st.builds(lambda when: Unsaid(KURILS, "c", NOON, at(when)), MOMENTS),
)


def dump(events: Sequence[Event], batch: int) -> list[Any]:
    """What the archive holds after these events, told in batches of that size."""
    with TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "a.db")
        names = Names()
        with database.reader.conn:
            for start in range(0, len(events), batch):
                store(database.reader, names, events[start : start + batch])
        found = rows(
            database,
            "SELECT platform_id, person IS NULL, text, search, written_at, edited_at, deleted_at, "
            "(SELECT group_concat(written_at || text) FROM "
            "(SELECT * FROM revisions WHERE message = m.id ORDER BY written_at)) FROM messages m ORDER BY platform_id",
        )
        database.close()
    return found


@settings(deadline=None, max_examples=40)
@given(st.lists(TOLD, min_size=1, max_size=12), st.randoms(use_true_random=False), st.integers(1, 12))
def test_no_order_repetition_or_batch_changes_what_is_held(events: list[Event], random: Random, batch: int) -> None:
    told = [*events, *random.sample(events, len(events) // 2)]
    random.shuffle(told)

    assert dump(told, batch) == dump(events, len(events))
