"""What happens in a server's channels, as discord.py tells it, as the archive's events. Pure, but for the time now.

discord.py keeps no messages here, so all but new ones come as raw events:
https://discordpy.readthedocs.io/en/stable/api.html#event-reference
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import discord

from bot.archive.events import Attachment, Author, Changed, Counted, Reacted, Said, Unsaid
from bot.asker import Place
from bot.platforms.discord.asking import PLATFORM
from bot.times import now

Channel = discord.abc.GuildChannel | discord.Thread

# What somebody says; anything else that is called a message tells of a join, a pin or a new thread.
SPEECH = frozenset({
    discord.MessageType.default, discord.MessageType.reply, discord.MessageType.chat_input_command,
    discord.MessageType.context_menu_command, discord.MessageType.poll_result,
})  # fmt: skip


def place_of_channel(channel: Channel) -> Place:
    """A channel of a server, or a thread in one."""
    workspace = str(channel.guild.id)
    if isinstance(channel, discord.Thread):
        return Place(PLATFORM, workspace, str(channel.parent_id), str(channel.id), private=channel.is_private())
    return Place(PLATFORM, workspace, str(channel.id))


def said(message: discord.Message, place: Place, me: int) -> Said | None:
    """A message as it stands; None for what is no speech. `me` is the bot's own id.

    A thread that was opened under a message begins with a stand-in for that message, which is taken for it.
    """
    if message.type is discord.MessageType.thread_starter_message:
        opened = message.reference.resolved if message.reference else None
        return said(opened, place, me) if isinstance(opened, discord.Message) else None
    if message.type not in SPEECH:
        return None
    author = message.author
    ours = author.id == me
    return Said(
        place,
        str(message.id),
        Author(str(author.id), author.display_name, bot=author.bot or message.webhook_id is not None),
        _words(message, from_bot=author.bot),
        message.created_at,
        message.edited_at,
        str(message.reference.message_id or "") if message.reference and not message.message_snapshots else "",
        tuple(map(_attachment, message.attachments)),
        ours=ours,
    )


def edited(message: discord.Message, place: Place, me: int) -> Said | None:
    """A message after an edit; None where nobody edited it, or where its words are kept from us.

    Discord tells of a preview of a link that was added as of an edit, without an edit's time; with the intent for
    messages' content off, every text comes empty.
    """
    found = said(message, place, me)
    if found is None or found.edited is None or not (found.words or found.attachments):
        return None
    return found


def unsaid(place: Place, message: int) -> Unsaid:
    """A message was deleted just now."""
    return Unsaid(place, str(message), discord.utils.snowflake_time(message), now())


def reacted(place: Place, payload: discord.RawReactionActionEvent) -> Reacted:
    """Somebody put a reaction on a message, or took it off, just now. Discord names who only where it is put on."""
    member = payload.member
    author = Author(str(payload.user_id), member.display_name if member else "", bot=bool(member and member.bot))
    at = discord.utils.snowflake_time(payload.message_id)
    on = payload.event_type == "REACTION_ADD"
    written_by = str(payload.message_author_id or "")
    return Reacted(place, str(payload.message_id), at, author, str(payload.emoji), on, now(), written_by)


def cleared(place: Place, message: int, emoji: str = "") -> Counted:
    """All reactions of a message were taken off just now, or those of one kind."""
    return Counted(place, str(message), discord.utils.snowflake_time(message), {}, now(), emoji)


def counted(message: discord.Message, place: Place, when: datetime) -> Counted:
    """How many reactions a message has, as its history tells."""
    counts = {str(one.emoji): one.count for one in message.reactions}
    return Counted(place, str(message.id), message.created_at, counts, when)


def changed(channel: Channel) -> Changed:
    """What a channel or thread is called now, and since when it is archived."""
    archived = channel.archive_timestamp if isinstance(channel, discord.Thread) and channel.archived else None
    return Changed(place_of_channel(channel), channel.name, archived, opened=archived is None)


def gone(place: Place) -> Changed:
    """A channel or thread was deleted just now, with everything in it."""
    return Changed(place, gone=now())


def moment(snowflake: int) -> datetime:
    """When something with this id was made."""
    return discord.utils.snowflake_time(snowflake).astimezone(UTC)


def _words(message: discord.Message, *, from_bot: bool) -> str:
    """What it says: its text, what it forwards, its poll's question; of a program that sends embeds, what they say."""
    texts = [message.content, *(one.content for one in message.message_snapshots)]
    if message.poll:
        texts.append(message.poll.question)
    if from_bot and not message.content:
        texts += [text for embed in message.embeds for text in _texts(embed)]
    return "\n".join(text for text in texts if text)


def _texts(embed: discord.Embed) -> Iterable[str]:
    fields = [text for field in embed.fields for text in (field.name, field.value)]
    return [text for text in (embed.title, embed.description, *fields) if text]


def _attachment(one: discord.Attachment) -> Attachment:
    return Attachment(str(one.id), one.filename, one.content_type or "", one.size, one.url)
