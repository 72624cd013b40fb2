"""The app manifest for Slack, made from the registry: what to paste at api.slack.com/apps, "From a manifest".

A name that Slack keeps for itself makes the whole manifest invalid, so such a command is left out here; like every
other it is reached as `/readalong <name>`. https://docs.slack.dev/reference/app-manifest
"""

import logging
import re
from typing import Any

from bot.command import Command, MessageAction
from bot.config import Config
from bot.cutting import clip_units
from bot.logs import event
from bot.platforms.slack.http_mode import PATH
from bot.registry import UMBRELLA, Registry

MOST_COMMANDS = 50
MOST_SHORTCUTS = 10
LONGEST_NAME = 32
LONGEST_DESCRIPTION = 2000
LONGEST_HINT = 1000
LONGEST_SHORTCUT = 24
LONGEST_SHORTCUT_DESCRIPTION = 150

# Slack's own commands, and names that other projects report to be refused.
RESERVED = frozenset({
    "apps", "archive", "away", "call", "collapse", "commands", "debug", "dnd", "expand",
    "feed", "help", "invite", "join", "kick", "kill", "leave", "me", "msg",
    "mute", "open", "prefs", "pro", "remind", "rename", "search", "send", "shortcuts",
    "shrug", "star", "status", "topic", "who",
})  # fmt: skip

# Only what the code calls and hears; each is one thing less than Slack would let us have. Neither views.publish nor the
# event app_home_opened needs one.
SCOPES = (
    "app_mentions:read",  # the event app_mention
    "channels:history",  # the event message.channels; conversations.history and .replies: what is saved
    "channels:read",  # conversations.info, .list, .members, users.conversations: who can read what; channels' events
    "chat:write",  # chat.postMessage and chat.postEphemeral: answers to mentions and direct messages; threads
    "commands",  # slash commands, and the actions in the menu of a message
    "files:write",  # files.getUploadURLExternal and completeUploadExternal: pictures
    "groups:history",  # the same for the private channels that the bot was invited to
    "groups:read",
    "im:history",  # the event message.im: a line typed to the bot alone
    "reactions:read",  # the events reaction_added and reaction_removed
    "users:read",  # users.info, users.list: who is an admin, who is a guest, what people are called
)
EVENTS = (
    *("app_home_opened", "app_mention", "app_uninstalled"),
    *("channel_archive", "channel_deleted", "channel_id_changed", "channel_left", "channel_rename"),
    *("channel_unarchive", "group_archive", "group_deleted", "group_left", "group_rename", "group_unarchive"),
    *("member_joined_channel", "member_left_channel", "message.channels", "message.groups", "message.im"),
    *("reaction_added", "reaction_removed", "tokens_revoked", "user_change"),
)

DESCRIPTION = "Holds the article that a study group is discussing, and answers questions about it."
LONG_DESCRIPTION = (
    "Readalong holds the text that a study group is reading, passage by passage. It quotes it word for word, sums it "
    "up, gives its timeline and topics, and checks a quotation against it. What the reading says, what is known from "
    "elsewhere and what somebody here said are always kept apart.\n\n"
    "It keeps the discussions that members open with it and the threads and channels that moderators mark, so that the "
    "group can find them again, and says so there: what was said, by whom and when, with edits and deletions, and "
    "reactions. Whoever can read something in Slack can find it with Readalong, and nobody else. Anybody may opt out "
    "with the command privacy: then nothing of theirs is kept. Direct messages are never kept."
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
            "shortcuts": [_shortcut(one) for one in _actions(registry)],
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


def _actions(registry: Registry) -> list[MessageAction]:
    return sorted(registry.actions.values(), key=lambda one: one.name)[:MOST_SHORTCUTS]


def _shortcut(action: MessageAction) -> dict[str, str]:
    """An action in the menu of a message; Slack sends its name back as `callback_id`."""
    who = " For moderators." if action.moderators else ""
    described = clip_units(f"{action.description}{who}", LONGEST_SHORTCUT_DESCRIPTION)
    name = clip_units(action.label, LONGEST_SHORTCUT)
    return {"name": name, "type": "message", "callback_id": action.name, "description": described}


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
