"""The manifest: within Slack's limits whatever the registry holds, and true to what the code does."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import bot.platforms.slack as package
from bot.answering import Answering
from bot.config import Config, Slack
from bot.platforms.slack import listening
from bot.platforms.slack.manifest import EVENTS, RESERVED, SCOPES, manifest
from bot.registry import Registry
from tests.limits import check_slack_manifest

Json = dict[str, Any]

# https://docs.slack.dev/reference/methods/<method>: the scope that each method asks for
METHODS = {
    "auth_test": None,
    "apps_connections_open": None,
    "users_info": "users:read",
    "users_list": "users:read",
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
    "files_upload_v2": "files:write",
    "views_publish": None,
    "conversations_history": "channels:history groups:history",
    "conversations_replies": "channels:history groups:history",
    "conversations_info": "channels:read groups:read",
    "conversations_list": "channels:read",
    "conversations_members": "channels:read groups:read",
    "users_conversations": "channels:read groups:read",
}
# https://docs.slack.dev/reference/events/<event>: the scope that each event asks for
HEARD = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_id_changed": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read groups:read",
    "member_left_channel": "channels:read groups:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "tokens_revoked": None,
    "user_change": "users:read",
}


def check(made: Json) -> None:
    check_slack_manifest(made)
    features, settings = made["features"], made["settings"]
    assert features["app_home"]["home_tab_enabled"] is True
    assert features["app_home"]["messages_tab_enabled"] is True
    assert features["app_home"]["messages_tab_read_only_enabled"] is False
    assert all(one["should_escape"] is True for one in features["slash_commands"])
    assert made["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert settings["event_subscriptions"]["bot_events"] == sorted(EVENTS)
    assert settings["interactivity"]["is_enabled"] is True


def names_in(made: Json) -> list[str]:
    return [one["command"] for one in made["features"]["slash_commands"]]


def with_prefix(config: Config, prefix: str) -> Config:
    return replace(config, slack=Slack(api_url="", prefix=prefix))


def test_it_holds_every_native_command_with_its_options(answering: Answering, config: Config) -> None:
    made = manifest(answering.registry, config, None)
    check(made)

    assert set(names_in(made)) == {f"/{one.name}" for one in answering.registry.natives}
    quote = next(one for one in made["features"]["slash_commands"] if one["command"] == "/quote")
    assert quote["usage_hint"] == "[about] [number]"
    kurils = next(one for one in made["features"]["slash_commands"] if one["command"] == "/kurils")
    assert "usage_hint" not in kurils


def test_in_socket_mode_it_names_no_address(answering: Answering, config: Config) -> None:
    made = manifest(answering.registry, config, None)

    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(made)


@pytest.mark.parametrize("url", ["https://bot.example", "https://bot.example/"])
def test_in_http_mode_everything_goes_to_the_one_path(answering: Answering, config: Config, url: str) -> None:
    made = manifest(answering.registry, config, url)
    check(made)
    address = "https://bot.example/slack/events"

    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["settings"]["interactivity"]["request_url"] == address
    assert {one["url"] for one in made["features"]["slash_commands"]} == {address}


def test_a_prefix_stands_before_every_name(answering: Answering, config: Config) -> None:
    made = manifest(answering.registry, with_prefix(config, "ra-"), None)
    check(made)

    assert all(name.startswith("/ra-") for name in names_in(made))
    assert "/ra-readalong" in names_in(made)


def crowded(registry: Registry, names: list[str]) -> Registry:
    """The registry with a topic command for each of these names."""
    kurils = registry.commands["kurils"]
    more = {name: replace(kurils, name=name, description=name * 3000) for name in names}
    return replace(registry, commands={**registry.commands, **more})


def test_names_that_slack_would_refuse_are_left_out(answering: Answering, config: Config) -> None:
    odd = ["日本", "with space", "Capital", "x" * 33]
    made = manifest(crowded(answering.registry, [*sorted(RESERVED), *odd]), config, None)
    check(made)
    assert names_in(made) == names_in(manifest(answering.registry, config, None))

    prefixed = names_in(manifest(crowded(answering.registry, ["search", *odd]), with_prefix(config, "ra-"), None))
    assert "/ra-search" in prefixed
    assert "/ra-日本" not in prefixed


def test_of_more_than_fifty_commands_topics_are_left_out_and_the_umbrella_never(
    answering: Answering, config: Config
) -> None:
    registry = crowded(answering.registry, [f"a-topic-{number}" for number in range(60)])
    made = manifest(registry, config, None)
    check(made)

    assert len(names_in(made)) == 50
    ours = {f"/{one.name}" for one in registry.natives if not one.topic}
    assert ours <= set(names_in(made))
    assert "/readalong" in names_in(made)


def test_it_asks_for_what_the_code_uses_and_for_nothing_else() -> None:
    folder = Path(package.__path__[0])
    called = {
        method
        for file in folder.glob("*.py")
        for method in re.findall(
            r"client\.((?:apps|auth|chat|conversations|files|reactions|users|views)_[a-zA-Z_0-9]+)",
            file.read_text(encoding="utf-8"),
        )
    }
    asked = [scopes for scopes in (*METHODS.values(), *HEARD.values()) if scopes]

    assert called == set(METHODS)
    assert set(EVENTS) == set(HEARD)
    assert set(SCOPES) == {scope for scopes in asked for scope in scopes.split()} | {"commands"}


def test_every_event_asked_for_has_a_handler() -> None:
    handled = {*listening.HEARD, "app_home_opened", "app_mention", "message.channels", "message.groups", "message.im"}

    assert handled == set(EVENTS)


def test_what_can_be_done_with_a_message_is_in_its_menu(answering: Answering, config: Config) -> None:
    shortcuts = manifest(answering.registry, config, None)["features"]["shortcuts"]

    assert {one["callback_id"]: one["name"] for one in shortcuts} == {
        "save-discussion": "Save this discussion",
        "save-remark": "Save this remark",
    }
    assert {one["type"] for one in shortcuts} == {"message"}


def test_of_many_actions_ten_are_offered(answering: Answering, config: Config) -> None:
    one = answering.registry.actions["save-remark"]
    many = {f"act-{number}": replace(one, name=f"act-{number}", label="x" * 300) for number in range(12)}
    check(made := manifest(replace(answering.registry, actions=many), config, None))

    assert len(made["features"]["shortcuts"]) == 10


def test_it_says_what_is_kept(answering: Answering, config: Config) -> None:
    words = manifest(answering.registry, config, None)["display_information"]["long_description"]

    assert "keeps no messages" not in words
    assert "keeps the discussions that members open" in words
    assert "opt out" in words
