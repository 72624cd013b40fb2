"""What the doctor asks Slack."""

import pytest

from bot.config import Config, Slack
from bot.doctor.finding import Finding, State
from bot.platforms.slack.doctor import examine
from bot.secret import SecretStr
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, Answer, SlackServer, limited
from tests.servers.stranger import not_the_platform


async def found(api_url: str, *channels: str, app_token: str = APP_TOKEN) -> dict[str, Finding]:
    slack = Slack(bot_token=SecretStr(BOT_TOKEN), app_token=SecretStr(app_token), api_url=api_url)
    return {one.subject: one for one in await examine(Config(slack=slack), None, channels)}


async def test_each_token_is_tried_once(server: SlackServer) -> None:
    await found(server.api_url)

    assert [(call.method, call.token) for call in server.calls] == [
        ("auth.test", BOT_TOKEN),
        ("apps.connections.open", APP_TOKEN),
    ]


async def test_a_persons_token_is_told_from_the_bots(server: SlackServer) -> None:
    server.answers("auth.test", Answer({"ok": True, "user": "mina", "user_id": "U1", "team_id": "T1"}))
    told = (await found(server.api_url))["bot token"]

    assert told.state is State.TO_DO
    assert "a person's" in told.words


async def test_slack_in_trouble_is_not_checked_and_not_asked_again(server: SlackServer) -> None:
    server.answers("auth.test", limited(600))
    told = await found(server.api_url, "C1")

    assert told["bot token"].words == "Slack answered ratelimited; try again later"
    assert {told[subject].state for subject in ("bot token", "scopes", "channel C1")} == {State.NOT_CHECKED}
    assert len(server.made("auth.test")) == 1


async def test_scopes_that_slack_does_not_tell_are_not_checked(server: SlackServer) -> None:
    assert (await found(server.api_url))["scopes"].state is State.NOT_CHECKED


async def test_without_a_signing_secret_http_mode_has_something_to_do(server: SlackServer) -> None:
    told = await found(server.api_url, app_token="")

    assert told["app token"].state is State.OFF
    assert told["signing secret"].state is State.TO_DO


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/json"])
async def test_something_else_at_the_address_is_not_taken_for_slack(kind: str) -> None:
    async with not_the_platform(kind) as address:
        told = await found(f"{address}/")

    assert told["bot token"].state is State.NOT_CHECKED
    assert "something went wrong" not in told["bot token"].words
