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
CLOSED = "the connection was closed"

Take = Callable[[dict[str, Any]], Awaitable[None]]


class Disconnected(ConnectionError):
    """A connection ended too soon after the last, or for good."""


class Connection:
    """One WebSocket. `hello` is done once Slack greets, `over` once it is going to end, with the reason."""

    def __init__(self, socket: ClientWebSocketResponse, take: Take) -> None:
        loop = asyncio.get_running_loop()
        self.hello: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[str] = loop.create_future()
        self._socket = socket
        self._take = take
        self._reader = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Close it, and wait until nothing of it is left."""
        await self._socket.close()
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._safely(message.data)
        finally:
            self._end(CLOSED)

    async def _safely(self, text: str) -> None:
        try:
            frame = json.loads(text)
            if isinstance(frame, dict):
                await self._frame(frame)
        except Exception as error:  # noqa: BLE001 - one odd frame is no reason to lose the connection
            fault("slack.odd_frame", error)

    async def _frame(self, frame: dict[str, Any]) -> None:
        if frame.get("type") == "hello" and not self.hello.done():
            self.hello.set_result(None)
        elif frame.get("type") == "disconnect":
            self._end(str(frame.get("reason")))
        elif isinstance(frame.get("envelope_id"), str):
            try:
                await self._take(frame)
            finally:
                await self._socket.send_json({"envelope_id": frame["envelope_id"]})

    def _end(self, reason: str) -> None:
        if not self.over.done():
            self.over.set_result(reason)


class SocketMode:
    """Takes what Slack sends over its connections to the app, and acknowledges it."""

    def __init__(self, app: AsyncApp, client: AsyncWebClient, session: ClientSession, token: str) -> None:
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
            while True:
                health.set(PLATFORM, State.CONNECTED)
                reason = await self._connections[-1].over
                event("slack.disconnected", reason=reason)
                if reason not in REFRESH:
                    health.set(PLATFORM, State.AWAY, f"{reason}; trying again")
                if reason not in {*REFRESH, CLOSED} or loop.time() - renewed < SECONDS_BETWEEN:
                    raise Disconnected(reason)
                renewed = loop.time()
                await self._open()
                await self._connections.pop(0).close()
        finally:
            for connection in self._connections:
                await connection.close()
            self._connections.clear()

    async def _open(self) -> None:
        socket = await self._session.ws_connect(
            await self._address(),
            heartbeat=HEARTBEAT,
            proxy=self._client.proxy,
            timeout=ClientWSTimeout(ws_close=SECONDS_TO_CLOSE),
        )
        connection = Connection(socket, self._take)
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

    async def _take(self, frame: dict[str, Any]) -> None:
        if request := SocketModeRequest.from_dict(frame):
            await run_async_bolt_app(self._app, request)
