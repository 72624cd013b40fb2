"""Socket Mode: WebSocket connections to Slack, one after the other, the next one open before the last is closed.

Ours rather than slack_sdk's client: that one dials a dead address for ever once a connection fails, writes the address
with its ticket into the log, closes before it opens, and finds out about a lost connection by looking now and then.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSMsgType
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import event, fault
from bot.platforms.health import Health, State
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.refusals import APP_REFUSED, for_the_operator

HEARTBEAT = 10.0
SECONDS_TO_HELLO = 10.0
SECONDS_TO_CLOSE = 1.0
SECONDS_BETWEEN = 10.0
REFRESH = frozenset({"warning", "refresh_requested"})  # Slack renews a connection every few hours
LOWEST_FAILURE = 500
QUESTIONS = frozenset({"slash_commands", "interactive"})  # acknowledged whatever comes of them, so before all else
CLOSED = "the connection was closed"

Take = Callable[[dict[str, Any]], Awaitable[bool]]


class Disconnected(ConnectionError):
    """A connection ended too soon after the last, or for good."""


class Connection:
    """One WebSocket. `hello` is done once Slack greets, `over` once it is going to end, with the reason.

    Once it is `ready`, `take` handles an envelope and says whether to acknowledge it; a question is acknowledged first.
    Each has a task of its own, so that one that waits for the database keeps no other waiting, and those that wait
    together are saved together.
    """

    def __init__(self, socket: ClientWebSocketResponse, take: Take, ready: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        self.hello: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[str] = loop.create_future()
        self._socket = socket
        self._take = take
        self._ready = ready
        self._under_way: set[asyncio.Task[None]] = set()
        self._reader = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Acknowledge what is under way, for a moment at most; then close it, and wait until nothing of it is left."""
        self._reader.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=SECONDS_TO_CLOSE)
        await self._socket.close()
        left = [self._reader, *self._under_way]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._read_one(message.data)
        finally:
            self._end(CLOSED)

    def _read_one(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError as error:
            fault("slack.odd_frame", error)
            return
        if not isinstance(frame, dict):
            return
        if frame.get("type") == "hello" and not self.hello.done():
            self.hello.set_result(None)
        elif frame.get("type") == "disconnect":
            self._end(str(frame.get("reason")))
        elif isinstance(frame.get("envelope_id"), str):
            task = asyncio.create_task(self._handle(frame))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _handle(self, frame: dict[str, Any]) -> None:
        await self._ready.wait()
        is_question = frame.get("type") in QUESTIONS
        if is_question:
            await self._acknowledge(frame)
        try:
            taken = await self._take(frame)
        except Exception as error:  # noqa: BLE001 - one odd frame is no reason to lose the connection
            fault("slack.odd_frame", error)
            taken = True
        if taken and not is_question:
            await self._acknowledge(frame)

    async def _acknowledge(self, frame: dict[str, Any]) -> None:
        try:
            await self._socket.send_json({"envelope_id": frame["envelope_id"]})
        except ConnectionError:
            event("slack.not_acknowledged", reason=CLOSED)  # Slack sends it again, which does no harm

    def _end(self, reason: str) -> None:
        if not self.over.done():
            self.over.set_result(reason)


class SocketMode:
    """Takes what Slack sends over its connections to the app, and acknowledges it.

    `connected` is called whenever a connection begins after something may have been missed; what Slack sends is taken
    once it returns, so that it is known by then since when the bot listens.
    """

    def __init__(
        self,
        app: AsyncApp,
        client: AsyncWebClient,
        session: ClientSession,
        token: str,
        connected: Callable[[], Awaitable[None]],
    ) -> None:
        self._connected = connected
        self._ready = asyncio.Event()
        self._app = app
        self._client = client
        self._session = session
        self._token = token
        self._connections: list[Connection] = []

    async def listen(self, health: Health) -> None:
        """Stay connected. Raises BotError for what the operator must mend, else whatever keeps us from connecting."""
        loop = asyncio.get_running_loop()
        renewed = float("-inf")
        try:
            await self._open()
            await self._begin()
            while True:
                health.set(PLATFORM, State.CONNECTED)
                reason = await self._connections[-1].over
                event("slack.disconnected", reason=reason)
                if reason not in REFRESH:
                    health.set(PLATFORM, State.AWAY, f"{reason}; trying again")
                if reason not in {*REFRESH, CLOSED} or loop.time() - renewed < SECONDS_BETWEEN:
                    raise Disconnected(reason)
                renewed = loop.time()
                if reason not in REFRESH:
                    self._ready.clear()
                await self._open()
                if reason not in REFRESH:
                    await self._begin()
                await self._connections.pop(0).close()
        finally:
            for connection in self._connections:
                await connection.close()
            self._connections.clear()

    async def _begin(self) -> None:
        await self._connected()
        self._ready.set()

    async def _open(self) -> None:
        socket = await self._session.ws_connect(
            await self._address(),
            heartbeat=HEARTBEAT,
            proxy=self._client.proxy,
            timeout=ClientWSTimeout(ws_close=SECONDS_TO_CLOSE),
        )
        connection = Connection(socket, self._take, self._ready)
        self._connections.append(connection)
        both: set[asyncio.Future[Any]] = {connection.hello, connection.over}
        await asyncio.wait(both, timeout=SECONDS_TO_HELLO, return_when=asyncio.FIRST_COMPLETED)
        if not connection.hello.done():
            raise Disconnected(connection.over.result() if connection.over.done() else "Slack did not greet")

    async def _address(self) -> str:
        try:
            answer = await self._client.apps_connections_open(app_token=self._token)
        except SlackApiError as error:
            raise for_the_operator(error, APP_REFUSED) or error from None
        return str(answer["url"])

    async def _take(self, frame: dict[str, Any]) -> bool:
        """Whether to acknowledge this envelope: all but what Bolt was told to say that we could not handle."""
        request = SocketModeRequest.from_dict(frame)
        if request is None:
            return True
        response = await run_async_bolt_app(self._app, request)
        return bool(response.status < LOWEST_FAILURE)
