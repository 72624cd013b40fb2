"""Quotations: whether one is in the reading word for word, and which there are about something.

A similarity score never verifies: a quotation is right only where every word of it stands in the text, in order.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache, partial
from itertools import pairwise
from unicodedata import category

from bot.readings.differences import Change, Difference, Span, difference
from bot.readings.finding import HeldText, held_text
from bot.readings.kept import kept_per_reading
from bot.readings.model import Quotation, Reading, Topic
from bot.readings.sentences import sentences
from bot.readings.text import find_all, find_exact, same_letters, tokens
from bot.readings.verdict import Kind, Verdict, placed
from bot.readings.vocabulary import Alias, aliases, aliases_in, all_keys, content_words
from bot.values import value

__all__ = ["Change", "Kind", "Verdict", "check", "count_parts", "quotations_about"]

_ELISION = re.compile(r"\s*(?:[\[(]\s*(?:(?:\.\s?){3,4}|…)\s*[\])]|(?<!\.)(?:\.{3,}|\. \. \.(?: \.)?)|…+)\s*")
_PAIRS = frozenset(('""', "“”", "„“", "„”", "«»", "''", "‘’", "「」", "『』", "”“", "””"))
_PASSAGE = re.compile(r"(?:¶|passage|paragraph|par\.)\s*(\d{1,4})(\s*captions?)?", re.IGNORECASE)


@value
class _Place:
    start: int
    end: int
    exact: bool


_PlacesOf = Callable[[str], tuple[_Place, ...]]


def check(reading: Reading, quotation: str) -> Verdict:
    """Whether the reading has these words. A quotation without a word in it is NOT_FOUND; nothing is raised.

    Without a source text only the pack's own quotations can be compared; all else is UNCHECKABLE.
    """
    written = _clean(quotation)
    if not any(map(str.isalnum, written)):
        return Verdict(Kind.NOT_FOUND, written)
    held = held_text(reading)
    parts = _parts(written)
    places_of = cache(partial(_places, held))
    places = places_of(written) or (places_of(written[slice(*parts[0])]) if len(parts) == 1 else ())
    if places:
        return _found(held, written, places)
    elided = _elided(held, written, parts, places_of) if len(parts) > 1 else None
    return elided or _judged(held, written, parts, places_of)


def count_parts(quotation: str) -> int:
    """How many parts its ellipses divide a quotation into."""
    return len(_parts(_clean(quotation)))


def _clean(quotation: str) -> str:
    text = "".join(char for char in quotation if char.isspace() or category(char) not in ("Cc", "Cs")).strip()
    while len(text) > 1 and text[0] + text[-1] in _PAIRS:
        text = text[1:-1].strip()
    return text


def _parts(written: str) -> list[Span]:
    """The parts of an "A ... B" quotation that have words."""
    cuts = [0, *(at for match in _ELISION.finditer(written) for at in match.span()), len(written)]
    spans = zip(cuts[::2], cuts[1::2], strict=True)
    return [(start, end) for start, end in spans if any(map(str.isalnum, written[start:end]))]


def _places(held: HeldText, wanted: str) -> tuple[_Place, ...]:
    """Every place with all the words of `wanted`, in reading order."""
    is_exact = lru_cache(partial(same_letters, wanted))  # a short one is printed alike in most places
    found = [
        _Place(start, end, is_exact(held.text[start:end]))
        for start, end in find_all(held.text, wanted)
        if _lies_in_passages(held, start, end)
    ]
    starts = {at for place in found for at in (place.start, _first_word(held, place.start))}
    words = [word.word for word in tokens(wanted, cjk=1)]
    for first in held.occurrences(words):
        start, end = held.words[first].start, held.words[first + len(words) - 1].end
        if start not in starts:
            found.append(_Place(start, end, exact=False))
    return tuple(sorted(found, key=lambda place: place.start))


def _first_word(held: HeldText, offset: int) -> int:
    """Where the first word at or after an offset begins: a quotation may begin with a dash or a bracket."""
    at = bisect_left(held.words, offset, key=lambda word: word.start)
    return held.words[at].start if at < len(held.words) else offset


def _lies_in_passages(held: HeldText, start: int, end: int) -> bool:
    """Whether nothing but white space of it is outside the passages; a pack's quotations are not run together."""
    inside = held.inside(start, end)
    outside = held.text[start:end]
    for _, first, last in reversed(inside):
        outside = outside[: first - start] + outside[last - start :]
    return bool(inside) and not outside.strip() and (held.whole or len(inside) == 1)


def _found(held: HeldText, written: str, places: Sequence[_Place]) -> Verdict:
    best = [place for place in places if place.exact] or list(places)
    first = best[0]
    keys = (held.segments[number].passage for place in best for number, _, _ in held.inside(place.start, place.end))
    kind = Kind.EXACT if first.exact else Kind.SAME_WORDS
    spans = [(first.start, first.end)]
    return placed(held, Verdict(kind, written, passages=tuple(dict.fromkeys(keys))), spans, spans)


def _elided(held: HeldText, written: str, parts: Sequence[Span], places_of: _PlacesOf) -> Verdict | None:
    """The verdict on "A ... B" where every part is in the reading; None where one is not."""
    options = [places_of(written[slice(*part)]) for part in parts]
    if not all(options):
        return None
    chain = _in_order(held, options)
    if not chain:
        firsts = [(places[0].start, places[0].end) for places in options]
        return placed(held, Verdict(Kind.DIFFERS, written, apart=True), firsts, firsts)
    spans = [(place.start, place.end) for place in chain]
    left_out = tuple(held.text[one[1] : other[0]].strip() for one, other in pairwise(spans))
    kind = Kind.EXACT if all(place.exact for place in chain) else Kind.SAME_WORDS
    return placed(held, Verdict(kind, written, left_out=left_out), spans, spans)


def _in_order(held: HeldText, options: Sequence[Sequence[_Place]]) -> list[_Place]:
    """One place for each part, in order, in one passage, leaving out as little as possible; empty where none is."""
    chains = []
    for first in options[0]:
        chain = [first]
        for places in options[1:]:
            at = bisect_left(places, chain[-1].end, key=lambda place: place.start)
            chain += places[at : at + 1]
        if len(chain) == len(options) and len(held.inside(first.start, chain[-1].end)) == 1:
            chains.append(chain)
    return min(chains, key=lambda chain: chain[-1].end - chain[0].start, default=[])


def _judged(held: HeldText, written: str, parts: Sequence[Span], places_of: _PlacesOf) -> Verdict:
    """The verdict on a quotation with words that the reading does not have, or not there."""
    spans: list[Span] = []
    differing: list[Difference] = []
    strange = 0
    for start, end in parts:
        if len(parts) > 1 and (places := places_of(written[start:end])):
            spans.append((places[0].start, places[0].end))
        elif near := difference(held, written, start, end):
            differing.append(near)
            spans.append(near.span)
        else:
            differing.append(Difference((0, 0), (Change(written[start:end], ""),), ((start, end),), ()))
            strange += end - start
    if strange * 2 > sum(end - start for start, end in parts) or (strange and not held.whole):
        return Verdict(Kind.NOT_FOUND if held.whole else Kind.UNCHECKABLE, written)
    found = Verdict(
        Kind.DIFFERS,
        written,
        written_marks=tuple(mark for one in differing for mark in one.written_marks),
        changes=tuple(change for one in differing for change in one.changes),
    )
    return placed(held, found, spans, [mark for one in differing for mark in one.held_marks])


def quotations_about(reading: Reading, about: str) -> Sequence[Quotation]:
    """The quotations there are about something: whole sentences as printed, or without a source the pack's own.

    Without `about`, the pack's own first, then every other sentence in reading order (a sentence that holds one of the
    pack's is not repeated). `¶3` and `passage 3` give that passage; a topic's name, title or alias gives its passages,
    the sentences with its words first. Other words give the sentences that have most of them, ties in
    order; function words alone are looked for as they stand.
    """
    return _searching(reading)(about.strip())


@kept_per_reading
def _searching(reading: Reading) -> Callable[[str], Sequence[Quotation]]:
    """The search in one reading, which remembers what was asked last: who goes on to the next one asks the same."""
    return lru_cache(maxsize=256)(partial(_quotations_about, reading))


def _quotations_about(reading: Reading, about: str) -> Sequence[Quotation]:
    lines = _lines(reading)
    if not about:
        own = [line.quotation for line in lines if line.own]
        return own + [line.quotation for line in lines if line.sentence and not line.holds_own]
    lines = [line for line in lines if line.sentence]
    if wanted := _PASSAGE.fullmatch(about):
        passages = [passage for passage in reading.numbered(int(wanted[1])) if passage.caption or not wanted[2]]
        keys = [passage.key for passage in passages]
        return [line.quotation for line in lines if line.quotation.passage in keys]
    if topic := _topic(reading, about):
        lines = [line for line in lines if line.quotation.passage in topic.passages]
        return _ranked(reading, lines, _wanted(reading, " ".join((topic.name, topic.title, *topic.aliases))))
    if wanted_keys := _wanted(reading, about):
        keyed = _keys(reading)
        return _ranked(reading, [line for line in lines if keyed[line.quotation] & wanted_keys], wanted_keys)
    return _with_words(reading, lines, about)


@value
class _Line:
    """A quotation to choose from. `own` is one of the pack's; `sentence` one to search; without a source it is both."""

    quotation: Quotation
    own: bool
    sentence: bool
    holds_own: bool = False


@kept_per_reading
def _lines(reading: Reading) -> list[_Line]:
    source = reading.source
    # With a source, a quotation that has no place in it is not the reading's
    own = [
        _Line(one, own=True, sentence=not source, holds_own=True)
        for one in reading.quotations
        if one.span or not source
    ]
    if not source:
        return own
    lines = []
    for key, (first, last) in sorted(source.spans.items(), key=lambda item: item[1]):
        for start, end in sentences(source.text, first, last):
            text = source.text[start:end]
            held = next((one for one in reading.quotations if one.passage == key and _overlap(one, start, end)), None)
            quotation = Quotation(text, key, held.speaker if held else "", (start, end))
            lines.append(_Line(quotation, own=False, sentence=True, holds_own=bool(held)))
    return own + lines


@kept_per_reading
def _keys(reading: Reading) -> dict[Quotation, frozenset[str]]:
    """The words of each quotation to choose from, as they are looked for; needed once somebody asks about something."""
    return {line.quotation: frozenset(all_keys(line.quotation.text)) for line in _lines(reading)}


def _overlap(quotation: Quotation, start: int, end: int) -> bool:
    return quotation.span is not None and quotation.span[0] < end and quotation.span[1] > start


def _topic(reading: Reading, about: str) -> Topic | None:
    return _topics(reading).get(_same_name(about))


@kept_per_reading
def _topics(reading: Reading) -> dict[tuple[str, ...], Topic]:
    """The topics by their names and aliases; a name without a word names nothing."""
    found: dict[tuple[str, ...], Topic] = {}
    for topic in reading.topics.values():
        for name in (topic.name, topic.title, *topic.aliases):
            found.setdefault(_same_name(name), topic)
    found.pop((), None)
    return found


@kept_per_reading
def _aliases(reading: Reading) -> tuple[Alias, ...]:
    return aliases(reading.aliases)


def _same_name(name: str) -> tuple[str, ...]:
    return tuple(word.word for word in tokens(name) if word.word != "the")


def _wanted(reading: Reading, about: str) -> frozenset[str]:
    """The keys to look for."""
    words = content_words(about)
    named = [key for _, alias in aliases_in(words, _aliases(reading)) for key in alias.own_keys]
    return frozenset([word.key for word in words] + named)


def _ranked(reading: Reading, lines: Iterable[_Line], wanted: frozenset[str]) -> list[Quotation]:
    keyed, chosen = _keys(reading), [line.quotation for line in lines]
    return sorted(chosen, key=lambda one: -len(keyed[one] & wanted))


def _with_words(reading: Reading, lines: Iterable[_Line], about: str) -> list[Quotation]:
    """The quotations that have these words as they stand."""
    if not reading.source:
        return [line.quotation for line in lines if find_exact(line.quotation.text, about)]
    places = list(find_all(reading.source.text, about))
    found = []
    for line in lines:
        start, end = line.quotation.span or (0, 0)
        at = bisect_left(places, (start, 0))
        if at < len(places) and places[at][1] <= end:
            found.append(line.quotation)
    return found
