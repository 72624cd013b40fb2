"""/mine: answers to the asker's questions, their discussions, and their remarks, as far as they can read them."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from typing import Literal

from bot.archive.discussions import Discussion
from bot.archive.own import SHOWN, Question
from bot.archive.remarks import Remark
from bot.command import command
from bot.cutting import clip
from bot.discussion_cards import LONGEST_SAYING, discussion_part, saying_part
from bot.grammar import line
from bot.reply import Button, FromMember, Note, Part, Reply
from bot.request import Request
from bot.words import markdown, verbatim

MOST = 5
LONGEST_QUESTION = 120
OUT = "You chose not to be saved, so nothing here is yours. `/privacy in` saves what you say from then on."
NOTHING = (
    "Nothing of yours that you can read is saved here yet. `/discuss` in a channel opens a discussion, and what you "
    "say in a saved one is listed here. To save a remark, open the menu of a message and choose *Save this remark*."
)
NONE_OF_IT = "Nothing of that is yours yet, as far as you can read here. `/mine` shows what is."


@command(example="/mine", private=True)
async def mine(request: Request, what: Literal["", "answers", "discussions", "remarks"] = "") -> Reply:
    """Answers to your questions, your discussions and your remarks.

    Args:
        what: one of them, with more of it; left out, the latest of each.
    """
    if request.archive.privacy.is_out(request.place.platform, request.person.id):
        back = Button("Be saved again", line("privacy", choice="in"))
        return Reply("Yours", (Note(markdown(OUT)),), buttons=(back,), private=True)
    most = SHOWN if what else MOST
    parts = tuple([part async for part in _sections(request, what, most)])
    if not parts:
        parts = (Note(markdown(NONE_OF_IT if what else NOTHING)),)
    others = [one for one in ("answers", "discussions", "remarks") if one != what]
    buttons = [Button(f"My {one}", line("mine", what=one)) for one in others]
    buttons += [Button("What I said", line("find", **{"from": "me"})), Button("What is saved of me", "/privacy")]
    return Reply("Yours", parts, buttons=tuple(buttons), private=True)


async def _sections(request: Request, what: str, most: int) -> AsyncIterator[Part]:
    place = await request.venues.workspace_of(request.person, request.place)
    readable = await request.venues.readable(request.person, place)
    archive, me = request.archive, request.person.id
    if what in {"", "answers"}:
        for part in _answers(request, await archive.own.questions(place, readable, me), most):
            yield part
    if what in {"", "discussions"}:
        for part in _discussions(request, await archive.own.discussions(place, readable, me), most):
            yield part
    if what in {"", "remarks"}:
        for part in _remarks(request, archive.remarks.find(place, readable, SHOWN, me), most):
            yield part


def _answers(request: Request, questions: Sequence[Question], most: int) -> Iterator[Part]:
    """What was said to the asker's questions, then the questions to which nobody has said anything."""
    answered = [one for one in questions if one.answer]
    waiting = [one.asked for one in questions if not one.answer]
    if answered:
        yield _intro(
            "Answers to your questions", answered, most, "what somebody else said to each, or next; newest first"
        )
    for one in answered[:most]:
        if one.answer:
            yield saying_part(request, one.answer, f"On “{clip(' '.join(one.asked.words.split()), LONGEST_QUESTION)}”")
    if waiting:
        yield _intro(
            "Without an answer", waiting, most, "your questions after which nobody else has spoken; newest first"
        )
        yield from (saying_part(request, one, "") for one in waiting[:most])


def _discussions(request: Request, found: Sequence[Discussion], most: int) -> Iterator[Part]:
    if found:
        yield _intro(
            "Your discussions", found, most, "you opened them, had them saved or spoke in them; the latest active first"
        )
        yield from (discussion_part(request, one) for one in found[:most])


def _remarks(request: Request, found: Sequence[Remark], most: int) -> Iterator[Part]:
    if found:
        yield _intro("Your remarks", found, most, "saved by you, or written by you; saved last first")
    for one in found[:most]:
        link = request.venues.at(one.place).link(one.place, one.message)
        words, when = verbatim(clip(one.words, LONGEST_SAYING)), datetime.fromisoformat(one.written_at)
        yield FromMember(words, one.author, when, link, f"Saved by {one.saved_by}")


def _intro(heading: str, found: Sequence[object], most: int, order: str) -> Note:
    """How many of how many, and in what order. Of more than fifty no more than that is known."""
    of = f"more than {SHOWN - 1}" if len(found) == SHOWN else f"{len(found)}"
    shown = f"{most} of {of}" if len(found) > most else f"The latest {most}" if len(found) == SHOWN else of
    return Note(verbatim(f"{shown}: {order}."), heading=heading)
