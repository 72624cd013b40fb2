"""From a line, a press or a platform's typed options to a Reply. It never raises: a mistake is answered too."""

import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from uuid import uuid4

from bot.archive.archive import Archive
from bot.archive.buttons import Buttons, fits, is_short
from bot.archive.events import Said
from bot.archive.settings import Settings
from bot.asker import Person, Place
from bot.command import Suggestion, Typed
from bot.config import Moderators
from bot.cutting import clip
from bot.digest.posting import Posting
from bot.errors import BotError
from bot.grammar import Call, bind
from bot.logs import event, fault
from bot.metrics import Metrics
from bot.readings.library import Library
from bot.registry import Registry
from bot.reply import LONGEST_LABEL, MOST_BUTTONS, Button, Note, Reply
from bot.request import Request
from bot.times import now
from bot.venues import Venues
from bot.words import clean, markdown, verbatim

Read = Callable[[Request], Awaitable[Call]]
Audience = Callable[[Reply, Person, Place], Reply]

MOST_SUGGESTIONS = 25  # Discord shows no more
MOST_REMEMBERED = 10_000
UNKNOWN = "unknown"


@dataclass(slots=True)
class Answering:
    """What answers on every platform. `cooldown` is in seconds, for a person's public replies in one channel.

    `venues` are the platforms that are connected; each joins them by itself. `moderators` says who is one.
    """

    library: Library
    registry: Registry
    settings: Settings
    buttons: Buttons
    metrics: Metrics
    default_reading: str
    archive: Archive
    venues: Venues
    posting: Posting
    moderators: Moderators = field(default_factory=Moderators)
    cooldown: float = 0.0
    clock: Callable[[], datetime] = now
    _last_public: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    async def line(self, text: str, person: Person, place: Place) -> Reply:
        """Answer a typed line, with or without its slash."""

        async def read(request: Request) -> Call:
            return self.registry.read(clean(text), request)

        return await self._answer(person, place, read, self._as_chosen)

    async def options(self, name: str, values: Mapping[str, str | int], person: Person, place: Place) -> Reply:
        """Answer a command given with typed options, as Discord sends them."""

        async def read(request: Request) -> Call:
            command = self.registry.commands.get(name)
            return bind(command, values) if command else self.registry.read(f"/{name}", request)

        return await self._answer(person, place, read, self._as_chosen)

    async def press(self, line: str, person: Person, place: Place, *, public: bool = False) -> Reply:
        """Answer a pressed button's line, or the one kept under its `#key`. Only one that posts is for everybody."""
        key, _, page = line.removeprefix("#").partition(" ") if line.startswith("#") else ("", "", "")
        taken = False

        async def read(request: Request) -> Call:
            nonlocal taken
            kept = await self.buttons.take(key, person, place) if key else line
            taken = bool(key)
            return self.registry.read(clean(f"{kept} {page}"), request)

        reply = await self._answer(person, place, read, self._cooled if public else _for_one)
        if taken and reply.refused:
            with _logged("button.not_given_back"):
                await self.buttons.give_back(key)
        return reply

    async def act(self, name: str, said: Said, person: Person) -> Reply:
        """Answer somebody who chose this action in the menu of a message."""

        async def read(_: Request) -> Call:
            if action := self.registry.actions.get(name):
                return Call(action.on(said), {})
            raise BotError("I no longer have this action. Reload the app that you use.")

        return await self._answer(person, said.place, read, _for_one)

    async def prepare_suggestions(self, name: str, person: Person, place: Place) -> None:
        """Find out what the person can read, where completions of this command's options name some of it."""
        command = self.registry.commands.get(name)
        if command and place.workspace and any(option.of_what_is_readable for option in command.options):
            with suppress(BotError):  # without it they name nothing
                await self.venues.readable(person, place)

    def suggestions(self, name: str, option: str, typed: Typed, person: Person, place: Place) -> list[Suggestion]:
        """Completions for an option while it is typed, the 25 best; none when anything is wrong, or for who may not."""
        command = self.registry.commands.get(name)
        found = next((o for o in command.options if o.name == option), None) if command else None
        if command is None or found is None or found.suggest is None:
            return []
        try:
            self.registry.check_may(command, person)
            fitting = found.suggest(self.request(person, place), typed)
            return (typed.best(fitting) if typed.text else list(islice(fitting, MOST_SUGGESTIONS)))[:MOST_SUGGESTIONS]
        except BotError:
            return []

    def request(self, person: Person, place: Place) -> Request:
        """What a command is given; for a platform that shows more than one answer on a page of its own."""

        async def answer(text: str) -> Reply:
            return await self._run(self.registry.read(text, request), request)

        request = Request(
            person,
            place,
            self.library,
            self.settings,
            self.registry,
            self.default_reading,
            self.archive,
            self.buttons,
            self.venues,
            self.posting,
            self.moderators,
            answer,
        )
        return request

    async def _run(self, call: Call, request: Request) -> Reply:
        self.registry.check_may(call.command, request.person)
        reply = await call.command.answer(request, call.arguments)
        return reply if reply.line else replace(reply, line=call.line, page=call.page)

    async def _answer(self, person: Person, place: Place, read: Read, audience: Audience) -> Reply:
        started = time.perf_counter()
        name, shown_id = UNKNOWN, ""
        try:
            request = self.request(person, place)
            call = await read(request)
            name = call.command.name
            reply = audience(await self._run(call, request), person, place)
        except BotError as error:
            reply = refusal(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours is logged here, and the asker is told its id
            shown_id = uuid4().hex[:4]
            fault("fault", error, id=shown_id, command=name, platform=place.platform)
            reply = failure(shown_id)
        self._count(name, place, "failed" if shown_id else "refused" if reply.refused else "ok", started, shown_id)
        return await self._kept(reply, person, place)

    async def _kept(self, reply: Reply, person: Person, place: Place) -> Reply:
        """The reply with its long lines kept; without those buttons when the database can't take them."""
        with _logged("buttons.not_kept"):
            return await self.buttons.keep(reply, person, place)
        short = tuple(filter(fits, reply.buttons))
        return replace(reply, buttons=short, line=reply.line if is_short(reply.line) else "")

    def _count(self, name: str, place: Place, outcome: str, started: float, shown_id: str) -> None:
        seconds = time.perf_counter() - started
        self.metrics.answered(name, place.platform, outcome, seconds)
        ms = round(seconds * 1000, 2)
        event("command", name=name, platform=place.platform, outcome=outcome, ms=ms, id=shown_id or "none")

    def _as_chosen(self, reply: Reply, person: Person, place: Place) -> Reply:
        """The reply for those who shall see it: the asker alone where they chose so, else as the cooldown allows."""
        if not (reply.private or place.direct) and self.settings.answers_for_one(person, place):
            return shareable(reply, place)
        return self._cooled(reply, person, place)

    def _cooled(self, reply: Reply, person: Person, place: Place) -> Reply:
        """The reply as it is, or for the asker alone when they had a public one here a moment ago."""
        if reply.private or place.direct or not self.cooldown:
            return reply
        asked, moment = (place.platform, place.channel, person.id), self.clock()
        last = self._last_public.get(asked)
        if last and (moment - last).total_seconds() < self.cooldown:
            note = Note(markdown(f"Shown only to you: here, one public reply in {self.cooldown:g} s."))
            return shareable(replace(reply, parts=(*reply.parts, note)), place)
        if len(self._last_public) > MOST_REMEMBERED:
            self._last_public.clear()
        self._last_public[asked] = moment
        return reply


def refusal(error: BotError) -> Reply:
    """The private reply to a mistake, with what would be right as a button."""
    buttons = (Button(clip(error.label, LONGEST_LABEL), error.line),) if error.line else ()
    return Reply("", (Note(markdown(error.words)),), buttons=buttons, private=True, refused=True)


def failure(shown_id: str) -> Reply:
    """The private reply to a fault of ours: the id under which it is in the log, and nothing of it."""
    words = f"Something went wrong (id {shown_id}). Try again; if it goes on, give that id to whoever runs this bot."
    return Reply("", (Note(verbatim(words)),), private=True, refused=True)


def _for_one(reply: Reply, _: Person, place: Place) -> Reply:
    return shareable(reply, place)


@contextmanager
def _logged(name: str) -> Iterator[None]:
    """What the database can't do is logged, and costs no more than what it was for."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        fault(name, error)


def shareable(reply: Reply, place: Place) -> Reply:
    """The reply for its asker alone, with a button that posts it where it would have been public."""
    if reply.private or place.direct or not reply.line:
        return replace(reply, private=True)
    line = reply.line if reply.page == 1 else f"{reply.line} page:{reply.page}"
    share = Button("Share with the channel", line, public=True)
    return replace(reply, private=True, buttons=(*reply.buttons[: MOST_BUTTONS - 1], share))
