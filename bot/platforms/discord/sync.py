"""Telling Discord the commands, only when they changed: 200 creations a day are all that it takes for a server."""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.archive.settings import Settings
from bot.logs import event
from bot.platforms.discord.asking import PLATFORM
from bot.platforms.discord.install import payload

NAME = "commands_synced"
NOT_KEPT = {"dm_permission"}  # sent beside `contexts`, which it stands for and which Discord goes by
FAILED = "Discord did not take the commands; those it had go on working, and the next start tries again"


async def sync(tree: app_commands.CommandTree[Any], settings: Settings) -> None:
    """Send the tree's commands where they differ from those sent last, or from those that Discord holds by now.

    A failure is logged and stops nothing.
    """
    mark = _mark(tree)
    try:
        if settings.get(PLATFORM, "", "", NAME) == mark and not await _replaced(tree):
            return
        synced = await tree.sync()
    except discord.HTTPException as error:
        event("discord.sync_failed", level=logging.WARNING, status=error.status, code=error.code, words=FAILED)
    except (aiohttp.ClientError, OSError) as error:
        event("discord.sync_failed", level=logging.WARNING, error=type(error).__name__, words=FAILED)
    else:
        await settings.set(PLATFORM, "", "", NAME, mark)
        event("discord.synced", commands=len(synced))


def differences(ours: Iterable[Mapping[str, Any]], held: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of commands that Discord holds otherwise than we would send them, lacks, or has beyond ours."""
    sent = {str(one["name"]): one for one in ours}
    there = {str(one["name"]): one for one in held}
    same = {name for name in sent.keys() & there.keys() if _is_same(sent[name], there[name])}
    return sorted((sent.keys() | there.keys()) - same)


def _is_same(ours: Any, held: Any) -> bool:
    """Whether Discord's form of something says the same: it adds keys, leaves out empty ones, writes bits as text."""
    if isinstance(ours, Mapping) and isinstance(held, Mapping):
        return all(_is_same(value, held.get(key)) for key, value in ours.items() if key not in NOT_KEPT)
    if isinstance(ours, list) and isinstance(held, list):
        return len(ours) == len(held) and all(map(_is_same, ours, held))
    return ours == held or (not ours and not held) or str(ours) == str(held)


async def _replaced(tree: app_commands.CommandTree[Any]) -> bool:
    """Whether somebody else changed the commands since, such as a copy of the bot with other readings."""
    assert tree.client.application_id  # noqa: S101 - a login asks for it
    held: list[Any] = await tree.client.http.get_global_commands(tree.client.application_id)
    return bool(differences(payload(tree), held))


def _mark(tree: app_commands.CommandTree[Any]) -> str:
    told = json.dumps([tree.client.application_id, payload(tree)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
