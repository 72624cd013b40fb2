"""The page's WebSocket: what a visitor asks comes in as JSON, answers and news go out.

A request is `{"n": 1, "do": "say", ...}` and its answer `{"re": 1, ...}`, with a sentence in `wrong` if it was refused.
News is `{"news": message}`, for those who see the message.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiohttp import WSCloseCode, WSMsgType, web

from bot.archive.local import LocalMessage
from bot.asker import Person
from bot.command import Command
from bot.completing import command_of, completions
from bot.errors import BotError
from bot.logs import fault
from bot.platforms.web.conversation import NEWEST, Conversation
from bot.platforms.web.people import CHANNELS, DIRECT, PEOPLE, Room, person_called, room_of
from bot.words import markdown

HEARTBEAT = 20.0
LARGEST = 64_000  # bytes of one request
MOST_COMPLETIONS = 25

Json = dict[str, Any]


@dataclass(eq=False, slots=True)
class Visitor:
    """One open page: its socket, and whom it plays."""

    socket: web.WebSocketResponse
    person: Person


class Visitors:
    """The open pages."""

    def __init__(self) -> None:
        self._open: set[Visitor] = set()

    async def tell(self, message: LocalMessage, shown: Json) -> None:
        """Send a new message to every page on which it is seen."""
        for visitor in tuple(self._open):
            if message.only_for in {"", visitor.person.id} and not visitor.socket.closed:
                await visitor.socket.send_json({"news": shown})

    async def close(self) -> None:
        """Close every page's socket; the pages connect again by themselves when the bot is back."""
        for visitor in tuple(self._open):
            await visitor.socket.close(code=WSCloseCode.GOING_AWAY)

    async def serve(self, request: web.Request, conversation: Conversation) -> web.WebSocketResponse:
        """One visit, from its first request to its last."""
        visitor = Visitor(web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST), next(iter(PEOPLE.values())))
        await visitor.socket.prepare(request)
        self._open.add(visitor)
        try:
            async for frame in visitor.socket:
                if frame.type is WSMsgType.TEXT:
                    answer = await _answered(frame.data, visitor, conversation)
                    if not visitor.socket.closed:
                        await visitor.socket.send_json(answer)
        finally:
            self._open.discard(visitor)
        return visitor.socket


async def _answered(text: str, visitor: Visitor, conversation: Conversation) -> Json:
    """The answer to one request, whatever it is."""
    number: object = None
    try:
        data = _request(text)
        number = data.get("n")
        return {"re": number, **await _answer(data, visitor, conversation)}
    except BotError as error:
        return {"re": number, "wrong": markdown(error.words).plain()}
    except ValueError:
        return {"re": number, "wrong": "This is not a request that the page makes. Reload it."}
    except Exception as error:  # noqa: BLE001 - one request that fails is no reason to end the visit
        shown_id = uuid4().hex[:4]
        fault("page.fault", error, id=shown_id)
        return {"re": number, "wrong": f"Something went wrong (id {shown_id}). Try again."}


def _request(text: str) -> Json:
    """The request, with no number in it that SQLite could not hold. Raises ValueError for anything else."""
    data = json.loads(text)
    if isinstance(data, dict) and all(not isinstance(one, int) or 0 <= one <= NEWEST for one in data.values()):
        return data
    raise ValueError(text)


async def _answer(data: Json, visitor: Visitor, conversation: Conversation) -> Json:
    match data:
        case {"do": "play", "person": str(name)}:
            visitor.person = person_called(name)
            return _group(visitor.person)
        case {"channel": str(channel), "thread": int(thread), **rest}:
            return await _in_room(rest, room_of(visitor.person, channel, thread), conversation)
    raise ValueError


async def _in_room(data: Json, room: Room, conversation: Conversation) -> Json:
    match data:
        case {"do": "enter"}:
            return conversation.entered(room) | {"threads": conversation.threads(room)}
        case {"do": "earlier", "before": int(before)}:
            return conversation.entered(room, before)
        case {"do": "complete", "words": str(words)}:
            return _completed(words, room, conversation)
        case {"do": "threads"}:
            pass
        case {"do": "say", "words": str(words)}:
            await conversation.say(room, words)
        case {"do": "press", "message": int(message), "button": int(button)}:
            await conversation.press(room, message, button)
        case {"do": "dismiss", "message": int(message)}:
            await conversation.dismiss(room, message)
        case {"do": "preview", "message": int(message), "as": str(platform)}:
            return {"payload": conversation.preview(room, message, platform)}
        case _:
            raise ValueError
    return {"threads": conversation.threads(room)}


def _group(person: Person) -> Json:
    """Who there is, whom this page plays, and the channels."""
    people = [{"id": one.id, "name": one.name, "moderator": one.moderator} for one in PEOPLE.values()]
    channels = [{"id": name, "name": f"#{name}", "about": about} for name, about in CHANNELS.items()]
    direct = {"id": DIRECT, "name": "Readalong, direct", "about": "Between you and the bot alone"}
    return {"people": people, "person": person.id, "channels": [*channels, direct]}


def _completed(words: str, room: Room, conversation: Conversation) -> Json:
    """What a line can go on with, and how its command is used."""
    answering = conversation.answering
    found = completions(answering, words, room.person, room.place)[:MOST_COMPLETIONS]
    shown = [{"text": one.text, "start": one.start, "shown": one.shown, "hint": one.hint} for one in found]
    command = command_of(answering, words) if " " in words else None
    return {"completions": shown, "usage": _usage(command) if command else None}


def _usage(command: Command) -> Json:
    options = [{"name": one.name, "about": one.description, "required": one.required} for one in command.options]
    return {"line": f"/{command.name} {command.usage}".strip(), "about": command.description, "options": options}
