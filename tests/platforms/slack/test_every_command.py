"""Every command from envelope to message, on the real slack-bolt: private stays private, members are refused."""

import json

from bot.grammar import split_name
from tests.conftest import KURILS, MINA
from tests.platforms.slack.conftest import OnSlack
from tests.servers import slack_payloads as made


async def test_each_is_answered_privately_exactly_when_its_reply_is_private(slack: OnSlack) -> None:
    await slack.connect()
    for command in slack.answering.registry.natives:
        name, rest = split_name(command.example)
        reply = await slack.answering.line(command.example, MINA, KURILS)
        said = await slack.ask(made.command(f"/{name}", rest, response_url=slack.server.response_url))

        assert said["response_type"] == ("ephemeral" if reply.private else "in_channel"), command.name
        assert command.moderators is reply.refused, command.name
        assert said["text"], command.name
        assert "mrkdwn" not in json.dumps(said["blocks"]), command.name
        assert "<!" not in said["text"], command.name
