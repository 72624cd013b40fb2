"""Who asks on Discord, and where: from an interaction to a Person and a Place."""

from typing import Any

import discord

from bot.asker import Person, Place
from bot.config import Moderators

PLATFORM = "discord"


def place_of(interaction: discord.Interaction[Any]) -> Place:
    """The channel of an interaction, and its thread; without a server it is a conversation with the bot alone."""
    channel, thread, private = str(interaction.channel_id or ""), "", False
    if isinstance(interaction.channel, discord.Thread):
        channel, thread, private = str(interaction.channel.parent_id), channel, interaction.channel.is_private()
    workspace = str(interaction.guild_id or "")
    return Place(PLATFORM, workspace, channel, thread, direct=not workspace, private=private)


def person_of(interaction: discord.Interaction[Any], moderators: Moderators) -> Person:
    """Who caused an interaction. A moderator has the configured permission in that channel, or a role so named."""
    user, permissions = interaction.user, interaction.permissions
    held = getattr(permissions, moderators.discord_permission) or permissions.administrator
    named = moderators.discord_roles and isinstance(user, discord.Member) and user.roles
    by_role = any(role.name in moderators.discord_roles for role in named or ())
    return Person(str(user.id), user.display_name, moderator=held or by_role)
