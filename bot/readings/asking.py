"""Answers a question with the nearest passages, never with a paraphrase; and says which name the reading lacks.

What the reading says is in its passages and titles. Background is never counted as said; it is handed over apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import log

from bot.readings.dates import Date, dates, iso_date, numbers
from bot.readings.model import Background, Event, Passage, Reading
from bot.readings.passage_index import PassageIndex, passage_index
from bot.readings.questions import Kind, Question, Term, read_question
from bot.values import value

__all__ = ["Answer", "Kind", "Near", "ask"]

_MOST_PASSAGES = 3
_MOST_BACKGROUND = 2
_WORTH_SHOWING = 0.35  # of the score of the best; below it a passage shares a word by chance
_WORTH_SHOWING_BESIDE = 0.5


@value
class Near:
    """A passage near to a question, and the words of the question it has.

    `dates` are given only where it asks when, `numbers` only where it asks how many: as printed, or in our words where
    the source is not attached.
    """

    passage: Passage
    words: tuple[str, ...]
    dates: tuple[Date, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def gives_day(self) -> bool:
        """Whether one of its dates names a day."""
        return any(date.day for date in self.dates)


@value
class Answer:
    """What the reading has on a question.

    `refused`: it does not say, since it lacks the `missing` names or numbers, or every word. Then `nearest` is only
    where to look. `unknown` are other words it lacks. `aliases_used` pairs names as typed with the reading's own.
    `background` is known from elsewhere, and may be near although the reading says nothing.
    """

    kind: Kind
    refused: bool
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    nearest: tuple[Near, ...] = ()
    background: tuple[Event | Background, ...] = ()
    aliases_used: tuple[tuple[str, str], ...] = ()

    @property
    def gives_day(self) -> bool:
        """Whether the nearest passage gives a day."""
        return bool(self.nearest) and self.nearest[0].gives_day


def ask(reading: Reading, question: str) -> Answer:
    """The passages nearest to a question, three at most, best first; the same question has always the same answer."""
    index = passage_index(reading)
    asked = read_question(question, index.aliases)
    lacking = [term for term in asked.terms if not index.has(term)]
    found = [term for term in asked.terms if index.has(term)]
    if not any(index.is_telling(slot) for term in found for slot in index.slots(term)):
        # Of "sanctions on Japan" only "Japan" is there, as in every passage: it is sanctions that are asked for
        lacking = [replace(term, name=term.name or not term.ordinary) for term in lacking]
    missing = [f"¶{number}" for number in asked.passages if not reading.numbered(number)]
    said = bool(found) or len(asked.passages) > len(missing)
    missing += _missing_names(question, [*found, *lacking], lacking)
    return Answer(
        asked.kind,
        bool(missing) or not said,
        tuple(dict.fromkeys(missing)),
        tuple(dict.fromkeys(term.typed for term in lacking if not term.name)),
        _with_a_date(
            reading, index, asked, [_near(reading, index, asked, number) for number in _nearest(index, asked)]
        ),
        tuple(_background(index, asked)),
        tuple((term.typed, term.alias.own_name) for term in found if term.alias and not index.has_phrase(term.keys)),
    )


def _missing_names(question: str, terms: Sequence[Term], lacking: Sequence[Term]) -> Iterator[str]:
    """The names that the reading lacks, in full: of "South Korea" it may well have "South"."""
    names: list[list[Term]] = []
    for term in sorted(terms, key=lambda term: term.start):
        if names and term.name and _is_one_name(question, names[-1][-1], term):
            names[-1].append(term)
        elif term.name:
            names.append([term])
    missing = set(lacking)
    for name in names:
        if not missing.isdisjoint(name):
            yield question[name[0].start : name[-1].start] + name[-1].typed


def _is_one_name(question: str, one: Term, other: Term) -> bool:
    capitals = one.typed[0].isupper() and other.typed[0].isupper()
    return capitals and not (one.alias or other.alias or question[one.end : other.start].strip(" -\u00a0\u2010\u2011"))


def _nearest(index: PassageIndex, asked: Question) -> list[int]:
    """The numbers of the nearest passages: those the question names, then those with its most telling words."""
    slots = [slot for term in asked.terms for slot in index.slots(term)]
    telling = [slot for slot in slots if index.is_telling(slot)] or slots
    named = [number for number, passage in enumerate(index.passages) if passage.number in asked.passages]
    near = index.passages_with(telling)
    scores = {number: score for number, score in index.scores(slots).items() if number in near}
    if not scores and not named:
        keys = {key for term in asked.terms for key in term.keys}
        scores = {number: float(len(keys & topic)) for number, topic in enumerate(index.topics) if keys & topic}
    least = _WORTH_SHOWING * max(scores.values(), default=0)
    ranked = [
        number for number in sorted(scores, key=lambda number: (-scores[number], number)) if scores[number] >= least
    ]
    return list(dict.fromkeys(named + ranked))[:_MOST_PASSAGES]


def _near(reading: Reading, index: PassageIndex, asked: Question, number: int) -> Near:
    passage, text = index.passages[number], index.shown[number]
    words = (term.typed for term in asked.terms if number in index.passages_with(index.slots(term)))
    found = tuple(_dates(reading, passage, text)) if asked.kind is Kind.WHEN else ()
    return Near(
        passage, tuple(dict.fromkeys(words)), found, tuple(numbers(text)) if asked.kind is Kind.HOW_MANY else ()
    )


def _with_a_date(reading: Reading, index: PassageIndex, asked: Question, nearest: list[Near]) -> tuple[Near, ...]:
    """The nearest passages; where a time is asked for and none of them has one, the nearest that has joins them."""
    if asked.kind is Kind.WHEN and not any(near.dates for near in nearest):
        slots = [slot for term in asked.terms for slot in index.slots(term) if index.is_telling(slot)]
        scores = index.scores(slots)
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        others = (_near(reading, index, asked, number) for number in ranked)
        dated = next((near for near in others if near.dates), None)
        nearest = [*nearest[: _MOST_PASSAGES - 1], dated] if dated else nearest
    return tuple(nearest)


def _dates(reading: Reading, passage: Passage, text: str) -> list[Date]:
    """The dates in a passage, and those of its events that it words otherwise; a time like "this past week" is none."""
    found = dates(text)
    for event in reading.events:
        if event.passage == passage.key:
            found += dates(event.stated) if event.stated else iso_date(event.date)
    return list(dict.fromkeys(found))


def _background(index: PassageIndex, asked: Question) -> list[Event | Background]:
    """The items from elsewhere that share the question's rarest words: a telling name or number, or two words."""
    having = {term: index.background_with(term) for term in dict.fromkeys(asked.terms)}
    shared = [[term for term in asked.terms if number in having[term]] for number in range(len(index.background))]
    total = len(index.background)
    weights = {term: log(1 + (total - len(items) + 0.5) / (len(items) + 0.5)) for term, items in having.items()}
    scores = {
        number: sum(weights[term] for term in terms) * _fits(asked, index.background[number])
        for number, terms in enumerate(shared)
        if _is_enough(index, terms)
    }
    least = _WORTH_SHOWING_BESIDE * max(scores.values(), default=0)
    best = sorted(
        (number for number in scores if scores[number] >= least), key=lambda number: (-scores[number], number)
    )
    return [index.background[number] for number in best[:_MOST_BACKGROUND]]


def _fits(asked: Question, item: Event | Background) -> float:
    """A question after a time is better served by an event with a date."""
    return 1.25 if asked.kind is Kind.WHEN and isinstance(item, Event) and item.date else 1.0


def _is_enough(index: PassageIndex, terms: Sequence[Term]) -> bool:
    telling = [term for term in terms if all(map(index.is_telling, index.slots(term)))]
    return any(term.name and not term.ordinary for term in telling) or (len(terms) > 1 and bool(telling))
