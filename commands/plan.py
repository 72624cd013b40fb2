"""/plan: which passages the group reads when, and where it is."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.archive.plans import Step
from bot.cards import labels
from bot.command import PROSE, command
from bot.cutting import clip
from bot.errors import BotError
from bot.grammar import line
from bot.moments import EXAMPLES, moment
from bot.readings.model import Reading
from bot.reply import Button, Note, Part, Reply
from bot.request import Request
from bot.words import literal, markdown, verbatim

WEEK = timedelta(days=7)
_STEP = re.compile(r"(?P<when>.+?)\s*:\s*(?:passages?\s+)?(?P<passages>[\d\s¶,;–-]+|none)", re.IGNORECASE)
_WEEK = re.compile(r"week\s+(\d{1,3})(?:\s+from\s+(.+))?", re.IGNORECASE)
_RANGE = re.compile(r"¶?(\d{1,4})(?:\s*[-–]\s*¶?(\d{1,4}))?")
HOW = "A moderator plans it with `/plan week 2: passages 4-6`, or with a date: `/plan 2026-11-20: passage 7`."
WRONG = (
    "That is no step of a plan. Write `week 2: passages 4-6`, `week 1 from 2026-11-09: passages 1-3`, or "
    "`2026-11-20: passage 7`; `week 2: none` takes one out."
)


@command(example="/plan")
async def plan(request: Request, step: Annotated[str, PROSE] = "") -> Reply:
    """Which passages the group reads when, and where it is.

    Args:
        step: for moderators, what is read when, such as week 2: passages 4-6; left out, the plan.
    """
    if step:
        return await request.answer(line("set-plan", step=step))
    place = replace(request.place, thread="", private=False)
    reading = request.reading
    steps = request.archive.plans.of(place, reading.slug)
    if not steps:
        empty = f"Nothing is planned for “{literal(clip(reading.short_title, 100))}” in this channel. {HOW}"
        return Reply("The plan", (Note(markdown(empty)),), reading.short_title, buttons=_BUTTONS)
    today = request.posting.digests.today()
    intro = f"{len(steps)} steps, in the order of time; today is {_say(today)}, {request.zone}."
    return Reply(
        "The plan", (Note(verbatim(intro)), *_parts(reading, steps, today)), reading.short_title, None, _BUTTONS
    )


@command(example="/set-plan week 1: passages 1-3", moderators=True, native=False, private=True)
async def set_plan(request: Request, step: Annotated[str, PROSE] = "") -> Reply:
    """Put a step into the plan of this channel, or take one out.

    Args:
        step: what is read when, such as week 2: passages 4-6, or week 2: none.
    """
    if request.place.direct or not request.place.workspace:
        raise BotError("A plan is a channel's. Type this in the channel that reads together.")
    place, reading = replace(request.place, thread="", private=False), request.reading
    found = _STEP.fullmatch(" ".join(step.split()).rstrip("."))
    if found is None:
        raise BotError(WRONG, line="/plan", label="The plan")
    steps = request.archive.plans.of(place, reading.slug)
    made = _step(request, steps, found["when"], _keys(reading, found["passages"]))
    before = next((one for one in steps if one.name == made.name), None)
    if made.passages:
        await request.archive.plans.set(place, reading.slug, made, request.person.id)
    elif not await request.archive.plans.drop(place, reading.slug, made.name):
        raise BotError(f"“{literal(clip(made.name, 40))}” is not in the plan.", line="/plan", label="The plan")
    await request.archive.audit.note(place, request.person, "plan", place.channel)
    back = Button("Undo", line("set-plan", step=_written(reading, before, made.name)), once=True)
    said = f"{made.name}, {_range(made)}:" if made.passages else f"{made.name} is out of the plan."
    note = Note(verbatim(said), labels(reading, made.passages))
    return Reply("Planned", (note,), reading.short_title, buttons=(back, Button("The plan", "/plan")), private=True)


_BUTTONS = (Button("What did I miss?", "/digest"), Button("Questions", "/questions"))


def _parts(reading: Reading, steps: list[Step], today: date) -> Iterator[Part]:
    upcoming = next((one for one in steps if one.first > today), None)
    for one in steps:
        known = [key for key in one.passages if any(each.key == key for each in reading.passages)]
        now = "Now" if one.first <= today <= one.last else "Next" if one is upcoming else ""
        yield Note(verbatim(f"{one.name}, {_range(one)}:"), labels(reading, known), now)


def _step(request: Request, steps: list[Step], when: str, passages: tuple[str, ...]) -> Step:
    if found := _WEEK.fullmatch(when):
        number = int(found[1])
        if not 1 <= number <= 520:
            raise BotError("Weeks count from 1.")
        first = day_of(request, found[2]) if found[2] else _begin(request, steps) + (number - 1) * WEEK
        return Step(f"week {number}", first, first + WEEK - timedelta(days=1), passages)
    day = day_of(request, when)
    return Step(day.isoformat(), day, day, passages)


def day_of(request: Request, text: str) -> date:
    """The local date that somebody names, in the group's zone. Raises BotError."""
    zone = ZoneInfo(request.zone)
    found = moment(text, request.posting.digests.clock(), zone)
    if found is None:
        words = f"“{literal(clip(text, 60))}” is no week and no day that I know. Write `week 2`, or a day: {EXAMPLES}."
        raise BotError(words, line="/plan", label="The plan")
    return found.astimezone(zone).date()


def _begin(request: Request, steps: list[Step]) -> date:
    """When week 1 begins: as the weeks that are planned say, else this week's Monday."""
    for one in steps:
        if found := _WEEK.fullmatch(one.name):
            return one.first - (int(found[1]) - 1) * WEEK
    today = request.posting.digests.today()
    return today - timedelta(days=today.weekday())


def _keys(reading: Reading, text: str) -> tuple[str, ...]:
    """The passages that `4-6, 9` names, without their captions. Raises BotError where one is not there."""
    if text.casefold() == "none":
        return ()
    numbers: list[int] = []
    for found in _RANGE.finditer(text):
        numbers += range(int(found[1]), min(int(found[2] or found[1]), int(found[1]) + 9999) + 1)
    last = max(one.number for one in reading.passages)
    if not numbers or min(numbers) < 1 or max(numbers) > last:
        words = f"The passages of this reading are ¶1 to ¶{last}. Write, for example, `passages 1-{min(3, last)}`."
        raise BotError(words)
    return tuple(reading.numbered(number)[0].key for number in dict.fromkeys(numbers) if reading.numbered(number))


def _written(reading: Reading, step: Step | None, name: str) -> str:
    """The step that puts back what was there before."""
    if step is None:
        return f"{name}: none"
    when = f"{name} from {step.first.isoformat()}" if step.first != step.last else name
    return f"{when}: passages {', '.join(str(reading.passage(key).number) for key in step.passages)}"


def _range(step: Step) -> str:
    return _say(step.first) if step.first == step.last else f"{_say(step.first)} to {_say(step.last)}"


def _say(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
