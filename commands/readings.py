"""/readings: what the bot holds, and which reading this channel uses."""

from bot.command import command
from bot.cutting import clip
from bot.grammar import line
from bot.readings.model import Reading
from bot.reply import LONGEST_LABEL, Button, Note, Reply
from bot.request import Request
from bot.times import say_date
from bot.words import Block, Run, Words, markdown


@command(example="/readings", private=True)
async def readings(request: Request) -> Reply:
    """The readings the bot holds, and which one this channel uses."""
    held = sorted(request.library.readings.values(), key=lambda reading: reading.slug)
    parts: tuple[Note, ...] = tuple(_entry(reading, in_use=reading is request.reading) for reading in held)
    others = [reading for reading in held if reading is not request.reading] if request.person.moderator else []
    buttons = tuple(
        Button(clip(f"Use here: {reading.short_title}", LONGEST_LABEL), line("use", reading=reading.slug), once=True)
        for reading in others[:5]
    )
    if len(others) > len(buttons):
        parts = (*parts, Note(markdown("To use one that has no button here, type `/use` and its name.")))
    title = "1 reading" if len(held) == 1 else f"{len(held)} readings"
    return Reply(title, parts, buttons=buttons, private=True)


def _entry(reading: Reading, *, in_use: bool) -> Note:
    copy = "the whole text is attached" if reading.source else "the group has not attached its copy of the text"
    count = sum(not passage.caption for passage in reading.passages)
    facts = f". By {reading.author}; {reading.publisher}, {say_date(reading.date)}. {count} passages; {copy}."
    runs = (Run(reading.title, bold=True), Run(facts), Run(f" ({reading.slug})"))
    return Note(Words((Block(runs),)), heading="In use in this channel" if in_use else "")
