"""`readalong digest`: a digest for the operator, in the terminal or a file; and asking the running bot to post one."""

import asyncio
import sys
from datetime import date
from pathlib import Path

import click

from bot import app
from bot.answering import Answering
from bot.archive.database import is_running
from bot.archive.runs import Run
from bot.asker import Place
from bot.cli.options import configured, quiet_logs
from bot.config import Config
from bot.digest.activity import Activity
from bot.digest.building import Digest
from bot.digest.digests import Wanted
from bot.digest.drawing import drawn
from bot.digest.forms import as_html, as_json, as_markdown
from bot.errors import BotError
from bot.reply import Reply
from bot.values import value
from bot.venue import Readable
from bot.words import literal

FORMS = ("markdown", "json", "html", "png")
NO_PILLOW = "A picture is drawn by Pillow, which is not installed. To have it: pip install pillow"


@value
class Made:
    """A digest as a value, as a card, and what a chart of it shows."""

    digest: Digest
    card: Reply
    activity: Activity


@click.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The local date; left out, the last 24 hours.")
@click.option("--channel", help="One channel, by its id or name; with --post, where to post it.")
@click.option("--format", "form", type=click.Choice(FORMS), default="markdown", help="How it is printed.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write it to.")
@click.option("--post", is_flag=True, help="Have the bot that is running post it in that channel.")
@configured
def digest(
    config: Config, *, day: click.DateTime | None, channel: str | None, form: str, output: Path | None, post: bool
) -> None:
    """What was said, of all channels but without private threads; or have it posted."""
    quiet_logs(config)
    chosen = date.fromisoformat(str(day)[:10]) if day else None
    if form == "png" and not (output or post) and sys.stdout.isatty():
        raise BotError(
            "A terminal shows no picture. Say which file to write: readalong digest --format png --output digest.png"
        )
    made = asyncio.run(_digest(config, chosen, channel or "", form, post=post))
    if output and not post:
        _write(output, made)
    else:
        click.echo(made, nl=False)


def _write(file: Path, made: str | bytes) -> None:
    try:
        file.write_bytes(made.encode() if isinstance(made, str) else made)
    except OSError as error:
        words = f"{literal(str(file))} can't be written: {error.strerror}. Name another with --output."
        raise BotError(words) from None


async def _digest(config: Config, day: date | None, channel: str, form: str, *, post: bool) -> str | bytes:
    async with app.assembled(config) as answering:
        if day and day > answering.posting.digests.today():
            raise BotError(f"{day} is still to come.")
        if post:
            return await _asked(config, answering, day, channel)
        places = [_place(answering, channel)] if channel else answering.archive.workspaces.places()
        if not places:
            raise BotError("Nothing is saved yet. Start the bot with: readalong run")
        made = [_made(answering, place, day, several=len(places) > 1) for place in places]
        if form == "png":
            chart = drawn([one.activity for one in made])
            if chart is None:
                raise BotError(NO_PILLOW)
            return chart.png
        return "\n".join(_printed(one, form) for one in made)


def _made(answering: Answering, place: Place, day: date | None, *, several: bool) -> Made:
    digests = answering.posting.digests
    window = digests.day_window(day) if day else digests.last_day(place)
    readable = Readable(frozenset(answering.archive.workspaces.channels(place)))
    wanted = Wanted(place, window, day or digests.today(), digests.zone, place.channel)
    made, card = digests.make(wanted, readable, _no_link)
    where = "in one channel" if place.channel else f"{place.platform} {place.workspace}" if several else ""
    return Made(made, card, digests.activity(wanted, readable, made, where))


def _printed(made: Made, form: str) -> str:
    if form == "json":
        return as_json(made.digest) + "\n"
    if form == "markdown":
        return as_markdown(made.card)
    return as_html(made.card, drawn([made.activity]))


def _no_link(place: Place, message: str = "") -> str:  # noqa: ARG001 - only a connected platform knows addresses
    return ""


async def _asked(config: Config, answering: Answering, day: date | None, channel: str) -> str:
    if not channel:
        raise BotError("Say where: readalong digest --post --channel CHANNEL")
    if not is_running(config.archive.path):
        raise BotError("The bot is not running, so nobody can post it. Start it first: readalong run")
    digests, place = answering.posting.digests, _place(answering, channel)
    schedule = answering.archive.schedules.of(place)
    zone, covers = (schedule.zone, schedule.covers) if schedule else (digests.zone, "group")
    run = Run(place, day or digests.today(zone), zone, digests.clock(), covers=covers, posted_by="operator")
    if not await answering.archive.runs.ask(run):
        there = answering.archive.runs.of(place, run.day)
        raise BotError(f"There is one of {run.day} for that channel already: {there.state if there else 'asked'}.")
    return f"The bot posts the digest of {run.day} in {channel} within half a minute.\n"


def _place(answering: Answering, channel: str) -> Place:
    wanted = channel.removeprefix("#")
    found = answering.archive.workspaces.channels_called(wanted)
    if not found:
        raise BotError(f"Nothing is saved of a channel “{wanted}”. Give its id or its name.")
    if len(found) > 1:
        ids = ", ".join(f"{one.platform} {one.channel}" for one in found)
        raise BotError(f"Several channels are called so; give the id of one: {ids}.")
    return found[0]
