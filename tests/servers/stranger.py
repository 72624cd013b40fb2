"""A server that is neither Discord nor Slack, such as a hotel's network puts in their place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.platforms.listener import listening


@asynccontextmanager
async def not_the_platform(kind: str) -> AsyncIterator[str]:
    """Its address; it answers everything with 200 and words of that content type."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=b"Welcome", headers={"Content-Type": kind})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with listening(app, "127.0.0.1", 0, key="") as port:
        yield f"http://127.0.0.1:{port}"
