"""A web server on one address, for as long as a block runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import BotError

SECONDS_TO_FINISH = 2.0


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int, *, key: str) -> AsyncIterator[int]:
    """Serve the application on host and port (0 for any free one), and give the port.

    Raises BotError naming `key`, the setting to change, when the address can't be had.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SECONDS_TO_FINISH)
    await runner.setup()
    try:
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
        except OSError as error:
            reason = "it is in use" if error.errno == 98 else error.strerror or "the system refuses it"
            raise BotError(f"Can't listen on {host}:{port}: {reason}. Set {key} to another one.") from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
