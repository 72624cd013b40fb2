"""The command line: `readalong`. Exits 0 when done, 1 when refused, 2 when misused."""

import sys
from uuid import uuid4

import click

from bot.cli.doctor import doctor
from bot.cli.manifest import manifest
from bot.cli.readings import readings
from bot.cli.talking import chat, run, say
from bot.errors import BotError, Mistakes
from bot.logs import fault
from bot.words import markdown


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="readalong")
def cli() -> None:
    """A study-group bot that holds the article being discussed."""


for command in (run, chat, say, readings, manifest, doctor):
    cli.add_command(command)


def main() -> None:
    """Run the command line; nobody is shown a traceback."""
    try:
        cli()
    except Mistakes as mistakes:
        for mistake in mistakes.found:
            click.echo(str(mistake), err=True)
        sys.exit(1)
    except BotError as error:
        click.echo(markdown(error.words).plain(), err=True)
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - shown as an id; the log line beside it says where
        shown_id = uuid4().hex[:4]
        fault("fault", error, id=shown_id)
        click.echo(f"Something went wrong (id {shown_id}); the line above says where.", err=True)
        sys.exit(1)
