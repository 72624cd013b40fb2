"""`readalong manifest`: what to give to Discord and Slack when the bot is set up there."""

import json
import re

import click

import commands
from bot.cli.options import configured, quiet_logs
from bot.config import Config
from bot.readings.library import Library
from bot.registry import Registry

# Slack calls over https alone, and knows neither machines of a local network nor bare numbers.
_PUBLIC = re.compile(r"https://(?:[\w-]+\.)+[^\W\d][\w-]+(?::\d{1,5})?(?:/[^\s?#]*)?", re.IGNORECASE)


def _public(_: click.Context, __: click.Parameter, url: str | None) -> str | None:
    if url is None or _PUBLIC.fullmatch(url):
        return url and url.rstrip("/")
    raise click.BadParameter("Slack needs the bot's public address, such as https://bot.example.org or with a path.")


@click.group()
def manifest() -> None:
    """What to give to Discord and Slack when the bot is set up there."""


@manifest.command()
@configured
def discord(config: Config) -> None:
    """The commands as they are synced, and the invite link."""
    from bot.platforms.discord.manifest import manifest as made  # noqa: PLC0415 - only when asked for

    quiet_logs(config)
    click.echo(made(_registry(config), config))
    if not config.discord.token.get_secret_value():
        click.echo("Set DISCORD_TOKEN first: without it the link has CLIENT_ID in place of your application.", err=True)


@manifest.command()
@click.option("--http", "url", callback=_public, help="For HTTP mode: the public address of this bot, https://...")
@configured
def slack(config: Config, *, url: str | None) -> None:
    """The app manifest to paste into Slack."""
    from bot.platforms.slack.manifest import manifest as made  # noqa: PLC0415 - only when asked for

    quiet_logs(config)
    click.echo(json.dumps(made(_registry(config), config, url), ensure_ascii=False, indent=2))


def _registry(config: Config) -> Registry:
    return Registry.of(commands, Library.load(config.readings.path))
