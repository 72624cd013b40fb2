"""Discord is told the commands once, and again only when they changed."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from bot.answering import Answering
from bot.config import Config
from bot.platforms.discord.sync import differences
from bot.platforms.health import State
from tests.platforms.discord.conftest import WatchedHealth, connected
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer

Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]

COMMANDS = f"/applications/{made.APPLICATION}/commands"


def is_synced(answering: Answering) -> bool:
    return bool(answering.settings.get("discord", "", "", "commands_synced"))


async def test_every_native_command_and_every_action_on_a_message_is_told_to_discord(
    online: DiscordServer, answering: Answering
) -> None:
    sent = await online.until(lambda: online.sent("PUT", COMMANDS))

    assert {one["name"] for one in sent[0].body if one["type"] == 1} == {one.name for one in answering.registry.natives}
    assert {one["name"] for one in sent[0].body if one["type"] == 3} == {"Save this discussion", "Save this remark"}


async def test_a_second_start_tells_nothing_new(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    for times in (1, 2):
        async with connected(here, answering, health, server):
            await server.connected(times)
            while not is_synced(answering):
                await server.slash("summary")

    assert len(server.sent("PUT", COMMANDS)) == 1


async def test_a_sync_that_fails_stops_nothing_and_is_tried_at_the_next_start(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuse("PUT", COMMANDS, 503)
    with caplog.at_level(logging.WARNING):
        async with connected(here, answering, health, server):
            await health.until(State.CONNECTED)
            assert (await server.slash("summary")).body["data"]["embeds"]

    assert "discord.sync_failed status=503" in caplog.text
    assert not is_synced(answering)

    async with connected(here, answering, health, server):
        await server.until(lambda: len(server.sent("PUT", COMMANDS)) == 2)


async def test_commands_that_somebody_replaced_are_told_again_at_the_next_start(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    async with connected(here, answering, health, server):
        while not is_synced(answering):
            await server.slash("summary")
    ours = server.commands
    server.commands = ours[1:]

    async with connected(here, answering, health, server):
        await server.connected(2)
        await server.until(lambda: len(server.commands) == len(ours))


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda held: held[1:], ["about"]),
        (lambda held: [*held, {**held[0], "name": "old"}], ["old"]),
        (lambda held: [{**held[0], "description": "Other words."}, *held[1:]], ["about"]),
        (lambda held: [{**held[0], "default_member_permissions": "8"}, *held[1:]], ["about"]),
        (lambda held: [*held[:1], {**held[1], "options": []}, *held[2:]], ["ask"]),
        (lambda held: held, []),
    ],
)
async def test_a_difference_between_ours_and_discords_commands_is_named(
    online: DiscordServer, change: Change, names: list[str]
) -> None:
    sent = (await online.until(lambda: online.sent("PUT", COMMANDS)))[0].body

    assert differences(sent, change(online.commands)) == names
