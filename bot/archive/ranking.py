"""In which order messages that fit a query are shown, and which words of them: plain sums that can be explained.

Nothing here depends on messages that the reader may not see: no count of a word over the whole index goes into it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import log2

from bot.archive.query import Term
from bot.archive.search_copy import indexed, is_one_cjk
from bot.values import value

_K1, _B = 1.2, 0.75  # the usual ones of BM25
_FADES_IN = 30 * 24 * 3600 * 1000  # milliseconds after which being recent counts half
_A_LINE = 60  # characters
_APART = re.compile(r"[^\W_]+")


@value
class Score:
    """Why a message stands where it does; the sum counts.

    `phrase` is 3 where all words stand side by side as typed; `near` up to 2, the nearer they first stand to each
    other, 1 for a line's length; `title` up to 2 for words that the thread's title has; `words` up to 2.2 for how often
    they stand in how short a text; `recent` 1 for now, half for a month ago; `reactions` 1 at most, for seven people.
    """

    phrase: float
    near: float
    title: float
    words: float
    recent: float
    reactions: float

    @property
    def total(self) -> float:
        """The sum."""
        return self.phrase + self.near + self.title + self.words + self.recent + self.reactions


@value
class Candidate:
    """A message to rank: its row, its words as they are indexed, its thread's title, and how many people reacted."""

    row: int
    search: str
    title: str = ""
    reactions: int = 0


def ranked(candidates: Sequence[Candidate], terms: Sequence[Term], now_ms: int) -> list[tuple[Score, Candidate]]:
    """The candidates with their scores, best first; of equals the newest. `now_ms` is in ms since 1970."""
    needles = [_needle(term) for term in terms]
    whole = f" {' '.join(needle.strip() for needle in needles)} " if len(needles) > 1 else ""
    lengths = [one.search.count(" ") + 1 for one in candidates]
    average = sum(lengths) / max(len(lengths), 1)
    titles = {title: _title_score(title, needles) for title in {one.title for one in candidates}}
    scored = [
        (
            Score(
                phrase=3.0 * (bool(whole) and whole in _padded(one.search)),
                near=_near(_padded(one.search), needles) if whole else 0.0,
                title=titles[one.title],
                words=_words_score(_padded(one.search), needles, length / average),
                recent=1 / (1 + max(now_ms - (one.row >> 20), 0) / _FADES_IN),
                reactions=min(log2(1 + one.reactions), 3) / 3,
            ),
            one,
        )
        for one, length in zip(candidates, lengths, strict=True)
    ]
    return sorted(scored, key=lambda pair: (-pair[0].total, -pair[1].row))


def marks(text: str, terms: Sequence[Term]) -> tuple[tuple[int, int], ...]:
    """Where the words of the terms stand in a text as written: (start, end) offsets, in order, none overlapping."""
    pieces = [(piece, token.start, token.end) for token in indexed(text) for piece in _APART.findall(token.word)]
    spans = sorted(span for term in terms for span in _spans(pieces, _pieces(term), prefix=term.prefix))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _spans(pieces: Sequence[tuple[str, int, int]], wanted: Sequence[str], *, prefix: bool) -> Iterator[tuple[int, int]]:
    *firsts, last = wanted
    for at in range(len(pieces) - len(firsts)):
        end = at + len(firsts)
        word = pieces[end][0]
        fits = word.startswith(last) if prefix else word == last
        if fits and [piece[0] for piece in pieces[at:end]] == firsts:
            yield pieces[at][1], pieces[end][1] + 1 if prefix and is_one_cjk(last) else pieces[end][2]


def _pieces(term: Term) -> list[str]:
    return [piece for word in term.words for piece in _APART.findall(word)]


def _needle(term: Term) -> str:
    """The term as it stands among indexed words that are parted by single spaces, as FTS5 parts them."""
    return f" {' '.join(_pieces(term))}{'' if term.prefix else ' '}"


def _padded(search: str) -> str:
    return f" {search.replace(chr(39), ' ')} "


def _title_score(title: str, needles: Sequence[str]) -> float:
    text = _title_words(title) if title else ""
    return 2.0 * sum(needle in text for needle in needles) / max(len(needles), 1)


@lru_cache(maxsize=16384)
def _title_words(title: str) -> str:
    return _padded(" ".join(token.word for token in indexed(title)))


def _near(text: str, needles: Sequence[str]) -> float:
    firsts = [text.find(needle) for needle in needles]
    return 2 / (1 + (max(firsts) - min(firsts)) / _A_LINE)


def _words_score(text: str, needles: Sequence[str], length: float) -> float:
    """BM25 without the rarity of words: every message here has all of them."""
    damped = _K1 * (1 - _B + _B * length)
    often = [max(text.count(needle), 1) for needle in needles]
    return sum(count * (_K1 + 1) / (count + damped) for count in often) / max(len(often), 1)
