import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.answering import Answering
from bot.backfill import Progress
from bot.errors import BotError
from bot.platforms.health import Health, State
from bot.platforms.listener import listening, serving_when_asked
from bot.platforms.web.operator import application


async def test_the_operator_reads_health_and_metrics(answering: Answering) -> None:
    health = Health()
    health.set("discord", State.CONNECTED)
    health.set_backfill("discord", Progress(places=3, done=2, failed=1, messages=40))
    app = application(health, answering.metrics, answering.library)
    async with listening(app, "127.0.0.1", 0, key="[web] port") as port, aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
            well = response.status, await response.json()
        health.set("discord", State.AWAY, "ConnectionError; trying again")
        async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
            away = response.status, await response.json()
        async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
            metrics = await response.text()
        async with session.get(f"http://127.0.0.1:{port}/slack/events") as response:
            other = response.status

    assert well[0] == 200
    assert well[1]["platforms"]["discord"]["state"] == "connected"
    assert well[1]["readings"] == {"held": ["japan-russia-2016", "kuril-question"], "left_out": []}
    assert away[0] == 503
    assert away[1]["platforms"]["discord"]["reason"] == "ConnectionError; trying again"
    assert well[1]["backfill"] == {"discord": {"places": 3, "done": 2, "failed": 1, "messages": 40}}
    assert "readalong_commands_total" in metrics
    assert 'readalong_backfill{platform="discord",what="failed"} 1.0' in metrics
    assert other == 404


async def test_what_is_served_is_made_when_somebody_first_asks(answering: Answering) -> None:
    made = []

    def make() -> web.Application:
        made.append(application(Health(), answering.metrics, answering.library))
        return made[-1]

    async with serving_when_asked(make, "127.0.0.1", 0, key="") as port, aiohttp.ClientSession() as session:
        before = len(made)
        address = f"http://127.0.0.1:{port}/healthz"
        answers = await asyncio.gather(*(session.get(address) for _ in range(20)))
        statuses = {response.status for response in answers}
        for response in answers:
            response.close()

    assert (before, len(made), statuses) == (0, 1, {200})
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", port)


async def test_a_port_that_nobody_asks_is_free_again_afterwards() -> None:
    async with serving_when_asked(web.Application, "127.0.0.1", 0, key="") as port:
        pass
    async with serving_when_asked(web.Application, "127.0.0.1", port, key="") as again:
        assert again == port


@pytest.mark.parametrize(
    "serve", [listening, lambda app, *where, key: serving_when_asked(lambda: app, *where, key=key)]
)
async def test_a_port_in_use_is_one_sentence_that_names_the_setting(answering: Answering, serve: Any) -> None:
    app = application(Health(), answering.metrics, answering.library)
    again = application(Health(), answering.metrics, answering.library)
    async with listening(app, "127.0.0.1", 0, key="[web] port") as port:
        with pytest.raises(BotError, match=rf"127\.0\.0\.1:{port}: it is in use\. Set \[web\] port"):
            async with serve(again, "127.0.0.1", port, key="[web] port"):
                pass
