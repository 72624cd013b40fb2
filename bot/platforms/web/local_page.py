"""The local page: a small chat on this machine where a newcomer plays a member and a moderator.

It is a real platform, on the workspace `local`: the same commands, the same database. It stands on the operator's port
and answers only this machine's own browser.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

from aiohttp import web

from bot.answering import Answering
from bot.archive.local import LocalMessages
from bot.backfill import Backfill
from bot.config import Config
from bot.platforms.web.conversation import Conversation, Preview
from bot.platforms.web.guard import HEADERS, is_ours
from bot.platforms.web.people import PLATFORM
from bot.platforms.web.socket import serve
from bot.platforms.web.visitors import Visitors

PAGE = Path(__file__).parent / "page"
START = "index.html"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_to(app: web.Application, config: Config, answering: Answering, previews: Mapping[str, Preview]) -> None:
    """Serve the page from this application, beside what it has. `previews` render a reply as other platforms would."""
    folder = config.readings.path
    visitors = Visitors()
    messages = LocalMessages(answering.archive.database)
    conversation = Conversation(answering, messages, folder, previews, visitors.tell)

    async def file(request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("name", START)
        if name not in {one.name for one in PAGE.iterdir()}:
            raise web.HTTPNotFound
        return web.FileResponse(PAGE / name, headers=HEADERS)

    async def picture(request: web.Request) -> web.StreamResponse:
        wanted = folder / request.match_info["path"]
        readings = answering.library.readings.values()
        shown = (topic.picture.file for reading in readings for topic in reading.topics.values() if topic.picture)
        if wanted not in shown or not wanted.exists():
            raise web.HTTPNotFound
        return web.FileResponse(wanted, headers=HEADERS)

    async def socket(request: web.Request) -> web.StreamResponse:
        return await serve(request, visitors, conversation)

    async def close(_: web.Application) -> None:
        await visitors.close()

    async def listen(_: web.Application) -> AsyncIterator[None]:
        backfill = Backfill(answering.archive, conversation.venue, PLATFORM, lambda _: None)
        answering.venues.join(PLATFORM, conversation.venue, backfill)
        await backfill.connected()
        yield
        answering.venues.leave(PLATFORM)
        await backfill.close()

    app.cleanup_ctx.append(listen)
    app.router.add_get("/", _guarded(file))
    app.router.add_get("/page/{name}", _guarded(file))
    app.router.add_get("/pictures/{path:.+}", _guarded(picture))
    app.router.add_get("/socket", _guarded(socket, socket=True))
    app.on_shutdown.append(close)


def _guarded(handler: Handler, *, socket: bool = False) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        if not is_ours(request, socket=socket):
            raise web.HTTPForbidden(text="This page answers only a browser on its own machine, at its own address.\n")
        return await handler(request)

    return guarded
