"""The bare Discord bot that ours is measured against: discord.py alone, as its own examples write a bot.

It answers `/quote` with the message that ours answers with, which it reads once, when it starts.
"""

import json
import os
from pathlib import Path
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["API_URL"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["GATEWAY_URL"])
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

ANSWER: dict[str, Any] = json.loads(Path(os.environ["ANSWER"]).read_text(encoding="utf-8"))

client = discord.Client(intents=discord.Intents.default(), allowed_mentions=discord.AllowedMentions.none())
tree = app_commands.CommandTree(client)


class Buttons(discord.ui.View):
    """The answer's buttons, which nobody presses here."""

    def __init__(self) -> None:
        super().__init__()
        for row in ANSWER["components"]:
            for one in row["components"]:
                style = discord.ButtonStyle(one["style"])
                self.add_item(discord.ui.Button(style=style, label=one["label"], custom_id=one["custom_id"]))


@tree.command(description="A quotation from the reading.")
async def quote(interaction: discord.Interaction, about: str = "", number: int = 1) -> None:  # noqa: ARG001 - it knows one
    """Answer with the one message."""
    embeds = [discord.Embed.from_dict(embed) for embed in ANSWER["embeds"]]
    await interaction.response.send_message(embeds=embeds, view=Buttons())


client.run(os.environ["DISCORD_TOKEN"])
