"""A small Slack on loopback: Web API, Socket Mode, response URLs, and a signer for HTTP mode.

It records all that reaches it, and can refuse, limit, drop, repeat and send odd things. A test waits for a condition
with `until`. Nothing here is Slack: it answers as Slack's documentation says.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

from aiohttp import WSMsgType, web

Json = dict[str, Any]

BOT_TOKEN = "xoxb-made-up-bot-token"
APP_TOKEN = "xapp-made-up-app-token"
SECRET = "made-up-signing-secret"
TEAM, ME, BOT = "T1", "U0BOT", "B0BOT"
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a Web API method."""

    method: str
    arguments: Json
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method answers once, instead of what it would: a refusal, or a status with headers."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def refusal(code: str) -> Answer:
    """Slack's way of saying no."""
    return Answer({"ok": False, "error": code})


def limited(seconds: int = 0) -> Answer:
    """Too many requests."""
    return Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})


class SlackServer:
    """The workspace T1 with its people; `calls`, `said`, `acks` and `uploads` are what reached it."""

    def __init__(self) -> None:
        self.address = ""
        self.calls: list[Call] = []
        self.said: list[Json] = []  # what was sent to response URLs
        self.acks: dict[str, float] = {}
        self.uploads: dict[str, bytes] = {}
        self.sockets: list[web.WebSocketResponse] = []
        self.connections = 0
        self.most_at_once = 0
        self.people: dict[str, Json] = defaultdict(lambda: {"team_id": TEAM, "is_admin": False, "is_owner": False})
        self.scripted: dict[str, deque[Answer]] = defaultdict(deque)
        self.held: dict[str, asyncio.Event] = {}
        self.greets = True
        self.scopes = ""  # as the header x-oauth-scopes names those granted
        self.date = ""  # the time of its answers, where it isn't that of this machine
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()

    @property
    def api_url(self) -> str:
        """For `[slack] api_url`."""
        return f"{self.address}/api/"

    @property
    def response_url(self) -> str:
        """For the payload of a command or a button; anything sent there is in `said`."""
        return f"{self.address}/respond/{uuid4().hex}"

    def answers(self, method: str, *answers: Answer) -> None:
        """Script the next answers of a method; `respond` stands for the response URLs, `upload` for the upload."""
        self.scripted[method].extend(answers)

    def hold(self, method: str) -> asyncio.Event:
        """Answer this method's calls only once the event is set; they are recorded before."""
        return self.held.setdefault(method, asyncio.Event())

    def made(self, method: str) -> list[Json]:
        """The arguments of every call of a method."""
        return [call.arguments for call in self.calls if call.method == method]

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until something is true; raises TimeoutError after five seconds."""
        async with asyncio.timeout(SECONDS), self._changed:
            await self._changed.wait_for(true)

    async def told(self) -> None:
        """Let whoever waits look again."""
        async with self._changed:
            self._changed.notify_all()

    # --- Socket Mode

    async def connected(self, count: int = 1) -> None:
        """Wait until so many connections have been greeted in all."""
        await self.until(lambda: self.connections >= count and self.sockets)

    async def send(self, kind: str, payload: object, **extra: object) -> str:
        """Send an envelope down the newest connection; gives its id."""
        envelope = uuid4().hex
        await self.send_frame({"type": kind, "envelope_id": envelope, "payload": payload, **extra})
        return envelope

    async def send_frame(self, frame: object) -> None:
        """Send any JSON, or a string as it is."""
        text = frame if isinstance(frame, str) else json.dumps(frame)
        await self.sockets[-1].send_str(text)

    async def acked(self, envelope: str) -> None:
        """Wait for an acknowledgement."""
        await self.until(lambda: envelope in self.acks)

    async def drop(self) -> None:
        """Cut every connection, without a word."""
        for socket in list(self.sockets):
            request_transport = socket._req.transport if socket._req else None
            if request_transport:
                request_transport.abort()

    async def _listen(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self.most_at_once = max(self.most_at_once, len(self.sockets))
        if self.greets:
            await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        self.connections += 1
        await self.told()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self.acks[json.loads(message.data)["envelope_id"]] = time.monotonic()
                    await self.told()
        finally:
            self.sockets.remove(socket)
            await self.told()
        return socket

    # --- Web API

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append(Call(method, arguments, token))
        scripted = self.scripted[method]
        answer = scripted.popleft() if scripted else Answer({"ok": True, **self._known(method, arguments)})
        await self.told()
        if method in self.held:
            await self.held[method].wait()
        told = {"x-oauth-scopes": self.scopes, "Date": self.date}
        headers = {**{name: value for name, value in told.items() if value}, **answer.headers}
        return web.json_response(answer.body, status=answer.status, headers=headers)

    def _known(self, method: str, arguments: Json) -> Json:
        match method:
            case "auth.test":
                return {"team_id": TEAM, "user_id": ME, "bot_id": BOT, "team": "Study group", "user": "readalong"}
            case "apps.connections.open":
                return {"url": f"{self.address.replace('http', 'ws', 1)}/socket?ticket={uuid4().hex}"}
            case "users.info":
                return {"user": {"id": arguments["user"], **self.people[arguments["user"]]}}
            case "files.getUploadURLExternal":
                file = f"F{next(self._numbers)}"
                return {"upload_url": f"{self.address}/upload/{file}", "file_id": file}
            case "files.completeUploadExternal":
                return {"files": json.loads(arguments["files"])}
            case _:
                return {"ts": f"{1_700_000_000 + next(self._numbers)}.000100", "channel": arguments.get("channel")}

    async def _upload(self, request: web.Request) -> web.Response:
        if self.scripted["upload"]:
            return web.Response(status=self.scripted["upload"].popleft().status, text="no")
        self.uploads[request.match_info["file"]] = await request.read()
        return web.Response(text="OK - 200")

    async def _respond(self, request: web.Request) -> web.Response:
        scripted = self.scripted["respond"]
        answer = scripted.popleft() if scripted else None
        if answer is None:
            self.said.append(await request.json())
        await self.told()
        if answer is None:
            return web.Response(text="ok")
        return web.json_response(answer.body, status=answer.status, headers=answer.headers)

    # --- its life

    def application(self) -> web.Application:
        """The web application that is all of this."""
        app = web.Application(client_max_size=10_000_000)
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/api/{method}", self._call)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_post("/respond/{key}", self._respond)
        app.router.add_get("/socket", self._listen)
        return app

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator[Self]:
        """The server, on a free port of 127.0.0.1, for as long as the block runs."""
        server = cls()
        runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            server.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield server
        finally:
            for socket in list(server.sockets):
                await socket.close()
            await runner.cleanup()


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **{key: str(value) for key, value in (await request.post()).items()}}


def signed(body: str, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers with which Slack signs a body: https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    timestamp = str(int(time.time() if at is None else at))
    mark = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={mark}"}
