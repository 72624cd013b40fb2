"""Who somebody is on Slack: what they are called, whether they moderate, and whether they are a guest.

Moderators are the workspace's admins and owners, and the people named in the configuration.
"""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Collection, Sequence

from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import event
from bot.platforms.slack.payload import Body, part, text
from bot.platforms.slack.refusals import reason_of
from bot.slack_text import called
from bot.values import value

SECONDS_KEPT = 60.0
SECONDS_TO_WAIT = 2.0  # nobody waits longer than that for an answer that any member may have
MOST_KEPT = 1000
MOST_NAMES = 50_000

_MENTIONED = re.compile(r"<@([A-Z0-9]+)>")


@value
class Profile:
    """Somebody as https://docs.slack.dev/reference/objects/user-object tells of them.

    A full `member` of the workspace is no guest and from no other workspace; `gone` is who was deactivated.
    """

    name: str = ""
    admin: bool = False
    member: bool = False
    gone: bool = False


class People:
    """Asks Slack about people, and remembers the answer for a minute. `clock` gives seconds.

    Names are remembered until Slack tells of another.
    """

    def __init__(
        self, client: AsyncWebClient, team: str, named: Collection[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._team = team
        self._named = named
        self._clock = clock
        self._known: dict[str, tuple[float, Profile]] = {}
        self._names: dict[str, str] = {}
        self._nameless: set[str] = set()

    async def is_moderator(self, person: str) -> bool:
        """Whether this person moderates. Where Slack can't be asked, nobody does."""
        if person in self._named:
            return True
        try:
            async with asyncio.timeout(SECONDS_TO_WAIT):
                return (await self.profile(person)).admin
        except Exception as error:  # noqa: BLE001 - whatever keeps us from knowing, the answer is no
            event("slack.moderator_unknown", level=logging.WARNING, reason=reason_of(error))
            return False

    async def profile(self, person: str) -> Profile:
        """Who this person is, asked of Slack within the last minute. Raises what the client raises."""
        kept = self._known.get(person)
        if kept and self._clock() - kept[0] < SECONDS_KEPT:
            return kept[1]
        return await self.asked(person)

    async def asked(self, person: str) -> Profile:
        """Who this person is at this moment: https://docs.slack.dev/reference/methods/users.info."""
        asked_at = self._clock()
        user = (await self._client.users_info(user=person)).get("user")
        found = self.read(user if isinstance(user, dict) else {})
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[person] = (asked_at, found)
        self.call(person, found.name)
        return found

    def name_of(self, person: str) -> str:
        """What this person is called, as far as it is known without asking; else empty."""
        return self._names.get(person, "")

    async def know(self, messages: Sequence[Body]) -> None:
        """Find out what the authors of these messages, and the people named in them, are called.

        One after the other, since Slack answers a hundred such questions a minute. Whom it does not tell of has no
        name, and is not asked about again until Slack tells of a change.
        """
        found = [text(one, "user") for one in messages if not text(one, "bot_id")]
        found += [person for one in messages for person in _MENTIONED.findall(text(one, "text"))]
        for person in dict.fromkeys(filter(None, found)):
            if person not in self._names and person not in self._nameless:
                try:
                    await self.asked(person)
                except Exception as error:  # noqa: BLE001 - somebody without a name keeps nobody else from theirs
                    event("slack.name_unknown", level=logging.WARNING, reason=reason_of(error))
                    self._nameless.add(person)

    def changed(self, user: Body) -> Profile:
        """Slack tells that somebody changed; gives who they are now."""
        found = self.read(user)
        self._known.pop(text(user, "id"), None)
        self._nameless.discard(text(user, "id"))
        self.call(text(user, "id"), found.name)
        return found

    def read(self, user: Body) -> Profile:
        """A user object as a profile; somebody from elsewhere may be an admin only there."""
        homes = {user.get("team_id"), *(part(user, "enterprise_user").get("teams") or ())}
        here = self._team in homes
        guest = any(user.get(kind) for kind in ("is_restricted", "is_ultra_restricted", "is_stranger"))
        return Profile(
            called(user),
            here and bool(user.get("is_admin") or user.get("is_owner")),
            here and not guest,
            bool(user.get("deleted")),
        )

    def call(self, person: str, name: str) -> None:
        """Remember what this person is called."""
        if name:
            if len(self._names) >= MOST_NAMES:
                self._names.clear()
            self._names[person] = name
