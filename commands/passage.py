"""/passage: one passage of the reading, in our own words, or what the group has said about it."""

from collections.abc import Iterator
from typing import Annotated, Literal

from bot.archive.discussions import Anchor
from bot.cards import passage_button, passage_part, quote_button
from bot.command import Suggestion, Typed, command
from bot.discussion_cards import discussed_here, discussion_part, saying_part
from bot.errors import BotError
from bot.grammar import line
from bot.readings.model import Passage
from bot.reply import Button, Note, Part, Reply
from bot.request import Request
from bot.words import markdown, verbatim

MOST = 10
MOST_QUOTING = 5
NOTHING = (
    "Nobody has discussed ¶{number} where you can read it. `/discuss ¶{number}` in a channel opens a discussion; who "
    "quotes the passage word for word in a saved discussion is listed here too."
)


def numbers(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """Passages whose number or title holds what was typed."""
    for passage in request.reading.passages:
        label = f"{passage.label} {passage.title}"
        if not passage.caption and typed.fits(label):
            yield Suggestion(label, str(passage.number))


@command(example="/passage 3")
async def passage(
    request: Request, number: Annotated[int, numbers], show: Literal["", "text", "discussions"] = ""
) -> Reply:
    """One passage of the reading, with its reasons and its hedges.

    Args:
        number: the passage's number, as shown after the mark ¶.
        show: discussions for what the group has said about it, as far as you can read it.
    """
    reading = request.reading
    found = reading.numbered(number)
    last = max(one.number for one in reading.passages)
    if not found:
        raise BotError(f"The reading has passages 1 to {last}; there is no ¶{number}.", line=f"/passage number:{last}",
                       label=f"Show ¶{last}")  # fmt: skip
    return await (_discussions(request, found[0], last) if show == "discussions" else _text(request, found, last))


async def _text(request: Request, found: tuple[Passage, ...], last: int) -> Reply:
    reading, number = request.reading, found[0].number
    parts: list[Part] = [passage_part(one) for one in found]
    parts += [Note(verbatim(f"Sources: {one.sources}"), (one.label,)) for one in found if one.sources]
    here, discuss = await discussed_here(request, reading, [one.key for one in found], f"¶{number}")
    parts += here
    buttons = (quote_button(found[0]), *_neighbours(number, last), *discuss)
    title = f"Passage {number} of {last}" + (f", under “{found[0].section}”" if found[0].section else "")
    return Reply(title, tuple(parts), reading.short_title, buttons=buttons)


async def _discussions(request: Request, passage: Passage, last: int) -> Reply:
    """The discussions of a passage, the latest active first, and who quoted it; as far as the asker can read."""
    place = await request.venues.workspace_of(request.person, request.place)
    readable = await request.venues.readable(request.person, place)
    anchor, number = Anchor(request.reading.slug, passage.key), passage.number
    found = request.archive.discussions.find(place, readable, [anchor], MOST)
    quoting = await request.archive.sayings.quoting(place, readable, anchor, MOST_QUOTING + 1)
    buttons = [passage_button(passage), *_neighbours(number, last, show="discussions")]
    parts: list[Part] = [Note(verbatim(passage.title), (passage.label,))]
    if not found and not quoting:
        parts.append(Note(markdown(NOTHING.format(number=number))))
    if found:
        count = request.archive.discussions.count(place, readable, [anchor])
        shown = f"The latest {MOST} of {count:,}" if count > MOST else f"{count}"
        parts.append(Note(verbatim(f"{shown} that you can read, the latest active first."), heading="Discussions"))
        parts += [discussion_part(request, one) for one in found]
        buttons.append(Button("What was said", line("find", passage=f"¶{number}")))
    if len(found) == MOST:
        buttons.append(Button("All discussions", line("saved", about=f"¶{number}")))
    if quoting:
        shown = f"The latest {MOST_QUOTING}" if len(quoting) > MOST_QUOTING else f"{len(quoting)}"
        parts.append(Note(verbatim(f"{shown} that you can read, newest first."), heading="Quoted word for word"))
        parts += [saying_part(request, one, "") for one in quoting[:MOST_QUOTING]]
    if place.workspace and not request.place.direct and not request.place.thread:
        buttons.append(Button("Discuss this", line("discuss", about=f"¶{number}", preview="yes")))
    return Reply(
        f"¶{number} in discussion", tuple(parts), request.reading.short_title, buttons=tuple(buttons), private=True
    )


def _neighbours(number: int, last: int, **options: str) -> Iterator[Button]:
    if number > 1:
        yield Button(f"Back to ¶{number - 1}", line("passage", number=number - 1, **options))
    if number < last:
        yield Button(f"On to ¶{number + 1}", line("passage", number=number + 1, **options))
