"""A reading larger than anybody's, on the whole bot: nothing over a limit leaves it, and nothing of it is lost."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import commands
from bot.answering import Answering
from bot.archive.buttons import Buttons
from bot.archive.database import Database
from bot.archive.settings import Settings
from bot.metrics import Metrics
from bot.platforms.terminal.render import as_text
from bot.readings.library import Library
from bot.readings.model import Reading
from bot.registry import Registry
from tests.conftest import KURILS, MODERATOR, Bot
from tests.limits import check_terminal
from tests.readings.huge import write_huge
from tests.readings.packs import write_pack
from tests.walking import PLATFORMS, assert_all_said, pages

SLUG = "huge"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The huge reading beside nine small ones."""
    content = tmp_path_factory.mktemp("content")
    write_huge(content, SLUG)
    for number in range(9):
        write_pack(content, f"harbour-{number}")
    return Library.load(content)


@pytest.fixture
async def bot(library: Library, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot as a moderator meets it, since they see more buttons."""
    database = Database.open(tmp_path / "readalong.db")
    try:
        registry = Registry.of(commands, library)
        yield Bot(
            Answering(library, registry, Settings(database), Buttons(database), Metrics(), SLUG), MODERATOR, KURILS
        )
    finally:
        database.close()


@pytest.fixture
def reading(library: Library) -> Reading:
    return library.readings[SLUG]


def lines(reading: Reading) -> Iterator[str]:
    """What members may type: every command with many arguments."""
    text = reading.source.text if reading.source else ""
    third, ninth = (text[slice(*reading.source.spans[f"passage-{n}"])] for n in (3, 9)) if reading.source else ("", "")
    wrong = " ".join(word[::-1] if at % 9 == 4 else word for at, word in enumerate(ninth.split()))
    yield from ("/summary", "/summary long", "/questions", "/readings", "/about", "/topics", "/timeline", "/help")
    yield from ("/help quote", "/use nothing", "/use huge", "/readalong", "/readalong timeline 1800")
    yield from (f"/passage {number}" for number in (*range(1, 13), 21, 22, 600, 601))
    yield from (f"/topics {name}" for name in reading.topics)
    yield from (
        "/topics alias 12 39 @here",
        "/topics nothing",
        "/help",
        "/search",
        "/topic-050",
        "/readalong topic-180",
    )
    yield from (
        "/quote",
        "/quote number:5000",
        "/quote ¶3",
        "/quote ¶4 2",
        "/quote the",
        "/quote topic-012",
        "/quote 条約",
    )
    yield from ("/timeline 1800", "/timeline 1750-1850", "/timeline topic-011", "/timeline event", "/timeline nothing")
    yield from ("/ask What about event 条約?", "/ask When was opening 3?", "/ask ¶9 ¶10 ¶11", f"/ask {third[:5000]}")
    yield from (f"/check {third[:5990]}", f"/check {wrong[:5990]}", "/check opening", "/check " + "x" * 5000)
    yield from (
        f"/check {reading.title[:5000]}",
        "/check ... a ... b ... c",
        "/check " + "日本と露西亜の間の条約は長い。" * 90,
    )
    yield f"/timeline {'event ' * 40}"
    yield from ("/" + "x" * 4000, "/no such thing as this", "/quote " + "🇯🇵" * 140, "/use harbour-3", "/use huge")


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_every_reply_is_within_the_limits_and_shown_whole(bot: Bot, reading: Reading, platform: str) -> None:
    long = 0
    for line in lines(reading):
        reply = await bot.say(line)
        assert "Something went wrong" not in reply.plain(), line
        found = await pages(bot.answering, reply, platform, bot.person, bot.place)
        assert_all_said(reply, "\n".join(map(PLATFORMS[platform].texts, found)))
        long += len(found) > 1

    assert long > 60


async def test_a_terminal_shows_every_reply_whole(bot: Bot, reading: Reading) -> None:
    for line in lines(reading):
        reply = await bot.say(line)
        text = as_text(reply)

        check_terminal(text)
        assert_all_said(reply, text)


async def test_every_button_leads_somewhere_that_fits(bot: Bot, reading: Reading) -> None:
    seen: set[str] = set()
    for line in lines(reading):
        for button in (await bot.say(line)).buttons:
            if button.line not in seen and not button.once:
                seen.add(button.line)
                reply = await bot.press_button(button)
                assert not reply.refused or button.label == "Run the example", (button, reply.plain())
                for shown in PLATFORMS.values():
                    shown.check(shown.render(reply))
    assert len(seen) > 300
