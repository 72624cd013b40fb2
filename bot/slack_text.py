"""What stands in a message of Slack, live or in an export, as people read it. Pure.

https://docs.slack.dev/reference/events/message, https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.archive.events import Attachment
from bot.json_shapes import Body, number, part, parts, text

NameOf = Callable[[str], str]

# Of the many kinds of message these are speech; the others tell of joining, topics, files and the like.
SPEECH = frozenset({"", "bot_message", "file_share", "me_message", "thread_broadcast"})
TOMBSTONE = "tombstone"

_TS = re.compile(r"([0-9]{1,10})\.([0-9]{1,6})")
_MARKED = re.compile(r"<([^<>]*)>")


def moment(ts: str) -> datetime | None:
    """When a `ts` was, in UTC: seconds since 1970, a point, and the microseconds; never through a float."""
    found = _TS.fullmatch(ts)
    if not found:
        return None
    whole = datetime.fromtimestamp(int(found[1]), UTC)
    return whole + timedelta(microseconds=int(found[2].ljust(6, "0")))


def words(message: Body, name_of: NameOf) -> str:
    """What a message says, as people read it; where a program wrote no text, what stands in its attachments."""
    written = text(message, "text")
    if not written:
        beside = (text(one, "text") or text(one, "fallback") for one in parts(message, "attachments"))
        written = "\n".join(filter(None, beside))
    return readable(written, name_of)


def readable(written: str, name_of: NameOf) -> str:
    """Slack's markup for people, channels and addresses as people see it, and its escapes undone."""

    def plain(found: re.Match[str]) -> str:
        what, _, label = found[1].partition("|")
        match what[:1], label:
            case "@", _:
                return f"@{label or name_of(what[1:]) or what[1:]}"
            case "#", _:
                return f"#{label or what[1:]}"
            case "!", "":
                return f"@{what[1:]}"  # <!here>
            case "!", _:
                return label  # a group of people, or a date in words
            case _, "":
                return what.removeprefix("mailto:")
            case _:
                address = what.removeprefix("mailto:")
                return address if label in {address, address.partition("://")[2]} else f"{label} ({address})"

    shown = _MARKED.sub(plain, written) if "<" in written else written
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in shown else shown


def called(user: Body) -> str:
    """What a user object says that they are called; empty where it does not."""
    profile = part(user, "profile")
    names = (text(profile, "display_name"), text(profile, "real_name"), text(user, "real_name"), text(user, "name"))
    return next(filter(None, names), "")


def shown_name(message: Body) -> str:
    """The name under which a program shows its message."""
    return text(message, "username") or text(part(message, "bot_profile"), "name")


def files(message: Body) -> tuple[Attachment, ...]:
    """The files beside a message: name, kind, size and page on Slack; never what is in them."""
    return tuple(
        Attachment(
            text(file, "id"),
            text(file, "name") or text(file, "title"),
            text(file, "mimetype"),
            number(file, "size"),
            text(file, "permalink"),
        )
        for file in parts(message, "files")
        if text(file, "id")
    )
