"""Messages of a saved thread on Slack, so many a second: from each event to its acknowledgement, after the commit.

`python -m benchmarks.slack_messages` prints what 500 a second cost in both modes; Slack gives 3 s.
"""

import asyncio
import statistics
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientConnectionError, ClientSession

from benchmarks import bots
from benchmarks.bots import NotMeasured
from benchmarks.numbers import p99
from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.asker import Place
from tests.servers.slack import CHANNEL, TEAM, SlackServer

RATE, SECONDS = 500, 10.0
SECONDS_BETWEEN_TRIES = 0.01
DATABASE = "readalong.db"


async def measure(folder: Path, *, rate: int, seconds: float, http: bool) -> list[float]:
    """The seconds until each message was acknowledged, at that rate. Raises NotMeasured for one that was not."""
    async with SlackServer.running() as server:
        root = server.workspace.say("The root")["ts"]
        await _save(folder, Place("slack", TEAM, CHANNEL, root))
        port = bots.free_port() if http else 0
        async with bots.ours(folder, slack=server, http_port=port) as bot:
            await bot.wait_for(_reach(port) if http else server.connected())
            server.request_url = f"http://127.0.0.1:{port}/slack/events" if http else ""
            await server.tell(server.workspace.say("The first", thread=root))
            took = await _talk(server, root, rate, seconds)
        if _held(folder) != server.workspace.standing(CHANNEL, root):
            raise NotMeasured("what is held is not what was said")
    return took


async def _talk(server: SlackServer, root: str, rate: int, seconds: float) -> list[float]:
    took: list[float] = []

    async def one(words: str) -> None:
        event, began = server.workspace.say(words, thread=root), time.monotonic()
        if not await server.tell(event):
            raise NotMeasured("an event was not acknowledged")
        took.append(time.monotonic() - began)

    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            group.create_task(one(f"Message {number} says that the declaration of 1956 binds both sides."))
            await asyncio.sleep(max(0.0, began + (number + 1) / rate - time.monotonic()))
    return took


async def _save(folder: Path, place: Place) -> None:
    with closing(Database.open(folder / DATABASE)) as database:
        await Archive.of(database, lambda _: ()).discussions.keep(place, "A thread", None, Anchor("kuril-question"))


def _held(folder: Path) -> dict[str, str]:
    with closing(Database.open(folder / DATABASE)) as database:
        return dict(database.reader.execute("SELECT platform_id, text FROM messages").fetchall())


async def _reach(port: int) -> None:
    """Wait until the bot listens."""
    async with ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/"):
                    return
            except ClientConnectionError:
                await asyncio.sleep(SECONDS_BETWEEN_TRIES)


async def _all() -> None:
    for http in (False, True):
        with TemporaryDirectory() as name:
            took = await measure(Path(name), rate=RATE, seconds=SECONDS, http=http)
        low, high, most = (round(one * 1000, 1) for one in (statistics.median(took), p99(took), max(took)))
        print(f"{'HTTP' if http else 'Socket Mode'}: {len(took)} events, p50 {low} ms, p99 {high} ms, most {most} ms")


if __name__ == "__main__":
    asyncio.run(_all())
