"""The gateway of the Discord on this machine: sessions that outlive their connections, compressed with zlib-stream.

What is sent while nobody is connected waits in the session, and a resume replays it, as on the real one.
https://discord.com/developers/docs/events/gateway
"""

import asyncio
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.discord_payloads import APPLICATION, BOT, GUILD, Payload

HELLO = {"op": 10, "d": {"heartbeat_interval": 41_250}}


class Gateway:
    """One session at a time. `log` lists what happened, such as identify or resume; `refusal` is a close code."""

    def __init__(self, token: str, changed: Callable[[], None], guild: Payload) -> None:
        self.url = ""
        self._guild = guild
        self.log: list[str] = []
        self.identified: list[Payload] = []
        self.refusal = 0
        self._token = token
        self._changed = changed
        self._session = ""
        self._sent: list[Payload] = []
        self._connection: _Connection | None = None

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._connection = connection = _Connection(socket, request)
        await connection.send(HELLO)
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                await self._received(json.loads(frame.data), connection)
        self._note("disconnected")
        return socket

    async def dispatch(self, name: str, data: Payload) -> None:
        """Send an event, or keep it until the session is resumed."""
        payload = {"op": 0, "t": name, "s": len(self._sent) + 1, "d": data}
        self._sent.append(payload)
        if self._connection and self._connection.told == len(self._sent) - 1:
            await self._catch_up(self._connection)

    @property
    def session(self) -> str:
        """The session that is told of what happens; empty where there is none."""
        return self._session

    async def _catch_up(self, connection: "_Connection") -> None:
        """Send what the session holds and this connection was not told yet, in order; a broken line is told nothing."""
        with suppress(ConnectionError):
            while 0 <= connection.told < len(self._sent):
                payload = self._sent[connection.told]
                connection.told += 1
                await connection.send(payload)

    async def send(self, payload: Payload) -> None:
        """Send anything as it stands, such as op 7 (reconnect) or op 9 (the session is invalid)."""
        assert self._connection
        await self._connection.send(payload)

    async def invalidate(self) -> None:
        """Forget the session and say so: op 9, not resumable."""
        self._session = ""
        await self.send({"op": 9, "d": False})

    async def close(self, code: int) -> None:
        """End the connection with a close code."""
        assert self._connection
        await self._connection.socket.close(code=code)

    def drop(self) -> None:
        """End the connection without a word, as a broken line does."""
        assert self._connection
        self._connection.break_off()

    async def _received(self, payload: Payload, connection: "_Connection") -> None:
        match payload["op"]:
            case 1:
                await connection.send({"op": 11})
                self._note("heartbeat")
            case 2:
                await self._identify(payload["d"], connection)
            case 6:
                await self._resume(payload["d"], connection)

    async def _identify(self, data: Payload, connection: "_Connection") -> None:
        code = self.refusal or (0 if data["token"] == self._token else 4004)
        if code:
            self._note("refused")
            await connection.socket.close(code=code)
            return
        self.identified.append(data)
        self._session = f"session-{len(self.identified)}"
        self._sent.clear()
        connection.told = 0
        await self.dispatch("READY", self._ready())
        await self.dispatch("GUILD_CREATE", self._told_of_guild())
        self._note("identify")

    async def _resume(self, data: Payload, connection: "_Connection") -> None:
        if data["session_id"] != self._session:
            self._note("refused resume")
            await connection.send({"op": 9, "d": False})
            return
        connection.told = int(data["seq"])
        await self._catch_up(connection)
        await self.dispatch("RESUMED", {})
        self._note("resume")

    def _told_of_guild(self) -> Payload:
        """The server as it is now, with the threads that are not archived."""
        threads = [one for one in self._guild["threads"] if not one["thread_metadata"]["archived"]]
        return {**self._guild, "threads": threads}

    def _ready(self) -> Payload:
        return {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": GUILD, "unavailable": True}],
            "session_id": self._session,
            "resume_gateway_url": self.url,
            "application": {"id": APPLICATION, "flags": 0},
        }

    def _note(self, what: str) -> None:
        self.log.append(what)
        self._changed()


class _Connection:
    """One WebSocket, compressed as one stream when the client asked for it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.told = -1  # how many of the session's events were sent here; below 0 before a session begins here
        self._transport = request.transport
        self._stream = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._sending = asyncio.Lock()

    async def send(self, payload: dict[str, Any]) -> None:
        text = json.dumps(payload)
        async with self._sending:
            if self._stream is None:
                await self.socket.send_str(text)
            else:
                frame = self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(frame)

    def break_off(self) -> None:
        assert self._transport
        self._transport.abort()
