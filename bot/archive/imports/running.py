"""One import from its beginning to its end, beside a running bot or without one.

Each transaction leaves everything whole, so a killed import is simply run again: what is in already stays as it is.
"""

import contextlib
import os
import queue
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bot.archive.database import Database, connect, immediately, is_running
from bot.archive.discussions import Anchor
from bot.archive.imports.formats import FORMATS, Format, recognised
from bot.archive.imports.known import Archived
from bot.archive.imports.records import Bad, LeftOut, Reactions, Record, Wanted
from bot.archive.imports.sources import Source
from bot.archive.imports.writing import Counts, Origin, Writer, mended_records, named
from bot.archive.link_rows import Quoted
from bot.archive.privacy import Privacy
from bot.archive.tables import Tables
from bot.errors import BotError
from bot.logs import fault
from bot.values import value

AT_ONCE = 20_000  # records in one transaction while nobody else writes
BESIDE_A_BOT = 200  # the bot waits no longer than these take
MOST_NAMED = 1000  # bad records
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_TO_WAIT = 120.0  # for the turn to write

T = TypeVar("T")


@value
class Choices:
    """How to import: direct conversations too or not, what the threads are about, and of which workspace it is.

    The last is asked only where the export itself does not tell.
    """

    direct: bool = False
    anchor: Anchor | None = None
    workspace: str = ""


@dataclass(slots=True)
class Outcome:
    """What an import came to, how many records could not be read, and the first of these."""

    kind: str
    counts: Counts
    unread: int = 0
    bad: list[Bad] = field(default_factory=list)

    def note(self, bad: Bad) -> None:
        """That this record could not be read."""
        self.unread += 1
        if len(self.bad) < MOST_NAMED:
            self.bad.append(bad)


def import_all(
    path: Path, sources: Sequence[Source], quoted: Quoted, choices: Choices
) -> Iterator[tuple[Source, Outcome]]:
    """Import opened sources into the database of that path, made if it is not there; gives each when it is through.

    Raises BotError: an export can't be read as a whole, or the database can't be written.
    """
    forms = sorted(((recognised(one), one) for one in sources), key=lambda pair: FORMATS.index(pair[0]))
    database = Database.open(path)
    try:
        privacy = Privacy(database)
        with contextlib.closing(connect(path)) as db:
            db.execute("PRAGMA cache_size = -65536")
            for form, source in forms:
                origin = Origin(source.name, form.name, source.fingerprint())
                writer = Writer(origin, privacy, quoted, choices.anchor)
                yield source, _Run(path, db, writer).run(form, source, choices)
    except sqlite3.OperationalError as error:
        raise BotError(
            f"The database {path} can't be written now ({error}). What is in stays; run it again."
        ) from error
    finally:
        database.close()


def ahead(made: Iterator[T]) -> Generator[T, None, None]:
    """The same values, made in a thread of their own, one ahead of whoever takes them: SQLite works meanwhile."""
    line: queue.Queue[T | BaseException | None] = queue.Queue(maxsize=1)
    stopped = threading.Event()

    def put(one: T | BaseException | None) -> None:
        while not stopped.is_set():
            with contextlib.suppress(queue.Full):
                line.put(one, timeout=SECONDS_BETWEEN_LOOKS)
                return

    def make() -> None:
        try:
            for one in made:
                put(one)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:  # noqa: BLE001 - raised where the values are taken
            put(error)

    maker = threading.Thread(target=make, name="reader of an export")
    maker.start()
    try:
        while (one := line.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one
    finally:
        stopped.set()
        maker.join()


@contextlib.contextmanager
def throwaway(path: Path) -> Iterator[Path]:
    """A copy of a database beside it, to see in it what would happen; gone afterwards. It need not be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.trying-") as folder:
        copy = Path(folder) / path.name
        if path.exists():
            with contextlib.closing(sqlite3.connect(path)) as held, contextlib.closing(sqlite3.connect(copy)) as made:
                os.chmod(copy, 0o600)  # noqa: PTH101
                held.backup(made)
        yield copy


class _Run:
    """One source going into one database. The format reads in a thread of its own, ahead of what is stored."""

    def __init__(self, path: Path, db: Tables, writer: Writer) -> None:
        self._path, self._db, self._writer = path, db, writer
        self._outcome = Outcome("", writer.counts)

    def run(self, form: Format, source: Source, choices: Choices) -> Outcome:
        """Everything in the source."""
        self._outcome.kind = form.name
        with contextlib.closing(connect(self._path)) as known:
            wanted = Wanted(Archived(known), choices.direct, choices.workspace)
            with contextlib.closing(ahead(self._batches(form, source, wanted))) as batches:
                for some in batches:
                    began = time.monotonic()
                    self._store(some)
                    if is_running(self._path):
                        time.sleep(time.monotonic() - began)  # the bot's turn
        self._in_transaction(self._writer.finish)
        for name in sorted(source.damaged):
            self._outcome.note(Bad(name, "what was packed in it is damaged"))
        return self._outcome

    def _batches(self, form: Format, source: Source, wanted: Wanted) -> Iterator[Sequence[Record]]:
        """What the format gives, as much at once as one transaction takes."""
        some: list[Record] = []
        most = self._at_once()
        for one in self._told(self._safely(form.read(source, wanted), source.name)):
            if len(some) >= most and not isinstance(one, Reactions):  # which go in with their message
                yield some
                some, most = [], self._at_once()
            some.append(one)
        if some:
            yield some

    def _at_once(self) -> int:
        return BESIDE_A_BOT if is_running(self._path) else AT_ONCE

    def _safely(self, records: Iterator[Record], name: str) -> Iterator[Record]:
        """The records; where a format stumbles over what nobody thought of, what was read before goes in."""
        try:
            yield from records
        except BotError:
            raise
        except Exception as error:  # noqa: BLE001 - told of, with the place in the log
            fault("import.format_failed", error)
            yield Bad(name, f"nothing behind what went in can be read ({type(error).__name__})")

    def _told(self, records: Iterator[Record]) -> Iterator[Record]:
        """The records to store; what was bad or left out is counted."""
        for one in records:
            if isinstance(one, Bad):
                self._outcome.note(one)
            elif isinstance(one, LeftOut):
                self._outcome.counts.left_out[one.why] += one.many
            else:
                yield one

    def _store(self, some: Sequence[Record]) -> None:
        """Store records together; where that fails, each half by itself, so that one can't keep the others out."""
        try:
            self._store_mended(some)
        except (sqlite3.OperationalError, BotError):
            raise
        except Exception as error:  # noqa: BLE001 - the one that it is about is named
            if len(some) > 1:
                self._store(some[: len(some) // 2])
                self._store(some[len(some) // 2 :])
            else:
                fault("import.record_failed", error)
                self._outcome.note(Bad(named(some[0]), f"it can't be stored ({type(error).__name__})"))

    def _store_mended(self, some: Sequence[Record]) -> None:
        try:
            self._in_transaction(lambda db: self._writer.store(db, some))
        except (UnicodeEncodeError, OverflowError):
            self._in_transaction(lambda db: self._writer.store(db, mended_records(some)))

    def _in_transaction(self, act: Callable[[Tables], None]) -> None:
        """Run it as one transaction, which waits longer for its turn than a bot does."""
        until = time.monotonic() + SECONDS_TO_WAIT
        while True:
            try:
                with immediately(self._db):
                    act(self._db)
            except sqlite3.OperationalError as error:
                self._writer.forget()
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
            except BaseException:
                self._writer.forget()
                raise
            else:
                return
