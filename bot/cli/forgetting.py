"""`readalong forget`: erase somebody, and have nothing of them saved again; while the bot runs or not."""

import asyncio
from contextlib import closing

import click

from bot.archive.archive import Archive
from bot.archive.database import Database, is_running
from bot.archive.people import find_people
from bot.archive.privacy import held_in
from bot.cli.options import configured, quiet_logs
from bot.config import Config
from bot.errors import BotError
from bot.words import literal

SHOWN = 10


@click.command()
@click.argument("person")
@click.option("--stays", is_flag=True, help="Erase what is held, but save what they say from now on.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@configured
def forget(config: Config, *, person: str, stays: bool, yes: bool) -> None:
    """Erase PERSON: an id such as discord:1234, or a name. It shows what will go, and asks.

    Nothing of them is saved, read back or imported again, as if they had typed /privacy out. It can't be undone.
    Backups keep what they hold.
    """
    quiet_logs(config)
    if not config.archive.path.exists():
        raise BotError(f"There is no database {literal(str(config.archive.path))}, so nothing is held of anybody.")
    with closing(Database.open(config.archive.path)) as database:
        platform, id_, name = _one(database, person)
        held = held_in(database.reader, platform, id_)
        click.echo(f"{name or 'Somebody'} ({platform}:{id_}): {held.said}")
        if not yes:
            click.confirm("Erase all of it? It can't be undone.", abort=True)
        click.echo(asyncio.run(_forget(database, platform, id_, stays=stays)))


def _one(database: Database, person: str) -> tuple[str, str, str]:
    """Platform, id and name of the one who is meant. Raises BotError where that is nobody, or several."""
    found = find_people(database.reader, person)
    if len(found) == 1:
        return found[0]
    if not found:
        platform, _, id_ = person.partition(":")
        if id_ and platform in {"discord", "slack", "web"}:
            return platform, id_, ""  # of whom nothing is held; they stay out all the same
        raise BotError(f"Nothing is held of anybody called “{literal(person)}”. An id is written like discord:1234.")
    several = ", ".join(f"{name} ({platform}:{id_})" for platform, id_, name in found[:SHOWN])
    raise BotError(f"That may be one of {len(found)}: {literal(several)}. Name one by the id.")


async def _forget(database: Database, platform: str, person: str, *, stays: bool) -> str:
    archive = Archive.of(database, lambda _: ())
    await (archive.privacy.erase if stays else archive.privacy.opt_out)(platform, person)
    if is_running(database.path):
        return "Erased. The running bot takes the last of it out of the file within an hour."
    if await archive.scrubbing.scrub():
        return "Erased, from every byte of the database."
    return "Erased. Another program reads the database; the bot takes the last of it out of the file when it runs."
