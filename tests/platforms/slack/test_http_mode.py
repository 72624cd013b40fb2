"""HTTP mode, with the real bot behind its own server: what Slack signed is answered, everything else is refused."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse, ClientSession

from bot.config import Config
from bot.platforms.health import State
from bot.platforms.slack import http_mode
from bot.reply import Note, Reply
from bot.request import Request
from bot.words import verbatim
from tests.platforms.slack.conftest import OnSlack, add_command
from tests.servers.slack import SECRET, signed
from tests.servers.slack_payloads import command, direct, home_opened, mention, press, press_on_home

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


class Knocking:
    """Posts to the bot's public port as Slack would, or as somebody else."""

    def __init__(self, session: ClientSession, port: int) -> None:
        self.session = session
        self.url = f"http://127.0.0.1:{port}"

    async def post(self, body: str, headers: dict[str, str], path: str = "/slack/events") -> tuple[int, str]:
        async with self.session.post(self.url + path, data=body.encode(), headers=headers) as answer:
            return await _seen(answer)

    async def form(self, fields: dict[str, object]) -> tuple[int, str]:
        body = urlencode(fields)
        return await self.post(body, {**FORM, **signed(body)})

    async def json(self, payload: object) -> tuple[int, str]:
        body = json.dumps(payload)
        return await self.post(body, {**JSON, **signed(body)})


async def _seen(answer: ClientResponse) -> tuple[int, str]:
    text = await answer.text()
    assert "Traceback" not in text
    return answer.status, text


@pytest.fixture
async def public(slack: OnSlack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Knocking]:
    found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def note(name: str, **facts: int) -> None:
        if name == "slack.listening":
            found.set_result(facts["port"])

    monkeypatch.setattr(http_mode, "event", note)
    await slack.start(http=True)
    async with asyncio.timeout(5), ClientSession() as session:
        yield Knocking(session, await found)


async def test_a_signed_command_is_acknowledged_empty_and_answered(slack: OnSlack, public: Knocking) -> None:
    assert await public.form(command("/kurils", response_url=slack.server.response_url)) == (200, "")
    await slack.server.until(lambda: slack.server.said)

    assert "The Kuril Islands" in slack.server.said[0]["text"]
    standing = slack.health.of("slack")
    assert standing
    assert standing.state is State.CONNECTED


async def test_a_signed_press_is_answered(slack: OnSlack, public: Knocking) -> None:
    payload = press("show:/kurils", response_url=slack.server.response_url)
    assert await public.form({"payload": json.dumps(payload)}) == (200, "")
    await slack.server.until(lambda: slack.server.said)

    assert slack.server.said[0]["response_type"] == "ephemeral"


async def test_events_are_answered_once_however_often_they_come(slack: OnSlack, public: Knocking) -> None:
    asked = mention("@ quote 1", thread="1699.000001")
    for _ in range(5):
        assert await public.json(asked) == (200, "")
    assert await public.json(direct("quote 2")) == (200, "")
    posted = await slack.posted(count=2)

    assert sorted(one["text"][:11] for one in posted) == ["Quotation 1", "Quotation 2"]


async def test_the_home_tab_is_published_and_changed_there(slack: OnSlack, public: Knocking) -> None:
    assert await public.json(home_opened()) == (200, "")
    [first] = await slack.posted("views.publish")
    change = press_on_home("show:/settings answers:me", first["view"])
    assert await public.form({"payload": json.dumps(change)}) == (200, "")
    second = (await slack.posted("views.publish", 2))[1]

    assert "Show them to me alone" in json.dumps(first["view"])
    assert "Show them to everybody" in json.dumps(second["view"])


async def test_it_is_acknowledged_before_the_answer_is_known(slack: OnSlack, public: Knocking) -> None:
    ready = asyncio.Event()

    async def slow(_: Request) -> Reply:
        await ready.wait()
        return Reply("Done", (Note(verbatim("At last.")),))

    add_command(slack.answering, "slow", slow)
    assert await public.form(command("/slow", response_url=slack.server.response_url)) == (200, "")
    assert not slack.server.said
    ready.set()
    await slack.server.until(lambda: slack.server.said)


async def test_slack_may_verify_the_address(public: Knocking) -> None:
    status, text = await public.json({"type": "url_verification", "challenge": "c1", "token": "t"})

    assert (status, json.loads(text)) == (200, {"challenge": "c1"})


BODY = urlencode(command("/kurils"))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(BODY, secret="another"),
        signed(BODY + "x"),
        signed(BODY, at=time.time() - 600),
        signed(BODY, at=time.time() + 86_400),
        signed(BODY) | {"X-Slack-Request-Timestamp": "yesterday"},
        signed(BODY) | {"X-Slack-Request-Timestamp": "١٢٣"},
        signed(BODY) | {"X-Slack-Request-Timestamp": "1e9"},
        signed(BODY) | {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Signature": signed(BODY)["X-Slack-Signature"]},
        {"X-Slack-Request-Timestamp": signed(BODY)["X-Slack-Request-Timestamp"]},
        signed(BODY) | {"X-Slack-Signature": "v0=é"},
    ],
    ids=["unsigned", "other secret", "other body", "stale", "early", "words", "digits", "float", "huge", "no time",
         "no signature", "accent"],
)  # fmt: skip
async def test_what_slack_did_not_sign_just_now_is_refused(public: Knocking, headers: dict[str, str]) -> None:
    assert await public.post(BODY, {**FORM, **headers}) == (401, "")


async def test_a_body_over_one_megabyte_is_refused(public: Knocking) -> None:
    body = "text=" + "x" * 1_000_001
    status, _ = await public.post(body, {**FORM, **signed(body)})

    assert status == 413


@pytest.mark.parametrize("path", ["/", "/slack", "/slack/events/", "/healthz", "/metrics", "/slack/install"])
async def test_every_other_path_is_not_there(public: Knocking, path: str) -> None:
    status, _ = await public.post(BODY, {**FORM, **signed(BODY)}, path)

    assert status == 404


@pytest.mark.parametrize("body", ["", "{", "[1]", "null", "7", "payload=", "payload=[]", "payload=%7B", "command=/x"])
@pytest.mark.parametrize("kind", [FORM, JSON, {"Content-Type": "text/plain; charset=nonsense"}])
async def test_odd_bodies_do_no_harm(slack: OnSlack, public: Knocking, body: str, kind: dict[str, str]) -> None:
    status, _ = await public.post(body, {**kind, **signed(body)})
    assert status in {200, 400}

    assert await public.form(command("/kurils", response_url=slack.server.response_url)) == (200, "")
    await slack.server.until(lambda: slack.server.said)


async def test_bytes_that_are_no_text_are_refused(public: Knocking) -> None:
    headers = {**FORM, **signed("x")}
    async with public.session.post(f"{public.url}/slack/events", data=b"\xff\xfe", headers=headers) as answer:
        assert (await _seen(answer))[0] == 401


async def test_a_port_in_use_is_named_with_its_setting(slack: OnSlack, config: Config, public: Knocking) -> None:
    taken = int(public.url.rsplit(":", 1)[1])
    other = OnSlack(slack.server, config, slack.answering)
    other.config = replace(config, web=replace(config.web, public_port=taken))
    await other.start(http=True)
    async with asyncio.timeout(5):
        await asyncio.gather(*other.supervised)

    standing = other.health.of("slack")
    assert standing
    assert standing.state is State.REFUSED
    assert "[web] public_port" in standing.reason
    assert SECRET not in standing.reason
