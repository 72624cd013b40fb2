"""`readalong backup` and `readalong restore`: a copy of the database, and putting one back."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click

from bot.archive.backups import Progress, Restored, back_up
from bot.archive.backups import restore as put_back
from bot.cli.options import configured, quiet_logs
from bot.config import Config

NOT_KNOWN = (
    "Who opted out or was erased since the copy was made is not known: there was no database here that could tell. "
    "Tell the group how far the copy reaches, so that they type /privacy out again."
)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file of that name.")
@configured
def backup(config: Config, *, file: Path, force: bool) -> None:
    """Copy the database into FILE, while the bot runs or not.

    The copy is checked before it takes its name, and only its owner may read it.
    """
    quiet_logs(config)
    with _progress("Copying") as progress:
        back_up(config.archive.path, file, force=force, progress=progress)
    click.echo(f"{file} is a whole copy of {config.archive.path}, {file.stat().st_size:,} bytes.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@configured
def restore(config: Config, *, file: Path) -> None:
    """Put the backup FILE in the place of the database; what is there now is put aside.

    The bot must be stopped. Who opted out or was erased since the backup stays so: what it holds of them goes first.
    """
    quiet_logs(config)
    with _progress("Restoring") as progress:
        done = put_back(config.archive.path, file, progress)
    for said in _told(config, file, done):
        click.echo(said)


def _told(config: Config, file: Path, done: Restored) -> Iterator[str]:
    reach = f" Its newest message is of {done.until[:16].replace('T', ' ')} UTC." if done.until else ""
    yield f"{config.archive.path} is what {file} held now.{reach}"
    if done.aside:
        yield f"What was there before is in {done.aside}. Delete it once you need nothing of it."
    if done.erased is None:
        yield NOT_KNOWN
    elif done.erased:
        people = "one person" if done.erased == 1 else f"{done.erased:,} people"
        yield f"What it held of {people} who opted out or were erased since is gone again. In {file} it still is."


@contextlib.contextmanager
def _progress(doing: str) -> Iterator[Progress]:
    """How far it is, where somebody sees it."""
    from rich.console import Console  # noqa: PLC0415 - other commands do without
    from rich.progress import Progress as Bar  # noqa: PLC0415 - other commands do without

    console = Console(stderr=True)
    with Bar(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
