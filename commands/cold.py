"""/cold: the passages that nobody has discussed, as far as the asker can read."""

from collections.abc import Iterator, Sequence

from bot.cards import labels
from bot.command import command
from bot.grammar import line
from bot.readings.model import Passage, Reading
from bot.reply import Button, FromReading, Note, Part, Reply
from bot.request import Request
from bot.words import joined, literal, markdown, verbatim

MOST = 60
MOST_TO_DISCUSS = 5
WARM = "Every passage has been discussed or quoted where you can read it. `/saved` lists the discussions by passage."
HOW = "A passage counts as discussed once somebody has said something in a saved discussion of it, or quoted it there."


@command(example="/cold", private=True)
async def cold(request: Request) -> Reply:
    """The passages that nobody has discussed yet."""
    reading = request.reading
    place = await request.venues.workspace_of(request.person, request.place)
    readable = await request.venues.readable(request.person, place)
    passages = [one for one in reading.passages if not one.caption]
    keys = request.archive.digest_rows.cold(place, readable, reading.slug, [one.key for one in passages])
    found = [one for one in passages if one.key in keys]
    parts = tuple(_listed(reading, found, len(passages))) if found else (Note(markdown(WARM)),)
    to_discuss = [] if request.place.direct or request.place.thread else found[:MOST_TO_DISCUSS]
    buttons = (*map(_discuss, to_discuss), Button("All discussions", "/saved"), Button("Questions", "/questions"))
    return Reply("Nobody has discussed yet", parts, reading.short_title, buttons=buttons, private=True)


def _listed(reading: Reading, found: Sequence[Passage], of: int) -> Iterator[Part]:
    """How many of how many, each by its title, and a question about one of them."""
    words = f"{len(found):,} of {of:,} passages, as far as you can read, in the reading's order"
    words += f"; the first {MOST} of them." if len(found) > MOST else "."
    yield Note(verbatim(words))
    for one in found[:MOST]:
        yield FromReading(markdown(literal(one.title)), (one.label,))  # a title of ours, so not quoted
    keys = {one.key for one in found}
    for point in [one for one in reading.questions if keys & set(one.passages)][:1]:
        yield Note(joined([point.words]), labels(reading, point.passages), "A question to begin with")
    yield Note(markdown(HOW))


def _discuss(passage: Passage) -> Button:
    return Button(f"Discuss ¶{passage.number}", line("discuss", about=f"¶{passage.number}", preview="yes"))
