"""@command: a command is a plain async function, and its typed signature is its interface on every platform."""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from bot.reply import Reply
from bot.request import Request


class Kind(StrEnum):
    """What an option takes. PROSE is free text as typed, quotation marks and all."""

    TEXT = "text"
    PROSE = "prose"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One completion: what is shown, and what is sent."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in an option so far, and the other options that are already given, by name."""

    text: str
    given: Mapping[str, str | int] = field(default_factory=dict)

    def fits(self, *names: str) -> bool:
        """Whether one of these names holds what was typed, in any case of letters."""
        return any(self.text.casefold() in name.casefold() for name in names)

    def best(self, found: Iterable[Suggestion]) -> list[Suggestion]:
        """The same, best first: what is typed itself, what begins so, then what has a word that does."""
        typed = self.text.casefold()
        return sorted(found, key=lambda one: min(_distance(typed, one.label), _distance(typed, one.value)))


def _distance(typed: str, name: str) -> int:
    """0 for the very name, then how far inside it the typed text begins: with it, with a word of it, anywhere."""
    name = name.casefold()
    if typed == name:
        return 0
    if name.startswith(typed):
        return 1
    return 2 if re.search(rf"(?<!\w){re.escape(typed)}", name) else 3


Suggest = Callable[[Request, Typed], Iterable[Suggestion]]

LONGEST = {Kind.TEXT: 300, Kind.PROSE: 6000}  # 6,000 characters is what Discord lets a text option hold
HIGHEST = 9999

PROSE = Kind.PROSE


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command, as its signature and its `Args:` describe it."""

    name: str
    description: str
    kind: Kind
    required: bool
    default: str | int
    choices: tuple[str, ...] = ()
    suggest: Suggest | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its words for help, its options, who may, and the function that answers.

    `native` is False for a command that is reached through `/readalong` only; `topic` marks one made of a reading's
    topic. `private` says whether its replies are
    for the asker alone as a rule; where a platform must decide before the answer is known, it goes by this.
    """

    name: str
    description: str
    example: str
    options: tuple[Option, ...]
    function: Callable[..., Awaitable[Reply]]
    moderators: bool = False
    native: bool = True
    private: bool = False
    topic: bool = False

    def option(self, kind: Kind) -> Option | None:
        """The first option of that kind."""
        return next((option for option in self.options if option.kind is kind), None)

    @property
    def usage(self) -> str:
        """The options for a hint: `[about] [number]`, those that must be given without brackets."""
        return " ".join(option.name if option.required else f"[{option.name}]" for option in self.options)


def command(
    *, example: str, moderators: bool = False, native: bool = True, private: bool = False
) -> Callable[[Callable[..., Awaitable[Reply]]], Command]:
    """Make a Command of an async function `(request, ...options) -> Reply`.

    Its name is the function's; its description the docstring's first line; each option is a parameter of type `str`,
    `int` (1 and up), `Literal[...]` (choices; an empty one as the default stands for none), `Annotated[str, PROSE]` or
    `Annotated[str, <a Suggest function>]`, described under `Args:`. Raises TypeError when something of that is missing.
    """

    def make(function: Callable[..., Awaitable[Reply]]) -> Command:
        name = function.__name__.strip("_").replace("_", "-")
        text = inspect.getdoc(function) or ""
        described = dict(re.findall(r"^ {4}(\w+): (.+)$", text.partition("Args:")[2], re.MULTILINE))
        hints = get_type_hints(function, include_extras=True)
        parameters = list(inspect.signature(function).parameters.values())[1:]
        options = tuple(_option(p, hints[p.name], described.get(p.name, "")) for p in parameters)
        if not text:
            raise TypeError(f"/{name} has no description")
        if len(options) > 1 and any(option.kind is Kind.PROSE for option in options):
            raise TypeError(f"/{name} takes prose, which leaves no room for another option")
        return Command(name, text.splitlines()[0], example, options, function, moderators, native, private)

    return make


def _option(parameter: inspect.Parameter, hint: Any, description: str) -> Option:
    if not description:
        raise TypeError(f"the option {parameter.name} has no description")
    extra: Any = None
    if get_origin(hint) is Annotated:
        hint, extra = get_args(hint)
    required = parameter.default is inspect.Parameter.empty
    default = "" if required else parameter.default
    if get_origin(hint) is Literal:
        return Option(
            parameter.name, description, Kind.CHOICE, required, default, choices=tuple(filter(None, get_args(hint)))
        )
    if hint is int:
        return Option(parameter.name, description, Kind.NUMBER, required, default, suggest=extra)
    if hint is str and extra is PROSE:
        return Option(parameter.name, description, Kind.PROSE, required, default)
    if hint is str:
        return Option(parameter.name, description, Kind.TEXT, required, default, suggest=extra)
    raise TypeError(f"the option {parameter.name} has a type that no platform can ask for: {hint}")
