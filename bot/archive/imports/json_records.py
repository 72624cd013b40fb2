"""JSON of exports, record by record: of any size, cut off, damaged, or nested without end.

Memory holds a few records at a time. A record that can't be read is told of, and the next is looked for behind it.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from bot.archive.imports.records import Bad
from bot.json_shapes import Body

CHUNK = 1 << 18
LARGEST = 16 << 20  # characters of one record
MOST_TRIES = 20_000  # places looked at behind a bad record, one after the other
_LONGEST_GAP = 64  # characters between a brace and its first key
_NEXT = re.compile(r'\{\s*"')
_ARRAY = re.compile(r"\s*\[")
_GAP = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()

Looks = Callable[[Body], bool]  # whether an object is a record, and no part of one


class Records:
    """The objects of one array: of the file itself, or of what stands under `key` in the object that it is.

    `where` names the file. What stands before the array is in `before` once the first record was given.
    """

    def __init__(self, file: IO[bytes], where: str, looks: Looks, key: str = "") -> None:
        self._file, self._where, self._looks = file, where, looks
        self._begins = re.compile(rf'"{re.escape(key)}"\s*:\s*\[') if key else _ARRAY
        self._text, self._at, self._start, self._ended, self._closed = "", 0, 0, False, False
        self._decode = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode
        self._number = 0
        self._last: Any = None
        self.before = ""

    def __iter__(self) -> Iterator[Body | Bad]:
        """Each record, or that one is bad. Ends at the array's end, or where the file is cut off, of which it tells."""
        if not self._find_beginning():
            yield Bad(self._where, "no list of messages where one should be")
            yield from self._behind()
        while self._skip_gap():
            if self._text[self._at] == "]":
                yield from self._behind()  # a sound file has nothing there
            else:
                yield from self._one()
        if not self._closed:
            yield Bad(f"{self._where}, after record {self._number}", "the file is cut off here")
            yield from filter(self._looks, _inside(self._last))  # a list that was never closed holds what follows

    def _find_beginning(self) -> bool:
        while (found := self._begins.search(self._text)) is None:
            if self._ended or len(self._text) > LARGEST:
                return False
            self._more()
        self.before, self._at = self._text[: found.start()], found.end()
        return True

    def _skip_gap(self) -> bool:
        """Go to what stands next; False at the end of the file."""
        while True:
            gap = _GAP.match(self._text, self._at)
            self._at = gap.end() if gap else self._at
            if self._at < len(self._text) or self._ended:
                return self._at < len(self._text)
            self._more()

    def _one(self) -> Iterator[Body | Bad]:
        self._number += 1
        where = f"{self._where}, record {self._number}"
        try:
            found = self._decoded()
        except RecursionError:
            yield Bad(where, "nested too deeply")
            yield from self._behind()
        except ValueError as error:
            cut = self._ended and self._is_cut(error)
            yield Bad(where, "the file is cut off in it" if cut else f"no JSON ({_said(error)})")
            self._closed = cut
            yield from self._behind()
        else:
            self._last = found
            yield found if isinstance(found, dict) else Bad(where, "no message")

    def _decoded(self) -> Any:
        """The value that stands here; reads on while it is not whole."""
        while True:
            try:
                self._start = self._at
                found, self._at = _DECODER.raw_decode(self._text, self._at)
            except ValueError as error:
                if self._ended or not self._is_cut(error) or len(self._text) - self._at > LARGEST:
                    raise
                self._more()
            else:
                return found

    def _is_cut(self, error: ValueError) -> bool:
        """Whether the text may just end too early, as against being wrong."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - 12

    def _behind(self) -> Iterator[Body | Bad]:
        """The next thing behind this place that is a record, if there is one; else the end of the file."""
        for _ in range(MOST_TRIES):
            self._closed = self._closed or self._text[self._at : self._at + 1] == "]"
            while (found := _NEXT.search(self._text, self._at + 1)) is None:
                if self._ended:
                    self._at = len(self._text)
                    return
                self._at = max(self._at, len(self._text) - _LONGEST_GAP)
                self._more()
            self._at = found.start()
            try:
                inside = self._decoded()
            except (ValueError, RecursionError):
                continue
            if isinstance(inside, dict) and self._looks(inside):
                self._closed, self._number = False, self._number + 1
                yield inside
                return
            self._at = self._start
        yield Bad(self._where, "nothing behind the last bad record can be read")
        self._text, self._at, self._ended, self._closed = "", 0, True, True

    def _more(self) -> None:
        """Read on, and forget what lies behind."""
        read = self._file.read(max(CHUNK, len(self._text) - self._at))
        self._ended = not read
        self._text = self._text[self._at :] + self._decode(read, final=self._ended)
        self._at = 0


def _inside(value: Any) -> Iterator[Body]:
    """Every object inside of a value."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        held = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting += held
        yield from (each for each in held if isinstance(each, dict))


def _said(error: ValueError) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "a number without end"


def whole(data: bytes) -> Any:
    """The one value of a file. Raises ValueError, with a reason, where it can't be read."""
    try:
        return json.loads(data.decode("utf-8-sig", errors="replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def after(text: str, key: str) -> Any:
    """The value that stands under a key in the beginning of an object; None where none is whole."""
    for found in re.finditer(rf'"{re.escape(key)}"\s*:\s*', text):
        try:
            return _DECODER.raw_decode(text, found.end())[0]
        except (ValueError, RecursionError):
            continue
    return None
