"""Works out beforehand what searching a reading needs, so that the first who asks does not wait for it."""

from bot.readings.events import topics_with_events
from bot.readings.library import Library
from bot.readings.model import Reading
from bot.readings.quotations import check, quotations_about

WORTH_PREPARING = 30_000  # characters of our account and the text; a shorter reading takes some 0.1 s when first asked


def prepare(library: Library) -> None:
    """Do one of each with every long reading. What is kept from it is what makes the next one quick; takes seconds.

    What a short reading needs is worked out when somebody asks: until then it costs no memory.
    """
    for reading in filter(_is_long, library.readings.values()):
        _ask_each(reading)


def _ask_each(reading: Reading) -> None:
    from bot.readings.asking import ask  # noqa: PLC0415 - 8 ms and 1 MB that only questions need

    quotations_about(reading, "")
    check(reading, reading.title)
    ask(reading, reading.title)
    topics_with_events(reading)


def _is_long(reading: Reading) -> bool:
    ours = sum(len(passage.words.plain()) for passage in reading.passages)
    return ours + len(reading.source.text if reading.source else "") > WORTH_PREPARING
