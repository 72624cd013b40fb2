"""What the bot may ask of Discord for a discussion: threads, posts, history, and who can read what.

Channels, roles and overwrites are those that the gateway keeps up to date; people are asked about each time over REST,
since without the privileged intent for members nothing tells of a change.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal

import discord

from bot.archive.discussions import Discussions
from bot.archive.events import Changed, Said
from bot.asker import Person, Place
from bot.cutting import clip_units
from bot.errors import BotError
from bot.logs import event, fault
from bot.platforms.discord import hearing
from bot.platforms.discord.hearing import Channel, place_of_channel
from bot.platforms.discord.replying import message_of
from bot.reply import Reply
from bot.times import now
from bot.venue import Gone, Page, Readable

ARCHIVED_AFTER: Literal[10080] = 10080  # minutes: a week, the longest
LONGEST_TITLE = 100
UNTITLED = "Readalong"
LARGEST_FILE = 10 << 20  # bytes, in a server without a boost
MOST_SERVERS = 50  # to look for somebody in
PAGE = 100
MILLISECOND = timedelta(milliseconds=1)
LOOKED_BACK = timedelta(days=2)  # for a post of the bot's own
TOO_MANY_THREADS = 160006
SERVERS_FAULT = 500
NOT_THERE = "I can't see this channel. Let me in (View Channel, Send Messages), and try again."
NO_THREADS = "No thread can be opened in a channel of this kind. Use a text channel or a forum."
MAY_NOT = (
    "I may not do that here. A moderator lets me with the permissions Send Messages, Create Public Threads, Send "
    "Messages in Threads and Read Message History."
)
AWAY = "The connection to Discord is being made, so I can't know what is there. Try again in a moment."
FULL = "This server has as many open threads as Discord allows. Close one, and try again."

Open = discord.TextChannel | discord.ForumChannel
Spoken = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class DiscordVenue:
    """Discord, as one connected client sees it. `discussions` tells which private threads matter."""

    def __init__(self, client: discord.Client, discussions: Discussions) -> None:
        self._client = client
        self._discussions = discussions

    async def open_thread(self, place: Place, title: str, card: Reply) -> Said:
        """A public thread in a text channel, with the card as its first message; a post in a forum."""
        channel = await self._channel(place)
        name = clip_units(title, LONGEST_TITLE)
        with _in_words():
            if isinstance(channel, discord.ForumChannel):
                made = await channel.create_thread(**_message(card), name=name, auto_archive_duration=ARCHIVED_AFTER)
                thread, message = made.thread, made.message
            elif isinstance(channel, discord.TextChannel):
                kind = discord.ChannelType.public_thread
                thread = await channel.create_thread(name=name, type=kind, auto_archive_duration=ARCHIVED_AFTER)
                message = await thread.send(**_message(card))
            else:
                raise BotError(NO_THREADS)
        return self._ours(message, place_of_channel(thread))

    async def post(self, place: Place, reply: Reply, mark: str = "") -> Said:
        """A message in a channel or thread; in a forum, which has posts alone, a post of that title, without a mark.

        A mark stands below it and is its nonce, which Discord knows again for some minutes:
        https://discord.com/developers/docs/resources/message#create-message
        What Discord refuses with a picture, as where the bot may attach no files, is posted with the picture's words.
        """
        if not mark and isinstance(await self._channel(place), discord.ForumChannel):
            return await self.open_thread(place, reply.title or UNTITLED, reply)
        channel = await self._messageable(place)
        once: dict[str, Any] = {"nonce": mark} if mark else {}
        with _in_words():
            try:
                message = await channel.send(**_message(reply, mark), **once)
            except discord.HTTPException as error:
                if not reply.picture or error.status >= SERVERS_FAULT:
                    raise  # it may have been posted
                event("discord.picture_refused", level=logging.WARNING, status=error.status, code=error.code)
                message = await channel.send(**_message(reply, mark, largest_file=0), **once)
        return self._ours(message, place)

    async def find_post(self, place: Place, mark: str) -> Said | None:
        """The bot's own message with this mark below it, of the last two days."""
        channel = await self._messageable(place)
        with _in_words():
            async for message in channel.history(limit=None, after=now() - LOOKED_BACK):
                if message.author.id == self._me() and any(
                    (embed.footer.text or "").endswith(mark) for embed in message.embeds
                ):
                    return self._ours(message, place)
        return None

    async def tell(self, place: Place, person: str, reply: Reply) -> None:
        """A direct message to a member of the server."""
        guild = self._guild(place)
        with _in_words():
            await (await guild.fetch_member(int(person))).send(**_message(reply))

    async def readable(self, person: Person, place: Place) -> Readable:
        """The channels that this member may view with their history, and the private threads that they are in."""
        guild = self._guild(place)
        try:
            member = await guild.fetch_member(int(person.id))
        except discord.NotFound:
            return Readable()
        channels = frozenset(str(one.id) for one in guild.channels if _reads(one.permissions_for(member)))
        private = [one for one in self._discussions.private_threads(place) if one.channel in channels]
        inside = await asyncio.gather(*(self._is_in(one, member) for one in private))
        return Readable(channels, frozenset(one.thread for one, is_in in zip(private, inside, strict=True) if is_in))

    async def audience(self, place: Place) -> Readable:
        """The channel itself, or the private thread; and what everybody in the server can read."""
        guild = self._guild(place)
        channels = {str(one.id) for one in guild.channels if _is_open(one)}
        return Readable(frozenset(channels | {place.channel}), frozenset({place.thread} if place.private else ()))

    async def home(self, person: Person) -> str:
        """The one server in which both are; empty where there are none, several, or too many to look through."""
        self._check_connected()
        found = []
        for guild in self._client.guilds if len(self._client.guilds) <= MOST_SERVERS else ():
            try:
                await guild.fetch_member(int(person.id))
            except discord.NotFound:
                continue
            found.append(str(guild.id))
        return found[0] if len(found) == 1 else ""

    async def title(self, place: Place) -> str:
        """The name of a channel or thread."""
        return (await self._channel(place)).name

    async def state(self, place: Place) -> Changed | None:
        """The channel or thread as the gateway tells it, or Discord when it is asked."""
        return hearing.changed(await self._channel(place))

    async def threads(self, place: Place, since: datetime) -> AsyncIterator[Place]:
        """The open threads of a channel, and its archived ones, public and private, that were active since then."""
        channel = await self._channel(place)
        if not isinstance(channel, Open):
            return
        for thread in await channel.guild.active_threads():
            if thread.parent_id == channel.id:
                yield place_of_channel(thread)
        async for thread in channel.archived_threads(limit=None):
            if thread.archive_timestamp < since:
                break
            yield place_of_channel(thread)
        if isinstance(channel, discord.TextChannel):
            # Of the private ones, those that somebody let it into; they come in the order in which they were opened.
            async for thread in channel.archived_threads(limit=None, private=True, joined=True):
                if thread.archive_timestamp >= since:
                    yield place_of_channel(thread)

    async def history(self, place: Place, since: datetime) -> AsyncIterator[Page]:
        """A hundred messages a page, the oldest first. A snowflake holds its moment to the millisecond.

        A message that discord.py can't read lies in none of the stretches, so that it is known to be missing.
        """
        channel = await self._channel(place)
        first, after = since, discord.utils.time_snowflake(since) - 1 if since.year > 2014 else 0
        while True:
            asked = now()
            told = await self._told(channel, after)
            found: list[discord.Message] = []
            for one in told:
                message, at = self._read(one, channel), hearing.moment(int(one["id"]))
                if message:
                    found.append(message)
                else:
                    yield self._page(found, place, (first, max(first, at - MILLISECOND)), asked)
                    found, first = [], at + MILLISECOND
            full = len(told) == PAGE
            last = max(first, hearing.moment(int(told[-1]["id"]))) if full else asked
            yield self._page(found, place, (first, last), asked)
            if not full:
                return
            # What was deleted in the very millisecond where two pages meet is looked for in the next one.
            first = max(first, last - MILLISECOND)
            after = min(int(told[-1]["id"]), max(int(told[0]["id"]), discord.utils.time_snowflake(last) - 1))

    def link(self, place: Place, message: str = "") -> str:
        """https://discord.com/channels/SERVER/CHANNEL/MESSAGE, where a thread counts as a channel."""
        address = f"https://discord.com/channels/{place.workspace}/{place.thread or place.channel}"
        return f"{address}/{message}" if message else address

    async def _told(self, channel: Channel, after: int) -> list[Any]:
        """The next messages as Discord tells them, the oldest first; in a forum there are none outside of its posts."""
        if not isinstance(channel, discord.abc.Messageable):
            return []
        with _in_words():
            told: list[Any] = await self._client.http.logs_from(channel.id, PAGE, after=after)
        return told[::-1]

    def _read(self, told: Any, channel: Any) -> discord.Message | None:
        try:
            return discord.Message(state=channel._state, channel=channel, data=told)  # noqa: SLF001 - as `history` does
        except Exception as error:  # noqa: BLE001 - whatever one message holds, the others are read
            fault("discord.odd_message", error, channel=channel.id)
            return None

    def _page(
        self, found: list[discord.Message], place: Place, stretch: tuple[datetime, datetime], asked: datetime
    ) -> Page:
        me = self._me()
        said = [one for message in found if (one := hearing.said(message, place, me))]
        counted = [hearing.counted(message, place, asked) for message in found if message.type in hearing.SPEECH]
        return Page(tuple(said), tuple(counted), *stretch)

    def _ours(self, message: discord.Message, place: Place) -> Said:
        found = hearing.said(message, place, self._me())
        assert found  # noqa: S101 - what the bot posts is speech
        return found

    def _me(self) -> int:
        assert self._client.user  # noqa: S101 - it is logged in
        return self._client.user.id

    def _check_connected(self) -> None:
        if not self._client.is_ready() or self._client.is_closed() or not self._client.ws or not self._client.ws.open:
            raise BotError(AWAY)

    def _guild(self, place: Place) -> discord.Guild:
        """The server as the gateway tells it now. Raises BotError where that may be old."""
        self._check_connected()
        guild = self._client.get_guild(int(place.workspace))
        if guild is None or guild.unavailable:
            raise BotError(AWAY)
        return guild

    async def _channel(self, place: Place) -> Channel:
        """The channel or thread, asked of Discord where the gateway did not tell: an archived thread."""
        guild = self._guild(place)
        identity = int(place.thread or place.channel)
        with _in_words():
            try:
                found: Any = guild.get_channel_or_thread(identity) or await self._client.fetch_channel(identity)
            except discord.NotFound as error:
                raise Gone(NOT_THERE) from error
        if found.guild != guild:
            raise BotError(NOT_THERE)
        channel: Channel = found
        return channel

    async def _messageable(self, place: Place) -> Spoken:
        """The channel or thread, if something can be said in it itself. Raises BotError otherwise."""
        channel = await self._channel(place)
        if not isinstance(channel, Spoken):
            raise BotError(NO_THREADS)
        return channel

    async def _is_in(self, place: Place, member: discord.Member) -> bool:
        """Whether somebody can read a private thread: they are in it, or may manage threads in its channel."""
        parent = member.guild.get_channel(int(place.channel))
        if parent and parent.permissions_for(member).manage_threads:
            return True
        try:
            await self._client.http.request(
                discord.http.Route(
                    "GET", "/channels/{channel_id}/thread-members/{user_id}",
                    channel_id=int(place.thread), user_id=member.id,
                )
            )  # fmt: skip
        except discord.NotFound:
            return False
        return True


def _reads(permissions: discord.Permissions) -> bool:
    return permissions.view_channel and permissions.read_message_history


def _is_open(channel: discord.abc.GuildChannel) -> bool:
    """Whether everybody in the server can read it: @everyone can, and no role and nobody is kept out."""
    if not _reads(channel.permissions_for(channel.guild.default_role)):
        return False
    return all(
        one.view_channel is not False and one.read_message_history is not False for one in channel.overwrites.values()
    )


def _message(reply: Reply, mark: str = "", largest_file: int = LARGEST_FILE) -> dict[str, Any]:
    """What is sent; with a mark, that stands in small letters at its end."""
    message = message_of(reply, largest_file)
    if mark:
        last = message["embeds"][-1].to_dict()
        words = last.get("footer", {}).get("text", "")
        last["footer"] = {"text": f"{words} {mark}".strip()}
    return message


@contextmanager
def _in_words() -> Iterator[None]:
    """What Discord refuses, as a sentence. https://discord.com/developers/docs/topics/opcodes-and-status-codes#json"""
    try:
        yield
    except discord.NotFound as error:
        raise BotError(NOT_THERE) from error
    except discord.Forbidden as error:
        raise BotError(MAY_NOT) from error
    except discord.HTTPException as error:
        if error.code == TOO_MANY_THREADS:
            raise BotError(FULL) from error
        raise
