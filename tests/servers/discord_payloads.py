"""What Discord sends, made up: a server with channels, people and roles, and the interactions that people cause in it.

Only the fields that a client needs are here. Ids are text, as Discord sends them.
"""

import base64
from collections.abc import Mapping
from itertools import count
from typing import Any

Payload = dict[str, Any]

APPLICATION = "100000000000000001"
TOKEN = f"{base64.b64encode(APPLICATION.encode()).decode().rstrip('=')}.made-up.token"
GUILD = "200000000000000001"
CHANNEL = "300000000000000001"
THREAD = "300000000000000002"
MEMBER = "400000000000000001"
MODERATORS = "500000000000000001"
MAY_SAVE = "500000000000000002"  # the role that the invite gives the bot

MANAGE_MESSAGES = 1 << 13
READS = 1 << 10 | 1 << 16  # View Channel, Read Message History

_numbers = count(600000000000000001)


def new_id() -> str:
    """An id that nothing had before."""
    return str(next(_numbers))


def user(identity: str = MEMBER, name: str = "mina", *, bot: bool = False) -> Payload:
    """A person's account."""
    return {"id": identity, "username": name, "discriminator": "0", "global_name": None, "avatar": None, "bot": bot}


BOT = user(APPLICATION, "readalong", bot=True)


def member(identity: str = MEMBER, *, permissions: int = 0, roles: tuple[str, ...] = ()) -> Payload:
    """A person in the server, with what they may do in the channel."""
    return {
        "user": user(identity),
        "roles": list(roles),
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": str(permissions),
    }


def role(identity: str, name: str, permissions: int = 0) -> Payload:
    """A role, without permissions of its own if none are named."""
    return {
        "id": identity,
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def text_channel(identity: str = CHANNEL, name: str = "study") -> Payload:
    """A text channel of the server."""
    return {"id": identity, "type": 0, "name": name, "position": 0, "permission_overwrites": [], "guild_id": GUILD}


def thread(identity: str = THREAD, parent: str = CHANNEL) -> Payload:
    """A public thread under a channel."""
    return {
        "id": identity,
        "type": 11,
        "name": "chapter 3",
        "parent_id": parent,
        "owner_id": MEMBER,
        "guild_id": GUILD,
        "message_count": 0,
        "member_count": 1,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": "2026-01-01T00:00:00+00:00",
            "locked": False,
        },
    }


def direct_channel() -> Payload:
    """The conversation of one person with the bot."""
    return {"id": "300000000000000009", "type": 1, "recipients": [user()]}


def held_command(sent: Payload, application: str) -> Payload:
    """A command as Discord gives it back: with ids, bits as text, and without what is empty or false in its options."""
    options = [{key: value for key, value in one.items() if value is not False} for one in sent.get("options", [])]
    bits = sent["default_member_permissions"]
    kept = {key: value for key, value in sent.items() if key != "options"}
    return {
        "description": "",  # of an action in a message's menu
        **kept,
        **({"options": options} if options else {}),
        "default_member_permissions": None if bits is None else str(bits),
        "id": new_id(),
        "application_id": application,
        "version": new_id(),
    }


def guild() -> Payload:
    """The server as it comes after READY."""
    return {
        "id": GUILD,
        "name": "Study group",
        "owner_id": "400000000000000009",
        "member_count": 2,
        "large": False,
        "unavailable": False,
        "roles": [
            role(GUILD, "@everyone", READS),
            role(MODERATORS, "Moderators"),
            role(MAY_SAVE, "readalong", 309237763072),
        ],
        "channels": [text_channel()],
        "threads": [thread()],
        "members": [{**member(APPLICATION, roles=(MAY_SAVE,)), "user": BOT}, member()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message(body: Mapping[str, Any], channel: str = CHANNEL) -> Payload:
    """The message that a callback's or a webhook's body makes."""
    return {
        "id": new_id(),
        "type": 0,
        "channel_id": channel,
        "author": BOT,
        "content": body.get("content") or "",
        "embeds": body.get("embeds", []),
        "components": body.get("components", []),
        "flags": body.get("flags", 0),
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "pinned": False,
        "application_id": APPLICATION,
    }


def interaction(kind: int, data: Payload, *, who: Payload | None = None, where: Payload | None = None) -> Payload:
    """An interaction of a kind (2 command, 3 component, 4 autocomplete) by a member in a channel, or in private."""
    channel = where or text_channel()
    direct = channel["type"] == 1
    place = {"user": user()} if direct else {"guild_id": GUILD, "member": who or member(), "guild": {"id": GUILD}}
    return {
        "id": new_id(),
        "application_id": APPLICATION,
        "type": kind,
        "token": f"interaction-token-{new_id()}",
        "version": 1,
        "channel": channel,
        "channel_id": channel["id"],
        "data": data,
        "context": 1 if direct else 0,
        "locale": "en-GB",
        "entitlements": [],
        "app_permissions": "0",
        "authorizing_integration_owners": {},
        "attachment_size_limit": 10 << 20,
        **place,
    }


def command(name: str, options: Mapping[str, str | int] | None = None, *, focused: str = "") -> Payload:
    """The data of a slash command with its options; `focused` is the option being typed, for autocomplete."""
    given: list[Payload] = []
    for key, value in (options or {}).items():
        given.append({"name": key, "type": 4 if isinstance(value, int) else 3, "value": value})
        if key == focused:
            given[-1]["focused"] = True
    return {"id": new_id(), "name": name, "type": 1, "options": given}
