"""The language in which saved discussions are looked for, read into a Query. Pure: it knows no database.

peace treaty            messages with both words         from:mina      who wrote it (a name, an id, me, readalong)
"peace treaty"          the words next to each other     in:#kurils     the channel or thread (a name, an id, here)
treat*                  words that begin so              after:monday   from then on; before:2026-11-01 until then
-war                    messages without it              reading:, passage:3, has:link, file, quote or reaction
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any

from bot.archive.search_copy import indexed, is_one_cjk
from bot.errors import Misused
from bot.moments import EXAMPLES, moment
from bot.nearest import nearest_name
from bot.readings.library import Library
from bot.readings.model import Reading
from bot.values import value
from bot.words import clean, literal

MOST_TERMS = 20
LONGEST = 2000
FILTERS = ("from", "in", "after", "before", "reading", "passage", "has")
_FIELDS = {
    "from": ("people",), "in": ("places",), "after": ("after",), "before": ("before",), "reading": ("reading",),
    "passage": ("passages",), "has": ("has",),
}  # fmt: skip
_EMPTY: dict[str, Any] = {
    "people": (),
    "places": (),
    "after": None,
    "before": None,
    "reading": "",
    "passages": (),
    "has": (),
}
SEVERAL = frozenset({"from", "in", "has"})
_ALSO = {"by": "from", "author": "from", "channel": "in", "thread": "in", "since": "after", "until": "before"}
_STRAIGHT = '"'
_ITEM = re.compile(
    rf"""(?P<minus>-(?=\S))?
        (?:(?P<filter>(?i:{"|".join((*FILTERS, *_ALSO))})):\s*(?![A-Za-z]+:) | (?P<key>[A-Za-z]+):(?!//))?
        (?: "(?P<straight>[^"]*)"? | “(?P<curly>[^”]*)”? | „(?P<low>[^“”]*)[“”]? | «(?P<angle>[^»]*)»?
          | 「(?P<corner>[^」]*)」? | (?P<bare>\S*))""",
    re.VERBOSE,
)


class Has(StrEnum):
    """What a message may have: an address of the web, a file, words of a reading, somebody's reaction."""

    LINK = "link"
    FILE = "file"
    QUOTE = "quote"
    REACTION = "reaction"


@value
class Term:
    """Words that stand one after the other, folded as they are indexed. With `prefix` the last one may go on.

    `typed` is how it was typed, with its marks.
    """

    words: tuple[str, ...]
    typed: str
    prefix: bool = False
    excluded: bool = False

    @property
    def match(self) -> str:
        """It for FTS5's MATCH: always one string in quotation marks, so nothing in it is an operator."""
        inside = " ".join(self.words).replace('"', '""')
        return f'"{inside}"{" *" if self.prefix else ""}'


@value
class Query:
    """What is looked for. Messages fit that have every term, and every filter that is given.

    `people` and `places` are as typed: any of them. `after` is the first moment that fits, `before` the first that no
    longer does (UTC). `reading` is a slug, `passages` are keys of it: any of them. `typed` are the filters as typed.
    """

    terms: tuple[Term, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    after: datetime | None = None
    before: datetime | None = None
    reading: str = ""
    passages: tuple[str, ...] = ()
    has: tuple[Has, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that a message must have."""
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def match(self) -> str:
        """The wanted terms for FTS5's MATCH; empty where there are none."""
        return " AND ".join(term.match for term in self.wanted)

    @property
    def unmatch(self) -> str:
        """The excluded terms for FTS5's MATCH; empty where there are none."""
        return " OR ".join(term.match for term in self.terms if term.excluded)

    @property
    def options(self) -> dict[str, str]:
        """It as the options of a command line: `words`, and the filters; what is given again stands among the words."""
        words = [term.typed for term in self.terms]
        options: dict[str, str] = {}
        for key, given in self.typed:
            if key in options:
                words.append(f'{key}:"{given.replace(_STRAIGHT, "")}"')
            else:
                options[key] = given
        return {"words": " ".join(words), **options} if words else options

    def without(self, what: str) -> "Query":
        """The query without a filter, by its key, or without a term, as it was typed."""
        if what not in FILTERS:
            return replace(self, terms=tuple(term for term in self.terms if term.typed != what))
        gone = {what, "passage"} if what == "reading" else {what}
        typed = tuple(one for one in self.typed if one[0] not in gone)
        cleared: dict[str, Any] = {field: _EMPTY[field] for key in gone for field in _FIELDS[key]}
        if what == "passage" and "reading" not in dict(typed):
            cleared["reading"] = ""
        return replace(self, typed=typed, **cleared)


@value
class Known:
    """What a query is read against: the moment of asking and its zone, the readings, and the one in use, if any."""

    now: datetime
    library: Library
    reading: Reading | None = None
    zone: tzinfo = UTC


def parse(text: str, known: Known, filters: Mapping[str, str] | None = None) -> Query:
    """Read the words with the filters among them, and filters that were given beside them, by their keys.

    Raises Misused with what would be right: for a filter that nobody knows, or a value that it can't take.
    """
    if len(text) > LONGEST:
        raise Misused(f"A search takes at most {LONGEST:,} characters; yours has {len(text):,}. Shorten it.")
    terms, typed = _read(clean(text))
    typed = [*((key, clean(value)) for key, value in (filters or {}).items() if clean(value)), *typed]
    if len(terms) > MOST_TERMS:
        raise Misused(f"A search takes at most {MOST_TERMS} words; yours has {len(terms)}. Leave some out.")
    return _filtered(Query(tuple(terms), typed=tuple(typed)), known)


def _read(text: str) -> tuple[list[Term], list[tuple[str, str]]]:
    terms: list[Term] = []
    typed: list[tuple[str, str]] = []
    for found in _ITEM.finditer(text):
        key = _filter_of(found)
        value = next((held for held in found.group("straight", "curly", "low", "angle", "corner", "bare") if held), "")
        if key and value.strip():
            typed.append((key, value.strip()))
        elif not key and (term := _term(found, value)):
            terms.append(term)
    if text and not terms and not typed and not _says_nothing(text):
        raise Misused(
            f"“{_short(text)}” has no letter or digit to look for. Type a word, or nothing to see the newest."
        )
    return terms, typed


def _says_nothing(text: str) -> bool:
    """Whether it is filters without a value alone, as a form leaves them."""
    return all(part.endswith(":") and _known_key(part[:-1]) for part in text.split())


def _known_key(key: str) -> str:
    key = key.casefold()
    return key if key in FILTERS else _ALSO.get(key, "")


def _filter_of(found: re.Match[str]) -> str:
    """The filter that an item is; empty for words. Raises Misused for a misspelt one."""
    if typed := found["filter"]:
        key = _known_key(typed)
        if found["minus"]:
            raise Misused(f"A minus leaves out words alone, for example `-war`. Type `{key}:` without it.")
        return key
    if found["key"] and found["bare"] and (nearest := nearest_name(found["key"], FILTERS)):
        raise Misused(f"There is no filter `{literal(found['key'])}:`. Did you mean `{nearest}:`?")
    return ""


def _term(found: re.Match[str], value: str) -> Term | None:
    minus = found["minus"] or ""
    held = not found["bare"] and not found["key"]
    body = value.replace('"', "") if held else found[0].strip().removeprefix(minus)
    tokens = [token for token in indexed(body) if _is_indexed(token.word)]
    if len(tokens) > 1 and tokens[-1].end == tokens[-2].end:
        tokens.pop()  # in the text that is looked for, the stretch of Chinese or Japanese may go on
    if not tokens:
        return None
    begins = body.rstrip().endswith("*") or is_one_cjk(tokens[-1].word)
    typed = minus + (f'"{body}"' if held else body)
    return Term(tuple(token.word for token in tokens), typed, begins, bool(minus))


def _is_indexed(word: str) -> bool:
    """Whether the index holds it: signs such as $ or an emoji it does not."""
    return any(map(str.isalnum, word))


def _filtered(query: Query, known: Known) -> Query:
    for key in FILTERS:
        values = [value for name, value in query.typed if name == key]
        if len(values) > 1 and key not in SEVERAL:
            raise Misused(f"`{key}:` is given twice. Give it once.")
    values_of = dict(query.typed)
    reading = _reading(values_of.get("reading", ""), known)
    passages = _passages(values_of.get("passage", ""), reading or known.reading)
    if passages and reading is None:
        reading = known.reading
    return replace(
        query,
        people=tuple(value for key, value in query.typed if key == "from"),
        places=tuple(value for key, value in query.typed if key == "in"),
        after=_moment("after", values_of, known),
        before=_moment("before", values_of, known),
        reading=reading.slug if reading else "",
        passages=passages,
        has=tuple(dict.fromkeys(_has(query.typed))),
    )


def _moment(key: str, values: Mapping[str, str], known: Known) -> datetime | None:
    if key not in values:
        return None
    if found := moment(values[key], known.now, known.zone):
        return found
    raise Misused(f"`{key}:` takes a date such as {EXAMPLES}; “{_short(values[key])}” is none.")


def _reading(name: str, known: Known) -> Reading | None:
    if not name:
        return None
    if found := known.library.find(name):
        return found
    there = ", ".join(sorted(known.library.readings)) or "none"
    raise Misused(f"There is no reading “{_short(name)}”. There are: {literal(there)}.")


def _passages(name: str, reading: Reading | None) -> tuple[str, ...]:
    """The keys of the passages of that number (with their captions), label, key or title."""
    if not name:
        return ()
    if reading is None:
        raise Misused("No reading is in use here, so name the one that is meant too: `reading:`.")
    wanted = name.casefold().lstrip("¶#").strip()
    number = int(wanted[:9]) if wanted.isdecimal() else 0
    for passage in reading.passages:
        if wanted in {passage.label.casefold().lstrip("¶"), passage.key.casefold(), passage.title.casefold()}:
            captions = reading.numbered(passage.number) if number else (passage,)
            return tuple(one.key for one in captions)
    last = max(passage.number for passage in reading.passages)
    raise Misused(f"“{_short(name)}” is no passage of {literal(reading.short_title)}; its passages are ¶1 to ¶{last}.")


def _has(typed: tuple[tuple[str, str], ...]) -> Iterator[Has]:
    names = {one.value: one for one in Has} | {"quotation": Has.QUOTE, "attachment": Has.FILE, "url": Has.LINK}
    for typed_value in (part for key, held in typed if key == "has" for part in re.split(r"[\s,]+", held) if part):
        name = typed_value.casefold()
        if name.removesuffix("s") not in names:
            raise Misused(f"`has:` takes link, file, quote or reaction; “{_short(typed_value)}” is none of them.")
        yield names[name.removesuffix("s")]


def _short(text: str) -> str:
    return literal(text if len(text) <= 40 else text[:39] + "…")
