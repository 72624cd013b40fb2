"""Reading JSON of other programs without trusting its shape: what is missing or of another type is empty."""

from typing import Any

Body = dict[str, Any]


def text(holder: Body, key: str) -> str:
    """A string, of which half a character (a lone surrogate, which JSON can hold) becomes a question mark."""
    value = holder.get(key)
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode(errors="replace").decode()


def part(holder: Body, key: str) -> Body:
    """An object."""
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def parts(holder: Body, key: str) -> list[Body]:
    """The objects in a list."""
    value = holder.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def number(holder: Body, key: str) -> int:
    """A whole number that is not below nothing."""
    value = holder.get(key)
    return max(value, 0) if isinstance(value, int) else 0
