"""HTTP mode: the one path that Slack may reach, `POST /slack/events`, for events, commands and buttons alike.

Who knocks is checked before anything is read into: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.config import Web
from bot.logs import event, fault
from bot.platforms.health import Health, State
from bot.platforms.listener import listening
from bot.platforms.slack.incoming import PLATFORM

PATH = "/slack/events"
LARGEST_BODY = 1_000_000

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


async def serve(
    app: AsyncApp, signing_secret: str, where: Web, health: Health, connected: Callable[[], Awaitable[None]]
) -> None:
    """Serve for ever; `connected` is called once that begins. Raises BotError when the address can't be had."""
    site = application(app, signing_secret)
    async with listening(site, where.host, where.public_port, key="[web] public_port") as port:
        await connected()
        event("slack.listening", host=where.host, port=port, path=PATH)
        health.set(PLATFORM, State.CONNECTED)
        await asyncio.Event().wait()


def application(app: AsyncApp, signing_secret: str) -> web.Application:
    """The web application around a Bolt app: bodies up to 1 MB, signed by Slack within the last five minutes."""
    verifier = SignatureVerifier(signing_secret)

    async def take(request: web.Request) -> web.Response:
        if not _signed(verifier, request, await request.read()):
            return web.Response(status=401)
        try:
            return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))
        except Exception as error:  # noqa: BLE001 - signed, but nothing that Bolt can read
            fault("slack.odd_payload", error)
            return web.Response(status=400)

    site = web.Application(client_max_size=LARGEST_BODY)
    site.router.add_post(PATH, take)
    return site


def _signed(verifier: SignatureVerifier, request: web.Request, body: bytes) -> bool:
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
        return False
    try:
        return verifier.is_valid(body, timestamp, signature)
    except UnicodeDecodeError:
        return False
