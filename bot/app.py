"""Puts everything together, and runs every platform that has its tokens until it is told to stop."""

import asyncio
import contextlib
import gc
import logging
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import commands
from bot.answering import Answering
from bot.archive.archive import Archive
from bot.archive.buttons import Buttons
from bot.archive.database import Database, only_one
from bot.archive.link_rows import quoting
from bot.archive.scrubbing import EVERY
from bot.archive.settings import Settings
from bot.config import Config
from bot.digest.configured import schedules_of
from bot.digest.digests import Digests
from bot.digest.posting import Posting
from bot.errors import BotError
from bot.logs import event, fault
from bot.metrics import Metrics
from bot.platforms.health import Health, State
from bot.platforms.listener import listening, serving_when_asked
from bot.platforms.supervisor import supervise
from bot.readings.library import Library
from bot.readings.prepare import prepare
from bot.registry import Registry
from bot.reply import Reply
from bot.venues import Venues

if TYPE_CHECKING:
    from aiohttp import web

SECONDS_TO_STOP = 4.0
SECONDS_PER_DAY = 86_400.0
SECONDS_BEFORE_SCRUBBING = 60.0

Run = Callable[[Config, Answering, Health], Awaitable[None]]


@contextlib.asynccontextmanager
async def assembled(config: Config) -> AsyncIterator[Answering]:
    """What answers, on an open database with the readings loaded. Raises BotError when the database can't be opened."""
    library = Library.load(config.readings.path)
    for slug, mistakes in library.mistakes.items():
        what = "reading.incomplete" if slug in library.readings else "reading.left_out"
        event(what, level=logging.WARNING, slug=slug, mistakes=len(mistakes), first=mistakes[0])
    _check_default(config, library)
    database = Database.open(config.archive.path)
    try:
        buttons = Buttons(database)
        await buttons.forget_old()
        archive = Archive.of(database, quoting(library))
        await archive.workspaces.forget_left()
        settings, venues, default = Settings(database), Venues(), config.readings.default
        digests = Digests(archive, library, settings, default, config.zone)
        yield Answering(
            library,
            Registry.of(commands, library),
            settings,
            buttons,
            Metrics(),
            default,
            archive,
            venues,
            Posting(digests, venues, buttons),
            config.moderators,
            config.replies.cooldown,
        )
    finally:
        database.close()


def _check_default(config: Config, library: Library) -> None:
    default = config.readings.default
    chosen = "default" in config.readings.given
    if chosen and default not in library.readings and default not in library.mistakes:
        there = ", ".join(sorted(library.readings)) or "none"
        raise BotError(f"[readings] default names “{default}”, which is no reading here. There are: {there}.")


def platforms(config: Config) -> dict[str, Run]:
    """The platforms that have their tokens. Each is imported only when it is used."""
    found: dict[str, Run] = {}
    if config.discord.token.get_secret_value():
        from bot.platforms.discord.client import run as run_discord  # noqa: PLC0415 - a platform that is off costs nothing

        found["discord"] = run_discord
    if config.slack.bot_token.get_secret_value():
        from bot.platforms.slack.client import run as run_slack  # noqa: PLC0415 - a platform that is off costs nothing

        found["slack"] = run_slack
    return found


async def run(config: Config, opened: Callable[[str], None] = lambda _: None) -> int:
    """Run until SIGTERM or SIGINT, then stop within 5 s. Returns 0, or 1 when every platform was refused.

    `opened` is told the address of the local page, where that is served. Raises BotError when the database can't be
    had, or the page's address where the page is all there is.
    """
    with only_one(config.archive.path):
        async with assembled(config) as answering, contextlib.AsyncExitStack() as stack:
            health = Health()
            gc.freeze()  # what is loaded stays, so no collection need look through it
            gc.set_threshold(10_000)
            gc.enable()
            preparing = asyncio.create_task(_prepare(answering.library))
            stack.callback(preparing.cancel)
            address = await _serve_here(config, answering, health, stack)
            if address:
                opened(address)
            return await _run_until_told(config, answering, health)


async def _prepare(library: Library) -> None:
    """Make the first answers as quick as later ones, beside connecting."""
    started = time.perf_counter()
    try:
        await asyncio.to_thread(prepare, library)
        event("readings.prepared", seconds=round(time.perf_counter() - started, 2))
    except Exception as error:  # noqa: BLE001 - what is not prepared is worked out when somebody asks
        fault("readings.not_prepared", error)


async def _serve_here(config: Config, answering: Answering, health: Health, stack: contextlib.AsyncExitStack) -> str:
    """Serve the operator's port, with the local page where it is on. Returns the page's address, or nothing."""
    make, where = partial(served_here, config, answering, health), (config.web.host, config.web.port)
    key = "[web] port"
    try:
        # The page listens to what is said on it; nothing else here has anything to do until somebody asks
        serving = listening(make(), *where, key=key) if config.local_page else serving_when_asked(make, *where, key=key)
        port = await stack.enter_async_context(serving)
    except BotError as error:
        if not platforms(config):
            raise
        event("operator.off", level=logging.WARNING, reason=f"{error.words} /healthz and /metrics are off.")
        return ""
    event("operator.listening", host=config.web.host, port=port)
    if not config.local_page:
        return ""
    health.set("web", State.CONNECTED)
    return f"http://{'[::1]' if config.web.host == '::1' else '127.0.0.1'}:{port}/"


def served_here(config: Config, answering: Answering, health: Health) -> "web.Application":
    """What stands on the operator's port: health and metrics, and the local page where it is on."""
    from bot.platforms.web import operator  # noqa: PLC0415 - aiohttp's server is imported where somebody is served

    app = operator.application(health, answering.metrics, answering.library)
    if config.local_page:
        _add_local_page(app, config, answering)
    return app


def _add_local_page(app: "web.Application", config: Config, answering: Answering) -> None:
    from bot.platforms.discord import render as on_discord  # noqa: PLC0415 - for the page's previews alone
    from bot.platforms.slack import render as on_slack  # noqa: PLC0415 - for the page's previews alone
    from bot.platforms.web import local_page  # noqa: PLC0415 - a page that is off costs nothing

    def as_discord(reply: Reply) -> tuple[dict[str, Any], int]:
        return on_discord.render(reply), on_discord.pages(reply)

    def as_slack(reply: Reply) -> tuple[dict[str, Any], int]:
        prefix, pictures = config.slack.prefix, {reply.picture.name: "uploaded"} if reply.picture else {}
        return on_slack.render(reply, prefix=prefix, pictures=pictures), on_slack.pages(reply, prefix=prefix)

    local_page.add_to(app, config, answering, {"discord": as_discord, "slack": as_slack})


async def _forget_daily(archive: Archive) -> None:
    """Erase every day what is held of workspaces that the bot was removed from long ago."""
    while True:
        await asyncio.sleep(SECONDS_PER_DAY)
        try:
            await archive.workspaces.forget_left()
        except sqlite3.Error as error:
            fault("workspaces.not_forgotten", error)


async def _keep_clean(archive: Archive) -> None:
    """Leave no word that is to go in the database's file, a minute after the start and then every 20."""
    pause = SECONDS_BEFORE_SCRUBBING
    while True:
        await asyncio.sleep(pause)
        pause = EVERY.total_seconds()
        try:
            await archive.privacy.finish()
            await archive.retention.apply()
            if not await archive.scrubbing.scrub():
                event("archive.not_scrubbed", level=logging.WARNING, reason="another program reads the database")
        except sqlite3.Error as error:
            fault("archive.not_scrubbed", error)


async def _run_until_told(config: Config, answering: Answering, health: Health) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    await answering.archive.schedules.configure(schedules_of(config))
    archive = answering.archive
    endless = (stop.wait(), answering.posting.run(), _forget_daily(archive), _keep_clean(archive))
    tasks: set[asyncio.Task[Any]] = set(map(asyncio.create_task, endless))
    if platforms(config):
        tasks.add(asyncio.create_task(_run_all(config, answering, health)))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return 0 if stop.is_set() else 1
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=SECONDS_TO_STOP)
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(sign)
        event("stopped")


async def _run_all(config: Config, answering: Answering, health: Health) -> None:
    """Keep every platform connected; ends when all of them were refused."""
    async with asyncio.TaskGroup() as group:
        for name, run_one in platforms(config).items():
            group.create_task(supervise(name, partial(run_one, config, answering, health), health))
