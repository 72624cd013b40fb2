"""`readalong run` as an operator runs it: a process of its own, both real clients, servers on this machine."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp

from bot.config import CLONE
from tests.servers.discord import DiscordServer
from tests.servers.discord_payloads import TOKEN
from tests.servers.slack import SlackServer
from tests.servers.slack_payloads import command as slack_command

SECONDS = 30
SLACK_TOKENS = {"SLACK_BOT_TOKEN": "xoxb-made-up", "SLACK_APP_TOKEN": "xapp-made-up"}


class Running:
    """A running `readalong run`: its log lines as they come."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.log: list[str] = []
        self._more = asyncio.Event()

    async def read(self) -> None:
        assert self.process.stderr
        async for line in self.process.stderr:
            self.log.append(line.decode().rstrip())
            self._more.set()
        self._more.set()

    async def says(self, *words: str) -> str:
        """The first log line with all these words, once there is one."""
        async with asyncio.timeout(SECONDS):
            while True:
                for line in self.log:
                    if all(word in line for word in words):
                        return line
                self._more.clear()
                await self._more.wait()

    async def port(self) -> int:
        """The operator's port."""
        return int((await self.says("operator.listening")).rpartition("port=")[2])


@asynccontextmanager
async def running(
    folder: Path, settings: str, *, port: str = "0", page: str = "", module: str = "bot", **tokens: str
) -> AsyncIterator[Running]:
    (folder / "config.toml").write_text(f"{settings}\n[web]\nport = {port}\n{page}\n", encoding="utf-8")
    environ = {**os.environ, **dict.fromkeys(SLACK_TOKENS, ""), "DISCORD_TOKEN": "", **tokens}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, "run", cwd=folder, stderr=asyncio.subprocess.PIPE,
        env={**environ, "PYTHONPATH": str(CLONE), "READALONG_CONFIG": ""},
    )  # fmt: skip
    made = Running(process)
    reader = asyncio.create_task(made.read())
    try:
        yield made
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await reader


def reach(server: DiscordServer) -> str:
    """The settings that point the bot at this Discord."""
    return f'[discord]\napi_url = "{server.api_url}"\ngateway_url = "{server.gateway.url}"\n'


async def test_one_process_answers_on_both_platforms_and_stops_cleanly(tmp_path: Path) -> None:
    async with DiscordServer.running() as discord, SlackServer.running() as slack:
        settings = f'{reach(discord)}[slack]\napi_url = "{slack.api_url}"'
        async with running(tmp_path, settings, DISCORD_TOKEN=TOKEN, **SLACK_TOKENS) as bot:
            await discord.connected()
            await slack.connected()
            await bot.says("platform name=discord", "state=connected")
            await bot.says("platform name=slack", "state=connected")
            await bot.says("readings.prepared")
            on_discord = await discord.slash("kurils")
            payload = slack_command("/kurils", response_url=slack.response_url)
            await slack.send("slash_commands", payload)
            await slack.until(lambda: slack.said)
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{await bot.port()}/healthz") as response:
                    health = response.status, await response.json()
                async with session.get(f"http://127.0.0.1:{await bot.port()}/metrics") as response:
                    metrics = await response.text()
            began = time.monotonic()
            bot.process.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(bot.process.wait(), 5)

    assert on_discord.body["data"]["embeds"][0]["title"] == "The Kuril Islands"
    assert slack.said[0]["blocks"][0]["text"]["text"] == "The Kuril Islands"
    assert health[0] == 200
    assert {name: one["state"] for name, one in health[1]["platforms"].items()} == {
        "discord": "connected",
        "slack": "connected",
    }
    assert 'readalong_commands_total{command="kurils",outcome="ok",platform="discord"} 1.0' in metrics
    assert 'readalong_commands_total{command="kurils",outcome="ok",platform="slack"} 1.0' in metrics
    assert code == 0
    assert time.monotonic() - began < 5
    assert not any(secret in line for line in bot.log for secret in (TOKEN, *SLACK_TOKENS.values()))
    assert not any("Traceback" in line for line in bot.log)


async def test_a_wrong_token_is_one_sentence_and_the_other_platform_goes_on(tmp_path: Path) -> None:
    async with DiscordServer.running() as discord, SlackServer.running() as slack:
        settings = f'{reach(discord)}[slack]\napi_url = "{slack.api_url}"'
        async with running(tmp_path, settings, DISCORD_TOKEN="wrong.token.here", **SLACK_TOKENS) as bot:
            refused = await bot.says("platform name=discord", "state=refused")
            await bot.says("platform name=slack", "state=connected")
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{await bot.port()}/healthz") as response,
            ):
                status, health = response.status, await response.json()

    assert "DISCORD_TOKEN" in refused
    assert "wrong.token.here" not in "\n".join(bot.log)
    assert status == 503
    assert health["platforms"]["slack"]["state"] == "connected"


async def test_when_every_platform_is_refused_it_ends_and_says_why(tmp_path: Path) -> None:
    async with (
        DiscordServer.running() as discord,
        running(tmp_path, reach(discord), DISCORD_TOKEN="wrong.token.here") as bot,
    ):
        code = await asyncio.wait_for(bot.process.wait(), SECONDS)

    assert code == 1


async def test_a_platform_that_is_away_is_waited_for_and_healthz_says_so(tmp_path: Path) -> None:
    settings = '[discord]\napi_url = "http://127.0.0.1:1/api/v10"\ngateway_url = "ws://127.0.0.1:1/gateway"\n'
    async with running(tmp_path, settings, DISCORD_TOKEN=TOKEN) as bot:
        await bot.says("platform name=discord", "state=away")
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{await bot.port()}/healthz") as response,
        ):
            status, health = response.status, await response.json()
        bot.process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(bot.process.wait(), 5)

    assert status == 503
    assert health["platforms"]["discord"]["state"] in {"away", "connecting"}
    assert code == 0


async def test_a_port_in_use_is_one_line_and_the_bot_goes_on_without_it(tmp_path: Path) -> None:
    async with DiscordServer.running() as discord:
        taken = discord.api_url.split(":")[2].split("/")[0]
        async with running(tmp_path, reach(discord), port=taken, DISCORD_TOKEN=TOKEN) as bot:
            line = await bot.says("operator.off")
            await discord.connected()

    assert f"127.0.0.1:{taken}" in line
    assert "[web] port" in line


async def test_a_second_run_on_the_same_database_refuses(tmp_path: Path) -> None:
    async with DiscordServer.running() as discord, running(tmp_path, reach(discord), DISCORD_TOKEN=TOKEN) as first:
        await first.says("state=connected")
        async with running(tmp_path, reach(discord), DISCORD_TOKEN=TOKEN) as second:
            line = await second.says("Another readalong run")
            code = await asyncio.wait_for(second.process.wait(), SECONDS)

    assert "Stop it first" in line
    assert code == 1


async def test_control_c_stops_it_too(tmp_path: Path) -> None:
    async with DiscordServer.running() as discord, running(tmp_path, reach(discord), DISCORD_TOKEN=TOKEN) as bot:
        await bot.says("state=connected")
        bot.process.send_signal(signal.SIGINT)

        assert await asyncio.wait_for(bot.process.wait(), 5) == 0


async def test_without_a_token_it_serves_the_local_page_and_says_where(tmp_path: Path) -> None:
    async with running(tmp_path, "") as bot:
        address = re.search(r"http://127\.0\.0\.1:\d+/", await bot.says("Readalong is open on"))
        assert address
        async with aiohttp.ClientSession() as session, session.get(address[0]) as response:
            page = response.status, await response.text()
        bot.process.send_signal(signal.SIGINT)
        code = await asyncio.wait_for(bot.process.wait(), 5)

    assert page[0] == 200
    assert "<title>Readalong</title>" in page[1]
    assert code == 0


async def test_an_open_page_does_not_hold_up_the_end(tmp_path: Path) -> None:
    async with running(tmp_path, "") as bot, aiohttp.ClientSession() as session:
        address = (await bot.says("Readalong is open on")).split()[4].rstrip("/")
        async with session.ws_connect(f"{address}/socket", headers={"Origin": address}) as socket:
            bot.process.send_signal(signal.SIGTERM)
            ended = await socket.receive(timeout=5)
            code = await asyncio.wait_for(bot.process.wait(), 5)

    assert ended.type is aiohttp.WSMsgType.CLOSE
    assert code == 0


async def test_where_the_page_is_all_there_is_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    async with SlackServer.running() as other:
        taken = other.address.rpartition(":")[2]
        async with running(tmp_path, "", port=taken) as bot:
            await bot.says(f"Can't listen on 127.0.0.1:{taken}: it is in use. Set [web] port")
            code = await asyncio.wait_for(bot.process.wait(), SECONDS)

    assert code == 1


async def test_the_page_can_be_served_beside_a_platform(tmp_path: Path) -> None:
    async with DiscordServer.running() as discord:
        settings = f"{reach(discord)}[replies]\ncooldown = 0\n"
        async with running(tmp_path, settings, page="local_page = true", DISCORD_TOKEN=TOKEN) as bot:
            await bot.says("platform name=discord", "state=connected")
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{await bot.port()}/") as response,
            ):
                status = response.status

    assert status == 200


def test_a_running_bot_does_not_load_what_only_talking_and_asking_for_json_need() -> None:
    """They would cost it memory and time at each start; docs/performance.md has the bounds."""
    code = "import sys, bot.cli.talking, bot.platforms.discord.client, bot.platforms.slack.client; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    modules = set(done.stdout.split())

    assert "slack_bolt" in modules
    assert not {"rich", "prompt_toolkit", "rapidfuzz", "bot.doctor"} & modules
