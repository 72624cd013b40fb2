"""Slack as the fault harness has it: people talk in it, and its line and its events go wrong."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random

from bot.asker import Place
from tests.faults.comparing import Messages, Standing, Where
from tests.servers.slack import CHANNEL, ME, MINA, TEAM, Json, SlackServer, Tier, limited, refusal
from tests.servers.slack_workspace import SPEECH
from tests.test_run import SLACK_TOKENS

INNER = "G1"
PEOPLE = (MINA, "U2")
MOST = 60
READ = ("conversations.history", "conversations.replies")

ODD: list[Json] = [
    {"type": "message"},
    {"type": "message", "channel": CHANNEL, "user": None, "text": None, "ts": None},
    {"type": "message", "channel": None, "user": MINA, "text": "nowhere", "ts": "1.0"},
    {"type": "message", "subtype": "message_changed", "channel": CHANNEL, "ts": "2.0"},
    {"type": "message", "subtype": "message_changed", "channel": INNER, "ts": "2.0", "message": None},
    {"type": "message", "subtype": "message_deleted", "channel": CHANNEL, "deleted_ts": None, "ts": "3.0"},
    {"type": "message", "subtype": ["odd"], "channel": CHANNEL, "ts": {"odd": 1}},
    {"type": "reaction_added", "user": MINA, "reaction": "eyes", "item": None, "event_ts": "1.0"},
    {"type": "reaction_removed", "item": {"type": "message", "channel": CHANNEL, "ts": "x"}},
    {"type": "channel_rename", "channel": None},
    {"type": "user_change", "user": {"id": None}},
    {"type": "something_new"},
]
FRAMES: list[object] = ["no JSON", [], {"type": "events_api"}, {"type": "hello"}, {"envelope_id": "e1", "type": "odd"}]


class OnSlack:
    """A saved thread, a saved private channel with threads of its own, and what is said beside them."""

    platform = "slack"

    def __init__(self, server: SlackServer) -> None:
        self.server = server
        self.workspace = server.workspace
        self.said: dict[str, list[str]] = defaultdict(list)
        self.server.pauses = (0.1, 0.3) + (1.0,) * 60  # nothing is given up but all at once
        self.server.patience = 2.0
        self.server.tier = Tier(per_page=15, seconds=0.0)
        self._late: list[Json] = []
        self._telling: set[asyncio.Task[None]] = set()
        self.workspace.open(INNER, "inner", ME, MINA, private=True)
        self.root = self._say("The root", CHANNEL)["ts"]
        for number in range(40):
            self._say(f"old {number}", CHANNEL, self.root, at=datetime.now(UTC) - timedelta(hours=9))

    tokens = SLACK_TOKENS
    kinds = ("line", "refresh", "limit", "error", "odd frame")

    @property
    def places(self) -> tuple[Place, ...]:
        """What is saved."""
        return Place("slack", TEAM, CHANNEL, self.root), Place("slack", TEAM, INNER)

    @property
    def settings(self) -> str:
        """What points the bot at this Slack."""
        return f'[slack]\napi_url = "{self.server.api_url}"\n'

    @property
    def connections(self) -> int:
        """How often the bot was greeted."""
        return self.server.connections

    @property
    def pages(self) -> int:
        """How many pages of history the bot asked for."""
        return sum(call.method in READ for call in self.server.calls)

    def standing(self) -> Messages:
        """What the archive has to hold."""
        found: Messages = {}
        for channel in (CHANNEL, INNER):
            for ts, one in self.workspace.channels[channel].messages.items():
                root = one.get("thread_ts", "") if one.get("thread_ts") != ts or channel == CHANNEL else ""
                thread = self.root if ts == self.root else root
                if one.get("subtype") in SPEECH and (channel == INNER or thread == self.root):
                    counts = {each["name"]: each["count"] for each in one.get("reactions", [])}
                    found[Where("slack", channel, thread, ts)] = Standing(one["user"], one["text"], counts)
        return found

    async def away(self) -> None:
        """The bot was away for so long that Slack gave up telling it what happened before, and goes on later."""
        await self.server.give_up()
        for task in (given_up := list(self._telling)):
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        self._late.clear()

    async def act(self, chance: Random) -> None:
        """Somebody does something, and Slack tells of it: once, five times, later than what comes after it."""
        event = self._something(chance)
        how, odd = chance.randrange(8), chance.choice(ODD)
        match how:
            case 0:
                for _ in range(5):
                    self.server.tell(event)
            case 1:
                self._late.append(event)
            case 2:
                self.server.tell(event)
                self.server.tell(odd)
            case _:
                self.server.tell(event)
        if len(self._late) > 2:
            await self.settle()

    async def settle(self) -> None:
        """Tell what was held back, the last first, each once the one before is taken."""
        late, self._late = self._late, []
        task = asyncio.create_task(self._in_order(late[::-1]))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _in_order(self, events: list[Json]) -> None:
        for event in events:
            await self.server.tell(event)

    async def trouble(self, chance: Random, kind: str) -> None:
        """Let the line or the API go wrong."""
        match kind:
            case "line":
                await self.server.drop()
            case "refresh" if self.server.sockets:
                await self.server.send_frame({"type": "disconnect", "reason": "refresh_requested"})
            case "limit":
                self.server.answers(chance.choice(READ), limited(), limited())
            case "error":
                self.server.answers(chance.choice(READ), refusal("internal_error"))
            case "odd frame" if self.server.sockets:
                await self.server.send_frame(chance.choice(FRAMES))

    def _something(self, chance: Random) -> Json:
        channel, thread = chance.choice([(CHANNEL, self.root), (CHANNEL, self.root), (INNER, ""), (CHANNEL, "")])
        known = sorted(self.workspace.standing(channel, thread))[1:]
        what = chance.randrange(10) if len(known) < MOST else chance.choice([0, 1, 1, 1, 2])
        ts, person, number = chance.choice(known or [""]), chance.choice(PEOPLE), chance.random()
        match what:
            case 0 if ts:
                self.said[ts].append(f"changed {number}")
                return self.workspace.edit(channel, ts, f"changed {number}")
            case 1 if ts:
                return self.workspace.delete(channel, ts)
            case 2 | 3 if ts:
                emoji = chance.choice(["eyes", "+1"])
                standing = self.workspace.channels[channel].messages[ts].get("reactions", [])
                on = not any(one["name"] == emoji and person in one["users"] for one in standing)
                return self.workspace.react(channel, ts, emoji, person, on=on)
            case 4 if not thread and ts:
                return self._say(f"reply {number}", channel, ts, person=person)
            case 5 if ts:
                return self.workspace.unfurl(channel, ts)
            case _:
                return self._say(f"words {number}", channel, thread, person=person)

    def _say(self, words: str, channel: str, thread: str = "", at: datetime | None = None, person: str = MINA) -> Json:
        event = self.workspace.say(words, channel=channel, thread=thread, person=person, at=at)
        self.said[event["ts"]].append(words)
        return event
