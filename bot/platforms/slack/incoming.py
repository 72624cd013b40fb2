"""What Slack sends, read into one value: who asks what, where, and how to answer. Pure.

A payload that lacks what is needed is nobody's question, and gives None: Slack's payloads have changed before.
"""

import re
from dataclasses import dataclass
from typing import Any

from bot.archive.buttons import pressed
from bot.asker import Place

PLATFORM = "slack"
HELP = "help"

_DIRECT = re.compile(r"(D[A-Z0-9]+) ")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^|>]*)(?:\|([^>]*))?>")

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One line typed, or one button pressed, by a person (their id and name) in a place.

    `response_url` takes the answer while it is good. `under` is the message under which a public answer opens a
    thread. `public` says of a pressed button that its answer is for everybody, `home` that it stands on the Home tab.
    """

    line: str
    person: str
    name: str
    place: Place
    response_url: str = ""
    under: str = ""
    button: bool = False
    public: bool = False
    home: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The Home tab, opened by a person; their direct conversation with the bot. `shown` marks what stands on it."""

    person: str
    place: Place
    shown: str = ""


def command(body: Body) -> Asked | None:
    """A slash command, as https://docs.slack.dev/interactivity/implementing-slash-commands describes it."""
    name = _str(body, "command").removeprefix("/")
    person, channel = _str(body, "user_id"), _str(body, "channel_id")
    if not (name and person and channel):
        return None
    line = f"/{name} {unescaped(_str(body, 'text'))}".rstrip()
    place = _place(_str(body, "team_id"), channel, "")
    return Asked(line, person, _str(body, "user_name"), place, _str(body, "response_url"))


def action(body: Body) -> Asked | None:
    """A pressed button, as https://docs.slack.dev/reference/interaction-payloads/block_actions-payload describes it."""
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    container, message, user = _dict(body, "container"), _dict(body, "message"), _dict(body, "user")
    value, person = _str(first, "value"), _str(user, "id")
    channel = _str(_dict(body, "channel"), "id") or _str(container, "channel_id")
    workspace = _str(_dict(body, "team"), "id") or _str(user, "team_id")
    home = not channel and _str(container, "type") == "view"
    if home:
        channel = _conversation(_mark(body)) or person
    if not (value and person and channel):
        return None
    thread = _str(container, "thread_ts") or _str(message, "thread_ts")
    if thread == (_str(container, "message_ts") or _str(message, "ts")):
        thread = ""  # the message that opened a thread: it is pressed in the channel as a rule
    line, public = pressed(value)
    place = _home_of(workspace, channel) if home else _place(workspace, channel, thread)
    name = _str(user, "username") or _str(user, "name")
    return Asked(line, person, name, place, _str(body, "response_url"), button=True, public=public, home=home)


def opened(body: Body) -> Opened | None:
    """The Home tab, opened: https://docs.slack.dev/reference/events/app_home_opened; another tab gives None."""
    event = _dict(body, "event")
    person, channel = _str(event, "user"), _str(event, "channel")
    if not (person and channel) or event.get("tab") != "home":
        return None
    return Opened(person, _home_of(_str(body, "team_id"), channel), _mark(event))


def mention(body: Body, me: str) -> Asked | None:
    """A message that names the bot; the line is what follows the name. `me` is the bot's own user id."""
    return _message(body, me)


def direct(body: Body, me: str) -> Asked | None:
    """A message typed to the bot alone; anything else that is called a message gives None."""
    return _message(body, me) if _str(_dict(body, "event"), "channel_type") == "im" else None


def event_id(body: Body) -> str:
    """What tells an event from its repetitions; empty for anything but an event."""
    return _str(body, "event_id")


def unescaped(text: str) -> str:
    """Text as it was typed: Slack escapes & < > and wraps addresses.

    https://docs.slack.dev/messaging/formatting-message-text
    """
    text = _ADDRESS.sub(lambda found: found[2] or found[1], text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _message(body: Body, me: str) -> Asked | None:
    event = _dict(body, "event")
    person, channel, at = _str(event, "user"), _str(event, "channel"), _str(event, "ts")
    if not (person and channel and at) or event.get("subtype") or event.get("bot_id") or person == me:
        return None
    thread = _str(event, "thread_ts")
    line = unescaped(_after_name(_str(event, "text"), me)) or HELP
    place = _place(_str(body, "team_id") or _str(event, "team"), channel, thread)
    return Asked(line, person, "", place, under="" if place.direct else thread or at)


def _after_name(text: str, me: str) -> str:
    found = re.search(rf"<@{re.escape(me)}(?:\|[^>]*)?>[:,]?", text)
    return (text[found.end() :] if found else text).strip()


def _mark(holder: Body) -> str:
    """What we put on a view when we published it: the direct conversation, and a fingerprint of what it shows."""
    return _str(_dict(holder, "view"), "private_metadata")


def _conversation(mark: str) -> str:
    found = _DIRECT.match(mark)
    return found[1] if found else ""


def _home_of(workspace: str, channel: str) -> Place:
    """Where a person's Home tab is answered: in their direct conversation, by its id or, to Slack as good, theirs."""
    return Place(PLATFORM, workspace, channel, direct=True)


def _place(workspace: str, channel: str, thread: str) -> Place:
    return Place(PLATFORM, workspace, channel, thread, direct=channel.startswith("D"))


def _str(holder: Body, key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _dict(holder: Body, key: str) -> Body:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}
