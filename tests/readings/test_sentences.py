from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readings.sentences import sentences
from tests.readings.made_up import SPANS, TEXT


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_a_full_stop_glued_to_the_next_sentence_ends_its_own() -> None:
    assert split("It was a risk.What then? Pay.") == ["It was a risk.", "What then?", "Pay."]


def test_dotted_initials_end_a_sentence_only_before_a_word_that_begins_one() -> None:
    assert split("We left the U.S. In short, we fled.") == ["We left the U.S.", "In short, we fled."]
    assert split("The U.S. alliance and the U.S. Navy stay.") == ["The U.S. alliance and the U.S. Navy stay."]
    assert split("It left the U.S. Ferries are few, and ferries are slow.") == [
        "It left the U.S.",
        "Ferries are few, and ferries are slow.",
    ]


def test_a_title_after_initials_is_no_new_sentence_although_the_word_stands_small_elsewhere() -> None:
    assert split("Our president met the U.S. President, and President Lee.") == [
        "Our president met the U.S. President, and President Lee."
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Brisk met Dr. Quill in St. Orla.",
        "See vol. 97, p. 12, and No. 5.",
        "J. R. Quill and Ada P. Brisk came.",
        "It cost 3.5 crowns at example.com today.",
        "“Who?” he asked, and left.",
        "They met at 5 p.m. on Monday.",
    ],
)
def test_a_dot_inside_a_sentence_does_not_end_it(sentence: str) -> None:
    assert split(sentence) == [sentence]


def test_closing_quotes_belong_to_their_sentence() -> None:
    assert split("He said “go.” She went. (Far.) Gone.") == ["He said “go.”", "She went.", "(Far.)", "Gone."]


def test_japanese_sentences_end_with_their_own_marks() -> None:
    assert split("港町は灯台を守る。船は来ない！誰が払うのか？") == [
        "港町は灯台を守る。",
        "船は来ない！",
        "誰が払うのか？",
    ]
    assert split("彼は「静かだ。」と言った。") == ["彼は「静かだ。」と言った。"]


def test_a_blank_line_ends_a_sentence_and_a_line_break_does_not() -> None:
    assert split("A heading\n\nThe first\nsentence. ") == ["A heading", "The first\nsentence."]


def test_no_sentence_is_empty() -> None:
    assert split("  \n\n ") == []
    assert split("Wait! ... ! Go. — ") == ["Wait!", "... ! Go. —"]


def test_only_the_stretch_asked_for_is_divided() -> None:
    start, end = SPANS["loan"]
    first = sentences(TEXT, start, end)[0]

    assert TEXT[slice(*first)] == "A loan would put the town at risk."
    assert sentences(TEXT, start, end)[-1][1] == end


@given(st.text(alphabet="ab AB.!?…”\n。う1", max_size=40))
def test_sentences_hold_every_word_once_and_in_order(text: str) -> None:
    found = sentences(text)
    inside = "".join(text[start:end] for start, end in found)

    assert all(text[start:end].strip() == text[start:end] != "" for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    assert [char for char in inside if char.isalnum()] == [char for char in text if char.isalnum()]
