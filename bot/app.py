"""Puts everything together, and runs every platform that has its tokens until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import commands
from bot.answering import Answering
from bot.archive.buttons import Buttons
from bot.archive.database import Database, only_one
from bot.archive.settings import Settings
from bot.config import Config
from bot.errors import BotError
from bot.logs import event
from bot.metrics import Metrics
from bot.platforms.health import Health
from bot.platforms.listener import listening
from bot.platforms.supervisor import supervise
from bot.platforms.web import operator
from bot.readings.library import Library
from bot.registry import Registry

SECONDS_TO_STOP = 4.0

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
        yield Answering(
            library,
            Registry.of(commands, library),
            Settings(database),
            buttons,
            Metrics(),
            config.readings.default,
            config.replies.cooldown,
        )
    finally:
        database.close()


def _check_default(config: Config, library: Library) -> None:
    default = config.readings.default
    chosen = "default" in config.readings.model_fields_set
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


async def run(config: Config) -> int:
    """Run until SIGTERM or SIGINT, then stop within 5 s. Returns 0, or 1 when every platform was refused."""
    with only_one(config.archive.path):
        async with assembled(config) as answering, contextlib.AsyncExitStack() as stack:
            health = Health()
            await _serve_operator(config, answering, health, stack)
            return await _run_until_told(config, answering, health)


async def _serve_operator(
    config: Config, answering: Answering, health: Health, stack: contextlib.AsyncExitStack
) -> None:
    app = operator.application(health, answering.metrics, answering.library)
    try:
        port = await stack.enter_async_context(listening(app, config.web.host, config.web.port, key="[web] port"))
        event("operator.listening", host=config.web.host, port=port)
    except BotError as error:
        event("operator.off", level=logging.WARNING, reason=f"{error.words} /healthz and /metrics are off.")


async def _run_until_told(config: Config, answering: Answering, health: Health) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    tasks = {asyncio.create_task(stop.wait()), asyncio.create_task(_run_all(config, answering, health))}
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
