"""The ports of `[web]`: free, held by a running Readalong, or by another program; and the local page."""

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from bot.config import Config, Web
from bot.doctor.finding import Finding, Part

PART = Part("web")
SECONDS = 3.0

HELD = "{where} is the running Readalong's"
EVERY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not listened on
HERE = {"127.0.0.1", "localhost", "0.0.0.0", "::1", "::"}  # noqa: S104 - compared with, not listened on

Known = Callable[[ClientSession, str], Awaitable[str | None]]


async def examine(config: Config, *, running: bool) -> list[Finding]:
    """Both ports, and the local page. `running` says whether a `readalong run` uses this configuration's database."""
    return [*[found async for found in _ports(config, running=running)], _local_page(config)]


def _local_page(config: Config) -> Finding:
    if not config.local_page:
        return PART.off("local page", "tokens are set, and [web] local_page is not")
    if config.web.host not in HERE:
        return PART.to_do("local page", "it answers only this machine's browser. Set [web] host to 127.0.0.1 for it.")
    return PART.ok("local page", f"on, at http://127.0.0.1:{config.web.port}/" if config.web.port else "on")


async def _ports(config: Config, *, running: bool) -> AsyncIterator[Finding]:
    async with ClientSession(timeout=ClientTimeout(total=SECONDS)) as session:
        yield await _port(session, config.web, config.web.port, "port", _operator, running=running)
        if _over_http(config):
            yield await _port(session, config.web, config.web.public_port, "public_port", _public, running=running)
        else:
            yield PART.off("public_port", "only Slack's HTTP mode uses it")


def _over_http(config: Config) -> bool:
    slack = config.slack
    return bool(slack.bot_token.get_secret_value()) and not slack.app_token.get_secret_value()


async def _port(session: ClientSession, web: Web, port: int, key: str, known: Known, *, running: bool) -> Finding:
    """`known` says how a Readalong at an address is doing (empty for well), or None where it is none."""
    where = f"{web.host}:{port}"
    if port == 0:
        return PART.ok(key, "any free one is taken")
    refused = await _refused(web.host, port)
    if refused is None:
        return PART.ok(key, f"{where} is free")
    if refused.errno != errno.EADDRINUSE:
        return PART.to_do(key, f"{where} can't be had: {refused.strerror}. Set [web] host or {key} to another one.")
    unwell = await known(session, _reached(web.host, port))
    if unwell is None:
        return PART.to_do(key, f"another program has {where}. Set [web] {key} to another port.")
    if not running:
        return PART.to_do(key, f"another Readalong, with another database, has {where}. Stop it, or set [web] {key}.")
    return (
        PART.to_do(key, f"the running Readalong says: {unwell}") if unwell else PART.ok(key, HELD.format(where=where))
    )


async def _refused(host: str, port: int) -> OSError | None:
    """Why the address can't be had, or None where it can. It is bound for a moment, and nothing listens there."""
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port, start_serving=False)
    except OSError as error:
        return error
    server.close()
    await server.wait_closed()
    return None


def _reached(host: str, port: int) -> str:
    """How this machine itself reaches the address."""
    return str(URL.build(scheme="http", host=EVERY.get(host, host), port=port))


async def _operator(session: ClientSession, address: str) -> str | None:
    try:
        async with session.get(f"{address}/healthz") as response:
            said: Any = await response.json()
            unwell = [
                f"{name} is {one['state']} ({one['reason']})"
                for name, one in said["platforms"].items()
                if one["state"] != "connected"
            ]
    except (ClientError, OSError, TimeoutError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return "; ".join(unwell)


async def _public(session: ClientSession, address: str) -> str | None:
    """A Readalong answers 401 to what Slack did not sign, on the one path that it has, and 404 elsewhere."""
    try:
        async with session.post(f"{address}/slack/events") as taken, session.get(address) as other:
            return "" if (taken.status, other.status) == (401, 404) else None
    except (ClientError, OSError, TimeoutError):
        return None
