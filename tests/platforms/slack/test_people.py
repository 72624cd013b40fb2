"""Who moderates on Slack: admins, owners and named people; nobody where Slack can't be asked."""

import asyncio

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Slack
from bot.platforms.slack import people
from bot.platforms.slack.client import web_client
from bot.platforms.slack.people import People
from tests.platforms.slack.conftest import OnSlack
from tests.servers.slack import TEAM, SlackServer, refusal
from tests.servers.slack_payloads import command


async def may(slack: OnSlack, person: str = "U1") -> bool:
    """Whether this person may use a command for moderators."""
    said = await slack.ask(command("/use", "nothing", response_url=slack.server.response_url, person=person))
    return "Only moderators" not in said["text"]


@pytest.mark.parametrize(
    ("user", "allowed"),
    [
        ({"team_id": TEAM, "is_admin": True}, True),
        ({"team_id": TEAM, "is_owner": True}, True),
        ({"team_id": "E1", "enterprise_user": {"teams": [TEAM]}, "is_admin": True}, True),
        ({"team_id": TEAM}, False),
        ({"team_id": "T2", "is_admin": True}, False),
        ({}, False),
    ],
    ids=["admin", "owner", "admin on a grid", "member", "admin elsewhere", "nothing known"],
)
async def test_admins_and_owners_of_this_workspace_moderate(
    slack: OnSlack, user: dict[str, object], allowed: bool
) -> None:
    slack.server.people["U1"] = user
    await slack.connect()

    assert await may(slack) is allowed


async def test_people_named_in_the_configuration_moderate_without_a_look_up(slack: OnSlack) -> None:
    await slack.connect(moderators=("U5",))

    assert await may(slack, "U5")
    assert not slack.server.made("users.info")
    assert not await may(slack, "U6")


async def test_where_slack_does_not_say_who_it_is_nobody_moderates(slack: OnSlack) -> None:
    slack.server.people["U1"] = {"team_id": TEAM, "is_admin": True}
    slack.server.answers("users.info", refusal("user_not_found"))
    await slack.connect()

    assert not await may(slack)
    assert await may(slack)


class Clock:
    """Seconds that go by when a test says so."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_what_slack_said_is_remembered_for_a_minute(server: SlackServer) -> None:
    clock = Clock()
    async with ClientSession() as session:
        asked = People(web_client(Slack(api_url=server.api_url, prefix=""), session), TEAM, (), clock)
        server.people["U1"] = {"team_id": TEAM, "is_admin": True}
        assert await asked.is_moderator("U1")

        server.people["U1"] = {"team_id": TEAM, "is_admin": False}
        clock.seconds = 59
        assert await asked.is_moderator("U1")
        clock.seconds = 61
        assert not await asked.is_moderator("U1")
    assert len(server.made("users.info")) == 2


async def test_nobody_waits_long_for_slack_to_say_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(AsyncWebClient):
        """A client that gets no answer: a socket that stays open would take the test two seconds."""

        async def users_info(self, **_: object) -> None:  # type: ignore[override]
            await asyncio.Event().wait()

    monkeypatch.setattr(people, "SECONDS_TO_WAIT", 0)

    assert not await People(Silent(), TEAM, ()).is_moderator("U1")
