"""What happens when Slack sends something: a question is acknowledged at once, and answered in a task of its own.

Bolt voids the acknowledgement of a handler that raises, and waits with it for one that takes its time; so a handler
here does neither, but for what is said in channels: that is acknowledged once it is saved (listening.py). What no
handler is for is acknowledged too, without a word in the log.
"""

import re
from collections.abc import Callable, Coroutine
from typing import TypeVar
from uuid import uuid4

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.answering import Answering, failure, refusal
from bot.asker import Person
from bot.errors import BotError
from bot.logs import fault
from bot.platforms.slack import incoming
from bot.platforms.slack.home import Homes, is_setting
from bot.platforms.slack.incoming import Asked, Chosen, Opened
from bot.platforms.slack.listening import HEARD, Listening
from bot.platforms.slack.payload import Body
from bot.platforms.slack.people import People
from bot.platforms.slack.prefix import taken_off
from bot.platforms.slack.sending import Sending
from bot.platforms.slack.tasks import Tasks
from bot.values import value

ANY = re.compile(".*", re.DOTALL)
MOST_REMEMBERED = 5000  # Slack repeats an event after 0, 1 and 5 minutes

NO_SPEECH = "There is nothing in this message that can be saved. Choose one that somebody wrote."

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


@value
class Handlers:
    """Answers what people ask on Slack. `me` is the bot's own user id; `prefix` stands before commands' names."""

    answering: Answering
    people: People
    sending: Sending
    homes: Homes
    listening: Listening
    tasks: Tasks
    me: str
    prefix: str

    def install(self, app: AsyncApp) -> None:
        """Register everything with the app."""
        app.command(ANY)(self._taking(incoming.command, self._work))
        app.block_action(ANY)(self._taking(incoming.action, self._work))
        app.event("app_mention")(self._taking(lambda body: incoming.mention(body, self.me), self._work))
        app.event("message")(self._message)
        for kind in HEARD:
            app.event(kind)(self.listening.take)
        app.message_shortcut(ANY)(self._taking(self._chosen, self._act))
        app.event("app_home_opened")(self._taking(incoming.opened, self._show_home))
        app.error(_unhandled)

    def _taking(
        self, read: Callable[[Body], Taken | None], work: Callable[[Taken], Coroutine[None, None, None]]
    ) -> Callable[[AsyncAck, Body], Coroutine[None, None, None]]:
        async def take(ack: AsyncAck, body: Body) -> None:
            await ack()
            found = read(body)
            if found and not SEEN.again(incoming.event_id(body)):
                self.tasks.start(work(found))

        return take

    async def _message(self, ack: AsyncAck, body: Body) -> BoltResponse | None:
        """A line typed to the bot alone is answered and never saved; any other message is for the saved discussions."""
        if not incoming.is_direct(body):
            return await self.listening.take(ack, body)
        await self._taking(lambda it: incoming.direct(it, self.me), self._work)(ack, body)
        return None

    def _chosen(self, body: Body) -> Chosen | None:
        return incoming.chosen(body, self.listening.said)

    async def _work(self, asked: Asked) -> None:
        await self._or_failure(self._answer(asked), asked)

    async def _act(self, chosen: Chosen) -> None:
        await self._or_failure(self._do(chosen), chosen.asked)

    async def _or_failure(self, work: Coroutine[None, None, None], asked: Asked) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the asker is told
            shown_id = uuid4().hex[:4]
            fault("slack.failed", error, id=shown_id)
            await self._say_failure(shown_id, asked)

    async def _person(self, asked: Asked) -> Person:
        moderator = await self.people.is_moderator(asked.person)
        return Person(asked.person, self.people.name_of(asked.person) or asked.name, moderator)

    async def _do(self, chosen: Chosen) -> None:
        reply = refusal(BotError(NO_SPEECH))
        if chosen.said:
            reply = await self.answering.act(chosen.asked.line, chosen.said, await self._person(chosen.asked))
        await self.sending.send(reply, chosen.asked)

    async def _answer(self, asked: Asked) -> None:
        person = await self._person(asked)
        if asked.button:
            reply = await self.answering.press(asked.line, person, asked.place, public=asked.public)
        else:
            line = taken_off(asked.line, self.prefix, self.answering.registry.commands)
            reply = await self.answering.line(line, person, asked.place)
        on_home = asked.home and is_setting(asked.line) and not reply.refused
        if not (on_home and await self.homes.show(person, asked.place)):
            await self.sending.send(reply, asked)

    async def _show_home(self, opened: Opened) -> None:
        person = Person(opened.person, "", await self.people.is_moderator(opened.person))
        await self.homes.show(person, opened.place, opened.shown)

    async def _say_failure(self, shown_id: str, asked: Asked) -> None:
        try:
            await self.sending.send(failure(shown_id), asked)
        except Exception as error:  # noqa: BLE001 - Slack can't be reached: the log has to do
            fault("slack.unsaid", error, id=shown_id)


async def _unhandled(error: Exception) -> BoltResponse:
    """Acknowledge what no handler is for, and what was too odd for Bolt: sending it again would not help."""
    if not isinstance(error, BoltUnhandledRequestError):
        fault("slack.odd_payload", error)
    return BoltResponse(status=200, body="")
