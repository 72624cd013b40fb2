"""Where each key of a TOML file stands, for text that the standard reader has accepted: it does not tell."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|[\w-]+)[ \t]*""")
_STRING = re.compile(
    r'''"""(?:\\.|(?!""")[^\\])*"{3,5}|\'\'\'(?:(?!\'\'\').)*'{3,5}|"(?:\\.|[^"\\])*"|'[^']*\'''',
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}\n#]+")


def key_lines(text: str) -> Mapping[KeyPath, int]:
    """The line of each key, table and element, by its path: `("event", 3, "passage")`. Lines count from 1.

    A table stands where its header is, or where its first dotted key is.
    """
    return _Scan(text.replace("\r\n", "\n")).run()


def dotted(path: KeyPath) -> str:
    """A path as people write it: `event[3].passage`, `aliases."Kuril Islands"`."""
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f"[{part}]"
        else:
            words += ("." if words else "") + (part if re.fullmatch(r"[\w-]+", part) else f'"{part}"')
    return words


class _Scan:
    """One pass over a text. `at` is the place reached; `last` the last element of each array of tables so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.breaks = [found.start() for found in re.finditer("\n", text)]
        self.last: dict[KeyPath, int] = {}
        self.lines: dict[KeyPath, int] = {}

    def run(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _header(self) -> KeyPath:
        marks = "[[" if self.text.startswith("[[", self.at) else "["
        start = self.at
        self.at += len(marks)
        path: KeyPath = ()
        names = self._key()
        for place, name in enumerate(names, start=1):
            path += (name,)
            if marks == "[[" and place == len(names):
                self.last[path] = self.last.get(path, -1) + 1
            self._note(path, start)
            if path in self.last:
                path += (self.last[path],)
                self._note(path, start)
        self.lines[path] = self._line(start)
        self.at += len(marks)
        return path

    def _pair(self, table: KeyPath) -> None:
        start = self.at
        for name in self._key():
            table += (name,)
            self._note(table, start)
        self.at += len("=")
        self._value(table)

    def _value(self, path: KeyPath) -> None:
        self._skip(_BLANK)
        match self.text[self.at]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                self._skip(_STRING)
            case _:
                self._skip(_SCALAR)

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while self.text[self._skip(_BLANK)] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._note((*path, index), self.at)
            self._value((*path, index))
            index += 1
        self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self.text[self._skip(_BLANK)] != "}":
            if self.text[self.at] == ",":
                self.at += 1
            else:
                self._pair(path)
        self.at += 1

    def _key(self) -> list[str]:
        names: list[str] = []
        while True:
            raw = self.text[self.at : self._skip(_KEY)].strip(" \t")
            names.append(next(iter(tomllib.loads(f"{raw} = 0"))) if raw[0] in "\"'" else raw)
            if self.text[self.at] != ".":
                return names
            self.at += 1

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _note(self, path: KeyPath, start: int) -> None:
        self.lines.setdefault(path, self._line(start))

    def _line(self, start: int) -> int:
        return bisect_right(self.breaks, start - 1) + 1
