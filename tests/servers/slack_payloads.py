"""Payloads as Slack sends them, for the loopback server: https://docs.slack.dev/reference/interaction-payloads."""

import itertools
from typing import Any
from uuid import uuid4

from tests.servers.slack_workspace import CHANNEL, ME, MINA, TEAM

Json = dict[str, Any]

_moments = itertools.count(1)


def command(name: str, text: str = "", *, response_url: str = "", person: str = MINA, channel: str = CHANNEL) -> Json:
    """A slash command; `name` with its slash."""
    return {
        "token": "old", "team_id": TEAM, "team_domain": "group", "channel_id": channel, "channel_name": "kurils",
        "user_id": person, "user_name": "mina", "command": name, "text": text, "api_app_id": "A1",
        "is_enterprise_install": "false", "response_url": response_url, "trigger_id": "1.2.3",
    }  # fmt: skip


def press(value: str, *, response_url: str = "", person: str = MINA, channel: str = CHANNEL, thread: str = "") -> Json:
    """A pressed button, in a thread when `thread` is its ts."""
    at = moment()
    inside = {"thread_ts": thread} if thread else {}
    return {
        "type": "block_actions", "team": {"id": TEAM, "domain": "group"}, "api_app_id": "A1", "trigger_id": "1.2.3",
        "user": {"id": person, "username": "mina", "name": "mina", "team_id": TEAM},
        "container": {"type": "message", "message_ts": at, "channel_id": channel, "is_ephemeral": False, **inside},
        "channel": {"id": channel, "name": "kurils"}, "message": {"ts": at, "bot_id": "B0BOT", **inside},
        "response_url": response_url,
        "actions": [{"type": "button", "action_id": "readalong-0", "block_id": "b", "value": value, "action_ts": at}],
    }  # fmt: skip


def choose(name: str, message: Json, *, response_url: str = "", person: str = MINA, channel: str = CHANNEL) -> Json:
    """An action chosen in the menu of a message, by its callback id."""
    return {
        "type": "message_action", "callback_id": name, "trigger_id": "1.2.3", "action_ts": "1.2", "token": "old",
        "team": {"id": TEAM, "domain": "group"}, "user": {"id": person, "username": "mina", "name": "mina"},
        "channel": {"id": channel, "name": "kurils"}, "message_ts": message["ts"], "message": message,
        "response_url": response_url,
    }  # fmt: skip


def press_on_home(value: str, view: Json | None = None, *, person: str = MINA) -> Json:
    """A button pressed on the Home tab: no channel, no message and no response URL, but the view it stands on."""
    shown = {"id": "V1", "team_id": TEAM, "type": "home", "hash": "1.2", **(view or {})}
    body = press(value, person=person)
    for key in ("channel", "message", "response_url"):
        del body[key]
    return {**body, "container": {"type": "view", "view_id": "V1"}, "view": shown}


def home_opened(view: Json | None = None, *, person: str = MINA, tab: str = "home", channel: str = "D1") -> Json:
    """The App Home opened at a tab, with what stands on the Home tab already."""
    event = {"type": "app_home_opened", "user": person, "channel": channel, "tab": tab, "event_ts": moment()}
    return event_of({**event, **({"view": {"id": "V1", "type": "home", **view}} if view else {})})


def mention(text: str, *, thread: str = "", at: str = "", person: str = MINA, **extra: object) -> Json:
    """A message that names the bot; `@` in the text stands for its name."""
    inside = {"thread_ts": thread} if thread else {}
    event = {"type": "app_mention", "user": person, "text": text.replace("@", f"<@{ME}>"), "ts": at or moment(),
             "channel": CHANNEL, "team": TEAM, **inside, **extra}  # fmt: skip
    return event_of(event)


def direct(text: str, *, person: str = MINA, **extra: object) -> Json:
    """A message typed to the bot alone."""
    event = {"type": "message", "channel_type": "im", "user": person, "text": text, "ts": moment(), "channel": "D1"}
    return event_of({**event, "team": TEAM, **extra})


def event_of(event: Json) -> Json:
    """The outer part of any event, with an id of its own."""
    return {
        "type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event": event, "event_id": f"Ev{uuid4().hex}",
        "event_time": 1_700_000_000, "authorizations": [{"team_id": TEAM, "user_id": ME, "is_bot": True}],
    }  # fmt: skip


def moment() -> str:
    """A message's ts, each another."""
    return f"1700000000.{next(_moments):06}"
