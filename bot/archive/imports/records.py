"""What an export tells, in the words of every format: events of the archive, and what stands around them.

A format's `read` gives these in any order, each place's channel or thread before what was said in it where it can.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.archive.coverage import Interval
from bot.archive.events import Author, Said, Unsaid
from bot.archive.link_rows import Link
from bot.asker import Place
from bot.values import value


@value
class Channel:
    """A channel, its name and its workspace's. `private` where not everybody in the workspace can read it.

    `direct` is a conversation of some people alone.
    """

    place: Place
    name: str
    workspace: str = ""
    private: bool = False
    direct: bool = False


@value
class Thread:
    """A thread: what it is called (in its opener's words where `by` names one), and when it was opened.

    `guessed` where the export does not tell whether it is private, and the place only says so to be safe.
    """

    place: Place
    title: str
    by: Author | None = None
    at: datetime | None = None
    guessed: bool = False


@value
class Reactions:
    """How many reactions of one kind a message has, and those people among them who are known."""

    place: Place
    id: str
    emoji: str
    count: int
    people: tuple[Author, ...] = ()


@value
class Bad:
    """A record that could not be read: where it stands in the export, and what is wrong with it."""

    where: str
    why: str


@value
class LeftOut:
    """Something that was not taken, and why: a word or two that can be counted."""

    why: str
    many: int = 1


@value
class OwnPerson:
    """Of our own export: somebody in a place's workspace, with what they are called."""

    place: Place
    author: Author


@value
class OwnPlace:
    """Of our own export: what is held of a channel or thread, by the columns' names, and the intervals covered.

    `anchor` is a thread's reading, passage and the sha256 of the text that it was read in, as far as it has them.
    """

    place: Place
    held: Mapping[str, str]
    anchor: tuple[str, str, str]
    covered: tuple[Interval, ...]


@value
class Beside:
    """Something that somebody did about a message, at a moment (ISO 8601 in UTC): a remark saved, or a reaction.

    Where `who` is empty it is how many `people` else reacted so.
    """

    who: Author | None
    at: str
    emoji: str = ""
    people: int = 0


@value
class OwnMessage:
    """Of our own export: a message as it was told from its beginning, and all that stands beside it."""

    place: Place
    id: str
    at: datetime
    told: tuple[Said | Unsaid, ...]
    reactions: tuple[Beside, ...]
    remarks: tuple[Beside, ...]
    links: tuple[Link, ...]


Record = Said | Unsaid | Channel | Thread | Reactions | Bad | LeftOut | OwnPerson | OwnPlace | OwnMessage

DIRECT = "in direct conversations"
NO_SPEECH = "that tell of joining, pins and the like"


@value
class Held:
    """A message that is held already: its id, its author's, when it was written and got its text, and that."""

    id: str
    person: str
    at: datetime
    edited: datetime | None
    text: str


class Known(Protocol):
    """What a format may ask of the archive: some exports do not tell where they are from."""

    def place(self, platform: str, channel: str) -> Place | None:
        """The one channel or thread of this id of which anything is held, in whichever workspace; else None."""

    def names(self, place: Place) -> Mapping[str, str]:
        """What the people of the place's workspace are called, by the platform's ids."""

    def said(self, place: Place, first: datetime, last: datetime) -> list[Held]:
        """Messages of the place between two moments; none that was deleted."""


@value
class Wanted:
    """How an export is to be read: with direct conversations or not, and which workspace it is of if it can't tell."""

    known: Known
    direct: bool = False
    workspace: str = ""
