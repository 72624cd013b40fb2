"""What holds for every command on every platform. A new command is held to it without a line here."""

import json
import re

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
from tests.limits import KEPT_BY_SLACK, check_discord, check_slack, check_terminal

ALL = sorted(Registry.of(commands, Library.load(CONTENT)).commands.values(), key=lambda command: command.name)
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
async def test_its_example_is_within_every_platforms_limits(command: Command, bot: Bot) -> None:
    reply = await example_of(command, bot)

    check_discord(render_discord(reply))
    check_slack(render_slack(reply))
    check_terminal(as_text(reply))


@every_command
@pytest.mark.parametrize(
    "typed",
    ["@everyone", "<!channel>", "<@U1> <@123>", "[x](https://evil.example)", "`**_~||", "\u202e\x1b[31m", "x" * 6000],
)
async def test_whatever_is_typed_after_it_pings_nobody_and_never_fails(command: Command, typed: str, bot: Bot) -> None:
    reply = await bot.as_moderator().say(f"/{command.name} {typed}")

    assert "Something went wrong" not in reply.plain()
    check_terminal(as_text(reply))
    discord = render_discord(reply)
    check_discord(discord)
    check_slack(render_slack(reply))
    assert not re.search(r"(?<!\\)<[@#]|(?<!\\)\]\(https://evil", json.dumps(discord["embeds"]).replace("\\\\", "\\"))


def test_the_names_of_commands_and_topics_are_not_taken_twice() -> None:
    assert Registry.of(commands, Library.load(CONTENT)).clashes == ()
    assert len({command.name for command in ALL}) == len(ALL)


def test_the_defaults_point_to_readings_without_a_mistake() -> None:
    config = load(None, environ={})
    library = Library.load(config.readings.path)

    assert config.readings.default in library.readings
    assert library.mistakes == {}
    assert app.platforms(config) == {}
