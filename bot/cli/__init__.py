"""The command line: `readalong`. Exits 0 when done, 1 when refused, 2 when misused."""

import gc
import sys
from importlib import import_module
from uuid import uuid4

import click

from bot.errors import BotError, Mistakes
from bot.logs import fault
from bot.words import markdown

COMMANDS = {
    "run": "talking",
    "chat": "talking",
    "say": "talking",
    "readings": "readings",
    "manifest": "manifest",
    "doctor": "doctor",
    "digest": "digest",
    "find": "finding",
    "backup": "backups",
    "restore": "backups",
    "export": "exporting",
    "browse": "browsing",
}


class Commands(click.Group):
    """The commands, each imported from its module here only when it is asked for: a running bot needs but one."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Their names, as the help shows them."""
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """The command of this name."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"bot.cli.{COMMANDS[name]}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="readalong")
def cli() -> None:
    """A study-group bot that holds the article being discussed."""


def main() -> None:
    """Run the command line; nobody is shown a traceback."""
    gc.disable()  # while everything is loaded nothing is garbage; what goes on for long switches it on again
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
