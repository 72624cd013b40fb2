"""Which passage has which words, for ranking passages by the words of a question (BM25), and the background beside it.

A passage counts with our words, its titles, and its text in the source where that is attached.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from bot.readings.kept import kept_per_reading
from bot.readings.model import Background, Event, Passage, Reading
from bot.readings.questions import Term
from bot.readings.vocabulary import Alias, aliases, all_keys, forms

Keys = frozenset[str]

# BM25's usual constants (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009)
_SATURATION, _LENGTH = 1.2, 0.75
_TOPIC = 0.5  # what a topic's name adds, of the weight of the word, to the passages of the topic


@dataclass(frozen=True, slots=True, eq=False)
class PassageIndex:
    """The words of one reading. `shown` is the text of each passage that dates and numbers are taken from."""

    passages: tuple[Passage, ...]
    shown: tuple[str, ...]
    counts: tuple[Counter[str], ...]
    lines: tuple[str, ...]
    topics: tuple[Keys, ...]
    vocabulary: Keys
    kin: Mapping[str, Keys]
    aliases: tuple[Alias, ...]
    background: tuple[tuple[Event | Background, Keys, Keys], ...]

    def slots(self, term: Term) -> list[Keys]:
        """What the reading has for a term: for each key of it that is there, the forms in which it is."""
        keys = dict.fromkeys([*(term.alias.own_keys if term.alias else ()), *term.keys])
        found = (self._forms(key, exact=term.name and term.typed[:1].isupper()) for key in keys)
        return [slot for slot in found if slot]

    def has(self, term: Term) -> bool:
        """Whether the reading mentions it. A run of characters is there when at least half of its pairs are."""
        if term.alias and self.vocabulary.issuperset(term.alias.own_keys):
            return True
        there = sum(bool(self._forms(key, exact=True)) for key in term.keys)
        if term.pieces:
            return 2 * there >= len(term.keys)
        return there == len(term.keys) or (not term.alias and bool(self.slots(term)))

    def has_phrase(self, keys: tuple[str, ...]) -> bool:
        """Whether these keys stand together in some passage."""
        return any(f" {' '.join(keys)} " in line for line in self.lines)

    def is_telling(self, slot: Keys) -> bool:
        """Whether a word tells passages apart: it is in no more than half of them."""
        return 2 * self._frequency(slot) <= len(self.passages)

    def has_any(self, number: int, slots: Iterable[Keys]) -> bool:
        """Whether a passage has one of these words."""
        return any(not slot.isdisjoint(self.counts[number]) for slot in slots)

    def scores(self, slots: Sequence[Keys]) -> Iterator[tuple[int, float]]:
        """How near each passage is to some words: by BM25, and a little more where a topic of it is called so."""
        weights = [self._weight(slot) for slot in slots]
        average = sum(map(Counter.total, self.counts)) / max(len(self.counts), 1)
        for number, counts in enumerate(self.counts):
            norm = _SATURATION * (1 - _LENGTH + _LENGTH * counts.total() / average) if average else 1.0
            score = 0.0
            for slot, weight in zip(slots, weights, strict=True):
                times = sum(counts[key] for key in slot)
                topic = _TOPIC if times and slot & self.topics[number] else 0.0
                score += weight * (times * (_SATURATION + 1) / (times + norm) + topic)
            yield number, score

    def _weight(self, slot: Keys) -> float:
        """The inverse document frequency of a word."""
        frequency = self._frequency(slot)
        return log(1 + (len(self.passages) - frequency + 0.5) / (frequency + 0.5))

    def _frequency(self, slot: Keys) -> int:
        return sum(not slot.isdisjoint(counts) for counts in self.counts)

    def _forms(self, key: str, *, exact: bool) -> Keys:
        own = frozenset((key,)) & self.vocabulary
        return own if exact else own.union(*(self.kin.get(form, ()) for form in forms(key)))


@kept_per_reading
def passage_index(reading: Reading) -> PassageIndex:
    """The index of a reading, built once."""
    known = aliases(reading.aliases)
    keys = [tuple(_passage_keys(reading, passage)) for passage in reading.passages]
    everywhere = {key for line in keys for key in line}
    # Subheadings belong to no passage alone; the first name of an alias is the text's own, even where ours is another
    subheadings = {passage.section for passage in reading.passages}
    everywhere |= {key for name in (reading.title, *subheadings, *reading.aliases) for key in all_keys(name)}
    kin: dict[str, set[str]] = defaultdict(set)
    for key in everywhere:
        for form in forms(key):
            kin[form].add(key)
    return PassageIndex(
        reading.passages,
        tuple(_source(reading, passage) or passage.words.plain() for passage in reading.passages),
        tuple(map(Counter, keys)),
        tuple(f" {' '.join(line)} " for line in keys),
        tuple(_topic_keys(reading, passage) for passage in reading.passages),
        frozenset(everywhere),
        {form: frozenset(found) for form, found in kin.items()},
        known,
        tuple(_background(reading)),
    )


def _passage_keys(reading: Reading, passage: Passage) -> Iterator[str]:
    quoted = (quotation.text for quotation in reading.quotations if quotation.passage == passage.key)
    held = [_source(reading, passage)] if reading.source else quoted
    for text in (passage.title, passage.words.plain(), *held):
        yield from all_keys(text)


def _source(reading: Reading, passage: Passage) -> str:
    span = reading.source.spans.get(passage.key) if reading.source else None
    return reading.source.text[slice(*span)] if reading.source and span else ""


def _topic_keys(reading: Reading, passage: Passage) -> Keys:
    topics = [topic for topic in reading.topics.values() if passage.key in topic.passages]
    names = (name for topic in topics for name in (topic.name, topic.title, *topic.aliases))
    return frozenset(key for name in names for key in all_keys(name))


def _background(reading: Reading) -> Iterator[tuple[Event | Background, Keys, Keys]]:
    """The items known from elsewhere, each once, with its keys and their forms."""
    events = [event for event in reading.events if not event.passage]
    topics = [item for topic in reading.topics.values() for item in topic.background]
    items: list[Event | Background] = [*events, *topics, *reading.background]
    once = {item.words.plain(): item for item in reversed(items)}
    for text, item in reversed(once.items()):
        keys = frozenset(all_keys(text))
        yield item, keys, frozenset(form for key in keys for form in forms(key))
