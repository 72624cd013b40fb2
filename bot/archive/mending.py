"""What SQLite can't take as it is, in an event: half of a character, a number or a moment beyond the edge.

The odd part is replaced and the rest kept, since a message that is nearly right is worth more than none.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")

_LARGEST = 2**53


def mended(event: T) -> T:
    """The event as SQLite can store it.

    Halves of a surrogate pair that stand alone become U+FFFD; numbers are at most 2**53 away from 0; a moment that is
    no date in UTC, hours from the first or the last day of the calendar, is read as if it were told in UTC.
    """
    whole: T = _mended(event)
    return whole


def _mended(value: Any) -> Any:
    whole = value
    match value:
        case str():
            whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        case int():
            whole = min(max(value, -_LARGEST), _LARGEST)  # True and False stay what they are
        case datetime():
            whole = _in_utc(value)
        case tuple():
            whole = tuple(map(_mended, value))
        case Mapping():
            whole = {_mended(key): _mended(one) for key, one in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            whole = replace(value, **{field.name: _mended(getattr(value, field.name)) for field in fields(value)})
    return whole


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)
