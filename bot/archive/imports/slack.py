"""What Slack's exports and slackdump's files share: their messages, people and channels. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from bot.archive.events import Author, Said, Unsaid
from bot.archive.imports.records import NO_SPEECH, Bad, Channel, LeftOut, Reactions, Record, Thread
from bot.asker import Place
from bot.cutting import clip
from bot.json_shapes import Body, number, part, parts, text
from bot.slack_text import SPEECH, TOMBSTONE, NameOf, called, files, moment, shown_name, words
from bot.times import now
from bot.values import value

PLATFORM = "slack"
UNKNOWN = "unknown"  # the workspace of an export that does not tell
LONGEST_TITLE = 100
DIRECT_PREFIX = "D"


@value
class Workspace:
    """Which workspace an export is of, and what its people are called."""

    id: str
    names: Mapping[str, str]
    name: str = ""

    def name_of(self, person: str) -> str:
        """What somebody is called, or nothing."""
        return self.names.get(person, "")

    def place(self, channel: str, thread: str = "") -> Place:
        """A channel or thread of it; the same one for the same."""
        return _place_of(self.id, channel, thread)


@lru_cache(maxsize=10_000)
def _place_of(team: str, channel: str, thread: str) -> Place:
    return Place(PLATFORM, team, channel, thread)


def looks_like_a_message(one: Body) -> bool:
    """Whether an object is a message, and not something inside of one."""
    return text(one, "type") == "message" and moment(text(one, "ts")) is not None


def names_in(users: Iterable[Body]) -> dict[str, str]:
    """What users are called, by their ids."""
    return {text(one, "id"): called(one) for one in users if text(one, "id")}


def team_of(users: Iterable[Body]) -> str:
    """The workspace that most of these users, or authors of messages, are of; empty where none is told."""
    teams = Counter(text(one, "team_id") or text(one, "team") for one in users)
    teams.pop("", None)
    return teams.most_common(1)[0][0] if teams else ""


def channel_of(one: Body, workspace: Workspace, *, private: bool = False) -> Channel:
    """A channel as Slack describes it; a direct conversation is a channel too."""
    place = workspace.place(text(one, "id"))
    direct = bool(one.get("is_im") or one.get("is_mpim")) or place.channel.startswith(DIRECT_PREFIX)
    private = private or direct or bool(one.get("is_private"))
    return Channel(place, "" if direct else text(one, "name"), workspace.name, private=private, direct=direct)


def told(message: Body, channel: str, workspace: Workspace, where: str) -> Iterator[Record]:
    """All that one message tells: itself, the thread that it opens, its reactions, and replies that stand in it."""
    ts = text(message, "ts")
    at = moment(ts)
    if at is None:
        yield Bad(where, "no message with a time (`ts`)")
        return
    place, kind = _place(message, channel, workspace), text(message, "subtype")
    if kind == TOMBSTONE:
        yield Unsaid(place, ts, at, max(at, now()))
    elif kind not in SPEECH:
        yield LeftOut(NO_SPEECH)
    else:
        yield from _said(message, place, at, workspace, where)
    replies = parts(message, "slackdump_thread_replies") if "slackdump_thread_replies" in message else ()
    for number_, reply in enumerate(replies, 1):
        yield from told(reply, channel, workspace, f"{where}, reply {number_}")


def _place(message: Body, channel: str, workspace: Workspace) -> Place:
    """Where it stands; what opened a thread stands in it, as its first."""
    if "thread_ts" not in message:
        return workspace.place(channel)
    ts, thread = text(message, "ts"), text(message, "thread_ts")
    alone = thread == ts and not (message.get("reply_count") or message.get("replies"))
    return workspace.place(channel, "" if alone or moment(thread) is None else thread)


def _said(message: Body, place: Place, at: datetime, workspace: Workspace, where: str) -> Iterator[Record]:
    author = _author(message, workspace.name_of)
    if author is None:
        yield Bad(where, "a message without an author")
        return
    ts, said = text(message, "ts"), words(message, workspace.name_of)
    if place.thread == ts:
        first = said.strip().partition("\n")[0]
        yield Thread(place, clip(first, LONGEST_TITLE), author, at)
    edited = moment(text(part(message, "edited"), "ts")) if "edited" in message else None
    yield Said(place, ts, author, said, at, edited, attachments=files(message) if "files" in message else ())
    for one in parts(message, "reactions") if "reactions" in message else ():
        people = one.get("users")
        ids = [each for each in people if isinstance(each, str)] if isinstance(people, list) else []
        yield Reactions(
            place, ts, text(one, "name"), max(number(one, "count"), len(ids)),
            tuple(Author(each, workspace.name_of(each)) for each in dict.fromkeys(ids)),
        )  # fmt: skip


def _author(message: Body, name_of: NameOf) -> Author | None:
    """Who wrote it, named as the export's people are, else as the message itself does."""
    person, bot = text(message, "user"), text(message, "bot_id")
    name = name_of(person) or called({"profile": message.get("user_profile")})
    if bot:
        return Author(person or bot, shown_name(message) or name or bot, bot=True)
    if person:
        return Author(person, name)
    shown = shown_name(message)
    return Author(f"name:{shown}", shown, bot=True) if shown else None
