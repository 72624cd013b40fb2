"""Saving events as they come: durable when `save` returns, many in one transaction when many come at once.

There is no waiting for company: while one transaction is being committed the next one's events gather, so a lone
message is written at once, and a flood in few large transactions.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.archive.coverage import Interval, cover, extend, known_seq
from bot.archive.database import Database
from bot.archive.events import Changed, Event, Said, Unsaid
from bot.archive.link_rows import Quoted, link
from bot.archive.mending import mended
from bot.archive.message_rows import standing
from bot.archive.names import Names
from bot.archive.privacy import Privacy
from bot.archive.retention import Retention
from bot.archive.storing import store
from bot.archive.tables import Tables
from bot.asker import Place
from bot.logs import fault
from bot.times import now, stamp
from bot.venue import Page

MOST_AT_ONCE = 1000
TOO_NEW = timedelta(minutes=1)

_Waiting = tuple[Event, "asyncio.Future[None]"]


def _without_our_words(event: Event) -> Event:
    """The bot's own posts are saved without their words: those may be members', and have to go when those go."""
    return replace(event, words="") if isinstance(event, Said) and event.ours and event.words else event


class Capture:
    """Saves events. One for each open database. `quoted` finds the passages that a text quotes."""

    def __init__(self, database: Database, privacy: Privacy, retention: Retention, quoted: Quoted) -> None:
        self._database = database
        self._privacy = privacy
        self._retention = retention
        self._quoted = quoted
        self._names = Names()
        self._erased = privacy.erased
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    def save(self, event: Event) -> "asyncio.Future[None]":
        """Save an event; to be awaited, until it is committed. Raises sqlite3.Error there when it can't be."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return done

    async def save_page(self, place: Place, page: Page) -> None:
        """Save a stretch of a place's history, and that it is covered now; what is not in it any more is gone.

        What was heard since the bot listens there and written within the last minute is not taken for gone: it may
        have been told too late.
        """
        try:
            await self._database.write(lambda db: self._store_page(db, place, page))
        except (UnicodeEncodeError, OverflowError):
            await self._database.write(lambda db: self._store_page(db, mended(place), mended(page)))

    def forget_names(self) -> None:
        """Look every row up again. For the writer's thread, where rows that others point to were removed."""
        self._names.forget()

    def _store_live(self, db: Tables, events: Sequence[Event]) -> None:
        self._take_up(db, events)
        extend(db, self._names, events)

    def _store_page(self, db: Tables, place: Place, page: Page) -> None:
        try:
            there = {said.id for said in page.said}
            until, known = min(page.last, now() - TOO_NEW), known_seq(db, self._names, place)
            gone = [
                Unsaid(place, message, at, page.last)
                for message, at, seq in standing(db, self._names, place, page.first, page.last)
                if message not in there and (at < until or seq <= known)
            ]
            out = {said.id for said in page.said if self._privacy.bars(said)}
            self._take_up(db, [*page.said, *(one for one in page.counted if one.id not in out), *gone])
            cover(db, self._names, place, Interval(stamp(page.first), stamp(page.last)))
        except BaseException:
            self._names.forget()
            raise

    def _take_up(self, db: Tables, events: Sequence[Event]) -> None:
        """Store events, but none of those who opted out, nor too old ones; looked at here, in the writer's thread."""
        if self._erased != self._privacy.erased:
            self._erased = self._privacy.erased
            self._names.forget()
        taken = [self._allowed(db, event) for event in events if not self._bars(event)]
        store(db, self._names, taken)
        link(db, self._names, taken, self._quoted)

    def _bars(self, event: Event) -> bool:
        return self._privacy.bars(event) or self._retention.bars(event)

    def _allowed(self, db: Tables, event: Event) -> Event:
        """The event without words that may not be held: the bot's own, and titles by somebody who opted out."""
        if isinstance(event, Changed) and event.name and (thread := self._names.thread(db, event.place)):
            return event if self._privacy.may_title(db, thread) else replace(event, name="")
        return self._privacy.masked(event) if isinstance(event, Said) and not event.ours else _without_our_words(event)

    async def _write(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            await self._commit(some)

    async def _commit(self, some: Sequence[_Waiting]) -> None:
        """Commit events together; where that fails, each half by itself, so that one can't keep the others out."""
        try:
            await self._store([event for event, _ in some])
        except Exception as error:  # noqa: BLE001 - whoever waits for the event is told
            if len(some) > 1 and not isinstance(error, sqlite3.OperationalError):
                fault("archive.batch_failed", error, events=len(some))
                await self._commit(some[: len(some) // 2])
                await self._commit(some[len(some) // 2 :])
                return
            for _, done in some:
                if not done.done():
                    done.set_exception(error)
        else:
            for _, done in some:
                if not done.done():
                    done.set_result(None)

    async def _store(self, events: Sequence[Event]) -> None:
        try:
            await self._transact(events)
        except (UnicodeEncodeError, OverflowError):
            await self._transact([mended(event) for event in events])

    async def _transact(self, events: Sequence[Event]) -> None:
        try:
            await self._database.write(lambda db: self._store_live(db, events))
        except BaseException:
            self._names.forget()
            raise
