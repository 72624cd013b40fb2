"""`readalong doctor`: looks at everything that the bot needs, and says what to do where something is missing."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from uuid import uuid4

import click

import commands
from bot import app
from bot.archive.database import is_running
from bot.cli.options import config_option, quiet_logs
from bot.config import Config, Loaded, load_what_is_right
from bot.doctor.configuration import configuration
from bot.doctor.content import content, unreadable
from bot.doctor.database import database
from bot.doctor.finding import Finding, Part, State
from bot.doctor.machine import machine
from bot.doctor.report import as_json as findings_as_json
from bot.doctor.report import as_text, safe
from bot.errors import Mistakes
from bot.logs import fault
from bot.readings.library import Library
from bot.registry import Registry

WIDEST = 100
# A platform's channels by the shape of their ids, which is how `--channel` knows whose one is.
CHANNELS = {"discord": re.compile(r"[0-9]{15,20}"), "slack": re.compile(r"[CDG][A-Z0-9]+")}

Examine = Callable[[Config, Registry | None, Sequence[str]], Awaitable[list[Finding]]]


def _known(_: click.Context, __: click.Parameter, channels: tuple[str, ...]) -> tuple[str, ...]:
    for channel in channels:
        if not any(ids.fullmatch(channel) for ids in CHANNELS.values()):
            raise click.BadParameter(
                f"{channel!r} is no channel's ID: Discord's are long numbers, Slack's begin with C."
            )
    return channels


@click.command()
@click.option("--channel", "channels", multiple=True, metavar="ID", callback=_known,
              help="Look at the bot's permissions in this channel of Discord or Slack; may be repeated.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, for scripts.")
@config_option
def doctor(config_file: Path | None, *, channels: tuple[str, ...], as_json: bool) -> None:
    """Look at everything the bot needs; say what to do where something is missing. Nothing is changed.

    Exits 0 when nothing needs doing, 1 when something does, 2 when misused. What could not be checked, such as a
    platform that can't be reached, does not count; --json gives its number.
    """
    loaded = load_what_is_right(config_file)
    quiet_logs(loaded.config)
    found = safe(asyncio.run(_everything(loaded, channels)), loaded.config.secrets)
    _print(findings_as_json(found) if as_json else as_text(found, min(shutil.get_terminal_size().columns, WIDEST)))
    sys.exit(int(any(finding.state is State.TO_DO for finding in found)))


async def _everything(loaded: Loaded, channels: Sequence[str]) -> list[Finding]:
    config = loaded.config
    registry, readings = _readings(config)
    here = [
        *_safely("machine", lambda: machine(sys.stdout.encoding)),
        *_safely("configuration", lambda: configuration(loaded)),
        *readings,
        *_safely("database", lambda: database(config.archive.path)),
    ]
    asked = [_ports(config), *(_platform(name, config, registry, channels) for name in CHANNELS)]
    return here + [finding for found in await asyncio.gather(*asked) for finding in found]


def _readings(config: Config) -> tuple[Registry | None, list[Finding]]:
    """The registry, if the readings can be read, and what was found in them."""
    try:
        library = Library.load(config.readings.path)
    except Mistakes as mistakes:
        return None, list(unreadable(mistakes))
    registry = Registry.of(commands, library)
    return registry, _safely("readings", lambda: content(config.readings, library, registry))


async def _ports(config: Config) -> list[Finding]:
    from bot.platforms.web.doctor import examine  # noqa: PLC0415 - only a command that serves or looks needs aiohttp

    return await _safely_asked("web", examine(config, running=is_running(config.archive.path)))


async def _platform(name: str, config: Config, registry: Registry | None, channels: Sequence[str]) -> list[Finding]:
    if name not in app.platforms(config):
        return [Part(name).off("token", "none is set, so this platform is off")]
    mine = [channel for channel in channels if CHANNELS[name].fullmatch(channel)]
    return await _safely_asked(name, _examine(name)(config, registry, mine))


def _examine(name: str) -> Examine:
    """The platform's own checks, imported only when it is on."""
    if name == "discord":
        from bot.platforms.discord.doctor import examine as examine_discord  # noqa: PLC0415 - a platform that is off costs nothing

        return examine_discord
    from bot.platforms.slack.doctor import examine as examine_slack  # noqa: PLC0415 - a platform that is off costs nothing

    return examine_slack


def _safely(part: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What a check finds; one that fails is a finding too, and the others go on."""
    found: list[Finding] = []
    try:
        found.extend(check())
    except Exception as error:  # noqa: BLE001 - shown as an id; the log line beside it says where
        found.append(_failed(part, error))
    return found


async def _safely_asked(part: str, check: Awaitable[list[Finding]]) -> list[Finding]:
    try:
        return await check
    except Exception as error:  # noqa: BLE001 - shown as an id; the log line beside it says where
        return [_failed(part, error)]


def _failed(part: str, error: Exception) -> Finding:
    shown_id = uuid4().hex[:4]
    fault("fault", error, id=shown_id)
    return Part(part).to_do("this check", f"something went wrong (id {shown_id}). The log's line above says where.")


def _print(text: str) -> None:
    """Print, with a question mark for what this terminal's encoding lacks; there is a finding for that."""
    encoding = sys.stdout.encoding or "utf-8"
    plain = os.environ.get("NO_COLOR")
    click.echo(text.encode(encoding, "replace").decode(encoding), color=False if plain else None)
