"""`readalong manifest discord`: the commands exactly as they are synced, and the link that invites the bot."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import discord
from discord import app_commands

from bot.command import Suggestion, Typed
from bot.config import Config
from bot.platforms.discord.install import CONTEXTS, INSTALLS, INTENTS, menus, natives, payload
from bot.registry import Registry

PLACEHOLDER = "CLIENT_ID"

# For discussions alone: to open them, to say in them that they are saved, and to read them. The answers to commands
# need none of these, since they go through the interaction's own webhook. Manage Threads is not asked for: with it the
# bot would see private threads that nobody let it into.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    read_message_history=True,
    send_messages=True,
    create_public_threads=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
)

# `bot` makes it a member, so that it learns the server's roles (for `discord_roles`); the other allows its commands.
SCOPES = ("bot", "applications.commands")


def manifest(registry: Registry, config: Config) -> str:
    """JSON: `commands`, as synced; `permissions`, a number; last `invite`, the link that adds the bot to a server."""
    client = _client_id(config.discord.token.get_secret_value())
    shown = {"commands": commands(registry, config), "permissions": str(PERMISSIONS.value), "invite": invite(client)}
    return json.dumps(shown, ensure_ascii=False, indent=2)


def invite(client: str) -> str:
    """The link that adds the bot to a server."""
    query = {"client_id": client, "scope": " ".join(SCOPES), "permissions": PERMISSIONS.value}
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


def _client_id(token: str) -> str:
    """The application's id, which is the first part of its token and public, or a placeholder."""
    first = token.partition(".")[0]
    try:
        found = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return PLACEHOLDER
    return found if found.isdecimal() else PLACEHOLDER


def commands(registry: Registry, config: Config) -> list[dict[str, Any]]:
    """The commands as a sync sends them."""
    client = discord.Client(intents=INTENTS)
    tree = app_commands.CommandTree(client, allowed_contexts=CONTEXTS, allowed_installs=INSTALLS)
    for native in natives(registry, config.moderators, _ask, _complete):
        tree.add_command(native)
    for menu in menus(registry, config.moderators, _act):
        tree.add_command(menu)
    return payload(tree)


async def _ask(interaction: discord.Interaction[Any], name: str, values: Mapping[str, str | int]) -> None:
    raise NotImplementedError("a manifest answers nobody")


async def _act(interaction: discord.Interaction[Any], name: str, message: discord.Message) -> None:
    raise NotImplementedError("a manifest answers nobody")


async def _complete(interaction: discord.Interaction[Any], name: str, option: str, typed: Typed) -> list[Suggestion]:
    raise NotImplementedError("a manifest completes nothing")
