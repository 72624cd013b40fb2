"""`readalong find`: the operator's search, over everything in the database."""

import csv
import json
import sys
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot.archive.conditions import Scope
from bot.archive.inspection import opened_to_read
from bot.archive.query import Known, parse
from bot.archive.search import RANKED, Found, Hit, Order, Page, find_in
from bot.cli.options import configured, quiet_logs
from bot.config import Config
from bot.cutting import ELLIPSIS
from bot.readings.library import Library
from bot.times import now
from bot.words import verbatim

SECONDS = 30.0  # nobody else waits for it
MOST = 100_000
LONGEST = 200  # characters of a message in the table
EVERYTHING = "This is all that the database holds, whoever could read it where it was said."
SCORED = ("phrase", "near", "title", "words", "recent", "reactions")  # the parts of a score, which add up to it
COLUMNS = (
    "platform", "workspace", "channel", "channel_name", "thread", "title", "message", "author", "written_at", "text",
    "reading", "passage", "score",
    *(f"score_{part}" for part in SCORED),
)  # fmt: skip


@click.command(name="find", context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@click.option("--json", "form", flag_value="json", help="An array of objects.")
@click.option("--csv", "form", flag_value="csv", help="Comma-separated values, with a line of names.")
@click.option("--nl", "form", flag_value="nl", help="An object on each line.")
@click.option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True, help="How many messages at most.")
@click.option("--order", type=click.Choice(list(Order)), help="Best first for words, else newest first.")
@configured
def find(config: Config, *, query: tuple[str, ...], form: str | None, limit: int, order: str | None) -> None:
    """Find saved messages: readalong find '"peace treaty" from:mina after:2026-11-01 -war'.

    The words and filters are those of /find. It reads the database beside a running bot, and changes nothing.
    """
    for word in query:
        if word.startswith("--"):
            raise click.NoSuchOption(word)
    quiet_logs(config)
    library = Library.load(config.readings.path)
    wanted = parse(" ".join(query), Known(now(), library, library.get(config.readings.default), ZoneInfo(config.zone)))
    page = Page(limit, Order(order) if order else None)
    with opened_to_read(config.archive.path) as db:
        found = find_in(db, wanted, Scope(), page, now(), SECONDS)
    _SHOW[form or "table"](found.hits)
    click.echo(f"{_said(found)} {EVERYTHING}", err=form is not None)


def _said(found: Found) -> str:
    """How many of how many, in what order."""
    if not found.hits:
        return "Nothing fits."
    total = f"more than {found.total:,}" if found.more else f"{found.total:,}"
    order = "newest first" if found.order is Order.NEWEST else "best first"
    if found.order is Order.BEST and (found.more or found.total > RANKED):
        order = f"the best of the newest {RANKED:,} first"
    hurried = f" It was looked for during {SECONDS:g} s; narrow it to see all." if found.hurried else ""
    return f"{len(found.hits):,} of {total}, {order}.{hurried}"


def _record(hit: Hit) -> dict[str, Any]:
    place, anchor = hit.place, hit.anchor
    where = (place.platform, place.workspace, place.channel, hit.channel, place.thread, hit.title)
    scores = [round(getattr(hit.score, part), 3) if hit.score else None for part in ("total", *SCORED)]
    said = (hit.message, hit.author, hit.written_at, hit.text, anchor.reading, anchor.passage)
    return dict(zip(COLUMNS, (*where, *said, *scores), strict=True))


def _show_json(hits: Iterable[Hit]) -> None:
    click.echo(json.dumps([_record(hit) for hit in hits], ensure_ascii=False, indent=2))


def _show_lines(hits: Iterable[Hit]) -> None:
    for hit in hits:
        click.echo(json.dumps(_record(hit), ensure_ascii=False))


def _show_csv(hits: Iterable[Hit]) -> None:
    rows = csv.DictWriter(sys.stdout, COLUMNS)
    rows.writeheader()
    rows.writerows(map(_record, hits))


def _show_table(hits: tuple[Hit, ...]) -> None:
    from rich.console import Console  # noqa: PLC0415 - other forms do without
    from rich.table import Table  # noqa: PLC0415 - other forms do without
    from rich.text import Text  # noqa: PLC0415 - other forms do without

    if not hits:
        return
    table = Table("When (UTC)", "Who", "Where", "What", box=None, header_style="bold", pad_edge=False)
    for hit in hits:
        text = Text()
        for run in verbatim(hit.text, hit.marks).blocks[0].runs:
            text.append(run.text, style="bold" if run.bold else "")
        if len(text) > LONGEST:
            text.truncate(LONGEST)
            text.append(ELLIPSIS)
        names = (hit.written_at[:16].replace("T", " "), hit.author, _where(hit))
        table.add_row(*(Text(verbatim(name).plain()) for name in names), text)
    Console().print(table)


def _where(hit: Hit) -> str:
    place = hit.place
    channel = f"#{hit.channel.removeprefix('#')}" if hit.channel else place.channel
    thread = f" > {hit.title or place.thread}" if place.thread else ""
    return f"{place.platform} {place.workspace} {channel}{thread}"


_SHOW: dict[str, Any] = {"json": _show_json, "nl": _show_lines, "csv": _show_csv, "table": _show_table}
