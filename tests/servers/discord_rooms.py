"""What stands in the channels and threads of the Discord on this machine, and the events that tell of it.

Every change returns the gateway's events for it; the messages of a place are what the bot's archive has to equal.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.servers import discord_payloads as made
from tests.servers.discord_payloads import Payload

EPOCH = 1420070400000  # milliseconds: the first of 2015
PUBLIC_THREAD, PRIVATE_THREAD = 11, 12

Events = list[tuple[str, Payload]]

_lower = count()


def snowflake(moment: datetime | None = None) -> str:
    """An id of that moment, now if none is given; later ones of the same millisecond are higher."""
    at = moment or datetime.now(UTC)
    return str((int(at.timestamp() * 1000) - EPOCH) << 22 | next(_lower) % (1 << 22))


def moment_of(identity: str) -> datetime:
    """When an id was given."""
    return datetime.fromtimestamp(((int(identity) >> 22) + EPOCH) / 1000, UTC)


class Rooms:
    """The messages by channel or thread, oldest first; `threads` by id; `in_thread` says who is in a private one."""

    def __init__(self, guild: Payload) -> None:
        self.guild = guild
        self.messages: dict[str, list[Payload]] = defaultdict(list)
        self.in_thread: dict[str, set[str]] = defaultdict(set)

    @property
    def channels(self) -> list[Payload]:
        """Every channel, and every thread that is not archived."""
        return [*self.guild["channels"], *self.guild["threads"]]

    def say(
        self, channel: str, text: str, *, who: Payload | None = None, at: datetime | None = None, **more: Any
    ) -> tuple[Payload, Events]:
        """Somebody says something."""
        identity = snowflake(at)
        author = who or made.user()
        message = made.message({"content": text, **more}, channel) | {
            "id": identity,
            "author": author,
            "timestamp": moment_of(identity).isoformat(),
            **more,
        }
        self.messages[channel].append(message)
        self.messages[channel].sort(key=lambda one: int(one["id"]))
        return message, [("MESSAGE_CREATE", self._told(message))]

    def edit(self, message: Payload, text: str, at: datetime | None = None) -> Events:
        """Its author changes what a message says."""
        moment = at or max(datetime.now(UTC), moment_of(message["id"]) + timedelta(milliseconds=1))
        message["content"], message["edited_timestamp"] = text, moment.isoformat()
        return [("MESSAGE_UPDATE", self._told(message))]

    def delete(self, *messages: Payload) -> Events:
        """Messages of one channel are deleted; several at once are told at once."""
        channel = messages[0]["channel_id"]
        for message in messages:
            self.messages[channel].remove(message)
        where = {"channel_id": channel, "guild_id": made.GUILD}
        if len(messages) > 1:
            return [("MESSAGE_DELETE_BULK", {"ids": [one["id"] for one in messages], **where})]
        return [("MESSAGE_DELETE", {"id": messages[0]["id"], **where})]

    def react(self, message: Payload, emoji: str, who: str, *, on: bool = True) -> Events:
        """Somebody puts a reaction on a message, or takes it off."""
        reactions: list[Payload] = message.setdefault("reactions", [])
        found = next((one for one in reactions if one["emoji"]["name"] == emoji), None)
        if found is None:
            details = {"me": False, "me_burst": False, "burst_colors": [], "count_details": {"burst": 0, "normal": 0}}
            found = {"emoji": {"id": None, "name": emoji}, "count": 0, **details}
            reactions.append(found)
        found["count"] += 1 if on else -1
        message["reactions"] = [one for one in reactions if one["count"]]
        told = {"user_id": who, "channel_id": message["channel_id"], "message_id": message["id"],
                "guild_id": made.GUILD, "emoji": {"id": None, "name": emoji}, "burst": False, "type": 0}  # fmt: skip
        return [
            (
                f"MESSAGE_REACTION_{'ADD' if on else 'REMOVE'}",
                told | ({"member": made.member(who), "message_author_id": message["author"]["id"]} if on else {}),
            )
        ]

    def clear(self, message: Payload, emoji: str = "") -> Events:
        """All reactions of a message are removed, or those of one kind."""
        left = [one for one in message["reactions"] if emoji and one["emoji"]["name"] != emoji]
        message["reactions"] = left
        told = {"channel_id": message["channel_id"], "message_id": message["id"], "guild_id": made.GUILD}
        if not emoji:
            return [("MESSAGE_REACTION_REMOVE_ALL", told)]
        return [("MESSAGE_REACTION_REMOVE_EMOJI", {**told, "emoji": {"id": None, "name": emoji}})]

    def rename(self, channel: Payload, name: str) -> Events:
        """A channel or thread is called something else."""
        channel["name"] = name
        return [("THREAD_UPDATE" if "parent_id" in channel else "CHANNEL_UPDATE", dict(channel))]

    def open_thread(self, channel: str, name: str, *, private: bool = False, identity: str = "") -> Payload:
        """A thread under a channel."""
        thread = made.thread(identity or snowflake(), channel)
        thread |= {"name": name, "type": PRIVATE_THREAD if private else PUBLIC_THREAD}
        self.guild["threads"].append(thread)
        return thread

    def archive(self, thread: Payload, at: datetime | None = None) -> Events:
        """A thread is closed for want of messages."""
        moment = at or datetime.now(UTC)
        thread["thread_metadata"] |= {"archived": True, "archive_timestamp": moment.isoformat()}
        return [("THREAD_UPDATE", dict(thread))]

    def remove_thread(self, thread: Payload) -> Events:
        """A thread is deleted with all that is in it."""
        self.guild["threads"].remove(thread)
        self.messages.pop(thread["id"], None)
        keys = ("id", "guild_id", "parent_id", "type")
        return [("THREAD_DELETE", {key: thread[key] for key in keys})]

    def remove_channel(self, channel: Payload) -> Events:
        """A channel is deleted with its threads and all that is in them."""
        self.guild["channels"].remove(channel)
        for thread in [one for one in self.guild["threads"] if one["parent_id"] == channel["id"]]:
            self.remove_thread(thread)
        self.messages.pop(channel["id"], None)
        return [("CHANNEL_DELETE", dict(channel))]

    def history(self, channel: str, query: Mapping[str, str]) -> list[Payload]:
        """A page as the API gives it: the newest first, whatever was asked for."""
        found = self.messages[channel]
        limit = int(query.get("limit", 50))
        if "after" in query:
            found = [one for one in found if int(one["id"]) > int(query["after"])][:limit]
        elif "before" in query:
            found = [one for one in found if int(one["id"]) < int(query["before"])][-limit:]
        return found[-limit:][::-1]

    def archived(self, channel: str, kind: int, query: Mapping[str, str]) -> Payload:
        """A page of the archived threads of a channel, the latest archived first."""
        found = self._archived(channel, kind)
        found.sort(key=_archived_at, reverse=True)
        before = datetime.fromisoformat(query["before"]) if "before" in query else None
        return _page([one for one in found if before is None or _archived_at(one) < before], query)

    def joined(self, channel: str, who: str, query: Mapping[str, str]) -> Payload:
        """A page of the archived private threads of a channel that somebody is in, the latest opened first."""
        found = [one for one in self._archived(channel, PRIVATE_THREAD) if who in self.in_thread[one["id"]]]
        found.sort(key=lambda one: int(one["id"]), reverse=True)
        before = int(query["before"]) if "before" in query else None
        return _page([one for one in found if before is None or int(one["id"]) < before], query)

    def _archived(self, channel: str, kind: int) -> list[Payload]:
        threads = [one for one in self.guild["threads"] if one["parent_id"] == channel and one["type"] == kind]
        return [one for one in threads if one["thread_metadata"]["archived"]]

    def active(self) -> list[Payload]:
        """The threads of the server that are not archived."""
        return [one for one in self.guild["threads"] if not one["thread_metadata"]["archived"]]

    def _told(self, message: Payload) -> Payload:
        """A message as the gateway tells it."""
        author = message["author"]
        member = {key: value for key, value in made.member(author["id"]).items() if key != "user"}
        return {**message, "guild_id": made.GUILD, "member": member}


def _archived_at(thread: Payload) -> datetime:
    return datetime.fromisoformat(thread["thread_metadata"]["archive_timestamp"])


def _page(threads: list[Payload], query: Mapping[str, str]) -> Payload:
    limit = int(query.get("limit", 50))
    return {"threads": threads[:limit], "members": [], "has_more": len(threads) > limit}
