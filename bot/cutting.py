"""Cutting text to a length, never inside what a reader sees as one character: an accented letter, a joined emoji.

The rules are those of https://www.unicode.org/reports/tr29/ in brief. Lengths are in characters, or in UTF-16 units,
where an emoji counts two or more: platforms that say characters may mean units, and units are never too little.
"""

from unicodedata import category, east_asian_width

ELLIPSIS = "…"
_JOINER = "\u200d"
_FARTHEST = 64  # characters to look back; what has more marks than that on one letter may be cut
_CLOSING = frozenset("。、，．！？：；」』）】〉》〕］｝…・ー々")  # these stay with the character before them


def units(text: str) -> int:
    """How long the text is in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, longest: int) -> str:
    """The text, cut to `longest` characters with an ellipsis where it is longer."""
    return text if len(text) <= longest else _cut(text, longest - 1)


def clip_units(text: str, longest: int) -> str:
    """The text, cut to `longest` UTF-16 units with an ellipsis where it is longer."""
    if units(text) <= longest:
        return text
    kept = text[: longest - 1]
    while units(kept) > longest - 1:
        kept = kept[: len(kept) - max((units(kept) - longest + 1) // 2, 1)]
    return _cut(text, len(kept))


def character_end(text: str, at: int) -> int:
    """The last place at or before `at` that is not inside a character as readers see it; `at` where none is near."""
    for place in range(at, max(at - _FARTHEST, -1), -1):
        if _parts_characters(text, place):
            return place
    return at


def word_end(text: str, at: int) -> int:
    """The last place at or before `at` where a word has ended and the next one begins; 0 where there is none.

    Between two Chinese, Japanese or Korean characters, too, a line may end.
    """
    for place in range(at, 0, -1):
        if text[place - 1].isspace() or _parts_wide(text, place):
            return place
    return 0


def excerpt(text: str, at: int, longest: int) -> tuple[int, int]:
    """Where a piece of the text of at most that length begins and ends, in whole words, with the offset `at` inside.

    A third of it at most stands before that.
    """
    if len(text) <= longest:
        return 0, len(text)
    start = max(min(at - longest // 3, len(text) - longest), 0)
    if start:
        start = next((place for place in range(start, at) if text[place - 1].isspace()), character_end(text, start))
    end = min(start + longest, len(text))
    return start, end if end == len(text) else max(word_end(text, end), 0) or character_end(text, end)


def _cut(text: str, at: int) -> str:
    return text[: character_end(text, at)].rstrip() + ELLIPSIS


def _parts_wide(text: str, at: int) -> bool:
    if at >= len(text) or text[at] in _CLOSING:
        return False
    wide = east_asian_width(text[at - 1]) in "WF" or east_asian_width(text[at]) in "WF"
    return wide and _parts_characters(text, at)


def _parts_characters(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if _goes_on(after) or before == _JOINER or before + after == "\r\n":
        return False
    return not (_is_flag_letter(before) and _is_flag_letter(after) and _flag_letters_before(text, at) % 2)


def _goes_on(char: str) -> bool:
    """Whether this belongs to the character before it: marks, joiners, skin tones, tags, ends of Hangul syllables."""
    if char.isascii():
        return False
    return (
        category(char)[0] == "M"
        or char == _JOINER
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or "\u1160" <= char <= "\u11ff"
    )


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _is_flag_letter(text[start - 1]):
        start -= 1
    return at - start
