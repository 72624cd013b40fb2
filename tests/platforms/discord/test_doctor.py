"""What the doctor asks Discord."""

from dataclasses import replace

import discord
import pytest

from bot.config import Config
from bot.doctor.finding import Finding, State
from bot.platforms.discord import doctor
from bot.platforms.discord.doctor import examine, intents
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer
from tests.servers.stranger import not_the_platform


async def found(config: Config, *channels: str) -> dict[str, Finding]:
    return {one.subject: one for one in await examine(config, None, channels)}


@pytest.mark.parametrize(
    ("wanted", "granted", "words"),
    [
        (discord.Intents(guilds=True), 0, "none that needs switching on"),
        (discord.Intents(guilds=True, message_content=True), 0, "Privileged Gateway Intents: Message Content)"),
        (discord.Intents(message_content=True), 1 << 18, "message_content: switched on"),
        (discord.Intents(message_content=True, members=True), 1 << 19, "Privileged Gateway Intents: Server Members)"),
    ],
)
def test_a_privileged_intent_that_the_code_asks_for_must_be_switched_on(
    wanted: discord.Intents, granted: int, words: str
) -> None:
    told = intents(wanted, discord.ApplicationFlags._from_value(granted))

    assert words in told.words
    assert told.state is (State.TO_DO if "Privileged" in words else State.OK)


async def test_permissions_that_the_code_asks_for_are_looked_at_with_roles_and_overwrites(
    here: Config, server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = discord.Permissions(send_messages=True, attach_files=True)
    monkeypatch.setattr(doctor, "PERMISSIONS", wanted)
    server.guild["roles"][1]["permissions"] = str(1 << 10 | 1 << 11)
    server.guild["members"][0]["roles"] = [made.MODERATORS]
    subject = f"channel {made.CHANNEL}"
    lacking = (await found(here, made.CHANNEL))[subject]
    allow = {"id": made.MODERATORS, "type": 0, "allow": str(1 << 15), "deny": "0"}
    server.guild["channels"][0]["permission_overwrites"] = [allow]
    enough = (await found(here, made.CHANNEL))[subject]

    assert "the bot lacks Attach Files. " in lacking.words
    assert lacking.state is State.TO_DO
    assert enough.state is State.OK


async def test_a_conversation_is_no_channel_of_a_server(here: Config) -> None:
    direct = made.direct_channel()["id"]

    assert "this is a conversation" in (await found(here, direct))[f"channel {direct}"].words


async def test_discord_in_trouble_is_not_checked_and_says_so(here: Config, server: DiscordServer) -> None:
    server.refuse("GET", "/users/@me", 400)
    told = await found(here)

    assert told["token"].words == "Discord answered with status 400; try again later"
    assert {told[subject].state for subject in ("token", "intents", "commands")} == {State.NOT_CHECKED}
    assert told["clock"].state is State.OK


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
async def test_something_else_at_the_address_is_not_taken_for_discord(here: Config, kind: str) -> None:
    async with not_the_platform(kind) as address:
        elsewhere = replace(here.discord, api_url=address)
        told = await found(replace(here, discord=elsewhere))

    assert told["token"].words == "what answers at this address is not Discord"
    assert told["token"].state is State.NOT_CHECKED
