"""Searching a million made-up messages: every kind of query, for readers of few and of many channels.

Beside ours, in the same run on the same database: sqlite-utils' own `search`, and FTS5's bm25 in plain SQL. Both look
through everything, whoever may read it, and count nothing. `python -m benchmarks.search` prints the table.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import click

from benchmarks.numbers import p99
from bot.archive.conditions import Scope
from bot.archive.database import Database, connect
from bot.archive.message_rows import row_id
from bot.archive.query import Known, parse
from bot.archive.search import Page, find_in
from bot.archive.tables import Tables
from bot.asker import Place
from bot.config import CLONE
from bot.readings.library import Library
from bot.times import stamp
from bot.venue import Readable

MESSAGES = 1_000_000
CHANNELS, PEOPLE, THREADS, WORDS = 330, 2000, 8000, 50_000
READERS = (3, 30, 300)
GOAL_MS = 20.0
BEGAN, NOW = datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC)
_COLUMNS = "id, workspace, channel, thread, platform_id, person, text, search, written_at, answers, ours, saved_seq"
_ROW = f"INSERT INTO messages ({_COLUMNS}) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, '', 0, ?)"  # noqa: S608 - fixed words

# The rank of a word among 50,000 (Zipf): 0 to 2 stand in most messages, 40 to 70 in 3 to 4 %, 900 to 1,300 in 0.2 %
RARE, MID, COMMON, STOP = (14_000, 17_000), (900, 1300), (40, 70), (0, 2)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of query: made of words of these ranks, and whether the others can be asked the same."""

    name: str
    text: str
    ranks: tuple[tuple[int, int], ...] = ()
    plain: bool = False

    def query(self, random: Random) -> str:
        """One of this kind."""
        words = [word(random.randint(*ranks)) for ranks in self.ranks]
        return self.text.format(*words, person=random.randint(1, 50), channel=random.randint(1, 3))


KINDS = (
    Kind("a rare word", "{}", (RARE,), plain=True),
    Kind("a word of 0.2 %", "{}", (MID,), plain=True),
    Kind("a common word", "{}", (COMMON,), plain=True),
    Kind("a stop word", "{}", (STOP,), plain=True),
    Kind("two common words", "{} {}", (COMMON, COMMON), plain=True),
    Kind("a phrase", '"{} {}"', (STOP, (3, 10)), plain=True),
    Kind("a beginning", "{:.4}*", (COMMON,)),
    Kind("a common word without another", "{} -{}", (COMMON, STOP)),
    Kind("nothing: the newest", ""),
    Kind("from:", "from:U{person}"),
    Kind("from: and a common word", "{} from:U{person}", (COMMON,)),
    Kind("from: and a stop word", "{} from:U{person}", (STOP,)),
    Kind("in:", "in:{channel}"),
    Kind("in: and a stop word", "{} in:{channel}", (STOP,)),
    Kind("after: and a common word", "{} after:2026-11-01", (COMMON,)),
    Kind("before: and a stop word", "{} before:2024-06", (STOP,)),
    Kind("reading:", "reading:kuril-question"),
    Kind("reading: and a common word", "{} reading:kuril-question", (COMMON,)),
    Kind("passage:", "reading:kuril-question passage:3"),
    Kind("has:link and a common word", "{} has:link", (COMMON,)),
    Kind("has:file", "has:file"),
    Kind("has:file and a stop word", "{} has:file", (STOP,)),
    Kind("has:quote", "has:quote"),
    Kind("has:reaction and a common word", "{} has:reaction", (COMMON,)),
)


def word(rank: int) -> str:
    """The made-up word of that rank: always the same."""
    return "".join(Random(rank).choices("aeiounrstlkmdpbg", k=3 + rank % 8))  # noqa: S311 - no secret


def measure(folder: Path, messages: int = MESSAGES, turns: int = 20) -> list[str]:
    """The lines of a table: median and p99 in milliseconds of each kind, for each number of channels and the others."""
    library = Library.load(CLONE / "content")
    make(folder / "many.db", messages, [one.key for one in library.readings["kuril-question"].passages])
    known = Known(NOW, library, library.readings["kuril-question"])
    lines = [
        _line("query", *(f"{count} channels" for count in READERS), "sqlite-utils", "plain bm25"),
        _line(*["---"] * 6),
    ]
    with closing(connect(folder / "many.db")) as db:
        db.execute("PRAGMA mmap_size = 1073741824")  # as the bot's own readers have it
        everything: list[float] = []
        for kind in KINDS:
            queries = [kind.query(Random(f"{kind.name} {turn}")) for turn in range(turns)]  # noqa: S311 - no secret
            ours = [_timed(_search(db, known, count), queries) for count in READERS]
            others = [_timed(act, queries) for act in (_by_sqlite_utils(db), _by_bm25(db))] if kind.plain else []
            everything += [taken for column in ours for taken in column]
            lines.append(_line(kind.name, *map(_cell, ours), *map(_cell, others), *["-"] * (2 - len(others))))
        lines.append(_line("**all of ours**", _cell(everything), *["-"] * 4))
    return lines


def _search(db: Tables, known: Known, channels: int) -> Callable[[str], Any]:
    scope = Scope(Place("discord", "1", "1"), Readable(frozenset(map(str, range(1, channels + 1)))), "U1")
    return lambda text: find_in(db, parse(text, known), scope, Page(), NOW, 0.25)


def _by_sqlite_utils(db: Tables) -> Callable[[str], Any]:
    return lambda text: list(db.table("messages").search(text, limit=10))


def _by_bm25(db: Tables) -> Callable[[str], Any]:
    best = "SELECT rowid FROM messages_fts WHERE messages_fts MATCH ? ORDER BY bm25(messages_fts) LIMIT 10"
    return lambda text: db.execute(best, (text,)).fetchall()


def _timed(act: Callable[[str], Any], queries: list[str]) -> list[float]:
    taken: list[float] = []
    for query in queries:
        began = time.perf_counter()
        act(query)
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def _cell(taken: list[float]) -> str:
    return f"{statistics.median(taken):.1f} / {p99(taken):.1f}"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def make(path: Path, messages: int, passages: list[str]) -> None:
    """A database of so many messages of 2,000 people over four years, one in five outside of the 8,000 threads."""
    Database.open(path).close()
    random = Random(7)  # noqa: S311 - no secret: the same messages each time
    with closing(connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        triggers = [
            row[0]
            for row in db.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'messages_fts_*'"
            ).fetchall()
        ]
        db.conn.execute("BEGIN")
        for name in ("insert", "update", "delete"):
            db.conn.execute(f"DROP TRIGGER messages_fts_{name}")
        channel_of = _make_places(db, random, passages)
        ids = [_make_message(db, random, number, messages, channel_of) for number in range(messages)]
        db.conn.execute("INSERT INTO messages_fts(messages_fts) VALUES ('rebuild')")
        _make_beside(db, random, ids, passages)
        for trigger in triggers:
            db.conn.execute(trigger)
        db.conn.commit()


def _make_places(db: Tables, random: Random, passages: list[str]) -> dict[int, int]:
    """Channels, people and threads. Returns each thread's channel."""
    db.conn.execute("INSERT INTO workspaces (id, platform, platform_id, name) VALUES (1, 'discord', '1', '')")
    channels = [(number, str(number), f"channel-{number}") for number in range(1, CHANNELS + 1)]
    db.conn.executemany("INSERT INTO channels (id, workspace, platform_id, name) VALUES (?, 1, ?, ?)", channels)
    people = [(number, f"U{number}", f"Person {number}") for number in range(1, PEOPLE + 1)]
    db.conn.executemany("INSERT INTO people (id, workspace, platform_id, name, bot) VALUES (?, 1, ?, ?, 0)", people)
    channel_of = {thread: random.randint(1, CHANNELS) for thread in range(1, THREADS + 1)}
    threads = [
        (
            thread,
            channel,
            f"t{thread}",
            f"{word(thread)} {word(thread % 300)}",
            *_anchor(thread, passages),
            thread % 50 == 0,
        )
        for thread, channel in channel_of.items()
    ]
    columns = "id, workspace, channel, platform_id, title, reading, passage, private"
    db.conn.executemany(f"INSERT INTO threads ({columns}) VALUES (?, 1, ?, ?, ?, ?, ?, ?)", threads)  # noqa: S608 - fixed words
    return channel_of


def _anchor(thread: int, passages: list[str]) -> tuple[str, str]:
    return ("kuril-question", passages[thread % len(passages)]) if thread % 3 == 0 else ("japan-russia-2016", "")


def _make_message(db: Tables, random: Random, number: int, of: int, channel_of: dict[int, int]) -> int:
    thread = random.randint(1, THREADS) if random.random() < 0.8 else None
    channel = channel_of[thread] if thread else random.randint(1, CHANNELS)
    written = stamp(BEGAN + (NOW - BEGAN) * (number / of))
    words = " ".join(random.choices(_VOCABULARY, cum_weights=_WEIGHTS, k=random.randint(5, 40)))
    link = random.random() < 0.05
    text, search = (f"{words} https://example.org/a", f"{words} https example org a") if link else (words, words)
    at = row_id(Place("discord", "1", str(channel)), str(number), written)
    person = 1 + int(PEOPLE * random.random() ** 3)
    row = (at, channel, thread, str(number), person, text, search, written, number)
    db.conn.execute(_ROW, row)
    return at


def _make_beside(db: Tables, random: Random, ids: list[int], passages: list[str]) -> None:
    """Reactions to one message in 50, a file beside one in 100, a quotation in one in 200."""
    reacted = [(at, random.randint(1, 5)) for at in random.sample(ids, len(ids) // 50)]
    reaction = "INSERT INTO reactions (message, emoji, people, changed_at) VALUES (?, '+1', ?, '')"
    db.conn.executemany(reaction, reacted)
    files = [(at,) for at in random.sample(ids, len(ids) // 100)]
    db.conn.executemany("INSERT INTO attachments VALUES (?, 'f', 'map.png', 'image/png', 1, '')", files)
    quoted = [(at, random.choice(passages)) for at in random.sample(ids, len(ids) // 200)]
    db.conn.executemany("INSERT INTO links VALUES (?, 'kuril-question', ?, 'words')", quoted)


_VOCABULARY = [word(rank) for rank in range(WORDS)]
_WEIGHTS = list(accumulate(1 / (rank + 1) for rank in range(WORDS)))


def _lines(messages: int) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        yield from measure(Path(folder), messages)


if __name__ == "__main__":
    for _shown in _lines(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES):
        click.echo(_shown)
