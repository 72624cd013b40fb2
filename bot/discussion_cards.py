"""Parts of replies about discussions: what one is about, its opening card, and what was discussed here already."""

from collections.abc import Collection, Iterable
from datetime import datetime

from bot.archive.discussions import Anchor, Discussion
from bot.archive.sayings import Saying
from bot.cards import labels, passage_part, point_parts, quote_button
from bot.cutting import clip
from bot.errors import BotError
from bot.grammar import line
from bot.nearest import nearest_name
from bot.readings.events import topic_called
from bot.readings.library import Library
from bot.readings.model import Passage, Reading, Topic
from bot.reply import Button, FromMember, Note, Part, Reply
from bot.request import Request
from bot.values import value
from bot.words import literal, markdown, verbatim

LONGEST_TITLE = 100  # Discord's limit for a thread's name
LONGEST_SAYING = 300  # characters of a message in a list
UNTITLED = "A discussion"
NOBODY_YET = "nobody has answered yet"
NOTICE = (
    "This discussion is saved, so that the group can find it again: what is said here, by whom and when, with edits "
    "and deletions. Whoever can read it here can find it later, and nobody else. "
    "`/privacy out` keeps what you say out of it."
)


@value
class Subject:
    """What a discussion is to be about: a reading, and in it a passage or a topic, or neither."""

    reading: Reading
    passage: Passage | None = None
    topic: Topic | None = None

    @property
    def anchor(self) -> Anchor:
        """What is stored of it: a passage's key, never its number, and the text that it was read in."""
        source = self.reading.source.sha256 if self.reading.source else ""
        if self.passage:
            return Anchor(self.reading.slug, self.passage.key, source)
        return Anchor(self.reading.slug, self.topic.passages[0] if self.topic and self.topic.passages else "", source)

    @property
    def anchors(self) -> list[Anchor]:
        """What discussions about it may be anchored to: for a topic any of its passages."""
        if self.topic and self.topic.passages:
            return [Anchor(self.reading.slug, key) for key in self.topic.passages]
        return [self.anchor]

    @property
    def name(self) -> str:
        """What a discussion of it is called where nobody gives it a title."""
        if self.passage:
            return f"{self.passage.label} {self.passage.title}"
        return self.topic.title if self.topic else self.reading.short_title

    @property
    def line(self) -> str:
        """How it is named in a command line; empty for the reading as a whole."""
        return f"¶{self.passage.number}" if self.passage else self.topic.name if self.topic else ""


def subject_of(reading: Reading, about: str) -> Subject | None:
    """The passage (`3`, `¶3`) or topic that these words name, the reading itself for no words; None for any other."""
    number = about.strip().removeprefix("¶").strip()
    if not number:
        return Subject(reading)
    if number.isdecimal() and (found := reading.numbered(int(number[:9]))):
        return Subject(reading, found[0])
    topic = topic_called(reading, about)
    return Subject(reading, topic=topic) if topic else None


def no_such_subject(reading: Reading, about: str, command: str) -> BotError:
    """What to say where no passage and no topic is called so."""
    last = max(passage.number for passage in reading.passages)
    nearest = nearest_name(about, reading.topics)
    words = f"The reading has no topic “{literal(clip(about, 80))}”, and its passages are ¶1 to ¶{last}."
    if nearest:
        return BotError(
            f"{words} Did you mean `{nearest}`?", line=line(command, about=nearest), label=clip(nearest, 60)
        )
    return BotError(f"{words} `/topics` lists the topics.", line="/topics", label="Topics")


def opening_card(subject: Subject, title: str) -> Reply:
    """The first post of a discussion: what it is about, in its voice, one question, and that it is saved."""
    reading = subject.reading
    about: tuple[Part, ...] = ()
    if subject.passage:
        about = tuple(map(passage_part, reading.numbered(subject.passage.number)))
    elif subject.topic:
        about = point_parts(reading, subject.topic.points)
    else:
        about = point_parts(reading, reading.short_summary)
    parts = (*about, *_question(subject), Note(markdown(NOTICE), heading="What is kept"))
    first = subject.passage or reading.passage(subject.anchor.passage or reading.passages[0].key)
    shown = line("discuss", **_given(about=subject.line, title=title, preview="yes"))
    return Reply(
        title, parts, reading.short_title, buttons=(quote_button(first), Button("Questions", "/questions")), line=shown
    )


def discussion_part(request: Request, discussion: Discussion) -> FromMember:
    """One discussion: what it is about and how much was said, its title in its opener's voice, a link."""
    said = f"{_count(discussion.messages, 'message', 'messages')} by {_count(discussion.people, 'person', 'people')}"
    return FromMember(
        verbatim(clip(discussion.title or UNTITLED, LONGEST_TITLE)),
        discussion.opened_by or "A member",
        datetime.fromisoformat(discussion.last_at),
        request.venues.at(discussion.place).link(discussion.place),
        f"{label_of(request, discussion.anchor)}: {said if discussion.messages else NOBODY_YET}",
    )


def saying_part(request: Request, saying: Saying, heading: str) -> FromMember:
    """One message: its beginning in its author's voice, a link."""
    link = request.venues.at(saying.place).link(saying.place, saying.message)
    words = verbatim(clip(saying.words or "(no words)", LONGEST_SAYING))
    return FromMember(words, saying.author, datetime.fromisoformat(saying.written_at), link, heading)


async def discussed_here(
    request: Request, reading: Reading, passages: Collection[str], about: str
) -> tuple[tuple[Part, ...], tuple[Button, ...]]:
    """What was discussed about these passages, as far as everybody who sees the answer may know; buttons to go on."""
    place = request.place
    if place.direct or not place.workspace:
        return (), ()
    discuss = Button("Discuss this", line("discuss", about=about, preview="yes"))
    if not request.archive.discussions.any_in(place):  # so nobody need be asked who can read what
        return (), (discuss,)
    try:
        readable = await request.venues.audience(place)
    except BotError:
        return (), ()
    anchors = [Anchor(reading.slug, key) for key in passages]
    count = request.archive.discussions.count(place, readable, anchors)
    if not count:
        return (), (discuss,)
    found = request.archive.discussions.find(place, readable, anchors, most=1)
    note = Note(markdown("Here: one discussion." if count == 1 else f"Here: {count:,} discussions; the latest:"))
    every = Button("The discussion" if count == 1 else f"All {count:,} discussions", line("saved", about=about))
    return (note, discussion_part(request, found[0])), (every, discuss)


def label_of(request: Request, anchor: Anchor) -> str:
    """What a discussion is about, for a list: `¶3` and its title, or the whole reading."""
    return anchor_label(request.library, anchor)


def anchor_label(library: Library, anchor: Anchor) -> str:
    """The same, for who has the library alone."""
    reading = library.readings.get(anchor.reading)
    if reading is None:
        return anchor.reading or "No reading"
    found = [one for one in reading.passages if one.key == anchor.passage]
    return f"{found[0].label} {found[0].title}" if found else "The whole reading"


def _question(subject: Subject) -> Iterable[Note]:
    """One of our questions: about the passages in question, else about any."""
    reading = subject.reading
    keys = {subject.passage.key} if subject.passage else set(subject.topic.passages) if subject.topic else set()
    fitting = [point for point in reading.questions if keys & set(point.passages)] or list(reading.questions)
    return [Note(point.words, labels(reading, point.passages), "A question to begin with") for point in fitting[:1]]


def _given(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
