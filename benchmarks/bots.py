"""The bots under test, each a process of its own: started, watched, stopped, its memory read.

Ours runs as an operator runs it, `python -m bot run --config FILE`, on the readings of this repository. What the bots
write goes into files, so that nobody reads along while time is taken.
"""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.config import CLONE, TOKENS
from tests.servers.discord import DiscordServer
from tests.servers.discord_payloads import TOKEN as DISCORD_TOKEN
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SECRET, SlackServer

# An operator's Python keeps what it compiled of our code, as pip compiled the libraries that the bare bots consist of.
LEFT_OUT = {*TOKENS, "READALONG_CONFIG", "PYTHONDONTWRITEBYTECODE"}

T = TypeVar("T")
Message = dict[str, Any]

SECONDS_TO_ANSWER = 30.0
SECONDS_TO_STOP = 5.0
SAID = 500  # characters of a bot's log that are shown when it fails


class NotMeasured(Exception):
    """A bot ended, did not answer in time, or answered something else: there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Memory:
    """A process's memory in MiB: `own` is shared with no other process (USS), `resident` all of it (RSS)."""

    own: float
    resident: float


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot."""

    process: asyncio.subprocess.Process
    log: Path

    async def wait_for(self, awaited: Awaitable[T]) -> T:
        """The value of what is awaited. Raises NotMeasured when the bot ends first, or 30 s pass."""
        work, end = asyncio.ensure_future(awaited), asyncio.ensure_future(self.process.wait())
        try:
            await asyncio.wait({work, end}, timeout=SECONDS_TO_ANSWER, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            what = "ended" if end.done() else "did not do in time what is measured"
            words = self.log.read_text(encoding="utf-8", errors="replace")[-SAID:]
            raise NotMeasured(f"{self.log.stem} {what}. Its last words: {words or 'none'}")
        finally:
            for task in (work, end):
                task.cancel()

    def memory(self) -> Memory:
        """Its memory now, as /proc tells it: https://docs.kernel.org/filesystems/proc.html"""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        kib = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
        return Memory((kib["Private_Clean"] + kib["Private_Dirty"]) / 1024, kib["Rss"] / 1024)


@asynccontextmanager
async def running(name: str, *arguments: str, folder: Path, **environ: str) -> AsyncIterator[Bot]:
    """`python -m ARGUMENTS` with these variables, in a process of its own, until the block ends."""
    clean = {key: value for key, value in os.environ.items() if key not in LEFT_OUT}
    log = folder / f"{name}.log"
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments, cwd=CLONE, env={**clean, **environ}, stdin=asyncio.subprocess.DEVNULL,
            stdout=said, stderr=said,
        )  # fmt: skip
    try:
        yield Bot(process, log)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), SECONDS_TO_STOP)
        except TimeoutError:
            process.kill()
            await process.wait()


@asynccontextmanager
async def ours(
    folder: Path, discord: DiscordServer | None = None, slack: SlackServer | None = None, *, http_port: int = 0
) -> AsyncIterator[Bot]:
    """Our bot on these servers, with a database in the folder that stays from one start to the next.

    On Slack it runs in Socket Mode, or over HTTP on a port.
    """
    settings = [f'[readings]\npath = "{CLONE / "content"}"', f"[web]\nport = 0\npublic_port = {http_port}"]
    if discord:
        urls = f'api_url = "{discord.api_url}"\ngateway_url = "{discord.gateway.url}"'
        settings.append(f'[discord]\ntoken = "{DISCORD_TOKEN}"\n{urls}')
    if slack:
        app_token = "" if http_port else APP_TOKEN
        tokens = f'bot_token = "{BOT_TOKEN}"\napp_token = "{app_token}"\nsigning_secret = "{SECRET}"'
        settings.append(f'[slack]\n{tokens}\napi_url = "{slack.api_url}"')
    file = folder / "config.toml"
    file.write_text("\n".join(settings), encoding="utf-8")
    async with running("ours", "bot", "run", "--config", str(file), folder=folder) as bot:
        yield bot


@asynccontextmanager
async def bare_discord(folder: Path, server: DiscordServer, answer: Message) -> AsyncIterator[Bot]:
    """The bare Discord bot, which answers `/quote` with this message."""
    urls = {"API_URL": server.api_url, "GATEWAY_URL": server.gateway.url}
    environ = {"DISCORD_TOKEN": DISCORD_TOKEN, "ANSWER": _kept(answer, folder / "discord.json"), **urls}
    async with running("bare_discord", "benchmarks.bare_discord", folder=folder, **environ) as bot:
        yield bot


@asynccontextmanager
async def bare_slack(folder: Path, server: SlackServer, answer: Message, *, http_port: int = 0) -> AsyncIterator[Bot]:
    """The bare Slack bot, which answers `/quote` with this message; in Socket Mode, or over HTTP on a port."""
    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SECRET}
    environ = {"API_URL": server.api_url, "ANSWER": _kept(answer, folder / "slack.json"), **tokens}
    if http_port:
        environ["HTTP_PORT"] = str(http_port)
    async with running("bare_slack", "benchmarks.bare_slack", folder=folder, **environ) as bot:
        yield bot


def _kept(answer: Message, file: Path) -> str:
    file.write_text(json.dumps(answer), encoding="utf-8")
    return str(file)


def shown(body: Message) -> Message:
    """A message on Discord with the defaults that discord.py writes out for a bot that builds embeds and buttons."""
    defaults = {"type": "rich", "flags": 0}
    embeds = [{**defaults, **embed} for embed in body["embeds"]]
    rows = [[{**button, "disabled": False} for button in row["components"]] for row in body["components"]]
    return {**body, "embeds": embeds, "components": rows}


def sayable(said: Message) -> Message:
    """What ours said on Slack, as far as Bolt's `respond` can say it: the one thing that it can't is `mrkdwn`."""
    return {key: value for key, value in said.items() if key != "mrkdwn"}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])
