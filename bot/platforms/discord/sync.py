"""Telling Discord the commands, only when they changed: 200 creations a day are all that it takes for a server."""

import hashlib
import json
import logging
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.archive.settings import Settings
from bot.logs import event
from bot.platforms.discord.asking import PLATFORM
from bot.platforms.discord.install import payload

NAME = "commands_synced"
FAILED = "Discord did not take the commands; those it had go on working, and the next start tries again"


async def sync(tree: app_commands.CommandTree[Any], settings: Settings) -> None:
    """Send the tree's commands where they differ from those sent last. A failure is logged and stops nothing."""
    mark = _mark(tree)
    if settings.get(PLATFORM, "", "", NAME) == mark:
        return
    try:
        synced = await tree.sync()
    except discord.HTTPException as error:
        event("discord.sync_failed", level=logging.WARNING, status=error.status, code=error.code, words=FAILED)
    except (aiohttp.ClientError, OSError) as error:
        event("discord.sync_failed", level=logging.WARNING, error=type(error).__name__, words=FAILED)
    else:
        await settings.set(PLATFORM, "", "", NAME, mark)
        event("discord.synced", commands=len(synced))


def _mark(tree: app_commands.CommandTree[Any]) -> str:
    told = json.dumps([tree.client.application_id, payload(tree)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
