"""Building the digest of one day in a large archive: `python -m benchmarks.digest [messages]`.

The archive is made by plain SQL, as an import would leave it: threads in channels, a year of days, a tenth of all
messages with a question mark. Measured is `Digests.make`: every query, the choice and the card.
"""

import asyncio
import statistics
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.digest_rows import Window
from bot.archive.settings import Settings
from bot.asker import Place
from bot.config import CLONE
from bot.digest.digests import Digests, Wanted
from bot.readings.library import Library
from bot.times import stamp
from bot.venue import Readable

BOUND = 0.1  # seconds
END = datetime(2026, 11, 10, tzinfo=UTC)
HERE = Place("discord", "1", "0")
CHANNELS, PEOPLE, THREADS_A_DAY = 40, 400, 60
ROUNDS = 15


def fill(database: Database, messages: int) -> int:
    """So many messages over a year. Returns how many there are in a day."""
    db, a_day = database._writer, max(messages // 365, 1)  # noqa: SLF001 - the fastest way in, for measuring alone
    begin = int((END - timedelta(days=365)).timestamp() * 1000)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN")
    db.execute("INSERT INTO workspaces (id, platform, platform_id, name) VALUES (1, 'discord', '1', '')")
    channels = ((at + 1, str(at), f"channel {at}") for at in range(CHANNELS))
    db.conn.executemany("INSERT INTO channels (id, workspace, platform_id, name) VALUES (?, 1, ?, ?)", channels)
    people = ((at + 1, str(at), f"Person {at}") for at in range(PEOPLE))
    db.conn.executemany("INSERT INTO people (id, workspace, platform_id, name, bot) VALUES (?, 1, ?, ?, 0)", people)
    db.conn.executemany(
        "INSERT INTO threads (id, workspace, channel, platform_id, title, opened_by, reading, passage, kept_since) "
        "VALUES (?, 1, ?, ?, ?, ?, 'kuril-question', 'origins', '2025-01-01T00:00:00.000Z')",
        ((at + 1, at % CHANNELS + 1, f"t{at}", f"Thread {at}?", at % PEOPLE + 1) for at in range(THREADS_A_DAY * 365)),
    )
    for trigger in ("insert", "update", "delete"):
        db.execute(f"DROP TRIGGER messages_fts_{trigger}")
    step = 365 * 86_400_000 / messages
    db.conn.executemany(
        "INSERT INTO messages (id, workspace, channel, thread, platform_id, person, text, search, written_at, answers, "
        "ours, saved_seq) VALUES (?, 1, ?, ?, ?, ?, ?, '', ?, '', 0, ?)",
        (_row(number, begin + int(number * step), a_day) for number in range(messages)),
    )
    db.execute("COMMIT")
    return a_day


def _row(number: int, ms: int, a_day: int) -> tuple[object, ...]:
    day = number // a_day
    thread = day * THREADS_A_DAY + number * 7919 % THREADS_A_DAY
    thread = min(thread, THREADS_A_DAY * 365 - 1)
    words = f"What {number} says of the islands and of the treaty, at some length" + ("?" if number % 10 == 0 else ".")
    at = stamp(datetime.fromtimestamp(ms / 1000, UTC))
    channel = thread % CHANNELS + 1
    return ms << 20 | number % 2**20, channel, thread + 1, f"m{number}", number * 31 % PEOPLE + 1, words, at, number + 1


def _link(place: Place, message: str = "") -> str:
    return f"https://example.org/{place.channel}/{message}"


def measure(folder: Path, messages: int) -> tuple[int, list[float]]:
    """The seconds of each round, for the last whole day and days before it; and how many messages a day has."""
    with closing(Database.open(folder / "a.db")) as database:
        a_day = fill(database, messages)
        library = Library.load(CLONE / "content")
        archive = Archive.of(database, lambda _: ())
        digests = Digests(archive, library, Settings(database), "kuril-question", "Asia/Tokyo", lambda: END)
        readable = Readable(frozenset(map(str, range(CHANNELS))))
        taken = []
        for back in range(ROUNDS):
            until = messages - back * a_day
            window = Window(until - a_day, until, END - (back + 1) * timedelta(days=1), END - back * timedelta(days=1))
            before = Window(until - 2 * a_day, until - a_day, window.since - timedelta(days=1), window.since)
            wanted = Wanted(HERE, window, END.date(), "Asia/Tokyo", before=before)
            started = time.perf_counter()
            digest, _ = digests.make(wanted, readable, _link)
            taken.append(time.perf_counter() - started)
            assert digest.active.shown  # noqa: S101 - what found nothing would be quick
        return a_day, taken


async def main() -> int:
    """Measure and print; 1 where it takes longer than the bound."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with TemporaryDirectory() as folder:
        a_day, taken = await asyncio.to_thread(measure, Path(folder), messages)
    median, worst = statistics.median(taken), max(taken)
    print(
        f"{messages:,} messages, {a_day:,} a day: median {median * 1000:.0f} ms, worst {worst * 1000:.0f} ms "
        f"of {len(taken)} days; bound {BOUND * 1000:.0f} ms"
    )
    return int(median > BOUND)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
