"""Nothing lost, nothing doubled: the bot killed again and again while people talk and everything goes wrong.

`readalong run` is a process of its own with both real clients, on a Discord and a Slack on this machine. What people do
and what goes wrong is the same for the same seed; READALONG_KILLS says how often the bot is killed.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from tests.faults.comparing import Messages, check_sound, differences
from tests.faults.on_discord import OnDiscord
from tests.faults.on_slack import OnSlack
from tests.faults.troubles import locked, no_room
from tests.servers.discord import DiscordServer
from tests.servers.slack import SlackServer
from tests.test_run import Running, running

KILLS = int(os.environ.get("READALONG_KILLS", "10"))
SEED = os.environ.get("READALONG_SEED", "1956")
SECONDS = 90.0  # that anything may take on a busy machine
BETWEEN = 0.004  # seconds between what people do

DATABASE = ("locked", "no room")


@dataclass
class World:
    """Both platforms, and the one database; `bot` is the process that runs now."""

    folder: Path
    discord: OnDiscord
    slack: OnSlack
    bot: Running | None = None

    @property
    def path(self) -> Path:
        """The database."""
        return self.folder / "archive.db"

    @property
    def sides(self) -> tuple[OnDiscord, OnSlack]:
        """The platforms."""
        return self.discord, self.slack

    def standing(self) -> Messages:
        """What the archive has to hold."""
        return {**self.discord.standing(), **self.slack.standing()}

    async def save(self) -> None:
        """Have some threads and channels saved, as if since long ago."""
        with closing(Database.open(self.path)) as database:
            discussions = Archive.of(database, lambda _: ()).discussions
            for place in (*self.discord.places, *self.slack.places):
                if place.thread:
                    await discussions.keep(place, "A thread", None, Anchor("japan-russia-2016"))
                else:
                    await discussions.keep_channel(place, "saved")
        with closing(sqlite3.connect(self.path)) as db, db:
            db.execute("UPDATE channels SET kept_since = '2020-01-01T00:00:00.000Z' WHERE kept_since IS NOT NULL")

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Running]:
        """The bot runs; at the end it is killed, if it still runs."""
        settings = "".join(side.settings for side in self.sides) + f'[archive]\npath = "{self.path}"\n'
        tokens = {**self.discord.tokens, **self.slack.tokens}
        async with running(self.folder, settings, module="tests.faults.bot", **tokens) as bot:
            self.bot = bot
            yield bot
        self.bot = None

    async def act(self, chance: Random, times: int = 1) -> None:
        """People do so many things on each platform."""
        for _ in range(times):
            for side in self.sides:
                await side.act(chance)
            await asyncio.sleep(BETWEEN)

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until something is true, while the bot runs."""
        try:
            async with asyncio.timeout(SECONDS):
                while not true():
                    assert self.bot
                    assert self.bot.process.returncode is None, "\n".join(self.bot.log[-30:])
                    await asyncio.sleep(0.01)
        except TimeoutError:
            assert self.bot
            different = "\n".join(map(str, differences(self.path, self.standing())))
            raise AssertionError(f"{different}\n{self.folder}\n" + "\n".join(self.bot.log[-60:])) from None

    async def connect(self) -> None:
        """Wait until this bot listens on both platforms."""
        assert self.bot
        for name in ("discord", "slack"):
            await self.until(lambda name=name: self.logged(f"name={name}", "state=connected"))  # type: ignore[misc]

    def logged(self, *words: str) -> bool:
        """Whether this bot logged a line with all these words."""
        assert self.bot
        return any(all(word in line for word in words) for line in self.bot.log)

    @asynccontextmanager
    async def trouble(self, chance: Random, name: str, kind: str) -> AsyncIterator[None]:
        """Something goes wrong with a platform, or with the database for as long as this lasts."""
        assert self.bot
        async with AsyncExitStack() as stack:
            match name, kind:
                case "database", "locked":
                    await stack.enter_async_context(locked(self.path))
                case "database", _:
                    await stack.enter_async_context(no_room(self.path, self.bot.process.pid))
                case _:
                    (side,) = (one for one in self.sides if one.platform == name)
                    await side.trouble(chance, kind)
            yield

    def troubles(self) -> list[tuple[str, str]]:
        """Everything that can go wrong."""
        mine = [("database", kind) for kind in DATABASE]
        return [*((side.platform, kind) for side in self.sides for kind in side.kinds), *mine]


async def short_life(world: World, chance: Random) -> None:
    """The bot starts, and is killed while it starts, while it reads back, or while it listens and things go wrong."""
    if chance.random() < 0.3:
        for side in world.sides:
            await side.away()
    await world.act(chance, chance.randrange(10))
    when, side = chance.choice(["starting", "reading", "listening", "listening"]), chance.choice(world.sides)
    if chance.random() < 0.5:
        for one in world.sides:
            await one.trouble(chance, chance.choice(["limit", "error"]))
    requests, calls = len(world.discord.server.requests), len(world.slack.server.calls)
    pages, enough = side.pages, chance.randrange(1, 6)
    async with world.run() as bot:
        match when:
            case "starting":
                await world.until(
                    lambda: len(world.discord.server.requests) > requests or len(world.slack.server.calls) > calls
                )
                await world.act(chance, chance.randrange(20))
            case "reading":
                await world.until(
                    lambda: side.pages >= pages + enough or world.logged("backfill.done", f"platform={side.platform}")
                )
                await world.act(chance, chance.randrange(5))
            case _:
                await world.connect()
                for name, kind in chance.sample(world.troubles(), chance.randrange(1, 4)):
                    async with world.trouble(chance, name, kind):
                        await world.act(chance, chance.randrange(5, 20))
        bot.process.kill()
        await bot.process.wait()


async def long_life(world: World, chance: Random) -> None:
    """The bot runs on, whatever goes wrong; in the end it holds what the platforms hold."""
    async with world.run():
        await world.connect()
        for name, kind in chance.sample(every := world.troubles(), len(every)):
            async with world.trouble(chance, name, kind):
                await world.act(chance, 10)
            await world.connect()
        for side in world.sides:
            await side.settle()
        await world.until(lambda: not differences(world.path, world.standing(), reactions=False))


async def quiet_life(world: World) -> None:
    """The bot comes back once more while nobody does anything, and finds the reactions too."""
    async with world.run() as bot:
        await world.connect()
        await world.until(lambda: not differences(world.path, world.standing()))
        bot.process.terminate()
        assert await bot.process.wait() == 0


async def test_the_archive_holds_what_the_platforms_hold_whatever_goes_wrong(tmp_path: Path) -> None:
    async with DiscordServer.running() as discord, SlackServer.running() as slack:
        world = World(tmp_path, OnDiscord(discord), OnSlack(slack))
        await world.save()
        for number in range(KILLS):
            await short_life(world, Random(f"{SEED} {number}"))  # noqa: S311 - the same faults each time
        await long_life(world, Random(f"{SEED} end"))  # noqa: S311 - the same faults each time
        await quiet_life(world)
        check_sound(world.path, world.discord.said | world.slack.said)
        for side in world.sides:
            await side.away()
