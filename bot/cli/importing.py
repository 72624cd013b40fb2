"""`readalong import`: bringing in what other programs exported, seeing what was brought, and taking it back."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from bot.archive.discussions import Anchor
from bot.archive.imports.records import DIRECT
from bot.archive.imports.running import Choices, Outcome, import_all, throwaway
from bot.archive.imports.sources import Source
from bot.archive.imports.undoing import Brought, brought, undo
from bot.archive.inspection import opened_to_read
from bot.archive.link_rows import quoting
from bot.cli.options import configured, quiet_logs
from bot.config import Config
from bot.errors import BotError
from bot.readings.library import Library
from bot.words import literal, verbatim

MOST_NAMED = 20  # bad records that are named
SECONDS_OF_A_TURN = 0.0005  # who reads the export and who stores it take turns; SQLite is seldom in want of one


@click.command(name="import")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--include-dms", is_flag=True, help="Bring in direct conversations too. Nobody is shown them but you.")
@click.option("--reading", metavar="SLUG", default="", help="What the imported threads are about.")
@click.option("--workspace", metavar="ID", default="", help="The workspace's id, where the export does not tell it.")
@click.option("--list", "listing", is_flag=True, help="List the imports so far.")
@click.option("--undo", "undone", type=int, metavar="N", help="Take back import N of the list.")
@configured
def import_(  # noqa: PLR0913 - click gives one for each option
    config: Config, *, files: tuple[Path, ...], dry_run: bool, include_dms: bool, reading: str,
    workspace: str, listing: bool, undone: int | None,
) -> None:  # fmt: skip
    """Bring in what other programs exported; what kind of export each FILE is, is recognised.

    It reads Readalong's own JSON, and exports of Slack, slackdump, DiscordChatExporter (JSON, CSV), Discord History
    Tracker, and Discord's own data package, as files or unpacked folders. Importing twice adds nothing, and what the
    bot heard itself stands.
    """
    quiet_logs(config)
    if bool(files) + listing + (undone is not None) != 1:
        raise click.UsageError("Name files to import, or --list, or --undo N.")
    if listing:
        with opened_to_read(config.archive.path) as db:
            _show_list(brought(db))
    elif undone is not None:
        click.echo(_taken_back(*undo(config.archive.path, undone)))
    else:
        library = Library.load(config.readings.path)
        choices = Choices(include_dms, _anchor(library, reading), workspace)
        with throwaway(config.archive.path) if dry_run else contextlib.nullcontext(config.archive.path) as path:
            _import(path, files, library, choices, dry_run=dry_run)


def _anchor(library: Library, slug: str) -> Anchor | None:
    if not slug:
        return None
    reading = library.find(slug)
    if reading is None:
        raise BotError(f"There is no reading “{literal(slug)}”. `readalong readings list` shows them.")
    return Anchor(reading.slug, "", reading.source.sha256 if reading.source else "")


def _import(path: Path, files: tuple[Path, ...], library: Library, choices: Choices, *, dry_run: bool) -> None:
    sys.setswitchinterval(SECONDS_OF_A_TURN)
    with contextlib.ExitStack() as opened:
        sources = [opened.enter_context(Source(file).opened()) for file in files]
        said: list[str] = []
        try:
            with _progress(sources):
                for source, outcome in import_all(path, sources, quoting(library), choices):
                    said += _told(source.name, outcome, dry_run=dry_run)
        finally:
            for line in said:
                click.echo(verbatim(line).plain())


def _told(name: str, outcome: Outcome, *, dry_run: bool) -> Iterator[str]:
    counts = outcome.counts
    came = "would come" if dry_run else "came"
    places = _many(len(counts.places), "channel or thread", "channels and threads")
    reach = f", {counts.first[:10]} to {counts.last[:10]}" if counts.first else ""
    yield f"{name} ({outcome.kind}): {_many(counts.new, 'new message', 'new messages')} {came} in; {places}{reach}."
    if counts.changed:
        yield f"  {_many(counts.changed, 'message', 'messages')} here got earlier or later texts."
    if counts.same:
        yield f"  {_many(counts.same, 'message was', 'messages were')} here already."
    if counts.barred:
        yield f"  {_many(counts.barred, 'message', 'messages')} left out: of people who opted out."
    for why, many in sorted(counts.left_out.items()):
        hint = " (--include-dms brings them in)" if why == DIRECT else ""
        yield f"  {_many(many, 'message', 'messages')} left out: {why}{hint}."
    if outcome.bad:
        yield f"  {_many(outcome.unread, 'record', 'records')} could not be read; the rest went in:"
        yield from (f"    {one.where}: {one.why}" for one in outcome.bad[:MOST_NAMED])
        if outcome.unread > MOST_NAMED:
            yield f"    and {outcome.unread - MOST_NAMED:,} more."


def _show_list(imports: list[Brought]) -> None:
    if not imports:
        click.echo("Nothing was imported yet.")
    for one in imports:
        reach = f", {one.first[:10]} to {one.last[:10]}" if one.first else ""
        broken = "" if one.ended_at else " Broken off: run it again."
        what = f"{_many(one.messages, 'message', 'messages')}{reach}"
        words = f"{one.id}  {one.began_at[:16].replace('T', ' ')} UTC  {one.name} ({one.kind}): {what}.{broken}"
        click.echo(verbatim(words).plain())


def _taken_back(name: str, messages: int, kept: int) -> str:
    others = f" {_many(kept, 'message that', 'messages that')} another import brought too stayed." if kept else ""
    return f"{_many(messages, 'message', 'messages')} of {verbatim(name).plain()} taken back.{others}"


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


@contextlib.contextmanager
def _progress(sources: list[Source]) -> Iterator[None]:
    """A bar for each file, where somebody sees it."""
    from rich.console import Console  # noqa: PLC0415 - other commands do without
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        for source in sources:
            task = bar.add_task(source.name, total=source.size)
            source.advance = lambda read, task=task: bar.update(task, advance=read)  # type: ignore[misc]
        yield
