"""The command line: `readalong`. Exits 0 when done, 1 when refused, 2 when misused."""

import gc
import sys
from pathlib import Path
from uuid import uuid4

from bot.errors import BotError, Mistakes
from bot.logs import fault
from bot.words import markdown


def main() -> None:
    """Run the command line; nobody is shown a traceback."""
    gc.disable()  # while everything is loaded nothing is garbage; what goes on for long switches it on again
    try:
        _do(sys.argv[1:])
    except Mistakes as mistakes:
        for mistake in mistakes.found:
            print(mistake, file=sys.stderr)
        sys.exit(1)
    except BotError as error:
        print(markdown(error.words).plain(), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - shown as an id; the log line beside it says where
        shown_id = uuid4().hex[:4]
        fault("fault", error, id=shown_id)
        print(f"Something went wrong (id {shown_id}); the line above says where.", file=sys.stderr)
        sys.exit(1)


def _do(arguments: list[str]) -> None:
    """What the arguments say. The bot's own start is read here: click takes as long as all that it imports of ours."""
    match arguments:
        case ["run", *rest] if not rest or (len(rest) == 2 and rest[0] == "--config"):
            from bot.cli.running import run  # noqa: PLC0415 - the other commands need it not
            from bot.config import load  # noqa: PLC0415 - as above

            sys.exit(run(load(Path(rest[1]) if rest else None)))
        case _:
            from bot.cli.commands import cli  # noqa: PLC0415 - click, which a running bot needs not

            cli()
