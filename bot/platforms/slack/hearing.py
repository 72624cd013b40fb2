"""What Slack tells of channels and messages, read into events of the archive. Pure.

A message is known by its channel and its `ts`, which is text; it also says when it was written. A reply names its
thread by the `ts` of the message under which that opened. That first message carries its own, or none before anybody
replied; here it stands in the channel, and whoever knows whether its thread is saved puts it there.

https://docs.slack.dev/reference/events/message, https://docs.slack.dev/messaging/formatting-message-text
"""

from dataclasses import replace
from datetime import UTC, datetime

from bot.archive.events import Author, Changed, Counted, Event, Reacted, Said, Unsaid
from bot.asker import Place
from bot.platforms.slack.identity import Identity
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.payload import Body, number, part, parts, text
from bot.slack_text import SPEECH, TOMBSTONE, NameOf, files, moment, shown_name, words

_DIRECT = "D"
_LATEST = 10**13  # milliseconds since 1970: the year 2286


def heard(event: Body, me: Identity, name_of: NameOf) -> Event | None:
    """The event of the archive that this event of Slack is; None for what is no speech, or is not understood.

    `name_of` gives what a person is called by their id, or nothing where it is not known.
    """
    match text(event, "type"):
        case "message":
            return _message(event, me, name_of)
        case "reaction_added":
            return _reaction(event, me, name_of, on=True)
        case "reaction_removed":
            return _reaction(event, me, name_of, on=False)
        case kind:
            return _change(kind, event, me)


def said(message: Body, channel: str, me: Identity, name_of: NameOf) -> Said | None:
    """A message as events, history and menus hold it; None for what is no speech.

    Its author's name is empty where it is not known.
    """
    at = moment(text(message, "ts"))
    author = _author(message, me, name_of)
    if at is None or author is None or not channel:
        return None
    if text(message, "subtype") not in SPEECH:
        return None
    return Said(
        place_of(me.team, channel, text(message, "ts"), text(message, "thread_ts")),
        text(message, "ts"),
        author,
        words(message, name_of),
        at,
        moment(text(part(message, "edited"), "ts")),
        attachments=files(message),
        ours=is_ours(message, me),
    )


def counted(message: Body, where: Said, when: datetime) -> Counted:
    """The reactions on a message as history tells them, at the moment of asking."""
    counts = {text(one, "name"): number(one, "count") for one in parts(message, "reactions") if text(one, "name")}
    return Counted(where.place, where.id, where.at, counts, when)


def state(channel: Body, place: Place) -> Changed:
    """What a channel is called and whether it is archived, as https://docs.slack.dev/reference/objects/conversation-object.

    An archived one tells when it was changed last, in milliseconds; that is when it was archived, as a rule.
    """
    changed_at = datetime.fromtimestamp(min(number(channel, "updated"), _LATEST) // 1000, UTC)
    archived = bool(channel.get("is_archived"))
    return Changed(place, text(channel, "name"), changed_at if archived else None, opened=not archived)


def place_of(team: str, channel: str, ts: str, thread: str) -> Place:
    """Where a message stands: in its thread when it is a reply, else in the channel."""
    direct = channel.startswith(_DIRECT)
    return Place(PLATFORM, team, channel, thread if thread != ts else "", direct=direct)


def is_ours(message: Body, me: Identity) -> bool:
    """Whether the bot itself wrote this."""
    return me.user == text(message, "user") or bool(me.bot and me.bot == text(message, "bot_id"))


def _message(event: Body, me: Identity, name_of: NameOf) -> Said | Unsaid | None:
    channel, now = text(event, "channel"), text(event, "event_ts") or text(event, "ts")
    before, after = part(event, "previous_message"), part(event, "message")
    match text(event, "subtype"):
        case "message_deleted":
            return _unsaid(text(event, "deleted_ts") or text(before, "ts"), text(before, "thread_ts"), channel, now, me)
        case "message_changed" if text(after, "subtype") == TOMBSTONE:
            return _unsaid(text(after, "ts"), "", channel, now, me)
        case "message_changed":
            found = said(after, channel, me, name_of)
            changed = found and before and found.edited is None and words(before, name_of) != found.words
            return replace(found, edited=moment(now)) if found and changed else found
        case _:
            return said(event, channel, me, name_of)


def _unsaid(ts: str, thread: str, channel: str, gone: str, me: Identity) -> Unsaid | None:
    at, then = moment(ts), moment(gone)
    if at is None or not channel:
        return None
    return Unsaid(place_of(me.team, channel, ts, thread), ts, at, then or at)


def _reaction(event: Body, me: Identity, name_of: NameOf, *, on: bool) -> Reacted | None:
    item, person, emoji = part(event, "item"), text(event, "user"), text(event, "reaction")
    ts, channel = text(item, "ts"), text(item, "channel")
    at, when = moment(ts), moment(text(event, "event_ts"))
    if not (person and emoji and channel and at and when) or text(item, "type") != "message":
        return None
    place = place_of(me.team, channel, ts, "")
    author = Author(person, name_of(person), bot=person == me.user)
    return Reacted(place, ts, at, author, emoji, on, when, text(event, "item_user"))


def _change(kind: str, event: Body, me: Identity) -> Changed | None:
    """A channel's new name, its closing, reopening and end: public ones are `channel_`, private ones `group_`."""
    what = kind.removeprefix("channel_").removeprefix("group_")
    details = part(event, "channel")
    channel, when = text(event, "channel") or text(details, "id"), moment(text(event, "event_ts"))
    if not channel or kind == what:
        return None
    place = Place(PLATFORM, me.team, channel)
    match what:
        case "rename":
            return Changed(place, text(details, "name")) if text(details, "name") else None
        case "archive":
            return Changed(place, archived=when) if when else None
        case "unarchive":
            return Changed(place, opened=True)
        case "deleted":
            return Changed(place, gone=when) if when else None
        case _:
            return None


def _author(message: Body, me: Identity, name_of: NameOf) -> Author | None:
    """Who wrote it: a person by their id; a program by its user's id, else by its own, with the name that it shows."""
    person, bot = text(message, "user"), text(message, "bot_id")
    shown = shown_name(message)
    if is_ours(message, me):
        return Author(me.user, me.name, bot=True)
    if bot:
        return Author(person or bot, shown or name_of(person) or bot, bot=True)
    return Author(person, name_of(person)) if person else None
