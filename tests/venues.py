"""A made-up platform for tests of what does not depend on one: who can read what is set by the test.

The real ones are driven in tests/platforms.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.archive.archive import Archive
from bot.archive.events import Author, Changed, Said
from bot.asker import Person, Place
from bot.backfill import Backfill, Progress
from bot.errors import BotError
from bot.reply import Reply
from bot.venue import Page, Readable, Venue
from bot.venues import Venues

BOT = Author("B1", "Readalong", bot=True)
BEGAN = datetime(2026, 11, 9, 12, tzinfo=UTC)


async def read_all(archive: Archive, venue: Venue, platform: str = "discord") -> Progress:
    """Read back what is missing, as a connected platform does all the time. Returns how it went."""
    told: asyncio.Queue[Progress] = asyncio.Queue()
    backfill = Backfill(archive, venue, platform, told.put_nowait)
    await backfill.connected()
    progress = Progress()
    while progress.done + progress.failed < max(progress.places, 1):
        progress = await told.get()
    await backfill.close()
    return progress


@dataclass
class MadeUpVenue:
    """Channels 10 (#kurils) and 11 (#treaties) are open to all of the workspace; others only to whom a test names."""

    posts: dict[Place, list[Said]] = field(default_factory=lambda: defaultdict(list))
    cards: list[Reply] = field(default_factory=list)
    open_channels: frozenset[str] = frozenset({"10", "11"})
    private_channels: dict[str, frozenset[str]] = field(default_factory=dict)
    private_threads: dict[str, frozenset[str]] = field(default_factory=dict)
    members: frozenset[str] = frozenset({"U1", "U2", "U9"})
    marked: list[tuple[Place, str, Said]] = field(default_factory=list)
    told: list[tuple[str, Reply]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    states: dict[Place, Changed] = field(default_factory=dict)
    trouble: Exception | None = None
    asked: int = 0
    _ids: Iterator[int] = field(default_factory=lambda: count(100))

    async def join(self, venues: Venues, archive: Archive, platform: str = "discord") -> Backfill:
        """Be a connected platform of that name."""
        backfill = Backfill(archive, self, platform, lambda _: None)
        venues.join(platform, self, backfill)
        return backfill

    def say(self, place: Place, author: Author, words: str, *, id_: str = "", minutes: float = 0) -> Said:
        """Let somebody say something there, so many minutes after noon; the bot is not told."""
        said = Said(place, id_ or str(next(self._ids)), author, words, BEGAN + timedelta(minutes=minutes))
        self.posts[place].append(said)
        return said

    async def open_thread(self, place: Place, title: str, card: Reply) -> Said:
        self._answer()
        return await self.post(replace(place, thread=str(next(self._ids))), replace(card, title=title))

    async def post(self, place: Place, reply: Reply, mark: str = "") -> Said:
        self._answer()
        if place.channel in self.gone:
            raise BotError("I can't post there: the channel is gone, or I am not in it.")
        self.cards.append(reply)
        said = replace(self.say(place, BOT, reply.plain()), ours=True)
        self.posts[place][-1] = said
        if mark:
            self.marked.append((place, mark, said))
        return said

    async def find_post(self, place: Place, mark: str) -> Said | None:
        self._answer()
        if place.channel in self.gone:
            raise BotError("I can't read that channel.")
        return next((said for where, known, said in self.marked if (where, known) == (place, mark)), None)

    async def tell(self, place: Place, person: str, reply: Reply) -> None:
        self._answer()
        self.told.append((person, reply))

    async def readable(self, person: Person, place: Place) -> Readable:
        self._answer()
        if person.id not in self.members or place.workspace != "1":
            return Readable()
        mine = frozenset(one for one, people in self.private_channels.items() if person.id in people)
        threads = frozenset(one for one, people in self.private_threads.items() if person.id in people)
        return Readable(self.open_channels | mine, threads)

    async def audience(self, place: Place) -> Readable:
        self._answer()
        return Readable(self.open_channels | {place.channel}, frozenset({place.thread} if place.private else ()))

    async def home(self, person: Person) -> str:
        return "1" if person.id in self.members else ""

    async def title(self, place: Place) -> str:
        if place.thread and place not in self.posts:
            raise BotError("There is no thread here yet.")
        return self.posts[place][0].words if place.thread else f"channel {place.channel}"

    async def state(self, place: Place) -> Changed | None:
        return self.states.get(place)

    async def threads(self, place: Place, since: datetime) -> AsyncIterator[Place]:
        for one in list(self.posts):
            if one.thread and one.channel == place.channel and self.posts[one][-1].at >= since:
                yield one

    async def history(self, place: Place, since: datetime) -> AsyncIterator[Page]:
        self._answer()
        found = tuple(said for said in self.posts[place] if said.at >= since)
        yield Page(found, (), since, datetime.now(UTC))

    def link(self, place: Place, message: str = "") -> str:
        return f"https://example.org/{place.workspace}/{place.thread or place.channel}/{message}"

    def _answer(self) -> None:
        self.asked += 1
        if self.trouble:
            raise self.trouble
