"""What exports of Discord share: times, ids, and which message stands where. Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from bot.archive.events import Attachment
from bot.asker import Place

PLATFORM = "discord"
ALONE = "@me"  # stands for the server in addresses of direct conversations
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_ID = re.compile(r"[0-9]{1,20}")
_FRACTION = re.compile(r"(\.\d{6})\d+")


def identity(value: object) -> str:
    """A snowflake as text; empty where it is none."""
    found = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return found if _ID.fullmatch(found) else ""


def opened_at(snowflake: str) -> datetime:
    """When something with this id was made."""
    return _EPOCH + timedelta(milliseconds=int(snowflake) >> 22)


def moment(value: object) -> datetime | None:
    """A time as exports write it, in UTC; None where it is none."""
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(_FRACTION.sub(r"\1", value.strip()))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def milliseconds(value: object) -> datetime | None:
    """A time as milliseconds since 1970; None where it is none."""
    if not isinstance(value, int):
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
    except OverflowError:
        return None


def place(server: str, channel: str, thread: str = "", *, private: bool = False) -> Place:
    """A channel of a server, or a thread in one."""
    return Place(PLATFORM, server, channel, thread, private=private)


def linked(address: str) -> Attachment:
    """A file of which only the address is told."""
    path = address.partition("?")[0]
    return Attachment(path, path.rpartition("/")[2], "", 0, address)


def decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """Lines of a CSV as text that can be stored, without the mark at the beginning of a file."""
    for number, line in enumerate(lines):
        text = line.decode(errors="replace").replace("\x00", "\ufffd")
        yield text if number else text.removeprefix("\ufeff")
