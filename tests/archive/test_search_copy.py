"""What is indexed of a text is what `indexed` reads in it, however it is worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archive import search_copy
from bot.archive.search_copy import indexed, searchable

PIECES = st.sampled_from(
    [
        "word", "Word", "WORD", "toHarbour", "iPhone", "U.S.", "U.S.'s", "G-7", "1904-05", "2016-05-06", "56,000",
        "3.14", "lion's", "'quoted'", "(aside)", "$5", "50%", "a_b", "--", "...", "naïve", "cafe\u0301", "北方領土",
        "Итуруп", "\u200b", "so\u00adft", "ﬁsh", "’tis", "-", "–", ",", ".", "/", "\x00", "\ud800", "🙂", "\u202e", "İ",
        "ß", "x" * 50,
    ]
)  # fmt: skip
SPACES = st.sampled_from([" ", "", "\n", "\t", "\u00a0", "\u3000", "\x1c", "\x85", "\u2028", "\ufeff"])
MIXED = st.lists(st.tuples(PIECES, SPACES)).map(lambda parts: "".join(map("".join, parts)))


def plainly(text: str) -> str:
    return " ".join(token.word for token in indexed(text))


@given(st.one_of(st.text(), MIXED))
def test_every_text_is_indexed_by_all_its_words(text: str) -> None:
    assert searchable(text) == plainly(text)
    assert searchable(text) == plainly(text), "what was kept is the same"


@given(st.text(alphabet="aAbZ.,;:!?()\"'-_/19$% é", max_size=12))
def test_every_short_text_too(text: str) -> None:
    assert searchable(text) == plainly(text)


def test_every_character_of_japanese_begins_a_word_of_the_index() -> None:
    assert searchable("択捉島の問題。") == "択捉 捉島 島の の問 問題 題"
    assert searchable("島 a島") == "島 a 島"


def test_what_is_kept_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_copy, "_MOST", 10)
    search_copy.PIECES.clear()
    text = " ".join(f"piece{number}" for number in range(100))

    assert searchable(text + " " + "long" * 1000) == plainly(text + " " + "long" * 1000)
    assert len(search_copy.PIECES) <= 10
    assert max(map(len, search_copy.PIECES)) < 50
