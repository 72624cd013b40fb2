"""A small Discord on this machine, for the real discord.py: its REST API and its gateway, on a free port.

It records every request and can refuse the next ones (429, 401, 5xx); the gateway can drop, resume, invalidate and
close. Nothing is checked as the real one checks it: limits are for tests of the renderer.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, TypeVar

from aiohttp import web

from tests.servers import discord_payloads as made
from tests.servers.discord_gateway import Gateway
from tests.servers.discord_payloads import Payload
from tests.servers.discord_rooms import PRIVATE_THREAD, PUBLIC_THREAD, Events, Rooms

T = TypeVar("T")

UNKNOWN_CHANNEL, UNKNOWN_MEMBER = 10003, 10007
PATIENCE = 10.0  # seconds that a test waits for something that should happen at once
RATE_LIMIT = {"Via": "1.1 google", "X-RateLimit-Scope": "user"}  # without Via a client must not try again


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of the bot. `body` is its JSON, `files` the names of what it uploads with their contents.

    `at` is when all of it was here, in seconds of the monotonic clock.
    """

    method: str
    path: str
    body: Any
    files: Mapping[str, bytes] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic, compare=False)


@dataclass(slots=True)
class Refusal:
    """An answer for the next `times` requests whose method and path match."""

    method: str
    path: str
    status: int
    body: Payload
    headers: Mapping[str, str]
    times: int


class DiscordServer:
    """The server. `requests` is all that the bot sent; `gateway` is the other half."""

    def __init__(self, token: str = made.TOKEN) -> None:
        self.token = token
        self.requests: list[Sent] = []
        self.api_url = ""
        self.commands: list[Payload] = []
        self.guild = made.guild()
        self.rooms = Rooms(self.guild)
        self.application = _application()
        self.date = ""  # the time of its answers, where it isn't that of this machine
        self._refusals: list[Refusal] = []
        self._telling: Events = []
        self._activity = asyncio.Event()
        self.gateway = Gateway(token, self._activity.set, self.guild)

    @classmethod
    @asynccontextmanager
    async def running(cls, token: str = made.TOKEN, port: int = 0) -> AsyncIterator["DiscordServer"]:
        """The server on 127.0.0.1, on a free port unless one is named."""
        server = cls(token)
        app = web.Application()
        app.router.add_get("/gateway/", server.gateway.handle)
        app.router.add_route("*", "/api/v10/{path:.*}", server._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            host = f"127.0.0.1:{runner.addresses[0][1]}"
            server.api_url, server.gateway.url = f"http://{host}/api/v10", f"ws://{host}/gateway/"
            yield server
        finally:
            await runner.cleanup()

    def refuse(
        self, method: str, path: str, status: int, *, code: int = 0, body: Payload | None = None, times: int = 1
    ) -> None:
        """Answer the next requests that match (`*` in a path stands for anything) with a status and Discord's code."""
        self._refusals.append(Refusal(method, path, status, body or {"message": "refused", "code": code}, {}, times))

    def limit_rate(self, method: str, path: str, seconds: float) -> None:
        """Answer the next such request with 429, as the real one does: try again after so many seconds."""
        body = {"message": "You are being rate limited.", "retry_after": seconds, "global": False}
        self._refusals.append(Refusal(method, path, 429, body, {**RATE_LIMIT, "Retry-After": str(seconds)}, 1))

    def sent(self, method: str, path: str) -> list[Sent]:
        """The bot's requests that match, in their order."""
        return [one for one in self.requests if one.method == method and fnmatch(one.path, path)]

    async def until(self, found: Callable[[], T]) -> T:
        """Wait until `found` gives something true, looking again after everything that happens here."""
        async with asyncio.timeout(PATIENCE):
            while not (value := found()):
                self._activity.clear()
                await self._activity.wait()
        return value

    async def connected(self, times: int = 1) -> None:
        """Wait until the bot has identified itself so many times in all."""
        await self.until(lambda: self.gateway.log.count("identify") >= times)

    async def interact(self, kind: int, data: Payload, **who_and_where: Payload) -> Sent:
        """Let somebody use the bot, and give its first answer: the callback."""
        payload = made.interaction(kind, data, **who_and_where)
        await self.gateway.dispatch("INTERACTION_CREATE", payload)
        return await self.answered(payload)

    async def answered(self, payload: Payload) -> Sent:
        """Wait for the callback of an interaction that was sent."""
        path = f"/interactions/{payload['id']}/*"
        return (await self.until(lambda: self.sent("POST", path)))[-1]

    async def slash(self, name: str, options: Mapping[str, str | int] | None = None, **who_and_where: Payload) -> Sent:
        """Let somebody type a slash command."""
        return await self.interact(2, made.command(name, options), **who_and_where)

    async def press(self, shown: Sent, label: str, **who_and_where: Payload) -> Sent:
        """Let somebody press the button with this label, on the message of an earlier callback."""
        message = made.message(shown.body["data"])
        found = [b for row in message["components"] for b in row["components"] if b["label"] == label]
        data = {"custom_id": found[0]["custom_id"], "component_type": 2}
        payload = made.interaction(3, data, **who_and_where) | {"message": message}
        await self.gateway.dispatch("INTERACTION_CREATE", payload)
        return await self.answered(payload)

    async def _handle(self, request: web.Request) -> web.Response:
        sent = await _read(request)
        self.requests.append(sent)
        self._activity.set()
        dated = {"Date": self.date} if self.date else {}
        if refusal := self._refused(sent, request):
            return _json(refusal.body, refusal.status, {**refusal.headers, **dated})
        try:
            answer = self._answer(sent)
        except Missing as missing:
            return _json({"message": "Unknown", "code": missing.args[0]}, 404, dated)
        for name, payload in self._telling:
            await self.gateway.dispatch(name, payload)
        self._telling.clear()
        return web.Response(status=204) if answer is None else _json(answer, 200, dated)

    async def tell(self, events: Events) -> None:
        """Have the gateway tell of a change in the rooms."""
        for name, payload in events:
            await self.gateway.dispatch(name, payload)

    async def say(self, channel: str, text: str, **more: Any) -> Payload:
        """Let somebody say something, and the bot hear it."""
        message, events = self.rooms.say(channel, text, **more)
        await self.tell(events)
        return message

    def _refused(self, sent: Sent, request: web.Request) -> Refusal | None:
        for one in self._refusals:
            if one.times and one.method == sent.method and fnmatch(sent.path, one.path):
                one.times -= 1
                return one
        by_token = sent.path.startswith(("/interactions/", "/webhooks/"))
        if by_token or request.headers.get("Authorization") == f"Bot {self.token}":
            return None
        return Refusal("", "", 401, {"message": "401: Unauthorized", "code": 0}, {}, 0)

    def _answer(self, sent: Sent) -> Any:
        """The JSON of a good answer, or None for an empty one. An unknown route is a fault of the test."""
        match [sent.method, *sent.path.strip("/").split("/")]:
            case ["PUT", "applications", application, "commands"]:
                self.commands = [made.held_command(one, application) for one in sent.body]
                return self.commands
            case ["GET", "channels", channel, "messages"]:
                return self.rooms.history(channel, sent.query)
            case ["POST", "channels", channel, "messages"]:
                return self._posted(channel, sent.body)
            case ["POST", "channels", channel, "threads"]:
                return self._opened(channel, sent.body)
            case ["GET", *route]:
                return self._held(route)
            case route:
                return _done(sent, route)

    def _held(self, route: list[str]) -> Any:  # noqa: PLR0911 - a line for each route
        match route:
            case ["users", "@me"]:
                return made.BOT
            case ["oauth2", "applications", "@me"]:
                return self.application
            case ["applications", _, "commands"]:
                return self.commands
            case ["channels", channel]:
                return _found((one for one in self._channels() if one["id"] == channel), UNKNOWN_CHANNEL)
            case ["channels", thread, "thread-members", member]:
                people = self.rooms.in_thread[thread]
                return _found(({"user_id": one, "id": thread} for one in people if one == member), UNKNOWN_MEMBER)
            case ["channels", channel, "threads", "archived", kind]:
                threads = self.rooms.archived(channel, PRIVATE_THREAD if kind == "private" else PUBLIC_THREAD)
                return {"threads": threads, "members": [], "has_more": False}
            case ["guilds", _, "threads", "active"]:
                return {"threads": self.rooms.active(), "members": []}
            case ["guilds", _, "members", member]:
                return _found((one for one in self.guild["members"] if one["user"]["id"] == member), UNKNOWN_MEMBER)
            case ["guilds", _]:
                return self.guild
        raise LookupError(route)

    def _posted(self, channel: str, body: Payload) -> Payload:
        """The bot posts something, and the gateway tells it of that too."""
        _found((one for one in self._channels() if one["id"] == channel), UNKNOWN_CHANNEL)
        shown = {key: body.get(key, []) for key in ("embeds", "components")}
        message, events = self.rooms.say(channel, str(body.get("content") or ""), who=made.BOT, **shown)
        self._telling += events
        return message

    def _opened(self, channel: str, body: Payload) -> Payload:
        """The bot opens a thread: in a forum with its first message, whose id is the thread's."""
        thread = self.rooms.open_thread(channel, str(body["name"]))
        self._telling.append(("THREAD_CREATE", {**thread, "newly_created": True}))
        if "message" not in body:
            return thread
        first = self._posted(thread["id"], body["message"])
        first["id"] = thread["id"]
        return {**thread, "message": first}

    def _channels(self) -> list[Payload]:
        return [*self.guild["channels"], *self.guild["threads"], made.direct_channel()]


class Missing(Exception):
    """What was asked for is not there; its code says what it is."""


def _found(values: Iterable[T], code: int) -> T:
    """The first of them. Raises Missing when there is none."""
    for value in values:
        return value
    raise Missing(code)


async def _read(request: web.Request) -> Sent:
    path = "/" + request.match_info["path"]
    if request.content_type == "multipart/form-data":
        form = await request.post()
        files = {part.filename: part.file.read() for part in form.values() if isinstance(part, web.FileField)}
        return Sent(request.method, path, json.loads(str(form["payload_json"])), files, dict(request.query))
    text = await request.text()
    return Sent(request.method, path, json.loads(text) if text else None, {}, dict(request.query))


def _json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON without a charset in its type, which is the one form that discord.py takes for JSON."""
    body = json.dumps(value).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def _done(sent: Sent, route: list[str]) -> Any:
    match route:
        case ["POST", "interactions", identity, _, "callback"] if sent.query.get("with_response") in {"1", "true"}:
            return _callback(identity, sent.body)
        case ["POST", "interactions", _, _, "callback"]:
            return None
        case ["POST" | "PATCH", "webhooks", *_]:
            return made.message(sent.body)
    raise LookupError(route)


def _application() -> Payload:
    return {
        "id": made.APPLICATION,
        "name": "Readalong",
        "icon": None,
        "description": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "",
        "flags": 1 << 19,  # messages' content is switched on
        "approximate_guild_count": 1,
        "owner": made.user("400000000000000009", "operator"),
        "team": None,
    }


def _callback(identity: str, body: Payload) -> Payload:
    data = body.get("data") or {}
    shown = made.message(data)
    private = bool(data.get("flags", 0) & 64)
    about = {"id": identity, "type": 2, "response_message_id": shown["id"], "response_message_ephemeral": private}
    return {"interaction": about, "resource": {"type": body["type"], "message": shown}}
