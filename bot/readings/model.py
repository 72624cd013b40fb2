"""A reading as the bot holds it: passages, quotations, events, topics, questions, and the source text if it is there.

Plain frozen values, made by `load` and only read afterwards. Docs: `docs/readings.md`.
"""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from bot.values import value
from bot.words import Words, keep_printable


@value
class Passage:
    """One passage, or the caption of a picture beside it, in our own words."""

    key: str
    number: int
    title: str
    words: Words
    role: str = ""
    section: str = ""
    sources: str = ""
    caption: bool = False

    @property
    def label(self) -> str:
        """What is shown beside anything from here: `¶5`, or `¶5 caption`."""
        return f"¶{self.number} caption" if self.caption else f"¶{self.number}"


@value
class Background:
    """Something known from elsewhere. `date` is the source's, as a writer would give it."""

    words: Words
    source: str
    date: str


@value
class Point:
    """One thing the reading says, in our own words, with the keys of the passages that say it."""

    words: Words
    passages: tuple[str, ...]


@value
class Quotation:
    """Words of the reading itself, as printed. `span` is where they stand in the source text, if it is there."""

    text: str
    passage: str
    speaker: str = ""
    span: tuple[int, int] | None = None


@value
class Event:
    """Something that happened. Either `passages` says where the reading tells it, or `background` where it is from.

    `date` is ISO 8601 (a day, a month, a year, or an interval with a slash), empty where none is known; `stated` is
    the reading's own wording of the time.
    """

    words: Words
    date: str = ""
    stated: str = ""
    passage: str = ""
    source: str = ""
    source_date: str = ""


@value
class Picture:
    """A picture file with its words. Pictures are background."""

    file: Path
    alt: str
    source: str
    date: str

    def __post_init__(self) -> None:
        keep_printable(self, "alt", "source", "date")

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.name

    @property
    def caption(self) -> str:
        """Where it is from."""
        return f"{self.source}, {self.date}"

    def read(self) -> bytes:
        """What is in the file. Raises OSError."""
        return self.file.read_bytes()


@value
class Topic:
    """One subject of a reading: what the reading says on it, and what is known from elsewhere."""

    name: str
    title: str
    points: tuple[Point, ...]
    aliases: tuple[str, ...] = ()
    native: bool = False
    background: tuple[Background, ...] = ()
    picture: Picture | None = None

    @property
    def passages(self) -> tuple[str, ...]:
        """The keys of the passages it draws on, in the order of their first mention."""
        return tuple(dict.fromkeys(key for point in self.points for key in point.passages))


@value
class Source:
    """The text itself, word for word, with where each passage stands in it.

    `spans` gives (start, end) offsets into `text` by passage key; what lies outside them is never quoted.
    """

    text: str
    sha256: str
    spans: Mapping[str, tuple[int, int]]


@value
class Reading:
    """One folder of `content/`, loaded and checked. `slug` is the folder's name."""

    slug: str
    title: str
    short_title: str
    author: str
    publisher: str
    date: str
    language: str
    rights: str
    passages: tuple[Passage, ...]
    short_summary: tuple[Point, ...]
    long_summary: tuple[Point, ...]
    quotations: tuple[Quotation, ...]
    events: tuple[Event, ...]
    topics: Mapping[str, Topic]
    questions: tuple[Point, ...]
    date_note: str = ""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    background: tuple[Background, ...] = ()
    source: Source | None = None
    _by_key: Mapping[str, Passage] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {passage.key: passage for passage in self.passages})

    def passage(self, key: str) -> Passage:
        """The passage with this key. Keys inside a loaded reading always exist."""
        return self._by_key[key]

    def numbered(self, number: int) -> tuple[Passage, ...]:
        """The passage shown under this number, then its captions; empty when there is none."""
        return tuple(passage for passage in self.passages if passage.number == number)
