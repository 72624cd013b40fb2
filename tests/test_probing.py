"""Nobody learns from the bot what they could not read in the channel itself.

Two archives are asked the same: one that also holds what the asker may not read, and one that never did. Whoever asks,
whatever they ask, press or share, however the platform answers, both say the same to the letter.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot import app
from bot.answering import Answering
from bot.archive.discussions import Anchor
from bot.archive.events import Author
from bot.asker import Person, Place
from bot.command import Typed
from bot.config import Config
from bot.reply import Reply
from bot.venues import SECONDS_TO_ANSWER
from tests.conftest import JUN, KURILS, MODERATOR, Bot
from tests.venues import MadeUpVenue

OPEN = Place("discord", "1", "10", "70")
HIDDEN = {
    "channel": Place("discord", "1", "12"),
    "its thread": Place("discord", "1", "12", "72"),
    "private thread": Place("discord", "1", "10", "55", private=True),
    "other workspace": Place("discord", "2", "20", "80"),
}
INSIDER = Person("U7", "Insider")
REMOVED = Person("U8", "Removed")
ELSEWHERE = Place("discord", "3", "30")
STRANGER = Person("U6", "Stranger")
OUTSIDE = Person("U5", "Olga", moderator=True)
MOST_PRESSED = 600
# The minute, since one archive is asked after the other; a fault's id; the row by which a digest's button knows what.
CHANCE = re.compile(r"\d\d:\d\d|\(id \w{4}\)|\b[tmr]\d+\b")

LINES = (
    "/saved", "/saved ¶3", "/saved kurils", "/remarks", "/passage 3", "/kurils", "/topics portsmouth", "/privacy",
    "/find", "/find treaty", "/find hushed", "/find hush*", '/find "hushed treaty"', "/find -treaty", "/find in:12",
    "/find in:#mods", "/find in:55", '/find in:"Hushed title"', "/find from:Insider", "/find from:U7",
    "/find has:quote", "/find passage:3", "/find after:2026-11-01 before:2026-12-01", "/find treaty order:best",
    "/find treaty share:yes", "/find hushed share:yes", "/find in:20", "/discuss ¶3 preview:yes", "/coverage",
    "/coverage channel:12", "/coverage channel:#mods", "/digest day:2026-11-09", "/digest channel:12",
    "/digest channel:#mods", "/remarks drop:12/600", "/save what:thread", "/unsave",
    "/post-digest day:2026-11-09", "/post-digest to:12", "/schedule channel:12", "/plan", "/moderators", "/privacy out",
)  # fmt: skip


@dataclass
class World:
    """One archive with what answers from it, and the platform beside it."""

    answering: Answering
    venue: MadeUpVenue


@asynccontextmanager
async def world(config: Config, path: Path, *, secrets: bool) -> AsyncIterator[World]:
    """A group with one open discussion, and, with `secrets`, what is hidden from the askers."""
    venue = MadeUpVenue()
    venue.private_channels["12"] = venue.private_threads["55"] = frozenset({INSIDER.id, MODERATOR.id})
    venue.members |= {INSIDER.id, OUTSIDE.id}
    async with app.assembled(replace(config, archive=replace(config.archive, path=path))) as answering:
        await venue.join(answering.venues, answering.archive)
        await fill(answering, venue, OPEN, "In the open", "A treaty in the open", id_="500")
        if secrets:
            for number, place in enumerate(HIDDEN.values()):
                await fill(answering, venue, place, "Hushed title", f"A hushed treaty {number}", id_=f"60{number}")
        yield World(answering, venue)


async def fill(answering: Answering, venue: MadeUpVenue, place: Place, title: str, words: str, *, id_: str) -> None:
    """A saved discussion on ¶3, or a saved channel, with one message, which quotes the reading and is a remark too."""
    archive, reading = answering.archive, answering.library.readings["japan-russia-2016"]
    author = Author(INSIDER.id, INSIDER.name) if title != "In the open" else Author(JUN.id, JUN.name)
    if place.thread:
        await archive.discussions.keep(place, title, author, Anchor(reading.slug, reading.numbered(3)[0].key))
    else:
        await archive.discussions.keep_channel(place, "mods")
    said = venue.say(place, author, f"{words}: “{reading.quotations[0].text}”", id_=id_)
    await archive.hear(said)
    await archive.remarks.save(said, Person(author.id, author.name))
    await archive.audit.note(place, Person(author.id, author.name), "save", place.thread or place.channel)


@pytest.fixture
async def worlds(config: Config, tmp_path: Path) -> AsyncIterator[tuple[World, World]]:
    """The archive that holds secrets, and the one that never did."""
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(world(config, tmp_path / "with.db", secrets=True)),
            await stack.enter_async_context(world(config, tmp_path / "without.db", secrets=False)),
        )


def every_line(answering: Answering) -> list[str]:
    """Every command, as its example has it, and what somebody would ask who wants to know more than that."""
    examples = sorted(command.example for command in answering.registry.commands.values())
    return [*LINES, *(one for one in examples if one not in LINES)]


def completed(bot: Bot) -> list[tuple[str, str]]:
    """What is suggested for every option of every command, whatever somebody began to type there."""
    options = [(name, one.name) for name, command in bot.answering.registry.commands.items() for one in command.options]
    return [
        (
            f"{name} {option}:{typed}",
            str([*bot.answering.suggestions(name, option, Typed(typed, {}), bot.person, bot.place)]),
        )
        for name, option in sorted(options)
        for typed in ("", "1", "Hushed", "mods", "in")
    ]


async def everything(bot: Bot, lines: Iterable[str]) -> list[tuple[str, str]]:
    """What a person is told who types these lines and then presses every button that comes of it, once each."""
    told: list[tuple[str, str]] = []
    seen: set[tuple[str, bool]] = set()
    waiting: list[tuple[str, Reply]] = [(one, await bot.say(one)) for one in lines]
    while waiting and len(seen) < MOST_PRESSED:
        path, reply = waiting.pop(0)
        told.append((path, shown(reply)))
        for button in reply.buttons:
            key = (button.label, button.public) if button.line.startswith("#") else (button.line, button.public)
            if key not in seen:
                seen.add(key)
                waiting.append((f"{path} > {button.label}", await bot.press_button(button)))
    return told


def shown(reply: Reply) -> str:
    """All that a reply tells: its words, its buttons, and who sees it."""
    labels = [
        (one.label, one.public, one.once, one.line if not one.line.startswith("#") else "#") for one in reply.buttons
    ]
    told = f"{reply.plain()}\n{labels}\n{reply.private} {reply.refused}"
    return CHANCE.sub("...", told)


PROBERS = {
    "a member without the private channel": (JUN, KURILS),
    "the same in the channel's thread": (JUN, OPEN),
    "somebody who was removed": (REMOVED, KURILS),
    "a member of another workspace": (STRANGER, ELSEWHERE),
    "a moderator without the private channel": (OUTSIDE, KURILS),
    "the same in the channel's thread, as a moderator": (OUTSIDE, OPEN),
    "a member in a direct conversation": (JUN, Place("discord", "", "99", direct=True)),
    "somebody removed, in a direct conversation": (REMOVED, Place("discord", "", "98", direct=True)),
}


def nothing_wrong(_: MadeUpVenue) -> None:
    """The platform answers."""


def away(venue: MadeUpVenue) -> None:
    venue.trouble = OSError("the platform is away")


def limited(venue: MadeUpVenue) -> None:
    venue.trouble = RuntimeError("429 Too Many Requests")


def late(venue: MadeUpVenue) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    venue.readable = venue.audience = never  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize("prober", PROBERS)
async def test_whoever_asks_learns_nothing_of_what_is_not_theirs(prober: str, worlds: tuple[World, World]) -> None:
    person, place = PROBERS[prober]
    answers = [await everything(Bot(one.answering, person, place), every_line(one.answering)) for one in worlds]
    suggested = [completed(Bot(one.answering, person, place)) for one in worlds]

    assert answers[0] == answers[1]
    assert suggested[0] == suggested[1]
    assert len(answers[0]) > len(LINES)
    assert not any("A hushed treaty" in text for _, text in answers[0])


@pytest.mark.parametrize("person", [JUN, OUTSIDE])
@pytest.mark.parametrize("trouble", [away, limited, late])
async def test_however_the_platform_answers_nothing_is_learnt(
    trouble: Callable[[MadeUpVenue], None], person: Person, worlds: tuple[World, World]
) -> None:
    for one in worlds:
        one.answering.venues._patience = SECONDS_TO_ANSWER / 100
        trouble(one.venue)
    answers = [await everything(Bot(one.answering, person, KURILS), every_line(one.answering)) for one in worlds]
    told = dict(answers[0])

    assert answers[0] == answers[1]
    for line in ("/find treaty", "/saved", "/remarks", "/find hushed share:yes"):
        assert "I can't check what you may read right now" in told[line]
    assert "Here:" not in told["/passage 3"]


async def test_who_may_read_it_finds_it_all_and_shares_only_what_all_may_read(worlds: tuple[World, World]) -> None:
    bot = Bot(worlds[0].answering, INSIDER, KURILS)
    found = await bot.say("/find treaty")
    shared = await bot.say("/find treaty share:yes")
    hidden = await bot.say("/find hushed share:yes")
    listed = await bot.say("/saved ¶3")
    card = await bot.say("/passage 3")

    assert all(f"hushed treaty {number}" in found.plain() for number in range(3))
    assert "hushed treaty 3" not in found.plain()
    assert "Hushed title" in listed.plain()
    assert not shared.private
    assert "hushed" not in shared.plain().casefold()
    assert hidden.refused
    assert "Here: one discussion." in card.plain()


async def test_somebody_who_is_removed_reads_nothing_a_minute_later_at_most(worlds: tuple[World, World]) -> None:
    one = worlds[0]
    bot = Bot(one.answering, INSIDER, KURILS)
    before = await bot.say("/find hushed")
    one.venue.members -= {INSIDER.id}
    one.answering.venues.changed("discord", "1")
    after = await bot.say("/find hushed")

    assert "hushed treaty 1" in before.plain()
    assert "hushed" not in after.plain().replace("“hushed”", "").replace("Find: hushed", "")


async def test_a_one_use_button_of_somebody_else_does_nothing(worlds: tuple[World, World]) -> None:
    one = worlds[0]
    asked = await Bot(one.answering, INSIDER, KURILS).say("/privacy out")
    (button,) = [button for button in asked.buttons if button.once]
    pressed = await Bot(one.answering, JUN, KURILS).press_button(button)

    assert pressed.refused
    assert not one.answering.archive.privacy.is_out("discord", INSIDER.id)
