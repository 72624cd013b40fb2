"""All commands of the command line, by name, as click reads them."""

from importlib import import_module
from keyword import iskeyword

import click

COMMANDS = {
    "run": "talking",
    "chat": "talking",
    "say": "talking",
    "readings": "readings",
    "manifest": "manifest",
    "doctor": "doctor",
    "digest": "digest",
    "find": "finding",
    "forget": "forgetting",
    "backup": "backups",
    "import": "importing",
    "restore": "backups",
    "export": "exporting",
    "browse": "browsing",
}


class Commands(click.Group):
    """The commands, each imported from its module here only when it is asked for."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Their names, as the help shows them."""
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """The command of this name."""
        if name not in COMMANDS:
            return None
        module = import_module(f"bot.cli.{COMMANDS[name]}")
        command: click.Command = getattr(module, f"{name}_" if iskeyword(name) else name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="readalong")
def cli() -> None:
    """A study-group bot that holds the article being discussed."""
