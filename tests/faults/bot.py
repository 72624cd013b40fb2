"""`readalong run` with short pauses between its tries, so that a test need not wait long. All else is as it is."""

from functools import partial

from bot import app, backfill
from bot.archive import database
from bot.cli import main
from bot.platforms.discord import listening
from bot.platforms.discord.client import ReadalongClient
from bot.platforms.supervisor import Pauses, supervise


async def at_once(self: ReadalongClient, shard_id: int | None, *, initial: bool = False) -> None:
    """discord.py's documented hook, which by default waits 5 s before a second IDENTIFY."""


backfill.FIRST_PAUSE, backfill.LONGEST_PAUSE = 0.2, 1.0
listening.PAUSES, listening.FIRST_PAUSE, listening.LONGEST_PAUSE = (0.1, 0.2), 0.1, 0.5  # type: ignore[assignment]
database.BUSY_SECONDS = 0.2
ReadalongClient.before_identify_hook = at_once  # type: ignore[assignment,method-assign]
vars(app)["supervise"] = partial(supervise, pauses=Pauses(0.1, 1.0))

if __name__ == "__main__":
    main()
