"""A Digest as a Reply: members' words as theirs, the reading's as its own, and every number in the bot's headings."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Protocol

from bot.archive.plans import Step
from bot.asker import Place
from bot.cards import labels, quotation_part
from bot.cutting import clip
from bot.digest.building import NO_ANCHOR, Digest, Line, Some, Talk
from bot.discussion_cards import LONGEST_TITLE, UNTITLED, anchor_label
from bot.readings.library import Library
from bot.readings.model import Point, Reading
from bot.reply import FromMember, FromReading, Note, Part, Reply
from bot.times import say_moment
from bot.values import value
from bot.words import joined, verbatim

LONGEST_LINE = 140
LONGEST_WORDS = 240
MOST_COLD = 12
SOMEBODY = "A member"


class Link(Protocol):
    """The address of a message, or of a thread or channel."""

    def __call__(self, place: Place, message: str = "") -> str:
        """The same as a venue's."""


@value
class Beside:
    """What stands beside what was said: the reading in use, its passages that nobody has discussed, and the plan.

    `day` is the local date, which chooses the quotation and the question. `before` are messages and people of the
    window before. `where` says what the digest is limited to, `late` that it comes late; both may be empty.
    """

    day: date
    zone: str
    reading: Reading | None = None
    cold: Sequence[str] = ()
    steps: Sequence[Step] = ()
    before: tuple[int, int] | None = None
    where: str = ""
    late: str = ""


def card(digest: Digest, beside: Beside, library: Library, link: Link) -> Reply:
    """The digest, its sections in their order, each saying how much it leaves out."""
    reading = beside.reading
    parts: list[Part] = [Note(verbatim(" ".join(_intro(digest, beside))))]
    parts += _lines("Without an answer", digest.questions, library, link)
    parts += _talks("Most active", digest.active, library, link, whole=True)
    parts += _talks("New", digest.new, library, link)
    parts += _lines("Saved as a remark", digest.remarks, library, link)
    parts += _talks("From earlier", digest.earlier, library, link)
    if reading:
        parts += [*_quotation(reading, beside.day), *_planned(reading, beside), *_cold(reading, beside.cold)]
        parts += _question(reading, beside)
    parts.append(Note(verbatim(" ".join(_totals(digest, beside))), heading="In all"))
    return Reply(title(digest), tuple(parts), reading.short_title if reading else "")


def title(digest: Digest) -> str:
    """What the digest is called."""
    if digest.threads:
        return f"The day in {count(digest.threads, 'thread', 'threads')}"
    return f"The day in {count(digest.messages, 'message', 'messages')}"


def say_range(digest: Digest, zone: str) -> str:
    """`3 Nov 09:00 to 4 Nov 09:00, Asia/Tokyo`."""
    since, until = (say_moment(moment, zone) for moment in (digest.window.since, digest.window.until))
    return f"{since} to {until}, {zone}"


def count(number: int, one: str, several: str) -> str:
    """`1 thread`, `1,200 threads`."""
    return f"{number:,} {one if number == 1 else several}"


def _intro(digest: Digest, beside: Beside) -> Iterator[str]:
    yield f"{count(digest.threads, 'thread', 'threads')}, {say_range(digest, beside.zone)}."
    yield from filter(None, (beside.where, beside.late))


def _lines(section: str, some: Some[Line], library: Library, link: Link) -> Iterator[Part]:
    for one in some.shown:
        about = f" · {anchor_label(library, one.anchor)}" if one.anchor != NO_ANCHOR else ""
        yield _said(one, link, f"{section}{about}", LONGEST_WORDS)


def _talks(section: str, some: Some[Talk], library: Library, link: Link, *, whole: bool = False) -> Iterator[Part]:
    for one in some.shown:
        heading = f"{section} · {_about(one, library)}: {_how_much(one)}"
        if one.opened:
            yield _said(one.opened, link, heading, LONGEST_TITLE)
        if one.line and (whole or not one.opened):
            yield _said(one.line, link, "" if one.opened else heading, LONGEST_LINE)


def _about(talk: Talk, library: Library) -> str:
    if talk.opened is None:
        return f"#{talk.channel or talk.place.channel}, outside of threads"
    return anchor_label(library, talk.anchor) if talk.anchor.reading else "No reading"


def _how_much(talk: Talk) -> str:
    if not talk.messages:
        return "nobody has answered yet"
    return f"{count(talk.messages, 'message', 'messages')} by {count(talk.people, 'person', 'people')}"


def _said(line: Line, link: Link, heading: str, longest: int) -> FromMember:
    words = clip(" ".join(line.words.split()), longest) or UNTITLED
    when = datetime.fromisoformat(line.at) if line.at else datetime.fromtimestamp(0, UTC)
    return FromMember(verbatim(words), line.name or SOMEBODY, when, link(line.place, line.message), heading)


def _quotation(reading: Reading, day: date) -> Iterator[Part]:
    if reading.quotations:
        chosen = reading.quotations[day.toordinal() % len(reading.quotations)]
        made = quotation_part(reading, chosen)
        yield FromReading(made.words, made.labels, f"Quotation of the day. {made.heading}")


def _planned(reading: Reading, beside: Beside) -> Iterator[Part]:
    """What the plan has for the day itself; who reads the digest of 09:00 reads it that day."""
    for step in beside.steps:
        known = [key for key in step.passages if any(one.key == key for one in reading.passages)]
        if known and step.first <= beside.day <= step.last:
            yield Note(
                verbatim(f"{step.name}, until {step.last.day} {step.last:%b}:"), labels(reading, known), "To read"
            )


def _cold(reading: Reading, cold: Sequence[str]) -> Iterator[Part]:
    if cold:
        more = f" and {len(cold) - MOST_COLD} more" if len(cold) > MOST_COLD else ""
        all_ = sum(not one.caption for one in reading.passages)
        words = f"{len(cold)} of {all_} passages{', the first of them' if more else ''}"
        yield Note(verbatim(words), labels(reading, cold[:MOST_COLD]), "Nobody has discussed yet")


def _question(reading: Reading, beside: Beside) -> Iterator[Part]:
    """Tomorrow's: of those about what is planned then, or about what nobody has discussed, or of all; in turn."""
    tomorrow = date.fromordinal(beside.day.toordinal() + 1)
    planned = {key for step in beside.steps if step.first <= tomorrow <= step.last for key in step.passages}
    fitting = _touching(reading, planned) or _touching(reading, set(beside.cold)) or list(reading.questions)
    if fitting:
        chosen = fitting[tomorrow.toordinal() % len(fitting)]
        yield Note(joined([chosen.words]), labels(reading, chosen.passages), "For tomorrow")


def _touching(reading: Reading, passages: set[str]) -> list[Point]:
    return [one for one in reading.questions if passages & set(one.passages)]


def _totals(digest: Digest, beside: Beside) -> Iterator[str]:
    said = f"{count(digest.messages, 'message', 'messages')} by {count(digest.people, 'person', 'people')}"
    before = beside.before
    yield f"{said}; the day before {before[0]:,} by {before[1]:,}." if before else f"{said}."
    if digest.earlier_messages:
        yield f"From earlier, saved only now: {count(digest.earlier_messages, 'message', 'messages')}."
    yield from left_out(digest)


def left_out(digest: Digest) -> Iterator[str]:
    """What is not shown: what there was no room for, and what a moderator left out."""
    counts = (
        count(digest.questions.more, "unanswered question", "unanswered questions"),
        count(digest.active.more, "thread", "threads"),
        count(digest.remarks.more, "remark", "remarks"),
        count(digest.earlier.more, "thread from earlier", "threads from earlier"),
    )
    more = [words for words in counts if not words.startswith("0 ")]
    if more:
        yield f"Not shown: {', '.join(more)}."
    if digest.left_out:
        yield f"A moderator left out {count(digest.left_out, 'item', 'items')}."
