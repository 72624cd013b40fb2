"""Which passages somebody quotes in what they say: words in quotation marks or behind `>`, letter for letter."""

import re
from collections.abc import Iterator

from bot.readings.finding import held_text
from bot.readings.model import Reading
from bot.readings.text import find_all, same_letters, tokens
from bot.values import value

FEWEST_WORDS = 4  # a shorter one may be anybody's words
LONGEST = 3000  # characters of one quotation

_MARKED = re.compile('["“„]([^"“”„]+)["”“]|«([^«»]+)»|「([^「」]+)」|『([^『』]+)』')
_PRINTED_MARKS = ("“", "„", "«", "「", "『")
_LED = re.compile(r"(?:^[ \t]*>[^\n]*\n?)+", re.MULTILINE)


@value
class Quoted:
    """A passage by its key, and the words of it as printed."""

    passage: str
    words: str


def may_quote(text: str) -> bool:
    """Whether there is anything in the text that could be a quotation. Of most texts a look at its marks tells."""
    marked = '"' in text or ">" in text or (not text.isascii() and any(mark in text for mark in _PRINTED_MARKS))
    return marked and next(_candidates(text), None) is not None


def quoted_in(text: str, reading: Reading) -> tuple[Quoted, ...]:
    """The passages of the reading that the text quotes word for word, each with the first such words."""
    held = held_text(reading)
    found: dict[str, Quoted] = {}
    for words in _candidates(text):
        for start, end in find_all(held.text, words):
            inside = held.inside(start, end)
            if inside and same_letters(words, held.text[start:end]):
                passage = held.segments[inside[0][0]].passage
                found.setdefault(passage, Quoted(passage, held.text[start:end]))
    return tuple(found.values())


def _candidates(text: str) -> Iterator[str]:
    for match in _MARKED.finditer(text):
        yield from _long_enough(next(group for group in match.groups() if group is not None))
    for match in _LED.finditer(text):
        lines = (line.strip().removeprefix(">").strip() for line in match[0].splitlines())
        yield from _long_enough(" ".join(lines))


def _long_enough(words: str) -> Iterator[str]:
    if len(words) <= LONGEST and len(tokens(words)) >= FEWEST_WORDS:
        yield words
