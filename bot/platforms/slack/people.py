"""Who is a moderator on Slack: the workspace's admins and owners, and the people named in the configuration."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection

from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import event
from bot.platforms.slack.refusals import reason_of

SECONDS_KEPT = 60.0
SECONDS_TO_WAIT = 2.0  # nobody waits longer than that for an answer that any member may have
MOST_KEPT = 1000


class People:
    """Asks Slack about people, and remembers the answer for a minute. `clock` gives seconds."""

    def __init__(
        self, client: AsyncWebClient, team: str, named: Collection[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._team = team
        self._named = named
        self._clock = clock
        self._known: dict[str, tuple[float, bool]] = {}

    async def is_moderator(self, person: str) -> bool:
        """Whether this person moderates. Where Slack can't be asked, nobody does."""
        if person in self._named:
            return True
        kept = self._known.get(person)
        if kept and self._clock() - kept[0] < SECONDS_KEPT:
            return kept[1]
        try:
            async with asyncio.timeout(SECONDS_TO_WAIT):
                found = await self._look_up(person)
        except Exception as error:  # noqa: BLE001 - whatever keeps us from knowing, the answer is no
            event("slack.moderator_unknown", level=logging.WARNING, reason=reason_of(error))
            return False
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[person] = (self._clock(), found)
        return found

    async def _look_up(self, person: str) -> bool:
        """https://docs.slack.dev/reference/methods/users.info; a guest from elsewhere may be an admin only there."""
        user = (await self._client.users_info(user=person)).get("user") or {}
        homes = {user.get("team_id"), *(user.get("enterprise_user") or {}).get("teams", ())}
        return self._team in homes and bool(user.get("is_admin") or user.get("is_owner"))
