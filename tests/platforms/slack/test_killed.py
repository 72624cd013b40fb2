"""`readalong run` killed outright while people talk on Slack: afterwards the archive holds just what Slack holds."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from random import Random

from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.asker import Place
from tests.platforms.slack.conftest import until
from tests.servers.slack import CHANNEL, ME, MINA, TEAM, Json, SlackServer
from tests.test_run import SLACK_TOKENS, running

INNER = "G1"


async def save(path: Path, *places: Place) -> None:
    """Have these threads and channels saved, before the bot runs."""
    database = Database.open(path)
    discussions = Archive.of(database, lambda _: ()).discussions
    for place in places:
        if place.thread:
            await discussions.keep(place, "A thread", None, Anchor("japan-russia-2016"))
        else:
            await discussions.keep_channel(place, "inner")
    database.close()


def something(server: SlackServer, chance: Random, root: str) -> Json:
    """Somebody says, edits, deletes or reacts to something, in the saved thread, the saved channel or elsewhere."""
    workspace = server.workspace
    channel, thread = chance.choice([(CHANNEL, root), (CHANNEL, root), (INNER, ""), (CHANNEL, "")])
    known = sorted(workspace.standing(channel, thread))[1:]
    match chance.randrange(8):
        case 0 if known:
            return workspace.edit(channel, chance.choice(known), f"changed {chance.random()}")
        case 1 if known:
            return workspace.delete(channel, chance.choice(known))
        case 2 if known:
            return workspace.react(
                channel, chance.choice(known), chance.choice(["eyes", "+1"]), chance.choice([MINA, "U2"])
            )
        case 3 if not thread and known:
            return workspace.say("a reply", channel=channel, thread=chance.choice(known))
        case _:
            return workspace.say(f"words {chance.random()}", channel=channel, thread=thread)


@asynccontextmanager
async def talk(server: SlackServer, chance: Random, root: str) -> AsyncIterator[None]:
    """People talk for as long as the block runs."""

    async def go_on() -> None:
        while True:
            server.tell(something(server, chance, root))
            await asyncio.sleep(0.002)

    talking = asyncio.create_task(go_on())
    yield
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)


def held(path: Path, channel: str) -> dict[str, str]:
    """What the archive holds of a channel, by `ts`."""
    with closing(sqlite3.connect(path)) as db:
        return dict(
            db.execute(
                "SELECT m.platform_id, m.text FROM messages m JOIN channels c ON c.id = m.channel "
                "WHERE m.deleted_at IS NULL AND c.platform_id = ?",
                (channel,),
            ).fetchall()
        )


def reactions(path: Path) -> dict[tuple[str, str], int]:
    """How many reactions of each kind each message has."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(
            "SELECT m.platform_id, r.emoji, sum(r.people) FROM reactions r JOIN messages m ON m.id = r.message "
            "WHERE m.deleted_at IS NULL GROUP BY 1, 2 HAVING sum(r.people) > 0"
        ).fetchall()
    return {(ts, emoji): count for ts, emoji, count in rows}


async def test_killed_again_and_again_it_loses_nothing_and_keeps_nothing_twice(tmp_path: Path) -> None:
    path, chance = tmp_path / "archive.db", Random(7)  # noqa: S311 - the same talk each time
    async with SlackServer.running() as server:
        workspace = server.workspace
        workspace.open(INNER, "inner", ME, MINA, private=True)
        root = workspace.say("The root")["ts"]
        workspace.say("The first", channel=INNER)
        await save(path, Place("slack", TEAM, CHANNEL, root), Place("slack", TEAM, INNER))
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("UPDATE channels SET kept_since = '2020-01-01T00:00:00.000Z' WHERE kept_since IS NOT NULL")
        settings = f'[slack]\napi_url = "{server.api_url}"\n[archive]\npath = "{path}"'
        server.pauses = (0.2, 1.0, 2.0)
        async with talk(server, chance, root):
            for _ in range(2):
                before = server.connections
                async with running(tmp_path, settings, **SLACK_TOKENS) as bot:
                    await server.connected(before + 1)
                    acks = len(server.acks)
                    await server.until(partial(lambda least: len(server.acks) >= least, acks + 200))
                    bot.process.kill()
                    await bot.process.wait()
        async with running(tmp_path, settings, **SLACK_TOKENS):
            await server.told_all()

            def standing() -> dict[tuple[str, str], int]:
                every = [*workspace.channels[INNER].messages.values(), *workspace.channels[CHANNEL].messages.values()]
                mine = {*workspace.standing(INNER), *workspace.standing(CHANNEL, root)}
                return {
                    (m["ts"], r["name"]): r["count"] for m in every for r in m.get("reactions", []) if m["ts"] in mine
                }

            await until(lambda: held(path, INNER) == workspace.standing(INNER))
            await until(lambda: held(path, CHANNEL) == workspace.standing(CHANNEL, root))
            await until(lambda: reactions(path) == standing())
    assert not server.undelivered
