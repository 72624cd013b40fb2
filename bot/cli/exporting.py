"""`readalong export`: saved discussions as a file, for the operator, who may read everything."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import click

from bot.archive.extracts import Extract
from bot.archive.inspection import opened_to_read
from bot.archive.query import Known, parse
from bot.archive.selections import (
    Selection,
    everything,
    of_person,
    of_reading,
    of_search,
    of_thread,
    of_workspace,
)
from bot.archive.tables import Tables
from bot.cli.options import configured, quiet_logs
from bot.config import Config
from bot.errors import BotError
from bot.export.forms import ENDINGS, written
from bot.nearest import nearest_name
from bot.readings.library import Library
from bot.times import now
from bot.words import literal

SELECTORS = ("thread", "reading", "person", "workspace", "find")
ONE_ALONE = "Name one of --thread, --reading, --person, --workspace and --find, or none of them for everything."


@click.command()
@click.option("--thread", help="A discussion, by its title or id.")
@click.option("--reading", help="All discussions on a reading, by its slug.")
@click.option("--person", help="What a person wrote, by their name or id.")
@click.option("--workspace", help="A server or workspace, by its name or id.")
@click.option("--find", help="What a search finds: --find '\"peace treaty\" from:mina after:2026-11-01'.")
@click.option("--format", "form", type=click.Choice(list(ENDINGS)), help="As --output ends; else markdown.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write it to.")
@configured
def export(config: Config, *, form: str | None, output: Path | None, **selectors: str | None) -> None:
    """The saved discussions, or some of them, for a wiki, a spreadsheet, a program or to be printed.

    JSON goes back in without loss, by `readalong import`. People who opted out are in none of it.
    """
    quiet_logs(config)
    given = {name: typed for name, typed in selectors.items() if typed is not None}
    if len(given) > 1:
        raise click.UsageError(ONE_ALONE)
    library = Library.load(config.readings.path)
    chosen = form or _form_of(output)
    with opened_to_read(config.archive.path) as db:
        db.execute("BEGIN")  # everything is of one moment
        extract = Extract(db, _selection(db, library, config, given))
        with _opened(output) as file:
            for piece in written(extract, chosen, library, config.zone, now()):
                file.write(piece)
        said = f"{extract.count():,} messages."
    click.echo(f"{said} It holds members' words: keep it as private as the database." if output else said, err=True)


def _form_of(output: Path | None) -> str:
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return next((form for form, one in ENDINGS.items() if one == ending), "markdown")


def _selection(db: Tables, library: Library, config: Config, given: dict[str, str]) -> Selection:
    match [*given.items()]:
        case [("thread", typed)]:
            return of_thread(db, typed)
        case [("reading", typed)]:
            return of_reading(typed, _title(library, typed))
        case [("person", typed)]:
            return of_person(db, typed)
        case [("workspace", typed)]:
            return of_workspace(db, typed)
        case [("find", typed)]:
            known = Known(now(), library, library.get(config.readings.default), ZoneInfo(config.zone))
            return of_search(db, parse(typed, known), typed)
    return everything()


def _title(library: Library, slug: str) -> str:
    """The reading's title. Raises BotError where there is none of that name here."""
    if reading := library.readings.get(slug):
        return reading.title
    nearest = nearest_name(slug, library.readings)
    hint = f" Did you mean {nearest}?" if nearest else ""
    raise BotError(f"There is no reading “{literal(slug[:80])}” here.{hint} `readalong readings list` lists them.")


@contextlib.contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """What to write to: the terminal, or a file of mode 0600 that takes its name once it is whole."""
    if output is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        yield sys.stdout
        return
    part = output.with_name(f"{output.name}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(
            os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8", newline=""
        ) as file:
            yield file
        part.replace(output)
    except OSError as error:
        words = f"{literal(str(output))} can't be written: {error.strerror}. Name another with --output."
        raise BotError(words) from None
    finally:
        part.unlink(missing_ok=True)
