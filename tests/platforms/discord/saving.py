"""A saved thread on the Discord on this machine, and what the archive holds beside what stands there."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.answering import Answering
from bot.archive.discussions import Anchor
from bot.asker import Place
from tests.servers import discord_payloads as made
from tests.servers.discord import PATIENCE, DiscordServer
from tests.servers.discord_payloads import Payload

T = TypeVar("T")

CHANNEL = Place("discord", made.GUILD, made.CHANNEL)
THREAD = Place("discord", made.GUILD, made.CHANNEL, made.THREAD)


async def eventually(found: Callable[[], T]) -> T:
    """What `found` gives once it gives something true."""
    async with asyncio.timeout(PATIENCE):
        while not (value := found()):  # noqa: ASYNC110 - the archive tells nobody that it has a row
            await asyncio.sleep(0.001)
    return value


@dataclass(frozen=True)
class Saving:
    """The bot connected, with one saved thread."""

    server: DiscordServer
    answering: Answering

    async def keep(self, place: Place = THREAD) -> None:
        """Save a thread or channel from now on."""
        discussions = self.answering.archive.discussions
        if place.thread:
            await discussions.keep(place, "chapter 3", None, Anchor("japan-russia-2016"))
        else:
            await discussions.keep_channel(place, "study")

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Rows of the archive."""
        return list(self.answering.archive.database.reader.execute(sql, values).fetchall())

    def texts(self) -> list[str]:
        """What stands in the archive, in the order in which it was written."""
        by_id = "SELECT text FROM messages WHERE deleted_at IS NULL ORDER BY CAST(platform_id AS INTEGER)"
        return [row[0] for row in self.rows(by_id)]

    def held(self, channel: str = made.THREAD) -> dict[str, str]:
        """The texts that stand in the archive of a channel (outside of threads) or thread, by their ids."""
        return dict(self.rows(
            "SELECT m.platform_id, m.text FROM messages m JOIN channels c ON c.id = m.channel "
            "LEFT JOIN threads t ON t.id = m.thread "
            "WHERE ifnull(t.platform_id, c.platform_id) = ? AND m.deleted_at IS NULL", channel,
        ))  # fmt: skip

    def standing(self, channel: str = made.THREAD) -> dict[str, str]:
        """The texts that stand on the server in a channel or thread, by their ids."""
        return {one["id"]: one["content"] for one in self.server.rooms.messages[channel]}

    def reactions(self) -> dict[str, int]:
        """How many reactions there are of each kind."""
        return dict(self.rows("SELECT emoji, sum(people) FROM reactions GROUP BY emoji HAVING sum(people)"))

    async def say(self, text: str, channel: str = made.THREAD, **more: Any) -> Payload:
        """Let somebody say something."""
        return await self.server.say(channel, text, **more)

    async def all_heard(self) -> None:
        """Wait until everything that the gateway told so far has been taken up."""
        last = await self.say("the last word so far")
        await eventually(lambda: self.rows("SELECT 1 FROM messages WHERE platform_id = ?", last["id"]))
        await self.server.tell(self.server.rooms.delete(last))
        await eventually(
            lambda: self.rows("SELECT 1 FROM messages WHERE platform_id = ? AND deleted_at IS NOT NULL", last["id"])
        )
