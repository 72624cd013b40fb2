"""What the doctor says of the ports and of the local page."""

import asyncio
import socket
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.config import Config, Slack, Web
from bot.doctor.finding import Finding, State
from bot.metrics import Metrics
from bot.platforms.health import Health
from bot.platforms.health import State as Standing
from bot.platforms.listener import listening
from bot.platforms.slack.http_mode import application
from bot.platforms.slack.tasks import Tasks
from bot.platforms.web import doctor, operator
from bot.platforms.web.doctor import examine
from bot.readings.library import Library
from bot.secret import SecretStr

OVER_HTTP = Slack(bot_token=SecretStr("xoxb-1"), signing_secret=SecretStr("0123456789abcdef" * 2))


async def found(key: str = "port", port: int = 0, *, running: bool = False, host: str = "127.0.0.1") -> Finding:
    changed: Any = {key: port}
    web_config = replace(Web(host=host, port=0, public_port=0), **changed)
    told = await examine(Config(web=web_config, slack=OVER_HTTP), running=running)
    return next(one for one in told if one.subject == key)


async def test_a_free_port_is_free_and_stays_so(unused_tcp_port: int) -> None:
    for _ in range(2):
        assert (await found(port=unused_tcp_port)).words == f"127.0.0.1:{unused_tcp_port} is free"


@pytest.mark.parametrize("key", ["port", "public_port"])
async def test_a_port_that_another_program_has_is_told(key: str) -> None:
    async with listening(web.Application(), "127.0.0.1", 0, key="") as port:
        told = await found(key, port)

    assert told.state is State.TO_DO
    assert f"another program has 127.0.0.1:{port}. Set [web] {key}" in told.words


async def test_a_program_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        told = await found(port=silent.getsockname()[1])

    assert "another program has" in told.words


async def test_the_running_readalongs_public_port_is_fine() -> None:
    secret = OVER_HTTP.signing_secret.get_secret_value()
    slack = application(AsyncApp(token="xoxb-1", signing_secret=secret), secret, asyncio.Event(), Tasks())
    async with listening(slack, "127.0.0.1", 0, key="") as port:
        told = await found("public_port", port, running=True)

    assert told.words == f"127.0.0.1:{port} is the running Readalong's"


@pytest.mark.parametrize("host", ["0.0.0.0", "localhost"])  # noqa: S104 - asked about, not listened on
async def test_the_running_readalong_is_known_where_the_host_is_a_name_or_stands_for_all(host: str) -> None:
    async with listening(operator.application(Health(), Metrics(), Library({}, {})), "127.0.0.1", 0, key="") as port:
        told = await found(port=port, host=host, running=True)

    assert told.words == f"{host}:{port} is the running Readalong's"


async def test_the_running_readalongs_port_is_fine_and_what_ails_it_is_told() -> None:
    health = Health()
    health.set("discord", Standing.CONNECTED)
    async with listening(operator.application(health, Metrics(), Library({}, {})), "127.0.0.1", 0, key="") as port:
        well = await found(port=port, running=True)
        strange = await found(port=port)
        health.set("discord", Standing.REFUSED, "a wrong token")
        unwell = await found(port=port, running=True)

    assert (well.state, strange.state, unwell.state) == (State.OK, State.TO_DO, State.TO_DO)
    assert "another Readalong" in strange.words
    assert "discord is refused (a wrong token)" in unwell.words


async def test_an_address_that_is_not_this_machines_is_told(unused_tcp_port: int) -> None:
    told = await found(port=unused_tcp_port, host="192.0.2.1")

    assert told.state is State.TO_DO
    assert "Set [web] host or port" in told.words


async def test_without_http_mode_the_public_port_is_off() -> None:
    told = await examine(Config(web=Web(port=0)), running=False)

    assert told[1].state is State.OFF


@pytest.mark.parametrize(
    ("config", "state", "words"),
    [
        (Config(), State.OK, "on, at http://127.0.0.1:8080/"),
        (Config(slack=OVER_HTTP), State.OFF, "tokens are set"),
        (Config(slack=OVER_HTTP, web=Web(local_page=True, port=0)), State.OK, "on"),
        (Config(web=Web(host="192.0.2.1", port=0)), State.TO_DO, "Set [web] host to 127.0.0.1"),
    ],
)
async def test_the_local_page_is_on_off_or_out_of_reach(config: Config, state: State, words: str) -> None:
    told = (await examine(config, running=False))[-1]

    assert (told.subject, told.state) == ("local page", state)
    assert words in told.words
