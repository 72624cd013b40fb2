"""The real bot on the loopback Slack, with the real supervisor around it."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.answering import Answering
from bot.archive.discussions import Anchor
from bot.asker import Place
from bot.command import Command
from bot.config import Config, Slack
from bot.platforms.health import Health, State
from bot.platforms.slack.client import run
from bot.platforms.supervisor import Pauses, supervise
from bot.reply import Reply
from bot.request import Request
from bot.secret import SecretStr
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, CHANNEL, SECRET, TEAM, Json, SlackServer

QUICK = Pauses(first=0.01, longest=0.05)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


async def until(true: Callable[[], object]) -> None:
    """Wait until something is true that nobody tells of; raises TimeoutError after five seconds."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what another connection commits to the database tells nobody
            await asyncio.sleep(0.005)


class WatchedHealth(Health):
    """A Health that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Event()

    def set(self, platform: str, state: State, reason: str = "") -> None:
        super().set(platform, state, reason)
        self._changed.set()

    async def until(self, state: State) -> str:
        """Wait until Slack is in a state, and give its reason."""
        async with asyncio.timeout(5):
            while (standing := self.of("slack")) is None or standing.state is not state:
                self._changed.clear()
                await self._changed.wait()
        return standing.reason


@dataclass
class OnSlack:
    """The bot on Slack: `command` and the rest send a payload and wait until it is acknowledged."""

    server: SlackServer
    config: Config
    answering: Answering
    health: WatchedHealth = field(default_factory=WatchedHealth)
    supervised: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self, *, http: bool = False, prefix: str = "", moderators: tuple[str, ...] = ()) -> None:
        """Start it, without waiting."""
        app_token = "" if http else APP_TOKEN
        slack = Slack(
            bot_token=SecretStr(BOT_TOKEN),
            app_token=SecretStr(app_token),
            signing_secret=SecretStr(SECRET),
            api_url=self.server.api_url,
            prefix=prefix,
        )
        people = replace(self.config.moderators, slack_people=moderators)
        self.config = replace(self.config, slack=slack, moderators=people)
        work = supervise("slack", lambda: run(self.config, self.answering, self.health), self.health, QUICK)
        self.supervised.append(asyncio.create_task(work))

    async def connect(self, *, prefix: str = "", moderators: tuple[str, ...] = ()) -> None:
        """Start it in Socket Mode, and wait until it is connected."""
        await self.start(prefix=prefix, moderators=moderators)
        await self.server.connected()

    async def stop(self) -> None:
        """Stop it, as a signal would."""
        for task in self.supervised:
            task.cancel()
        await asyncio.gather(*self.supervised, return_exceptions=True)
        self.supervised.clear()

    async def ask(self, payload: Json) -> Json:
        """Send a command, and give what came to its response URL."""
        return await self._answer("slash_commands", payload)

    async def act(self, payload: Json) -> Json:
        """Send a choice from a message's menu, and give what came to its response URL."""
        return await self._answer("interactive", payload)

    async def press(self, payload: Json) -> Json:
        """Send a press, and give what came to its response URL."""
        return await self._answer("interactive", payload)

    async def event(self, payload: Json) -> None:
        """Send an event, and wait until it is acknowledged."""
        await self.server.acked(await self.server.send("events_api", payload))

    async def tell(self, *events: Json) -> None:
        """Deliver events as Slack does, all at once, and wait until each is acknowledged."""
        assert all(await asyncio.gather(*map(self.server.tell, events)))

    async def save_thread(self, thread: str, channel: str = CHANNEL) -> Place:
        """Have a thread saved, as `/save` does."""
        place = Place("slack", TEAM, channel, thread)
        await self.answering.archive.discussions.keep(place, "A title", None, Anchor("japan-russia-2016"))
        await self.answering.venues.read_back(place)
        return place

    async def save_channel(self, channel: str = CHANNEL) -> Place:
        """Have a channel saved, as `/save what:channel` does."""
        place = Place("slack", TEAM, channel)
        await self.answering.archive.discussions.keep_channel(place, channel)
        await self.answering.venues.read_back(place)
        return place

    def rows(self, sql: str, *values: object) -> list[Any]:
        """What another connection to the database file sees at this moment."""
        with closing(sqlite3.connect(self.config.archive.path)) as db:
            return db.execute(sql, values).fetchall()

    def held(self, channel: str = CHANNEL, thread: str | None = None) -> dict[str, str]:
        """The messages that the archive holds, by `ts`: of a whole channel, or of one thread."""
        return dict(
            self.rows(
                "SELECT m.platform_id, m.text FROM messages m JOIN channels c ON c.id = m.channel "
                "LEFT JOIN threads t ON t.id = m.thread WHERE m.deleted_at IS NULL AND c.platform_id = ? "
                "AND (? IS NULL OR t.platform_id = ?)",
                channel,
                thread,
                thread,
            )
        )

    async def posted(self, method: str = "chat.postMessage", count: int = 1) -> list[Json]:
        """Wait for so many calls of a method, and give their arguments."""
        await self.server.until(lambda: len(self.server.made(method)) >= count)
        return self.server.made(method)

    async def _answer(self, kind: str, payload: Json) -> Json:
        before = len(self.server.said)
        await self.server.acked(await self.server.send(kind, payload))
        await self.server.until(lambda: len(self.server.said) > before)
        return self.server.said[before]


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer.running() as made:
        yield made


@pytest.fixture
async def slack(server: SlackServer, config: Config, answering: Answering) -> AsyncIterator[OnSlack]:
    made = OnSlack(server, config, answering)
    yield made
    await made.stop()


@pytest.fixture
def pictured(config: Config) -> Path:
    """One picture alone, on the topic of the command /kurils; asked for before the bot, which reads it at its start."""
    for file in config.readings.path.glob("*/topics/*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\[picture\]\n(\w.*\n)+\n?", "", text), encoding="utf-8")
    topics = config.readings.path / config.readings.default / "topics"
    (topics / "islands.png").write_bytes(PNG)
    table = '[picture]\nfile = "islands.png"\nalt = "Four islands in a row"\nsource = "Made up"\ndate = "2026"\n\n'
    file = topics / "kurils.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[[background]]", table + "[[background]]", 1), encoding="utf-8")
    return topics / "islands.png"


def add_command(answering: Answering, name: str, function: Callable[[Request], Awaitable[Reply]]) -> None:
    """Give the bot one more command, for this test."""
    made = Command(name, "Made up.", f"/{name}", (), function)
    answering.registry = replace(answering.registry, commands={**answering.registry.commands, name: made})
