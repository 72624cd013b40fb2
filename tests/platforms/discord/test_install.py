"""The registry as Discord's own commands, and the manifest that shows it."""

import base64
import dataclasses
import json
import logging
from dataclasses import replace
from types import SimpleNamespace
from typing import Annotated, Any, Literal, cast

import discord
import pytest

from bot.answering import Answering
from bot.command import Command, Suggestion, command
from bot.config import Config, Moderators
from bot.platforms.discord.install import natives
from bot.platforms.discord.manifest import PERMISSIONS, manifest
from bot.registry import Registry
from bot.reply import Reply
from bot.request import Request
from bot.secret import SecretStr
from tests.limits import check_discord_commands
from tests.servers import discord_payloads as made


async def ask(*_: Any) -> None:
    raise AssertionError


async def complete(*_: Any) -> list[Suggestion]:
    return []


def options_of(payload: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in payload["options"]}


@pytest.fixture
def synced(answering: Answering, config: Config) -> dict[str, dict[str, Any]]:
    """The commands as they are synced, by name."""
    commands: list[dict[str, Any]] = json.loads(manifest(answering.registry, config))["commands"]
    return {one["name"]: one for one in commands}


def test_every_command_is_within_discords_limits(synced: dict[str, dict[str, Any]]) -> None:
    check_discord_commands(list(synced.values()))


def test_commands_are_for_servers_and_for_talking_to_the_bot(synced: dict[str, dict[str, Any]]) -> None:
    assert all(one["contexts"] == [0, 1] and one["integration_types"] == [0] for one in synced.values())


def test_options_are_typed(synced: dict[str, dict[str, Any]]) -> None:
    quote = options_of(synced["quote"])
    length = options_of(synced["summary"])["length"]

    assert quote["about"]["autocomplete"]
    assert quote["about"]["max_length"] == 300
    assert (quote["number"]["type"], quote["number"]["min_value"], quote["number"]["max_value"]) == (4, 1, 9999)
    assert [choice["value"] for choice in length["choices"]] == ["short", "long"]
    assert options_of(synced["passage"])["number"]["required"]


def test_a_moderators_command_is_hidden_unless_roles_are_named(answering: Answering) -> None:
    def hidden(moderators: Moderators) -> list[str]:
        made_ = natives(answering.registry, moderators, ask, complete)
        return [one.name for one in made_ if one.default_permissions is not None]

    assert hidden(Moderators()) == sorted(one.name for one in answering.registry.natives if one.moderators)
    assert hidden(Moderators(discord_roles=("Hosts",))) == []


async def _answer(request: Request, length: Literal["a", "b"] = "a") -> Reply:
    """Nothing.

    Args:
        length: which.
    """
    raise NotImplementedError


def made_up(name: str, *, topic: bool = False) -> Command:
    return dataclasses.replace(command(example="/x")(_answer), name=name, topic=topic, description="d" * 300)


def test_over_100_topics_are_left_out_and_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    commands = [made_up(f"topic-{n:03}", topic=True) for n in range(110)] + [made_up("zebra")]
    registry = Registry({one.name: one for one in commands})

    with caplog.at_level(logging.WARNING):
        names = [one.name for one in natives(registry, Moderators(), ask, complete)]

    assert len(names) == 100
    assert names[0] == "zebra"
    assert "topic-109" in caplog.text
    assert "topic-000" not in caplog.text


async def test_completions_that_discord_does_not_take_are_cut_or_left_out() -> None:
    def many(*_: Any) -> list[Suggestion]:
        return [Suggestion("x", "v" * 101), *(Suggestion("🐟" * 90, f"value {n}") for n in range(40))]

    async def completed(*_: Any) -> list[Suggestion]:
        return many()

    async def about(request: Request, about: Annotated[str, many] = "") -> Reply:
        """Nothing.

        Args:
            about: which.
        """
        raise NotImplementedError

    registry = Registry({"about": command(example="/about")(about)})
    [native] = natives(registry, Moderators(), ask, completed)
    completion = native._params["about"].autocomplete
    assert callable(completion)
    choices = await completion(cast("discord.Interaction[Any]", SimpleNamespace(namespace=())), "")

    assert [choice.value for choice in choices] == [f"value {n}" for n in range(25)]
    assert all(choice.name == "🐟" * 49 + "…" for choice in choices)


@pytest.mark.parametrize("name", ["Kurils", "two words", "x" * 33, "a/b", "кириллица-ё!", ""])
def test_a_name_that_discord_does_not_take_is_left_out(name: str, caplog: pytest.LogCaptureFixture) -> None:
    registry = Registry({name: made_up(name), "fine": made_up("fine"), "курилы": made_up("курилы")})

    with caplog.at_level(logging.WARNING):
        names = {one.name for one in natives(registry, Moderators(), ask, complete)}

    assert names == {"fine", "курилы"}
    assert "discord.commands_left_out" in caplog.text


def test_the_invite_asks_for_what_discussions_need_and_names_the_bot(answering: Answering, config: Config) -> None:
    with_token = replace(config.discord, token=SecretStr(made.TOKEN))
    shown = manifest(answering.registry, replace(config, discord=with_token))

    assert json.loads(shown)["invite"] == (
        f"https://discord.com/oauth2/authorize?client_id={made.APPLICATION}"
        "&scope=bot+applications.commands&permissions=309237763072"
    )
    assert not PERMISSIONS.manage_threads
    assert made.TOKEN not in shown


@pytest.mark.parametrize("token", ["", "not-a-token", base64.b64encode(b"abc").decode() + ".x.y", "é.x"])
def test_without_a_token_the_invite_has_a_placeholder(answering: Answering, config: Config, token: str) -> None:
    other = replace(config.discord, token=SecretStr(token))
    shown = json.loads(manifest(answering.registry, replace(config, discord=other)))

    assert "client_id=CLIENT_ID&" in shown["invite"]
