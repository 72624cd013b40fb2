"""What Slack sends, read into one value: who asks what, where, and how to answer. Pure.

A payload that lacks what is needed is nobody's question, and gives None: Slack's payloads have changed before.
"""

import re
from collections.abc import Callable

from bot.archive.buttons import pressed
from bot.archive.events import Said
from bot.asker import Place
from bot.platforms.slack.payload import Body, part, parts, text
from bot.values import value

PLATFORM = "slack"
HELP = "help"

_DIRECT = re.compile(r"(D[A-Z0-9]+) ")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^|>]*)(?:\|([^>]*))?>")


@value
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


@value
class Chosen:
    """An action that somebody chose in the menu of a message, which may be no speech.

    The line of `asked` is the action's name.
    """

    asked: Asked
    said: Said | None


@value
class Opened:
    """The Home tab, opened by a person; their direct conversation with the bot. `shown` marks what stands on it."""

    person: str
    place: Place
    shown: str = ""


def command(body: Body) -> Asked | None:
    """A slash command, as https://docs.slack.dev/interactivity/implementing-slash-commands describes it."""
    name = text(body, "command").removeprefix("/")
    person, channel = text(body, "user_id"), text(body, "channel_id")
    if not (name and person and channel):
        return None
    line = f"/{name} {unescaped(text(body, 'text'))}".rstrip()
    place = _place(text(body, "team_id"), channel, "")
    return Asked(line, person, text(body, "user_name"), place, text(body, "response_url"))


def action(body: Body) -> Asked | None:
    """A pressed button, as https://docs.slack.dev/reference/interaction-payloads/block_actions-payload describes it."""
    first = next(iter(parts(body, "actions")), {})
    container, message, user = part(body, "container"), part(body, "message"), part(body, "user")
    value, person = text(first, "value"), text(user, "id")
    channel = text(part(body, "channel"), "id") or text(container, "channel_id")
    workspace = text(part(body, "team"), "id") or text(user, "team_id")
    home = not channel and text(container, "type") == "view"
    if home:
        channel = _conversation(_mark(body)) or person
    if not (value and person and channel):
        return None
    thread = text(container, "thread_ts") or text(message, "thread_ts")
    if thread == (text(container, "message_ts") or text(message, "ts")):
        thread = ""  # the message that opened a thread: it is pressed in the channel as a rule
    line, public = pressed(value)
    place = _home_of(workspace, channel) if home else _place(workspace, channel, thread)
    name = text(user, "username") or text(user, "name")
    return Asked(line, person, name, place, text(body, "response_url"), button=True, public=public, home=home)


def opened(body: Body) -> Opened | None:
    """The Home tab, opened: https://docs.slack.dev/reference/events/app_home_opened; another tab gives None."""
    event = part(body, "event")
    person, channel = text(event, "user"), text(event, "channel")
    if not (person and channel) or event.get("tab") != "home":
        return None
    return Opened(person, _home_of(text(body, "team_id"), channel), _mark(event))


def mention(body: Body, me: str) -> Asked | None:
    """A message that names the bot; the line is what follows the name. `me` is the bot's own user id."""
    return _message(body, me)


def direct(body: Body, me: str) -> Asked | None:
    """A message typed to the bot alone; anything else that is called a message gives None."""
    return _message(body, me) if is_direct(body) else None


def is_direct(body: Body) -> bool:
    """Whether a message event is of somebody's conversation with the bot alone."""
    return text(part(body, "event"), "channel_type") == "im"


def chosen(body: Body, said: Callable[[Body, str], Said | None]) -> Chosen | None:
    """An action chosen on a message: https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload.

    `said` reads the message, given with its channel's id.
    """
    user, channel = part(body, "user"), text(part(body, "channel"), "id")
    name, person, message = text(body, "callback_id"), text(user, "id"), part(body, "message")
    if not (name and person and channel):
        return None
    place = _place(text(part(body, "team"), "id"), channel, text(message, "thread_ts"))
    asked = Asked(name, person, text(user, "username") or text(user, "name"), place, text(body, "response_url"))
    return Chosen(asked, said({"ts": text(body, "message_ts"), **message}, channel))


def event_id(body: Body) -> str:
    """What tells an event from its repetitions; empty for anything but an event."""
    return text(body, "event_id")


def unescaped(typed: str) -> str:
    """Text as it was typed: Slack escapes & < > and wraps addresses.

    https://docs.slack.dev/messaging/formatting-message-text
    """
    typed = _ADDRESS.sub(lambda found: found[2] or found[1], typed)
    return typed.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _message(body: Body, me: str) -> Asked | None:
    event = part(body, "event")
    person, channel, at = text(event, "user"), text(event, "channel"), text(event, "ts")
    if not (person and channel and at) or event.get("subtype") or event.get("bot_id") or person == me:
        return None
    thread = text(event, "thread_ts")
    line = unescaped(_after_name(text(event, "text"), me)) or HELP
    place = _place(text(body, "team_id") or text(event, "team"), channel, thread)
    return Asked(line, person, "", place, under="" if place.direct else thread or at)


def _after_name(typed: str, me: str) -> str:
    found = re.search(rf"<@{re.escape(me)}(?:\|[^>]*)?>[:,]?", typed)
    return (typed[found.end() :] if found else typed).strip()


def _mark(holder: Body) -> str:
    """What we put on a view when we published it: the direct conversation, and a fingerprint of what it shows."""
    return text(part(holder, "view"), "private_metadata")


def _conversation(mark: str) -> str:
    found = _DIRECT.match(mark)
    return found[1] if found else ""


def _home_of(workspace: str, channel: str) -> Place:
    """Where a person's Home tab is answered: in their direct conversation, by its id or, to Slack as good, theirs."""
    return Place(PLATFORM, workspace, channel, direct=True)


def _place(workspace: str, channel: str, thread: str) -> Place:
    return Place(PLATFORM, workspace, channel, thread, direct=channel.startswith("D"))
