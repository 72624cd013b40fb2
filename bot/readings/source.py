"""The text itself: where each passage stands in it, whichever copy a group holds.

A passage is found by its fingerprint, made of letters and digits alone; a copy with other spaces, quotes or line breaks
has the same ones. Nothing here changes a text: offsets are into the text as held.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from bot.errors import Mistake, Mistakes
from bot.readings.model import Source
from bot.toml_file import decoded, read_bytes
from bot.values import value

DIGITS = 16  # of a fingerprint
LONGEST_WRAP = 60  # lines of one hard-wrapped paragraph where no blank line tells its end

Span = tuple[int, int]

_NO_LETTER = re.compile(r"[\W_]+")


@value
class Paragraph:
    """A stretch of a text, without the space around it. `line` is the one it begins on, from 1."""

    start: int
    end: int
    line: int


def fingerprint(text: str) -> str:
    """Sixteen hexadecimal digits that every copy of the same words has."""
    return sha256(_letters(text)).hexdigest()[:DIGITS]


def paragraphs(text: str) -> list[Paragraph]:
    """Every line with words, and every run of such lines as in a hard-wrapped copy, by where they begin."""
    found: list[Paragraph] = []
    for run in _runs(text):
        whole = [Paragraph(run[0].start, run[-1].end, run[0].line)] if len(run) > 1 else []
        found.extend((run[0], *whole, *run[1:]))
    return found


def locate(text: str, fingerprints: Mapping[str, str]) -> dict[str, Span]:
    """Where each passage stands in this copy: (start, end) by key, without those that are not in it.

    Where a passage is there more than once, the first counts.
    """
    found = _matches(((p.start, p.end, fingerprint(text[p.start : p.end])) for p in paragraphs(text)), fingerprints)
    missing = {key: wanted for key, wanted in fingerprints.items() if key not in found}
    if missing:
        found |= _matches(_wrapped(text), missing)
    return {key: found[key] for key in fingerprints if key in found}


def load_source(file: Path, fingerprints: Mapping[str, str]) -> Source:
    """A source.txt with the passages that are in it. Raises Mistakes where the file can't be used at all."""
    data = read_bytes(file)
    text = decoded(file, data)
    if not text.strip():
        raise Mistakes([Mistake(file, 1, "this file is empty")])
    return Source(text, sha256(data).hexdigest(), locate(text, fingerprints))


def _letters(text: str) -> bytes:
    return _NO_LETTER.sub("", normalize("NFKC", text).casefold()).encode()


def _matches(stretches: Iterable[tuple[int, int, str]], fingerprints: Mapping[str, str]) -> dict[str, Span]:
    spans: dict[str, Span] = {}
    wanted = set(fingerprints.values())
    for start, end, made in stretches:
        if made in wanted:
            spans.setdefault(made, (start, end))
    return {key: spans[made] for key, made in fingerprints.items() if made in spans}


def _wrapped(text: str) -> Iterator[tuple[int, int, str]]:
    """Every stretch of up to sixty lines: for copies that wrap lines, and part paragraphs by an indent or mid-page."""
    lines = [line for run in _runs(text) for line in run]
    letters = [_letters(text[line.start : line.end]) for line in lines]
    for first, line in enumerate(lines):
        made = sha256()
        for last in range(first, min(first + LONGEST_WRAP, len(lines))):
            made.update(letters[last])
            yield line.start, lines[last].end, made.hexdigest()[:DIGITS]


def _runs(text: str) -> Iterator[list[Paragraph]]:
    run: list[Paragraph] = []
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if words := line.strip():
            start = at + line.index(words)
            run.append(Paragraph(start, start + len(words), number))
        elif run:
            yield run
            run = []
        at += len(line)
    if run:
        yield run
