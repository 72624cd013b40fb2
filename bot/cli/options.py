"""What every command of the command line shares: `--config`, and the configuration it names."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from bot import logs
from bot.config import Config, load

config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    help="The configuration file (else READALONG_CONFIG, else ./config.toml).",
)


def configured(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--config F` to a command, and give it the loaded Config as its first argument. Raises Mistakes."""

    @config_option
    @wraps(function)
    def wrapped(config_file: Path | None, **arguments: Any) -> Any:
        config = load(config_file)
        return function(config, **arguments)

    return wrapped


def quiet_logs(config: Config) -> None:
    """Logs for a command that talks to a person: warnings and faults only."""
    logs.set_up("warning", config.secrets)
