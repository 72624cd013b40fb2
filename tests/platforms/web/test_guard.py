"""Who may reach the local page: its own browser alone."""

import asyncio
from dataclasses import replace

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from yarl import URL

from bot import app
from bot.answering import Answering
from bot.config import Config
from bot.platforms.health import Health
from bot.platforms.listener import listening
from bot.platforms.slack.http_mode import application as public
from bot.platforms.slack.tasks import Tasks
from bot.secret import SecretStr
from tests.platforms.web.conftest import Page

PATHS = ("/", "/page/main.js", "/pictures/japan-russia-2016/topics/kurils.png")


async def test_its_own_address_gets_the_page_its_files_and_its_pictures(page: Page) -> None:
    for path in PATHS:
        async with page.session.get(page.address + path) as response:
            assert response.status == 200
            policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8080"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost.evil.example:80"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
    ],
    ids=str,
)
async def test_from_elsewhere_the_page_and_its_socket_answer_nothing(page: Page, headers: dict[str, str]) -> None:
    for path in PATHS:
        async with page.session.get(page.address + path, headers=headers) as response:
            assert response.status in {400, 403}
            assert "html" not in await response.text()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await page.session.ws_connect(f"{page.address}/socket", headers={"Origin": page.address, **headers})
    assert refused.value.status in {400, 403}


async def test_a_link_elsewhere_may_be_followed_to_it(page: Page) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    async with page.session.get(page.address, headers=headers) as response:
        assert response.status == 200
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


async def test_a_socket_needs_an_origin(page: Page) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await page.session.ws_connect(f"{page.address}/socket")

    assert refused.value.status == 403


async def test_another_name_of_this_machine_is_its_own_origin(page: Page) -> None:
    port = page.address.rpartition(":")[2]
    for host in (f"localhost:{port}", f"[::1]:{port}", "localhost"):
        headers = {"Host": host, "Origin": f"http://{host}"}
        async with page.session.ws_connect(f"{page.address}/socket", headers=headers) as socket:
            await socket.send_json({"n": 1, "do": "play", "person": "jun"})
            assert (await socket.receive_json(timeout=10))["person"] == "jun"


@pytest.mark.parametrize(
    "path",
    ["/page/nothing.js", "/page/../local_page.py", "/page/%2e%2e/local_page.py", "/pictures/../config.toml",
     "/pictures/%2e%2e/config.toml", "/pictures/japan-russia-2016/reading.toml", "/pictures//etc/passwd"],
)  # fmt: skip
async def test_nothing_else_is_served(page: Page, path: str) -> None:
    port = int(page.address.rpartition(":")[2])
    async with page.session.get(
        URL.build(scheme="http", host="127.0.0.1", port=port, path=path, encoded=True)
    ) as response:
        assert response.status == 404


async def test_the_public_listener_has_neither_the_page_nor_its_socket() -> None:
    site = public(AsyncApp(signing_secret="made-up", token="xoxb-made-up"), "made-up", asyncio.Event(), Tasks())
    async with listening(site, "127.0.0.1", 0, key="[web] public_port") as port, aiohttp.ClientSession() as session:
        for path in (*PATHS, "/socket", "/healthz", "/metrics"):
            async with session.get(f"http://127.0.0.1:{port}{path}") as response:
                assert response.status == 404


async def test_with_a_token_the_page_is_off_unless_it_is_switched_on(config: Config, answering: Answering) -> None:
    with_token = replace(config, discord=replace(config.discord, token=SecretStr("made.up")))
    web = replace(config.web, local_page=True)
    found = []
    for one in (with_token, replace(with_token, web=web)):
        site = app.served_here(one, answering, Health())
        async with (
            listening(site, "127.0.0.1", 0, key="[web] port") as port,
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/") as response,
        ):
            found.append(response.status)

    assert found == [404, 200]
