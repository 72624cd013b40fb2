"""Posting digests, each exactly once: claim, post with a mark, record; after a crash, look for the mark first.

A claim has a lease. Who takes over a claim whose lease is over can't know whether the post was made, so it looks for it
in the channel; where it may not look, it does not post, and tells whoever made the schedule. What was posted once is
never posted again; what could not be posted falls into the next digest.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.archive.buttons import Buttons
from bot.archive.events import Said
from bot.archive.runs import Overtaken, Run, State
from bot.archive.schedules import Schedule
from bot.asker import Person, Place
from bot.digest.digests import DAY, Digests
from bot.digest.drawing import drawn
from bot.digest.due import CATCH_UP, LONGEST_AGO, due
from bot.errors import BotError
from bot.grammar import line
from bot.logs import event, fault
from bot.reply import Button, Chart, Note, Reply
from bot.venues import CANT_CHECK, Venues
from bot.words import markdown

if TYPE_CHECKING:
    from bot.digest.activity import Activity
    from bot.digest.building import Digest

TICK = 30.0  # seconds
LEASE = timedelta(minutes=2)
LONGEST_LOOK = timedelta(days=2)  # while a platform is away nothing else can be posted there either
PATIENCE = 30.0  # seconds for a platform to post, or to look; well within the lease
WAIT = timedelta(minutes=15)  # for what was said while the bot was away to be read
QUIET = "nothing was said"
NOT_SEEN = "I could not see whether it was posted before I was stopped"
NOT_POSTED = "the platform did not take it for 12 hours"
OVERTAKEN = "Another digest was posted here since you saw this one. Type /digest again."


class Posting:
    """Posts what is due on the connected platforms. One for each process; `holder` names it in its claims."""

    def __init__(self, digests: Digests, venues: Venues, buttons: Buttons, holder: str = "") -> None:
        self.digests = digests
        self._archive = digests.archive
        self._venues = venues
        self._buttons = buttons
        self._holder = holder or token_hex(8)
        self._waiting: dict[Run, datetime] = {}

    async def run(self) -> None:
        """Look every 30 s, for ever."""
        while True:
            try:
                await self.tick()
            except sqlite3.Error as error:  # the database can't be read just now
                fault("digests.not_looked_at", error)
            await asyncio.sleep(TICK)

    async def tick(self) -> None:
        """Settle what was begun, then post what is due. What fails is logged, and keeps nothing else waiting."""
        for platform in self._venues.connected:
            for run in self._archive.runs.open(platform):
                await self._guarded(self._go_on(run), run.place)
            for schedule in self._archive.schedules.on(platform):
                await self._guarded(self._post_due(schedule), schedule.place)

    async def by_hand(self, run: Run) -> Run:
        """Post this now, for a moderator. Raises BotError where it can't be, or was already."""
        try:
            claimed = await self._claim(run, again=True)
        except Overtaken:
            raise BotError(OVERTAKEN, line="/digest", label="The digest") from None
        if claimed is None:
            raise self._already(run)
        try:
            await self._post(claimed)
        except BotError:
            await self._archive.runs.give_back(claimed)
            raise
        return self._archive.runs.of(run.place, run.day) or claimed

    def card(self, digest_card: Reply, run: Run) -> Reply:
        """The card as it is posted: with buttons that show the same window, further pages and one's own view."""
        shown = line("posted-digest", mark=run.mark)
        mine = Button("As you can read it", line("posted-digest", mark=run.mark, whose="mine"))
        return replace(digest_card, buttons=(mine, Button("What did I miss?", "/digest")), line=shown)

    async def _guarded(self, work: Awaitable[None], place: Place) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - one destination that fails keeps no other waiting
            fault("digest.failed", error, platform=place.platform, channel=place.channel)

    async def _post_due(self, schedule: Schedule) -> None:
        moment, runs = self.digests.clock(), self._archive.runs
        since = moment.astimezone(ZoneInfo(schedule.zone)).date() - LONGEST_AGO
        for one in due(schedule, runs.recorded(schedule.place, since), moment):
            run = Run(schedule.place, one.day, schedule.zone, one.at, covers=schedule.covers)
            if one.skip:
                await runs.skip(run, one.skip)
                event("digest.skipped", channel=run.place.channel, date=run.day, why=one.skip)
            elif not self._is_to_wait(run, moment) and (claimed := await self._claim(run)):
                await self._settled(claimed)

    def _is_to_wait(self, run: Run, moment: datetime) -> bool:
        """Whether what was said while the bot was away is still being read, for up to 15 minutes."""
        first = self._waiting.setdefault(run, moment)
        if self._venues.is_reading_back(run.place.platform) and moment - first < WAIT:
            return True
        self._waiting = {one: at for one, at in self._waiting.items() if moment - at < DAY and one != run}
        return False

    async def _claim(self, run: Run, *, again: bool = False) -> Run | None:
        window = run.window or self.digests.next_window(run.place)
        return await self._archive.runs.claim(replace(run, holder=self._holder), LEASE, window, again=again)

    async def _go_on(self, run: Run) -> None:
        """Settle a run that somebody asked for, or began and did not settle."""
        if run.state is State.ASKED:
            if claimed := await self._claim(run):
                await self._settled(claimed)
            return
        if not await self._archive.runs.take_over(run, self._holder, LEASE):
            return
        run = replace(run, holder=self._holder)
        age = self.digests.clock() - run.due_at
        try:
            said = await self._look(run)
        except BotError:
            await self._fail(run, NOT_SEEN)
        except Exception:
            if age > LONGEST_LOOK:
                await self._fail(run, NOT_SEEN)
            raise
        else:
            if said:
                await self._note_posted(run, said.id)
            elif age > CATCH_UP:
                await self._fail(run, NOT_POSTED)
            else:
                await self._settled(run)

    async def _look(self, run: Run) -> Said | None:
        async with asyncio.timeout(PATIENCE):
            return await self._venues.at(run.place).find_post(run.place, run.mark)

    async def _settled(self, run: Run) -> None:
        """Post a claimed run, or note why not. What may pass by itself leaves it claimed, to be taken over."""
        try:
            await self._post(run)
        except BotError as error:
            if error.words == CANT_CHECK:
                event("digest.waits", channel=run.place.channel, why=error.words)
                return
            await self._fail(run, error.words)

    async def _post(self, run: Run) -> None:
        """Post a claimed run. Raises BotError where it can't be; any other error may mean that it was posted."""
        began = self.digests.clock()
        digest, reply = await self.made(run)
        if digest.quiet and not run.posted_by:
            await self._archive.runs.settle(run, State.SKIPPED, why=QUIET, read=True)
            event("digest.skipped", channel=run.place.channel, date=run.day, why=QUIET)
            return
        if self.digests.clock() - began > LEASE - timedelta(seconds=PATIENCE):
            raise TimeoutError
        async with asyncio.timeout(PATIENCE):
            said = await self._venues.at(run.place).post(run.place, reply, run.mark)
        await self._note_posted(run, said.id)

    async def made(self, run: Run) -> "tuple[Digest, Reply]":
        """The digest of a run, limited to what everybody in its destination can read, and its card as it is posted."""
        readable, wanted = await self._venues.audience(run.place), self.digests.of_run(run)
        digest, made = self.digests.make(wanted, readable, self._venues.at(run.place).link)
        if digest.messages:
            made = replace(made, picture=await _drawn(self.digests.activity(wanted, readable, digest)))
        nobody = Person("", "")
        return digest, await self._buttons.keep(self.card(made, run), nobody, run.place)

    async def _note_posted(self, run: Run, message: str) -> None:
        await self._archive.runs.settle(run, State.POSTED, message=message, read=not run.look_back)
        await self._archive.schedules.tell(run.place, "")
        event("digest.posted", channel=run.place.channel, date=run.day)

    async def _fail(self, run: Run, why: str) -> None:
        """Note that a run was not posted, and tell whoever made the schedule; the same reason once."""
        await self._archive.runs.settle(run, State.FAILED, why=why)
        event("digest.not_posted", level=logging.WARNING, channel=run.place.channel, date=run.day, why=why)
        schedule = self._archive.schedules.of(run.place)
        person = schedule.made_by if schedule else run.posted_by
        if schedule and not await self._archive.schedules.tell(run.place, why):
            return
        if person:
            await self._tell(run, person, why)

    async def _tell(self, run: Run, person: str, why: str) -> None:
        reason = f"{why[:1].upper()}{why[1:].rstrip('.')}."
        words = (
            f"The digest of {run.day.day} {run.day:%B} could not be posted. {reason} What was said falls into the next "
            "one. `/schedule list` shows what is due where."
        )
        reply = Reply("A digest was not posted", (Note(markdown(words)),), private=True)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._venues.at(run.place).tell(run.place, person, reply)
        except Exception as error:  # noqa: BLE001 - it is told again with the next failure
            fault("digest.not_told", error, channel=run.place.channel)
            await self._archive.schedules.tell(run.place, "")

    def _already(self, run: Run) -> BotError:
        there = self._archive.runs.of(run.place, run.day)
        if there and there.state is State.POSTED:
            said = f"The digest of {run.day.day} {run.day:%B} was posted there already."
            return BotError(f"{said} What was said since falls into the next one.",
                            line=line("posted-digest", mark=run.mark), label="Show it")  # fmt: skip
        return BotError("A digest is being posted there right now. Try again in two minutes.")


async def _drawn(activity: "Activity") -> Chart | None:
    """The chart, where it can be drawn: the words are posted without it, too."""
    try:
        return await asyncio.to_thread(drawn, [activity])
    except Exception as error:  # noqa: BLE001 - whatever is wrong with what draws, the digest has words
        fault("digest.not_drawn", error)
        return None
