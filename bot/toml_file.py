"""Files that people write: read, checked against a pydantic model, every mistake named at once with key and line.

For the configuration and for readings. A value that the model calls secret never enters a mistake.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, SecretBytes, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import Mistake, Mistakes
from bot.nearest import nearest_name
from bot.toml_lines import KeyPath, dotted, key_lines

M = TypeVar("M", bound=BaseModel)

LARGEST = 5_000_000  # bytes; sixty thousand words are less than a tenth of it

_SYNTAX = {
    "Invalid value": "the value is not one TOML knows; words need quotation marks",
    "Cannot overwrite a value": "this key is given twice",
    "Unterminated string": "a quotation mark that opens is never closed",
    "Illegal character '\\n'": "the line ends before its quotation mark is closed",
    "Expected '=' after a key in a key/value pair": "write this line as `key = value`",
    "Unclosed array": "the list that opens with [ is never closed",
}
_KINDS = {
    "string": "words in quotation marks",
    "path": "words in quotation marks",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list in square brackets",
    "tuple": "a list in square brackets",
    "dict": "a table",
    "model": "a table",
}
_WRONG_KIND = re.compile(
    r"(string|path|int|float|bool|list|tuple|dict|model)(?:_(?:attributes_)?type|_parsing|_from_float)"
)
_HOLDERS = (list, tuple, dict, Mapping)
_LIMITS = {
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "too_short": "needs at least {min_length}",
    "too_long": "may have at most {max_length}",
    "string_too_short": "needs at least {min_length} characters",
    "string_too_long": "may have at most {max_length} characters",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "string_pattern_mismatch": "must match `{pattern}`",
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

    `context` is handed to the model's validators. A validator's ValueError is shown after the key and a colon.
    Raises Mistakes with everything that is wrong.
    """
    text = read_text(file) if text is None else text
    data = _parse(file, text)
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        details = error.errors(include_url=False)
    # Raised outside of the handler: pydantic's error holds the values, and must not travel along as the context.
    raise Mistakes(_Translation(file, text, model, data).mistakes(details))


def read_what_is_right(file: Path, model: type[M]) -> tuple[M, list[Mistake]]:
    """The file as a value of `model`, with the default in place of what is wrong, and everything that is wrong.

    For a model whose fields all have defaults.
    """
    try:
        return read_toml(file, model), []
    except Mistakes as mistakes:
        found = mistakes.found
    try:
        data = _parse(file, read_text(file))
    except Mistakes:
        return model(), found
    return model.model_validate(_without_what_is_wrong(data, model)), found


def _without_what_is_wrong(data: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """The data without each key whose value, or part of whose value, the model refuses."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        refused = [tuple(map(str, detail["loc"])) for detail in error.errors(include_url=False)]
    else:
        return data
    return _without(data, refused) or {}


def _without(value: Any, refused: list[tuple[str, ...]]) -> Any:
    """The value without what is refused in it, or None where that is all of it. A list goes or stays whole."""
    if not refused:
        return value
    if () in refused or not isinstance(value, dict):
        return None
    kept = {key: _without(one, [path[1:] for path in refused if path[:1] == (key,)]) for key, one in value.items()}
    return {key: one for key, one in kept.items() if one is not None}


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


class _Translation:
    """From pydantic's errors to mistakes in plain words, for one file."""

    def __init__(self, file: Path, text: str, model: type[BaseModel], data: dict[str, Any]) -> None:
        self.file = file
        self.lines = key_lines(text)
        self.model = model
        self.data = data
        self.secrets = {secret for secret in _secrets(model, data) if secret}

    def mistakes(self, errors: list[ErrorDetails]) -> list[Mistake]:
        return list(dict.fromkeys(self._mistake(error) for error in errors))

    def _mistake(self, error: ErrorDetails) -> Mistake:
        path = _path_in(self.data, error["loc"])
        held = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in self.lines), ())
        return Mistake(self.file, self.lines.get(held, 1), self._words(error, path))

    def _words(self, error: ErrorDetails, path: KeyPath) -> str:
        name = f"`{dotted(path)}`" if path else ""
        kind = error["type"]
        context = error.get("ctx", {})
        if kind == "missing":
            return f"{name} is missing"
        if kind == "extra_forbidden":
            return f"unknown key {name}{self._nearest(path)}"
        if kind == "string_too_short" and context.get("min_length") == 1:
            return f"{name} must not be empty"
        if found := _WRONG_KIND.fullmatch(kind):
            return f"{name} must be {_KINDS[found[1]]}{self._but_not(error['input'])}"
        if kind in _LIMITS:
            return f"{name} {_LIMITS[kind].format(**context)}{self._but_not(error['input'])}"
        said = str(context["error"]) if kind in {"value_error", "assertion_error"} else error["msg"]
        if any(secret in said for secret in self.secrets):
            said = "this value is not right"
        return f"{name}: {said}" if name else said

    def _nearest(self, path: KeyPath) -> str:
        model = _model_at(self.model, path[:-1])
        fields = model.model_fields.items() if model else ()
        nearest = nearest_name(str(path[-1]), [field.alias or name for name, field in fields])
        return f"; did you mean `{nearest}`?" if nearest else ""

    def _but_not(self, value: object) -> str:
        if isinstance(value, bool):
            return f", not {str(value).lower()}"
        if isinstance(value, list | dict):
            return f", not a {type(value).__name__.replace('dict', 'table')}"
        shown = str(value)
        if any(secret in shown for secret in self.secrets):
            return ""
        shown = shown if len(shown) <= 60 else shown[:59] + "…"
        return f', not "{shown}"' if isinstance(value, str) else f", not {shown}"


def _path_in(data: object, loc: KeyPath) -> KeyPath:
    """The part of pydantic's location that is in the file, with the one key that may be missing from it."""
    path: KeyPath = ()
    for part in loc:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            break
        path += (part,)
    return path


def _model_at(kind: object, path: KeyPath) -> type[BaseModel] | None:
    """The model that describes the table at this path."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if not path:
            return kind
        field = next((field for name, field in kind.model_fields.items() if path[0] in {field.alias, name}), None)
        return _model_at(field.annotation, path[1:]) if field else None
    rest = path[1:] if get_origin(kind) in _HOLDERS else path
    return next((model for arg in get_args(kind) if (model := _model_at(arg, rest))), None)


def _secrets(kind: Any, value: object) -> Iterator[str]:
    """Every value that the model keeps secret, and all of what stands where a table should."""
    if isinstance(kind, type) and issubclass(kind, BaseModel) and isinstance(value, dict):
        for name, field in kind.model_fields.items():
            yield from _secrets(field.annotation, value.get(field.alias or name))
    elif isinstance(kind, type) and issubclass(kind, BaseModel | SecretStr | SecretBytes):
        yield from _leaves(value)
    else:
        inner = _inner(value) if get_origin(kind) in _HOLDERS else [value]
        for arg in get_args(kind):
            for one in inner:
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
