"""Files that people write: read, checked against a dataclass, every mistake named at once with key and line.

For the configuration and for readings. A value that the model calls secret never enters a mistake.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from bot.errors import Mistake, Mistakes
from bot.secret import SecretStr
from bot.tables import Table, Wrong, is_table, kinds, read_table
from bot.toml_lines import dotted, key_lines

M = TypeVar("M", bound=Table)

LARGEST = 5_000_000  # bytes; sixty thousand words are less than a tenth of it

_SYNTAX = {
    "Invalid value": "the value is not one TOML knows; words need quotation marks",
    "Cannot overwrite a value": "this key is given twice",
    "Unterminated string": "a quotation mark that opens is never closed",
    "Illegal character '\\n'": "the line ends before its quotation mark is closed",
    "Expected '=' after a key in a key/value pair": "write this line as `key = value`",
    "Unclosed array": "the list that opens with [ is never closed",
}


def read_text(file: Path) -> str:
    """The text of a file that somebody wrote, without a byte order mark, its lines ending in a line feed.

    Raises Mistakes where it can't be read, is not UTF-8, or is larger than 5 MB.
    """
    return decoded(file, read_bytes(file)).replace("\r\n", "\n").replace("\r", "\n")


def read_bytes(file: Path) -> bytes:
    """What is in a file. Raises Mistakes where it can't be read or is larger than 5 MB."""
    try:
        small = file.stat().st_size <= LARGEST
        data = file.read_bytes() if small else b""
    except FileNotFoundError:
        raise Mistakes([Mistake(file, 1, "this file is missing")]) from None
    except OSError as error:
        raise Mistakes([Mistake(file, 1, f"this file can't be read: {error.strerror}")]) from None
    if not small:
        raise Mistakes([Mistake(file, 1, "this file is larger than 5 MB, which is more than a whole book")])
    return data


def decoded(file: Path, data: bytes) -> str:
    """The data as text, without a byte order mark, with its own line ends. Raises Mistakes where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    raise Mistakes([Mistake(file, line, "this line is not UTF-8 text; save the file as UTF-8")])


def read_toml(file: Path, model: type[M], *, text: str | None = None, context: object = None) -> M:
    """The file as a value of `model`. With `text`, that is read instead and `file` only named.

    `context` is handed to the model's rules. A rule's ValueError is shown after the key and a colon.
    Raises Mistakes with everything that is wrong.
    """
    text = read_text(file) if text is None else text
    value, found = _read(file, model, text, context)
    if found or value is None:
        raise Mistakes(found)
    return value


def read_what_is_right(file: Path, model: type[M]) -> tuple[M, list[Mistake]]:
    """The file as a value of `model`, with the default in place of what is wrong, and everything that is wrong.

    For a model whose fields all have defaults.
    """
    try:
        value, found = _read(file, model, read_text(file), None)
    except Mistakes as mistakes:
        return model(), mistakes.found
    return value or model(), sorted(found)


def _read(file: Path, model: type[M], text: str, context: object) -> tuple[M | None, list[Mistake]]:
    data = _parse(file, text)
    value, wrong = read_table(model, data, context)
    return value, _mistakes(file, text, wrong, {one for one in _secrets(model, data) if one}) if wrong else []


def _parse(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        line, words = 1, "this file is nested too deeply"
    except ValueError as error:
        said, _, place = str(error).partition(" (at ")
        found = re.match(r"line (\d+)", place)
        line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
        words = _SYNTAX.get(said, f"this is not TOML: {said}")
    raise Mistakes([Mistake(file, line, words)])


def _mistakes(file: Path, text: str, wrong: Iterable[Wrong], secrets: set[str]) -> list[Mistake]:
    lines = key_lines(text)
    found: list[Mistake] = []
    for one in wrong:
        held = next((one.path[:n] for n in range(len(one.path), 0, -1) if one.path[:n] in lines), ())
        found.append(Mistake(file, lines.get(held, 1), _words(one, secrets)))
    return list(dict.fromkeys(found))


def _words(wrong: Wrong, secrets: set[str]) -> str:
    after = wrong.after + (_but_not(wrong.value) if wrong.shows_value else "")
    if any(secret in after for secret in secrets):
        after = wrong.after if wrong.shows_value else ": this value is not right"
    return f"{wrong.before}`{dotted(wrong.path)}`{after}"


def _but_not(value: object) -> str:
    if isinstance(value, bool):
        return f", not {str(value).lower()}"
    if isinstance(value, list | dict):
        return f", not a {type(value).__name__.replace('dict', 'table')}"
    shown = str(value)
    shown = shown if len(shown) <= 60 else shown[:59] + "…"
    return f', not "{shown}"' if isinstance(value, str) else f", not {shown}"


def _secrets(kind: Any, value: object) -> Iterator[str]:
    """Every value that the model keeps secret, and all of what stands where a table should."""
    if is_table(kind) and isinstance(value, dict):
        for name, inner in kinds(kind).items():
            yield from _secrets(inner, value.get(name))
    elif is_table(kind) or kind is SecretStr:
        yield from _leaves(value)
    else:
        for arg in get_args(kind):
            for one in _inner(value) if get_origin(kind) in (tuple, dict) else [value]:
                yield from _secrets(arg, one)


def _inner(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else [value]


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in _inner(value):
            yield from _leaves(one)
    elif value is not None:
        yield str(value)
