"""How a quotation differs from the text, word by word. This judges; `finding` has only found the place."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.readings.finding import HeldText, Step, nearest_place
from bot.readings.text import Token, tokens
from bot.readings.word_lists import FUNCTION_WORDS
from bot.values import value

Span = tuple[int, int]

_NEAR = (
    0.6  # of the quotation's words; below it, "you wrote X, the reading has Y" would compare two different sentences
)
_NEAR_IN_PACK = 0.75  # a few brief quotations are no ground for saying what the reading has elsewhere
_MISSPELT = 80.0


@value
class Change:
    """One difference: the words written, the words the reading has there (either may be empty), and its next word."""

    wrote: str
    has: str
    before: str = ""


@value
class Difference:
    """A quotation beside the nearest place: its `span` in the held text, and the words that differ on both sides."""

    span: Span
    changes: tuple[Change, ...]
    written_marks: tuple[Span, ...]
    held_marks: tuple[Span, ...]


def difference(held: HeldText, written: str, start: int, end: int) -> Difference | None:
    """How `written[start:end]` differs from the nearest place of the text; None when no place is near enough."""
    words = [Token(word.word, word.start + start, word.end + start) for word in tokens(written[start:end], cjk=1)]
    steps = nearest_place(held, [word.word for word in words]) if words else []
    if not _is_near(held, words, steps):
        return None
    places = [held.words[place] for _, place in steps if place is not None]
    sides = list(_sides(held, words, steps))
    return Difference(
        (places[0].start, places[-1].end),
        tuple(
            Change(_slice(written, ours), _slice(held.text, theirs), _slice(held.text, before))
            for ours, theirs, before in sides
        ),
        tuple(ours for ours, _, _ in sides if ours),
        tuple(theirs for _, theirs, _ in sides if theirs),
    )


def _sides(held: HeldText, words: Sequence[Token], steps: Sequence[Step]) -> Iterator[tuple[Span | None, ...]]:
    """Where each difference stands in the quotation and in the text, and the text's next equal word."""
    blocks = [(equal, list(block)) for equal, block in groupby(steps, lambda step: _equal(held, words, step))]
    for (equal, block), following in zip(blocks, [*blocks[1:], (True, [])], strict=True):
        if not equal:
            yield (
                _span([words[at] for at, _ in block if at is not None]),
                _span([held.words[place] for _, place in block if place is not None]),
                _span([held.words[place] for _, place in following[1][:1] if place is not None]),
            )


def _slice(text: str, span: Span | None) -> str:
    return text[slice(*span)] if span else ""


def _span(words: Sequence[Token]) -> Span | None:
    return (words[0].start, words[-1].end) if words else None


def _equal(held: HeldText, words: Sequence[Token], step: Step) -> bool:
    at, place = step
    return at is not None and place is not None and words[at].word == held.words[place].word


def _is_near(held: HeldText, words: Sequence[Token], steps: Sequence[Step]) -> bool:
    from rapidfuzz import fuzz  # noqa: PLC0415 - 3 MB that most questions do not need

    alike = [words[at].word for at, place in steps if at is not None and place is not None
             and fuzz.ratio(words[at].word, held.words[place].word) >= _MISSPELT]  # fmt: skip
    if not words or all(word in FUNCTION_WORDS for word in alike):
        return False
    changes = sum(not equal for equal, _ in groupby(steps, lambda step: _equal(held, words, step)))
    if not held.whole:
        inside = _equal(held, words, steps[0]) and _equal(held, words, steps[-1])
        return inside and len(words) >= 4 and len(alike) >= _NEAR_IN_PACK * len(words)
    return len(alike) >= _NEAR * len(words) and changes <= 1 + len(words) / 3
