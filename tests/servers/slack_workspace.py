"""What a Slack workspace holds: channels, messages, threads, reactions, members; no network.

What people do changes it, and gives the event that Slack would send of it. The Web API methods that read it answer
as Slack's documentation says: newest first in channels, oldest first in threads, paged by cursor.
"""

import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]

TEAM, ME, BOT = "T1", "U0BOT", "B0BOT"
CHANNEL, MINA = "C1", "U1"
SPEECH = {None, "bot_message", "file_share", "me_message", "thread_broadcast"}


class Refused(Exception):
    """A method of the Web API says no, with a code."""


@dataclass
class Channel:
    """A channel; `more` are the flags of its object that differ from those of an ordinary one."""

    id: str
    name: str
    private: bool = False
    archived: bool = False
    members: set[str] = field(default_factory=lambda: {ME, MINA})
    messages: dict[str, Json] = field(default_factory=dict)
    more: Json = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """How events about it begin."""
        return "group" if self.private else "channel"

    def shown(self) -> Json:
        """Its object: https://docs.slack.dev/reference/objects/conversation-object."""
        return {
            "id": self.id, "name": self.name, "is_channel": not self.private, "is_group": self.private, "is_im": False,
            "is_private": self.private, "is_archived": self.archived, "is_member": ME in self.members,
            "is_shared": False, "is_ext_shared": False, "is_org_shared": False, "is_pending_ext_shared": False,
            **self.more,
        }  # fmt: skip

    def replies(self, root: str) -> list[Json]:
        """The replies in a thread, oldest first."""
        return sorted((one for one in self.messages.values() if _is_reply(one, root)), key=_ts)


class Workspace:
    """The workspace T1: the public channel C1, with the bot and Mina in it, and whatever a test adds.

    `per_page` is the most that one page of history holds; `parent_everywhere` puts a thread's first message on every
    page of it.
    """

    def __init__(self) -> None:
        self.people: dict[str, Json] = defaultdict(lambda: {"team_id": TEAM, "is_admin": False, "is_owner": False})
        self.channels: dict[str, Channel] = {CHANNEL: Channel(CHANNEL, "kurils")}
        self.per_page = 999
        self.parent_everywhere = False
        self.hides_before = ""  # the plan hides what is older than this `ts`
        self._last = 0
        self._ids = itertools.count(1)

    def open(self, channel: str, name: str, *members: str, private: bool = False, **more: object) -> Channel:
        """One more channel, with these people in it."""
        made = Channel(channel, name, private, members=set(members), more=more)
        self.channels[channel] = made
        return made

    def called(self, person: str, name: str, **more: object) -> Json:
        """What somebody is called, and their flags, from now on; gives the event."""
        self.people[person].update(name=name.lower(), profile={"display_name": name, "real_name": name}, **more)
        return {"type": "user_change", "user": {"id": person, **self.people[person]}, "event_ts": self.now()}

    def now(self, at: datetime | None = None) -> str:
        """A `ts` for this moment, or about that one; no two are the same, and those of now go up."""
        if at is not None:
            return f"{int(at.timestamp())}.{at.microsecond // 1000 * 1000 + next(self._ids) % 1000:06}"
        self._last = max(self._last + 1, int(time.time() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"

    def later(self) -> str:
        """A `ts` that is at least a millisecond after all before it: nobody edits a message sooner."""
        self._last += 1000
        return self.now()

    # --- what people do: each gives the event

    def say(
        self, words: str, *, channel: str = CHANNEL, thread: str = "", person: str = MINA,
        at: datetime | None = None, **more: object,
    ) -> Json:  # fmt: skip
        """A message; `thread` is the `ts` of the one that it replies to."""
        ts, where = self.now(at), self.channels[channel]
        message = {"type": "message", "user": person, "text": words, "ts": ts, "team": TEAM, **more}
        if thread:
            message["thread_ts"] = thread
            if root := where.messages.get(thread):
                root.update(thread_ts=thread, reply_count=root.get("reply_count", 0) + 1, latest_reply=ts)
        where.messages[ts] = message
        return self._event(channel, dict(message), ts)

    def edit(self, channel: str, ts: str, words: str) -> Json:
        """Another text for a message."""
        message = self.channels[channel].messages[ts]
        before, now = dict(message), self.later()
        message.update(text=words, edited={"user": message.get("user", MINA), "ts": now})
        return self._changed(channel, message, before, now)

    def unfurl(self, channel: str, ts: str) -> Json:
        """A preview under a message: a change without another text."""
        message = self.channels[channel].messages[ts]
        before = dict(message)
        message["attachments"] = [{"id": 1, "from_url": "https://example.org", "fallback": "A page"}]
        return self._changed(channel, message, before, self.later())

    def delete(self, channel: str, ts: str) -> Json:
        """A message is deleted; one with replies leaves a tombstone."""
        messages, now = self.channels[channel].messages, self.later()
        message = messages[ts]
        if self.channels[channel].replies(ts):
            kept: Json = {
                key: message[key] for key in ("ts", "thread_ts", "reply_count", "latest_reply") if key in message
            }
            made = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True,
                    "text": "This message was deleted.", **kept}  # fmt: skip
            messages[ts] = made
            return self._changed(channel, made, message, now)
        del messages[ts]
        gone = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": ts, "ts": now}
        return self._event(channel, {**gone, "previous_message": message}, now)

    def react(self, channel: str, ts: str, emoji: str = "eyes", person: str = MINA, *, on: bool = True) -> Json:
        """A reaction is put on a message, or taken off."""
        message, now = self.channels[channel].messages[ts], self.later()
        who: dict[str, set[str]] = {one["name"]: set(one["users"]) for one in message.get("reactions", [])}
        who[emoji] = who.get(emoji, set()) | {person} if on else who.get(emoji, set()) - {person}
        message["reactions"] = [
            {"name": name, "users": sorted(users), "count": len(users)} for name, users in who.items() if users
        ]
        item = {"type": "message", "channel": channel, "ts": ts}
        kind = "reaction_added" if on else "reaction_removed"
        who_wrote = {"item_user": message["user"]} if message.get("user") else {}
        return {"type": kind, "user": person, "reaction": emoji, "item": item, **who_wrote, "event_ts": now}

    def join(self, channel: str, person: str) -> Json:
        """Somebody comes into a channel."""
        self.channels[channel].members.add(person)
        return {
            "type": "member_joined_channel",
            "user": person,
            "channel": channel,
            "team": TEAM,
            "event_ts": self.now(),
        }

    def leave(self, channel: str, person: str) -> Json:
        """Somebody goes; of the bot itself Slack tells otherwise."""
        where = self.channels[channel]
        where.members.discard(person)
        if person == ME:
            return {"type": f"{where.kind}_left", "channel": channel, "actor_id": "U9", "event_ts": self.now()}
        return self._membership("member_left_channel", channel, person)

    def rename(self, channel: str, name: str) -> Json:
        """A channel gets another name."""
        where = self.channels[channel]
        where.name = name
        return {
            "type": f"{where.kind}_rename",
            "channel": {"id": channel, "name": name, "created": 1},
            "event_ts": self.now(),
        }

    def archive(self, channel: str, *, on: bool = True) -> Json:
        """A channel is archived, or opened again."""
        where = self.channels[channel]
        where.archived = on
        kind = f"{where.kind}_{'archive' if on else 'unarchive'}"
        return {"type": kind, "channel": channel, "user": "U9", "event_ts": self.now()}

    def remove(self, channel: str) -> Json:
        """A channel is deleted with all that is in it."""
        where = self.channels.pop(channel)
        return {"type": f"{where.kind}_deleted", "channel": channel, "event_ts": self.now()}

    def move(self, old: str, new: str) -> Json:
        """A channel gets another id."""
        where = self.channels.pop(old)
        where.id = new
        self.channels[new] = where
        return {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new, "event_ts": self.now()}

    def standing(self, channel: str, thread: str | None = None) -> dict[str, str]:
        """What people said that stands now, by `ts`: of a whole channel, or of one thread with its first message.

        An empty `thread` stands for what is in the channel itself. The bot's own messages stand without their words.
        """

        def is_there(ts: str, one: Json) -> bool:
            return self._in_channel(one) if thread == "" else thread in {None, ts, one.get("thread_ts")}

        messages = self.channels[channel].messages.items()
        there = {ts: one for ts, one in messages if one.get("subtype") in SPEECH and is_there(ts, one)}
        return {ts: "" if one.get("user") == ME else one["text"] for ts, one in there.items()}

    # --- the Web API

    def answer(self, method: str, arguments: Json) -> Json | None:
        """What a method answers; None for one that does not read or change what is here."""
        methods: dict[str, Callable[[Json], Json]] = {
            "chat.postMessage": self._post,
            "conversations.history": self._history,
            "conversations.info": lambda given: {"channel": self._seen(given).shown()},
            "conversations.list": self._list,
            "conversations.members": lambda given: self._page(sorted(self._seen(given).members), "members", given),
            "conversations.replies": self._replies,
            "users.conversations": self._conversations,
            "users.info": lambda given: {"user": {"id": given["user"], **self.people[given["user"]]}},
            "users.list": lambda given: self._page(self._everybody(), "members", given),
        }
        return methods[method](arguments) if method in methods else None

    def _post(self, given: Json) -> Json:
        where = self.channels.get(given["channel"])
        if where is None:  # a direct conversation
            return {"channel": given["channel"], "ts": self.now()}
        if where.archived or ME not in where.members:
            raise Refused("is_archived" if where.archived else "not_in_channel")
        profile = {"id": BOT, "name": "readalong", "app_id": "A1"}
        where_to, text = {"channel": where.id, "thread": given.get("thread_ts", "")}, given.get("text", "")
        kept = {"metadata": given["metadata"]} if given.get("metadata") else {}
        posted = self.say(text, **where_to, person=ME, bot_id=BOT, app_id="A1", bot_profile=profile, **kept)
        return {"channel": where.id, "ts": posted["ts"], "message": where.messages[posted["ts"]], "posted": posted}

    def _history(self, given: Json) -> Json:
        found = [one for one in self._readable(given).messages.values() if self._in_channel(one)]
        chosen = _between(found, given)
        if cursor := given.get("cursor"):
            chosen = [one for one in chosen if _ts(one) < cursor.removeprefix("before:")]
        chosen.sort(key=_ts, reverse=True)
        page, more = self._cut(chosen, given)
        limited = {"is_limited": True} if self.hides_before and not more else {}
        return {"messages": _as_asked(page, given), **limited, **_next(f"before:{page[-1]['ts']}" if more else "")}

    def _replies(self, given: Json) -> Json:
        where, root = self._readable(given), given["ts"]
        first, replies = where.messages.get(root), where.replies(root)
        if first is None and not replies:
            raise Refused("thread_not_found")
        cursor = given.get("cursor", "").removeprefix("after:")
        chosen = [one for one in _between(replies, given) if not cursor or _ts(one) > cursor]
        page, more = self._cut(chosen, given)
        head = [first] if first and (not cursor or self.parent_everywhere) else []
        return {"messages": _as_asked([*head, *page], given), **_next(f"after:{page[-1]['ts']}" if more else "")}

    def _list(self, given: Json) -> Json:
        public = [one.shown() for one in self.channels.values() if not one.private]
        return self._page(public, "channels", given)

    def _conversations(self, given: Json) -> Json:
        types = given.get("types", "public_channel").split(",")
        theirs = [
            one.shown() for one in self.channels.values()
            if given["user"] in one.members and ("private_channel" if one.private else "public_channel") in types
            and (ME in one.members or not one.private)
        ]  # fmt: skip
        return self._page(theirs, "channels", given)

    def _everybody(self) -> list[Json]:
        inside = {person for channel in self.channels.values() for person in channel.members}
        here = sorted(one for one in {*inside, *self.people} if not self.people[one].get("is_stranger"))
        return [{"id": person, **self.people[person]} for person in here]

    def _page(self, found: list[Any], key: str, given: Json) -> Json:
        start, most = int(given.get("cursor") or 0), int(given.get("limit", 100))
        more = len(found) > start + most
        return {key: found[start : start + most], **_next(str(start + most) if more else "")}

    def _seen(self, given: Json) -> Channel:
        where = self.channels.get(given["channel"])
        if where is None or (where.private and ME not in where.members):
            raise Refused("channel_not_found")
        return where

    def _readable(self, given: Json) -> Channel:
        where = self._seen(given)
        if ME not in where.members:
            raise Refused("not_in_channel")
        return where

    def _cut(self, found: list[Json], given: Json) -> tuple[list[Json], bool]:
        most = min(int(given.get("limit", 100)), self.per_page)
        return found[:most], len(found) > most

    def _in_channel(self, message: Json) -> bool:
        if _ts(message) < self.hides_before:
            return False
        thread = message.get("thread_ts")
        return thread in {None, message["ts"]} or message.get("subtype") == "thread_broadcast"

    def _membership(self, kind: str, channel: str, person: str) -> Json:
        return {"type": kind, "user": person, "channel": channel, "team": TEAM, "event_ts": self.now()}

    def _event(self, channel: str, message: Json, now: str) -> Json:
        kind = self.channels[channel].kind
        return {**message, "channel": channel, "channel_type": kind, "event_ts": now}

    def _changed(self, channel: str, message: Json, before: Json, now: str) -> Json:
        changed = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": now}
        return self._event(channel, {**changed, "message": dict(message), "previous_message": before}, now)


def _is_reply(message: Json, root: str) -> bool:
    return bool(message.get("thread_ts") == root and message["ts"] != root)


def _as_asked(messages: list[Json], given: Json) -> list[Json]:
    """Their metadata is told to those alone who ask for it."""
    if str(given.get("include_all_metadata", "")).lower() in {"1", "true"}:
        return messages
    return [{key: value for key, value in one.items() if key != "metadata"} for one in messages]


def _ts(message: Json) -> str:
    return str(message["ts"])


def _between(found: Iterable[Json], given: Json) -> list[Json]:
    low, high = (given.get(key, ts).rjust(17, "0") for key, ts in (("oldest", "0.0"), ("latest", "9999999999.999999")))
    return [one for one in found if low <= _ts(one).rjust(17, "0") <= high]


def _next(cursor: str) -> Json:
    return {"has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}
