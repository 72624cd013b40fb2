"""The open pages. Each has a line of what is to be sent to it, so that one that does not read holds up nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSCloseCode, web

from bot.asker import Person

HEARTBEAT = 20.0
LARGEST = 64_000  # bytes of one request
MOST_WAITING = 300  # of what is to be sent; a page that far behind is cut off, and connects again by itself
SECONDS_TO_CLOSE = 1.0

Json = dict[str, Any]


class Visitor:
    """One open page: its socket, and whom it plays."""

    def __init__(self, request: web.Request, person: Person) -> None:
        self.socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST)
        self.person = person
        self._request = request
        self._waiting: asyncio.Queue[Json] = asyncio.Queue(MOST_WAITING)

    def send(self, value: Json) -> None:
        """Have something sent. A page that reads nothing any more is cut off instead."""
        try:
            self._waiting.put_nowait(value)
        except asyncio.QueueFull:
            self.cut_off()

    async def send_what_waits(self) -> None:
        """Send it all, until the page is closed."""
        while not self.socket.closed:
            await self.socket.send_json(await self._waiting.get())

    def cut_off(self) -> None:
        """End the connection without a word."""
        if self._request.transport:
            self._request.transport.abort()

    async def close(self) -> None:
        """End the connection; with a word, if the page listens."""
        try:
            async with asyncio.timeout(SECONDS_TO_CLOSE):
                await self.socket.close(code=WSCloseCode.GOING_AWAY)
        except TimeoutError:
            self.cut_off()


class Visitors:
    """All open pages."""

    def __init__(self) -> None:
        self._open: set[Visitor] = set()

    @asynccontextmanager
    async def visiting(self, request: web.Request, person: Person) -> AsyncIterator[Visitor]:
        """One visit, as long as the block runs."""
        visitor = Visitor(request, person)
        await visitor.socket.prepare(request)
        self._open.add(visitor)
        sending = asyncio.create_task(visitor.send_what_waits())
        try:
            yield visitor
        finally:
            self._open.discard(visitor)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    def tell(self, only_for: str, news: Json) -> None:
        """Have something sent to every page, or to those of one person where `only_for` is their id."""
        for visitor in tuple(self._open):
            if only_for in {"", visitor.person.id}:
                visitor.send(news)

    async def close(self) -> None:
        """Close every page's socket; the pages connect again by themselves when the bot is back."""
        await asyncio.gather(*(visitor.close() for visitor in tuple(self._open)))
