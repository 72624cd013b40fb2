"""The tables of a reading's TOML files, with the rules that hold inside one file.

What a rule needs to know of the other files comes in as `Known`, the validation context of `read_toml`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from bot.nearest import nearest_name

MOST_QUOTATIONS = 10
MOST_WORDS = 20  # of one quotation; both limits keep quoting brief, see docs/readings.md
LARGEST_PICTURE = 5_000_000  # bytes
UNDATED = "undated"  # instead of a source's date, where it has none
PNG = b"\x89PNG\r\n\x1a\n"

_QUOTATION_MARKS = re.compile(r"[\"“”„‟«»‹›「」『』＂]|(?<!\w)‘[^‘]*’(?!\w)|(?<!\w)'\w[^']*'(?!\w)")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
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


def _is_date(text: str) -> str:
    start, *ends = (first_day(part) for part in text.split("/", 1))
    if ends and ends[0] <= start:
        raise ValueError(f"{text!r} ends before it begins")
    return text


def _is_source_date(text: str) -> str:
    return text if text == UNDATED else _is_date(text)


def _is_unquoted(text: str) -> str:
    if _QUOTATION_MARKS.search(text):
        raise ValueError("background has no quotation marks; say it in our own words")
    return text


def _is_known(key: str, info: ValidationInfo) -> str:
    words = unknown_passage(key, _known(info).passages)
    if words:
        raise ValueError(words)
    return key


def _matches(pattern: str, words: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(words)
        return text

    return check


def _known(info: ValidationInfo) -> Known:
    return info.context if isinstance(info.context, Known) else Known(Path())


def _is_readable(text: str) -> str:
    if any(category(char) == "Cc" and char not in "\t\r\n" for char in text):
        raise ValueError("there is a control character in this; leave it out")
    if all(category(char)[0] in "ZCM" for char in text):
        raise ValueError("there is nothing to read in this")
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_is_readable)]
Date = Annotated[Line, AfterValidator(_is_date)]
SourceDate = Annotated[Line, AfterValidator(_is_source_date)]
Unquoted = Annotated[Line, AfterValidator(_is_unquoted)]
PassageKey = Annotated[Line, AfterValidator(_is_known)]
Sha256 = Annotated[str, AfterValidator(_matches("[0-9a-f]{64}", "a sha256 has 64 digits from 0 to 9 and a to f"))]
Fingerprint = Annotated[
    str, AfterValidator(_matches("[0-9a-f]{16}", "a fingerprint has 16 digits from 0 to 9 and a to f"))
]


class Table(BaseModel):
    """A table of a reading's file. Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class BackgroundTable(Table):
    """Something known from elsewhere. `date` is the source's."""

    text: Unquoted
    source: Line
    date: SourceDate


class SourceTable(Table):
    """The copy of the text that the reading was written from, and what finds each passage in any copy."""

    sha256: Sha256
    passages: dict[PassageKey, Fingerprint]

    @field_validator("passages")
    @classmethod
    def _is_complete(cls, fingerprints: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        missing = [key for key in _known(info).passages if key not in fingerprints]
        if missing:
            raise ValueError(f"no fingerprint for {', '.join(f'`{key}`' for key in missing)}")
        return fingerprints


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
    aliases: dict[Line, tuple[Line, ...]] = {}
    background: tuple[BackgroundTable, ...] = ()
    source: SourceTable | None = None


class QuoteTable(Table):
    """One quotation."""

    words: Line
    passage: PassageKey
    speaker: str = ""

    @field_validator("words")
    @classmethod
    def _is_brief(cls, words: str) -> str:
        if (count := len(words.split())) > MOST_WORDS:
            raise ValueError(f"a quotation has {MOST_WORDS} words at most; this one has {count}")
        return words

    @field_validator("passage")
    @classmethod
    def _is_quoted_once(cls, passage: str, info: ValidationInfo) -> str:
        quoted = _known(info).quoted
        quoted.append(passage)
        if passage in quoted[:-1]:
            raise ValueError(f"`{passage}` is quoted already; each quotation is from another passage")
        if len(quoted) > MOST_QUOTATIONS:
            raise ValueError(f"a reading has {MOST_QUOTATIONS} quotations at most; leave this one out")
        return passage


class QuotesFile(Table):
    """`quotes.toml`."""

    quote: tuple[QuoteTable, ...] = ()


class EventTable(Table):
    """One event. The order of the fields matters: a validator sees only those above its own."""

    passage: PassageKey | None = None
    source: Line | None = Field(None, validate_default=True)
    source_date: SourceDate | None = Field(None, validate_default=True)
    date: Date | None = Field(None, validate_default=True)
    stated: Line | None = Field(None, validate_default=True)
    text: Line

    @field_validator("source")
    @classmethod
    def _is_of_one_voice(cls, source: str | None, info: ValidationInfo) -> str | None:
        if "passage" in info.data and bool(source) == bool(info.data["passage"]):
            raise ValueError("an event has either a `passage` that tells it or a `source` from elsewhere")
        return source

    @field_validator("source_date")
    @classmethod
    def _dates_a_source(cls, source_date: str | None, info: ValidationInfo) -> str | None:
        if "source" in info.data and bool(source_date) != bool(info.data["source"]):
            raise ValueError("a `source` needs its `source_date`, and only a source has one")
        return source_date

    @field_validator("date")
    @classmethod
    def _dates_what_is_from_elsewhere(cls, day: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("source") and not day:
            raise ValueError("an event known from elsewhere needs its date")
        return day

    @field_validator("stated")
    @classmethod
    def _says_when(cls, stated: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("passage") and not stated and "date" in info.data and not info.data["date"]:
            raise ValueError("an event of the reading needs a `date`, or the text's own words for the time")
        if info.data.get("source") and stated:
            raise ValueError("`stated` is the text's own wording; an event known from elsewhere has none")
        return stated

    @field_validator("text")
    @classmethod
    def _is_background_unquoted(cls, text: str, info: ValidationInfo) -> str:
        return _is_unquoted(text) if info.data.get("source") else text


class TimelineFile(Table):
    """`timeline.toml`."""

    event: tuple[EventTable, ...] = ()


class PictureTable(Table):
    """A topic's picture. Pictures are background."""

    file: Line
    alt: Unquoted
    source: Line
    date: SourceDate

    @field_validator("file")
    @classmethod
    def _is_a_picture(cls, name: str, info: ValidationInfo) -> str:
        folder = _known(info).folder
        if not re.fullmatch(r"[\w-][\w.-]*\.png", name):
            raise ValueError(f"{name!r} is not the name of a .png file beside this one; only PNG pictures are shown")
        if not (folder / name).is_file():
            raise ValueError(f"there is no picture {name!r} beside this file")
        if (folder / name).stat().st_size > LARGEST_PICTURE:
            raise ValueError(f"{name!r} is larger than 5 MB")
        with (folder / name).open("rb") as picture:
            if picture.read(len(PNG)) != PNG:
                raise ValueError(f"{name!r} is not a PNG picture, whatever its name")
        return name


class FrontMatter(Table):
    """What stands between the `+++` lines of a topic's file."""

    title: Line
    aliases: tuple[Line, ...] = ()
    native: bool = False
    picture: PictureTable | None = None
    background: tuple[BackgroundTable, ...] = ()
