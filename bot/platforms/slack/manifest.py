"""The app manifest for Slack, made from the registry: what to paste at api.slack.com/apps, "From a manifest".

A name that Slack keeps for itself makes the whole manifest invalid, so such a command is left out here; like every
other it is reached as `/readalong <name>`. https://docs.slack.dev/reference/app-manifest
"""

import logging
import re
from typing import Any

from bot.command import Command
from bot.config import Config
from bot.cutting import clip_units
from bot.logs import event
from bot.platforms.slack.http_mode import PATH
from bot.registry import UMBRELLA, Registry

MOST_COMMANDS = 50
LONGEST_NAME = 32
LONGEST_DESCRIPTION = 2000
LONGEST_HINT = 1000

# Slack's own commands, and names that other projects report to be refused.
RESERVED = frozenset({
    "apps", "archive", "away", "call", "collapse", "commands", "debug", "dnd", "expand",
    "feed", "help", "invite", "join", "kick", "kill", "leave", "me", "msg",
    "mute", "open", "prefs", "pro", "remind", "rename", "search", "send", "shortcuts",
    "shrug", "star", "status", "topic", "who",
})  # fmt: skip

# Only what the code calls; each is one thing less than Slack would let us have. Neither views.publish nor the event
# app_home_opened needs one.
SCOPES = (
    "app_mentions:read",  # the event app_mention
    "chat:write",  # chat.postMessage and chat.postEphemeral: answers to mentions and direct messages
    "commands",  # slash commands
    "files:write",  # files.getUploadURLExternal and completeUploadExternal: pictures
    "im:history",  # the event message.im: a line typed to the bot alone
    "users:read",  # users.info: who is an admin
)
EVENTS = ("app_home_opened", "app_mention", "message.im")

DESCRIPTION = "Holds the article that a study group is discussing, and answers questions about it."
LONG_DESCRIPTION = (
    "Readalong holds the text that a study group is reading, passage by passage. It quotes it word for word, sums it "
    "up, gives its timeline and topics, and checks a quotation against it. What the reading says, what is known from "
    "elsewhere and what somebody here said are always kept apart. It keeps no messages."
)


def manifest(registry: Registry, config: Config, url: str | None) -> dict[str, Any]:
    """A complete manifest. With `url`, the bot's public address, it is for HTTP mode, else for Socket Mode."""
    address = f"{url.rstrip('/')}{PATH}" if url else ""
    at = {"request_url": address} if address else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Readalong",
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": "#2b6cb0",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "readalong", "always_online": True},
            "slash_commands": [_command(one, config.slack.prefix, address) for one in _fitting(registry, config)],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**at, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **at},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }


def log_left_out(registry: Registry, config: Config) -> None:
    """Say in the log which commands the manifest has no room for, or Slack no name; the umbrella reaches them."""
    shown = {command.name for command in _fitting(registry, config)}
    if left_out := [command.name for command in registry.natives if command.name not in shown]:
        words = (
            f"over {MOST_COMMANDS}, or names that Slack does not take; /{config.slack.prefix}{UMBRELLA} reaches them"
        )
        event("slack.commands_left_out", level=logging.WARNING, names=", ".join(left_out), why=words)


def _fitting(registry: Registry, config: Config) -> list[Command]:
    """The umbrella first, then every native that Slack takes, topics last, up to the most that an app may have."""
    others = [one for one in registry.natives if one.name != UMBRELLA and _is_name(config.slack.prefix + one.name)]
    return [registry.commands[UMBRELLA], *others][:MOST_COMMANDS]


def _is_name(name: str) -> bool:
    return bool(re.fullmatch(rf"[a-z0-9_-]{{1,{LONGEST_NAME}}}", name)) and name not in RESERVED


def _command(command: Command, prefix: str, address: str) -> dict[str, Any]:
    return {
        "command": f"/{prefix}{command.name}",
        "description": clip_units(command.description, LONGEST_DESCRIPTION),
        **({"usage_hint": clip_units(command.usage, LONGEST_HINT)} if command.usage else {}),
        "should_escape": True,
        **({"url": address} if address else {}),
    }
