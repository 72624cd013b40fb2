"""A bot that is killed while people talk: what it holds after the next start is what stands on Discord."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot import app
from bot.archive.discussions import Anchor
from bot.config import CLONE, load
from tests.platforms.discord.saving import THREAD
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer
from tests.servers.discord_payloads import TOKEN, Payload

SECONDS = 30.0
BEGAN = datetime.now(UTC) - timedelta(hours=1)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`readalong run` as a process of its own, which is killed in the end without a chance to finish anything."""
    settings = {"DISCORD_TOKEN": TOKEN, "SLACK_BOT_TOKEN": "", "READALONG_CONFIG": "", "PYTHONPATH": str(CLONE)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env={**os.environ, **settings},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


def held(database: Path) -> dict[str, str]:
    """What stands in the archive, by the messages' ids, as another program reads it."""
    reader = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        rows = reader.execute("SELECT platform_id, text FROM messages WHERE deleted_at IS NULL").fetchall()
    finally:
        reader.close()
    return dict(rows)


async def talk(server: DiscordServer, chance: Random, messages: list[Payload], times: int) -> None:
    """People say, edit and delete things, as fast as the bot's connection takes them.

    It is all from an hour ago: of what is a minute old, what history does not show is not taken for deleted.
    """
    for _ in range(times):
        standing = server.rooms.messages[made.THREAD]
        what = chance.random()
        if what < 0.7 or not standing:
            at = BEGAN + timedelta(milliseconds=10 * len(messages))
            messages.append(await server.say(made.THREAD, f"word {chance.random()}", at=at))
        elif what < 0.9:
            await server.tell(server.rooms.edit(chance.choice(standing), f"edited {chance.random()}"))
        else:
            await server.tell(server.rooms.delete(chance.choice(standing)))
        await asyncio.sleep(0)


async def test_after_being_killed_again_and_again_it_holds_what_stands_there(tmp_path: Path) -> None:
    chance = Random(1956)  # noqa: S311 - nothing secret
    async with DiscordServer.running() as server:
        (tmp_path / "config.toml").write_text(
            f'[discord]\napi_url = "{server.api_url}"\ngateway_url = "{server.gateway.url}"\n'
            '[archive]\npath = "a.db"\n[web]\nport = 0\n', encoding="utf-8",
        )  # fmt: skip
        async with app.assembled(load(tmp_path / "config.toml", environ={})) as bot:
            await bot.archive.discussions.keep(THREAD, "chapter 3", None, Anchor("japan-russia-2016"))
        messages: list[Payload] = []
        for starts in range(1, 4):
            async with running(tmp_path):
                await server.connected(times=starts)
                for _ in range(3):
                    await talk(server, chance, messages, 60)
                    await server.until(lambda: bool(held(tmp_path / "a.db")))
            await talk(server, chance, messages, 60)
        async with running(tmp_path), asyncio.timeout(SECONDS):
            await server.connected(times=4)
            while held(tmp_path / "a.db") != standing(server):  # noqa: ASYNC110 - a file tells nobody that it changed
                await asyncio.sleep(0.01)

    assert len(messages) > 300


def standing(server: DiscordServer) -> dict[str, str]:
    """What stands in the thread, by the messages' ids."""
    return {one["id"]: one["content"] for one in server.rooms.messages[made.THREAD]}
