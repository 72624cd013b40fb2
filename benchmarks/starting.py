"""Starting and idling: from the start of the process to the connection and to the first answer, and the memory after.

For each platform ours is started beside that platform's bare bot, by turns; then ours on both platforms beside both
bare bots together. Every start but the first is measured, so the database is there, Discord holds the commands that it
was told, and files are in the page cache.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from benchmarks import bots
from benchmarks.bots import Bot, Memory, Message, NotMeasured, sayable, shown
from benchmarks.numbers import Comparison, Round
from tests.servers import slack_payloads
from tests.servers.discord import DiscordServer
from tests.servers.slack import SlackServer

START_BOUND = 1.5
MEMORY_BOUND = 1.3
SECONDS_TO_SETTLE = 1.0
DISCORD, SLACK, BOTH = "Discord", "Slack", "both"
CONNECTED, ANSWERED = "until it is connected", "until its first answer"
TIMES = (CONNECTED, ANSWERED)
OWN, RESIDENT = "memory of its own (USS)", "resident memory (RSS)"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds to the connection and to the first answer, and the memory when it idles."""

    connected: float
    answered: float
    memory: Memory


@dataclass(frozen=True, slots=True)
class Answers:
    """What ours answers to `/quote`, for the bare bots to answer too."""

    discord: Message
    slack: Message

    @property
    def shown(self) -> tuple[Message, Message]:
        """What people see of them."""
        return shown(self.discord) if self.discord else {}, self.slack

    def on(self, platform: str) -> "Answers":
        """The answers on this platform alone."""
        nothing = Message()
        return Answers(nothing if platform == SLACK else self.discord, nothing if platform == DISCORD else self.slack)


@dataclass(frozen=True, slots=True)
class Servers:
    """Fresh servers for one start; None for a platform that is left out."""

    discord: DiscordServer | None
    slack: SlackServer | None

    @classmethod
    @asynccontextmanager
    async def running(cls, platform: str, commands: list[Message]) -> AsyncIterator[Self]:
        """The servers of a platform, or of both; `commands` are those that Discord holds from one start to the next."""
        async with AsyncExitStack() as stack:
            discord = None if platform == SLACK else await stack.enter_async_context(DiscordServer.running())
            slack = None if platform == DISCORD else await stack.enter_async_context(SlackServer.running())
            if discord:
                discord.commands = commands[:]
            yield cls(discord, slack)
            if discord:
                commands[:] = discord.commands

    async def connected(self) -> None:
        """Wait for a connection to each."""
        if self.discord:
            await self.discord.connected()
        if self.slack:
            await self.slack.connected()

    async def ask(self) -> Answers:
        """Ask `/quote` on each, and wait for the answers."""
        on_discord, on_slack = Message(), Message()
        if self.discord:
            on_discord = (await self.discord.slash("quote")).body["data"]
        if slack := self.slack:
            await slack.send("slash_commands", slack_payloads.command("/quote", response_url=slack.response_url))
            await slack.until(lambda: slack.said)
            on_slack = sayable(slack.said.pop())
        return Answers(on_discord, on_slack)

    def ours(self, folder: Path) -> list[AbstractAsyncContextManager[Bot]]:
        """Our bot, which is one process on every platform."""
        return [bots.ours(folder, self.discord, self.slack)]

    def bare(self, folder: Path, answers: Answers) -> list[AbstractAsyncContextManager[Bot]]:
        """The bare bots, one for each platform."""
        on_discord = [bots.bare_discord(folder, self.discord, answers.discord)] if self.discord else []
        on_slack = [bots.bare_slack(folder, self.slack, answers.slack)] if self.slack else []
        return [*on_discord, *on_slack]


Launch = Callable[[Servers], list[AbstractAsyncContextManager[Bot]]]


async def measure(folder: Path, rounds: int, settle: float = SECONDS_TO_SETTLE) -> list[Comparison]:
    """Start everything so many times: for each platform and both together, the comparisons of times and of memory.

    Times are in seconds, memory is in MiB; `settle` is how many seconds a bot idles before its memory is read.
    """
    commands: list[Message] = []
    _, answers = await _start(BOTH, settle, lambda servers: servers.ours(folder), commands)
    taken: dict[str, list[tuple[Start, Start]]] = {platform: [] for platform in (DISCORD, SLACK, BOTH)}
    for number in range(rounds + 1):
        for platform, starts in taken.items():
            pair = await _by_turns(folder, platform, answers, settle, commands, ours_first=bool(number % 2))
            if number:  # the first start made the database and told Discord the commands
                starts.append(pair)
    return [comparison for platform, starts in taken.items() for comparison in _comparisons(platform, starts)]


async def _by_turns(
    folder: Path, platform: str, answers: Answers, settle: float, commands: list[Message], *, ours_first: bool
) -> tuple[Start, Start]:
    """A start of ours and one of the bare bots, in either order."""
    launches: list[Launch] = [lambda servers: servers.ours(folder), lambda servers: servers.bare(folder, answers)]
    starts: list[Start] = []
    for launch in launches if ours_first else reversed(launches):
        start, answered = await _start(platform, settle, launch, commands)
        if answered.shown != answers.on(platform).shown:
            raise NotMeasured("the bots that are started answer different messages")
        starts.append(start)
    ours, bare = starts if ours_first else reversed(starts)
    return ours, bare


async def _start(platform: str, settle: float, launch: Launch, commands: list[Message]) -> tuple[Start, Answers]:
    async with Servers.running(platform, commands) as servers, AsyncExitStack() as stack:
        began = time.monotonic()
        started = [await stack.enter_async_context(one) for one in launch(servers)]
        await _all_alive(started, servers.connected())
        connected = time.monotonic() - began
        answers = await _all_alive(started, servers.ask())
        answered = time.monotonic() - began
        await asyncio.sleep(settle)
        memory = [one.memory() for one in started]
    own, resident = sum(one.own for one in memory), sum(one.resident for one in memory)
    return Start(connected, answered, Memory(own, resident)), answers


async def _all_alive(started: list[Bot], awaited: Coroutine[Any, Any, T]) -> T:
    """The value of what is awaited while all these bots live."""
    work = asyncio.create_task(awaited)
    await asyncio.gather(*(one.wait_for(asyncio.shield(work)) for one in started))
    return work.result()


def _comparisons(platform: str, starts: list[tuple[Start, Start]]) -> list[Comparison]:
    def of(name: str, bound: float, part: Callable[[Start], float]) -> Comparison:
        rounds = (Round((part(ours),), (part(bare),)) for ours, bare in starts)
        return Comparison(f"{platform}, {name}", tuple(rounds), bound)

    return [
        of(CONNECTED, START_BOUND, lambda start: start.connected),
        of(ANSWERED, START_BOUND, lambda start: start.answered),
        of(OWN, MEMORY_BOUND, lambda start: start.memory.own),
        of(RESIDENT, MEMORY_BOUND, lambda start: start.memory.resident),
    ]
