"""Work that goes on beside what Slack waits for."""

import asyncio
from collections.abc import Coroutine

SECONDS_TO_FINISH = 2.0


class Tasks:
    """The tasks under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Do some work in a task that `finish` waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Let what is under way come to its end for a moment, then stop it."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=SECONDS_TO_FINISH)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
