"""A web server on one address, for as long as a block runs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from socket import socket
from typing import TYPE_CHECKING

from bot.errors import BotError

if TYPE_CHECKING:
    from aiohttp import web

SECONDS_TO_FINISH = 2.0
WAITING = 128  # connections that the system holds until they are taken


@asynccontextmanager
async def listening(app: "web.Application", host: str, port: int, *, key: str) -> AsyncIterator[int]:
    """Serve the application on host and port (0 for any free one), and give the port.

    Raises BotError naming `key`, the setting to change, when the address can't be had.
    """
    async with _sockets(host, port, key) as sockets, _served(app, sockets):
        yield _port(sockets)


@asynccontextmanager
async def serving_when_asked(
    make: "Callable[[], web.Application]", host: str, port: int, *, key: str
) -> AsyncIterator[int]:
    """As `listening`, with an application that is made when somebody first connects.

    aiohttp's server takes 13 ms to import and 3 MB, which a bot whose port nobody asks need not spend.
    """
    async with _sockets(host, port, key) as sockets:
        serving = asyncio.create_task(_serve_when_asked(make, sockets))
        try:
            yield _port(sockets)
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


async def _serve_when_asked(make: "Callable[[], web.Application]", sockets: Sequence[socket]) -> None:
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for one in sockets:
        loop.add_reader(one, asked.set)
    try:
        await asked.wait()
    finally:
        for one in sockets:
            loop.remove_reader(one)
    async with _served(make(), sockets):
        await asyncio.Event().wait()  # until it is cancelled


@asynccontextmanager
async def _served(app: "web.Application", sockets: Sequence[socket]) -> AsyncIterator[None]:
    from aiohttp import web  # noqa: PLC0415 - only where somebody is served

    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SECONDS_TO_FINISH)
    await runner.setup()
    try:
        for one in sockets:
            await web.SockSite(runner, one, backlog=WAITING).start()
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _sockets(host: str, port: int, key: str) -> AsyncIterator[list[socket]]:
    """Sockets that listen on the address, one for each family that it has. Raises BotError."""
    with ExitStack() as stack:
        try:
            server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port, start_serving=False)
            sockets = [stack.enter_context(one.dup()) for one in server.sockets]
            server.close()
            for one in sockets:
                one.listen(WAITING)
        except OSError as error:
            reason = "it is in use" if error.errno == 98 else error.strerror or "the system refuses it"
            raise BotError(f"Can't listen on {host}:{port}: {reason}. Set {key} to another one.") from error
        yield sockets


def _port(sockets: Sequence[socket]) -> int:
    return int(sockets[0].getsockname()[1])
