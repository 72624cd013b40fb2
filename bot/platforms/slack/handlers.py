"""What happens when Slack sends something: it is acknowledged at once, and answered in a task of its own.

Bolt voids the acknowledgement of a handler that raises, and waits with it for one that takes its time; so a handler
here does neither. What no handler is for is acknowledged too, without a word in the log.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import TypeVar
from uuid import uuid4

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.answering import Answering, failure
from bot.asker import Person
from bot.logs import fault
from bot.platforms.slack import incoming
from bot.platforms.slack.home import Homes, is_setting
from bot.platforms.slack.incoming import Asked, Body, Opened
from bot.platforms.slack.people import People
from bot.platforms.slack.prefix import taken_off
from bot.platforms.slack.sending import Sending

ANY = re.compile(".*", re.DOTALL)
MOST_REMEMBERED = 5000  # Slack repeats an event after 0, 1 and 5 minutes
SECONDS_TO_FINISH = 2.0

Taken = TypeVar("Taken")


class Seen:
    """The ids of events already taken, the last 5,000 of them."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}

    def again(self, event_id: str) -> bool:
        """Whether this event was taken before; it is from now on."""
        if not event_id:
            return False
        known = event_id in self._ids
        self._ids[event_id] = None
        if len(self._ids) > MOST_REMEMBERED:
            del self._ids[next(iter(self._ids))]
        return known


SEEN = Seen()  # of the process, not of a connection: an event is often repeated after a connection was lost


class Handlers:
    """Answers what people ask on Slack. `me` is the bot's own user id; `prefix` stands before commands' names."""

    def __init__(
        self, answering: Answering, people: People, sending: Sending, homes: Homes, me: str, prefix: str
    ) -> None:
        self._answering = answering
        self._people = people
        self._sending = sending
        self._homes = homes
        self._me = me
        self._prefix = prefix
        self._tasks: set[asyncio.Task[None]] = set()

    def install(self, app: AsyncApp) -> None:
        """Register everything with the app."""
        app.command(ANY)(self._taking(incoming.command, self._work))
        app.block_action(ANY)(self._taking(incoming.action, self._work))
        app.event("app_mention")(self._taking(lambda body: incoming.mention(body, self._me), self._work))
        app.event("message")(self._taking(lambda body: incoming.direct(body, self._me), self._work))
        app.event("app_home_opened")(self._taking(incoming.opened, self._show_home))
        app.error(_unhandled)

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Do some work in a task that `finish` waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Let what is under way come to its end for a moment, then stop it."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=SECONDS_TO_FINISH)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _taking(
        self, read: Callable[[Body], Taken | None], work: Callable[[Taken], Coroutine[None, None, None]]
    ) -> Callable[[AsyncAck, Body], Coroutine[None, None, None]]:
        async def take(ack: AsyncAck, body: Body) -> None:
            await ack()
            found = read(body)
            if found and not SEEN.again(incoming.event_id(body)):
                self.start(work(found))

        return take

    async def _work(self, asked: Asked) -> None:
        try:
            await self._answer(asked)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the asker is told
            shown_id = uuid4().hex[:4]
            fault("slack.failed", error, id=shown_id)
            await self._say_failure(shown_id, asked)

    async def _answer(self, asked: Asked) -> None:
        person = Person(asked.person, asked.name, await self._people.is_moderator(asked.person))
        if asked.button:
            reply = await self._answering.press(asked.line, person, asked.place, public=asked.public)
        else:
            line = taken_off(asked.line, self._prefix, self._answering.registry.commands)
            reply = await self._answering.line(line, person, asked.place)
        on_home = asked.home and is_setting(asked.line) and not reply.refused
        if not (on_home and await self._homes.show(person, asked.place)):
            await self._sending.send(reply, asked)

    async def _show_home(self, opened: Opened) -> None:
        person = Person(opened.person, "", await self._people.is_moderator(opened.person))
        await self._homes.show(person, opened.place, opened.shown)

    async def _say_failure(self, shown_id: str, asked: Asked) -> None:
        try:
            await self._sending.send(failure(shown_id), asked)
        except Exception as error:  # noqa: BLE001 - Slack can't be reached: the log has to do
            fault("slack.unsaid", error, id=shown_id)


async def _unhandled(error: Exception) -> BoltResponse:
    """Acknowledge what no handler is for, and what was too odd for Bolt: sending it again would not help."""
    if not isinstance(error, BoltUnhandledRequestError):
        fault("slack.odd_payload", error)
    return BoltResponse(status=200, body="")
