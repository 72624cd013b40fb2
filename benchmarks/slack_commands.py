"""`/quote` on Slack: from the command's frame or request to its acknowledgement, in both modes; and to the answer.

Ours and stock Bolt run side by side, each on a Slack of its own in this process, and are asked by turns. Each call
to Slack takes as long as `seconds_per_call` says, since over the internet none is answered at once.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import ClientConnectionError, ClientSession, web

from benchmarks import bots
from benchmarks.bots import SECONDS_TO_ANSWER, Bot, Message, NotMeasured, sayable
from benchmarks.numbers import Comparison, Round
from tests.servers.slack import SlackServer, signed
from tests.servers.slack_payloads import command

BOUND = 0.15
BREATH = 0.004  # seconds between two questions, in which a bot ends what it does after its answer
WARM_UP = 20
SECONDS_AFAR = 0.05  # a call to Slack over the internet and back, about
SECONDS_BETWEEN_TRIES = 0.005

_people = count(1)  # everybody asks once, so that no answer is held back by the cooldown


class SlackWithDistance(SlackServer):
    """The loopback Slack, whose Web API and response URLs answer after so many seconds.

    `answered` is when the last answer had come whole, by the monotonic clock.
    """

    seconds_per_call = 0.0
    answered = 0.0

    def application(self) -> web.Application:
        """The application, with what makes it slow around it."""
        app = super().application()
        app.middlewares.append(self._later)
        return app

    @web.middleware
    async def _later(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.path.startswith("/respond/"):
            await request.read()
            self.answered = time.monotonic()
        if request.path.startswith(("/api/", "/respond/")):
            await asyncio.sleep(self.seconds_per_call)
        return await handler(request)


@dataclass(frozen=True, slots=True)
class Times:
    """The seconds from one command to its acknowledgement, and to its answer."""

    ack: float
    answer: float


@dataclass(slots=True)
class OnSlack:
    """A bot on a Slack of its own; in Socket Mode, or over HTTP at an address."""

    server: SlackWithDistance
    bot: Bot
    session: ClientSession
    address: str = ""

    async def ask(self) -> Times:
        """Ask `/quote`, and wait for both. Raises NotMeasured."""
        said = len(self.server.said)
        asked = command("/quote", response_url=self.server.response_url, person=f"U{next(_people)}")
        began = time.monotonic()
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                acked = await (self._by_http(asked) if self.address else self._by_socket(asked))
                await self.server.until(lambda: len(self.server.said) > said)
        except TimeoutError as error:
            raise NotMeasured(f"{self.bot.log.stem} did not acknowledge, or did not answer") from error
        return Times(acked - began, self.server.answered - began)

    @property
    def answer(self) -> Message:
        """The last answer, as far as `respond` can say it."""
        return sayable(self.server.said[-1])

    async def _by_socket(self, asked: Message) -> float:
        envelope = await self.server.send("slash_commands", asked)
        await self.server.acked(envelope)
        return self.server.acks[envelope]

    async def _by_http(self, asked: Message) -> float:
        body = urlencode(asked)
        headers = {"Content-Type": "application/x-www-form-urlencoded", **signed(body)}
        async with self.session.post(self.address, data=body, headers=headers) as response:
            if response.status != 200:
                raise NotMeasured(f"{self.bot.log.stem} acknowledged with status {response.status}")
            return time.monotonic()


@dataclass(frozen=True, slots=True)
class Pair:
    """Both bots, connected."""

    ours: OnSlack
    bare: OnSlack

    async def compare(self, rounds: int, turns: int, seconds_per_call: float = 0.0) -> list[Comparison]:
        """So many rounds, in each of which both bots are asked so many times by turns: acknowledgements, answers.

        Raises NotMeasured.
        """
        name = f"{'HTTP' if self.ours.address else 'Socket Mode'}, {seconds_per_call * 1000:g} ms"
        for one in (self.ours, self.bare):
            one.server.seconds_per_call = seconds_per_call
            for _ in range(WARM_UP):
                await one.ask()
        taken = [await self._round(turns) for _ in range(rounds)]
        acks = tuple(_of_both(one, lambda times: times.ack) for one in taken)
        answers = tuple(_of_both(one, lambda times: times.answer) for one in taken)
        return [Comparison(f"{name}: acknowledgement", acks, BOUND), Comparison(f"{name}: answer", answers)]

    async def _round(self, turns: int) -> list[tuple[Times, Times]]:
        taken: list[tuple[Times, Times]] = []
        for turn in range(turns):
            first, second = (self.ours, self.bare) if turn % 2 else (self.bare, self.ours)
            one = await first.ask()
            await asyncio.sleep(BREATH)
            other = await second.ask()
            await asyncio.sleep(BREATH)
            taken.append((one, other) if turn % 2 else (other, one))
        if self.ours.answer != self.bare.answer:
            raise NotMeasured("the two bots on Slack answer different messages")
        return taken


@asynccontextmanager
async def pair(folder: Path, *, http: bool) -> AsyncIterator[Pair]:
    """Both bots; the bare one answers what ours answers to `/quote`."""
    ports = (bots.free_port(), bots.free_port()) if http else (0, 0)
    async with (
        ClientSession() as session,
        SlackWithDistance.running() as one,
        SlackWithDistance.running() as other,
        bots.ours(folder, slack=one, http_port=ports[0]) as bot,
    ):
        ours = await _ready(OnSlack(one, bot, session), ports[0])
        await ours.ask()
        async with bots.bare_slack(folder, other, ours.answer, http_port=ports[1]) as bare:
            yield Pair(ours, await _ready(OnSlack(other, bare, session), ports[1]))


async def _ready(one: OnSlack, port: int) -> OnSlack:
    """The bot, once it is connected or listens."""
    if not port:
        await one.bot.wait_for(one.server.connected())
        return one
    address = f"http://127.0.0.1:{port}/slack/events"
    await one.bot.wait_for(_listened(one.session, address))
    return replace(one, address=address)


async def _listened(session: ClientSession, address: str) -> None:
    while True:
        try:
            async with session.get(address):
                return
        except ClientConnectionError:
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)


def _of_both(taken: list[tuple[Times, Times]], part: Callable[[Times], float]) -> Round:
    return Round(tuple(part(ours) for ours, _ in taken), tuple(part(bare) for _, bare in taken))
