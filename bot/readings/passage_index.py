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
Numbers = frozenset[int]

# BM25's usual constants (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009)
_SATURATION, _LENGTH = 1.2, 0.75
_TOPIC = 0.5  # what a topic's name adds, of the weight of the word, to the passages of the topic


@dataclass(frozen=True, slots=True, eq=False)
class PassageIndex:
    """The words of one reading, and which of its passages, by their place in `passages`, have each how many times.

    `shown` is the text of each passage that dates and numbers are taken from; `norms` weigh its length.
    """

    passages: tuple[Passage, ...]
    shown: tuple[str, ...]
    places: Mapping[str, Mapping[int, int]]
    norms: tuple[float, ...]
    lines: tuple[str, ...]
    topics: tuple[Keys, ...]
    vocabulary: Keys
    kin: Mapping[str, Keys]
    aliases: tuple[Alias, ...]
    background: tuple[Event | Background, ...]
    background_places: Mapping[str, Numbers]
    background_kin: Mapping[str, Numbers]

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
        return 2 * len(self._times(slot)) <= len(self.passages)

    def passages_with(self, slots: Iterable[Keys]) -> set[int]:
        """The passages that have one of these words."""
        return {number for slot in slots for key in slot for number in self.places.get(key, ())}

    def background_with(self, term: Term) -> Numbers:
        """The items known from elsewhere that share a term."""
        found = _in_all(self.background_places, term.keys)
        if term.alias:
            return found | _in_all(self.background_places, term.alias.own_keys)
        return found if term.name else found.union(*(self.background_kin.get(key, ()) for key in term.keys))

    def scores(self, slots: Iterable[Keys]) -> dict[int, float]:
        """How near each passage is that has some of these words.

        By BM25, and a little more where a topic of it is called so. A word that is asked for twice counts twice.
        """
        scores: dict[int, float] = defaultdict(float)
        for slot, asked in Counter(slots).items():
            found = self._times(slot)
            weight = asked * log(1 + (len(self.passages) - len(found) + 0.5) / (len(found) + 0.5))
            for number, times in found.items():
                topic = _TOPIC if slot & self.topics[number] else 0.0
                scores[number] += weight * (times * (_SATURATION + 1) / (times + self.norms[number]) + topic)
        return scores

    def _times(self, slot: Keys) -> Mapping[int, int]:
        """How often each passage has a word, in any of these forms."""
        if len(slot) == 1:
            return self.places.get(next(iter(slot)), {})
        found: Counter[int] = Counter()
        for key in slot:
            found.update(self.places.get(key, {}))
        return found

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
    background = tuple(_background(reading))
    held = [frozenset(all_keys(item.words.plain())) for item in background]
    return PassageIndex(
        reading.passages,
        tuple(_source(reading, passage) or passage.words.plain() for passage in reading.passages),
        _counted(keys),
        _norms([len(line) for line in keys]),
        tuple(f" {' '.join(line)} " for line in keys),
        tuple(_topic_keys(reading, passage) for passage in reading.passages),
        frozenset(everywhere),
        {form: frozenset(found) for form, found in kin.items()},
        known,
        background,
        _places(held),
        _places([frozenset(form for key in own for form in forms(key)) for own in held]),
    )


def _counted(lines: Sequence[Sequence[str]]) -> dict[str, dict[int, int]]:
    """In which lines each key stands, by their numbers, and how many times."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for number, line in enumerate(lines):
        for key, times in Counter(line).items():
            found[key][number] = times
    return dict(found)


def _norms(lengths: Sequence[int]) -> tuple[float, ...]:
    """What BM25 sets against the count of a word, from the length of each passage beside the average."""
    average = sum(lengths) / max(len(lengths), 1)
    return tuple(_SATURATION * (1 - _LENGTH + _LENGTH * length / average) if average else 1.0 for length in lengths)


def _places(held: Sequence[Keys]) -> dict[str, Numbers]:
    """In which of these each key is, by their numbers."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, keys in enumerate(held):
        for key in keys:
            found[key].add(number)
    return {key: frozenset(numbers) for key, numbers in found.items()}


def _in_all(places: Mapping[str, Numbers], keys: Sequence[str]) -> Numbers:
    """Where all of these keys are."""
    first, *others = (places.get(key, frozenset()) for key in keys)
    return first.intersection(*others)


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


def _background(reading: Reading) -> Iterator[Event | Background]:
    """The items known from elsewhere, each once."""
    events = [event for event in reading.events if not event.passage]
    topics = [item for topic in reading.topics.values() for item in topic.background]
    items: list[Event | Background] = [*events, *topics, *reading.background]
    once = {item.words.plain(): item for item in reversed(items)}
    yield from reversed(once.values())
