"""`readalong readings`: what is held, what is wrong with it, and the group's own copy of a text."""

import sys
from hashlib import sha256
from pathlib import Path

import click

import commands
from bot.cli.options import configured, quiet_logs
from bot.config import Config
from bot.errors import BotError
from bot.nearest import nearest_name
from bot.readings.library import Library, attach
from bot.readings.source import fingerprint, paragraphs
from bot.registry import Registry
from bot.toml_file import read_text

SHOWN = 60


@click.group()
def readings() -> None:
    """The readings: list them, check them, attach the group's own copy of a text."""


@readings.command("list")
@configured
def list_(config: Config) -> None:
    """Every reading, and whether the group's copy is attached."""
    quiet_logs(config)
    library = Library.load(config.readings.path)
    for slug, reading in sorted(library.readings.items()):
        copy = "copy attached" if reading.source else "copy not attached"
        default = ", the default" if slug == config.readings.default else ""
        click.echo(f"{slug}: {reading.title} ({copy}{default})")
    for slug in sorted(set(library.mistakes) - set(library.readings)):
        click.echo(f"{slug}: left out, it has mistakes. See: readalong readings check {slug}")


@readings.command()
@click.argument("slug", required=False)
@configured
def check(config: Config, *, slug: str | None) -> None:
    """Check one reading or all of them; every mistake with its file and line. Exits 1 when there is any."""
    quiet_logs(config)
    library = Library.load(config.readings.path)
    chosen = [_known(library, slug)] if slug else sorted({*library.readings, *library.mistakes})
    found = [mistake for name in chosen for mistake in library.mistakes.get(name, ())]
    clashes = [] if slug else list(Registry.of(commands, library).clashes)
    for mistake in found:
        click.echo(str(mistake))
    for name in clashes:
        click.echo(f"The topic `{name}` can't be native: there is a command of that name.")
    if found or clashes:
        sys.exit(1)
    click.echo(f"{', '.join(chosen)}: no mistakes." if chosen else f"There is no reading in {config.readings.path}.")


@readings.command("attach")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--anyway", is_flag=True, help="Attach it even when passages or quotations are missing from it.")
@configured
def attach_(config: Config, *, slug: str, file: Path, anyway: bool) -> None:
    """Put the group's own copy of a text in place; every quotation is then verified against it."""
    quiet_logs(config)
    library = Library.load(config.readings.path)
    report = attach(config.readings.path / _known(library, slug), file, anyway=anyway)
    click.echo(report.words)
    click.echo("A bot that is running takes it up when it is started again.")


@readings.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def fingerprints(file: Path) -> None:
    """The fingerprint of each paragraph of a text, for reading.toml."""
    text = read_text(file)
    for paragraph in paragraphs(text):
        words = text[paragraph.start : paragraph.end]
        click.echo(f"{paragraph.line:4} {fingerprint(words)}  {words[:SHOWN]}")
    click.echo(f"     {sha256(file.read_bytes()).hexdigest()}  sha256 of the whole file")


def _known(library: Library, slug: str) -> str:
    names = {*library.readings, *library.mistakes}
    if slug in names:
        return slug
    nearest = nearest_name(slug, names)
    hint = f"Did you mean {nearest}?" if nearest else f"There are: {', '.join(sorted(names)) or 'none'}."
    raise BotError(f"There is no reading “{slug}”. {hint}")
