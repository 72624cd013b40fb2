"""The fullest day: 500 threads with titles of 100 wide characters, 60 people in one, on every platform, in order."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive.digest_rows import Window
from bot.archive.events import Author, Said
from bot.asker import Place
from bot.digest.digests import Wanted
from bot.reply import Reply, Voice
from bot.venue import Readable
from tests.digest.world import Clock, World
from tests.venues import MadeUpVenue
from tests.walking import PLATFORMS, all_pages, assert_all_said

NOW = datetime(2026, 11, 10, tzinfo=UTC)
HERE = Place("discord", "1", "10")
CHANNELS = [str(10 + at) for at in range(10)]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path / "a.db", Clock(NOW), MadeUpVenue())
    made.database._thread.submit(made.database._writer.execute, "PRAGMA synchronous = OFF").result()
    yield made
    made.database.close()


async def fill(world: World) -> None:
    waiting = []
    for number in range(500):
        place = Place("discord", "1", CHANNELS[number % 10], f"{1000 + number}")
        opener = Author("U0", "北" * 40)
        await world.thread(place, f"{number:03}" + "題" * 96 + "？", opener, "islands")
        for person in range(60 if number == 250 else 2):
            said = f"{number}-{person}"
            words = f"{said} " + "言" * 1900 + "？"
            author = Author(f"U{person}", "北" * 40)
            waiting.append(Said(place, said, author, words, NOW - timedelta(hours=2, seconds=-person)))
    for one in [world.archive.capture.save(said) for said in waiting]:
        await one


def card(world: World) -> Reply:
    window = Window(0, world.archive.digest_rows.newest(), NOW - timedelta(days=1), NOW)
    wanted = Wanted(HERE, window, NOW.date(), "Asia/Tokyo")
    _, made = world.posting.digests.make(wanted, Readable(frozenset(CHANNELS)), world.venue.link)
    run_line = "/posted-digest mark:0123456789abcdef01234567"
    return Reply(made.title, made.parts, made.reading, line=run_line)


async def test_the_fullest_day_is_within_all_limits_in_order_and_says_what_it_leaves_out(world: World) -> None:
    await fill(world)
    made = card(world)
    text = made.plain()

    for platform, shown in PLATFORMS.items():
        pages = all_pages(made, platform)
        assert_all_said(made, "\n".join(map(shown.texts, pages)))
        assert len(pages) <= 8, (platform, len(pages))
    assert "500 threads" in made.title
    assert "60 people" in text
    assert "1,058 messages by 60 people" in text
    assert "Not shown: 495 unanswered questions, 487 threads." in text
    assert text.index("Without an answer") < text.index("Most active") < text.index("New ·") < text.index("In all")
    voices = [part.voice for part in made.parts]
    assert voices.index(Voice.READING) > max(at for at, voice in enumerate(voices) if voice is Voice.MEMBER)
