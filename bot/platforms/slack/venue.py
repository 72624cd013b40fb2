"""Slack as a place for discussions: opening threads, posting, reading back, and who can read what.

A full member of the workspace can read every public channel, and the private ones that they are in; a guest, or
somebody of another workspace, only the channels that they are in.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.archive.discussions import Discussions
from bot.archive.events import Changed, Said
from bot.asker import Person, Place
from bot.platforms.slack.hearing import said, state
from bot.platforms.slack.history import History
from bot.platforms.slack.identity import Identity
from bot.platforms.slack.payload import Body, data, part, text
from bot.platforms.slack.people import People
from bot.platforms.slack.refusals import code_of, for_the_asker, in_words
from bot.platforms.slack.sending import Refused, Sending, mark_of
from bot.reply import Reply
from bot.times import now
from bot.venue import Page, Readable

PER_PAGE = 1000  # of channels and people, as many as Slack gives
LOOKED_BACK = timedelta(days=2)  # for a post of the bot's own
FEW = 5  # so many known channels are asked about one by one, more by listing every public one
SHARED = ("is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared")


class SlackVenue:
    """What the bot may ask of Slack."""

    def __init__(
        self,
        client: AsyncWebClient,
        history: History,
        sending: Sending,
        people: People,
        me: Identity,
        discussions: Discussions,
    ) -> None:
        self._client = client
        self._history = history
        self._sending = sending
        self._people = people
        self._me = me
        self._discussions = discussions

    async def open_thread(self, place: Place, title: str, card: Reply) -> Said:  # noqa: ARG002 - the card says it
        """The card is a message in the channel, and the thread opens under it."""
        opened = await self.post(replace(place, thread=""), card)
        return replace(opened, place=replace(opened.place, thread=opened.id))

    async def post(self, place: Place, reply: Reply, mark: str = "") -> Said:
        """A message of the bot's own accord; links in it show no previews. A mark is kept in its metadata."""
        try:
            message = await self._sending.post(reply, place, mark)
        except Refused as refused:
            raise for_the_asker(refused.code) or refused from None
        return self._posted(message, place)

    async def find_post(self, place: Place, mark: str) -> Said | None:
        """The bot's own message with this mark in its metadata, of the last two days."""
        oldest = str((now() - LOOKED_BACK).timestamp())
        of_place: dict[str, object] = {"channel": place.channel, "oldest": oldest, "include_all_metadata": True}
        if place.thread:
            of_place["ts"] = place.thread
        call = self._client.conversations_replies if place.thread else self._client.conversations_history
        with in_words():
            found = await self._all(call, "messages", **of_place)
        marked = (one for one in found if isinstance(one, dict) and mark_of(one) == mark)
        message = next(marked, None)
        return self._posted(message, place) if message else None

    async def tell(self, place: Place, person: str, reply: Reply) -> None:
        """A direct message to somebody of the workspace."""
        await self.post(replace(place, channel=person, thread=""), reply)

    def _posted(self, message: Body, place: Place) -> Said:
        posted = {**message, "user": self._me.user, "subtype": "", "thread_ts": place.thread}
        found = said(posted, place.channel, self._me, self._people.name_of)
        if found is None:
            raise ValueError(text(message, "ts"))
        return found

    async def readable(self, person: Person, place: Place) -> Readable:
        """What this person can read, asked of Slack at this moment."""
        who = await self._people.asked(person.id)
        if who.gone:
            return Readable()
        if not who.member:
            return Readable(await self._channels_of(person, "public_channel,private_channel"))
        private, public = await asyncio.gather(self._channels_of(person, "private_channel"), self._public(place))
        return Readable(private | public)

    async def audience(self, place: Place) -> Readable:
        """The channel, and every public one unless somebody is in it who can't read those."""
        alone = Readable(frozenset({place.channel}))
        if place.direct:
            return alone
        channel = await self._channel(place.channel)
        if any(channel.get(kind) for kind in SHARED):
            return alone
        inside, everybody, public = await asyncio.gather(
            self._all(self._client.conversations_members, "members", channel=place.channel),
            self._all(self._client.users_list, "members"),
            self._public(place),
        )
        full = {text(user, "id") for user in everybody if isinstance(user, dict) and self._people.read(user).member}
        return Readable(alone.channels | public) if full >= set(inside) else alone

    async def home(self, person: Person) -> str:  # noqa: ARG002 - the bot is in one workspace
        """The one workspace."""
        return self._me.team

    async def title(self, place: Place) -> str:
        """A channel's name, or the first line of a thread's first message."""
        with in_words():
            if place.thread:
                return await self._history.first_words(place)
            return text(await self._channel(place.channel), "name")

    async def state(self, place: Place) -> Changed | None:
        """A channel's name, and whether it is archived; of a thread nothing, since Slack may answer once a minute."""
        if place.thread:
            return None
        with in_words():
            return state(await self._channel(place.channel), place)

    async def threads(self, place: Place, since: datetime) -> AsyncIterator[Place]:
        """The threads of a channel with something in them since then."""
        with in_words():
            async for thread in self._history.threads(place, since):
                yield thread

    async def history(self, place: Place, since: datetime) -> AsyncIterator[Page]:
        """What was said since then, as Slack pages it: a channel newest first, a thread oldest first."""
        read = self._history.thread if place.thread else self._history.channel
        with in_words():
            async for page in read(place, since):
                yield page

    def link(self, place: Place, message: str = "") -> str:
        """Slack's own address: https://TEAM.slack.com/archives/C1/p1700000000000100?thread_ts=...&cid=C1."""
        channel = f"{self._me.address.rstrip('/')}/archives/{place.channel}"
        shown = message or place.thread
        if not shown:
            return channel
        inside = f"?thread_ts={place.thread}&cid={place.channel}" if place.thread not in {"", shown} else ""
        return f"{channel}/p{shown.replace('.', '')}{inside}"

    async def _public(self, place: Place) -> frozenset[str]:
        """The public channels; where little is known of the workspace, those of them that matter."""
        known = self._discussions.channels(place)
        if len(known) > FEW:
            listed = await self._all(self._client.conversations_list, "channels", types="public_channel")
        else:
            listed = await asyncio.gather(*map(self._known_channel, sorted(known)))
        return frozenset(text(one, "id") for one in listed if isinstance(one, dict) and one.get("is_private") is False)

    async def _known_channel(self, channel: str) -> Body:
        """The channel, or nothing where Slack shows the bot none: it is gone, or private without the bot."""
        try:
            return await self._channel(channel)
        except SlackApiError as error:
            if code_of(error) == "channel_not_found":
                return {}
            raise

    async def _channel(self, channel: str) -> Body:
        answer = await self._client.conversations_info(channel=channel)
        return part(data(answer), "channel")

    async def _channels_of(self, person: Person, types: str) -> frozenset[str]:
        found = await self._all(self._client.users_conversations, "channels", user=person.id, types=types)
        return frozenset(text(one, "id") for one in found if isinstance(one, dict))

    async def _all(self, call: Callable[..., Awaitable[Any]], key: str, **arguments: object) -> list[Any]:
        """What stands under `key` on every page."""
        found: list[Any] = []
        cursor = ""
        while True:
            answer = await call(**arguments, limit=PER_PAGE, cursor=cursor or None)
            found += answer[key]
            cursor = text(part(data(answer), "response_metadata"), "next_cursor")
            if not cursor:
                return found
