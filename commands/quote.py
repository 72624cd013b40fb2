"""/quote: the reading's own words, as printed. Background never appears here."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from bot.cards import passage_button, quotation_part
from bot.command import Suggestion, Typed, command
from bot.errors import BotError
from bot.grammar import line
from bot.nearest import nearest_name
from bot.readings.model import Quotation, Reading
from bot.readings.quotations import quotations_about
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import literal, markdown

VERIFIED = "Verified against the group's copy, word for word."
BRIEF = "Brief quotation kept with the reading; the group has not attached its copy."


def subjects(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """Passages and topics whose name holds what was typed."""
    reading = request.reading
    named = [
        (f"{passage.label} {passage.title}", f"¶{passage.number}")
        for passage in reading.passages
        if not passage.caption
    ]
    named += [(topic.title, topic.name) for topic in reading.topics.values()]
    for label, value in named:
        if typed.fits(label, value):
            yield Suggestion(label, value)


def numbers(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """The quotations about what is already given, by their numbers, whose words hold what was typed."""
    found = quotations_about(request.reading, str(typed.given.get("about", "")))
    for number, quotation in enumerate(found, 1):
        if typed.fits(f"{number} {quotation.text}"):
            yield Suggestion(f"{number} “{quotation.text}”", str(number))


@command(example="/quote china")
async def quote(request: Request, about: Annotated[str, subjects] = "", number: Annotated[int, numbers] = 1) -> Reply:
    """The reading's own words, as printed.

    Args:
        about: a topic, a passage such as ¶3, or words to look for.
        number: which of the quotations found, from 1.
    """
    reading = request.reading
    found = quotations_about(reading, about)
    if not found:
        raise _nothing(reading, about)
    if number > len(found):
        words = f"The last quotation here is number {len(found)}; you asked for number {number}."
        last = line("quote", **_given(about), number=len(found))
        raise BotError(words, line=last, label=f"Show number {len(found)}")
    return _card(reading, found, about, number)


def _card(reading: Reading, found: Sequence[Quotation], about: str, number: int) -> Reply:
    quotation = found[number - 1]
    evidence = VERIFIED if quotation.span else BRIEF
    parts = (quotation_part(reading, quotation), Note(markdown(evidence)))
    buttons = [passage_button(reading.passage(quotation.passage))]
    if number < len(found):
        buttons.insert(0, Button("Next", line("quote", **_given(about), number=number + 1)))
    subject = f" about {about}" if about else ""
    return Reply(f"Quotation {number} of {len(found)}{subject}", parts, reading.short_title, buttons=tuple(buttons))


def _nothing(reading: Reading, about: str) -> BotError:
    where = "The reading has no sentence" if reading.source else "None of the brief quotations kept with the reading is"
    nearest = nearest_name(about, reading.topics)
    hint = f" The nearest topic is `{nearest}`." if nearest else " `/topics` lists what there is."
    aside = "" if reading.source else " The group has not attached its copy of the text."
    target = line("quote", about=nearest) if nearest else "/topics"
    return BotError(f"{where} about “{literal(about)}”.{aside}{hint}", line=target, label=nearest or "Topics")


def _given(about: str) -> dict[str, str | int]:
    return {"about": about} if about else {}
