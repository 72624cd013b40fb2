"""`readalong run`, `readalong chat` and `readalong say`."""

import asyncio
import gc
import json
import sys
from typing import Any

import click

from bot import app
from bot.cli import running
from bot.cli.options import configured, quiet_logs
from bot.config import Config
from bot.reply import Reply


@click.command()
@configured
def run(config: Config) -> None:
    """Run every platform that has its tokens; with none, the local page."""
    sys.exit(running.run(config))


@click.command()
@click.option("--moderator", is_flag=True, help="Talk as a moderator.")
@configured
def chat(config: Config, *, moderator: bool) -> None:
    """Talk to the bot in this terminal; reads lines, so it can be piped."""
    quiet_logs(config)
    sys.exit(asyncio.run(_chat(config, moderator=moderator)))


@click.command()
@click.argument("line")
@click.option("--as", "platform", type=click.Choice(["text", "discord", "slack", "web"]), default="text",
              help="Print that platform's payload as JSON instead of text.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the reply itself as JSON.")
@click.option("--moderator", is_flag=True, help="Ask as a moderator.")
@configured
def say(config: Config, *, line: str, platform: str, as_json: bool, moderator: bool) -> None:
    """Answer one line: readalong say "/kurils"."""
    if as_json and platform != "text":
        raise click.UsageError("Choose either --json, for the reply itself, or --as, for a platform's payload.")
    quiet_logs(config)
    reply = asyncio.run(_say(config, line, moderator=moderator))
    click.echo(_shown(config, reply, "json" if as_json else platform))
    sys.exit(int(reply.refused))


async def _chat(config: Config, *, moderator: bool) -> int:
    from bot.platforms.terminal.chat import chat as talk  # noqa: PLC0415 - prompt_toolkit is needed only to talk

    async with app.assembled(config) as answering:
        gc.enable()
        history = config.archive.path.with_suffix(".history")
        if sys.stdin.isatty():
            history.touch(mode=0o600)
        return await talk(answering, moderator=moderator, history=history)


async def _say(config: Config, line: str, *, moderator: bool) -> Reply:
    from bot.platforms.terminal.chat import say as answer  # noqa: PLC0415 - prompt_toolkit is needed only to talk

    async with app.assembled(config) as answering:
        return await answer(answering, line, moderator=moderator)


def _shown(config: Config, reply: Reply, form: str) -> str:
    if form == "text":
        from bot.platforms.terminal.render import as_text  # noqa: PLC0415 - rich is needed only to talk

        return as_text(reply)
    return json.dumps(_payload(config, reply, form), ensure_ascii=False, indent=2)


def _payload(config: Config, reply: Reply, form: str) -> dict[str, Any]:
    if form == "discord":
        from bot.platforms.discord.render import render as render_discord  # noqa: PLC0415 - only when asked for

        return render_discord(reply)
    if form == "slack":
        from bot.platforms.slack.render import render as render_slack  # noqa: PLC0415 - only when asked for

        return render_slack(reply, prefix=config.slack.prefix)
    if form == "web":
        from bot.platforms.web.render import render as render_web  # noqa: PLC0415 - only when asked for

        return render_web(reply, config.readings.path)
    from bot.reply_json import to_json  # noqa: PLC0415 - only when asked for

    return to_json(reply, config.readings.path)
