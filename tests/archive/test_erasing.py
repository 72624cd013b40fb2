"""Who is erased is in no row, others' words stay, and what was broken off goes on, whichever process began it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.archive import erasing
from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.archive.erasing import hashed_name
from bot.archive.events import Author, Changed, Reacted, Said
from bot.archive.personal import LARGEST, personal
from bot.archive.privacy import Privacy
from bot.asker import Person, Place
from bot.venue import Page

NOON = datetime(2025, 11, 20, 12, tzinfo=UTC)
THREAD = Place("discord", "1", "10", "77")
MINA, JUN = Author("U1", "Mina Kato"), Author("U2", "Jun")


def said(number: int, words: str, by: Author = MINA, *, edited: bool = False) -> Said:
    at = NOON + timedelta(minutes=number)
    return Said(THREAD, f"m{number}", by, words, at, edited=at + timedelta(seconds=9) if edited else None)


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    database = Database.open(tmp_path / "a.db")
    made = Archive.of(database, lambda _: ())
    await made.discussions.keep(THREAD, "Mina's thread", MINA, Anchor("kuril-question"))
    yield made
    database.close()


def rows(archive: Archive, sql: str) -> list[Any]:
    return [row[0] if len(row) == 1 else row for row in archive.database.reader.execute(sql).fetchall()]


def texts(archive: Archive) -> list[str]:
    return rows(archive, "SELECT text FROM messages WHERE text != '' ORDER BY id")


async def test_where_others_name_somebody_who_is_erased_a_member_is_named(archive: Archive) -> None:
    for number, words in enumerate(
        ("@Mina Kato is right", "so <@U1> and <@!U1> say", "@Mina Katoka is not her", "Mina")
    ):
        await archive.hear(said(number, words, JUN))
    await archive.hear(said(0, "@Mina Kato was right", JUN, edited=True))
    await archive.hear(said(9, "mine"))
    await archive.privacy.erase("discord", "U1")

    assert texts(archive) == [
        "@a member was right",
        "so @a member and @a member say",
        "@Mina Katoka is not her",
        "Mina",
    ]
    assert rows(archive, "SELECT text FROM revisions") == ["@a member is right"]
    assert rows(archive, "SELECT count(*) FROM messages_fts WHERE messages_fts MATCH 'search:kato'") == [0]


async def test_erased_is_erased_but_what_comes_after_is_saved(archive: Archive) -> None:
    before = [said(number, f"words {number}") for number in range(3)]
    for one in before:
        await archive.hear(one)
    await archive.privacy.erase("discord", "U1")
    for one in before:
        await archive.hear(one)
    await archive.capture.save_page(THREAD, Page(tuple(before), (), NOON - timedelta(days=1), datetime.now(UTC)))
    later = Said(THREAD, "later", MINA, "said afterwards", datetime.now(UTC) + timedelta(seconds=1))
    await archive.hear(later)

    assert texts(archive) == ["said afterwards"]
    assert not archive.privacy.is_out("discord", "U1")
    assert rows(archive, "SELECT platform_id, name FROM people ORDER BY id") == [
        ("gone-1", "a member"),
        ("U1", "Mina Kato"),
    ]


async def test_the_title_of_somebody_who_is_erased_does_not_come_back_with_a_rename(archive: Archive) -> None:
    await archive.hear(said(1, "words"))
    await archive.privacy.erase("discord", "U1")
    await archive.hear(Changed(THREAD, name="Mina's thread"))

    assert rows(archive, "SELECT title FROM threads") == [""]


async def test_every_trace_goes_and_the_act_is_noted_without_a_name(archive: Archive) -> None:
    await archive.hear(said(1, "words"))
    await archive.hear(said(2, "others'", JUN))
    await archive.hear(Reacted(THREAD, "m2", NOON, MINA, "+1", on=True, when=NOON))
    await archive.remarks.save(said(2, "others'", JUN), Person("U1", "Mina Kato"))
    await archive.audit.note(THREAD, Person("U1", "Mina Kato"), "save", "77")
    await archive.database.write(
        lambda db: db.execute("INSERT INTO settings VALUES ('discord', '1', '', 'asked:U1', '5 x', 'x')")
    )
    before = await archive.privacy.held("discord", "U1")
    await archive.privacy.opt_out("discord", "U1")
    after = await archive.privacy.held("discord", "U1")

    assert before.said == "1 message, 1 reaction, 1 saved remark, 1 discussion opened or saved."
    assert after.nothing
    assert rows(archive, "SELECT who, did FROM audit ORDER BY id") == [("", "save"), ("", "opted out")]
    assert rows(archive, "SELECT count(*) FROM settings WHERE name LIKE 'asked:%'") == [0]
    found = {
        table for (table,) in archive.database.reader.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    }
    for table in found - {"sqlite_sequence"}:
        for row in archive.database.reader.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the test's own names
            assert "U1" not in row, table


async def test_an_erasure_that_was_broken_off_goes_on(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE", 2)
    for number in range(7):
        await archive.hear(said(number, f"words {number}"))
    write, done = archive.database.write, 0

    async def killed(act: Any) -> Any:
        nonlocal done
        done += 1
        if done > 3:
            raise KeyboardInterrupt
        return await write(act)

    monkeypatch.setattr(Database, "write", staticmethod(killed))
    with pytest.raises(KeyboardInterrupt):
        await archive.privacy.opt_out("discord", "U1")
    monkeypatch.undo()
    left = texts(archive)
    again = Archive.of(archive.database, lambda _: ())
    await again.privacy.finish()

    assert left
    assert not texts(archive)
    assert rows(archive, "SELECT count(*) FROM erasures") == [0]
    assert again.privacy.is_out("discord", "U1")


async def test_an_erasure_by_another_process_is_honoured_at_once(archive: Archive, tmp_path: Path) -> None:
    """As `readalong forget` does it while the bot runs."""
    await archive.hear(said(1, "words"))
    other = Database.open(tmp_path / "a.db")
    await Archive.of(other, lambda _: ()).privacy.opt_out("discord", "U1")
    other.close()
    await archive.hear(said(2, "said by who is out"))
    await archive.hear(said(3, "said by Jun", JUN))

    assert texts(archive) == ["said by Jun"]
    assert archive.privacy.is_out("discord", "U1")


async def test_a_copy_of_what_is_held_has_everything_in_files_of_a_size(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        await archive.hear(said(number, f"words {number}"))
    await archive.hear(said(3, "words edited", edited=True))
    await archive.hear(said(50, "others'", JUN))
    whole = personal(archive.database.reader, "discord", "U1", "now")
    monkeypatch.setattr("bot.archive.personal.LARGEST", 1000)
    pieces = [json.loads(one) for one in personal(archive.database.reader, "discord", "U1", "now")]

    assert len(whole[0]) < LARGEST
    (made,) = map(json.loads, whole)
    assert [one["text"] for one in made["messages"]][2:5] == ["words 2", "words edited", "words 4"]
    assert made["earlier_texts"] == [{"message": "m3", "written_at": "2025-11-20T12:03:00.000Z", "text": "words 3"}]
    assert made["discussions"][0]["title"] == "Mina's thread"
    assert "others" not in str(made)
    assert len(pieces) > 3
    assert [one for piece in pieces for one in piece.get("messages", [])] == made["messages"]
    assert [(one["file"], one["files"]) for one in pieces] == [(at, len(pieces)) for at in range(1, len(pieces) + 1)]


async def test_who_opts_out_leaves_nothing_though_the_platforms_clock_is_ahead(archive: Archive) -> None:
    await archive.hear(Said(THREAD, "ahead", MINA, "said just now", datetime.now(UTC) + timedelta(seconds=5)))
    await archive.privacy.opt_out("discord", "U1")

    assert not texts(archive)


async def test_what_is_said_while_one_is_erased_can_be_erased_too(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    await archive.hear(said(1, "before"))
    later = Said(THREAD, "later", MINA, "meanwhile", datetime.now(UTC) + timedelta(seconds=1))
    blank = erasing.Erasure._blank_rest
    await archive.database.write(lambda _: None)

    def overtaken(self: erasing.Erasure, db: Any) -> bool:
        archive.capture._store_live(db, [later])
        return blank(self, db)

    monkeypatch.setattr(erasing.Erasure, "_blank_rest", overtaken)
    await archive.privacy.erase("discord", "U1")
    held = await archive.privacy.held("discord", "U1")
    await archive.privacy.opt_out("discord", "U1")

    assert held.messages == 1
    assert not texts(archive)


async def test_what_is_saved_right_after_the_last_step_is_theirs(archive: Archive) -> None:
    """It stands in the writer's line before the loop hears that the step is done."""
    await archive.hear(said(1, "before"))
    later = Said(THREAD, "later", MINA, "afterwards", datetime.now(UTC) + timedelta(seconds=1))
    write = archive.database.write
    following: list[Any] = []

    async def followed(act: Any) -> Any:
        done = asyncio.ensure_future(write(act))
        await asyncio.sleep(0)
        following.append(asyncio.ensure_future(write(lambda db: archive.capture._store_live(db, [later]))))
        return await done

    archive.database.write = followed  # type: ignore[method-assign] # for what is in line behind each step
    await archive.privacy.erase("discord", "U1")
    await asyncio.gather(*following)

    assert (await archive.privacy.held("discord", "U1")).messages == 1


async def test_who_is_called_the_same_on_another_platform_is_still_named(archive: Archive) -> None:
    elsewhere = Place("slack", "T1", "C1", "1.0")
    await archive.discussions.keep(elsewhere, "Another Mina's", JUN, Anchor("kuril-question"))
    await archive.hear(said(1, "mine"))
    for edited in (None, NOON + timedelta(hours=1)):
        words = f"@Mina Kato of Slack{' edited' if edited else ''}"
        await archive.hear(Said(elsewhere, "s1", JUN, words, NOON, edited=edited))
    await archive.privacy.erase("discord", "U1")

    assert texts(archive) == ["@Mina Kato of Slack edited"]
    assert rows(archive, "SELECT text FROM revisions") == ["@Mina Kato of Slack"]


async def test_a_name_that_is_erased_twice_is_masked_up_to_the_second_time(archive: Archive) -> None:
    times = iter(NOON + timedelta(days=day) for day in range(1, 9))
    clock = lambda: next(times)  # noqa: E731 - as long as its name
    privacy = Privacy(archive.database, clock)
    await archive.hear(said(1, "first"))
    await privacy.erase("discord", "U1")
    await archive.database.write(lambda _: archive.capture.forget_names())
    await archive.database.write(
        lambda db: db.execute("INSERT INTO people (workspace, platform_id, name, bot) VALUES (1, 'U1', 'Mina Kato', 0)")
    )
    await privacy.erase("discord", "U1")
    between = said(1, "@Mina Kato was here", JUN)
    name = hashed_name("discord", "Mina Kato")
    until = next(until for who, until in rows(archive, "SELECT who, until FROM suppressed") if who == name)
    at = datetime.fromisoformat(until) - timedelta(hours=1)

    assert Privacy(archive.database).masked(replace(between, at=at)).words == "@a member was here"
    assert until == max(rows(archive, "SELECT until FROM suppressed"))


async def test_the_bots_card_keeps_the_title_of_the_discussion_that_it_opened(archive: Archive) -> None:
    card = Said(THREAD, "77", Author("B", "Readalong", bot=True), "", NOON, ours=True)
    await archive.hear(card)
    (row,) = rows(archive, "SELECT id FROM messages")
    await archive.database.write(lambda db: erasing.blank_messages(db, [row], "2026"))

    assert rows(archive, "SELECT title FROM threads") == ["Mina's thread"]
