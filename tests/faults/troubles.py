"""What goes wrong with the database of a running bot: another process holds it, or there is no room."""

import asyncio
import os
import resource
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

HOLD = (
    "import sqlite3, sys; held = sqlite3.connect(sys.argv[1], timeout=60); held.execute('BEGIN IMMEDIATE'); "
    "print('held', flush=True); sys.stdin.read()"
)


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Another process is writing to the database, for as long as this lasts."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD, path, stdin=pipe, stdout=pipe)
    try:
        assert process.stdout
        assert await process.stdout.readline() == b"held\n"
        yield
    finally:
        await process.communicate(b"")


@asynccontextmanager
async def no_room(path: Path, process: int) -> AsyncIterator[None]:
    """That process can't make any file grow beyond what the database's journal has now."""
    _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    journal = path.with_name(f"{path.name}-wal")
    size = os.stat(journal).st_size if journal.exists() else 4096  # noqa: PTH116 - a look, not a wait
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (hard, hard))
