"""/timeline: what the reading dates, what it leaves without a date, and what is known from elsewhere."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from bot.cards import event_part
from bot.command import Suggestion, Typed, command
from bot.errors import BotError
from bot.grammar import line
from bot.readings.events import events_about, topic_called, topics_with_events
from bot.readings.model import Event, Reading
from bot.reply import Button, Note, Part, Reply
from bot.request import Request
from bot.words import literal, markdown

MOST_EVENTS = 40  # some pages; more are offered by years
PERIODS = 5


def subjects(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """Topics that have events and whose name holds what was typed."""
    for topic in topics_with_events(request.reading):
        if typed.fits(topic.title, topic.name):
            yield Suggestion(topic.title, topic.name)


@command(example="/timeline kurils")
async def timeline(request: Request, about: Annotated[str, subjects] = "") -> Reply:
    """What happened when, as the reading tells it and as it is known from elsewhere.

    Args:
        about: a topic, a year, years such as 1904-1956, or words; leave it out for everything.
    """
    reading = request.reading
    found = events_about(reading, about)
    if not found:
        words = f"The timeline has nothing about “{literal(about)}”. It has {len(reading.events)} events in all."
        raise BotError(words, line="/timeline", label="Show them all")
    dated = [event for event in found if event.passage and event.date]
    undated = [event for event in found if event.passage and not event.date]
    background = [event for event in found if not event.passage]
    parts = (
        *_section(reading, "The reading gives a date", sorted(dated, key=_when)),
        *_section(reading, "The reading gives no date", undated),
        *_section(reading, "", sorted(background, key=_when)),
    )
    topic = topic_called(reading, about) if about and not about.strip().isdecimal() else None
    subject = f": {topic.title if topic else about}" if about else ""
    periods = _periods(found) if not about or not about.strip(" -–/to0123456789") else ()
    if periods:
        parts = (Note(markdown("For some years alone, press a button or type them: `/timeline 1904-1956`.")), *parts)
    buttons = (*periods, Button("Everything", "/timeline") if about else Button("Topics", "/topics"))
    return Reply(f"Timeline{subject} ({_count(found)})", parts, reading.short_title, buttons=buttons)


def _periods(events: Sequence[Event]) -> tuple[Button, ...]:
    """For a long timeline, buttons for stretches of years with about as many events each."""
    years = sorted(event.date[:4] for event in events if event.date)
    if len(events) <= MOST_EVENTS or years[:1] == years[-1:]:
        return ()
    stretches: list[tuple[str, str]] = []
    for at in range(0, len(years), -(-len(years) // PERIODS)):
        last = years[min(at + -(-len(years) // PERIODS), len(years)) - 1]
        later = [year for year in years if not stretches or year > stretches[-1][1]]
        if later and later[0] <= last:
            stretches.append((later[0], last))
    return tuple(
        Button(one if one == other else f"{one} to {other}", line("timeline", about=f"{one}-{other}"))
        for one, other in stretches
    )


def _section(reading: Reading, heading: str, events: Sequence[Event]) -> Iterator[Part]:
    for number, event in enumerate(events):
        yield event_part(reading, event, "" if number else heading)


def _when(event: Event) -> str:
    return event.date


def _count(events: Sequence[Event]) -> str:
    return "1 event" if len(events) == 1 else f"{len(events)} events"
