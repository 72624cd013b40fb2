"""Completing a typed line: commands by name, then their options, then what an option can be."""

import re
from collections.abc import Iterator

from bot.answering import Answering
from bot.asker import Person, Place
from bot.command import Command, Kind, Option, Typed
from bot.registry import UMBRELLAS
from bot.values import value

LONGEST = 500  # characters; what is longer is prose, or no command

_KEYED = re.compile(r"""([a-z][\w-]*):(?:"([^"]*)"|([^\s"]\S*))(?=\s)""")
_UNFINISHED = re.compile(r"""(?:\A|(?<=\s))([a-z][\w-]*):"?((?<=")[^"]*|[^\s"]*)\Z""")


@value
class Completion:
    """`text` to put in place of what follows `start` in the line; `shown` is its name for people, `hint` what it is."""

    text: str
    start: int
    shown: str
    hint: str


def completions(answering: Answering, line: str, person: Person, place: Place) -> list[Completion]:
    """What the line, up to the cursor, can go on with; commands that the person may not use are left out."""
    if len(line) > LONGEST:
        return []
    umbrellas = UMBRELLAS.match(line)
    at = umbrellas.end() if umbrellas else 0
    if not re.search(r"\s", line[at:]):
        return list(_names(answering, line[at:], at, person))
    command = command_of(answering, line)
    if command is None or command.option(Kind.PROSE):
        return []
    rest = re.compile(r"\s*\S+\s+").match(line, at)
    return list(_Options(answering, command, line, rest.end() if rest else at).found(person, place))


def command_of(answering: Answering, line: str) -> Command | None:
    """The command that a line begins with, or None."""
    words = UMBRELLAS.sub("", line).split(maxsplit=1)
    return answering.registry.commands.get(words[0].removeprefix("/").casefold()) if words else None


def _names(answering: Answering, typed: str, at: int, person: Person) -> Iterator[Completion]:
    slash = "/" if typed.startswith("/") or not typed else ""
    for command in answering.registry.commands.values():
        name = f"{slash}{command.name}"
        if name.startswith(typed.casefold()) and command.moderators <= person.moderator:
            yield Completion(name, at, f"/{command.name}", command.description)


@value
class _Options:
    """What follows a command's name: its options as `key:value`, or free text. `at` is where that begins."""

    answering: Answering
    command: Command
    line: str
    at: int

    def found(self, person: Person, place: Place) -> Iterator[Completion]:
        given = {key: held or bare for key, held, bare in _KEYED.findall(f"{self.line[self.at :]} ")}
        unfinished = _UNFINISHED.search(self.line, self.at)
        if unfinished and any(unfinished[1] == option.name for option in self.command.options):
            typed = Typed(unfinished[2], {key: value for key, value in given.items() if key != unfinished[1]})
            option = next(option for option in self.command.options if option.name == unfinished[1])
            yield from self._values(option, typed, unfinished.start(), f"{option.name}:", person, place)
            return
        start = max((found.end() + 1 for found in _KEYED.finditer(self.line, self.at)), default=self.at)
        typed = Typed(self.line[start:].lstrip(), given)
        start = len(self.line) - len(typed.text)
        for option in self.command.options:
            if option.name not in given and option.name.startswith(typed.text.casefold()):
                yield Completion(f"{option.name}:", start, f"{option.name}:", option.description)
        for option in self.command.options:
            if option.name not in given:
                yield from self._values(option, typed, start, "", person, place)

    def _values(
        self, option: Option, typed: Typed, start: int, key: str, person: Person, place: Place
    ) -> Iterator[Completion]:
        for choice in option.choices:
            if choice.startswith(typed.text.casefold()):
                yield Completion(f"{key}{choice}", start, choice, option.description)
        for found in self.answering.suggestions(self.command.name, option.name, typed, person, place):
            value = f'"{found.value}"' if re.search(r"\s", found.value) else found.value
            yield Completion(f"{key}{value}", start, found.label, option.description)
