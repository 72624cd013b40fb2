"""Saving messages: from events given to `Capture.save` to their committed rows, beside raw SQLite.

Raw SQLite is one `INSERT` of many rows into the same tables, with the same indexes, triggers and settings, of values
that are ready: ids, times and indexed words were worked out before. Both databases hold the same rows in the end.
"""

import asyncio
import gc
import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.bots import NotMeasured
from benchmarks.numbers import Comparison, Round
from bot.archive.archive import Archive
from bot.archive.capture import Capture
from bot.archive.database import Database, connect
from bot.archive.events import Author, Said
from bot.archive.link_rows import quoting
from bot.archive.search_copy import PIECES
from bot.asker import Place
from bot.config import CLONE
from bot.readings.library import Library

BOUND = 2.0  # times as long: half of the rate
LONE_BOUND = 0.025  # seconds
WARM_UP = 400  # messages; every channel, thread and person is named in them
NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
EXPLAINER = CLONE / "content" / "kuril-question" / "source.txt"
COMMON, ALL_WORDS = 600, 50_000  # the explainer's own words, and as many as English speakers know
BESIDE = ("https://example.org/a/{}?b=1", "<@{}>", "\U0001f642", "北方領土の問題{}", "Итуруп {}", "naïve", "#{}")

Row = tuple[Any, ...]


async def measure(folder: Path, size: int, rounds: int, turns: int) -> Comparison:
    """The seconds for each message where `size` come at once, in rounds of so many turns. Raises NotMeasured."""
    events = messages(WARM_UP + size * rounds * turns)
    with closing(Database.open(folder / f"ready-{size}.db")) as ready:
        await _save(_capture(ready), events)
        rows = _rows(ready)
    with (
        closing(Database.open(folder / f"ours-{size}.db")) as ours,
        closing(Database.open(folder / f"raw-{size}.db")) as raw,
        closing(connect(raw.path).conn) as connection,
        ThreadPoolExecutor(max_workers=1) as thread,
    ):
        pair = Pair(_capture(ours), connection, thread)
        for capture in (pair.ours, _capture(raw)):
            await _save(capture, events[:WARM_UP])
        batches = [(events[at : at + size], rows[at : at + size]) for at in range(WARM_UP, len(events), size)]
        PIECES.clear()  # making the rows ready has filled it
        gc.collect()
        gc.freeze()  # what the measuring itself holds is not to be looked through over and over
        taken = [await pair.round(batches[at : at + turns]) for at in range(0, len(batches), turns)]
        gc.unfreeze()
        if not rows == _rows(ours) == _rows(raw):
            raise NotMeasured("the two databases hold different messages")
    if size == 1:
        return Comparison("a lone message", tuple(taken), most=LONE_BOUND)
    return Comparison(f"{size:,} at once", tuple(taken), BOUND)


def messages(count: int) -> list[Said]:
    """Messages of 200 people in 40 threads, one a second: 5 to 40 words, and in one of five what chats are full of."""
    random = Random(count)  # noqa: S311 - no secret: the same messages each time
    words = _words(random)
    places = [Place("discord", "1", str(10 + number % 5), str(70 + number)) for number in range(40)]
    people = [Author(str(10**17 + number), f"Person {number}") for number in range(200)]
    made: list[Said] = []
    for number in range(count):
        beside = [random.choice(BESIDE).format(random.randrange(10**6))] if random.random() < 0.2 else []
        text = " ".join([*islice(words, random.randint(5, 40)), *beside])
        place, person = places[number % len(places)], people[number % len(people)]
        made.append(Said(place, str(10**18 + number), person, text, NOON + timedelta(seconds=number)))
    return made


def _words(random: Random) -> Iterator[str]:
    """Our explainer's words over and over, one of three exchanged for a rarer one, the rarer the seldomer (Zipf)."""
    for word in cycle(EXPLAINER.read_text(encoding="utf-8").split()):
        rank = int(COMMON * (ALL_WORDS / COMMON) ** random.random())
        letters = Random(rank).choices("aeiounrstlkmdpbg", k=3 + rank % 8)  # noqa: S311 - no secret
        yield word if random.random() < 2 / 3 else "".join(letters)


@dataclass(frozen=True, slots=True)
class Pair:
    """Our capture, and a plain connection, each on a database of its own."""

    ours: Capture
    raw: sqlite3.Connection
    thread: ThreadPoolExecutor

    async def round(self, batches: Sequence[tuple[Sequence[Said], Sequence[Row]]]) -> Round:
        """The seconds for each message on either side, by turns; each batch goes to both."""
        ours: list[float] = []
        raw: list[float] = []
        for turn, (events, rows) in enumerate(batches):
            if turn % 2:
                ours.append(await self._ours(events))
            raw.append(await asyncio.get_running_loop().run_in_executor(self.thread, _insert, self.raw, rows))
            if not turn % 2:
                ours.append(await self._ours(events))
        return Round(tuple(ours), tuple(raw))

    async def _ours(self, events: Sequence[Said]) -> float:
        began = time.perf_counter()
        await _save(self.ours, events)
        return (time.perf_counter() - began) / len(events)


def _insert(raw: sqlite3.Connection, rows: Sequence[Row]) -> float:
    """The seconds for each of these rows, in a thread of its own as ours are; coming and going is not counted."""
    marks = ", ".join([f"({', '.join('?' for _ in rows[0])})"] * len(rows))
    sql, values = f"INSERT INTO messages VALUES {marks}", [value for row in rows for value in row]  # noqa: S608 - marks alone
    began = time.perf_counter()
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(sql, values)
    raw.commit()
    return (time.perf_counter() - began) / len(rows)


def _capture(database: Database) -> Capture:
    """As `readalong run` makes it: every text is looked through for quotations of the readings."""
    return Archive.of(database, quoting(Library.load(CLONE / "content"))).capture


async def _save(capture: Capture, events: Sequence[Said]) -> None:
    for saved in list(map(capture.save, events)):
        await saved


def _rows(database: Database) -> list[Row]:
    """All messages, in the order in which they were saved."""
    columns = "id, workspace, channel, thread, platform_id, person, text, search, written_at, edited_at, deleted_at"
    more = "answers, ours, saved_seq"  # all but what SQLite itself works out of them
    return list(database.reader.execute(f"SELECT {columns}, {more} FROM messages ORDER BY saved_seq").fetchall())  # noqa: S608 - fixed words
