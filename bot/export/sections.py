"""An export for people, before it is written in any form: discussions in the order of what they are about."""

from collections.abc import Iterator
from datetime import datetime

from bot.archive.discussions import Anchor
from bot.archive.extracts import Extract, Record
from bot.discussion_cards import UNTITLED, anchor_label
from bot.export.data import reactions, stands
from bot.readings.library import Library
from bot.readings.model import Passage
from bot.times import say_moment
from bot.values import value


@value
class Message:
    """A message as it is shown: who, when in words, the text, what is to be said below it, and its earlier texts."""

    name: str
    when: str
    text: str
    notes: tuple[str, ...]
    earlier: tuple[tuple[str, str], ...]


@value
class Section:
    """A discussion, or what was said in a channel outside of any, with the passages that it is about."""

    title: str
    about: str
    passages: tuple[Passage, ...]
    messages: Iterator[Message]


def sections(extract: Extract, library: Library, zone: str) -> Iterator[Section]:
    """The discussions by reading and passage, then by when they were opened; then the channels. Times are in `zone`."""
    channels = [(row, record) for row, record in extract.channels()]
    names = {(one["platform"], one["workspace"], one["id"]): one.get("name") or one["id"] for _, one in channels}
    for row, thread in sorted(extract.threads(), key=lambda one: _order(library, one[1])):
        channel = names[thread["platform"], thread["workspace"], thread["channel"]]
        anchor = Anchor(thread.get("reading", ""), thread.get("passage", ""))
        where = f"#{channel.removeprefix('#')}{', a private thread' if thread.get('private') else ''}"
        about = [where, _about(library, anchor), _opened(extract, thread, zone)]
        said = _shown(extract, extract.messages(thread=row), zone)
        yield Section(thread.get("title") or UNTITLED, "; ".join(filter(None, about)), _passages(library, anchor), said)
    for row, channel_record in channels:
        said = _shown(extract, extract.messages(channel=row), zone)
        if first := next(said, None):
            name = f"#{(channel_record.get('name') or channel_record['id']).removeprefix('#')}"
            yield Section(name, "Outside of discussions", (), _with(first, said))


def _with(first: Message, others: Iterator[Message]) -> Iterator[Message]:
    yield first
    yield from others


def _order(library: Library, thread: Record) -> tuple[str, int, str, str]:
    """By reading, then where its passage stands in it, then when it was opened."""
    slug, passage = thread.get("reading", ""), thread.get("passage", "")
    reading = library.readings.get(slug)
    keys = [one.key for one in reading.passages] if reading else []
    at = keys.index(passage) + 1 if passage in keys else 0
    return slug, at, thread.get("opened_at", ""), thread["id"]


def _about(library: Library, anchor: Anchor) -> str:
    if not anchor.reading:
        return ""
    reading = library.readings.get(anchor.reading)
    label = anchor_label(library, anchor)
    return f"{label} ({reading.short_title})" if reading else label


def _passages(library: Library, anchor: Anchor) -> tuple[Passage, ...]:
    reading = library.readings.get(anchor.reading)
    return tuple(one for one in reading.passages if one.key == anchor.passage) if reading else ()


def _opened(extract: Extract, thread: Record, zone: str) -> str:
    if not thread.get("opened_at"):
        return ""
    by = f" by {extract.called(thread, thread['opened_by'])}" if thread.get("opened_by") else ""
    return f"opened{by} on {_said_at(thread['opened_at'], zone)}"


def _shown(extract: Extract, messages: Iterator[Record], zone: str) -> Iterator[Message]:
    for one in messages:
        if stands(one):
            earlier = tuple((_said_at(old["written_at"], zone), old["text"]) for old in one.get("revisions", []))
            notes, when = tuple(_notes(one, zone)), _said_at(one["written_at"], zone)
            yield Message(extract.called(one), when, one.get("text", ""), notes, earlier)


def _notes(message: Record, zone: str) -> Iterator[str]:
    if edited := message.get("edited_at"):
        yield f"edited {_said_at(edited, zone)}"
    for file in message.get("attachments", []):
        yield f"file: {file['name']}"
    if counts := reactions(message):
        yield "reactions: " + ", ".join(f"{emoji} {count}" for emoji, count in counts.items())
    if saved := len(message.get("remarks", [])):
        yield "saved as a remark" if saved == 1 else f"saved as a remark by {saved} people"


def _said_at(iso: str, zone: str) -> str:
    return say_moment(datetime.fromisoformat(iso), zone)
