"""What the tests of `readalong doctor` share: running it as a process of its own, beside servers on this machine."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import commands
from bot.config import CLONE, Config
from bot.platforms.discord.manifest import commands as discord_commands
from bot.platforms.slack.manifest import SCOPES
from bot.readings.library import Library
from bot.registry import Registry
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer
from tests.test_run import reach

SECONDS = 60
SECRET = "0123456789abcdef" * 2
TOKENS = {
    "DISCORD_TOKEN": made.TOKEN,
    "SLACK_BOT_TOKEN": BOT_TOKEN,
    "SLACK_APP_TOKEN": APP_TOKEN,
    "SLACK_SIGNING_SECRET": "",
}
PORTS = "[web]\nport = 0\npublic_port = 0\n"
NOWHERE = '[discord]\napi_url = "http://127.0.0.1:1/api/v10"\n[slack]\napi_url = "http://127.0.0.1:1/api/"\n'


@dataclass
class Report:
    """What a run of the doctor printed."""

    code: int
    text: str
    errors: str
    findings: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def of(self, part: str, subject: str) -> str:
        """State and words of one thing, one line for each finding."""
        return "\n".join(self.findings[part, subject])


async def doctor(folder: Path, *arguments: str, **environ: str) -> Report:
    """Run it in that folder, as JSON, without anybody's tokens but those given."""
    done = await plain(folder, "--json", *arguments, **environ)
    if done.text:
        for one in json.loads(done.text)["findings"]:
            done.findings.setdefault((one["part"], one["subject"]), []).append(f"{one['state']}: {one['words']}")
    return done


async def plain(folder: Path, *arguments: str, **environ: str) -> Report:
    """Run it in that folder as a person would."""
    clean = {**os.environ, **dict.fromkeys(TOKENS, ""), "READALONG_CONFIG": "", "PYTHONPATH": str(CLONE), **environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "doctor", *arguments,
        cwd=folder, env=clean, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode is not None
    return Report(process.returncode, out.decode(), err.decode())


@dataclass
class Here:
    """A folder with a configuration that points at both servers, all being well."""

    folder: Path
    discord: DiscordServer
    slack: SlackServer

    def configure(self, more: str = PORTS) -> None:
        """Write the configuration, with more of it."""
        slack = f'[slack]\napi_url = "{self.slack.api_url}"\n'
        (self.folder / "config.toml").write_text(f"{reach(self.discord)}{slack}{more}", encoding="utf-8")

    async def doctor(self, *arguments: str, **environ: str) -> Report:
        """Run it with every token that is needed."""
        return await doctor(self.folder, *arguments, **{**TOKENS, **environ})


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    async with DiscordServer.running() as discord, SlackServer.running() as slack:
        slack.scopes = ",".join(SCOPES)
        discord.guild["roles"][0]["permissions"] = str(1 << 10)
        library = Library.load(CLONE / "content")
        sent = discord_commands(Registry.of(commands, library), Config())
        discord.commands = [made.held_command(one, made.APPLICATION) for one in sent]
        found = Here(tmp_path, discord, slack)
        found.configure()
        yield found


def contents(folder: Path) -> dict[str, bytes]:
    """Every file with what is in it."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def to_do(report: Report) -> list[tuple[str, str]]:
    """What needs doing."""
    return [about for about, found in report.findings.items() if any(one.startswith("to do") for one in found)]
