"""@command: a command is a plain async function, and its typed signature is its interface on every platform."""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from keyword import iskeyword
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from bot.archive.events import Said
from bot.reply import Reply
from bot.request import Request
from bot.values import value


class Kind(StrEnum):
    """What an option takes. PROSE is free text as typed, quotation marks and all, and the only option then.

    WORDS is free text as typed too, beside other options: all that is not `key:value` of one of those.
    """

    TEXT = "text"
    PROSE = "prose"
    WORDS = "words"
    NUMBER = "number"
    CHOICE = "choice"


@value
class Suggestion:
    """One completion: what is shown, and what is sent."""

    label: str
    value: str


@value
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


@value
class MessageAction:
    """Something to do with one message, offered in a platform's menu on it: its name there, who may, what is done."""

    name: str
    label: str
    function: Callable[[Request, Said], Awaitable[Reply]]
    moderators: bool = False

    @property
    def description(self) -> str:
        """What it does, in one line: the first of the function's own description."""
        return (inspect.getdoc(self.function) or self.label).splitlines()[0]

    def on(self, said: Said) -> "Command":
        """The command that does it with this message."""

        async def act(request: Request) -> Reply:
            return await self.function(request, said)

        return Command(self.name, self.label, "", (), act, self.moderators, native=False, private=True)


Suggest = Callable[[Request, Typed], Iterable[Suggestion]]
_OF_WHAT_IS_READABLE: set[Suggest] = set()


def of_what_is_readable(suggest: Suggest) -> Suggest:
    """For completions that may name only what the asker can read: a platform finds that out before it asks for them."""
    _OF_WHAT_IS_READABLE.add(suggest)
    return suggest


LONGEST = {
    Kind.TEXT: 300,
    Kind.PROSE: 6000,
    Kind.WORDS: 2000,
}  # 6,000 characters is what Discord lets a text option hold
HIGHEST = 9999

PROSE = Kind.PROSE
WORDS = Kind.WORDS


@value
class Option:
    """One option of a command, as its signature and its `Args:` describe it."""

    name: str
    description: str
    kind: Kind
    required: bool
    default: str | int
    choices: tuple[str, ...] = ()
    suggest: Suggest | None = None

    @property
    def of_what_is_readable(self) -> bool:
        """Whether its completions may name only what the asker can read."""
        return self.suggest in _OF_WHAT_IS_READABLE


@value
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

    async def answer(self, request: Request, arguments: Mapping[str, str | int]) -> Reply:
        """Have it answered. An option whose name is a word of Python's is a parameter with a `_` after it."""
        return await self.function(request, **{parameter_name(name): value for name, value in arguments.items()})

    @property
    def usage(self) -> str:
        """The options for a hint: `[about] [number]`, those that must be given without brackets."""
        return " ".join(option.name if option.required else f"[{option.name}]" for option in self.options)


def parameter_name(option: str) -> str:
    """What an option's parameter is called: `from_` for `from`."""
    return f"{option}_" if iskeyword(option) else option


def command(
    *, example: str, moderators: bool = False, native: bool = True, private: bool = False
) -> Callable[[Callable[..., Awaitable[Reply]]], Command]:
    """Make a Command of an async function `(request, ...options) -> Reply`.

    Its name is the function's; its description the docstring's first line; each option is a parameter of type `str`,
    `int` (1 and up), `Literal[...]` (choices; an empty one as the default stands for none), `Annotated[str, PROSE]`,
    `Annotated[str, WORDS]` or `Annotated[str, <a Suggest function>]`, described under `Args:`; `from_` makes an option
    called from. Raises TypeError when something of that is missing.
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


def message_action(
    *, label: str, moderators: bool = False
) -> Callable[[Callable[[Request, Said], Awaitable[Reply]]], MessageAction]:
    """Make a MessageAction of an async function `(request, said) -> Reply`. Its name is the function's."""

    def make(function: Callable[[Request, Said], Awaitable[Reply]]) -> MessageAction:
        return MessageAction(function.__name__.replace("_", "-"), label, function, moderators)

    return make


def _option(parameter: inspect.Parameter, hint: Any, description: str) -> Option:
    if not description:
        raise TypeError(f"the option {parameter.name} has no description")
    name, extra = parameter.name.rstrip("_"), None  # `from_` is an option called from
    if get_origin(hint) is Annotated:
        hint, extra = get_args(hint)
    required = parameter.default is inspect.Parameter.empty
    default = "" if required else parameter.default
    if get_origin(hint) is Literal:
        return Option(name, description, Kind.CHOICE, required, default, tuple(filter(None, get_args(hint))))
    if hint is int:
        return Option(name, description, Kind.NUMBER, required, default, suggest=extra)
    if hint is str and isinstance(extra, Kind):
        return Option(name, description, extra, required, default)
    if hint is str:
        return Option(name, description, Kind.TEXT, required, default, suggest=extra)
    raise TypeError(f"the option {parameter.name} has a type that no platform can ask for: {hint}")
