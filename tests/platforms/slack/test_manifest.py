"""The manifest: within Slack's limits whatever the registry holds, and true to what the code does."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import bot.platforms.slack as package
from bot.answering import Answering
from bot.config import Config, Slack
from bot.platforms.slack.manifest import EVENTS, RESERVED, SCOPES, manifest
from bot.registry import Registry
from tests.limits import check_slack_manifest

Json = dict[str, Any]

# https://docs.slack.dev/reference/methods/<method>: the scope that each method asks for
METHODS = {
    "auth_test": None,
    "apps_connections_open": None,
    "users_info": "users:read",
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
    "files_upload_v2": "files:write",
    "views_publish": None,
}
# Tried by the doctor alone, which says so where the scope is not granted; no answer to anybody depends on it.
TRIED = {("doctor.py", "conversations_info")}


def check(made: Json) -> None:
    check_slack_manifest(made)
    features, settings = made["features"], made["settings"]
    assert features["app_home"]["home_tab_enabled"] is True
    assert features["app_home"]["messages_tab_enabled"] is True
    assert features["app_home"]["messages_tab_read_only_enabled"] is False
    assert all(one["should_escape"] is True for one in features["slash_commands"])
    assert made["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert settings["event_subscriptions"]["bot_events"] == ["app_home_opened", "app_mention", "message.im"]
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
    odd = [*sorted(RESERVED), "日本", "with space", "Capital", "x" * 33]
    registry = crowded(answering.registry, odd)
    made = manifest(registry, config, None)
    check(made)
    assert names_in(made) == names_in(manifest(answering.registry, config, None))

    prefixed = names_in(manifest(registry, with_prefix(config, "ra-"), None))
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
    calls = {
        (file.name, method)
        for file in folder.glob("*.py")
        for method in re.findall(r"client\.([a-z]+_[a-zA-Z_0-9]+)\(", file.read_text(encoding="utf-8"))
    }
    called = {method for _, method in calls - TRIED}
    events = {"app_home_opened": None, "app_mention": "app_mentions:read", "message.im": "im:history"}

    assert calls >= TRIED
    assert called == set(METHODS)
    assert set(EVENTS) == set(events)
    assert set(SCOPES) == {scope for scope in (*METHODS.values(), *events.values()) if scope} | {"commands"}
