"""The database's file: where it is, whether it can be written and is whole, and who else may read it."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot.archive.database import is_running, newer, unusable
from bot.archive.inspection import Inspection, inspect
from bot.doctor.finding import Finding, Part

PART = Part("database")
LEAST_FREE = 200_000_000  # bytes
OLDEST_SQLITE = (3, 37)  # the first with strict tables: https://sqlite.org/stricttables.html
OTHERS = 0o077


def database(path: Path) -> Iterator[Finding]:
    """Everything about the file at this path and the disk that it is on."""
    yield from _file(path) if path.exists() else [_not_yet(path)]
    yield _free(_nearest_folder(path))
    yield _sqlite(sqlite3.sqlite_version_info)


def _not_yet(path: Path) -> Finding:
    folder = _nearest_folder(path)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
        return PART.to_do("file", f"{path} can't be made: {folder} can't be written. {_permit(folder)}")
    return PART.ok("file", f"{path} will be made at the first run")


def _file(path: Path) -> Iterator[Finding]:
    locked = [each for each in (path, path.parent) if not os.access(each, os.W_OK, effective_ids=True)]
    if locked:
        yield PART.to_do("file", f"{path} can't be written: {locked[0]} is read-only for you. {_permit(locked[0])}")
    try:
        seen = inspect(path)
    except (OSError, sqlite3.Error) as error:
        yield PART.to_do("file", unusable(path, error).words)
        return
    if not locked:
        running = "; a `readalong run` is using it" if is_running(path) else ""
        yield PART.ok("file", f"{path}, {_size(path.stat().st_size)}, can be written{running}")
    yield _mode(path)
    yield from _inspected(path, seen)


def _permit(place: Path) -> str:
    return f"Give yourself the right to write {place}, or set [archive] path to another file."


def _mode(path: Path) -> Finding:
    mode = path.stat().st_mode & 0o777
    if mode & OTHERS:
        return PART.to_do("mode", f"others on this machine can read it (mode {mode:04o}). Run: chmod 600 {path}")
    return PART.ok("mode", f"{mode:04o}, nobody else on this machine can read it")


def _inspected(path: Path, seen: Inspection) -> Iterator[Finding]:
    refused = [name for name, held in seen.settings.items() if not held]
    if refused:
        yield PART.to_do("settings", f"SQLite did not take: {', '.join(refused)}. Put the file on a local disk.")
    else:
        yield PART.ok("settings", ", ".join(seen.settings) or "the next start of the bot makes them")
    if seen.newer:
        yield PART.to_do("tables", newer(path).words)
    else:
        brought = f"the next start of the bot makes {seen.pending} changes" if seen.pending else "up to date"
        yield PART.ok("tables", brought)
    if seen.faults:
        yield PART.to_do(
            "quick check",
            f"the file is damaged ({seen.faults[0]}). Stop the bot and put a backup of it in place.",
        )
    else:
        yield PART.ok("quick check", "no damage found")


def _free(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        return PART.to_do("disk", f"only {_size(free)} free at {folder}. Make room, or set [archive] path elsewhere.")
    return PART.ok("disk", f"{_size(free)} free")


def _sqlite(version: tuple[int, ...]) -> Finding:
    shown = ".".join(map(str, version))
    if version < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        return PART.to_do("SQLite", f"{shown} is too old. Use a Python with SQLite {wanted} or newer.")
    return PART.ok("SQLite", shown)


def _nearest_folder(path: Path) -> Path:
    return next((each for each in path.absolute().parents if each.exists()), Path("/"))


def _size(count: int) -> str:
    for unit, of in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= of:
            return f"{count / of:.1f} {unit}"
    return f"{count} bytes"
