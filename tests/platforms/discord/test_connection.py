"""What happens to the connection: lost, invalid, refused, away; and what the operator is told."""

import asyncio

import pytest

from bot.answering import Answering
from bot.config import Config
from bot.errors import BotError
from bot.platforms.discord.client import run
from bot.platforms.health import State
from bot.platforms.supervisor import Pauses, supervise
from tests.platforms.discord.conftest import WatchedHealth, connected, pointed
from tests.servers.discord import PATIENCE, DiscordServer

QUICK = Pauses(first=0.001, longest=0.01)


async def answers(server: DiscordServer) -> bool:
    return bool((await server.slash("summary")).body["data"]["embeds"])


async def test_a_dropped_connection_is_resumed_and_nothing_is_missed(
    online: DiscordServer, health: WatchedHealth
) -> None:
    online.gateway.drop()
    await online.until(lambda: "disconnected" in online.gateway.log)

    assert await answers(online)
    assert "resume" in online.gateway.log
    await health.until(State.CONNECTED, State.AWAY, State.CONNECTED)


async def test_losing_the_connection_is_said_with_a_reason(online: DiscordServer, health: WatchedHealth) -> None:
    online.gateway.drop()
    await health.until(State.AWAY)

    assert [reason for state, reason in health.seen if state is State.AWAY and "connecting again" in reason]


async def test_discord_asking_to_reconnect_is_done_with_a_resume(online: DiscordServer) -> None:
    await online.gateway.send({"op": 7})
    await online.until(lambda: "resume" in online.gateway.log)

    assert await answers(online)


async def test_an_invalid_session_begins_a_new_one(online: DiscordServer) -> None:
    await online.gateway.invalidate()
    await online.connected(times=2)

    assert await answers(online)


async def test_an_odd_beginning_does_not_end_the_bot(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    running = asyncio.create_task(supervise("discord", lambda: run(here, answering, health), health, QUICK))
    try:
        await server.connected()
        await server.gateway.dispatch("READY", {"user": "nobody"})
        await server.connected(times=2)

        assert await answers(server)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_wrong_token_says_where_the_right_one_goes(
    config: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    with pytest.raises(BotError, match="DISCORD_TOKEN") as refused:
        await run(pointed(config, server, token="wrong"), answering, health)

    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize(
    ("code", "words"),
    [(4004, "DISCORD_TOKEN"), (4014, "Privileged Gateway Intents"), (4013, "Upgrade"), (4011, "more servers")],
)
async def test_a_connection_that_discord_refuses_says_what_to_do(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer, code: int, words: str
) -> None:
    server.gateway.refusal = code

    with pytest.raises(BotError, match=words):
        await run(here, answering, health)


async def test_a_discord_that_is_away_at_the_start_is_tried_again(
    config: Config, answering: Answering, health: WatchedHealth, unused_tcp_port: int
) -> None:
    async with DiscordServer.running(port=unused_tcp_port) as earlier:
        there = pointed(config, earlier)
    running = asyncio.create_task(supervise("discord", lambda: run(there, answering, health), health, QUICK))
    try:
        await health.until(State.AWAY)
        async with DiscordServer.running(port=unused_tcp_port) as server:
            await server.connected()
            assert await answers(server)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_an_ended_run_can_be_begun_again(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    async with connected(here, answering, health, server):
        assert await answers(server)
    async with connected(here, answering, health, server):
        await server.connected(times=2)
        assert await answers(server)


async def test_stopping_takes_no_time(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    async with asyncio.timeout(PATIENCE):
        async with connected(here, answering, health, server):
            pass
        await server.until(lambda: "disconnected" in server.gateway.log)
