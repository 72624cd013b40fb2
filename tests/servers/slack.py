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

from aiohttp import ClientSession, WSMsgType, web

from tests.servers.slack_workspace import BOT, CHANNEL, ME, MINA, TEAM, Refused, Workspace

__all__ = ["BOT", "CHANNEL", "ME", "MINA", "TEAM"]

Json = dict[str, Any]

BOT_TOKEN = "xoxb-made-up-bot-token"
APP_TOKEN = "xapp-made-up-app-token"
SECRET = "made-up-signing-secret"
SECONDS = 5.0
TRIES = 4  # an event is sent, and sent again three times: https://docs.slack.dev/apis/events-api
READING = {"conversations.history", "conversations.replies"}


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


@dataclass(frozen=True, slots=True)
class Tier:
    """How often history may be read: a page of so many messages, then none for so many seconds.

    With no seconds at all every other call is refused, so that a test need not wait.
    """

    per_page: int = 15
    seconds: float = 60.0


class SlackServer:
    """The workspace T1 with its people; `calls`, `said`, `acks` and `uploads` are what reached it.

    `tell` delivers an event as Slack does: to `request_url` where one is set, else down the newest connection; again
    when it is not acknowledged within `patience` seconds. `watch` is called the moment that an event is acknowledged.
    """

    def __init__(self) -> None:
        self.address = ""
        self.calls: list[Call] = []
        self.said: list[Json] = []  # what was sent to response URLs
        self.acks: dict[str, float] = {}
        self.uploads: dict[str, bytes] = {}
        self.sockets: list[web.WebSocketResponse] = []
        self.connections = 0
        self.most_at_once = 0
        self.workspace = Workspace()
        self.people = self.workspace.people
        self.request_url = ""
        self.patience = 3.0
        self.pauses: tuple[float, ...] = (
            0.0,
            0.0,
            0.0,
        )  # seconds before each repetition; Slack's are about 0, 60 and 300
        self.attempts: dict[str, int] = defaultdict(int)  # by the event's id
        self.watch: Callable[[str], None] = lambda _: None
        self.undelivered: list[Json] = []
        self.tier: Tier | None = None
        self._read_at: dict[str, float] = {}
        self._telling: set[asyncio.Task[bool]] = set()
        self.scripted: dict[str, deque[Answer]] = defaultdict(deque)
        self.held: dict[str, asyncio.Event] = {}
        self.greets = True
        self.scopes = ""  # as the header x-oauth-scopes names those granted
        self.date = ""  # the time of its answers, where it isn't that of this machine
        self._files = itertools.count(1)
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

    # --- events, as Slack delivers them

    def tell(self, event: Json) -> asyncio.Task[bool]:
        """Deliver an event, in a task that gives whether it was acknowledged in the end."""
        me = {"team_id": TEAM, "user_id": ME, "is_bot": True}
        outer = {
            "type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event": event, "authorizations": [me],
            "event_id": f"Ev{uuid4().hex}", "event_time": int(time.time()),
        }  # fmt: skip
        task = asyncio.create_task(self._deliver(outer))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)
        return task

    async def told_all(self) -> None:
        """Wait until every event under way is acknowledged or given up."""
        while self._telling:
            await asyncio.gather(*self._telling)

    async def give_up(self) -> None:
        """Tell nothing any more of what is under way, as when nobody took it for minutes."""
        for task in (given_up := list(self._telling)):
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)

    async def _deliver(self, payload: Json) -> bool:
        for attempt, pause in enumerate((0.0, *self.pauses)):
            await asyncio.sleep(pause)
            self.attempts[payload["event_id"]] += 1
            took = await (self._knock(payload, attempt) if self.request_url else self._push(payload, attempt))
            await self.told()
            if took:
                return True
        self.undelivered.append(payload)
        return False

    async def _push(self, payload: Json, attempt: int) -> bool:
        try:
            async with asyncio.timeout(self.patience):
                async with self._changed:
                    await self._changed.wait_for(lambda: self.sockets)
                again = {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
                envelope = await self.send("events_api", payload, **again, accepts_response_payload=False)
                async with self._changed:
                    await self._changed.wait_for(lambda: envelope in self.acks)
        except (TimeoutError, ConnectionError, IndexError):
            return False
        return True

    async def _knock(self, payload: Json, attempt: int) -> bool:
        body = json.dumps(payload)
        again = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_error"} if attempt else {}
        headers = {"Content-Type": "application/json", **signed(body), **again}
        try:
            async with (
                asyncio.timeout(self.patience),
                ClientSession() as session,
                session.post(self.request_url, data=body.encode(), headers=headers) as answer,
            ):
                if answer.status == 200:
                    self.watch(payload["event_id"])
                return answer.status == 200
        except (TimeoutError, OSError):
            return False

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
                    envelope = json.loads(message.data)["envelope_id"]
                    self.acks[envelope] = time.monotonic()
                    self.watch(envelope)
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
        answer = scripted.popleft() if scripted else self._answer(method, arguments)
        await self.told()
        if method in self.held:
            await self.held[method].wait()
        told = {"x-oauth-scopes": self.scopes, "Date": self.date}
        headers = {**{name: value for name, value in told.items() if value}, **answer.headers}
        return web.json_response(answer.body, status=answer.status, headers=headers)

    def _answer(self, method: str, arguments: Json) -> Answer:
        if method in READING and self.tier and (wait := self._too_soon(method, self.tier)) is not None:
            return limited(wait)
        try:
            return Answer({"ok": True, **self._known(method, arguments)})
        except Refused as error:
            return refusal(str(error))

    def _too_soon(self, method: str, tier: Tier) -> int | None:
        """The seconds to wait until the method may be called again, where it may not be now."""
        self.workspace.per_page = tier.per_page
        before, now = self._read_at.pop(method, None), time.monotonic()
        if before is not None and (not tier.seconds or now - before < tier.seconds):
            if tier.seconds:
                self._read_at[method] = before
            return max(0, round(before + tier.seconds - now + 0.5)) if tier.seconds else 0
        self._read_at[method] = now
        return None

    def _known(self, method: str, arguments: Json) -> Json:
        held = self.workspace.answer(method, arguments)
        if held is not None:
            if (posted := held.pop("posted", None)) and (self.sockets or self.request_url):
                self.tell(posted)
            return held
        match method:
            case "auth.test":
                return {"team_id": TEAM, "user_id": ME, "bot_id": BOT, "team": "Study group", "user": "readalong",
                        "url": "https://group.slack.com/"}  # fmt: skip
            case "apps.connections.open":
                return {"url": f"{self.address.replace('http', 'ws', 1)}/socket?ticket={uuid4().hex}"}
            case "files.getUploadURLExternal":
                file = f"F{next(self._files)}"
                return {"upload_url": f"{self.address}/upload/{file}", "file_id": file}
            case "files.completeUploadExternal":
                return {"files": json.loads(arguments["files"])}
            case _:
                return {"ts": self.workspace.now(), "channel": arguments.get("channel")}

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
            for task in list(server._telling):
                task.cancel()
            await asyncio.gather(*server._telling, return_exceptions=True)
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
