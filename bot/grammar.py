"""The one grammar for typed text: free text may stand anywhere, the rest is `key:value`.

A lone whole number is the number; quotation marks, curly ones too, hold words together. `Call.line` writes a call back
in canonical form, which is what buttons carry.
"""

import re
from collections.abc import Iterator, Mapping

from bot.command import HIGHEST, LONGEST, Command, Kind, Option
from bot.errors import Misused
from bot.nearest import nearest_name
from bot.values import value
from bot.words import clean, literal

_TOKEN = re.compile(
    r"""(?:(?P<key>[A-Za-z][\w-]*):\s*)?
        (?: "(?P<straight>(?:\\.|[^"\\])*)"(?=\s|$)
          | “(?P<curly>[^”]*)”(?=\s|$)
          | „(?P<low>[^“”]*)[“”](?=\s|$)
          | «(?P<angle>[^»]*)»(?=\s|$)
          | (?P<bare>\S+) )""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"[¶#]?(\d{1,9})")
_PAGE = re.compile(r"(?<!\S)page:(\d{1,4})\s*$")


@value
class Call:
    """A command with its arguments, checked and complete. `page` says which page of a long reply is wanted, from 1."""

    command: Command
    arguments: Mapping[str, str | int]
    page: int = 1

    @property
    def line(self) -> str:
        """The call in canonical form, without its page: `/quote about:"peace treaty" number:2`."""
        given = (
            f"{option.name}:{_quoted(self.arguments[option.name])}"
            for option in self.command.options
            if self.arguments[option.name] != option.default or option.required
        )
        return " ".join((f"/{self.command.name}", *given))


@value
class Token:
    """One word, or several held together. `start` and `end` are its place in the text."""

    text: str
    key: str
    held: bool
    start: int
    end: int


def line(name: str, /, **arguments: str | int) -> str:
    """A command line in canonical form, for a button."""
    return " ".join((f"/{name}", *(f"{key}:{_quoted(value)}" for key, value in arguments.items())))


def split_page(text: str) -> tuple[str, int]:
    """A line and the page it ends in: `/timeline page:2` is (`/timeline`, 2)."""
    found = _PAGE.search(text)
    return (text[: found.start()].rstrip(), max(int(found[1]), 1)) if found else (text, 1)


def split_name(text: str) -> tuple[str, str]:
    """The command's name, lower case and without its slash, and what follows it."""
    name, *rest = text.strip().removeprefix("/").split(maxsplit=1) or [""]
    return name.casefold(), rest[0] if rest else ""


def parse(command: Command, text: str, page: int = 1) -> Call:
    """Read the text after a command's name. Raises Misused, with what would be right."""
    if prose := command.option(Kind.PROSE):
        return bind(command, _read_prose(prose, text), page)
    if words := command.option(Kind.WORDS):
        return bind(command, _read_words(command, words, text), page)
    return bind(command, _read_options(command, text), page)


def bind(command: Command, values: Mapping[str, str | int], page: int = 1) -> Call:
    """A Call from values by option name, as a platform's typed options give them. Raises Misused."""
    for name in values:
        _option(command, name)
    return Call(command, {option.name: _value(command, option, values) for option in command.options}, page)


def _read_prose(prose: Option, text: str) -> dict[str, str | int]:
    """Free text as typed. Only its own key at the very beginning, as in a button's line, is taken off."""
    text = text.strip()
    first = next(_tokens(text), None)
    if first and first.key.casefold() == prose.name:
        if first.held and first.end == len(text):
            return {prose.name: first.text}
        text = text.partition(":")[2].strip()
    rest = _unwrapped(text)
    return {prose.name: rest} if rest else {}


def _read_words(command: Command, words: Option, text: str) -> dict[str, str | int]:
    """The options that are named, each once; all else is the words, as typed."""
    names = {option.name for option in command.options}
    values: dict[str, str | int] = {}
    rest: list[str] = []
    for token in _tokens(text):
        key = token.key.casefold()
        if key in names and key not in values:
            values[key] = token.text
        elif token.text not in {f"{name}:" for name in names}:  # a key without a value says nothing
            rest.append(text[token.start : token.end])
    if rest:
        values[words.name] = " ".join(filter(None, [str(values.get(words.name, "")), *rest]))
    return values


def _read_options(command: Command, text: str) -> dict[str, str | int]:
    values: dict[str, str | int] = {}
    free: list[Token] = []
    for token in _tokens(text):
        if token.key:
            _take(values, _option(command, token.key).name, token.text)
        elif token.text not in {f"{option.name}:" for option in command.options}:  # a key without a value says nothing
            free.append(token)
    for kind, is_one in ((Kind.NUMBER, _is_number), (Kind.CHOICE, _is_choice)):
        option = command.option(kind)
        if option and option.name not in values:
            free = _pick(command, option, [t for t in free if is_one(option, t)], free, values)
    return _keep_rest(command, " ".join(token.text for token in free), values)


def _pick(
    command: Command, option: Option, found: list[Token], free: list[Token], values: dict[str, str | int]
) -> list[Token]:
    if len(found) > 1:
        raise Misused(f"`/{command.name}` takes one {option.name}. Give one, for example `{command.example}`.")
    for token in found:
        values[option.name] = token.text
    return [token for token in free if token not in found]


def _keep_rest(command: Command, rest: str, values: dict[str, str | int]) -> dict[str, str | int]:
    if not rest:
        return values
    left = [one for one in command.options if one.name not in values]
    wanted = (
        *(one for one in left if one.kind is Kind.TEXT),
        *(one for one in left if one.kind is Kind.NUMBER and one.required),
        *(one for one in left if one.kind is Kind.CHOICE),
        *(one for one in left if one.kind is Kind.NUMBER),
    )
    if not wanted:
        takes = f"takes only: {command.usage}" if command.options else "takes no options"
        raise Misused(f"`/{command.name}` {takes}. Leave out “{_short(rest)}”.")
    return values | {wanted[0].name: rest}


def _value(command: Command, option: Option, values: Mapping[str, str | int]) -> str | int:
    given = values.get(option.name, "")
    text = clean(str(given))
    if not text:
        if option.required:
            raise Misused(f"`/{command.name}` needs its {option.name}, for example `{command.example}`.")
        return option.default
    match option.kind:
        case Kind.NUMBER:
            return _number(option, text)
        case Kind.CHOICE:
            return _choice(option, text)
        case _:
            return _text(option, text)


def _number(option: Option, text: str) -> int:
    found = _NUMBER.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= HIGHEST:
        raise Misused(f"`{option.name}` is a whole number from 1 to {HIGHEST}; “{_short(text)}” is not.")
    return int(found[1])


def _choice(option: Option, text: str) -> str:
    if text.casefold() not in option.choices:
        raise Misused(f"`{option.name}` is {' or '.join(option.choices)}; “{_short(text)}” is not one of them.")
    return text.casefold()


def _text(option: Option, text: str) -> str:
    longest = LONGEST[option.kind]
    if len(text) > longest:
        raise Misused(f"`{option.name}` takes at most {longest:,} characters; yours has {len(text):,}. Shorten it.")
    return text


def _option(command: Command, name: str) -> Option:
    for option in command.options:
        if option.name == name.casefold():
            return option
    names = [option.name for option in command.options]
    nearest = nearest_name(name, names)
    hint = f" Did you mean `{nearest}:`?" if nearest else ""
    takes = f"It takes: {', '.join(names)}." if names else "It takes no options."
    raise Misused(f"`/{command.name}` has no option “{_short(name)}”.{hint} {takes}")


def _tokens(text: str) -> Iterator[Token]:
    """The words of a text. An address such as https://... is no `key:value`."""
    for found in _TOKEN.finditer(text):
        key, bare, straight = found["key"] or "", found["bare"], found["straight"]
        if key and bare and bare.startswith("//"):
            key, bare = "", found[0]
        if straight is not None:
            word = re.sub(r"\\(.)", r"\1", straight, flags=re.DOTALL)
        else:
            word = next(held for held in (bare, found["curly"], found["low"], found["angle"]) if held is not None)
        yield Token(word, key, bare is None, found.start(), found.end())


def _take(values: dict[str, str | int], name: str, value: str) -> None:
    if name in values:
        raise Misused(f"`{name}` is given twice. Give it once.")
    values[name] = value


def _is_number(_: Option, token: Token) -> bool:
    return not token.held and token.text.isdecimal() and token.text.isascii()


def _is_choice(option: Option, token: Token) -> bool:
    return token.text.casefold() in option.choices


def _unwrapped(text: str) -> str:
    """The text without the one pair of quotation marks that holds all of it."""
    for opening, closing in ('""', "“”", "„“", "„”", "«»"):
        inner = text[1:-1]
        if len(text) > 1 and text[0] == opening and text[-1] == closing and not {opening, closing} & set(inner):
            return inner.strip()
    return text


def _quoted(value: str | int) -> str:
    if isinstance(value, int) or re.fullmatch(r"[\w¶-]+", value):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _short(text: str) -> str:
    return literal(text if len(text) <= 40 else text[:39] + "…")
