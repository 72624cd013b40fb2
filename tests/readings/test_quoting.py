"""A message that quotes the reading word for word is known by its quotation, and by nothing less."""

import pytest

from bot.readings.library import Library
from bot.readings.model import Reading
from bot.readings.quoting import may_quote, quoted_in
from tests.conftest import CONTENT


@pytest.fixture(scope="module")
def reading() -> Reading:
    return Library.load(CONTENT).readings["kuril-question"]


def words(reading: Reading, number: int, count: int = 8) -> str:
    assert reading.source
    start, end = reading.source.spans[reading.passages[number].key]
    return " ".join(reading.source.text[start:end].split()[:count])


@pytest.mark.parametrize("shape", ['He says "{}", I think', "“{}”", "„{}“", "«{}»", "> {}\nI doubt it", "  >{}"])
def test_words_in_quotation_marks_or_behind_a_mark_are_linked(shape: str, reading: Reading) -> None:
    (found,) = quoted_in(shape.format(words(reading, 1)), reading)

    assert found.passage == reading.passages[1].key
    assert found.words == words(reading, 1)


@pytest.mark.parametrize("shape", ["{}", "“{} not”", "“not {}”", "“{}", "'{}'"])
def test_words_without_marks_or_with_one_word_more_are_not(shape: str, reading: Reading) -> None:
    assert quoted_in(shape.format(words(reading, 1)), reading) == ()


def test_three_words_may_be_anybodys(reading: Reading) -> None:
    assert quoted_in(f"“{words(reading, 1, 3)}”", reading) == ()
    assert quoted_in(f"“{words(reading, 1, 4)}”", reading) != ()


def test_other_capitals_are_not_word_for_word(reading: Reading) -> None:
    assert quoted_in(f"“{words(reading, 1).upper()}”", reading) == ()


def test_a_quotation_over_several_lines_is_one(reading: Reading) -> None:
    held = words(reading, 1, 12).split()
    text = f"> {' '.join(held[:6])}\n> {' '.join(held[6:])}\nReally?"

    assert [found.passage for found in quoted_in(text, reading)] == [reading.passages[1].key]


def test_two_passages_are_two_links(reading: Reading) -> None:
    text = f"“{words(reading, 0)}” and “{words(reading, 2)}”"

    assert [found.passage for found in quoted_in(text, reading)] == [reading.passages[0].key, reading.passages[2].key]


@pytest.mark.parametrize("text", ["", "no marks at all", '"short"', "a > b", '""', "“”"])
def test_what_can_be_no_quotation_is_known_at_once(text: str) -> None:
    assert not may_quote(text)
