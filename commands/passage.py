"""/passage: one passage of the reading, in our own words."""

from collections.abc import Iterator
from typing import Annotated

from bot.cards import passage_part, quote_button
from bot.command import Suggestion, Typed, command
from bot.discussion_cards import discussed_here
from bot.errors import BotError
from bot.reply import Button, Note, Part, Reply
from bot.request import Request
from bot.words import verbatim


def numbers(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """Passages whose number or title holds what was typed."""
    for passage in request.reading.passages:
        label = f"{passage.label} {passage.title}"
        if not passage.caption and typed.fits(label):
            yield Suggestion(label, str(passage.number))


@command(example="/passage 3")
async def passage(request: Request, number: Annotated[int, numbers]) -> Reply:
    """One passage of the reading, with its reasons and its hedges.

    Args:
        number: the passage's number, as shown after the mark ¶.
    """
    reading = request.reading
    found = reading.numbered(number)
    last = max(one.number for one in reading.passages)
    if not found:
        raise BotError(f"The reading has passages 1 to {last}; there is no ¶{number}.", line=f"/passage number:{last}",
                       label=f"Show ¶{last}")  # fmt: skip
    parts: list[Part] = [passage_part(one) for one in found]
    parts += [Note(verbatim(f"Sources: {one.sources}"), (one.label,)) for one in found if one.sources]
    buttons = [quote_button(found[0])]
    if number > 1:
        buttons.append(Button(f"Back to ¶{number - 1}", f"/passage number:{number - 1}"))
    if number < last:
        buttons.append(Button(f"On to ¶{number + 1}", f"/passage number:{number + 1}"))
    here, discuss = await discussed_here(request, reading, [one.key for one in found], f"¶{number}")
    parts += here
    buttons += discuss
    title = f"Passage {number} of {last}" + (f", under “{found[0].section}”" if found[0].section else "")
    return Reply(title, tuple(parts), reading.short_title, buttons=tuple(buttons))
