import asyncio
import logging

import pytest

from bot.errors import BotError
from bot.platforms.health import Health, State
from bot.platforms.supervisor import Pauses, supervise

QUICK = Pauses(first=0.001, longest=0.002)


async def test_a_platform_that_fails_is_tried_again_and_its_failure_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    tries = 0
    connected = asyncio.Event()

    async def connect() -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise RuntimeError("members' words")
        connected.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(supervise("discord", connect, Health(), QUICK))
    await asyncio.wait_for(connected.wait(), 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert tries == 3
    assert caplog.text.count("error=RuntimeError") == 2
    assert "members' words" not in caplog.text


async def test_what_only_the_operator_can_mend_is_said_and_not_tried_again() -> None:
    health = Health()

    async def connect() -> None:
        raise BotError("The token is wrong.")

    await asyncio.wait_for(supervise("slack", connect, health, QUICK), 5)
    standing = health.of("slack")

    assert standing
    assert (standing.state, standing.reason) == (State.REFUSED, "The token is wrong.")
    assert health.as_json()["status"] == "degraded"


async def test_a_connection_that_is_closed_is_opened_again() -> None:
    tries = 0
    health = Health()

    async def connect() -> None:
        nonlocal tries
        tries += 1
        if tries == 3:
            raise BotError("enough")

    await asyncio.wait_for(supervise("slack", connect, health, QUICK), 5)

    assert tries == 3


async def test_a_platform_that_is_out_of_reach_is_one_line_however_often_it_is_tried(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    tries = 0

    async def connect() -> None:
        nonlocal tries
        tries += 1
        if tries == 5:
            raise BotError("enough")
        raise ConnectionRefusedError

    await asyncio.wait_for(supervise("discord", connect, Health(), QUICK), 5)

    assert caplog.text.count("it can't be reached (ConnectionRefusedError); trying again") == 1
    assert "fault" not in caplog.text
    assert "error=" not in caplog.text
