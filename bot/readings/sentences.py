"""Where the sentences of a text begin and end, so that a quotation is shown whole.

The rules are for English, and for texts whose sentences end with 。！？; a sentence is sooner too long than
cut short.
"""

import re
from functools import lru_cache

from bot.readings.word_lists import ABBREVIATIONS, CLOSING_ABBREVIATIONS, SENTENCE_BEGINNERS

_CLOSERS = "\"'”’»)\\]）」』】"
_ENDING = re.compile(rf"(?P<mark>[.!?…]+|[。！？]+)(?P<closers>[{_CLOSERS}]*)|\n[^\S\n]*\n\s*")
_LAST_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")
_FIRST_WORD = re.compile(r"[^\W_]+")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The (start, end) offsets of the sentences of `text[start:end]`, in order, without the white space around them.

    Closing quotes belong to their sentence; a blank line always ends one; no sentence is without a letter or digit,
    unless all of the text is.
    """
    return list(_sentences(text, start, len(text) if end is None else end))


@lru_cache(maxsize=4096)
def _sentences(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    at = start
    for ending in _ENDING.finditer(text, start, end):
        if _ends(text, ending, end) and any(map(str.isalnum, text[at : ending.end()])):
            found.append(_trimmed(text, at, ending.end()))
            at = ending.end()
    rest = _trimmed(text, at, end)
    if any(map(str.isalnum, text[rest[0] : rest[1]])) or (not found and rest[0] < rest[1]):
        found.append(rest)
    elif found and rest[0] < rest[1]:
        found[-1] = found[-1][0], rest[1]
    return tuple(found)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _ends(text: str, ending: re.Match[str], end: int) -> bool:
    mark, after = ending["mark"], text[ending.end() : ending.end() + 80]
    if mark is None or ending.end() >= end or not after.strip():
        return True
    if mark[0] in "。！？":
        # 「…。」と goes on after the quotation
        return not (ending["closers"] and "\u3041" <= after[0] <= "\u3096")
    following = after.lstrip().lstrip("\"'“‘«([（「『¿¡")
    if not following or following[0].islower():
        return False
    if not after[0].isspace():
        return _glued(text, ending, after)
    return mark != "." or _ends_at_dot(text, text[max(ending.start() - 40, 0) : ending.start()], following)


def _glued(text: str, ending: re.Match[str], after: str) -> bool:
    """`risk.What`: no space, but a small letter before the mark and a capital after it."""
    before = text[max(ending.start() - 2, 0) : ending.start()]
    return after[0].isupper() and len(before) == 2 and before[1].islower() and before[0].isalpha()


def _ends_at_dot(text: str, before: str, following: str) -> bool:
    last = _LAST_WORD.search(before)
    first = _FIRST_WORD.match(following)
    if not last or not first:
        return True
    word = last[0].casefold()
    if word in ABBREVIATIONS:
        return False
    initials = all(len(part) == 1 and part.isalpha() for part in last[0].split("."))
    if not initials and word not in CLOSING_ABBREVIATIONS:
        return True
    return first[0].casefold() in SENTENCE_BEGINNERS or _is_ordinary(text, first[0])


@lru_cache(maxsize=1024)
def _is_ordinary(text: str, word: str) -> bool:
    """Whether a capitalised word stands small elsewhere, and never with its capital inside a sentence, like a title."""
    small = re.search(rf"\b{re.escape(word.lower())}\b", text)
    return small is not None and not re.search(rf"[^\W_],? {re.escape(word)}\b", text)
