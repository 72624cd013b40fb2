"""The bot on the real discord.py, connected to a Discord on this machine."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.answering import Answering
from bot.config import Config
from bot.platforms.discord.client import ReadalongClient, run
from bot.platforms.health import Health, State
from bot.secret import SecretStr
from tests.readings.packs import write_pack
from tests.servers import discord_payloads as made
from tests.servers.discord import PATIENCE, DiscordServer


class WatchedHealth(Health):
    """Health that tells when it changes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[State, str]] = []
        self._changed = asyncio.Event()

    def set(self, platform: str, state: State, reason: str = "") -> None:
        super().set(platform, state, reason)
        self.seen.append((state, reason))
        self._changed.set()

    async def until(self, *states: State) -> None:
        """Wait until Discord's states have been these, in this order, with any others between."""
        async with asyncio.timeout(PATIENCE):
            while not _in_order(states, [state for state, _ in self.seen]):
                self._changed.clear()
                await self._changed.wait()


def _in_order(wanted: Iterable[State], seen: Iterable[State]) -> bool:
    rest = iter(seen)
    return all(state in rest for state in wanted)


@pytest.fixture
def config(config: Config) -> Config:
    """The configuration, with one more reading: made up, with a picture."""
    write_pack(config.readings.path)
    return config


@pytest.fixture
def health() -> WatchedHealth:
    return WatchedHealth()


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py keeps its addresses in one place for all clients: put them back after each test. Nothing waits."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL("ws://127.0.0.1:1/"))

    async def at_once(self: ReadalongClient, shard_id: int | None, *, initial: bool = False) -> None:
        """The documented hook, which by default waits 5 s before a second IDENTIFY."""

    monkeypatch.setattr(ReadalongClient, "before_identify_hook", at_once)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer.running() as running:
        yield running


def pointed(config: Config, server: DiscordServer, token: str = made.TOKEN) -> Config:
    """The configuration for that server."""
    urls: dict[str, Any] = {"token": SecretStr(token), "api_url": server.api_url, "gateway_url": server.gateway.url}
    return replace(config, discord=replace(config.discord, **urls))


@pytest.fixture
def here(config: Config, server: DiscordServer) -> Config:
    """The configuration for the server on this machine."""
    return pointed(config, server)


@asynccontextmanager
async def connected(
    config: Config, answering: Answering, health: Health, server: DiscordServer, patience: float = 1.5
) -> AsyncIterator[None]:
    """The bot connected, until the block ends; afterwards nothing of it is left."""
    before = asyncio.all_tasks()
    running = asyncio.create_task(run(config, answering, health, patience=patience))
    try:
        await connected_or_ended(server, running)
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert not [name for name in (task.get_name() for task in asyncio.all_tasks() - before) if "discord" in name]


async def connected_or_ended(server: DiscordServer, running: "asyncio.Task[None]") -> None:
    """Wait for the bot to connect, or for its end, which is raised."""
    waiting = asyncio.create_task(server.connected())
    await asyncio.wait({waiting, running}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        waiting.cancel()
        running.result()
    await waiting


@pytest.fixture
async def online(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> AsyncIterator[DiscordServer]:
    """The server, with the bot connected to it."""
    async with connected(here, answering, health, server):
        await health.until(State.CONNECTED)
        yield server
