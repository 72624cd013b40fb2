"""HTTP mode: the one path that Slack may reach, `POST /slack/events`, for events, commands and buttons alike.

Commands and buttons come as a form. Those are acknowledged whatever comes of them, so before all else.
Who knocks is checked before anything is read into: https://docs.slack.dev/authentication/verifying-requests-from-slack

Nothing here tells of a connection that was lost. But Slack says when it knocked in vain, or kept events back for being
too many; then more may have been given up, and everything is read back: https://docs.slack.dev/apis/events-api
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.config import Web
from bot.logs import event, fault
from bot.platforms.health import Health, State
from bot.platforms.listener import listening
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.tasks import Tasks

PATH = "/slack/events"
LARGEST_BODY = 1_000_000
FORM = "application/x-www-form-urlencoded"
LOWEST_FAILURE = 500
MOST_REFUSED = 1000  # events that were refused here, and so come again
SECONDS_BETWEEN = 600.0  # reading back; what was not acknowledged comes again for six minutes
RETRY = "X-Slack-Retry-Num"
KEPT_BACK = "app_rate_limited"

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


async def serve(
    app: AsyncApp,
    signing_secret: str,
    where: Web,
    health: Health,
    connected: Callable[[], Awaitable[None]],
    tasks: Tasks,
) -> None:
    """Serve for ever; `connected` is called once that begins, and when Slack did not reach us for a while.

    What goes on once it is acknowledged is among the tasks. Raises BotError when the address can't be had.
    """
    missed = asyncio.Event()
    site = application(app, signing_secret, missed, tasks)
    async with listening(site, where.host, where.public_port, key="[web] public_port") as port:
        await connected()
        async with _reading_back(missed, connected):
            event("slack.listening", host=where.host, port=port, path=PATH)
            health.set(PLATFORM, State.CONNECTED)
            await asyncio.Event().wait()


def application(app: AsyncApp, signing_secret: str, missed: asyncio.Event, tasks: Tasks) -> web.Application:
    """The web application around a Bolt app: bodies up to 1 MB, signed by Slack within the last five minutes.

    `missed` is set when Slack says that it could not tell something, but for what was refused here.
    """
    verifier, refused = SignatureVerifier(signing_secret), dict[bytes, None]()

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        if not _signed(verifier, request, body):
            return web.Response(status=401)
        if request.content_type == FORM:
            tasks.start(_answer(app, request))
            return web.Response()
        try:
            asked = await to_bolt_request(request)
            if (RETRY in request.headers and body not in refused) or asked.body.get("type") == KEPT_BACK:
                missed.set()
            answer = await app.async_dispatch(asked)
            if answer.status >= LOWEST_FAILURE:
                _remember(refused, body)
            return await to_aiohttp_response(answer)
        except Exception as error:  # noqa: BLE001 - signed, but nothing that Bolt can read
            fault("slack.odd_payload", error)
            return web.Response(status=400)

    site = web.Application(client_max_size=LARGEST_BODY)
    site.router.add_post(PATH, take)
    return site


@asynccontextmanager
async def _reading_back(missed: asyncio.Event, connected: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Have everything read back whenever something was missed, but not again and again."""

    async def read_back() -> None:
        while True:
            await missed.wait()
            missed.clear()
            event("slack.missed")
            try:
                await connected()
            except sqlite3.Error as error:
                fault("slack.not_saved", error)
                missed.set()
            await asyncio.sleep(SECONDS_BETWEEN)

    reading = asyncio.create_task(read_back())
    try:
        yield
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


def _remember(refused: dict[bytes, None], body: bytes) -> None:
    if len(refused) >= MOST_REFUSED:
        del refused[next(iter(refused))]
    refused[body] = None


async def _answer(app: AsyncApp, request: web.Request) -> None:
    try:
        await app.async_dispatch(await to_bolt_request(request))
    except Exception as error:  # noqa: BLE001 - it is acknowledged already
        fault("slack.odd_payload", error)


def _signed(verifier: SignatureVerifier, request: web.Request, body: bytes) -> bool:
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
        return False
    try:
        return verifier.is_valid(body, timestamp, signature)
    except UnicodeDecodeError:
        return False
