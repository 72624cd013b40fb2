"""Works out beforehand what searching a reading needs, so that the first who asks does not wait for it."""

from bot.readings.asking import ask
from bot.readings.events import topics_with_events
from bot.readings.library import Library
from bot.readings.quotations import check, quotations_about


def prepare(library: Library) -> None:
    """Do one of each with every reading. What is kept from it is what makes the next one quick; takes seconds."""
    for reading in library.readings.values():
        quotations_about(reading, "")
        check(reading, reading.title)
        ask(reading, reading.title)
        topics_with_events(reading)
