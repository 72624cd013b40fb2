"""The files of an export: one file, a folder or a zip, opened so that nothing in it can do harm.

Nothing is ever unpacked to the disk. What would be without bounds, or points outside, is refused as a whole.
"""

import contextlib
import gzip
import hashlib
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, cast

from bot.errors import BotError
from bot.words import literal

MOST_FILES = 500_000
MOST_BYTES = 64 << 30  # of everything together, unpacked
FREE_BYTES = 256 << 20  # so much may come out of however little
LARGEST_RATIO = 200  # text seldom packs to less than a twentieth
LARGEST_WHOLE = 256 << 20  # of a file that is read at once
CHUNK = 1 << 20
SQLITE = b"SQLite format 3\x00"
GZIP = b"\x1f\x8b"

Advance = Callable[[int], None]  # so many bytes more were read


class Unreadable(BotError):
    """A file that can't be imported, and why."""


class Source:
    """What the operator named. `names` are the files in it, by their paths with slashes; a lone file has its own."""

    def __init__(self, path: Path, advance: Advance = lambda _: None) -> None:
        self.path = path
        self.advance = advance
        self._zip: zipfile.ZipFile | None = None
        self.damaged: set[str] = set()
        self.names: dict[str, int] = {}

    @property
    def name(self) -> str:
        """What it is called."""
        return self.path.name

    @cached_property
    def head(self) -> bytes:
        """How a lone file begins; empty for a folder or a zip."""
        if self._zip or self.path.is_dir():
            return b""
        with self.path.open("rb") as file:
            return file.read(1 << 16)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a database of SQLite."""
        return self.head.startswith(SQLITE)

    @property
    def size(self) -> int:
        """How many bytes there are to read, unpacked where that is known."""
        return sum(self.names.values())

    @contextlib.contextmanager
    def opened(self) -> Iterator["Source"]:
        """Look at what is there. Raises Unreadable."""
        try:
            mode = self.path.stat().st_mode
            if stat.S_ISDIR(mode):
                self.names = dict(_in_folder(self.path))
            elif not stat.S_ISREG(mode):
                raise Unreadable(f"{literal(self.name)} is neither a file nor a folder.")
            elif zipfile.is_zipfile(self.path):
                self._zip = zipfile.ZipFile(self.path)
                self.names = dict(_in_zip(self.name, self._zip, self.path.stat().st_size))
            else:
                self.names = {self.name: self.path.stat().st_size}
            yield self
        except OSError as error:
            raise Unreadable(f"{literal(str(self.path))} can't be read ({error.strerror or error}).") from error
        except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError) as error:
            raise Unreadable(f"{literal(self.name)} is a damaged zip. Download it again.") from error
        finally:
            if self._zip:
                self._zip.close()

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """One of its files, read from its beginning; a gzip is unpacked. What it reads advances the progress.

        Where what was packed is damaged it ends, and `damaged` names it.
        """
        with contextlib.ExitStack() as opened:
            file: IO[bytes]
            most = MOST_BYTES
            if self._zip:
                file = opened.enter_context(self._zip.open(name))
            else:
                path = self.path / name if self.path.is_dir() else self.path
                file = opened.enter_context(path.open("rb"))
                is_packed = file.read(2) == GZIP
                file.seek(0)
                if is_packed:
                    most = FREE_BYTES + LARGEST_RATIO * path.stat().st_size
                    file = cast("IO[bytes]", opened.enter_context(gzip.open(file)))
            yield cast("IO[bytes]", _Watched(file, self.advance, most, lambda: self.damaged.add(name)))

    def whole(self, name: str) -> bytes:
        """All of one of its files. Raises Unreadable where that is absurdly large, and what `open` raises."""
        with self.open(name) as file:
            found = file.read(LARGEST_WHOLE + 1)
        if len(found) > LARGEST_WHOLE:
            raise Unreadable(f"{literal(name)} is larger than {LARGEST_WHOLE >> 20} MB. Nothing was imported of it.")
        return found

    def fingerprint(self) -> str:
        """The sha256 of what is there: the same export has the same, wherever it lies."""
        if not self.path.is_dir():
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        all_of_it = hashlib.sha256()
        for name in sorted(self.names):
            with (self.path / name).open("rb") as file:
                all_of_it.update(
                    f"{name}\x00{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode(errors="replace")
                )
        return all_of_it.hexdigest()


class _Watched:
    """A file whose reading is told, and that ends with an error where more comes out than can be meant."""

    def __init__(self, file: IO[bytes], advance: Advance, most: int, damaged: Callable[[], None]) -> None:
        self._file, self._advance, self._left, self._damaged = file, advance, most, damaged

    def read(self, size: int = -1) -> bytes:
        """The next bytes, so many unless it ends. Raises Unreadable where it never ends."""
        found = bytearray()
        while size < 0 or len(found) < size:
            piece = self._piece(CHUNK if size < 0 else min(size - len(found), CHUNK))
            if not piece:
                break
            found += piece
        return bytes(found)

    def readline(self, size: int) -> bytes:
        """The next line, of so many bytes at most."""
        return self._counted(self._file.readline, size)

    def _piece(self, size: int) -> bytes:
        read = getattr(self._file, "read1", self._file.read)  # what was unpacked before a damage is not lost so
        return self._counted(read, size)

    def _counted(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            found = read(size)
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError):
            self._damaged()
            return b""
        self._advance(len(found))
        self._left -= len(found)
        if self._left < 0:
            raise Unreadable("A file in it unpacks to far more than it holds. Nothing more of it was read.")
        return found


def _in_folder(folder: Path) -> Iterator[tuple[str, int]]:
    waiting, found, size = [folder], 0, 0
    while waiting:
        with os.scandir(waiting.pop()) as there:
            entries = list(there)
        for entry in entries:
            name = Path(entry.path).relative_to(folder).as_posix()
            if entry.is_symlink():
                raise Unreadable(f"{literal(name)} in it is a link to somewhere else. Put the file itself there.")
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                found, size = found + 1, size + entry.stat().st_size
                _check_bounds(folder.name, found, size)
                yield name, entry.stat().st_size


def _in_zip(name: str, archive: zipfile.ZipFile, packed: int) -> Iterator[tuple[str, int]]:
    size = 0
    for count, one in enumerate(archive.infolist(), 1):
        if one.is_dir():
            continue
        inside = PurePosixPath(one.filename)
        if inside.is_absolute() or ".." in inside.parts or "\\" in one.filename or ":" in inside.parts[0]:
            raise Unreadable(
                f"{literal(one.filename)} in {literal(name)} points outside of it. It is not what it seems."
            )
        if stat.S_ISLNK(one.external_attr >> 16):
            raise Unreadable(f"{literal(one.filename)} in {literal(name)} is a link. Put the file itself there.")
        if one.flag_bits & 1:
            raise Unreadable(f"{literal(name)} is locked with a password. Unpack it, and import the folder.")
        size += one.file_size
        _check_bounds(name, count, size)
        if size > FREE_BYTES + LARGEST_RATIO * packed:
            raise Unreadable(f"{literal(name)} would unpack to {size >> 20:,} MB, far more than it can hold.")
        yield one.filename, one.file_size


def _check_bounds(name: str, files: int, size: int) -> None:
    if files > MOST_FILES:
        raise Unreadable(f"{literal(name)} holds more than {MOST_FILES:,} files. No export does.")
    if size > MOST_BYTES:
        raise Unreadable(f"{literal(name)} holds more than {MOST_BYTES >> 30} GB. No export does.")
