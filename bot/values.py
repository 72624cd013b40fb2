"""Frozen values with slots, as `@dataclass(frozen=True, slots=True)` makes them, at a seventh of its cost.

The standard library writes and compiles six methods of each class when it is imported, most of which are never called:
for the bot's own that took a third of a start, and a megabyte. Here `__init__` alone is compiled, when a class is first
used; what compares and shows values is shared by all. `dataclasses.fields` and `replace` take them as usual.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")

_NAMES = ("__init__", "__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """A class decorator: its values are made of the annotated fields, never change, and are equal when those are."""
    return _value(cls, kw_only=False)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def named_value(cls: type[T]) -> type[T]:
    """As `value`, with fields that are given by name alone, so that those with a default may stand anywhere."""
    return _value(cls, kw_only=True)


def _value(cls: type[T], *, kw_only: bool) -> type[T]:
    cls.__doc__ = cls.__doc__ or cls.__name__  # or else the library makes one, out of a signature that it parses
    made = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
    methods = (_written_when_called(made), *_comparing(made), _repr, _refuse, _refuse)
    for name, method in zip(_NAMES, methods, strict=True):
        if name not in cls.__dict__:
            setattr(made, name, method)
    return made


def _written_when_called(cls: type[Any]) -> Callable[..., None]:
    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807 - it stands in for the one that is written
        cls.__init__ = written = _init(cls)
        written(self, *given, **named)

    return __init__


def _comparing(cls: type[Any]) -> tuple[Callable[[Any, object], bool], Callable[[Any], int]]:
    compared = [one.name for one in fields(cls) if one.compare]
    parts = attrgetter(*compared) if compared else lambda _: ()

    def equal(self: Any, other: object) -> bool:
        return parts(self) == parts(other) if other.__class__ is self.__class__ else NotImplemented

    return equal, lambda self: hash(parts(self))


def _init(cls: type[Any]) -> Callable[..., None]:
    """The `__init__` of these fields, compiled from its source."""
    known: dict[str, Any] = {"MISSING": MISSING}
    given = [one for one in fields(cls) if one.init]
    named = [one for one in given if one.kw_only]
    head = [_parameter(one, known) for one in given if not one.kw_only]
    head += ["*", *(_parameter(one, known) for one in named)] if named else []
    body = [_setting(cls, one, known) for one in given]
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    source = f"def __init__(self, {', '.join(head)}):\n " + "\n ".join(body)
    exec(source, known)  # noqa: S102 - its words are the names of fields in our own code
    written: Callable[..., None] = known["__init__"]
    return written


def _parameter(one: "Field[Any]", known: dict[str, Any]) -> str:
    if one.default_factory is not MISSING:
        return f"{one.name}=MISSING"
    if one.default is MISSING:
        return one.name
    known[f"default_{one.name}"] = one.default
    return f"{one.name}=default_{one.name}"


def _setting(cls: type[Any], one: "Field[Any]", known: dict[str, Any]) -> str:
    known[f"set_{one.name}"] = getattr(cls, one.name).__set__
    given = one.name
    if one.default_factory is not MISSING:
        known[f"make_{one.name}"] = one.default_factory
        given = f"make_{one.name}() if {one.name} is MISSING else {one.name}"
    return f"set_{one.name}(self, {given})"


def _repr(self: Any) -> str:
    said = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({said})"


def _refuse(_: object, name: str, __: object = None) -> None:
    raise FrozenInstanceError(f"cannot change {name!r}")
