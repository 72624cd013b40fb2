"""Importing: a million messages of a Slack export into an empty archive, beside raw loading of the same rows.

Raw is what SQLite does at best: rows that are ready, loaded without indexes, then the indexes, then the index of words
built anew, then the triggers. Run by `python -m benchmarks.importing [MESSAGES]`; prints its numbers.
"""

import asyncio
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bot.archive.archive import Archive
from bot.archive.database import Database, only_one
from bot.archive.events import Author, Said
from bot.asker import Place

MILLION = 1_000_000
PER_DAY = 2000
PEOPLE = 50
LIVE = Place("slack", "T1", "C9")
SECONDS_BETWEEN = 0.02


def write_export(path: Path, messages: int) -> None:
    """A Slack export of made-up words in twenty channels."""
    random = Random(1956)  # noqa: S311 - made-up text is no secret
    words = [f"{random.choice('bdfgklmnprst')}{random.choice('aeiou')}{n:x}" for n in range(8000)] + [
        "the",
        "treaty",
    ] * 400
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        channels = [{"id": f"C{n}", "name": f"room{n}"} for n in range(20)]
        archive.writestr("channels.json", json.dumps(channels))
        people = [{"id": f"U{n}", "team_id": "T1", "profile": {"display_name": f"person{n}"}} for n in range(PEOPLE)]
        archive.writestr("users.json", json.dumps(people))
        for day, first in enumerate(range(0, messages, PER_DAY)):
            channel, at = channels[day % 20]["name"], 1_500_000_000 + day // 20 * 86400
            found = [
                {"type": "message", "user": f"U{random.randrange(PEOPLE)}", "ts": f"{at + 43 * n}.{n:06}",
                 "text": " ".join(random.choices(words, k=random.randint(4, 24))), "team": "T1"}
                for n in range(min(PER_DAY, messages - first))
            ]  # fmt: skip
            date = datetime.fromtimestamp(at, UTC).date()
            archive.writestr(f"{channel}/{date}.json", json.dumps(found, indent=1))


def importing(database: Path, export: Path) -> list[str]:
    """The command that imports it, in a process of its own; a configuration that names the database is made."""
    config = database.with_suffix(".toml")
    config.write_text(f'[archive]\npath = "{database.name}"\n', encoding="utf-8")
    return [sys.executable, "-m", "bot", "import", str(export), "--config", str(config)]


def raw(filled: Path, target: Path) -> float:
    """Seconds in which the rows of a filled database are loaded into one without indexes, which then get built."""
    shutil.copy(filled, target)
    with closing(sqlite3.connect(target, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA cache_size = -65536")
        of_messages = "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = 'messages' AND sql NOT NULL"
        made = [row for row in db.execute(of_messages) if row[0] in {"trigger", "index"}]
        for kind, name, _ in made:
            db.execute(f"DROP {kind} {name}")
        db.execute("DELETE FROM imported")
        db.execute("DELETE FROM messages")
        db.execute("INSERT INTO messages_fts (messages_fts) VALUES ('delete-all')")
        columns = [row[1] for row in db.execute("PRAGMA table_info(messages)")]
        insert = f"INSERT INTO messages ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - our own names
        spent = 0.0
        with closing(sqlite3.connect(filled)) as source:
            rows = source.execute(f"SELECT {', '.join(columns)} FROM messages ORDER BY id")  # noqa: S608 - our own names
            while some := rows.fetchmany(20_000):
                began = time.perf_counter()
                db.execute("BEGIN")
                db.executemany(insert, some)
                db.execute("COMMIT")
                spent += time.perf_counter() - began
        began = time.perf_counter()
        for kind, _, sql in sorted(made):
            if kind == "index":
                db.execute(sql)
        db.execute("INSERT INTO messages_fts (messages_fts) VALUES ('rebuild')")
        for kind, _, sql in made:
            if kind == "trigger":
                db.execute(sql)
        return spent + time.perf_counter() - began


async def beside(database: Path, export: Path) -> list[float]:
    """Seconds that each live message took to be durable while an import ran beside, in a process of its own."""
    with only_one(database):
        opened = Database.open(database)
        capture = Archive.of(opened, lambda _: ()).capture
        running = await asyncio.create_subprocess_exec(*importing(database, export))
        took, number = [], 0
        while running.returncode is None:
            number += 1
            at = datetime(2026, 11, 9, tzinfo=UTC) + timedelta(seconds=number)
            began = time.perf_counter()
            await capture.save(Said(LIVE, f"{1_800_000_000 + number}.000000", Author("U1", "Mina"), "live treaty", at))
            took.append(time.perf_counter() - began)
            await asyncio.sleep(SECONDS_BETWEEN)
        opened.close()
        if running.returncode:
            raise RuntimeError("the import beside the bot failed")
        return sorted(took)


def main(messages: int) -> None:
    """Measure and print."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_export(folder / "export.zip", messages)
        packed = (folder / "export.zip").stat().st_size >> 20
        print(f"an export of {messages:,} messages, {packed} MB packed", flush=True)
        began = time.perf_counter()
        subprocess.run(importing(folder / "a.db", folder / "export.zip"), check=True)  # noqa: S603 - this file
        ours = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
        theirs = raw(folder / "a.db", folder / "raw.db")
        rates = f"{messages / ours:,.0f} a second, raw {messages / theirs:,.0f}"
        print(f"into an empty archive: {rates}: {theirs / ours:.2f} of raw")
        print(f"peak memory: {peak} MB", flush=True)
        small = min(messages, 20_000)
        write_export(folder / "small.zip", small)
        Database.open(folder / "live.db").close()
        began = time.perf_counter()
        took = asyncio.run(beside(folder / "live.db", folder / "small.zip"))
        rate = small / (time.perf_counter() - began)
        half, most = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
        print(f"beside a bot: {rate:,.0f} a second; {len(took)} live messages: p50 {half:.0f} ms, p99 {most:.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MILLION)
