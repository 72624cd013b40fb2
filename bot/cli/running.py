"""What `readalong run` does, without click: a bot that only runs imports none of it."""

import asyncio
import os
import sys

from bot import app, logs
from bot.config import Config


def run(config: Config) -> int:
    """Run every platform that has its tokens; with none, the local page. Returns the exit code. Raises BotError."""
    logs.set_up(config.log_level if app.platforms(config) else "warning", config.secrets)
    return asyncio.run(app.run(config, _show_page))


def _show_page(address: str) -> None:
    """Say where the local page is, and open it where somebody sits at this machine's own screen."""
    shown = f"Readalong is open on {address} (Ctrl+C stops it). In the terminal instead: readalong chat"
    print(shown, file=sys.stderr, flush=True)
    on_screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.stdin.isatty() and on_screen:
        import webbrowser  # noqa: PLC0415 - only where there is a screen

        webbrowser.open(address)
