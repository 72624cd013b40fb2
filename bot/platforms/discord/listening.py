"""A client that hears what is said in servers and has it saved. discord.py calls these methods by their names.

Each call is a task of its own, in the order of the gateway's events; `hear` takes its place in line before it waits.
"""

import asyncio
import sqlite3
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import discord

from bot.answering import Answering
from bot.archive.events import Event
from bot.asker import Place
from bot.backfill import Backfill
from bot.logs import fault
from bot.platforms.discord import hearing
from bot.platforms.discord.asking import PLATFORM
from bot.platforms.discord.hearing import Channel, place_of_channel


class ListeningClient(discord.Client):
    """Hears messages, reactions, threads and channels. `backfill` reads what could not be saved at once.

    `working` are the tasks in which something is being saved or answered; closing waits for them.
    """

    answering: Answering
    backfill: Backfill
    working: set[asyncio.Task[Any]]

    async def on_message(self, message: discord.Message) -> None:
        """Somebody said something."""
        if message.guild and (place := self._place(message.guild, message.channel.id, message.id)):
            await self._hear(hearing.said(message, place, self._me()))

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Somebody edited what they said, or Discord added to it."""
        if payload.message.guild and (
            place := self._place(payload.message.guild, payload.channel_id, payload.message_id)
        ):
            await self._hear(hearing.edited(payload.message, place, self._me()))

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A message was deleted."""
        if place := self._place(payload.guild_id, payload.channel_id, payload.message_id):
            await self._hear(hearing.unsaid(place, payload.message_id))

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages were deleted at once."""
        places = {one: self._place(payload.guild_id, payload.channel_id, one) for one in sorted(payload.message_ids)}
        await self._hear(*(hearing.unsaid(place, one) for one, place in places.items() if place))

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Somebody reacted to a message."""
        if place := self._place(payload.guild_id, payload.channel_id, payload.message_id):
            await self._hear(hearing.reacted(place, payload))

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Somebody took a reaction back."""
        await self.on_raw_reaction_add(payload)

    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """All reactions to a message were removed."""
        if place := self._place(payload.guild_id, payload.channel_id, payload.message_id):
            await self._hear(hearing.cleared(place, payload.message_id))

    async def on_raw_reaction_clear_emoji(self, payload: discord.RawReactionClearEmojiEvent) -> None:
        """All reactions of one kind were removed."""
        if place := self._place(payload.guild_id, payload.channel_id, payload.message_id):
            await self._hear(hearing.cleared(place, payload.message_id, str(payload.emoji)))

    async def on_thread_update(self, _: discord.Thread, thread: discord.Thread) -> None:
        """A thread was renamed, archived or opened again."""
        await self._hear(hearing.changed(thread))

    async def on_thread_join(self, thread: discord.Thread) -> None:
        """A thread was opened, or opened again."""
        await self._hear(hearing.changed(thread))

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted."""
        where = (str(payload.guild_id), str(payload.parent_id), str(payload.thread_id))
        await self._hear(hearing.gone(Place(PLATFORM, *where)))

    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, channel: discord.abc.GuildChannel) -> None:
        """A channel was renamed, or its permissions changed."""
        self._rights_changed(channel.guild)
        await self._hear(hearing.changed(channel))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted."""
        self._rights_changed(channel.guild)
        await self._hear(hearing.gone(place_of_channel(channel)))

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """There is a new channel."""
        self._rights_changed(channel.guild)

    async def on_guild_role_create(self, role: discord.Role) -> None:
        """There is a new role."""
        self._rights_changed(role.guild)

    async def on_guild_role_update(self, _: discord.Role, role: discord.Role) -> None:
        """A role may do other things now."""
        self._rights_changed(role.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """A role is gone."""
        self._rights_changed(role.guild)

    async def on_guild_update(self, _: discord.Guild, guild: discord.Guild) -> None:
        """A server was renamed, or has another owner."""
        self._rights_changed(guild)

    async def on_member_update(self, _: discord.Member, member: discord.Member) -> None:
        """Somebody has other roles now; without the members' intent, this is told of the bot alone."""
        self._rights_changed(member.guild)

    async def on_raw_thread_member_remove(self, payload: discord.RawThreadMembersUpdate) -> None:
        """Somebody left a private thread."""
        self.answering.venues.changed(PLATFORM, str(payload.guild_id))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server can be reached again after a failure of Discord's."""
        self._rights_changed(guild)
        await self.on_guild_join(guild)
        await self._saving(self.backfill.connected())

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server, or added again."""
        place = Place(PLATFORM, str(guild.id), "")
        await self._saving(self.answering.archive.workspaces.joined(place, guild.name))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        self._rights_changed(guild)
        await self._saving(self.answering.archive.workspaces.left(Place(PLATFORM, str(guild.id), "")))

    async def _hear(self, *events: Event | None) -> None:
        """Have these saved. What can't be is read back later, since Discord tells it only once."""
        heard = [event for event in events if event]
        with self.at_work():
            results = await asyncio.gather(*map(self.answering.archive.hear, heard), return_exceptions=True)
        for event, result in zip(heard, results, strict=True):
            if isinstance(result, BaseException):
                fault("discord.not_saved", result, channel=event.place.channel)
                self.backfill.read_soon(event.place)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """What discord.py began in a task of its own, and closing is to wait for."""
        task = asyncio.current_task()
        assert task  # noqa: S101 - a coroutine runs in a task
        inside = task in self.working
        self.working.add(task)
        try:
            yield
        finally:
            if not inside:
                self.working.discard(task)

    async def _saving(self, act: Coroutine[Any, Any, object]) -> None:
        try:
            with self.at_work():
                await act
        except sqlite3.Error as error:
            fault("discord.not_saved", error)

    def _place(self, guild: discord.Guild | int | None, channel_id: int, message_id: int) -> Place | None:
        """Where a message stands; a message that opened a saved thread counts as that thread's first."""
        found = self.get_guild(guild) if isinstance(guild, int) else guild
        if found is None:
            return None
        discussions, workspace = self.answering.archive.discussions, str(found.id)
        channel: Channel | None = found.get_channel_or_thread(channel_id)
        if channel is None:
            return discussions.thread_called(PLATFORM, workspace, str(channel_id))
        place = place_of_channel(channel)
        opened = Place(PLATFORM, workspace, place.channel, str(message_id))
        return opened if not place.thread and discussions.is_marked(opened) else place

    def _rights_changed(self, guild: discord.Guild) -> None:
        self.answering.venues.changed(PLATFORM, str(guild.id))

    def _me(self) -> int:
        return self.user.id if self.user else 0
