"""The tables of a reading's TOML files, with the rules that hold inside one file.

What a rule needs to know of the other files comes in as `Known`, the context of `read_toml`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from unicodedata import category

from bot.nearest import nearest_name
from bot.tables import Rule, Table, not_empty, stripped
from bot.values import named_value, value

MOST_QUOTATIONS = 10
MOST_WORDS = 20  # of one quotation; both limits keep quoting brief, see docs/readings.md
LARGEST_PICTURE = 5_000_000  # bytes
UNDATED = "undated"  # instead of a source's date, where it has none
QUOTED = "background has no quotation marks; say it in our own words"
PNG = b"\x89PNG\r\n\x1a\n"

_QUOTATION_MARKS = re.compile(r"[\"“”„‟«»‹›「」『』＂]|(?<!\w)‘[^‘]*’(?!\w)|(?<!\w)'\w[^']*'(?!\w)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


@value
class Known:
    """What is known of a reading while one of its files is checked. `quoted` collects the passages quoted so far."""

    folder: Path
    passages: tuple[str, ...] = ()
    quoted: list[str] = field(default_factory=list)


def unknown_passage(key: str, passages: tuple[str, ...]) -> str:
    """What is wrong with this passage's key, in words; empty where nothing is, or where no passage could be read."""
    if key in passages or not passages:
        return ""
    nearest = nearest_name(key, passages)
    return f"there is no passage `{key}`" + (f"; did you mean `{nearest}`?" if nearest else "")


def first_day(text: str) -> date:
    """The first day of a day, month or year in ISO 8601. Raises ValueError."""
    found = _DATE.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else date.fromisoformat("")
    except ValueError:
        raise ValueError(f"{text!r} is no date; write 2016-05-28, 2016-05, 2016, or two with a slash between") from None


def _is_date(text: str, _: Known) -> str:
    start, *ends = (first_day(part) for part in text.split("/", 1))
    if ends and ends[0] <= start:
        raise ValueError(f"{text!r} ends before it begins")
    return text


def _is_source_date(text: str, known: Known) -> str:
    return text if text == UNDATED else _is_date(text, known)


def _is_unquoted(text: str, _: Known) -> str:
    if _QUOTATION_MARKS.search(text):
        raise ValueError(QUOTED)
    return text


def _is_known(key: str, known: Known) -> str:
    words = unknown_passage(key, known.passages)
    if words:
        raise ValueError(words)
    return key


def _matches(pattern: str, words: str) -> Rule:
    def check(text: str, _: Known) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(words)
        return text

    return check


def _is_brief(words: str, _: Known) -> str:
    if (count := len(words.split())) > MOST_WORDS:
        raise ValueError(f"a quotation has {MOST_WORDS} words at most; this one has {count}")
    return words


def _is_quoted_once(passage: str, known: Known) -> str:
    known.quoted.append(passage)
    if passage in known.quoted[:-1]:
        raise ValueError(f"`{passage}` is quoted already; each quotation is from another passage")
    if len(known.quoted) > MOST_QUOTATIONS:
        raise ValueError(f"a reading has {MOST_QUOTATIONS} quotations at most; leave this one out")
    return passage


def _is_readable(text: str, _: Known) -> str:
    if _CONTROL.search(text):
        raise ValueError("there is a control character in this; leave it out")
    if all(category(char)[0] in "ZCM" for char in text):
        raise ValueError("there is nothing to read in this")
    return text


def _has_all(fingerprints: dict[str, str], known: Known) -> dict[str, str]:
    missing = [key for key in known.passages if key not in fingerprints]
    if missing:
        raise ValueError(f"no fingerprint for {', '.join(f'`{key}`' for key in missing)}")
    return fingerprints


def _is_a_picture(name: str, known: Known) -> str:
    if not re.fullmatch(r"[\w-][\w.-]*\.png", name):
        raise ValueError(f"{name!r} is not the name of a .png file beside this one; only PNG pictures are shown")
    file = known.folder / name
    if not file.is_file():
        raise ValueError(f"there is no picture {name!r} beside this file")
    if file.stat().st_size > LARGEST_PICTURE:
        raise ValueError(f"{name!r} is larger than 5 MB")
    with file.open("rb") as picture:
        if picture.read(len(PNG)) != PNG:
            raise ValueError(f"{name!r} is not a PNG picture, whatever its name")
    return name


Line = Annotated[str, stripped, not_empty, _is_readable]
Date = Annotated[Line, _is_date]
SourceDate = Annotated[Line, _is_source_date]
Unquoted = Annotated[Line, _is_unquoted]
PassageKey = Annotated[Line, _is_known]
Sha256 = Annotated[str, _matches("[0-9a-f]{64}", "a sha256 has 64 digits from 0 to 9 and a to f")]
Fingerprint = Annotated[str, _matches("[0-9a-f]{16}", "a fingerprint has 16 digits from 0 to 9 and a to f")]


@named_value
class BackgroundTable(Table):
    """Something known from elsewhere. `date` is the source's."""

    text: Unquoted
    source: Line
    date: SourceDate


@named_value
class SourceTable(Table):
    """The copy of the text that the reading was written from, and what finds each passage in any copy."""

    sha256: Sha256
    passages: Annotated[dict[PassageKey, Fingerprint], _has_all]


@named_value
class ReadingFile(Table):
    """`reading.toml`."""

    title: Line
    short_title: Line
    author: Line
    publisher: Line
    date: Date
    language: Line
    rights: Line
    date_note: str = ""
    aliases: dict[Line, tuple[Line, ...]] = field(default_factory=dict)
    background: tuple[BackgroundTable, ...] = ()
    source: SourceTable | None = None


@named_value
class QuoteTable(Table):
    """One quotation."""

    words: Annotated[Line, _is_brief]
    passage: Annotated[PassageKey, _is_quoted_once]
    speaker: str = ""


@named_value
class QuotesFile(Table):
    """`quotes.toml`."""

    quote: tuple[QuoteTable, ...] = ()


@named_value
class EventTable(Table):
    """One event: told by a passage of the reading, or known from a source elsewhere."""

    text: Line
    passage: PassageKey | None = None
    source: Line | None = None
    source_date: SourceDate | None = None
    date: Date | None = None
    stated: Line | None = None

    @classmethod
    def check(cls, values: Mapping[str, Any], _: Known, /) -> Iterator[tuple[str, str]]:
        """An event has one voice, and all that this voice needs."""
        passage, source, stated = (values.get(name) for name in ("passage", "source", "stated"))
        undated = "date" in values and not values["date"]
        if {"passage", "source"} <= values.keys() and bool(source) == bool(passage):
            yield "source", "an event has either a `passage` that tells it or a `source` from elsewhere"
            return
        if {"source", "source_date"} <= values.keys() and bool(values["source_date"]) != bool(source):
            yield "source_date", "a `source` needs its `source_date`, and only a source has one"
        if source and undated:
            yield "date", "an event known from elsewhere needs its date"
        if passage and undated and "stated" in values and not stated:
            yield "stated", "an event of the reading needs a `date`, or the text's own words for the time"
        if source and stated:
            yield "stated", "`stated` is the text's own wording; an event known from elsewhere has none"
        if source and _QUOTATION_MARKS.search(values.get("text", "")):
            yield "text", QUOTED


@named_value
class TimelineFile(Table):
    """`timeline.toml`."""

    event: tuple[EventTable, ...] = ()


@named_value
class PictureTable(Table):
    """A topic's picture. Pictures are background."""

    file: Annotated[Line, _is_a_picture]
    alt: Unquoted
    source: Line
    date: SourceDate


@named_value
class FrontMatter(Table):
    """What stands between the `+++` lines of a topic's file."""

    title: Line
    aliases: tuple[Line, ...] = ()
    native: bool = False
    picture: PictureTable | None = None
    background: tuple[BackgroundTable, ...] = ()
