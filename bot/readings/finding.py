"""Where words stand in the text of a reading: every place that has them all, or else the place that is nearest.

The nearest place is only found here, by rare words and an alignment; whether a quotation is right is judged word by
word in `quotations`. Only passages are searched: what stands outside them (menus, rules, headings) is never found.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.readings.kept import kept_per_reading
from bot.readings.model import Reading
from bot.readings.sentences import sentences
from bot.readings.text import Token, tokens
from bot.values import value

_BETWEEN = "|"  # stands between two quotations of a pack; `tokens` never gives it
_MISSPELT = 80.0  # of 100: "Hirosima" to "Hiroshima" is 94, "Iran" to "Iraq" 75
_MOST_MISSPELT = 40  # words to look up for one quotation: a millisecond each in a text of 60,000 words
_BUCKET = 16
# The costs of an alignment. Of two with as many differences, the one with more equal words is right.
_EQUAL, _OTHER = -1, 20

Step = tuple[int | None, int | None]
"""One step of an alignment: a word of the quotation beside a word of the reading; None where one side has no word."""


@value
class Segment:
    """A stretch of the held text that belongs to one passage."""

    passage: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class HeldText:
    """The words of the reading that the bot holds. `whole` says that it is the source text, not a few quotations."""

    text: str
    whole: bool
    segments: tuple[Segment, ...]
    words: tuple[Token, ...]
    segment_of: tuple[int, ...]
    line: str
    offsets: tuple[int, ...]
    places: Mapping[str, Sequence[int]]

    def occurrences(self, wanted: Sequence[str]) -> Iterator[int]:
        """Every place of these words, one after the other, as the number of the first word."""
        needle = f" {' '.join(wanted)} "
        at = self.line.find(needle) if wanted else -1
        while at >= 0:
            yield bisect_left(self.offsets, at)
            at = self.line.find(needle, at + 1)

    def inside(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """The parts of `text[start:end]` that lie in passages, each with the number of its segment."""
        first = max(bisect_left(self.segments, start, key=lambda segment: segment.end), 0)
        found = []
        for number in range(first, len(self.segments)):
            segment = self.segments[number]
            if segment.start >= end:
                break
            if max(start, segment.start) < min(end, segment.end):
                found.append((number, max(start, segment.start), min(end, segment.end)))
        return found

    def sentences_around(self, number: int, start: int, end: int) -> tuple[int, int]:
        """The whole sentences of one segment that hold `text[start:end]`; a brief quotation is shown whole."""
        segment = self.segments[number]
        if not self.whole:
            return segment.start, segment.end
        touched = [
            span for span in sentences(self.text, segment.start, segment.end) if span[1] > start and span[0] < end
        ]
        return min(touched[0][0], start), max(touched[-1][1], end)


@kept_per_reading
def held_text(reading: Reading) -> HeldText:
    """The text that quotations are checked against: the source where it is attached, else the pack's quotations."""
    if reading.source:
        spans = sorted((start, end, key) for key, (start, end) in reading.source.spans.items())
        return _hold(reading.source.text, tuple(Segment(key, start, end) for start, end, key in spans), whole=True)
    segments = []
    at = 0
    for quotation in reading.quotations:
        segments.append(Segment(quotation.passage, at, at + len(quotation.text)))
        at += len(quotation.text) + 2
    return _hold("\n\n".join(quotation.text for quotation in reading.quotations), tuple(segments), whole=False)


def _hold(text: str, segments: tuple[Segment, ...], *, whole: bool) -> HeldText:
    words: list[Token] = []
    segment_of: list[int] = []
    for number, segment in enumerate(segments):
        found = [_moved(word, segment.start) for word in tokens(text[segment.start : segment.end], cjk=1)]
        words += found if whole else [*found, Token(_BETWEEN, segment.end, segment.end)]
        segment_of += [number] * (len(words) - len(segment_of))
    places: dict[str, list[int]] = defaultdict(list)
    offsets: list[int] = []
    at = 0
    for number, word in enumerate(words):
        places[word.word].append(number)
        offsets.append(at)
        at += len(word.word) + 1
    line = f" {' '.join(word.word for word in words)} "
    return HeldText(text, whole, segments, tuple(words), tuple(segment_of), line, tuple(offsets), dict(places))


def _moved(word: Token, by: int) -> Token:
    return Token(word.word, word.start + by, word.end + by)


def nearest_place(held: HeldText, wanted: Sequence[str]) -> list[Step]:
    """How these words lie beside the most similar stretch of the text; empty when no word of them is there.

    The steps are in order, from the first word of the quotation to its last.
    """
    unknown = [word for word in dict.fromkeys(wanted) if word not in held.places]
    near = {word: _respelt(held, word) for word in unknown[:_MOST_MISSPELT]}
    meant = [near.get(word, word) for word in wanted]
    costs = [_EQUAL if one == other else _OTHER // 2 for one, other in zip(wanted, meant, strict=True)]
    tries = [_align(held, meant, costs, diagonal) for diagonal in _diagonals(held, meant)]
    if not tries:
        return []
    return _within(held, meant, min(tries, key=lambda found: found[0])[1])


def _respelt(held: HeldText, word: str) -> str:
    """The word of the text that a misspelt one is nearest to, or the word as it is."""
    if len(word) < 4 or word.isdigit():
        return word
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - 3 MB that most questions do not need

    found = process.extractOne(word, held.places.keys(), scorer=fuzz.ratio, score_cutoff=_MISSPELT)
    return found[0] if found else word


def _diagonals(held: HeldText, meant: Sequence[str]) -> list[int]:
    """By how many words the quotation is most likely shifted against the text: rare words say it best."""
    votes: Counter[int] = Counter()
    rarest = sorted((len(held.places[word]), at) for at, word in enumerate(meant) if word in held.places)[:200]
    for frequency, at in rarest:
        for place in held.places[meant[at]][:500]:
            votes[(place - at) // _BUCKET] += 1000 // frequency
    pairs = Counter({bucket: votes[bucket] + votes.get(bucket + 1, 0) for bucket in votes})
    tries = 4 if len(meant) <= 200 else 1
    best = sorted(pairs, key=lambda bucket: (-pairs[bucket], bucket))[:tries]
    return [bucket * _BUCKET + _BUCKET for bucket in best]


def _align(held: HeldText, meant: Sequence[str], costs: Sequence[int], diagonal: int) -> tuple[int, list[Step]]:
    """The cheapest alignment of all of `meant` with some stretch of the text near a diagonal, and its cost.

    Levenshtein's, in a band, with free ends on the text's side; a misspelt word costs half of another word.
    """
    band = max(30, min(120, 4000 // len(meant)))
    shift = diagonal - band
    words = [word.word for word in held.words[max(shift, 0) : max(diagonal + len(meant) + band + 1, 0)]]
    words = [_BETWEEN] * max(-shift, 0) + words
    words += [_BETWEEN] * (len(meant) + 2 * band + 2 - len(words))
    width = 2 * band + 1
    row = [0] * width
    table: list[bytes] = []
    for at, word in enumerate(meant):
        row, moves = _next_row(row, words[at : at + width], word, costs[at])
        table.append(moves)
    end = min(range(width), key=lambda column: (row[column], -column))
    return row[end], list(_steps(table, end, shift))


def _next_row(above: list[int], words: Sequence[str], word: str, cost: int) -> tuple[list[int], bytes]:
    """One more word of the quotation: the costs, and the moves (0 both words, 1 only ours, 2 only the quotation's)."""
    row: list[int] = []
    moves = bytearray(len(above))
    last = len(above) - 1
    left = 1 << 30
    for column, other in enumerate(words):
        best = above[column] + (cost if other == word else _OTHER)
        if left + _OTHER < best:
            best, moves[column] = left + _OTHER, 1
        if column < last and above[column + 1] + _OTHER < best:
            best, moves[column] = above[column + 1] + _OTHER, 2
        row.append(best)
        left = best
    return row, bytes(moves)


def _steps(table: Sequence[bytes], column: int, shift: int) -> Iterator[Step]:
    """The moves from the first word to the last, as pairs of word numbers."""
    steps: list[Step] = []
    at = len(table) - 1
    while at >= 0:
        move = table[at][column]
        place = at + column + shift
        steps.append((at if move != 1 else None, place if move != 2 else None))
        at -= move != 1
        column += (move == 2) - (move == 1)
    return reversed(steps)


def _within(held: HeldText, meant: Sequence[str], steps: list[Step]) -> list[Step]:
    """The steps, without words of the text beside the quotation's ends that are of another passage or of none."""
    same = [place for at, place in steps if at is not None and place is not None and _is(held, place, meant[at])]
    if not same:
        return []
    first, last = held.segment_of[same[0]], held.segment_of[same[-1]]
    kept: list[Step] = []
    for at, place in steps:
        stays = place is not None and 0 <= place < len(held.words) and held.words[place].word != _BETWEEN
        if stays and place is not None and not first <= held.segment_of[place] <= last:
            stays = False
        if at is not None or stays:
            kept.append((at, place if stays else None))
    return kept


def _is(held: HeldText, place: int, word: str) -> bool:
    return 0 <= place < len(held.words) and held.words[place].word == word
