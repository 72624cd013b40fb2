"""`readalong digest`: a digest as a file, and as a picture where what draws it is installed."""

import io
import json
import os
import re
import subprocess
import sys
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot import app
from bot.archive.discussions import Anchor
from bot.archive.events import Author, Said, Unsaid
from bot.asker import Place
from bot.cli.digest import _digest
from bot.config import Config
from bot.errors import BotError
from tests.conftest import JUN, MINA

THREAD = Place("discord", "1", "10", "77")


@pytest.fixture
async def file(config: Config) -> Config:
    """The configuration of a group in whose archive are three messages by two people, an hour and five hours old."""
    async with app.assembled(config) as answering:
        archive = answering.archive
        await archive.discussions.keep(THREAD, "On the islands", Author(MINA.id, MINA.name), Anchor(""))
        for number, (person, hours) in enumerate([(MINA, 5), (MINA, 1), (JUN, 1)]):
            at = datetime.now(UTC) - timedelta(hours=hours)
            await archive.capture.save(Said(THREAD, f"m{number}", Author(person.id, person.name), "So it is.", at))
    return config


@pytest.fixture
def no_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra is not installed."""
    monkeypatch.delitem(sys.modules, "bot.digest.chart", raising=False)
    monkeypatch.setitem(sys.modules, "PIL", None)


def described(data: bytes) -> str:
    """The words that a PNG holds."""
    return str(Image.open(io.BytesIO(data)).info["Description"])


async def test_the_digest_as_a_picture_has_its_numbers_in_words(file: Config) -> None:
    data = await _digest(file, None, "", "png", post=False)

    assert isinstance(data, bytes)
    assert "3 messages by 2 people in 1 thread." in described(data)
    assert sum(map(int, re.findall(r"(\d+) at \d\d:", described(data)))) == 3


async def test_the_picture_counts_what_the_digest_counts_and_no_more(file: Config) -> None:
    """Not a private thread, another program, what was deleted, nor what was said days ago and saved only now."""
    now, hidden = datetime.now(UTC), replace(THREAD, thread="99", private=True)
    mina, program = Author(MINA.id, MINA.name), Author("500", "A program", bot=True)
    an_hour_ago, long_ago = now - timedelta(hours=1), now - timedelta(days=3)
    async with app.assembled(file) as answering:
        archive = answering.archive
        await archive.discussions.keep(hidden, "Among moderators", mina, Anchor(""))
        await archive.capture.save(Said(hidden, "m10", mina, "In private.", an_hour_ago))
        await archive.capture.save(Said(THREAD, "m11", program, "From a program.", an_hour_ago))
        await archive.capture.save(Said(THREAD, "m12", mina, "Taken back.", an_hour_ago))
        await archive.capture.save(Unsaid(THREAD, "m12", an_hour_ago, now))
        await archive.capture.save(Said(THREAD, "m13", mina, "Long ago.", long_ago))
    data = await _digest(file, None, "", "png", post=False)
    numbers = json.loads(str(await _digest(file, None, "", "json", post=False)))

    assert isinstance(data, bytes)
    assert (numbers["messages"], numbers["earlier_messages"]) == (3, 1)
    assert sum(map(int, re.findall(r"(\d+) at \d\d:", described(data)))) == 3


async def test_a_channels_picture_says_that_it_is_one_channels(file: Config) -> None:
    data = await _digest(file, None, "10", "png", post=False)

    assert isinstance(data, bytes)
    assert described(data).startswith("Bar chart. Messages per hour, in one channel,")


async def test_a_page_holds_the_picture_with_its_words(file: Config) -> None:
    page = str(await _digest(file, None, "", "html", post=False))
    found = re.search(
        r'<img src="data:image/png;base64,([^"]+)" width="390" style="max-width: 100%" alt="([^"]+)">', page
    )

    assert found
    assert described(b64decode(found[1])) == found[2]


async def test_without_what_draws_it_a_picture_says_what_to_install(file: Config, no_pillow: None) -> None:
    with pytest.raises(BotError, match="To have it: pip install pillow"):
        await _digest(file, None, "", "png", post=False)


async def test_without_what_draws_it_a_page_is_text(file: Config, no_pillow: None) -> None:
    page = str(await _digest(file, None, "", "html", post=False))

    assert '<meta name="color-scheme" content="light dark">' in page
    assert "<img" not in page
    assert "3 messages by 2 people" in page


def run(folder: Path, *arguments: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "bot", "digest", "--config", str(folder / "config.toml"), *arguments]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, check=False)  # noqa: S603 - our own words


async def test_it_is_printed_or_written_to_a_file(file: Config, tmp_path: Path) -> None:
    printed = run(tmp_path, "--format", "png")
    written = run(tmp_path, "--format", "png", "--output", str(tmp_path / "digest.png"))
    text = run(tmp_path, "--output", str(tmp_path / "digest.md"))

    assert described(printed.stdout)
    assert (written.returncode, written.stdout) == (0, b"")
    assert described((tmp_path / "digest.png").read_bytes())
    assert text.returncode == 0
    assert "So it is" in (tmp_path / "digest.md").read_text(encoding="utf-8")


async def test_a_terminal_is_not_filled_with_a_picture(file: Config, tmp_path: Path) -> None:
    terminal, end = os.openpty()
    try:
        refused = run(tmp_path, "--format", "png", stdout=end)
    finally:
        os.close(end)
        os.close(terminal)

    assert refused.returncode == 1
    assert "--output digest.png" in refused.stderr.decode()


async def test_a_file_that_cant_be_written_is_named(file: Config, tmp_path: Path) -> None:
    refused = run(tmp_path, "--output", str(tmp_path / "nowhere" / "digest.md"))

    assert refused.returncode == 1
    assert "digest.md can't be written: No such file or directory." in refused.stderr.decode()
    assert "Traceback" not in refused.stderr.decode()
