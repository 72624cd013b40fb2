"""`make bench`: measure everything in one run, and write docs/performance.md.

SEARCH_MESSAGES and DIGEST_MESSAGES say how large the archives are that are searched and told of. Exits 1 when something
could not be measured. A bound that is missed is said, and is no error.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import capture, digest, discord_commands, machine, search, slack_commands, starting
from benchmarks.bots import NotMeasured
from benchmarks.numbers import Comparison
from benchmarks.report import (
    Digests,
    Measured,
    captures_table,
    commands_table,
    digest_table,
    page,
    starts_table,
    verdict,
)
from bot.config import CLONE

SEARCHED = int(os.environ.get("SEARCH_MESSAGES", str(search.MESSAGES)))
TOLD = int(os.environ.get("DIGEST_MESSAGES", "5_000_000"))
PAGE = CLONE / "docs" / "performance.md"


async def measure() -> Measured:
    """Everything; takes some fifteen minutes. Raises NotMeasured."""
    described = machine.described()
    discord = await _discord()
    print(commands_table(discord, "bare"), flush=True)
    slack = await _slack()
    print(commands_table(slack, "bare"), flush=True)
    with _folder() as folder:
        starts = await starting.measure(folder, rounds=10)
    print(starts_table(starts, "s or MiB", 3), flush=True)
    captures = await _captures()
    print(captures_table(captures), flush=True)
    with _folder() as folder:
        found = search.measure(folder, SEARCHED)
    print("\n".join(found), flush=True)
    with _folder() as folder:
        told = Digests(TOLD, *digest.measure(folder, TOLD))
    print(digest_table(told), flush=True)
    bots_measured = (tuple(discord), tuple(slack), tuple(starts))
    return Measured(described, *bots_measured, tuple(captures), SEARCHED, tuple(found), told)


async def _discord() -> list[Comparison]:
    found: list[Comparison] = []
    for options in discord_commands.QUESTIONS:
        with _folder() as folder:
            async with discord_commands.pair(folder, options) as pair:
                found.append(await pair.compare(options, rounds=10, turns=60))
                found.append(await pair.compare(options, rounds=10, turns=5, at_once=100))
    return found


async def _slack() -> list[Comparison]:
    found: list[Comparison] = []
    for http in (False, True):
        with _folder() as folder:
            async with slack_commands.pair(folder, http=http) as pair:
                found += await pair.compare(rounds=10, turns=40)
                found += await pair.compare(rounds=10, turns=10, seconds_per_call=slack_commands.SECONDS_AFAR)
    return found


async def _captures() -> list[Comparison]:
    with _folder() as folder:
        return [await capture.measure(folder, size, 10, turns) for size, turns in ((1, 40), (100, 20), (1000, 6))]


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def main() -> int:
    """Measure, print, write."""
    try:
        measured = asyncio.run(measure())
    except NotMeasured as error:
        print(error, file=sys.stderr)
        return 1
    PAGE.write_text(page(measured), encoding="utf-8")
    print(verdict(measured))
    return 0


sys.exit(main())
