"""The page's WebSocket: what a visitor asks comes in as JSON, answers and news go out.

A request is `{"n": 1, "do": "say", ...}` and its answer `{"re": 1, ...}`, with a sentence in `wrong` if it was refused.
News is `{"news": message}` for those who see the message, or `{"gone": id}` for whoever dismissed one.
"""

import json
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.asker import Person
from bot.command import Command
from bot.completing import command_of, completions
from bot.errors import BotError
from bot.logs import fault
from bot.platforms.web.conversation import NEWEST, Conversation
from bot.platforms.web.people import CHANNELS, DIRECT, PEOPLE, Room, person_called, room_of
from bot.platforms.web.visitors import Visitor, Visitors
from bot.words import markdown

MOST_COMPLETIONS = 25

Json = dict[str, Any]


class _NoRequest(Exception):
    """Nothing that the page would ask."""


async def serve(request: web.Request, visitors: Visitors, conversation: Conversation) -> web.WebSocketResponse:
    """One visit, from its first request to its last."""
    async with visitors.visiting(request, next(iter(PEOPLE.values()))) as visitor:
        async for frame in visitor.socket:
            if frame.type is WSMsgType.TEXT:
                visitor.send(await _answered(frame.data, visitor, conversation))
        return visitor.socket


async def _answered(text: str, visitor: Visitor, conversation: Conversation) -> Json:
    """The answer to one request, whatever it is."""
    number: object = None
    try:
        data = _read(text)
        number = data.get("n")
        return {"re": number, **await _answer(_checked(data), visitor, conversation)}
    except BotError as error:
        return {"re": number, "wrong": markdown(error.words).plain()}
    except _NoRequest:
        return {"re": number, "wrong": "This is not a request that the page makes. Reload it."}
    except Exception as error:  # noqa: BLE001 - one request that fails is no reason to end the visit
        shown_id = uuid4().hex[:4]
        fault("page.fault", error, id=shown_id)
        return {"re": number, "wrong": f"Something went wrong (id {shown_id}). Try again."}


def _read(text: str) -> Json:
    try:
        data = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _NoRequest from None
    if not isinstance(data, dict):
        raise _NoRequest
    return data


def _no_number(_: str) -> None:
    raise _NoRequest


def _checked(data: Json) -> Json:
    """The request, if no number in it is one that SQLite could not hold."""
    if any(isinstance(one, int) and not 0 <= one <= NEWEST for one in data.values()):
        raise _NoRequest
    return data


async def _answer(data: Json, visitor: Visitor, conversation: Conversation) -> Json:
    match data:
        case {"do": "play", "person": str(name)}:
            visitor.person = person_called(name)
            return _group(visitor.person) | {"actions": _actions(visitor.person, conversation)}
        case {"channel": str(channel), "thread": int(thread), **rest}:
            room = room_of(visitor.person, channel, thread)
            conversation.check(room)
            return await _in_room(rest, room, conversation)
    raise _NoRequest


async def _in_room(data: Json, room: Room, conversation: Conversation) -> Json:
    match data:
        case {"do": "enter"}:
            return conversation.entered(room) | {"threads": conversation.threads(room)}
        case {"do": "earlier", "before": int(before)}:
            return conversation.entered(room, before)
        case {"do": "threads"}:
            return {"threads": conversation.threads(room)}
        case {"do": "complete", "words": str(words)}:
            return await _completed(words, room, conversation)
        case {"do": "preview", "message": int(message), "as": str(platform)}:
            page = data.get("page", 1)
            return conversation.preview(room, message, platform, max(page, 1) if isinstance(page, int) else 1)
        case {"do": "say", "words": str(words)}:
            await conversation.say(room, words)
        case {"do": "press", "message": int(message), "button": int(button)}:
            await conversation.press(room, message, button)
        case {"do": "act", "message": int(message), "action": str(name)}:
            await conversation.act(room, message, name)
        case {"do": "dismiss", "message": int(message)}:
            await conversation.dismiss(room, message)
        case _:
            raise _NoRequest
    return {"threads": conversation.threads(room)} if room.thread else {}


def _group(person: Person) -> Json:
    """Who there is, whom this page plays, and the channels."""
    people = [{"id": one.id, "name": one.name, "moderator": one.moderator} for one in PEOPLE.values()]
    channels = [{"id": name, "name": f"#{name}", "about": about} for name, about in CHANNELS.items()]
    direct = {"id": DIRECT, "name": "Readalong, direct", "about": "Between you and the bot alone"}
    return {"people": people, "person": person.id, "channels": [*channels, direct]}


def _actions(person: Person, conversation: Conversation) -> list[Json]:
    """What this person may do with a message."""
    actions = conversation.answering.registry.actions.values()
    return [{"name": one.name, "label": one.label} for one in actions if one.moderators <= person.moderator]


async def _completed(words: str, room: Room, conversation: Conversation) -> Json:
    """What a line can go on with, and how its command is used."""
    answering = conversation.answering
    if command := command_of(answering, words):
        await answering.prepare_suggestions(command.name, room.person, room.place)
    found = completions(answering, words, room.person, room.place)[:MOST_COMPLETIONS]
    shown = [{"text": one.text, "start": one.start, "shown": one.shown, "hint": one.hint} for one in found]
    return {"completions": shown, "usage": _usage(command) if command and " " in words else None}


def _usage(command: Command) -> Json:
    options = [{"name": one.name, "about": one.description, "required": one.required} for one in command.options]
    return {"line": f"/{command.name} {command.usage}".strip(), "about": command.description, "options": options}
