"""The Home tab: the reading in use, the commands, one's own settings, and what is kept.

It is published when somebody opens it, unless it shows already what it would show: Slack sends the view along with the
event, and a view carries a fingerprint of itself. So opening it again and again costs no call, after a restart too.
"""

import asyncio
import json
import logging
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any
from weakref import WeakValueDictionary

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answering import Answering, refusal
from bot.asker import Person, Place
from bot.cutting import clip_units
from bot.errors import BotError
from bot.grammar import split_name
from bot.logs import event, fault
from bot.platforms.slack.refusals import code_of
from bot.platforms.slack.render import render
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import markdown, verbatim
from commands.about import SAVES, WHO, about_reading

MOST_BLOCKS = 100
LONGEST = 1200  # UTF-16 units about the reading, which leaves room on the page; /about says all of it
SETTINGS = "settings"
ELSEWHERE = "A channel may use another reading: `/readings`, typed there, shows which."
WHERE = "What you press here is answered under *Messages*."

View = dict[str, Any]


def home(replies: Iterable[Reply], channel: str, *, prefix: str = "") -> View:
    """The view of https://docs.slack.dev/reference/views/home-tab-views: each reply as a message shows it, in order.

    `channel` is the direct conversation with whoever sees it, which Slack does not name when a button is pressed here.
    """
    blocks: list[View] = []
    for reply in replies:
        blocks += [*([{"type": "divider"}] if blocks else []), *render(reply, prefix=prefix)["blocks"]]
    del blocks[MOST_BLOCKS:]
    fingerprint = sha256(json.dumps(blocks).encode()).hexdigest()[:16]
    return {"type": "home", "blocks": blocks, "private_metadata": f"{channel} {fingerprint}"}


async def contents(request: Request) -> tuple[Reply, ...]:
    """What the Home tab holds for this person. Raises BotError when there is no reading."""
    commands = await request.answer("/help")
    return (
        _welcome(request),
        # One by one, so that none is cut into pages, which a view has not
        *(
            replace(commands, title="" if number else commands.title, parts=(part,), buttons=())
            for number, part in enumerate(commands.parts)
        ),
        await request.answer(f"/{SETTINGS}"),
        Reply("What it saves", (Note(markdown(SAVES)),), buttons=(Button("About", "/about"),)),
    )


def is_setting(line: str) -> bool:
    """Whether a button's line changes what the Home tab shows of one's own settings."""
    return split_name(line)[0] == SETTINGS


def _welcome(request: Request) -> Reply:
    parts = (
        Note(markdown(WHO)),
        Note(verbatim(clip_units(about_reading(request.reading), LONGEST)), heading="The reading in use"),
        Note(markdown(f"{ELSEWHERE} {WHERE}")),
    )
    buttons = (
        Button("Summary", "/summary"),
        Button("Questions", "/questions"),
        Button("Topics", "/topics"),
        Button("Timeline", "/timeline"),
        Button("Readings", "/readings"),
    )
    return Reply("Readalong", parts, buttons=buttons)


class Homes:
    """Publishes the Home tab. `prefix` stands before the names of commands."""

    def __init__(self, client: AsyncWebClient, answering: Answering, prefix: str) -> None:
        self._client = client
        self._answering = answering
        self._prefix = prefix
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._waiting: set[str] = set()

    async def show(self, person: Person, place: Place, shown: str = "") -> bool:
        """Publish what this person's Home tab holds now, unless the view marked `shown` is just that.

        `place` is their direct conversation with the bot. One call for a person is under way at a time, so that the
        last published is the newest; one that waits makes those after it needless. Returns whether the tab is, or is
        about to be, as it should; never raises: a failure is logged without a word of the view.
        """
        if person.id in self._waiting:
            return True
        lock = self._locks.setdefault(person.id, asyncio.Lock())
        if lock.locked():
            shown = ""  # what the tab showed when it was opened is being replaced
        self._waiting.add(person.id)
        async with lock:
            self._waiting.discard(person.id)
            try:
                await self._publish(person, place, shown)
            except SlackApiError as error:
                event("slack.home_failed", level=logging.WARNING, reason=code_of(error))
                return False
            except Exception as error:  # noqa: BLE001 - a tab that can't be shown takes nothing else with it
                fault("slack.home_failed", error)
                return False
        return True

    async def _publish(self, person: Person, place: Place, shown: str) -> None:
        try:
            replies = await contents(self._answering.request(person, place))
        except BotError as error:
            replies = (refusal(error),)
        view = home(replies, place.channel, prefix=self._prefix)
        if view["private_metadata"] != shown:
            await self._client.views_publish(user_id=person.id, view=view)
