"""What a start does not do, since it would cost time and memory that most bots never need."""

import os
import subprocess
import sys
from pathlib import Path

from bot.config import CLONE

QUOTE = """
import asyncio, sys
from bot.app import assembled
from bot.readings import text
from bot.asker import Person, Place
from bot.config import load

async def main() -> None:
    async with assembled(load()) as answering:
        reply = await answering.line("/quote", Person("1", "M"), Place("discord", "1", "2"))
        assert not reply.refused

asyncio.run(main())
assert not text._token.cache_info().currsize, "the pattern of words was compiled"
print(*sys.modules)
"""

RUN = """
import sys
from bot.cli import main

sys.argv = ["readalong", "run", "--config", "missing.toml"]
try:
    main()
except SystemExit as ended:
    assert ended.code == 1
print(*sys.modules)
"""

UNNEEDED = {
    "sqlite_utils", "markdown_it", "prometheus_client", "bot.readings.asking", "aiohttp.web", "bot.digest.building",
    "bot.digest.cards",
}  # fmt: skip


def imported(script: str, **environ: str) -> set[str]:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", script], cwd=CLONE, env={**os.environ, **environ}, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    return set(done.stdout.split())


def test_a_bot_that_runs_imports_nothing_of_the_other_commands() -> None:
    """`readalong run` is read without click, which only the other commands and the help need."""
    assert not imported(RUN) & {"click", "bot.cli.commands"}


def test_a_bot_that_has_its_tables_answers_without_what_it_does_not_need(tmp_path: Path) -> None:
    """Imported where they are used: sqlite-utils to change tables and write rows, markdown-it for texts with marks,
    Prometheus' client to be read, and what /ask does to be asked, aiohttp's server to
    serve somebody, what builds digests to make one. What words consist of is compiled when a text is looked through.
    """
    config = tmp_path / "config.toml"
    config.write_text(f'[readings]\npath = "{CLONE / "content"}"', encoding="utf-8")
    environ = {"READALONG_CONFIG": str(config)}

    assert "sqlite_utils" in imported(QUOTE, **environ)  # the first start makes the tables
    assert not imported(QUOTE, **environ) & UNNEEDED
