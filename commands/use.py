"""/use: choose the reading of a channel."""

from collections.abc import Iterator
from typing import Annotated

from bot.command import Suggestion, Typed, command
from bot.cutting import clip
from bot.errors import BotError
from bot.grammar import line
from bot.nearest import nearest_name
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import literal, verbatim

MOST = 200  # characters of a title


def slugs(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """Readings whose title or name holds what was typed."""
    for reading in request.library.readings.values():
        if typed.fits(reading.slug, reading.title, reading.short_title):
            yield Suggestion(reading.short_title, reading.slug)


@command(example="/use kuril-question", moderators=True, private=True)
async def use(request: Request, reading: Annotated[str, slugs]) -> Reply:
    """Choose the reading of this channel.

    Args:
        reading: its name, as the list of readings shows it.
    """
    chosen = request.library.find(reading)
    if chosen is None:
        nearest = nearest_name(reading, request.library.readings)
        target = line("use", reading=nearest) if nearest else "/readings"
        hint = f"Did you mean `{nearest}`?" if nearest else "`/readings` lists them."
        raise BotError(f"There is no reading “{literal(reading)}”. {hint}", line=target, label=nearest or "Readings")
    before = request.reading
    if chosen is before:
        words = f"This channel uses “{literal(clip(chosen.short_title, MOST))}” already."
        raise BotError(words, line="/readings", label="Readings")
    await request.settings.use_reading(request.place, chosen.slug)
    # Short enough for one page: a second page would choose it again
    words = f"This channel now uses “{clip(chosen.title, MOST)}”. Before, it used “{clip(before.title, MOST)}”."
    undo = Button("Undo", line("use", reading=before.slug), once=True)
    return Reply(
        "Reading chosen", (Note(verbatim(words)),), buttons=(undo, Button("Summary", "/summary")), private=True
    )
