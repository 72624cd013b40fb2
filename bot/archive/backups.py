"""Copies of the database: one made while the bot runs, and one put back in the place of what there is.

A copy is made by SQLite's online backup (https://sqlite.org/backup.html) from one snapshot, so what is written
meanwhile neither disturbs it nor makes it begin again. It is checked before it takes its name.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from bot.archive.database import connect, is_running, only_one
from bot.archive.inspection import left_alone, opened_as_it_is
from bot.archive.privacy import OptedOut, opted_out, take_over
from bot.archive.schema import migrations
from bot.errors import BotError
from bot.times import now, stamp
from bot.values import value
from bot.words import literal

PAGES_AT_ONCE = 2000  # 8 MB between two looks at how far it is
FULL = "database or disk is full"  # https://sqlite.org/rescode.html#full
BESIDE = ("-wal", "-shm")  # they belong to the file before them, and to no other

Progress = Callable[[int, int], None]  # how many pages are copied, of how many


@value
class Restored:
    """What a restore did: where the database before it was put, and how many people are erased again.

    `aside` is None where there was none. `erased` is None where nobody can know who opted out since the copy was made.
    `until` is when the newest message of the copy was written, ISO 8601 in UTC; empty without any.
    """

    aside: Path | None
    erased: int | None
    until: str


def back_up(path: Path, copy: Path, *, force: bool, progress: Progress) -> None:
    """Copy the database to a file of mode 0600, which is there whole or not at all.

    Raises BotError: there is no database, `copy` is there already and not to be replaced, or something is damaged.
    """
    if not path.exists():
        raise BotError(f"There is no database at {path}.")
    _check_target(path, copy, force=force)
    with _beside(copy) as part:
        _copy(path, part, progress)
        _check(part, path)
        for name in _files(copy)[1:]:
            name.unlink(missing_ok=True)
        _put(part, copy)


def restore(path: Path, copy: Path, progress: Progress, at: datetime | None = None) -> Restored:
    """Put a copy in the place of the database, which is put aside with all that belongs to it.

    Who opted out, as the database before it knows, is out in the restored one too, and what the copy holds of them is
    erased before it is in place. Raises BotError: a bot runs, or the copy is damaged, newer, or no database of ours.
    """
    if not copy.exists():
        raise BotError(f"There is no file {literal(str(copy))}.")
    if path.exists() and copy.samefile(path):
        raise BotError(f"{literal(str(copy))} is the database itself. Name a copy of it.")
    moment = at or now()
    with only_one(path), _beside(path) as part:
        _copy(copy, part, progress)
        _check(part, copy)
        erased = _prepare(part, _out_now(path), stamp(moment))
        until = _newest(part)
        aside = _put_aside(path, moment)
        _put(part, path)
        return Restored(aside, erased, until)


def _check_target(path: Path, copy: Path, *, force: bool) -> None:
    if not copy.parent.is_dir():
        raise BotError(f"There is no folder {literal(str(copy.parent))}. Make it first.")
    if not any(name.exists() for name in _files(copy)):
        return
    if (copy.exists() and copy.samefile(path)) or is_running(copy):
        raise BotError(f"{literal(str(copy))} is a database in use. Name another file.")
    if not force:
        raise BotError(f"{literal(str(copy))} is there already. Name another file, or replace it with --force.")


@contextlib.contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A new file (mode 0600) in the folder of another, gone afterwards unless it was given another name."""
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".part", dir=file.parent)
        os.close(handle)
        part = Path(name)
        yield part
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BotError(f"{literal(str(file))} can't be written ({reason}). Nothing was changed.") from error
    finally:
        for each in _files(part) if part else ():
            each.unlink(missing_ok=True)


def _copy(source: Path, part: Path, progress: Progress) -> None:
    try:
        with opened_as_it_is(source) as db, contextlib.closing(sqlite3.connect(part)) as made:
            db.execute("BEGIN")
            db.execute("SELECT 1 FROM sqlite_schema").fetchone()  # all steps copy what stands at this moment
            db.conn.backup(made, pages=PAGES_AT_ONCE, progress=lambda _, left, total: progress(total - left, total))
    except (OSError, sqlite3.DatabaseError) as error:
        if str(error) == FULL:
            raise
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BotError(f"{literal(str(source))} can't be read ({reason}). Nothing was changed.") from error


def _check(part: Path, source: Path) -> None:
    """That the copy is whole and ours, and not of a newer version. Raises BotError."""
    try:
        with contextlib.closing(left_alone(part)) as db:
            (found,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            ours, unknown = bool(migrations.applied(db)), bool(migrations.unknown(db))
    except sqlite3.DatabaseError as error:
        found, ours, unknown = str(error), True, False
    if found != "ok":
        raise BotError(f"{literal(str(source))} is damaged: {literal(str(found))}. Nothing was changed.")
    if not ours:
        raise BotError(f"{literal(str(source))} is no database of Readalong's. Nothing was changed.")
    if unknown:
        raise BotError(f"{literal(str(source))} is of a newer Readalong. Upgrade this one first.")


def _out_now(path: Path) -> list[OptedOut] | None:
    """Who opted out, as the present database has it; None where it can't be read."""
    if not path.exists():
        return None
    try:
        with opened_as_it_is(path) as db:
            return opted_out(db)
    except (OSError, sqlite3.Error):
        return None


def _prepare(part: Path, out: list[OptedOut] | None, at: str) -> int | None:
    """Bring a copy's tables up to date, and let nothing of these people in it be read even from its bytes."""
    with contextlib.closing(connect(part)) as db:
        migrations.apply(db)
        db.conn.commit()
        erased = None if out is None else take_over(db, out, at)
        db.conn.commit()
        if erased:
            db.execute("INSERT INTO messages_fts(messages_fts) VALUES ('optimize')")
            db.conn.commit()
            db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return erased


def _newest(part: Path) -> str:
    with contextlib.closing(left_alone(part)) as db:
        return str(db.execute("SELECT ifnull(max(written_at), '') FROM messages").fetchone()[0])


def _put_aside(path: Path, at: datetime) -> Path | None:
    """Move the database, and all that belongs to it, into a new folder beside it."""
    there = [name for name in _files(path) if name.exists()]
    if not there:
        return None
    aside = path.with_name(f"{path.name}.aside-{at:%Y-%m-%dT%H%M%S}")
    aside.mkdir(mode=0o700)
    for name in there:
        name.rename(aside / name.name)
    return aside


def _put(part: Path, file: Path) -> None:
    """Give a written file its name, so that it is whole there even after the power fails."""
    for each in (part, file.parent):
        handle = os.open(each, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
        if each == part:
            part.replace(file)


def _files(path: Path) -> list[Path]:
    """A database's file, and what may stand beside it."""
    return [path, *(path.with_name(path.name + ending) for ending in BESIDE)]
