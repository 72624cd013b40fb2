"""Saving messages while ten members search and somebody is erased: `python -m benchmarks.erasing [messages]`.

One message is saved every 20 ms, and how long each takes until it is committed is noted: first alone, then while ten
members search without a pause, then while the most talkative person is erased and the file is scrubbed besides.
"""

import asyncio
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import click

from benchmarks.numbers import p99
from benchmarks.search import NOW, make
from bot.archive.archive import Archive
from bot.archive.conditions import Scope
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.archive.events import Author, Said
from bot.archive.query import Known, parse
from bot.asker import Place
from bot.config import CLONE
from bot.readings.library import Library
from bot.venue import Readable

BOUND_MS = 250.0
MESSAGES = 200_000
SECONDS = 8.0
SEARCHERS = 10
HERE = Place("discord", "1", "1", "t1")
TALKATIVE = "U1"


async def measure(folder: Path, messages: int) -> list[str]:
    """The lines of a table: how long a message takes, p50 and p99 in milliseconds, alone and beside the others."""
    library = Library.load(CLONE / "content")
    make(folder / "many.db", messages, [one.key for one in library.readings["kuril-question"].passages])
    database = Database.open(folder / "many.db")
    archive = Archive.of(database, lambda _: ())
    await archive.discussions.keep(HERE, "Here", None, Anchor("kuril-question"))
    await archive.scrubbing.scrub()
    held = await archive.privacy.held("discord", TALKATIVE)
    lines = ["| meanwhile | messages saved | p50 | p99 | bound |", "| --- | --- | --- | --- | --- |"]
    lines.append(await _beside(archive, "nothing", asyncio.create_task(asyncio.sleep(SECONDS))))
    known = Known(NOW, library, library.readings["kuril-question"])
    searching = [asyncio.create_task(_search(archive, known, number)) for number in range(SEARCHERS)]
    lines.append(await _beside(archive, "ten search", asyncio.create_task(asyncio.sleep(SECONDS))))
    what = f"ten search, and {held.messages:,} messages of somebody are erased and scrubbed"
    lines.append(await _beside(archive, what, asyncio.create_task(_erase(archive))))
    for task in searching:
        task.cancel()
    await asyncio.gather(*searching, return_exceptions=True)
    database.close()
    return lines


async def _beside(archive: Archive, what: str, work: "asyncio.Task[None]") -> str:
    taken: list[float] = []
    while not work.done() or len(taken) < 50:
        began = time.perf_counter()
        await archive.capture.save(Said(HERE, f"{what[:9]}{len(taken)}", Author("U9", "Mo"), "said meanwhile", NOW))
        taken.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0.02)
    await work
    taken.sort()
    kept = "kept" if p99(taken) < BOUND_MS else "missed"
    middle = taken[len(taken) // 2]
    return f"| {what} | {len(taken)} | {middle:.1f} ms | {p99(taken):.1f} ms | {BOUND_MS:.0f} ms: {kept} |"


async def _erase(archive: Archive) -> None:
    await archive.privacy.erase("discord", TALKATIVE)
    await archive.scrubbing.scrub()


async def _search(archive: Archive, known: Known, number: int) -> None:
    random = Random(number)  # noqa: S311 - no secret
    scope = Scope(HERE, Readable(frozenset(map(str, range(1, 31)))), "U2")
    words = ("treaty", "said", "meanwhile")
    while True:
        await archive.search.find(parse(random.choice(words), known), scope)
        await asyncio.sleep(0)


if __name__ == "__main__":
    with TemporaryDirectory() as _folder:
        for _line in asyncio.run(measure(Path(_folder), int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES)):
            click.echo(_line)
