"""What holds for every command on every platform. A new command is held to it without a line here."""

import json
import re
from typing import Any

import pytest

import commands
from bot import app
from bot.command import Command, Kind
from bot.config import load
from bot.platforms.discord.render import render as render_discord
from bot.platforms.slack.render import render as render_slack
from bot.platforms.terminal.render import as_text
from bot.readings.library import Library
from bot.registry import Registry
from bot.reply import FromBackground, FromReading, Reply
from tests.conftest import CONTENT, Bot

ALL = sorted(Registry.of(commands, Library.load(CONTENT)).commands.values(), key=lambda command: command.name)
KEPT_BY_SLACK = set(
    """status me join away dnd shrug remind msg feed who collapse expand leave open search topic mute pro shortcuts help
    send kill debug commands archive apps call invite kick rename star prefs""".split()  # noqa: SIM905 - a list of forty words reads better so
)
every_command = pytest.mark.parametrize("command", ALL, ids=lambda command: command.name)


async def example_of(command: Command, bot: Bot) -> Reply:
    return await (bot.as_moderator() if command.moderators else bot).say(command.example)


@every_command
def test_it_has_a_name_a_description_an_example_and_described_options(command: Command) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,31}", command.name)
    assert 10 <= len(command.description) <= 100
    assert command.description.endswith(".") or command.topic
    assert command.example.startswith(f"/{command.name}")
    for option in command.options:
        assert re.fullmatch(r"[a-z]{1,32}", option.name)
        assert 5 <= len(option.description) <= 100
        assert not option.required or command.options.index(option) == 0
        assert option.kind is not Kind.CHOICE or 2 <= len(option.choices) <= 25


@every_command
def test_its_name_is_not_one_that_slack_keeps_for_itself(command: Command) -> None:
    assert not command.native or command.name not in KEPT_BY_SLACK


@every_command
async def test_its_example_is_answered(command: Command, bot: Bot) -> None:
    reply = await example_of(command, bot)

    assert not reply.refused, reply.plain()
    assert reply.title
    assert reply.parts
    assert reply.line.startswith(("/", "#"))
    assert reply.private or not command.private


@every_command
async def test_it_has_help_with_its_options_and_its_example(command: Command, bot: Bot) -> None:
    text = (await bot.say(f"/readalong help {command.name}")).plain()

    assert command.example in text
    assert all(option.description in text for option in command.options)


@every_command
async def test_it_refuses_members_exactly_when_it_is_for_moderators(command: Command, bot: Bot) -> None:
    reply = await bot.say(command.example)

    assert reply.refused is command.moderators
    assert not command.moderators or (reply.private and "Only moderators" in reply.plain())


@every_command
async def test_every_item_carries_where_it_is_from(command: Command, bot: Bot) -> None:
    for part in (await example_of(command, bot)).parts:
        if isinstance(part, FromReading):
            assert part.labels
            assert all(label.startswith("¶") for label in part.labels)
        if isinstance(part, FromBackground):
            assert part.source
            assert part.date
            assert not re.search('["“”«»]', part.words.plain())


@every_command
async def test_every_button_of_its_example_leads_somewhere(command: Command, bot: Bot) -> None:
    who = bot.as_moderator() if command.moderators else bot
    reply = await example_of(command, bot)
    for button in reply.buttons:
        if not button.once:
            assert not (await who.press_button(button)).refused, button


@every_command
async def test_its_example_fits_discord(command: Command, bot: Bot) -> None:
    payload = render_discord(await example_of(command, bot))
    texts = [text for embed in payload["embeds"] for text in embed_texts(embed)]

    assert 1 <= len(payload["embeds"]) <= 10
    assert sum(map(utf16, texts)) <= 6000
    assert all(utf16(embed.get("description", "")) <= 4096 for embed in payload["embeds"])
    assert payload["allowed_mentions"] == {"parse": []}
    assert len(payload["components"]) <= 5
    for row in payload["components"]:
        assert 1 <= len(row["components"]) <= 5
        assert all(utf16(button["label"]) <= 80 and len(button["custom_id"]) <= 100 for button in row["components"])


@every_command
async def test_its_example_fits_slack(command: Command, bot: Bot) -> None:
    payload = render_slack(await example_of(command, bot))

    assert 1 <= len(payload["blocks"]) <= 50
    assert 1 <= len(payload["text"]) <= 4000
    assert len(json.dumps(payload["blocks"])) < 40_000
    for block in payload["blocks"]:
        assert block["type"] in {"header", "rich_text", "divider", "context", "actions", "image"}
        if block["type"] == "actions":
            assert len(block["elements"]) <= 25
            assert len({button["action_id"] for button in block["elements"]}) == len(block["elements"])
            assert all(len(button["value"]) <= 2000 for button in block["elements"])


@every_command
@pytest.mark.parametrize(
    "typed",
    ["@everyone", "<!channel>", "<@U1> <@123>", "[x](https://evil.example)", "`**_~||", "\u202e\x1b[31m", "x" * 6000],
)
async def test_whatever_is_typed_after_it_pings_nobody_and_never_fails(command: Command, typed: str, bot: Bot) -> None:
    reply = await bot.as_moderator().say(f"/{command.name} {typed}")

    assert "Something went wrong" not in reply.plain()
    assert "\x1b" not in as_text(reply)
    discord, slack = render_discord(reply), render_slack(reply)
    assert "content" not in discord
    assert discord["allowed_mentions"] == {"parse": []}
    assert not re.search(r"(?<!\\)<[@#]|(?<!\\)\]\(https://evil", json.dumps(discord["embeds"]).replace("\\\\", "\\"))
    assert "<!" not in slack["text"]
    assert "<@" not in slack["text"]
    assert not any(
        element.get("type") in {"user", "broadcast", "usergroup", "mrkdwn"} for element in elements(slack["blocks"])
    )


def test_the_names_of_commands_and_topics_are_not_taken_twice() -> None:
    assert Registry.of(commands, Library.load(CONTENT)).clashes == ()
    assert len({command.name for command in ALL}) == len(ALL)


def test_the_defaults_point_to_readings_without_a_mistake() -> None:
    config = load(None, environ={})
    library = Library.load(config.readings.path)

    assert config.readings.default in library.readings
    assert library.mistakes == {}
    assert app.platforms(config) == {}


def embed_texts(embed: dict[str, Any]) -> list[str]:
    named = [embed.get("title", ""), embed.get("description", "")]
    return [*named, embed.get("footer", {}).get("text", ""), embed.get("author", {}).get("name", "")]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def elements(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for one in value for found in elements(one)]
    if isinstance(value, dict):
        return [value, *(found for one in value.values() for found in elements(one))]
    return []
