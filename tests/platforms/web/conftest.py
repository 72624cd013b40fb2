"""The local page on a free port, with what a browser would send it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from bot import app
from bot.answering import Answering
from bot.config import Config
from bot.platforms.health import Health
from bot.platforms.listener import listening

PATIENCE = 10.0  # seconds that a test waits for something that should happen at once

Json = dict[str, Any]


@dataclass
class Visit:
    """One open page, without a browser: `ask` makes a request and gives its answer; news wait in `news`."""

    socket: aiohttp.ClientWebSocketResponse
    news: list[Json] = field(default_factory=list)
    channel: str = "study-group"
    thread: int = 0
    number: int = 0

    async def ask(self, do: str, **more: object) -> Json:
        """Make a request in the room where the visit is."""
        self.number += 1
        room = {"channel": self.channel, "thread": self.thread}
        await self.socket.send_json({"n": self.number, "do": do, **room, **more})
        return await self._until(lambda data: data.get("re") == self.number)

    async def say(self, words: str) -> Json:
        """Say something, and give the message that comes of it."""
        answer = await self.ask("say", words=words)
        assert "wrong" not in answer, answer
        return self.news[-1]

    async def messages(self) -> list[Json]:
        """What stands in the room."""
        found: list[Json] = (await self.ask("enter"))["messages"]
        return found

    async def hear(self) -> Json:
        """Wait for the next news."""
        before = len(self.news)
        await self._until(lambda _: len(self.news) > before)
        return self.news[-1]

    async def _until(self, done: Any) -> Json:
        async with asyncio.timeout(PATIENCE):
            while True:
                data: Json = await self.socket.receive_json()
                if "news" in data:
                    self.news.append(data["news"])
                if done(data):
                    return data


@dataclass
class Page:
    """The page's address, and a browser's session for it."""

    address: str
    session: aiohttp.ClientSession

    @asynccontextmanager
    async def visited(self, person: str = "mina", **headers: str) -> AsyncIterator[Visit]:
        """The page, opened by somebody."""
        origin = {"Origin": self.address, **headers}
        async with self.session.ws_connect(f"{self.address}/socket", headers=origin) as socket:
            visit = Visit(socket)
            assert (await visit.ask("play", person=person))["person"] == person
            yield visit


@asynccontextmanager
async def served(config: Config, answering: Answering) -> AsyncIterator[Page]:
    """The page as `readalong run` serves it."""
    site = app.served_here(config, answering, Health())
    async with listening(site, "127.0.0.1", 0, key="[web] port") as port, aiohttp.ClientSession() as session:
        yield Page(f"http://127.0.0.1:{port}", session)


@pytest.fixture
async def page(config: Config, answering: Answering) -> AsyncIterator[Page]:
    async with served(config, answering) as made:
        yield made
