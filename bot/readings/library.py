"""All readings of a content folder, and how a group's own copy of a text gets into one of them."""

import os
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from bot.errors import BotError, Mistake, Mistakes
from bot.readings.load import ABOUT, SOURCE, anchored, read_pack
from bot.readings.model import Reading, Source
from bot.readings.source import locate
from bot.toml_file import read_bytes
from bot.values import value

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")  # a text has tabs and line and page breaks, at most
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
NO_TEXT = "“{name}” is not a plain text. Save the article as a text file (.txt, UTF-8) and attach that."


@value
class Library:
    """The readings by slug, and what is wrong by slug.

    A reading whose own files have a mistake is left out. One whose attached copy of the text lacks something stays, and
    has its mistakes here too.
    """

    readings: Mapping[str, Reading]
    mistakes: Mapping[str, tuple[Mistake, ...]]

    @classmethod
    def load(cls, folder: Path) -> "Library":
        """Each folder in this one that has a reading.toml and is not hidden. Raises Mistakes if it can't be listed."""
        try:
            folders = sorted(
                each for each in folder.iterdir() if not each.name.startswith(".") and (each / ABOUT).exists()
            )
        except OSError as error:
            raise Mistakes([Mistake(folder, 1, f"this folder of readings can't be read: {error.strerror}")]) from None
        packs = {each.name: read_pack(each) for each in folders}
        return cls(
            {slug: pack.reading for slug, pack in packs.items() if pack.reading},
            {slug: pack.mistakes for slug, pack in packs.items() if pack.mistakes},
        )

    def get(self, slug: str) -> Reading | None:
        """The reading with exactly this slug."""
        return self.readings.get(slug)

    def find(self, name: str) -> Reading | None:
        """The reading of this slug, short title or title; capitals, hyphens and spaces may differ."""
        wanted = _plain(name)
        for field in ("slug", "short_title", "title"):
            for reading in self.readings.values():
                if wanted and _plain(getattr(reading, field)) == wanted:
                    return reading
        return None


@value
class AttachReport:
    """What a copy has of a reading. `lacking` names what it has not: `¶3`, `the quotation of ¶7`."""

    file: Path
    same_copy: bool
    passages_found: int
    passages: int
    quotations_found: int
    quotations: int
    lacking: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """One or two sentences for whoever attached it."""
        copy = "The same copy, byte for byte" if self.same_copy else "Another copy of the text"
        passages = f"{self.passages_found} of {self.passages} passages"
        quotations = f"{self.quotations_found} of {self.quotations} quotations"
        missing = f" It lacks {', '.join(self.lacking)}." if self.lacking else ""
        return f"{copy}: {passages}, {quotations}.{missing}"


def attach(reading_folder: Path, file: Path, *, anyway: bool = False) -> AttachReport:
    """Put a group's own copy of the text in place as source.txt, whole or not at all, readable by its owner alone.

    UTF-8 stays as it is, byte for byte; UTF-16 with a byte order mark and Windows-1252 become UTF-8. Raises BotError
    where the file is no text, or lacks a passage or a quotation and is not wanted anyway; an earlier source.txt then
    stays. Raises Mistakes where the reading's own files are wrong.
    """
    pack = read_pack(reading_folder, with_text=False)
    if pack.reading is None:
        raise Mistakes(list(pack.mistakes))
    if pack.source is None:
        raise BotError(
            f"{reading_folder.name} has no `[source]` in its {ABOUT}, so nothing finds its passages in a text."
        )
    data = _as_utf8(file)
    digest = sha256(data).hexdigest()
    text = data.decode("utf-8-sig")
    source = Source(text, digest, locate(text, pack.source.passages))
    report = _report(pack.reading, source, reading_folder / SOURCE, same_copy=digest == pack.source.sha256)
    if not report.passages_found:
        words = f"“{file.name}” has no passage of {pack.reading.title}. Nothing was changed. Is it the right file?"
        raise BotError(words)
    if report.lacking and not anyway:
        raise BotError(
            f"“{file.name}” lacks {', '.join(report.lacking)} of {pack.reading.title}. Nothing was changed. "
            "Attach a complete copy, or this one with --anyway."
        )
    _replace(report.file, data)
    return report


def _report(reading: Reading, source: Source, file: Path, *, same_copy: bool) -> AttachReport:
    labels = {passage.key: passage.label for passage in reading.passages}
    quotations = anchored(reading.quotations, source)
    lost = [quotation.passage for quotation in quotations if quotation.span is None]
    missing = [key for key in labels if key not in source.spans]
    orphans = [f"the quotation of {labels[key]}" for key in lost if key in source.spans]
    return AttachReport(
        file=file,
        same_copy=same_copy,
        passages_found=len(labels) - len(missing),
        passages=len(labels),
        quotations_found=len(quotations) - len(lost),
        quotations=len(quotations),
        lacking=(*(labels[key] for key in missing), *orphans),
    )


def _as_utf8(file: Path) -> bytes:
    """The file's text as UTF-8. Raises BotError where it has none."""
    try:
        data = read_bytes(file)
    except Mistakes as mistakes:
        raise BotError(f"“{file.name}” can't be attached: {mistakes.found[0].words}.") from None
    text = _decoded(data)
    if text is None or _CONTROL.search(text) or data.startswith((b"%PDF", b"{\\rtf")):
        raise BotError(NO_TEXT.format(name=file.name))
    if not text.strip("\ufeff \t\r\n"):
        raise BotError(f"“{file.name}” is empty.")
    return data if _is_utf8(data) else text.encode()


def _decoded(data: bytes) -> str | None:
    # Windows-1252 has a letter for nearly every byte, so it comes last.
    for encoding in ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _replace(file: Path, data: bytes) -> None:
    """Write the file whole, or leave it as it was. Only its owner may read it. Raises BotError."""
    made: Path | None = None
    try:
        handle, name = mkstemp(dir=file.parent, prefix=".source-")  # made with mode 0600
        made = Path(name)
        with os.fdopen(handle, "wb") as copy:
            copy.write(data)
            copy.flush()
            os.fsync(copy.fileno())
        made.replace(file)
    except OSError as error:
        if made:
            made.unlink(missing_ok=True)
        raise BotError(f"{file} can't be written: {error.strerror}.") from error


def _plain(name: str) -> str:
    return " ".join(re.split(r"[\s_-]+", name.casefold().strip()))
