"""What is indexed of a message's text for searching: its words, as searching compares them, parted by spaces."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

from bot.readings.text import CJK, Token, tokens

_LONGEST = 40  # characters; a longer piece is hardly ever seen again
_MOST = 40_000  # pieces; some 6 MiB
_AROUND = ".,;:!?()\"'"


class _Pieces(dict[str, str]):
    """The words of what stands between white space, which comes again and again. Only the writer's thread asks."""

    def __missing__(self, piece: str) -> str:
        words = _plain(piece) or " ".join(token.word for token in indexed(piece))
        if len(piece) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = piece if words == piece else words
        return words


def _plain(piece: str) -> str:
    """The one word of a piece that is nothing but a word of English letters with marks around it; else empty."""
    word = piece.strip(_AROUND)
    return word.lower() if word.isascii() and word.isalpha() and (word.islower() or word[1:].islower()) else ""


PIECES = _Pieces()


@cache
def _cjk() -> re.Pattern[str]:
    return re.compile(f"[{CJK}]+")


def searchable(text: str) -> str:
    """The words of a text as they are indexed, parted by spaces.

    The same as all of `indexed(text)`: no word reaches over white space, nor depends on what stands beyond it.
    """
    return " ".join(filter(None, map(PIECES.__getitem__, text.split())))


def indexed(text: str) -> Iterator[Token]:
    """The words of a text as they are indexed: repaired, folded, Chinese and Japanese in pairs of characters.

    The last character of such a stretch comes once more by itself, so that every character begins a word of the index.
    """
    found = tokens(text)
    for token, follows in zip_longest(found, found[1:]):
        yield token
        is_pair = token.end - token.start == 2 and _cjk().fullmatch(text, token.start, token.end)
        if is_pair and (follows is None or follows.start != token.start + 1):
            yield Token(token.word[-1], token.end - 1, token.end)


def is_one_cjk(word: str) -> bool:
    """Whether a word is a single Chinese, Japanese or Korean character, which begins words of the index."""
    return len(word) == 1 and _cjk().match(word) is not None
