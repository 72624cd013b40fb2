"""What a command answers: a flat value with no platform in it.

Every part has a voice, and the voice comes from the part's type, never from its words. Background never stands above
what the reading says. Nothing in it holds a control character.
"""

from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from bot.readings.model import Picture
from bot.values import value
from bot.words import Words, keep_printable

MOST_BUTTONS = 8
MOST_FILES = 9  # Discord takes ten, of which a picture is one
LONGEST_LABEL = 75  # Slack's limit for a button's text; Discord allows 80


class Voice(StrEnum):
    """Who speaks. `BOT` is ourselves: connecting sentences, refusals, help."""

    READING = "reading"
    BACKGROUND = "background"
    MEMBER = "member"
    BOT = "bot"


@value
class FromReading:
    """What the reading says. `labels` are its passages' (`¶4`); words that are `quoted` are the reading's own."""

    words: Words
    labels: tuple[str, ...]
    heading: str = ""

    def __post_init__(self) -> None:
        keep_printable(self, "heading")

    @property
    def voice(self) -> Voice:
        """Always the reading."""
        return Voice.READING


@value
class FromBackground:
    """What is known from elsewhere, with its source and the source's date."""

    words: Words
    source: str
    date: str
    heading: str = ""

    def __post_init__(self) -> None:
        keep_printable(self, "source", "date", "heading")

    @property
    def voice(self) -> Voice:
        """Always background."""
        return Voice.BACKGROUND


@value
class FromMember:
    """What somebody in the group said: who, when (aware of its zone), and the link to the message."""

    words: Words
    name: str
    when: datetime
    link: str
    heading: str = ""

    def __post_init__(self) -> None:
        keep_printable(self, "name", "link", "heading")

    @property
    def voice(self) -> Voice:
        """Always a member's."""
        return Voice.MEMBER


@value
class Note:
    """The bot's own sentence. `labels` name the passages it is about."""

    words: Words
    labels: tuple[str, ...] = ()
    heading: str = ""

    def __post_init__(self) -> None:
        keep_printable(self, "heading")

    @property
    def voice(self) -> Voice:
        """Always the bot's own."""
        return Voice.BOT


Part = FromReading | FromBackground | FromMember | Note


@value
class Chart:
    """A picture that the bot drew of its own numbers: a PNG, and in words everything that it shows."""

    png: bytes
    alt: str
    name: str = "chart.png"

    def __post_init__(self) -> None:
        keep_printable(self, "alt")

    @property
    def caption(self) -> str:
        """Nothing: it is the bot's own."""
        return ""

    def read(self) -> bytes:
        """The PNG."""
        return self.png


@value
class Button:
    """Something to press: a command line in canonical form.

    It is shown to whoever presses it; with `public` it is posted for everybody in the channel. `once` makes it work
    a single time, for the asker alone: for lines that change something.
    """

    label: str
    line: str
    public: bool = False
    once: bool = False

    def __post_init__(self) -> None:
        keep_printable(self, "label")
        if not 0 < len(self.label) <= LONGEST_LABEL or not self.line.startswith(("/", "#")):
            raise ValueError(f"not a button: {self.label!r}, {self.line!r}")


@value
class File:
    """A file for whoever asked, and for nobody else: its name, its media type and what is in it."""

    name: str
    kind: str
    data: bytes = field(repr=False)


@value
class Reply:
    """One answer. `reading` is the reading's short title, shown in a corner; `private` means only the asker sees it.

    `line` is the command line that it answers, in canonical form, and `page` the page of it that is wanted, from 1.
    Only a private one has `files`.
    """

    title: str
    parts: tuple[Part, ...]
    reading: str = ""
    picture: Picture | Chart | None = None
    buttons: tuple[Button, ...] = ()
    private: bool = False
    refused: bool = False
    line: str = ""
    page: int = 1
    files: tuple[File, ...] = ()

    def __post_init__(self) -> None:
        keep_printable(self, "title", "reading")
        voices = [part.voice for part in self.parts]
        if Voice.BACKGROUND in voices and Voice.READING in voices[voices.index(Voice.BACKGROUND) :]:
            raise ValueError("background may not stand above the reading")
        if self.files and not self.private:
            raise ValueError("files are for the asker alone")
        if len(self.files) > MOST_FILES:
            raise ValueError(f"{len(self.files)} files are too many")
        if len(self.buttons) > MOST_BUTTONS:
            raise ValueError(f"{len(self.buttons)} buttons are too many")

    def plain(self) -> str:
        """Title, parts and picture as text alone, each with its voice and where it is from."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield self.title + (f"  ({self.reading})" if self.reading else "")
        for part in self.parts:
            if part.heading:
                yield part.heading
            yield plain_part(part)
        yield from (f"[File: {one.name}, {len(one.data):,} bytes]" for one in self.files)
        if isinstance(self.picture, Chart):
            yield f"[Picture. {self.picture.alt}]"
        elif self.picture:
            yield f"[Background: picture. {self.picture.alt} ({self.picture.caption})]"


def voiced(parts: Iterable[Part]) -> list[tuple[Voice, list[Part]]]:
    """The parts in their order, those of one voice that stand together as one group."""
    return [(voice, list(group)) for voice, group in groupby(parts, key=lambda part: part.voice)]


def quotation_marks(words: Words) -> tuple[str, str]:
    """The marks to put around quoted words; none around words that are printed with their own."""
    return ("", "") if words.plain().startswith(("“", "‘", '"', "«", "„", "「")) else ("“", "”")


def plain_part(part: Part) -> str:
    """One part as text: its words, with the label of its voice."""
    words = part.words.plain()
    match part:
        case FromReading(labels=labels):
            before, after = quotation_marks(part.words) if part.words.quoted else ("", "")
            return f"{' '.join(labels)}  {before}{words}{after}"
        case FromBackground(source=source, date=date):
            return f"Background: {words} ({source}, {date})"
        case FromMember(name=name, when=when, link=link):
            return f"{name}, {when:%Y-%m-%d %H:%M %Z}: {words} {link}"
        case Note(labels=labels):
            return f"{words} ({', '.join(labels)})" if labels else words
