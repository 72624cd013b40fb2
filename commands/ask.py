"""/ask: the passage nearest to a question, never a paraphrase; and what the reading does not say, by name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from bot.cards import event_part, passage_button, passage_part
from bot.command import PROSE, command
from bot.readings.model import Background, Event, Reading
from bot.reply import Button, FromBackground, Note, Part, Reply
from bot.request import Request
from bot.words import verbatim

if TYPE_CHECKING:
    from bot.readings.asking import Answer, Near

NEAREST = "This is the nearest passage; whether it answers that is yours to judge."
OUR_ACCOUNT = "The group has not attached its copy of the text, so only our account of it was searched."


@command(example="/ask Why does the reading compare Japan with Germany?")
async def ask(request: Request, question: Annotated[str, PROSE]) -> Reply:
    """The passages nearest to a question, and what the reading does not mention.

    Args:
        question: what you want to know, in a sentence or a few words.
    """
    from bot.readings.asking import ask as look_up  # noqa: PLC0415 - 8 ms and 1 MB that only questions need

    reading = request.reading
    answer = look_up(reading, question)
    shown = () if answer.refused else tuple(passage_part(near.passage) for near in answer.nearest[:1])
    background = (_background(reading, item) for item in answer.background)
    before = _note(*_absent(reading, answer), *_timing(answer), NEAREST if shown else "")
    after = _note(*_pointers(answer), "" if reading.source else OUR_ACCOUNT)
    parts: tuple[Part, ...] = (*before, *shown, *after, *background)
    title = "The reading does not say" if answer.refused else "Nearest in the reading"
    return Reply(title, parts, reading.short_title, buttons=_buttons(answer))


def _note(*sentences: str) -> tuple[Note, ...]:
    text = " ".join(sentence for sentence in sentences if sentence)
    return (Note(verbatim(text)),) if text else ()


def _absent(reading: Reading, answer: "Answer") -> Iterator[str]:
    """Fixed sentences on what the reading lacks, and on what it calls otherwise."""
    for typed, own in answer.aliases_used:
        yield f"For “{typed}” the reading has “{own}”."
    limit = "" if reading.source else ", as far as our own account of it goes"
    if answer.missing:
        yield f"The reading does not mention {_either(answer.missing)}{limit}."
    elif answer.refused:
        yield f"The reading has none of these words{limit}."
    if answer.unknown:
        yield f"It does not have {_either(tuple(f'“{word}”' for word in answer.unknown))}."


def _timing(answer: "Answer") -> Iterator[str]:
    """Whether the nearest passage gives the day or the number that was asked for."""
    from bot.readings.asking import Kind  # noqa: PLC0415 - as above

    if answer.refused or not answer.nearest:
        return
    near = answer.nearest[0]
    if answer.kind is Kind.WHEN:
        yield _dates(near)
        if not near.dates:
            yield from (_dates(other) for other in answer.nearest[1:] if other.dates)
    elif answer.kind is Kind.HOW_MANY:
        given = f"{near.passage.label} has: {', '.join(near.numbers)}."
        yield given if near.numbers else f"{near.passage.label} gives no number."


def _dates(near: "Near") -> str:
    label, dates = near.passage.label, ", ".join(date.text for date in near.dates)
    if near.gives_day:
        return f"{label} has: {dates}."
    return f"{label} gives no day. It has: {dates}." if dates else f"{label} gives no date."


def _pointers(answer: "Answer") -> Iterator[str]:
    """Passages to look at beside the one that is shown, or instead of it."""
    near = answer.nearest if answer.refused else answer.nearest[1:]
    named = ", ".join(f"{one.passage.label} ({one.passage.title})" for one in near)
    if named:
        yield f"{'Nearest by subject' if answer.refused else 'Near it, too'}: {named}."


def _background(reading: Reading, item: Event | Background) -> Part:
    return event_part(reading, item) if isinstance(item, Event) else FromBackground(item.words, item.source, item.date)


def _buttons(answer: "Answer") -> tuple[Button, ...]:
    """The passages, once each: a caption is shown with the passage that it belongs to."""
    buttons = dict.fromkeys(passage_button(near.passage) for near in answer.nearest)
    return tuple(buttons) or (Button("Topics", "/topics"), Button("Summary", "/summary"))


def _either(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
