"""A client that hears what is said in servers and has it saved. discord.py calls these methods by their names.

Each call is a task of its own, in the order of the gateway's events; `hear` takes its place in line before it waits.
Discord tells everything once. So what could not be saved, or not be understood, is read back from its history.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
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
from bot.times import now

SESSION = {"READY", "RESUMED"}  # without which there is no connection
PAUSES = (0.5, 2.0, 8.0)  # seconds between tries to save something
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # between tries to note that something is missing
MOST_THREADS = 10_000

Parse = Callable[[Any], None]


class ListeningClient(discord.Client):
    """Hears messages, reactions, threads and channels. `backfill` reads what could not be saved at once.

    `working` are the tasks in which something is being saved or answered; closing waits for them.
    """

    answering: Answering
    backfill: Backfill
    working: set[asyncio.Task[Any]]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.lost = 0  # how often the connection was
        self._gaps: dict[Place, asyncio.Task[None]] = {}
        self._deaf: set[Place] = set()  # saved places that the bot can't hear
        self._shut_out: set[Place] = set()  # threads that it was removed from
        self._threads: dict[int, Place] = {}
        # discord.py takes for granted what a payload holds; what goes wrong in a parser would end the connection.
        parsers = self._connection.parsers
        parsers.update({name: self._guarded(name, parse) for name, parse in parsers.items() if name not in SESSION})

    async def close(self) -> None:
        """Close the connection. What is not saved by now is read back after the next start, which finds the gap."""
        for task in self._gaps.values():
            task.cancel()
        await asyncio.gather(*self._gaps.values(), return_exceptions=True)
        await self.backfill.close()
        await super().close()

    async def on_message(self, message: discord.Message) -> None:
        """Somebody said something."""
        if message.guild and (place := self._place(message.guild, message.channel, message.id)):
            await self._hear(hearing.said(message, place, self._me()))

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Somebody edited what they said, or Discord added to it."""
        message = payload.message
        if message.guild and (place := self._place(message.guild, message.channel, message.id)):
            await self._hear(hearing.edited(message, place, self._me()))

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
        """A thread was opened again, or the bot was let into a private one, where it missed what was said before."""
        await self._hear(hearing.changed(thread))
        place = place_of_channel(thread)
        if place in self._shut_out or thread.is_private():
            self._shut_out.discard(place)
            self._missed(place)

    async def on_thread_remove(self, thread: discord.Thread) -> None:
        """The bot was removed from a private thread, or can't see a thread any more."""
        place = place_of_channel(thread)
        if self.answering.archive.discussions.keeps(place):
            self._shut_out.add(place)
            await self._saving(self.answering.archive.coverage.stopped([place], now()))

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted."""
        where = (str(payload.guild_id), str(payload.parent_id), str(payload.thread_id))
        await self._hear(hearing.gone(Place(PLATFORM, *where)))

    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, channel: discord.abc.GuildChannel) -> None:
        """A channel was renamed, or its permissions changed."""
        self._rights_changed(channel.guild)
        await self._hear(hearing.changed(channel))
        await self._saving(self._look_around(channel.guild))

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
        await self._saving(self._look_around(role.guild))

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """A role is gone."""
        self._rights_changed(role.guild)

    async def on_guild_update(self, _: discord.Guild, guild: discord.Guild) -> None:
        """A server was renamed, or has another owner."""
        self._rights_changed(guild)

    async def on_member_update(self, _: discord.Member, member: discord.Member) -> None:
        """Somebody has other roles now; without the members' intent, this is told of the bot alone."""
        self._rights_changed(member.guild)
        await self._saving(self._look_around(member.guild))

    async def on_raw_thread_member_remove(self, payload: discord.RawThreadMembersUpdate) -> None:
        """Somebody left a private thread."""
        self.answering.venues.changed(PLATFORM, str(payload.guild_id))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server can be reached again after a failure of Discord's."""
        self._rights_changed(guild)
        await self.on_guild_join(guild)
        await self._listening(str(guild.id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server, or added again."""
        place = Place(PLATFORM, str(guild.id), "")
        await self._saving(self.answering.archive.workspaces.joined(place, guild.name))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        self._rights_changed(guild)
        await self._saving(self.answering.archive.workspaces.left(Place(PLATFORM, str(guild.id), "")))

    async def _hear(self, *events: Event | None) -> None:
        """Have these saved, in their order among all that is told."""
        with self.at_work():
            await asyncio.gather(*(self._save(event) for event in events if event))

    async def _save(self, event: Event) -> None:
        """Save one event; where that fails, again after a pause; in the end have its place read back.

        Not again once the connection was lost: what came after it, such as a deletion, may never be told.
        """
        session = self.lost
        for pause in (*PAUSES, None):
            try:
                await self.answering.archive.hear(event)
            except sqlite3.Error as error:
                fault("discord.not_saved", error, channel=event.place.channel, again_in=pause or "none")
                if pause:
                    await asyncio.sleep(pause)
                if session != self.lost:
                    break
            else:
                return
        self._missed(event.place)

    def _missed(self, place: Place) -> None:
        """Not all that was told of this place is saved: have it read back."""
        wanted = self.answering.archive.discussions.keeps(place) and not self.is_closed()
        if wanted and place not in self._gaps:
            self._gaps[place] = task = asyncio.create_task(self._note_gap(place))
            task.add_done_callback(lambda _: self._gaps.pop(place))

    async def _note_gap(self, place: Place) -> None:
        """Listen to a place anew, which leaves a gap to be read, once the database takes that."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self.backfill.keep(place)
            except sqlite3.Error:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return

    def _guarded(self, name: str, parse: Parse) -> Parse:
        """A parser of the gateway's events that lets no payload end the connection."""

        def guarded(data: Any) -> None:
            try:
                parse(data)
            except Exception as error:  # noqa: BLE001 - whatever one payload holds, the next is heard
                fault("discord.odd_event", error, name=name)
                if name.startswith("MESSAGE_") and (place := self._place_in(data)):
                    self._missed(place)

        return guarded

    def _place_in(self, data: dict[str, Any]) -> Place | None:
        try:
            return self._place(int(data["guild_id"]), int(data["channel_id"]), 0)
        except (LookupError, TypeError, ValueError):
            return None

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

    async def _saving(self, act: Coroutine[Any, Any, object]) -> bool:
        """Whether the database took it."""
        try:
            with self.at_work():
                await act
        except sqlite3.Error as error:
            fault("discord.not_saved", error)
            return False
        return True

    async def _listening(self, workspace: str = "") -> None:
        """Note that the bot listens from now on, and read what it missed, once the database takes that."""
        pause, session = FIRST_PAUSE, self.lost
        while not await self._saving(self.backfill.connected(workspace)):
            await asyncio.sleep(pause)
            if self.is_closed() or session != self.lost:
                return
            pause = min(pause * 2, LONGEST_PAUSE)
        self._deaf.difference_update(self._saved_in(workspace))
        for guild in self.guilds:
            if workspace in {"", str(guild.id)} and not guild.unavailable:
                await self._saving(self._look_around(guild))

    def _place(self, guild: discord.Guild | int | None, channel: Any, message_id: int) -> Place | None:
        """Where a message stands; a message that opened a saved thread counts as that thread's first.

        `channel` is a channel, a thread, or an id. discord.py forgets a thread that is archived, so those that were
        heard of are remembered here, and of any other it is looked up whether something is held.
        """
        found = self.get_guild(guild) if isinstance(guild, int) else guild
        if found is None:
            return None
        discussions, workspace = self.answering.archive.discussions, str(found.id)
        if not isinstance(channel, Channel):
            channel_id = channel if isinstance(channel, int) else channel.id
            channel = found.get_channel_or_thread(channel_id)
            if channel is None:
                known = self._threads.get(channel_id)
                return known or discussions.thread_called(PLATFORM, workspace, str(channel_id))
        place = place_of_channel(channel)
        if place.thread:
            self._remember(channel.id, place)
            return place
        opened = Place(PLATFORM, workspace, place.channel, str(message_id))
        return opened if discussions.is_marked(opened) else place

    def _remember(self, thread: int, place: Place) -> None:
        if len(self._threads) >= MOST_THREADS:
            self._threads.clear()
        self._threads[thread] = place

    async def _look_around(self, guild: discord.Guild) -> None:
        """Note which saved places the bot can't hear any more, and listen anew to those that it can hear again."""
        places = self._saved_in(str(guild.id))
        deaf = {place for place in places if not self._hears(guild, place)}
        lost, found = deaf - self._deaf, (self._deaf & set(places)) - deaf
        self._deaf = (self._deaf | lost) - found
        await self.answering.archive.coverage.stopped(lost, now())
        for place in found:
            await self.backfill.keep(place)

    def _hears(self, guild: discord.Guild, place: Place) -> bool:
        channel = guild.get_channel(int(place.channel))
        may = channel.permissions_for(guild.me) if channel else discord.Permissions.none()
        return may.view_channel and may.read_message_history and place not in self._shut_out

    def _saved_in(self, workspace: str) -> list[Place]:
        every = self.answering.archive.discussions.places(PLATFORM)
        return [place for place in every if workspace in {"", place.workspace}]

    def _rights_changed(self, guild: discord.Guild) -> None:
        self.answering.venues.changed(PLATFORM, str(guild.id))

    def _me(self) -> int:
        return self.user.id if self.user else 0
