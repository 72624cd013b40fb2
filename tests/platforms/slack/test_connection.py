"""How the bot holds on to Slack in Socket Mode: lost and renewed connections, odd frames, refused tokens."""

import asyncio

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.platforms.health import State
from bot.platforms.slack import tasks
from bot.platforms.slack.manifest import SCOPES
from bot.reply import Note, Reply
from bot.request import Request
from bot.words import verbatim
from tests.platforms.slack.conftest import OnSlack, add_command
from tests.servers.slack import APP_TOKEN, BOT, BOT_TOKEN, ME, TEAM, Answer, SlackServer, limited, refusal
from tests.servers.slack_payloads import command, mention


async def works(slack: OnSlack) -> bool:
    said = await slack.ask(command("/kurils", response_url=slack.server.response_url))
    return "The Kuril Islands" in said["text"]


async def test_it_connects_with_its_tokens(slack: OnSlack) -> None:
    await slack.connect()
    await slack.health.until(State.CONNECTED)

    tokens = {call.method: call.token for call in slack.server.calls}
    assert tokens["auth.test"] == BOT_TOKEN
    assert tokens["apps.connections.open"] == APP_TOKEN


async def test_a_dropped_connection_is_made_anew(slack: OnSlack) -> None:
    await slack.connect()
    await slack.server.drop()
    await slack.server.connected(2)

    assert await works(slack)
    assert len(slack.server.made("auth.test")) == 1


async def test_connections_dropped_again_and_again_are_made_anew_all_the_same(slack: OnSlack) -> None:
    await slack.connect()
    for count in range(2, 5):
        await slack.server.drop()
        await slack.server.connected(count)

    assert await works(slack)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_connection_that_slack_renews_is_never_missing(slack: OnSlack, reason: str) -> None:
    await slack.connect()
    await slack.health.until(State.CONNECTED)
    before = slack.health.of("slack")
    old = slack.server.sockets[0]
    await slack.server.send_frame({"type": "disconnect", "reason": reason, "debug_info": {}})
    await slack.server.connected(2)
    await slack.server.until(lambda: old not in slack.server.sockets)

    assert await works(slack)
    assert slack.server.most_at_once == 2
    assert slack.health.of("slack") == before


@pytest.mark.parametrize("reason", ["link_disabled", "too_many_websockets"])
async def test_a_connection_that_slack_takes_away_is_tried_again_after_a_pause(slack: OnSlack, reason: str) -> None:
    await slack.connect()
    await slack.server.send_frame({"type": "disconnect", "reason": reason})
    await slack.server.connected(2)

    assert await works(slack)


async def test_it_keeps_trying_while_slack_gives_no_new_connection(slack: OnSlack) -> None:
    await slack.connect()
    slack.server.answers("apps.connections.open", *[refusal("internal_error")] * 3, limited())
    await slack.server.drop()
    await slack.server.connected(2)

    assert await works(slack)


async def test_slack_away_at_the_start_is_tried_again(slack: OnSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    real, dead = slack.server.address, "http://127.0.0.1:9"
    slack.server.address = dead
    await slack.start()
    assert "trying again" in await slack.health.until(State.AWAY)
    await slack.stop()

    slack.server.address = real
    await slack.connect()
    assert await works(slack)


async def test_a_server_error_at_the_start_is_tried_again(slack: OnSlack) -> None:
    slack.server.answers("auth.test", refusal("internal_error"), refusal("fatal_error"))
    await slack.connect()

    assert await works(slack)


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked", "not_allowed_token_type"])
async def test_a_bot_token_that_slack_refuses_is_named_in_one_sentence(slack: OnSlack, code: str) -> None:
    slack.server.answers("auth.test", refusal(code))
    await slack.start()
    reason = await slack.health.until(State.REFUSED)

    assert f"({code})" in reason
    assert "SLACK_BOT_TOKEN or [slack] bot_token" in reason
    assert BOT_TOKEN not in reason


@pytest.mark.parametrize("code", ["invalid_auth", "missing_scope", "not_allowed_token_type"])
async def test_an_app_token_that_slack_refuses_is_named_in_one_sentence(slack: OnSlack, code: str) -> None:
    slack.server.answers("apps.connections.open", refusal(code))
    await slack.start()
    reason = await slack.health.until(State.REFUSED)

    assert f"({code})" in reason
    assert "connections:write" in reason
    assert "SLACK_APP_TOKEN or [slack] app_token" in reason


async def test_a_scope_that_is_missing_is_named_in_the_log(slack: OnSlack, caplog: pytest.LogCaptureFixture) -> None:
    known = {"ok": True, "team_id": TEAM, "user_id": ME, "bot_id": BOT}
    granted = {"x-oauth-scopes": ", ".join(sorted({*SCOPES, "more"} - {"files:write"}))}
    slack.server.answers("auth.test", Answer(known, headers=granted))
    await slack.connect()

    assert "slack.scopes_missing scopes=files:write\n" in caplog.text


ODD = [
    "not JSON {",
    "[1, 2]",
    "null",
    {"type": "hello"},
    {"type": "slash_commands", "envelope_id": "e1"},
    {"type": "slash_commands", "envelope_id": "e2", "payload": []},
    {"type": "slash_commands", "envelope_id": "e3", "payload": None},
    {"type": "slash_commands", "envelope_id": "e4", "payload": {"command": None}},
    {"type": "slash_commands", "envelope_id": "e5", "payload": {"command": "/quote"}},
    {"type": "never_heard_of", "envelope_id": "e6", "payload": {"type": "never_heard_of"}},
    {"type": "events_api", "envelope_id": "e7", "payload": {"type": "event_callback", "event": None}},
    {"type": "events_api", "envelope_id": "e8", "payload": {"type": "event_callback", "event": {"type": 7}}},
    {"type": "events_api", "envelope_id": "e9", "payload": {"type": "event_callback", "event": {"type": "message"}}},
    {"type": "events_api", "envelope_id": "e10", "payload": mention("x") | {"team_id": 7, "event_id": 7, "team": 7}},
    {"type": "interactive", "envelope_id": "e11", "payload": {"type": "block_actions", "actions": []}},
    {"type": "interactive", "envelope_id": "e12", "payload": {"type": "block_actions", "actions": [{"action_id": 7}]}},
    {"type": "interactive", "envelope_id": "e13", "payload": {"type": "shortcut", "callback_id": "x"}},
    {"type": "interactive", "envelope_id": "e14", "payload": {"type": "message_action", "callback_id": "x"}},
    {"type": "interactive", "envelope_id": "e15", "payload": {"type": "view_submission", "view": {}}},
    {"type": "interactive", "envelope_id": "e16", "payload": {"type": "block_suggestion", "action_id": "x"}},
    {"type": "events_api", "envelope_id": "e17", "payload": {"type": "event_callback", "team_id": TEAM,
     "event": {"type": "reaction_added", "user": "U1", "item": None}}},
]  # fmt: skip


async def test_odd_frames_are_acknowledged_and_do_no_harm(slack: OnSlack) -> None:
    await slack.connect()
    for frame in ODD:
        await slack.server.send_frame(frame)

    assert await works(slack)
    assert {f"e{number}" for number in range(1, 18)} <= set(slack.server.acks)
    assert slack.server.connections == 1


async def test_when_it_stops_nothing_is_left_behind(slack: OnSlack, server: SlackServer) -> None:
    before = asyncio.all_tasks()
    await slack.connect()
    await works(slack)
    await slack.stop()
    await server.until(lambda: not server.sockets)

    left = {task for task in asyncio.all_tasks() - before if "RequestHandler" not in repr(task)}
    assert not left


async def test_a_command_is_acknowledged_before_it_is_read_into(
    slack: OnSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = asyncio.Event()

    async def later(*_: object) -> BoltResponse:
        await read.wait()
        return BoltResponse(status=200)

    monkeypatch.setattr(AsyncApp, "async_dispatch", later)
    await slack.connect()
    envelope = await slack.server.send("slash_commands", command("/quote", response_url=slack.server.response_url))
    await slack.server.acked(envelope)
    read.set()


async def test_an_answer_under_way_is_still_given_when_it_stops(slack: OnSlack) -> None:
    ready = asyncio.Event()

    async def slow(_: Request) -> Reply:
        await ready.wait()
        return Reply("Done", (Note(verbatim("At last.")),))

    add_command(slack.answering, "slow", slow)
    await slack.connect()
    envelope = await slack.server.send("slash_commands", command("/slow", response_url=slack.server.response_url))
    await slack.server.acked(envelope)
    stopping = asyncio.create_task(slack.stop())
    await slack.server.until(lambda: not slack.server.sockets)
    ready.set()
    await stopping

    assert [said["text"] for said in slack.server.said] == ["Done\nAt last."]


async def test_an_answer_that_takes_too_long_is_let_go_when_it_stops(
    slack: OnSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(_: Request) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(tasks, "SECONDS_TO_FINISH", 0)
    add_command(slack.answering, "endless", endless)
    await slack.connect()
    await slack.server.acked(await slack.server.send("slash_commands", command("/endless")))
    await slack.posted("users.info")
    await slack.stop()

    assert all("_work" not in repr(task) for task in asyncio.all_tasks())
