"""What a start does not do, since it would cost time and memory that most bots never need."""

import os
import subprocess
import sys
from pathlib import Path

from bot.config import CLONE

QUOTE = """
import asyncio, sys
from bot.app import assembled
from bot.asker import Person, Place
from bot.config import load

async def main() -> None:
    async with assembled(load()) as answering:
        reply = await answering.line("/quote", Person("1", "M"), Place("discord", "1", "2"))
        assert not reply.refused

asyncio.run(main())
print(*sys.modules)
"""


def test_a_bot_that_has_its_tables_answers_without_what_it_does_not_need(tmp_path: Path) -> None:
    """Imported where they are used: sqlite-utils to change tables and write rows, markdown-it for texts with marks,
    Prometheus' client to be read, and what /ask does to be asked, aiohttp's server to
    serve somebody.
    """
    config = tmp_path / "config.toml"
    config.write_text(f'[readings]\npath = "{CLONE / "content"}"', encoding="utf-8")
    environ = {**os.environ, "READALONG_CONFIG": str(config)}

    def imported() -> set[str]:
        done = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", QUOTE], cwd=CLONE, env=environ, check=True, capture_output=True, text=True
        )
        return set(done.stdout.split())

    assert "sqlite_utils" in imported()  # the first start makes the tables
    assert not imported() & {"sqlite_utils", "markdown_it", "prometheus_client", "bot.readings.asking", "aiohttp.web"}
