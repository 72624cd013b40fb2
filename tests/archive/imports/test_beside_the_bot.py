"""An import beside what the bot heard itself, and beside what people want: rights, opting out, deletions, digests."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive.archive import Archive
from bot.archive.database import Database, connect, only_one
from bot.archive.digest_rows import Window
from bot.archive.discussions import Anchor
from bot.archive.events import Author, Said, Unsaid
from bot.archive.imports.running import Choices, throwaway
from bot.archive.imports.undoing import undo
from bot.archive.rights import visible
from bot.asker import Place
from bot.errors import BotError
from bot.times import now
from bot.venue import Readable
from tests.archive.imports.importing import SAMPLES, bring_in, everything, is_whole, rows
from tests.archive.imports.made_up import discord_json, discord_message, slack_message, slack_zip

SLACK = SAMPLES / "slack_export.zip"
ROOM = Place("slack", "T1", "C1")
AT = datetime.fromtimestamp(1_700_000_000, UTC) + timedelta(microseconds=100)
FIRST = "1700000000.000100"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


@pytest.fixture
async def archive(path: Path) -> AsyncIterator[Archive]:
    database = Database.open(path)
    yield Archive.of(database, lambda _: ())
    database.close()


async def test_what_was_heard_live_stands_and_the_rest_is_added(archive: Archive, path: Path, tmp_path: Path) -> None:
    await archive.capture.save(Said(ROOM, FIRST, Author("U0", "Mina now"), "as heard live", AT))
    (outcome,) = bring_in(path, slack_zip(tmp_path / "a.zip", [slack_message(0), slack_message(1)]))

    assert (outcome.counts.new, outcome.counts.same) == (1, 1)
    assert [row[0] for row in rows(path, "SELECT text FROM messages ORDER BY id")] == [
        "as heard live", "message 1 on the treaty"
    ]  # fmt: skip
    assert rows(path, "SELECT name FROM people WHERE platform_id = 'U0'") == [("Mina now",)]
    undo_number = rows(path, "SELECT id FROM imports")[0][0]
    assert undo(path, undo_number)[1] == 1
    assert rows(path, "SELECT text FROM messages") == [("as heard live",)]


async def test_an_edit_that_the_export_saw_is_an_edit(archive: Archive, path: Path, tmp_path: Path) -> None:
    await archive.capture.save(Said(ROOM, FIRST, Author("U0", "Mina"), "before", AT))
    bring_in(path, slack_zip(tmp_path / "a.zip", [slack_message(0, "after", edited={"ts": "1700000100.000000"})]))

    assert rows(path, "SELECT text, edited_at IS NOT NULL FROM messages") == [("after", 1)]
    assert rows(path, "SELECT text FROM revisions") == [("before",)]


async def test_a_message_that_the_platform_tells_of_again_is_no_imports_any_more(
    archive: Archive, path: Path, tmp_path: Path
) -> None:
    bring_in(path, slack_zip(tmp_path / "a.zip", [slack_message(0), slack_message(1)]))
    await archive.capture.save(Said(ROOM, FIRST, Author("U0", "Mina"), "as heard live", AT))

    assert undo(path, 1)[1] == 1
    assert rows(path, "SELECT text FROM messages") == [("as heard live",)]


async def test_who_opted_out_stays_out(archive: Archive, path: Path, tmp_path: Path) -> None:
    await archive.privacy.opt_out("slack", "U1")
    reaction = [{"name": "wave", "users": ["U1", "U2"], "count": 2}]
    root = slack_message(1, "Jun's title", thread_ts="1700000060.000100", reply_count=1)
    (outcome,) = bring_in(
        path, slack_zip(tmp_path / "a.zip", [slack_message(0, reactions=reaction), root, slack_message(2)])
    )

    assert (outcome.counts.new, outcome.counts.barred) == (2, 1)
    assert not any("person1" in line or "Jun's title" in line for line in everything(path))
    assert rows(path, "SELECT p.name, r.people FROM reactions r JOIN people p ON p.id = r.person") == [("person2", 1)]


async def test_of_who_was_erased_neither_name_nor_reaction_comes_back(
    archive: Archive, path: Path, tmp_path: Path
) -> None:
    await archive.capture.save(Said(ROOM, FIRST, Author("U0", "person0"), "hers", AT))
    await archive.privacy.erase("slack", "U0")
    reaction = [{"name": "wave", "users": ["U0", "U2"], "count": 2}]
    others = slack_message(1, "as <@U0> says", reactions=reaction)
    bring_in(path, slack_zip(tmp_path / "a.zip", [slack_message(0), others]))

    assert rows(path, "SELECT text FROM messages WHERE text != ''") == [("as @a member says",)]
    assert rows(path, "SELECT p.name, r.people FROM reactions r JOIN people p ON p.id = r.person") == [("person2", 1)]


async def test_what_was_deleted_stays_deleted(archive: Archive, path: Path, tmp_path: Path) -> None:
    await archive.capture.save(Unsaid(ROOM, FIRST, AT, now()))
    bring_in(path, slack_zip(tmp_path / "a.zip", [slack_message(0)]))

    assert rows(path, "SELECT text, deleted_at IS NOT NULL FROM messages") == [("", 1)]


async def test_only_who_can_read_a_channel_is_shown_what_was_imported_of_it(archive: Archive, path: Path) -> None:
    bring_in(path, SLACK, choices=Choices(direct=True))
    place = Place("slack", "T01STUDY", "C02BOOK")

    def shown(*channels: str) -> int:
        db = archive.database.reader
        seen = visible(db, place, Readable(frozenset(channels))).of("m.channel", "m.thread")
        return int(db.execute(f"SELECT count(*) FROM messages m WHERE {seen}").fetchone()[0])  # noqa: S608 - our own words

    assert shown("C02BOOK") == 5
    assert shown("C01GENERAL") == shown() == 0
    assert shown("D01AB") == 0, "a direct conversation is the operator's alone"
    assert rows(path, "SELECT count(*) FROM messages") == [(6,)]
    assert not archive.discussions.keeps(place), "importing is no choice to save what is said from now on"


async def test_a_private_thread_is_shown_to_whom_it_names_alone(archive: Archive, path: Path, tmp_path: Path) -> None:
    file = discord_json(tmp_path / "a.json", [discord_message(0)], id="77", type="GuildPrivateThread")
    bring_in(path, file)
    db, place = archive.database.reader, Place("discord", "1", "9", "77")

    def seen(readable: Readable) -> bool:
        condition = visible(db, place, readable).of("m.channel", "m.thread")
        return db.execute(f"SELECT 1 FROM messages m WHERE {condition}").fetchone() is not None  # noqa: S608 - our own words

    assert not seen(Readable(frozenset({"9"})))
    assert seen(Readable(frozenset({"9"}), frozenset({"77"})))


async def test_a_workspace_that_was_only_imported_is_not_taken_for_left(archive: Archive, path: Path) -> None:
    bring_in(path, SLACK)
    await archive.workspaces.found("slack", {"T2": "Another"})

    assert rows(path, "SELECT left_at FROM workspaces WHERE platform_id = 'T01STUDY'") == [(None,)]
    assert archive.workspaces.places() == []
    await archive.workspaces.found("slack", {"T01STUDY": "Study"})
    await archive.workspaces.found("slack", {"T2": "Another"})
    assert rows(path, "SELECT left_at IS NULL FROM workspaces WHERE platform_id = 'T01STUDY'") == [(0,)]


async def test_what_was_imported_from_long_ago_is_no_news_for_a_digest(
    archive: Archive, path: Path, tmp_path: Path
) -> None:
    late = slack_message(0, "heard late")
    bring_in(path, slack_zip(tmp_path / "a.zip", [slack_message(n) for n in range(1, 4)]))
    await archive.capture.save(Said(ROOM, late["ts"], Author("U0", "Mina"), "heard late", AT))
    today = now() - timedelta(hours=1)
    await archive.capture.save(Said(ROOM, "1900000000.000000", Author("U0", "Mina"), "fresh", today))
    window = Window(0, archive.digest_rows.newest(), today - timedelta(hours=1), now())
    found = archive.digest_rows.read(ROOM, Readable(frozenset({"C1"})), window)

    assert [one.words for one in found.messages] == ["heard late", "fresh"]


async def test_threads_can_be_given_a_reading_and_keep_the_one_they_have(path: Path, archive: Archive) -> None:
    bring_in(path, SLACK, choices=Choices(anchor=Anchor("kuril-question")))

    assert rows(path, "SELECT DISTINCT reading FROM threads WHERE title != ''") == [("kuril-question",)]


def test_trying_it_changes_nothing_and_leaves_nothing_behind(path: Path) -> None:
    with throwaway(path) as copy:
        assert bring_in(copy, SLACK)[0].counts.new == 5

    assert list(path.parent.iterdir()) == []


def test_nothing_is_taken_back_beside_a_running_bot(path: Path) -> None:
    bring_in(path, SLACK)
    with only_one(path), pytest.raises(BotError, match="Another `readalong run`"):
        undo(path, 1)
    with pytest.raises(BotError, match="There is no import 9"):
        undo(path, 9)


async def test_the_bot_saves_on_while_an_import_runs(archive: Archive, path: Path, tmp_path: Path) -> None:
    file = slack_zip(tmp_path / "a.zip", [slack_message(n) for n in range(1500)])
    with only_one(path):
        importing = asyncio.create_task(asyncio.to_thread(bring_in, path, file))
        number = 0
        while not importing.done():
            number += 1
            said = Said(
                ROOM, f"{1_800_000_000 + number}.000000", Author("U0", "Mina"), "live", AT + timedelta(days=number)
            )
            await archive.capture.save(said)
            await asyncio.sleep(0)
        assert (await importing)[0].counts.new == 1500

    assert rows(path, "SELECT count(*) FROM messages") == [(1500 + number,)]
    assert is_whole(path)


def test_a_killed_import_leaves_everything_whole_and_is_run_again(path: Path, tmp_path: Path) -> None:
    days = {f"general/2024-01-{day:02}.json": _day(day) for day in range(1, 29)}
    file = slack_zip(tmp_path / "a.zip", "[]", more=days)
    code = (
        "import sys, pathlib; from bot.archive.imports import running; running.AT_ONCE = 2500; "
        "from tests.archive.imports.importing import bring_in; bring_in(*map(pathlib.Path, sys.argv[1:]))"
    )
    for kill in (1, 2):
        process = subprocess.Popen([sys.executable, "-c", code, str(path), str(file)])  # noqa: S603 - this Python
        while process.poll() is None and _count(path) < 4000 * kill:
            pass
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert is_whole(path)
        assert 4000 * kill <= _count(path) < 28_000
    (outcome,) = bring_in(path, file)

    assert _count(path) == 28_000
    assert outcome.counts.new + outcome.counts.same == 28_000
    assert is_whole(path)
    assert rows(path, "SELECT count(*) FROM messages_fts WHERE messages_fts MATCH 'treaty'") == [(28_000,)]
    assert rows(path, "SELECT count(*), count(DISTINCT ended_at) FROM imports") == [(1, 1)]


def _day(day: int) -> str:
    return json.dumps([slack_message(day * 1440 + n) for n in range(1000)])


def _count(path: Path) -> int:
    try:
        with closing(connect(path)) as db:
            return int(db.execute("SELECT count(*) FROM messages").fetchone()[0])
    except sqlite3.OperationalError:  # it is not there yet
        return 0


async def test_taking_back_leaves_what_the_bot_knows_itself(archive: Archive, path: Path, tmp_path: Path) -> None:
    thread = Place("slack", "T1", "C1", "5.5")
    await archive.workspaces.joined(ROOM, "Study")
    await archive.discussions.keep(thread, "Kept once", Author("U7", "Mo"), Anchor("kuril-question"))
    await archive.discussions.stop(thread)
    bring_in(path, slack_zip(tmp_path / "a.zip", [slack_message(0), slack_message(1)]))
    assert undo(path, 1)[1] == 2

    assert rows(path, "SELECT title FROM threads") == [("Kept once",)]
    assert rows(path, "SELECT name FROM people") == [("Mo",)]
    assert rows(path, "SELECT name FROM workspaces") == [("Study",)]
