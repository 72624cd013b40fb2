"""Saving events as they come: durable when `save` returns, many in one transaction when many come at once.

There is no waiting for company: while one transaction is being committed the next one's events gather, so a lone
message is written at once, and a flood in few large transactions.
"""

import asyncio
import sqlite3
from collections.abc import Sequence

from bot.archive.database import Database
from bot.archive.events import Event
from bot.archive.names import Names
from bot.archive.storing import store
from bot.logs import fault

MOST_AT_ONCE = 1000

_Waiting = tuple[Event, "asyncio.Future[None]"]


class Capture:
    """Saves events. One for each open database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._names = Names()
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def save(self, event: Event) -> None:
        """Save an event; returns once it is committed. Raises sqlite3.Error when it can't be."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            await self._commit(some)

    async def _commit(self, some: Sequence[_Waiting]) -> None:
        """Commit events together; where that fails, each by itself, so that one can't keep the others out."""
        try:
            await self._database.write(lambda db: store(db, self._names, [event for event, _ in some]))
        except Exception as error:  # noqa: BLE001 - whoever waits for the event is told
            self._names.forget()
            if len(some) > 1 and not isinstance(error, sqlite3.OperationalError):
                fault("archive.batch_failed", error, events=len(some))
                for one in some:
                    await self._commit([one])
                return
            for _, done in some:
                if not done.done():
                    done.set_exception(error)
        else:
            for _, done in some:
                if not done.done():
                    done.set_result(None)
