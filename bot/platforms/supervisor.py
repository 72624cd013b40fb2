"""Keeps a platform connected: whatever ends its connection is logged, and it is tried again, more and more slowly."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from aiohttp import ClientError

from bot.errors import BotError
from bot.logs import fault
from bot.platforms.health import Health, State
from bot.values import value


@value
class Pauses:
    """Seconds between tries: the first, the longest; a connection that held `steady` seconds starts afresh."""

    first: float = 1.0
    longest: float = 60.0
    steady: float = 60.0


async def supervise(
    platform: str,
    connect: Callable[[], Awaitable[None]],
    health: Health,
    pauses: Pauses = Pauses(),  # noqa: B008 - a value never changes
) -> None:
    """Run `connect` again and again; returns only when it raises BotError, which somebody must see to."""
    pause = pauses.first
    health.set(platform, State.CONNECTING)
    while True:
        began = time.monotonic()
        try:
            await connect()
            reason = "the connection was closed"
        except BotError as error:
            health.set(platform, State.REFUSED, error.words)
            return
        except (OSError, TimeoutError, ClientError) as error:
            reason = f"it can't be reached ({type(error).__name__}); trying again"
        except Exception as error:  # noqa: BLE001 - a platform's failure is no reason to stop the bot
            fault("platform.failed", error, name=platform)
            reason = f"{type(error).__name__}; trying again"
        health.set(platform, State.AWAY, reason)
        if time.monotonic() - began >= pauses.steady:
            pause = pauses.first
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - only to spread the tries
        pause = min(pause * 2, pauses.longest)
