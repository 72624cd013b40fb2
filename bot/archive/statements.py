"""Statements with many values at once, of few different sizes."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

# SQLite takes 32,766 values. A connection keeps its last 128 statements ready, with the values that they had last, and
# one that inserts a thousand messages holds more than a megabyte: hence few sizes.
AT_ONCE = (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in pieces that one statement takes each."""
    at = 0
    for size in AT_ONCE:
        while len(values) - at >= size:
            yield values[at : at + size]
            at += size


@lru_cache
def marks(count: int) -> str:
    """Placeholders for so many values: `(?, ?)`."""
    return f"({', '.join('?' * count)})"
