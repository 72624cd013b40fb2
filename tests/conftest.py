"""What the tests share: the real bot, on the readings of this repository and a database file of its own."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import settings

from bot import app
from bot.answering import Answering
from bot.archive.buttons import button_id, pressed
from bot.asker import Person, Place
from bot.config import CLONE, Config, load
from bot.reply import Button, Reply
from tests.venues import MadeUpVenue

CONTENT = CLONE / "content"
MINA = Person("U1", "Mina")
JUN = Person("U2", "Jun")
MODERATOR = Person("U9", "Mo", moderator=True)
KURILS = Place("discord", "1", "10")


settings.register_profile("unhurried", deadline=None)  # machines differ, and a test says what is right, not how fast
settings.load_profile("unhurried")


@dataclass
class Bot:
    """The bot as one person in one channel meets it."""

    answering: Answering
    person: Person = MINA
    place: Place = KURILS
    replies: list[Reply] = field(default_factory=list)

    async def say(self, line: str) -> Reply:
        """Type a line."""
        self.replies.append(await self.answering.line(line, self.person, self.place))
        return self.replies[-1]

    async def press(self, label: str) -> Reply:
        """Press the button of that label on the last reply."""
        return await self.press_button(next(b for b in self.replies[-1].buttons if b.label == label))

    async def press_button(self, button: Button) -> Reply:
        """Press a button as a platform would send it back."""
        line, public = pressed(button_id(button))
        self.replies.append(await self.answering.press(line, self.person, self.place, public=public))
        return self.replies[-1]

    def as_moderator(self) -> "Bot":
        """The same bot and place, as met by a moderator."""
        return replace(self, person=MODERATOR, replies=[])

    def at(self, place: Place) -> "Bot":
        """The same bot and person in another place."""
        return replace(self, place=place, replies=[])

    def as_person(self, person: Person) -> "Bot":
        """The same bot and place, as met by somebody else."""
        return replace(self, person=person, replies=[])


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The defaults, with a database of its own, free ports and no cooldown; readings without anybody's copy."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content, ignore=shutil.ignore_patterns("source.txt"))
    shutil.copy(CONTENT / "kuril-question" / "source.txt", content / "kuril-question")
    file = tmp_path / "config.toml"
    file.write_text(
        '[readings]\npath = "content"\n[web]\nport = 0\npublic_port = 0\n[replies]\ncooldown = 0\n', encoding="utf-8"
    )
    return load(file, environ={})


@pytest.fixture
async def answering(config: Config, venue: MadeUpVenue) -> AsyncIterator[Answering]:
    """What answers, put together as `readalong run` does, with a made-up Discord connected."""
    async with app.assembled(config) as made:
        await venue.join(made.venues, made.archive)
        yield made


@pytest.fixture
def venue() -> MadeUpVenue:
    """The platform of the bot's channel, made up."""
    return MadeUpVenue()


@pytest.fixture
def bot(answering: Answering) -> Bot:
    """The bot as Mina, a member, meets it in a channel."""
    return Bot(answering)
