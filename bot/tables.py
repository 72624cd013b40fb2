"""A table that somebody wrote, as TOML gives it, against a frozen dataclass: everything wrong is found at once.

A field's annotation says what its value must be; `Annotated` adds rules, which may also change the value. Why not
pydantic: docs/architecture.md, "Choices".
"""

import re
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, field, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.nearest import nearest_name
from bot.secret import SecretStr
from bot.toml_lines import KeyPath
from bot.values import named_value, value

T = TypeVar("T", bound="Table")

Rule = Callable[[Any, Any], Any]

_NOTHING = object()
_KINDS: dict[type, tuple[type | tuple[type, ...], str]] = {
    str: (str, "words in quotation marks"),
    SecretStr: (str, "words in quotation marks"),
    Path: (str, "words in quotation marks"),
    int: (int, "a whole number"),
    float: ((int, float), "a number"),
    bool: (bool, "true or false"),
}


@named_value
class Table:
    """What every such dataclass is. `given` are the keys that were written."""

    given: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    @classmethod
    def check(cls, values: Mapping[str, Any], known: Any, /) -> Iterable[tuple[str, str]]:  # noqa: ARG003 - for those that have rules
        """What is wrong with the values together: the field, and what is wrong with it in words.

        What is given and wrong by itself is not among the values. `known` is what the caller knows besides.
        """
        return ()


@value
class Wrong:
    """One thing wrong: the path of the key, words before and after its name, and the value to show behind them."""

    path: KeyPath
    after: str
    before: str = ""
    value: object = _NOTHING

    @property
    def shows_value(self) -> bool:
        """Whether the value helps to see what is wrong."""
        return self.value is not _NOTHING


@value
class _Fields:
    """A table's fields: what each must be, which have no default, and the defaults, some made anew each time."""

    kinds: Mapping[str, Any]
    needed: tuple[str, ...]
    defaults: Mapping[str, Any]
    factories: Mapping[str, Callable[[], Any]]

    @classmethod
    def of(cls, model: type[Table]) -> Self:
        hints, known = get_type_hints(model, include_extras=True), [one for one in fields(model) if one.name != "given"]
        return cls(
            {one.name: hints[one.name] for one in known},
            tuple(one.name for one in known if one.default is MISSING and one.default_factory is MISSING),
            {one.name: one.default for one in known if one.default is not MISSING},
            {one.name: one.default_factory for one in known if one.default_factory is not MISSING},
        )


_known_fields: dict[type[Table], _Fields] = {}


def _fields_of(model: type[Table]) -> _Fields:
    if model not in _known_fields:
        _known_fields[model] = _Fields.of(model)
    return _known_fields[model]


class Must(Exception):
    """What a value must be, raised by a rule: "must be 65535 or less". The value is shown behind the words."""


class _Refused(Exception):
    """There is nothing right to go on with."""


def read_table(model: type[T], data: object, known: Any = None) -> tuple[T | None, list[Wrong]]:
    """The value of `model`, and everything wrong in the data.

    What is wrong is left out, so that its default stands in its place; where there is none, there is no value. A rule
    is called with the value and with `known`; it returns the value to keep, or raises Must or ValueError.
    """
    reader = _Reader(known)
    try:
        return reader.table(model, data, ()), reader.found
    except _Refused:
        return None, reader.found


def between(low: float, high: float) -> Rule:
    """A rule: from `low` to `high`."""

    def check(value: float, _: Any) -> float:
        if value < low:
            raise Must(f"must be {low} or more")
        if value > high:
            raise Must(f"must be {high} or less")
        return value

    return check


def matching(pattern: str) -> Rule:
    """A rule: words that match a regular expression as a whole."""

    def check(value: str, _: Any) -> str:
        if not re.fullmatch(pattern, value):
            raise Must(f"must match `{pattern}`")
        return value

    return check


def not_empty(value: str, _: Any) -> str:
    """A rule: at least one character."""
    if not value:
        raise Must("must not be empty")
    return value


def stripped(value: str, _: Any) -> str:
    """A rule: without the white space around it."""
    return value.strip()


def kinds(model: type[Table]) -> Mapping[str, Any]:
    """What each field of a table must be, by the field's name."""
    return _fields_of(model).kinds


def is_table(kind: object) -> bool:
    """Whether a value of this kind is a table of its own."""
    return isinstance(kind, type) and is_dataclass(kind) and issubclass(kind, Table)


class _Reader:
    """One reading of some data. `found` is what is wrong so far."""

    def __init__(self, known: Any) -> None:
        self.known = known
        self.found: list[Wrong] = []

    def table(self, model: type[T], data: object, path: KeyPath) -> T:
        if not isinstance(data, dict):
            raise self._refused(path, " must be a table", data)
        known = _fields_of(model)
        for name in data.keys() - known.kinds.keys():
            nearest = nearest_name(str(name), known.kinds)
            hint = f"; did you mean `{nearest}`?" if nearest else ""
            self.found.append(Wrong((*path, name), hint, before="unknown key "))
        values = self._values(known, data, path)
        for name, words in model.check(values, self.known):
            self.found.append(Wrong((*path, name), f": {words}"))
            values.pop(name, None)
        if any(name not in values for name in known.needed):
            raise _Refused
        return model(given=frozenset(data), **values)

    def _values(self, known: _Fields, data: Mapping[str, object], path: KeyPath) -> dict[str, Any]:
        """What is right by itself, and the default of what is not given."""
        values = {name: default for name, default in known.defaults.items() if name not in data}
        values |= {name: make() for name, make in known.factories.items() if name not in data}
        for name, kind in known.kinds.items():
            if name in data:
                values[name] = self._tried(kind, data[name], (*path, name))
        self.found += [Wrong((*path, name), " is missing") for name in known.needed if name not in data]
        return {name: value for name, value in values.items() if value is not _NOTHING}

    def value(self, kind: Any, value: object, path: KeyPath) -> Any:
        arguments = get_args(kind)
        match get_origin(kind):
            case None:
                return self.table(kind, value, path) if is_table(kind) else self._single(kind, value, path)
            case origin if origin is Annotated:
                return self._ruled(arguments[1:], self.value(arguments[0], value, path), path)
            case origin if origin is Literal:
                if value not in arguments:
                    raise self._refused(path, f" must be {_either(arguments)}", value)
                return value
            case origin if origin in (Union, types.UnionType):
                return self.value(next(one for one in arguments if one is not type(None)), value, path)
            case origin if origin is tuple:
                return self._list(arguments[0], value, path)
            case _:
                return self._names(arguments, value, path)

    def _single(self, kind: type, value: object, path: KeyPath) -> Any:
        taken, words = _KINDS[kind]
        if not isinstance(value, taken) or (isinstance(value, bool) and kind is not bool):
            raise self._refused(path, f" must be {words}", value)
        return kind(value)

    def _list(self, kind: Any, value: object, path: KeyPath) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise self._refused(path, " must be a list in square brackets", value)
        made = tuple(self._tried(kind, one, (*path, at)) for at, one in enumerate(value))
        if _NOTHING in made:
            raise _Refused
        return made

    def _names(self, key_and_value: tuple[Any, ...], value: object, path: KeyPath) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise self._refused(path, " must be a table", value)
        key_kind, kind = key_and_value
        made = {
            self._tried(key_kind, key, (*path, key)): self._tried(kind, one, (*path, key)) for key, one in value.items()
        }
        if _NOTHING in made or _NOTHING in made.values():
            raise _Refused
        return made

    def _ruled(self, rules: Iterable[Rule], value: Any, path: KeyPath) -> Any:
        try:
            for rule in rules:
                value = rule(value, self.known)
        except Must as words:
            raise self._refused(path, f" {words}", value or _NOTHING) from None
        except ValueError as words:
            raise self._refused(path, f": {words}", _NOTHING) from None
        return value

    def _tried(self, kind: Any, value: object, path: KeyPath) -> Any:
        try:
            return self.value(kind, value, path)
        except _Refused:
            return _NOTHING

    def _refused(self, path: KeyPath, words: str, value: object) -> _Refused:
        self.found.append(Wrong(path, words, value=value))
        return _Refused()


def _either(words: Iterable[str]) -> str:
    *others, last = (f"'{word}'" for word in words)
    return f"{', '.join(others)} or {last}" if others else last
