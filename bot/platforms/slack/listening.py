"""What Slack tells is saved where it concerns the saved discussions, and only then acknowledged.

Slack sends again what was not acknowledged: at once, after a minute and after five. What could not be saved by then
is read back from its history once the database takes it again.
"""

from dataclasses import replace
from datetime import datetime

from slack_bolt.async_app import AsyncAck
from slack_bolt.response import BoltResponse

from bot.answering import Answering
from bot.archive.events import Changed, Event, Reacted, Said
from bot.asker import Place
from bot.backfill import Backfill
from bot.logs import fault
from bot.platforms.slack.hearing import heard, said
from bot.platforms.slack.identity import Identity
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.payload import Body, part, text
from bot.platforms.slack.people import People
from bot.platforms.slack.tasks import Tasks
from bot.slack_text import moment
from bot.times import now

MOST_EARLY = 1000
NOT_SAVED = 503  # Slack takes it for no acknowledgement, and sends the event again

SPOKEN = frozenset({"message", "reaction_added", "reaction_removed"})
HEARD = (
    "reaction_added",
    "reaction_removed",
    *("channel_rename", "channel_archive", "channel_unarchive", "channel_deleted", "channel_left"),
    *("group_rename", "group_archive", "group_unarchive", "group_deleted", "group_left"),
    "channel_id_changed",
    "member_joined_channel",
    "member_left_channel",
    "user_change",
    "app_uninstalled",
    "tokens_revoked",
)  # and messages
LEFT = frozenset({"channel_left", "group_left"})


class Listening:
    """Saves what is said on Slack. One for each connection of the bot."""

    def __init__(self, answering: Answering, people: People, backfill: Backfill, me: Identity, tasks: Tasks) -> None:
        self._archive = answering.archive
        self._venues = answering.venues
        self._people = people
        self._backfill = backfill
        self._me = me
        self._tasks = tasks
        self._unnamed: dict[str, None] = {}
        self._early: dict[tuple[str, str], list[Reacted]] = {}
        self._missed: set[Place] = set()

    async def take(self, ack: AsyncAck, body: Body) -> BoltResponse | None:
        """Handle an event, and acknowledge it once what it tells is durable; never, when it could not be saved."""
        try:
            await self.hear(part(body, "event"))
        except Exception as error:  # noqa: BLE001 - whatever keeps it from being saved, Slack is to tell it again
            fault("slack.not_saved", error)
            return BoltResponse(status=NOT_SAVED, body="")
        await ack()
        return None

    async def hear(self, told: Body) -> None:
        """Save what this event tells, as far as it is to be kept; durable when this returns."""
        kind = text(told, "type")
        if kind not in SPOKEN or text(told, "subtype").startswith("channel_convert"):
            self._venues.changed(PLATFORM, self._me.team)
        if found := heard(told, self._me, self._people.name_of):
            await self._save(found)
        match kind:
            case "user_change":
                await self._renamed(part(told, "user"))
            case "member_joined_channel" if text(told, "user") == self._me.user:
                await self._joined(text(told, "channel"))
            case _ if kind in LEFT or (kind == "member_left_channel" and text(told, "user") == self._me.user):
                await self._left(text(told, "channel"), moment(text(told, "event_ts")) or now())
            case "channel_id_changed":
                old, new = text(told, "old_channel_id"), text(told, "new_channel_id")
                await self._archive.discussions.moved(self._channel(old), new)
            case "app_uninstalled":
                await self._archive.workspaces.left(self._channel(""))
            case "tokens_revoked" if self._me.user in (part(told, "tokens").get("bot") or ()):
                await self._archive.workspaces.left(self._channel(""))

    def said(self, message: Body, channel: str) -> Said | None:
        """A message that Slack shows us beside its events, where it stands."""
        found = said(message, channel, self._me, self._people.name_of)
        return replace(found, place=self._place(found)) if found else None

    async def _save(self, what: Event) -> None:
        if not self._archive.discussions.knows(what.place) and isinstance(what, Changed):
            return
        if not isinstance(what, Changed):
            what = replace(what, place=self._place(what))
        try:
            kept = await self._archive.hear(what)
        except BaseException:
            if self._archive.discussions.keeps(what.place):
                self._missed.add(what.place)
            raise
        if isinstance(what, Said | Reacted):
            await self._after(what, kept=kept)
        if kept and self._missed:
            await self._read_missed()

    async def _after(self, what: Said | Reacted, *, kept: bool) -> None:
        """A reaction may come before its message, and a message before its author's name."""
        if kept:
            self._learn(what)
        if isinstance(what, Said):
            key = (what.place.channel, what.id)
            for early in self._early.get(key, ()) if kept else ():
                await self._archive.hear(replace(early, place=what.place))
            self._early.pop(key, None)
        elif not kept and self._archive.discussions.knows(what.place):
            if len(self._early) >= MOST_EARLY:
                del self._early[next(iter(self._early))]
            self._early.setdefault((what.place.channel, what.id), []).append(what)

    def _place(self, what: Said | Reacted | Event) -> Place:
        """Where what it is about stands: a thread's first message in it if that is saved, else in the channel.

        Of reactions, and of some deletions, Slack does not say in which thread the message is; the archive knows.
        """
        place, discussions = what.place, self._archive.discussions
        if isinstance(what, Changed) or place.thread:
            return place
        if discussions.is_marked(opened := replace(place, thread=what.id)):
            return opened
        if isinstance(what, Said) or not discussions.knows(place):
            return place
        return replace(place, thread=discussions.thread_of(place, what.id))

    async def _read_missed(self) -> None:
        """The database takes events again: what it did not take is to be read from Slack's history."""
        missed, self._missed = self._missed, set()
        for place in missed:
            await self._backfill.keep(place)

    def _learn(self, what: Said | Reacted) -> None:
        """Find out, beside all else, what the author of something is called."""
        author = what.author
        if not (author.name or author.bot or author.id in self._unnamed):
            self._unnamed[author.id] = None
            if len(self._unnamed) == 1:
                self._tasks.start(self._name_them())

    async def _name_them(self) -> None:
        while person := next(iter(self._unnamed), ""):
            await self._people.know([{"user": person}])
            if name := self._people.name_of(person):
                await self._archive.people.called(self._channel(""), person, name)
            self._unnamed.pop(person, None)

    async def _renamed(self, user: Body) -> None:
        profile = self._people.changed(user)
        if profile.name:
            await self._archive.people.called(self._channel(""), text(user, "id"), profile.name)

    async def _joined(self, channel: str) -> None:
        """The bot is in this channel again: what is saved there is listened to, and what it missed is read."""
        for place in self._saved_in(channel):
            await self._backfill.keep(place)

    async def _left(self, channel: str, when: datetime) -> None:
        """The bot was removed from this channel, so it hears nothing there any more."""
        if places := self._saved_in(channel):
            await self._archive.coverage.stopped(places, when)

    def _saved_in(self, channel: str) -> list[Place]:
        every = self._archive.discussions.places(PLATFORM)
        return [place for place in every if (place.workspace, place.channel) == (self._me.team, channel)]

    def _channel(self, channel: str) -> Place:
        return Place(PLATFORM, self._me.team, channel)
