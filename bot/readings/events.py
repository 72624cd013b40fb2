"""Which events of a reading are about something: a topic, a name under any of its aliases, a year, words."""

import re

from bot.readings.kept import kept_per_reading
from bot.readings.model import Event, Reading, Topic
from bot.readings.vocabulary import all_keys
from bot.times import say_date

_YEARS = re.compile(r"([0-9]{4})(?:\s*(?:[-–/]|to)\s*([0-9]{4}))?")


def topic_called(reading: Reading, wanted: str) -> Topic | None:
    """The reading's topic of that name, title or alias, in any case of letters."""
    wanted = " ".join(wanted.casefold().split())
    for topic in reading.topics.values():
        if wanted in {topic.name.casefold(), topic.title.casefold(), *(alias.casefold() for alias in topic.aliases)}:
            return topic
    return None


def events_about(reading: Reading, about: str) -> tuple[Event, ...]:
    """The events in their order: all for an empty `about`, else of a year or years, of a topic, or with these words."""
    if not about:
        return reading.events
    if years := _YEARS.fullmatch(about.strip()):
        first, last = years[1], years[2] or years[1]
        if of_years := tuple(event for event in reading.events if _is_between(event, first, last)):
            return of_years
    topic = topic_called(reading, about)
    names = (topic.title, topic.name, *topic.aliases) if topic else _names(reading, about)
    wanted = [keys for name in names if (keys := set(all_keys(name)))]
    passages = topic.passages if topic else ()
    return tuple(
        event
        for event, keys in zip(reading.events, _event_keys(reading), strict=True)
        if event.passage in passages or any(name <= keys for name in wanted)
    )


@kept_per_reading
def topics_with_events(reading: Reading) -> tuple[Topic, ...]:
    """The topics that have an event, in their order."""
    return tuple(topic for topic in reading.topics.values() if events_about(reading, topic.name))


def _is_between(event: Event, first: str, last: str) -> bool:
    """Whether the event's date, or a year of its interval, lies in these years."""
    began, _, ended = event.date.partition("/")
    return bool(began) and began[:4] <= last and first <= (ended or began)[:4]


def _names(reading: Reading, about: str) -> tuple[str, ...]:
    for name, others in reading.aliases.items():
        if about.casefold() in {name.casefold(), *(other.casefold() for other in others)}:
            return (name, *others)
    return (about,)


@kept_per_reading
def _event_keys(reading: Reading) -> tuple[set[str], ...]:
    return tuple(_keys(reading, event) for event in reading.events)


def _keys(reading: Reading, event: Event) -> set[str]:
    title = reading.passage(event.passage).title if event.passage else ""
    date = f"{say_date(event.date)} {event.date[:4]}" if event.date else ""
    return set(all_keys(f"{event.words.plain()} {event.stated} {date} {title}"))
