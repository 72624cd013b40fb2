"""`readalong browse`: the saved discussions in a browser, for the operator and whoever researches with them."""

import secrets
import socket

import click

from bot.archive.inspection import opened_to_read
from bot.cli.options import configured, quiet_logs
from bot.config import Config
from bot.errors import BotError

HOST = "127.0.0.1"
NO_DATASETTE = (
    "The pages are Datasette's, which is not installed. To have it: .venv/bin/pip install 'datasette>=0.65,<1'"
)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 for any that is free.")
@configured
def browse(config: Config, *, port: int) -> None:
    """Show the saved discussions in a browser on this machine, to look through, search, and query in SQL.

    They can be read beside a running bot, and not changed. It goes on until Ctrl-C.
    """
    quiet_logs(config)
    try:
        import uvicorn  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415 - an extra, which need not be there

        from bot.browse.guard import Guarded  # noqa: PLC0415 - with the extra alone
        from bot.browse.pages import datasette  # noqa: PLC0415 - with the extra alone
    except ImportError:
        raise BotError(NO_DATASETTE) from None
    with opened_to_read(config.archive.path), _listening(port) as listener:
        key, at = secrets.token_urlsafe(24), listener.getsockname()[1]
        pages = datasette(config.archive.path)
        app = Guarded(pages.app(), key, f"readalong-browse-{at}")
        click.echo(f"Open http://{HOST}:{at}/?key={key}")
        click.echo("Whoever has this address can read all that is saved. It works until you press Ctrl-C here.")
        settings = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        try:
            uvicorn.Server(settings).run(sockets=[listener])
        except KeyboardInterrupt:
            click.echo("")
        finally:
            for one in pages.databases.values():
                one.close()


def _listening(port: int) -> socket.socket:
    """A socket on loopback. Raises BotError where the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()  # so that whoever opens the address at once is waited for
    except OSError as error:
        listener.close()
        raise BotError(f"Port {port} can't be used ({error.strerror}). Name another with --port.") from None
    return listener
