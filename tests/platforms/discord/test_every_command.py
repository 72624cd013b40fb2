"""Every command from interaction to message, on the real discord.py: private stays private, members are refused."""

import json
import re

from bot.answering import Answering
from bot.asker import Person, Place
from bot.command import Command
from bot.grammar import parse, split_name
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer

PRIVATE = 64
PERSON = Person(made.MEMBER, "mina")
HERE = Place("discord", made.GUILD, made.CHANNEL)


def options(command: Command) -> dict[str, str | int]:
    """The example's options, as Discord would send them."""
    call = parse(command, split_name(command.example)[1])
    given = {option.name for option in command.options if call.arguments[option.name] != option.default}
    return {name: value for name, value in call.arguments.items() if name in given}


async def test_each_is_answered_privately_exactly_when_its_reply_is_private(
    online: DiscordServer, answering: Answering
) -> None:
    for command in answering.registry.natives:
        reply = await answering.options(command.name, options(command), PERSON, HERE)
        sent = await online.slash(command.name, options(command))

        assert bool(sent.body["data"].get("flags", 0) & PRIVATE) is reply.private, command.name
        assert command.moderators is reply.refused, command.name
        assert sent.body["data"].get("allowed_mentions", {}).get("parse", []) == [], command.name
        assert not sent.body["data"].get("content"), command.name
        assert not re.search(r"(?<!\\)<[@#]", json.dumps(sent.body["data"]["embeds"])), command.name
