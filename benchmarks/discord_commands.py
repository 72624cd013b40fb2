"""`/quote` on Discord: from the interaction's frame on the gateway to the whole answer at the callback's address.

Ours and the bare bot run side by side, each on a Discord of its own in this process, and are asked by turns.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks import bots
from benchmarks.bots import SECONDS_TO_ANSWER, Bot, Message, NotMeasured, shown
from benchmarks.numbers import Comparison, Round
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer, Sent

BOUND = 1.3
BREATH = 0.004  # seconds between two questions, in which a bot ends what it does after its answer
WARM_UP = 30

Options = Mapping[str, str | int]

QUESTIONS: tuple[Options, ...] = ({}, {"about": "treaty"})

_people = count(700_000_000_000_000_000)  # everybody asks once, so that no answer is held back by the cooldown


@dataclass(slots=True)
class OnDiscord:
    """A bot that is connected to a Discord of its own."""

    server: DiscordServer
    bot: Bot

    async def ask(self, options: Options, times: int = 1) -> list[float]:
        """Ask `/quote` so many times at once: the seconds to each answer. Raises NotMeasured."""
        self.server.requests.clear()
        began: dict[str, float] = {}
        for _ in range(times):
            asked = made.interaction(2, made.command("quote", options), who=made.member(str(next(_people))))
            began[asked["id"]] = time.monotonic()
            await self.server.gateway.dispatch("INTERACTION_CREATE", asked)
        await self._answered(times)
        return [sent.at - began[_of(sent)] for sent in self.server.requests]

    @property
    def answer(self) -> Message:
        """The last answer."""
        return shown(self.server.requests[-1].body["data"])

    async def _answered(self, times: int) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                await self.server.until(lambda: len(self.server.requests) >= times)
        except TimeoutError as error:
            raise NotMeasured(f"{self.bot.log.stem} answered {len(self.server.requests)} of {times}") from error


@dataclass(frozen=True, slots=True)
class Pair:
    """Both bots, connected."""

    ours: OnDiscord
    bare: OnDiscord

    async def compare(self, options: Options, rounds: int, turns: int, at_once: int = 1) -> Comparison:
        """So many rounds, in each of which both bots are asked so many times by turns. Raises NotMeasured."""
        for one in (self.ours, self.bare):
            for _ in range(WARM_UP // at_once + 1):
                await one.ask(options, at_once)
        self._same_answers()
        taken = [await self._round(turns, at_once, options) for _ in range(rounds)]
        asked = " ".join(["/quote", *(f"{name}:{value}" for name, value in options.items())])
        how = "one by one" if at_once == 1 else f"{at_once} at once"
        return Comparison(f"`{asked}`, {how}", tuple(taken), BOUND)

    async def _round(self, turns: int, at_once: int, options: Options) -> Round:
        ours: list[float] = []
        bare: list[float] = []
        for turn in range(turns):
            sides = [(self.ours, ours), (self.bare, bare)]
            for one, seconds in sides if turn % 2 else reversed(sides):
                seconds.extend(await one.ask(options, at_once))
                await asyncio.sleep(BREATH)
        self._same_answers()
        return Round(tuple(ours), tuple(bare))

    def _same_answers(self) -> None:
        if self.ours.answer != self.bare.answer:
            raise NotMeasured("the two bots on Discord answer different messages")


@asynccontextmanager
async def pair(folder: Path, options: Options) -> AsyncIterator[Pair]:
    """Both bots; the bare one answers what ours answers to `/quote` with these options."""
    async with DiscordServer.running() as one, DiscordServer.running() as other, bots.ours(folder, one) as ours:
        await ours.wait_for(one.connected())
        await ours.wait_for(one.until(lambda: one.sent("PUT", "/applications/*/commands")))
        asked = OnDiscord(one, ours)
        await asked.ask(options)
        async with bots.bare_discord(folder, other, one.requests[-1].body["data"]) as bare:
            await bare.wait_for(other.connected())
            yield Pair(asked, OnDiscord(other, bare))


def _of(sent: Sent) -> str:
    """The id of the interaction that a callback answers."""
    return sent.path.split("/")[2]
