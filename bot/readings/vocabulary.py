"""Which words of a line say what it is about, and how they are compared: without function words, by stem, by alias."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.readings.text import Token, stem, tokens
from bot.readings.word_lists import FUNCTION_WORDS
from bot.values import value

# Characters of Japanese and Chinese questions that ask or join, and name nothing
ASKING_CHARACTERS = "何誰言書的了和与是在有不吗呢怎么什为哪谁就都也"


@value
class ContentWord:
    """A word that says what a line is about: its key for comparing, and where it stands in the line."""

    key: str
    token: Token


def content_words(text: str, ignored: frozenset[str] = FUNCTION_WORDS, cjk: int = 2) -> list[ContentWord]:
    """The words of a line that are not in `ignored`, by stem. An acronym counts, even one like WHO, IT or the US."""
    words = tokens(text, cjk)
    shouted = text.isupper() and len(words) > 2
    found: list[ContentWord] = []
    before = ""
    for token in words:
        name = _is_acronym(text[token.start : token.end], token, before) and not shouted
        key = stem(token.word)
        if name or (token.word not in ignored and key not in ignored and _says_something(token.word)):
            found.append(ContentWord(key, token))
        before = token.word
    return found


def all_keys(text: str) -> Iterator[str]:
    """Every key by which a held text can be found: Chinese, Japanese and Korean characters in pairs and alone."""
    yield from (word.key for word in content_words(text))
    yield from (word.key for word in content_words(text, cjk=1) if not word.key.isascii() and len(word.key) == 1)


def _is_acronym(printed: str, token: Token, before: str) -> bool:
    if token.word == "may":
        return printed == "May" and before != ""
    return (printed.isupper() and len(token.word) > 1) or (token.word == "us" and before == "the")


def _says_something(word: str) -> bool:
    if len(word) <= 2 and not word.isascii():
        return not all("\u3041" <= char <= "\u3096" or char in ASKING_CHARACTERS for char in word)
    return len(word) > 1 or word.isdigit()


@lru_cache(maxsize=65536)
def forms(key: str) -> frozenset[str]:
    """What a key shares with other forms of its word: balance and balancing, realise and realized, defence and defense.

    Only regular verb endings and the commonest differences between British and American spelling.
    """
    found = {key}
    for ending in ("ed", "ing"):
        if key.endswith(ending) and len(key) - len(ending) >= 3:
            root = key.removesuffix(ending)
            found |= {root, root + "e"}
            if len(root) > 3 and root[-1] == root[-2]:
                found.add(root[:-1])
    return frozenset(map(_american, found))


def _american(word: str) -> str:
    word = re.sub(r"(?<=\w{3})is(e|ation|er)$", r"iz\1", word)
    word = re.sub(r"(?<=\w{3})our$", "or", word)
    return re.sub(r"(?<=\w{3})ence$", "ense", re.sub(r"(?<=\w{3})tre$", "ter", word))


@value
class Alias:
    """Another name for something, and the reading's own name for it, as printed and as keys."""

    name: str
    keys: tuple[str, ...]
    own_name: str
    own_keys: tuple[str, ...]


def aliases(names: Mapping[str, Sequence[str]]) -> tuple[Alias, ...]:
    """The aliases of a reading, the longest first, so that the longest name in a line is the one that is meant."""
    found = [
        Alias(other, _keys(other), own, _keys(own))
        for own, others in names.items()
        for other in others
        if _keys(other) and _keys(own)
    ]
    return tuple(sorted(found, key=lambda alias: -len(alias.keys)))


def aliases_in(words: Sequence[ContentWord], known: Sequence[Alias]) -> list[tuple[int, Alias]]:
    """The aliases that stand in a line, each with the number of its first word; no word belongs to two of them."""
    found: list[tuple[int, Alias]] = []
    taken: set[int] = set()
    keys = tuple(word.key for word in words)
    starts: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        starts.setdefault(key, []).append(at)
    for alias in known:
        for at in starts.get(alias.keys[0], ()):
            places = set(range(at, at + len(alias.keys)))
            if keys[at : at + len(alias.keys)] == alias.keys and not places & taken:
                found.append((at, alias))
                taken |= places
    return sorted(found, key=lambda item: item[0])


def _keys(name: str) -> tuple[str, ...]:
    return tuple(word.key for word in content_words(name))
