"""The language in which saved discussions are looked for."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archive.query import Has, Known, Query, Term, parse
from bot.errors import BotError, Misused
from bot.moments import moment
from bot.readings.library import Library
from tests.conftest import CONTENT

NOW = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)  # a Wednesday
LIBRARY = Library.load(CONTENT)
KNOWN = Known(NOW, LIBRARY, LIBRARY.readings["japan-russia-2016"])

PIECES = (
    "treaty", "foo-bar", "c++", "it's", "col:x", "AND", "OR", "NOT", "NEAR(", "*", "a*", '"', '""', '"a b', "“a b”",
    "„x“", "«y»", "「島」",
    "(", ")", "^", "{", "}", "-", "--", "-war", '-"a b"', ":", "from:", "from:mina", "in:here",
    "in:#kurils", "after:monday", "before:2026-13-45", "has:link", "has:", "reading:kuril-question", "passage:3",
    "passage:99", "form:mina", "\x00", "\ud800", "\u202e", "🙂", "島", "北方領土の", "é", "e\u0301", "ß", "İ", "$5",
    "%", "_", "'", "\\", "[x]", "<@U1>", "<#C1|x>", "¶3", "x" * 500, "https://a.b/c?d=e", "after:9999-12-31",
    "after:0001-01-01", "9" * 30, "\U0001e900",
)  # fmt: skip
ODD = st.sampled_from(PIECES)
QUERIES = st.one_of(
    st.text(max_size=60), st.lists(ODD, max_size=12).map(" ".join), st.lists(ODD, max_size=8).map("".join)
)


def read(text: str) -> Query:
    return parse(text, KNOWN)


def terms(text: str) -> list[str]:
    return [term.match for term in read(text).wanted]


def at(day: int, month: int = 11, year: int = 2026, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("peace treaty", ['"peace"', '"treaty"']),
        ('"peace treaty" 1956', ['"peace treaty"', '"1956"']),
        ("“peace treaty”", ['"peace treaty"']),
        ("„peace treaty“ «a b» 「平和条約」", ['"peace treaty"', '"a b"', '"平和 和条 条約"']),
        ('"never closed', ['"never closed"']),
        ("treat*", ['"treat" *']),
        ('"peace treat*"', ['"peace treat" *']),
        ("foo-bar", ['"foo bar"']),
        ("c++", ['"c"']),
        ("it's", ['"it\'s"']),
        ("col:x", ['"col x"']),
        ("Note: the treaty", ['"note"', '"the"', '"treaty"']),
        ("from:", []),
        ("a AND b", ['"a"', '"and"', '"b"']),
        ("Étorofu U.S. G-7", ['"etorofu"', '"us"', '"g7"']),
        ("平和条約", ['"平和 和条 条約"']),
        ("島", ['"島" *']),
        ("https://example.org/a", ['"https example org a"']),
        ("treaty * $ 🙂", ['"treaty"']),
        ("NEAR(a b)", ['"near a"', '"b"']),
    ],
)
def test_words_reach_the_index_in_quotation_marks_alone(text: str, match: list[str]) -> None:
    assert terms(text) == match


def test_a_minus_leaves_out_words_and_words_side_by_side() -> None:
    query = read('treaty -war -"last year" foo-bar')

    assert [term.words for term in query.terms if term.excluded] == [("war",), ("last", "year")]
    assert query.unmatch == '"war" OR "last year"'
    assert terms('treaty -war -"last year"') == ['"treaty"']


def test_filters_stand_anywhere_and_in_any_order() -> None:
    query = read('in:#kurils peace from:"Mina Kato" from: @jun treaty has:links,file after:2026-11-01 in:here')

    assert terms("from:mina peace in:here treaty") == ['"peace"', '"treaty"']
    assert query.people == ("Mina Kato", "@jun")
    assert query.places == ("#kurils", "here")
    assert query.has == (Has.LINK, Has.FILE)
    assert query.after == at(1)


def test_filters_given_beside_the_words_count_as_well() -> None:
    query = parse("treaty in:here", KNOWN, {"from": "mina", "in": "", "passage": "3"})

    assert (query.people, query.places, query.reading) == (("mina",), ("here",), "japan-russia-2016")
    with pytest.raises(Misused, match="given twice"):
        parse("after:monday", KNOWN, {"after": "tuesday"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01", at(1)),
        ("2026-11", at(1)),
        ("2026", at(1, 1)),
        ("today", at(25)),
        ("Yesterday", at(24)),
        ("now", NOW),
        ("monday", at(23)),
        ("Wednesday", at(25)),
        ("last wednesday", at(18)),
        ("wed", at(25)),
        ("thurs", at(19)),
        ("last week", at(16)),
        ("this week", at(23)),
        ("last month", at(1, 10)),
        ("this year", at(1, 1)),
        ("last year", at(1, 1, 2025)),
        ("3 days ago", at(22)),
        ("2 weeks", at(11)),
        ("a month ago", at(25, 10)),
        ("9 months ago", at(25, 2)),
        ("2 hours ago", at(25, hour=10, minute=30)),
        ("9 November", at(9)),
        ("Nov 9, 2025", at(9, 11, 2025)),
        ("9 Dec", at(9, 12, 2025)),
        ("2026-11-01T10:30Z", at(1, hour=10, minute=30)),
        ("2026-11-01 10:30", at(1, hour=10, minute=30)),
        ("2026-11-01T10:30+09:00", at(1, hour=1, minute=30)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, expected: datetime) -> None:
    assert read(f'after:"{text}"').after == expected
    assert read(f'before:"{text}"').before == expected


def test_days_begin_in_the_zone_that_is_given() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    late = datetime(2026, 11, 25, 16, tzinfo=UTC)  # the 26th in Tokyo

    assert moment("today", late, tokyo) == at(25, hour=15)
    assert moment("2026-11-01", late, tokyo) == datetime(2026, 10, 31, 15, tzinfo=UTC)
    assert moment("31 months ago", datetime(2026, 10, 31, tzinfo=UTC)) == datetime(2024, 3, 31, tzinfo=UTC)
    assert moment("8 months ago", datetime(2026, 10, 31, tzinfo=UTC)) == datetime(2026, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["soon", "2026-13", "2026-02-30", "999999 years ago", "32 Nov", "0000", "-1", "blue day"]
)
def test_what_is_no_date_says_what_one_looks_like(text: str) -> None:
    with pytest.raises(Misused, match="takes a date such as 2026-11-01"):
        read(f'after:"{text}"')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("form:mina", "Did you mean `from:`"),
        ("*", "no letter or digit"),
        ('""', "no letter or digit"),
        ("🙂", "no letter or digit"),
        ("-from:mina", "without it"),
        ("has:nothing", "link, file, quote or reaction"),
        ("reading:unheard", "There are: japan"),
        ("passage:99", "its passages are ¶1 to ¶10"),
        ("a " * 21, "at most 20 words"),
        ("x" * 10_000, "at most 2,000 characters"),
    ],
)
def test_what_can_not_be_understood_says_what_would_be_right(text: str, words: str) -> None:
    with pytest.raises(Misused) as refused:
        read(text)

    assert words in refused.value.words


def test_a_passage_goes_by_number_label_key_or_title_of_the_reading_that_is_meant() -> None:
    reading = LIBRARY.readings["kuril-question"]
    third = reading.numbered(3)[0]
    for name in ("3", "¶3", "#3", third.key, third.title):
        query = read(f'reading:"The Kuril question" passage:"{name}"')
        assert (query.reading, query.passages[0]) == ("kuril-question", third.key)
    assert read("passage:3").reading == "japan-russia-2016"
    with pytest.raises(Misused, match="No reading is in use"):
        parse("passage:3", replace(KNOWN, reading=None))


def test_nothing_at_all_is_a_query_too() -> None:
    for text in ("", "  ", "from: in:", "\x00"):
        assert read(text) == Query()


@given(QUERIES)
def test_any_text_is_understood_or_refused_in_words_and_never_breaks_the_index(text: str) -> None:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE f USING fts5(search)")
    try:
        query = read(text)
    except BotError:
        return
    for match in filter(None, (query.match, query.unmatch)):
        index.execute("SELECT rowid FROM f WHERE f MATCH ?", (match,)).fetchall()
    index.close()


@given(QUERIES)
def test_a_query_written_as_options_means_the_same(text: str) -> None:
    try:
        query = read(text)
    except BotError:
        return
    options = query.options
    again = parse(options.pop("words", ""), KNOWN, options)

    assert [replace_typed(term) for term in again.terms] == [replace_typed(term) for term in query.terms]
    assert replace(again, terms=(), typed=()) == replace(query, terms=(), typed=())


def replace_typed(term: Term) -> Term:
    return replace(term, typed="")


def test_leaving_out_a_filter_or_a_term_leaves_the_rest() -> None:
    query = read("peace -war from:mina passage:3 has:link")

    assert query.without("from") == read("peace -war passage:3 has:link")
    assert query.without("passage") == read("peace -war from:mina has:link")
    assert query.without("-war") == read("peace from:mina passage:3 has:link")
    assert read("reading:kuril-question passage:3").without("passage") == read("reading:kuril-question")
    assert read("reading:kuril-question passage:3").without("reading") == Query()
