"""Reading back what was said on Slack, page by page, however few messages Slack puts on one.

An app of the workspace's own gets up to 200 on a page and some fifty pages a minute; others 15, and one a minute.
https://docs.slack.dev/apis/web-api/rate-limits. What Slack asks to wait is waited, and every page is saved as it comes.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.archive.discussions import BEGINNING, Discussions
from bot.archive.events import Counted, Said
from bot.asker import Place
from bot.logs import event
from bot.platforms.slack.hearing import counted, said
from bot.platforms.slack.identity import Identity
from bot.platforms.slack.payload import Body, data, part, parts, text
from bot.platforms.slack.people import People
from bot.platforms.slack.refusals import code_of
from bot.platforms.slack.stretches import NewestFirst, OldestFirst
from bot.slack_text import moment
from bot.times import now
from bot.values import value
from bot.venue import Page

PER_PAGE = 200  # Slack recommends no more
SECONDS_TO_WAIT = 30  # where Slack does not say how long
LOOK_BACK = timedelta(days=365)  # for threads of which nothing is held; the others are known by name
SURE = timedelta(days=30)  # what is older may be hidden by the workspace's plan, and not deleted

Call = Callable[..., Awaitable[AsyncSlackResponse]]


@value
class _Told:
    """One page as Slack tells it. `limited` says that the workspace's plan hides what is older."""

    messages: list[Body]
    more: bool
    limited: bool
    asked_at: datetime


class History:
    """Reads channels and threads. `client` does not wait by itself when Slack limits it; `clock` gives UTC."""

    def __init__(
        self,
        client: AsyncWebClient,
        me: Identity,
        people: People,
        discussions: Discussions,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._client = client
        self._me = me
        self._people = people
        self._discussions = discussions
        self._clock = clock

    def channel(self, place: Place, since: datetime) -> AsyncIterator[Page]:
        """What was said in a channel since then, newest first; replies only where they were sent to the channel too."""
        return _one_behind(self._channel(place, since))

    def thread(self, place: Place, since: datetime) -> AsyncIterator[Page]:
        """What was said in a thread since then, oldest first; its first message stands on every page, or on one."""
        return _one_behind(self._thread(place, since))

    async def _channel(self, place: Place, since: datetime) -> AsyncIterator[Page]:
        stretches = NewestFirst(since, self._clock())
        async for told in self._told(
            self._client.conversations_history, channel=place.channel, oldest=ts_of(since), inclusive=True
        ):
            page = stretches.page(*await self._read(told, place, since), _moments(told.messages), more=told.more)
            yield _unhidden(page, told) if told.limited and not told.more else page

    async def _thread(self, place: Place, since: datetime) -> AsyncIterator[Page]:
        begin = BEGINNING if self._discussions.is_marked(place) else since  # a saved channel is so from some moment on
        stretches = OldestFirst(since, self._clock())
        try:
            async for told in self._told(
                self._client.conversations_replies, channel=place.channel, ts=place.thread, oldest=ts_of(since)
            ):
                replies = [one for one in told.messages if text(one, "ts") != place.thread]
                yield stretches.page(*await self._read(told, place, begin), _moments(replies), more=told.more)
        except SlackApiError as error:
            if code_of(error) != "thread_not_found":
                raise
            yield Page((), (), max(since, stretches.asked - SURE), stretches.asked)

    async def threads(self, place: Place, since: datetime) -> AsyncIterator[Place]:
        """The threads of a channel with a reply since then, of those that opened within a year."""
        oldest = ts_of(self._clock() - LOOK_BACK)
        async for told in self._told(self._client.conversations_history, channel=place.channel, oldest=oldest):
            for message in told.messages:
                latest = moment(text(message, "latest_reply"))
                if latest and latest >= since:
                    yield replace(place, thread=text(message, "ts"))

    async def first_words(self, place: Place) -> str:
        """The first line of a thread's first message; empty where Slack does not say it now."""
        try:
            answer = await self._client.conversations_replies(channel=place.channel, ts=place.thread, limit=1)
        except SlackApiError as error:
            if code_of(error) in {"ratelimited", "thread_not_found"}:
                return ""
            raise
        first = next(iter(parts(data(answer), "messages")), {})
        await self._people.know([first])
        found = said(first, place.channel, self._me, self._people.name_of)
        return next(iter(found.words.strip().splitlines()), "") if found else ""

    async def _read(self, told: _Told, place: Place, begin: datetime) -> tuple[list[Said], list[Counted]]:
        """What people said from that moment on, with the reactions to it."""
        await self._people.know(told.messages)
        found: list[Said] = []
        counts: list[Counted] = []
        for message in told.messages:
            one = said(message, place.channel, self._me, self._people.name_of)
            if one is None or one.at < begin:
                continue
            opened = replace(one.place, thread=one.id)
            if not one.place.thread and self._discussions.is_marked(opened):
                one = replace(one, place=opened)
            found.append(one)
            counts.append(counted(message, one, told.asked_at))
        return found, counts

    async def _told(self, call: Call, **arguments: object) -> AsyncIterator[_Told]:
        cursor = ""
        while True:
            asked_at = self._clock()
            answer = await self._patiently(call, **arguments, limit=PER_PAGE, cursor=cursor or None)
            found = data(answer)
            cursor = text(part(found, "response_metadata"), "next_cursor")
            more = bool(cursor) and bool(found.get("has_more", True))
            yield _Told(parts(found, "messages"), more, bool(found.get("is_limited")), asked_at)
            if not more:
                return

    async def _patiently(self, call: Call, **arguments: object) -> AsyncSlackResponse:
        while True:
            try:
                return await call(**arguments)
            except SlackApiError as error:
                if code_of(error) != "ratelimited" and error.response.status_code != 429:
                    raise
                seconds = _seconds(error.response.headers)
            event("slack.history_waits", seconds=seconds)
            await asyncio.sleep(seconds)


def ts_of(when: datetime) -> str:
    """A moment as Slack writes it: seconds since 1970, a point, six digits; exact."""
    since = when.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return f"{since.days * 86_400 + since.seconds}.{since.microseconds:06}"


async def _one_behind(pages: AsyncIterator[Page]) -> AsyncIterator[Page]:
    """Each page once the next one has shown that they are in order: one out of order would pass for deletions."""
    before: Page | None = None
    async for page in pages:
        if before:
            yield before
        before = page
    if before:
        yield before


def _unhidden(page: Page, told: _Told) -> Page:
    """The stretch of the last page where more is hidden: only what Slack shows is known to be all there is."""
    shown = min(_moments(told.messages), default=page.last)
    return replace(page, first=min(max(page.first, shown), page.last))


def _moments(messages: list[Body]) -> list[datetime]:
    return [at for message in messages if (at := moment(text(message, "ts")))]


def _seconds(headers: Any) -> int:
    found = next((value for name, value in dict(headers).items() if name.lower() == "retry-after"), "")
    value = str(found[0] if isinstance(found, list) and found else found)
    return int(value) if value.isdecimal() else SECONDS_TO_WAIT
