"""A Markdown file as numbered lines, headings with what is under them, and items; words are left as they are."""

import re
from collections.abc import Iterator, Sequence

from bot.values import value


@value
class Part:
    """A heading with the lines under it; the first part of a file has no heading. `line` is the heading's."""

    line: int
    heading: str
    body: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        """The lines under the heading as one text."""
        return "\n".join(text for _, text in self.body).strip()

    @property
    def first(self) -> int:
        """The line its words begin on."""
        return next((number for number, words in self.body if words.strip()), self.line)


@value
class Item:
    """A paragraph or list item, with the lines it begins and ends on."""

    first: int
    last: int
    text: str


def numbered(text: str) -> list[tuple[int, str]]:
    """The lines of a text with their numbers, from 1."""
    return list(enumerate(text.split("\n"), start=1))


def split_parts(text: str) -> Iterator[Part]:
    """The text before the first heading, then each heading; every line that begins with `#` is one."""
    line, heading = 1, ""
    body: list[tuple[int, str]] = []
    for number, words in numbered(text):
        if words.startswith("#"):
            yield Part(line, heading, tuple(body))
            line, heading, body = number, words.rstrip(), []
        else:
            body.append((number, words))
    yield Part(line, heading, tuple(body))


def split_items(lines: Sequence[tuple[int, str]], begins: re.Pattern[str]) -> Iterator[Item]:
    """Paragraphs, and list items: what blank lines part, and each line that `begins` matches with what follows it."""
    held: list[tuple[int, str]] = []
    for number, words in (*lines, (0, "")):
        if held and (not words.strip() or begins.match(words)):
            yield Item(held[0][0], held[-1][0], "\n".join(text for _, text in held))
            held = []
        if words.strip():
            held.append((number, words))
