"""Parts of replies made from a reading's items, and the buttons that lead from one to the next."""

from collections.abc import Iterable

from bot.grammar import line
from bot.readings.model import Background, Event, Passage, Point, Quotation, Reading
from bot.reply import Button, FromBackground, FromReading, Part
from bot.times import say_date
from bot.words import Run, Words, verbatim


def labels(reading: Reading, keys: Iterable[str]) -> tuple[str, ...]:
    """The labels (`¶3`) of passages, by their keys."""
    return tuple(reading.passage(key).label for key in keys)


def passage_part(passage: Passage) -> FromReading:
    """One passage in our own words, under its title and its role in the argument."""
    heading = f"{passage.title} ({passage.role})" if passage.role else passage.title
    return FromReading(passage.words, (passage.label,), heading)


def point_parts(reading: Reading, points: Iterable[Point]) -> tuple[FromReading, ...]:
    """What the reading says, point by point."""
    return tuple(FromReading(point.words, labels(reading, point.passages)) for point in points)


def background_parts(items: Iterable[Background]) -> tuple[FromBackground, ...]:
    """What is known from elsewhere, each item with its source."""
    return tuple(FromBackground(item.words, item.source, item.date) for item in items)


def event_part(reading: Reading, event: Event, heading: str = "") -> Part:
    """One event with its time: the date in words, or the reading's own wording where it gives no date."""
    if event.passage:
        shown = say_date(event.date) if event.date else "Date not stated"
        stated = f" (“{event.stated}”)" if event.stated and event.stated != shown else ""
        words = _led(f"{shown}{stated}. ", event.words)
        return FromReading(words, labels(reading, [event.passage]), heading)
    return FromBackground(_led(f"{say_date(event.date)}. ", event.words), event.source, event.source_date, heading)


def quotation_part(reading: Reading, quotation: Quotation) -> FromReading:
    """Words of the reading, as printed."""
    heading = f"As printed; {quotation.speaker}" if quotation.speaker else "As printed"
    return FromReading(verbatim(quotation.text), labels(reading, [quotation.passage]), heading)


def passage_button(passage: Passage) -> Button:
    """A button that shows the passage."""
    return Button(f"Show ¶{passage.number}", line("passage", number=passage.number))


def quote_button(passage: Passage) -> Button:
    """A button that quotes the passage."""
    return Button(f"Quote ¶{passage.number}", line("quote", about=f"¶{passage.number}"))


def _led(lead: str, words: Words) -> Words:
    first, *others = words.blocks
    return Words((type(first)((Run(lead, bold=True), *first.runs), first.bullet), *others), words.quoted)
