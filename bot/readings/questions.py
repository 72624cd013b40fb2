"""Takes a question apart: what it asks for, which of its words say what it is about, and which of these are names."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from bot.readings.text import CJK, HAN, HANGUL, KATAKANA, Token
from bot.readings.vocabulary import ASKING_CHARACTERS, Alias, ContentWord, aliases_in, content_words, forms
from bot.readings.word_lists import ASKING_WORDS, ORDINARY_WORDS
from bot.values import value

_WHEN = re.compile(
    r"^\W*(?:and |but |so )?(?:since |until |till |by |from |exactly )?when\b|, when (?:did|was|is|were|will|does)\b"
    r"|\b(?:since|until|by) when\b|\b(?:what|which)(?: exact)? (?:years?|dates?|days?|months?)\b"
    r"|いつ|何年|何月|何日|什么时候|何时|哪年|哪一年",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"\bhow (?:many|much|often|long|old|large|big|few)\b|\bwhat(?: is the)? (?:number|percentage|amount) of\b"
    r"|いくつ|いくら|何人|何回|多少|几个|几次",
    re.IGNORECASE,
)
_PASSAGE = re.compile(r"(?:¶|\bpassages?|\bparagraphs?)\s*(\d{1,4})\b", re.IGNORECASE)
# Of a Japanese, Chinese or Korean question, the runs that may name something: one script each, no endings
_RUN = re.compile(rf"[{KATAKANA}]+|[{HAN}]+|[{HANGUL}]+")
_ASKING_RUN = re.compile(f"[{ASKING_CHARACTERS}]+")
_ORDINARY = frozenset(form for word in ORDINARY_WORDS for form in forms(word))


class Kind(StrEnum):
    """What a question asks for."""

    WHEN = "when"
    HOW_MANY = "how many"
    ANY = "any"


_ASKED_FOR = {
    Kind.WHEN: frozenset(("year", "date", "day", "month", "time")),
    Kind.HOW_MANY: frozenset(("long", "old", "large", "big", "percentage", "amount", "time")),
    Kind.ANY: frozenset[str](),
}


@value
class Term:
    """One thing that a question is about, as typed and where, with the keys to look for.

    `name` says that it is a name or a number, or may be one; `ordinary` that it is a common word. `alias` is set where
    the reading has a name of its own for it. `pieces` says that the keys are parts of one run of characters.
    """

    typed: str
    start: int
    end: int
    keys: tuple[str, ...]
    name: bool = False
    ordinary: bool = False
    alias: Alias | None = None
    pieces: bool = False


@value
class Question:
    """A question taken apart. `passages` are the numbers of passages that it names (`¶7`)."""

    kind: Kind
    terms: tuple[Term, ...]
    passages: tuple[int, ...]


def read_question(question: str, known: Sequence[Alias]) -> Question:
    """The question, taken apart. Function words, and words about asking and about texts, are left out."""
    passages = tuple(int(match[1]) for match in _PASSAGE.finditer(question))
    asked = _PASSAGE.sub(lambda match: " " * len(match[0]), question)
    kind = Kind.WHEN if _WHEN.search(asked) else Kind.HOW_MANY if _HOW_MANY.search(asked) else Kind.ANY
    words = content_words(asked)
    terms = [_aliased(asked, words, at, alias) for at, alias in aliases_in(words, known)]
    taken = [(term.start, term.end) for term in terms]
    ignored = ASKING_WORDS | _ASKED_FOR[kind]
    plain = [word for word in words if word.token.word not in ignored and word.key not in ignored]
    terms += _plain(asked, [word for word in plain if _is_free(word.token, taken)])
    terms += [run for run in _runs(asked) if _is_free(run, taken)]
    return Question(kind, tuple(sorted(terms, key=lambda term: term.start)), passages)


def is_ordinary(key: str) -> bool:
    """Whether a key is a common word that is nobody's name, in any regular form: closer, relations, mainly."""
    bases = {key, key.removesuffix("er"), key.removesuffix("est"), key.removesuffix("ly")}
    return any(forms(base) & _ORDINARY for base in bases)


def _is_free(stretch: Token | Term, taken: Sequence[tuple[int, int]]) -> bool:
    return not any(start < stretch.end and stretch.start < end for start, end in taken)


def _aliased(asked: str, words: Sequence[ContentWord], at: int, alias: Alias) -> Term:
    start, end = words[at].token.start, words[at + len(alias.keys) - 1].token.end
    return Term(asked[start:end], start, end, alias.keys, name=True, alias=alias)


def _plain(asked: str, words: Sequence[ContentWord]) -> Iterator[Term]:
    """The words of an alphabet. Without a capital anywhere but at the start, any word may be meant as a name."""
    first = re.search(r"\w", asked)
    start = first.start() if first else 0
    small = not any(char.isupper() for char in asked[start + 1 :]) or asked.isupper()
    for word in words:
        token = word.token
        typed = asked[token.start : token.end]
        if re.search(f"[{CJK}]", typed):
            continue
        ordinary = is_ordinary(word.key)
        capital = typed[0].isupper() and not small and (token.start > start or not ordinary)
        name = capital or any(map(str.isdigit, word.key)) or (small and not ordinary)
        yield Term(re.sub(r"['’]s?$", "", typed), token.start, token.end, (word.key,), name, ordinary)


def _runs(asked: str) -> Iterator[Term]:
    for match in _RUN.finditer(asked):
        at = match.start()
        for piece in _ASKING_RUN.split(match[0]):
            start = asked.index(piece, at)
            at = start + len(piece)
            keys = tuple(word.key for word in content_words(piece))
            if keys:
                yield Term(piece, start, at, keys, name=len(piece) > 1, pieces=True)
