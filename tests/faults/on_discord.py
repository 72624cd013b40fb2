"""Discord as the fault harness has it: people talk in it, and its line and its events go wrong."""

from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from types import MappingProxyType

from bot.asker import Place
from tests.faults.comparing import Messages, Standing, Where
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer
from tests.servers.discord_rooms import Events, moment_of
from tests.test_run import reach

SAVED = "300000000000000007"
THERE = {"channel_id": made.THREAD, "guild_id": made.GUILD}
HISTORY = "/channels/*/messages"
EMOJI = ("👍", "👀")
PEOPLE = (made.MEMBER, "400000000000000002")
MOST = 90  # messages that stand in one place; with more, people rather delete

ODD: Events = [
    ("MESSAGE_CREATE", {}),
    ("MESSAGE_CREATE", {**THERE, "id": None, "content": None, "author": None}),
    ("MESSAGE_CREATE", {"id": "1", "channel_id": "7", "guild_id": "8", "content": "elsewhere"}),
    ("MESSAGE_UPDATE", {**THERE, "id": "1"}),
    ("MESSAGE_UPDATE", {"id": "1", "channel_id": None, "guild_id": None}),
    ("MESSAGE_DELETE", {**THERE, "id": None}),
    ("MESSAGE_DELETE", {"id": "1", "channel_id": "7", "guild_id": "8"}),
    ("MESSAGE_DELETE_BULK", {**THERE, "ids": None}),
    ("MESSAGE_REACTION_ADD", {**THERE, "message_id": "1", "user_id": None, "emoji": None}),
    ("MESSAGE_REACTION_REMOVE_ALL", {}),
    ("THREAD_UPDATE", {"id": made.THREAD}),
    ("CHANNEL_UPDATE", {"id": SAVED, "guild_id": None}),
    ("SOMETHING_NEW", {"id": 1}),
]


class OnDiscord:
    """A saved thread, a saved channel with threads of its own, and a channel of which nothing is saved."""

    platform = "discord"

    def __init__(self, server: DiscordServer) -> None:
        self.server = server
        self.rooms = server.rooms
        self.said: dict[str, list[str]] = defaultdict(list)
        self._late: list[tuple[str, Events]] = []
        self._who: dict[str, set[tuple[str, str]]] = defaultdict(set)
        server.guild["channels"].append(made.text_channel(SAVED, "saved"))
        self._inside = self.rooms.open_thread(SAVED, "inside")["id"]
        for number in range(150):
            message, _ = self.rooms.say(made.THREAD, f"old {number}", at=datetime.now(UTC) - timedelta(hours=10))
            self.said[message["id"]].append(f"old {number}")

    places = (Place("discord", made.GUILD, made.CHANNEL, made.THREAD), Place("discord", made.GUILD, SAVED))
    tokens = MappingProxyType({"DISCORD_TOKEN": made.TOKEN})

    @property
    def settings(self) -> str:
        """What points the bot at this Discord."""
        return reach(self.server)

    @property
    def connections(self) -> int:
        """How often the bot identified itself."""
        return self.server.gateway.log.count("identify")

    @property
    def pages(self) -> int:
        """How many pages of history the bot asked for."""
        return len(self.server.sent("GET", HISTORY))

    def standing(self) -> Messages:
        """What the archive has to hold."""
        found: Messages = {}
        for channel, thread in ((made.CHANNEL, made.THREAD), (SAVED, ""), (SAVED, self._inside)):
            for one in self.rooms.messages[thread or channel]:
                counts = {each["emoji"]["name"]: each["count"] for each in one.get("reactions", [])}
                where = Where("discord", channel, thread, one["id"])
                found[where] = Standing(one["author"]["id"], one["content"], counts)
        return found

    async def away(self) -> None:
        """The bot was away for long; with its session all is forgotten that was to be told."""

    async def act(self, chance: Random) -> None:
        """Somebody does something, and the gateway tells of it: once, five times, later than what comes after it."""
        events = self._something(chance)
        match chance.randrange(8):
            case 0:
                await self._tell(events * 5)
            case 1 if not events[0][0].startswith("MESSAGE_REACTION"):  # of which Discord does not say when they were
                self._late.append((self.server.gateway.session, events))
            case 2:
                await self._tell(events)
                await self._tell([chance.choice(ODD)])
            case _:
                await self._tell(events)
        if len(self._late) > 2:
            await self.settle()

    async def settle(self) -> None:
        """Tell what was held back, the last first; of another session nothing is told."""
        late, self._late = self._late, []
        for session, events in reversed(late):
            if session == self.server.gateway.session:
                await self._tell(events)

    async def trouble(self, chance: Random, kind: str) -> None:
        """Let the line or the API go wrong. On a line that the last trouble broke nothing more is said."""
        with suppress(ConnectionError):
            await self._go_wrong(kind)

    async def _go_wrong(self, kind: str) -> None:
        gateway = self.server.gateway
        match kind:
            case "line":
                gateway.drop()
            case "reconnect":
                await gateway.send({"op": 7, "d": None})
            case "invalid":
                await gateway.send({"op": 9, "d": True})
            case "new session":
                await gateway.invalidate()
            case "limit":
                self.server.limit_rate("GET", HISTORY, 0.02)
            case "error":
                self.server.refuse("GET", HISTORY, 503)

    kinds = ("line", "reconnect", "invalid", "new session", "limit", "error")

    async def _tell(self, events: Events) -> None:
        await self.server.tell(events)

    def _something(self, chance: Random) -> Events:
        room = chance.choice([made.THREAD, made.THREAD, SAVED, self._inside, made.CHANNEL])
        known = self.rooms.messages[room]
        what = chance.randrange(10) if len(known) < MOST else chance.choice([0, 1, 1, 1, 2, 3])
        message = chance.choice(known) if known else None
        person, emoji, number = chance.choice(PEOPLE), chance.choice(EMOJI), chance.random()
        match what:
            case 0 if message:
                before = message["edited_timestamp"]
                moment = max(datetime.now(UTC), moment_of(message["id"]) + timedelta(milliseconds=1))
                if before:
                    moment = max(moment, datetime.fromisoformat(before) + timedelta(milliseconds=1))
                self.said[message["id"]].append(f"changed {number}")
                return self.rooms.edit(message, f"changed {number}", moment)
            case 1 if message:
                count = chance.choice([1, 1, 3])
                return self.rooms.delete(*known[-count:] if count > 1 else (message,))
            case 2 | 3 if message:
                return self._react(message, emoji, person)
            case 4 if message and message.get("reactions"):
                self._who[message["id"]].clear()
                return self.rooms.clear(message)
            case _:
                made_now, events = self.rooms.say(room, f"words {number}", who=made.user(person))
                self.said[made_now["id"]].append(f"words {number}")
                return events

    def _react(self, message: made.Payload, emoji: str, person: str) -> Events:
        """Put a reaction on, or take it off where it is on."""
        who: set[tuple[str, str]] = self._who[message["id"]]
        on = (emoji, person) not in who
        who.symmetric_difference_update({(emoji, person)})
        return self.rooms.react(message, emoji, person, on=on)
