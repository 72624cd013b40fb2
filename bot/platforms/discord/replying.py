"""Sending a Reply to an interaction, in time: Discord takes a first answer within 3 seconds only.

What takes longer is announced first. Whether a message is private is fixed by that announcement, so a late answer is
always private, and its asker may share it. https://discord.com/developers/docs/interactions/receiving-and-responding
"""

import asyncio
import contextlib
import io
import logging
from collections.abc import Awaitable
from typing import Any
from uuid import uuid4

import aiohttp
import discord

from bot.answering import failure, shareable
from bot.asker import Place
from bot.cutting import clip_units
from bot.logs import event, fault
from bot.platforms.discord.render import picture_name, render
from bot.readings.model import Picture
from bot.reply import Chart, Reply

PATIENCE = 1.5  # seconds to wait for an answer before announcing it
ALT = 1024

Interaction = discord.Interaction[Any]


class _Rendered(discord.Embed):
    """An embed as `render` made it, which discord.py sends as it stands."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self._payload = payload

    def to_dict(self) -> Any:
        """What is sent."""
        return self._payload


class _Rows(discord.ui.View):
    """Buttons as `render` made them. It is finished, so that nothing of it is kept: `Pressed` answers presses."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._payload = rows

    def is_finished(self) -> bool:
        """That there is nothing to wait for."""
        return True

    def has_components_v2(self) -> bool:
        """That these are the buttons of a message with embeds."""
        return False

    def to_components(self) -> list[dict[str, Any]]:
        """What is sent."""
        return self._payload


async def respond(interaction: Interaction, answer: Awaitable[Reply], *, place: Place, patience: float) -> None:
    """Send the answer once it is there. Never raises: what can't be sent is logged, without anybody's words.

    The answer is awaited here rather than in a task of its own: under load each turn of the loop costs a place in line.
    """
    announced: list[asyncio.Task[Any]] = []

    def announce() -> None:
        announced.append(asyncio.create_task(interaction.response.defer(ephemeral=True, thinking=True)))

    timer = asyncio.get_running_loop().call_later(patience, announce)
    try:
        reply = await answer
        timer.cancel()
        if announced:
            await announced[0]
            await _edit(interaction, shareable(reply, place))
        else:
            await interaction.response.send_message(
                **message_of(reply, interaction.filesize_limit), ephemeral=reply.private
            )
    except Exception as error:  # noqa: BLE001 - nothing of one answer may end the connection
        await not_sent(interaction, error)
    finally:
        timer.cancel()


async def not_sent(interaction: Interaction, error: Exception) -> None:
    """Log that an answer could not be given; where that was a fault of ours, tell the asker its id."""
    if isinstance(error, discord.HTTPException) and error.status != 400:
        event("discord.not_sent", level=logging.WARNING, status=error.status, code=error.code)
    elif isinstance(error, (aiohttp.ClientError, OSError)):
        event("discord.not_sent", level=logging.WARNING, error=type(error).__name__)
    else:
        shown_id = uuid4().hex[:4]
        fault("discord.fault", error, id=shown_id)
        await _apologise(interaction, failure(shown_id))


async def _edit(interaction: Interaction, reply: Reply) -> None:
    message = message_of(reply, interaction.filesize_limit)
    message["attachments"] = message.pop("files", [])
    await interaction.edit_original_response(**message)


async def _apologise(interaction: Interaction, reply: Reply) -> None:
    if interaction.type is discord.InteractionType.autocomplete:
        return
    message = message_of(reply, interaction.filesize_limit)
    with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, OSError):
        if interaction.response.is_done():
            await interaction.followup.send(**message, ephemeral=True)
        else:
            await interaction.response.send_message(**message, ephemeral=True)


def message_of(reply: Reply, largest_file: int) -> dict[str, Any]:
    """What discord.py sends: embeds, a view where there are buttons, the picture where this page shows it.

    A picture of more than `largest_file` bytes is left out; other files come small enough for every server.
    """
    payload = render(reply)
    message: dict[str, Any] = {"embeds": payload["embeds"]}
    if payload["components"]:
        message["view"] = _Rows(payload["components"])
    shown = [embed for embed in payload["embeds"] if "image" in embed]
    if shown and reply.picture:
        file = _file(reply.picture, largest_file)
        if file:
            message["files"] = [file]
        else:
            del shown[0]["image"]
    if reply.files:
        given = (discord.File(io.BytesIO(one.data), one.name) for one in reply.files)
        message["files"] = [*message.get("files", []), *given]
    message["embeds"] = [_Rendered(embed) for embed in payload["embeds"]]
    return message


def _file(picture: Picture | Chart, limit: int) -> discord.File | None:
    """The picture's file, or None when it is gone or larger than this server takes."""
    try:
        data = picture.read()
    except OSError as error:
        event("discord.picture_missing", level=logging.WARNING, file=picture.name, error=type(error).__name__)
        return None
    if len(data) > limit:
        event("discord.picture_too_large", level=logging.WARNING, file=picture.name, bytes=len(data))
        return None
    return discord.File(io.BytesIO(data), picture_name(picture), description=clip_units(picture.alt, ALT))
