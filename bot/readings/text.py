"""Words of a text and where they stand in it: exact search, and the repaired words that searching compares.

Texts come with defects (glued words, non-breaking spaces, curly quotes). Nothing here mends a text that is shown: every
answer is in offsets into the text as printed.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from unicodedata import category, normalize

from bot.readings.word_lists import GLUED, NAME_BEGINNINGS, SAME_IN_PLURAL
from bot.values import value

# Ranges for a character class: without the full stops and dots of these scripts
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff"
HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
HANGUL = "\uac00-\ud7af"
CJK = f"\u3041-\u3096\u3099-\u309f{KATAKANA}{HAN}{HANGUL}"

_MARKS = "\u0300-\u036f\u00ad\u200b-\u200d\u2060"
# As runs of CJK come first, a later branch need not begin with one
_TOKEN = rf"""(?x)(?P<cjk>[{CJK}]+)
    |(?P<years>(?<![\d\-–/])\d{{4}}[-–/]\d{{2}}(?![-–/]?\d))
    |(?P<initials>[^\W\d_](?:\.[^\W\d_{CJK}])+(?![^\W_])\.?(?:['’]s(?![^\W_]))?)
    |(?P<code>[^\W\d_][-‐‑–]\d+(?![^\W_]))
    |(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?![^\W_])|\d+\.\d+(?![^\W_]))
    |(?P<word>(?:[^\W_]|[{_MARKS}])(?:['’ʼ＇]?(?![_{CJK}])[\w{_MARKS}])*)
    |(?P<symbol>[$€£¥₩₹₽%‰°])"""
_LOOK_AHEAD = 20  # characters behind the end of what was found
_WORTH_KEEPING = 5000  # characters; headings and sentences are read anew, and never push out a whole reading
_OFFSET = "L"  # an array of numbers takes a ninth of what a list of them does
_DOUBLE_QUOTES = '"“”„‟«»″＂'
_SINGLE_QUOTES = "'‘’‚‛′ʼ＇`´"
_SAME = (
    dict.fromkeys(_DOUBLE_QUOTES, '"')
    | dict.fromkeys(_SINGLE_QUOTES, "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-")
)
_IRREGULAR = {
    "analyses": "analysis", "buses": "bus", "children": "child", "cookies": "cookie", "crises": "crisis",
    "gases": "gas", "halves": "half", "leaves": "leaf", "lives": "life", "men": "man", "movies": "movie",
    "theses": "thesis", "wives": "wife", "wolves": "wolf", "women": "woman",
}  # fmt: skip


@value
class Token:
    """One word as it is compared, and where it stands: `text[start:end]` is the word as printed."""

    word: str
    start: int
    end: int


def find_exact(text: str, wanted: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
    """Where `wanted` first stands in `text[start:end]`, word for word, as offsets into `text`; None when it does not.

    Compatibility forms, kinds of quotes and dashes, runs of white space and case do not count. It begins and ends with
    whole words; quotation marks around `wanted` are ignored; what has no letter or digit stands nowhere.
    """
    return next(find_all(text, wanted, start, end), None)


def find_printed(text: str, wanted: str, start: int, end: int) -> tuple[int, int] | None:
    """Where `wanted` first stands in `text[start:end]` letter for letter, in whole words; None when it does not.

    What this finds `find_exact` finds too, but only once it has read the whole text.
    """
    printed = bare(wanted)
    at = text.find(printed, start, end) if any(map(str.isalnum, printed)) else -1
    if at < 0 or _inside_word(text, at) or _inside_word(text, at + len(printed)):
        return None
    return at, at + len(printed)


def find_all(text: str, wanted: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Every place of `wanted`, as `find_exact` finds the first, in order; places may overlap."""
    needle = _normal(bare(wanted))[0].strip()
    if not any(map(str.isalnum, needle)):
        return
    held = _kept(text) if len(text) > _WORTH_KEEPING else _held(text)
    last = len(text) if end is None else end
    at = held.normal.find(needle, bisect_left(held.offsets, start))
    while at >= 0 and held.offsets[at + len(needle) - 1] < last:
        found = held.offsets[at], held.offsets[at + len(needle) - 1] + 1
        if not (_inside_word(text, found[0]) or _inside_word(text, found[1])) and held.splits_no_character(
            at, at + len(needle)
        ):
            yield found
        at = held.normal.find(needle, at + 1)


def same_letters(one: str, other: str) -> bool:
    """Whether two texts are equal but for kinds of quotes, dashes and spaces: case counts here."""
    return _normal(bare(one), fold=False)[0].strip() == _normal(bare(other), fold=False)[0].strip()


def bare(quotation: str) -> str:
    """The quotation without the quotation marks and white space around it."""
    return quotation.strip(_DOUBLE_QUOTES + _SINGLE_QUOTES + "「」『』\u00a0\u200b\ufeff \t\r\n")


def tokens(text: str, cjk: int = 2) -> tuple[Token, ...]:
    """The words of a text, repaired and folded (compatibility forms, case, accents), each with where it stands.

    `U.S.` is us, `G-7` is g7, `toHarbour` is to and harbour, hyphens part words, `1904-05` is 1904 and 1905, an
    apostrophe inside a word stays. Chinese, Japanese and Korean come in overlapping pieces of `cjk` characters.
    """
    return tuple(token for match in _token().finditer(text) for token in _read(match, cjk) if token.word)


def stem(word: str) -> str:
    """A word of `tokens` without a possessive or English plural ending: lion's is lion, treaties is treaty."""
    word = word.removesuffix("'s").removesuffix("'")
    if word in SAME_IN_PLURAL or len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")) or (word.endswith("oes") and len(word) > 5):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) or not word.endswith("s") else word[:-1]


@cache
def _token() -> re.Pattern[str]:
    return re.compile(_TOKEN)  # when it is first needed: the characters of all scripts take 4 ms and more


@value
class _Held:
    """A text in its normal form, with the offset into the text of each character of that."""

    normal: str
    offsets: "array[int]"

    def splits_no_character(self, start: int, end: int) -> bool:
        """Whether no printed character (such as an ellipsis, three dots here) is only half inside."""
        offsets = self.offsets
        return (start == 0 or offsets[start - 1] != offsets[start]) and (
            end == len(offsets) or offsets[end] != offsets[end - 1]
        )


def _held(text: str) -> _Held:
    return _Held(*_normal(text))


def _words(text: str) -> "tuple[array[int], array[int]]":
    """Where each word of a text begins and ends."""
    words = tokens(text, cjk=1)
    return array(_OFFSET, (word.start for word in words)), array(_OFFSET, (word.end for word in words))


_kept = lru_cache(maxsize=16)(_held)
_kept_words = lru_cache(maxsize=16)(_words)


def _normal(text: str, *, fold: bool = True) -> "tuple[str, array[int]]":
    forms: list[str] = []
    offsets = array(_OFFSET)
    last = ""
    for offset, char in enumerate(text):
        for form in _form(char, fold):
            if form != last or form not in " -":
                forms.append(form)
                offsets.append(offset)
            last = form
    return "".join(forms), offsets


@lru_cache(maxsize=4096)
def _form(char: str, fold: bool) -> str:
    """The normal form of one character. Decomposed, so that an accent counts the same however it was typed."""
    if char in _SAME or char.isspace():
        return _SAME.get(char, " ")
    if category(char) in ("Cc", "Cf"):
        return ""
    form = normalize("NFKD", char)
    return normalize("NFKD", form.casefold()) if fold else form


def _inside_word(text: str, offset: int) -> bool:
    if not _may_be_inside(text, offset):
        return False
    starts, ends = _kept_words(text) if len(text) > _WORTH_KEEPING else _words(text)
    at = bisect_left(starts, offset) - 1
    if at < 0 or ends[at] <= offset:
        return False
    # `the U.S` before the last dot of `U.S.` is a whole word too
    return any(map(str.isalnum, text[offset : ends[at]]))


def _may_be_inside(text: str, offset: int) -> bool:
    """Whether a word may go on here: white space and double quotation marks end any. Spares reading the whole text."""
    before = text[offset - 1] if offset else " "
    if before.isspace() or before in _DOUBLE_QUOTES:
        return False
    for char in text[offset : offset + _LOOK_AHEAD]:
        if char.isspace() or char in _DOUBLE_QUOTES:
            return False
        if char.isalnum():
            return True
    return offset < len(text)


def _read(match: re.Match[str], cjk: int) -> Iterator[Token]:
    printed, start, end = match[0], match.start(), match.end()
    match match.lastgroup:
        case "years":
            # 1904-05 are two years; 2016-05 is a month
            later = printed[:2] + printed[5:]
            yield Token(printed[:4], start, start + 4)
            yield Token(later if later > printed[:4] else printed[5:], start + 5, end)
        case "cjk":
            size = min(cjk, len(printed))
            for at in range(len(printed) - size + 1):
                yield Token(_fold(printed[at : at + size]), start + at, start + at + size)
        case "word":
            yield from _parted(printed, start)
        case "initials" | "code":
            yield Token(_fold(printed.translate({ord(mark): None for mark in ".-‐‑–"})), start, end)
        case _:
            yield Token(_fold(printed.replace(",", "")), start, end)


def _parted(printed: str, start: int) -> Iterator[Token]:
    """A word, or the several words that were glued together where a capital follows a small letter."""
    while cut := _glue(printed):
        yield Token(_fold(printed[:cut]), start, start + cut)
        printed, start = printed[cut:], start + cut
    yield Token(_fold(printed), start, start + len(printed))


def _glue(printed: str) -> int:
    """Where the second of two glued words begins, else 0. McDonald, iPhone, YouTube and macOS are one word each."""
    if printed.islower() or printed[1:].islower() or printed.isupper():
        return 0
    for at in range(2, len(printed) - 1):
        if printed[at - 1].islower() and printed[at].isupper():
            left = printed[:at]
            small = left.islower() and printed[at + 1].islower() and left not in NAME_BEGINNINGS
            return at if small or left.casefold() in GLUED else 0
    return 0


@lru_cache(maxsize=65536)
def _fold(printed: str) -> str:
    if printed.isascii():
        return printed.lower()
    plain = "".join(_SAME.get(char, char) for char in printed if category(char) != "Cf")
    marked = normalize("NFKD", normalize("NFKD", plain).casefold())
    return normalize("NFC", "".join(char for char in marked if not "\u0300" <= char <= "\u036f"))
