"""Values behave as the standard library's frozen dataclasses with slots do."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from bot.config import CLONE
from bot.values import named_value, value


@value
class Point:
    """A value with a default, a part made anew for each, one that does not count, and one that follows from others."""

    across: int
    up: int = 0
    marks: list[str] = field(default_factory=list, compare=False)
    note: str = field(default="", repr=False, compare=False)
    sum: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sum", self.across + self.up)


@dataclass(frozen=True, slots=True)
class Written:
    """The same, by the standard library."""

    across: int
    up: int = 0
    marks: list[str] = field(default_factory=list, compare=False)
    note: str = field(default="", repr=False, compare=False)
    sum: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sum", self.across + self.up)


@named_value
class Named:
    """A value whose parts are given by name."""

    before: int = 1
    after: int


def _both(act: Callable[[Any], Any]) -> tuple[Any, Any]:
    return act(Point), act(Written)


def test_a_value_is_made_compared_hashed_and_replaced_as_a_frozen_dataclass() -> None:
    acts: tuple[Callable[[Any], Any], ...] = (
        lambda kind: (kind(1).up, kind(1, up=2).sum, kind(across=3).marks, kind(1).note),
        lambda kind: (kind(1) == kind(1), kind(1) == kind(2), kind(1) != kind(1, 1), kind(1) == (1, 0)),
        lambda kind: (
            kind(1, note="a") == kind(1, note="b"),
            hash(kind(1, 2)) == hash(kind(1, 2)),
            {kind(1): 1}[kind(1)],
        ),
        lambda kind: (replace(kind(1, 2), up=5).sum, [one.name for one in fields(kind)], kind.__match_args__),
        lambda kind: (kind(1).marks is kind(1).marks, hasattr(kind(1), "__dict__"), kind.__slots__),
        lambda kind: repr(kind(1, 2)).partition("(")[1:],
    )
    for act in acts:
        ours, theirs = _both(act)
        assert ours == theirs


def test_a_value_never_changes() -> None:
    point = Point(1)

    for name in ("up", "sideways"):
        with pytest.raises(FrozenInstanceError):
            setattr(point, name, 2)
        with pytest.raises(FrozenInstanceError):
            delattr(point, name)


def test_what_is_missing_or_too_much_is_told() -> None:
    make: Any = Point
    for act in (make, lambda: make(1, 2, [], "", 5), lambda: make(1, sideways=1), lambda: make(1, sum=2)):
        with pytest.raises(TypeError):
            act()


def test_parts_given_by_name_may_follow_a_default() -> None:
    make: Any = Named
    assert Named(after=2) == Named(before=1, after=2)
    with pytest.raises(TypeError):
        make(1, 2)


def test_the_bots_own_values_are_made_so() -> None:
    """The standard library's take a millisecond each to import, and there are more than a hundred."""
    written = "@dataclass(frozen=True, slots=True)"
    found = [
        file for part in ("bot", "commands") for file in (CLONE / part).rglob("*.py") if written in file.read_text()
    ]

    assert [file.name for file in found if file.name != "values.py"] == []
