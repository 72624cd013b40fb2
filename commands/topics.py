"""/topics: what the reading says on one subject, and what is known from elsewhere; or the list of subjects."""

from collections.abc import Iterator
from typing import Annotated

from bot.cards import background_parts, point_parts
from bot.command import Suggestion, Typed, command
from bot.cutting import clip
from bot.discussion_cards import discussed_here
from bot.errors import BotError
from bot.grammar import line
from bot.nearest import nearest_name
from bot.readings.events import topic_called, topics_with_events
from bot.readings.model import Reading, Topic
from bot.readings.quotations import quotations_about
from bot.reply import LONGEST_LABEL, Button, Note, Part, Reply
from bot.request import Request
from bot.words import literal, markdown


def names(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """Topics of the reading in use whose title, name or alias holds what was typed."""
    for topic in request.reading.topics.values():
        if typed.fits(topic.title, topic.name, *topic.aliases):
            yield Suggestion(topic.title, topic.name)


@command(example="/topics kurils")
async def topics(request: Request, name: Annotated[str, names] = "") -> Reply:
    """What the reading says on a subject, and what is known from elsewhere.

    Args:
        name: a topic; leave it out for the list.
    """
    if not name:
        return _list(request.reading)
    reading, topic = _find(request, name)
    return await _card(request, reading, topic)


def _find(request: Request, name: str) -> tuple[Reading, Topic]:
    """The topic in the reading in use, else in another; `slug/name` means that reading's."""
    slug, _, rest = name.partition("/")
    named = request.library.readings.get(slug)
    for reading in [named] if named else [request.reading, *request.library.readings.values()]:
        if topic := topic_called(reading, rest if named else name):
            return reading, topic
    nearest = nearest_name(name, request.reading.topics)
    if nearest:
        words = f"The reading has no topic “{literal(name)}”. Did you mean `{nearest}`?"
        raise BotError(words, line=line("topics", name=nearest), label=f"Show {nearest}")
    raise BotError(f"The reading has no topic “{literal(name)}”. `/topics` lists them.", line="/topics", label="Topics")


async def _card(request: Request, reading: Reading, topic: Topic) -> Reply:
    parts: tuple[Part, ...] = (*point_parts(reading, topic.points), *background_parts(topic.background))
    buttons = []
    if reading is request.reading and quotations_about(reading, topic.name):
        buttons.append(Button("Quote", line("quote", about=topic.name)))
    if reading is request.reading and topic in topics_with_events(reading):
        buttons.append(Button("Timeline", line("timeline", about=topic.name)))
    for other in request.library.readings.values():
        if other is not reading and topic_called(other, topic.name):
            label = clip(f"In: {other.short_title}", LONGEST_LABEL)
            buttons.append(Button(label, line("topics", name=f"{other.slug}/{topic.name}")))
    here, discuss = await discussed_here(request, reading, topic.passages, topic.name)
    return Reply(topic.title, (*parts, *here), reading.short_title, topic.picture, (*buttons[:6], *discuss))


def _list(reading: Reading) -> Reply:
    lines = "\n".join(f"- `/readalong {topic.name}` {literal(topic.title)}" for topic in reading.topics.values())
    intro = Note(
        markdown(f"{len(reading.topics)} topics, in alphabetical order. Type one, or `/topics` with its name.")
    )
    native = [topic for topic in reading.topics.values() if topic.native]
    buttons = tuple(Button(clip(topic.title, LONGEST_LABEL), line("topics", name=topic.name)) for topic in native[:5])
    return Reply("Topics of the reading", (intro, Note(markdown(lines))), reading.short_title, buttons=buttons)
