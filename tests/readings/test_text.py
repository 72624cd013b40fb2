import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readings.text import find_all, find_exact, find_printed, same_letters, stem, tokens
from tests.readings.made_up import TEXT


def words(text: str) -> list[str]:
    return [token.word for token in tokens(text)]


def printed(text: str, wanted: str) -> str | None:
    found = find_exact(text, wanted)
    return text[slice(*found)] if found else None


@pytest.mark.parametrize(
    ("wanted", "as_printed"),
    [
        ("the mayor's ferry", "The mayor’s ferry"),
        ("and the U.S. envoy", "and\xa0the U.S. envoy"),
        ("  “TIDES keep   no promises”  ", "Tides keep no promises"),
        ("the vote ... was", "the vote … was"),
        ("Harbour Street", "Harbour Street"),
        ("toHarbour", "toHarbour"),
        ("the U.S", "the U.S"),
        ("灯台を守る", "灯台を守る"),
    ],
)
def test_a_quotation_is_found_whatever_its_quotes_spaces_and_case(wanted: str, as_printed: str) -> None:
    assert printed(TEXT, wanted) == as_printed


@pytest.mark.parametrize(
    "wanted",
    ["Harbour Street", "“Harbour Street”", "toHarbour", "the U.S", "灯台を守る", "arbour", "Donald", "“”", "the"],
)
def test_what_is_printed_letter_for_letter_is_found_without_reading_the_whole_text(wanted: str) -> None:
    text = f"{TEXT} McDonald"
    found = find_printed(text, wanted, 0, len(text))
    assert found == find_exact(text, wanted) or (wanted == "the" and found in list(find_all(text, wanted)))


@pytest.mark.parametrize(
    "wanted", ["", "  ", "“”", "…", "erry brought", "ferry brough", "mayor ferry", "arbour", "Donald"]
)
def test_nothing_and_parts_of_words_are_found_nowhere(wanted: str) -> None:
    assert find_exact(f"{TEXT} McDonald", wanted) is None


def test_an_accent_counts_the_same_however_it_was_typed() -> None:
    assert printed("A cafe\u0301 by the sea", "café") == "cafe\u0301"
    assert find_exact("A café by the sea", "cafe") is None


def test_half_of_an_ellipsis_is_not_cut_off() -> None:
    assert find_exact("so … it goes", "so .") is None


def test_only_the_stretch_asked_for_is_searched() -> None:
    text = "one two one two"

    assert find_exact(text, "one", 1) == (8, 11)
    assert find_exact(text, "two", 0, 6) is None
    assert list(find_all(text, "two")) == [(4, 7), (12, 15)]


def test_case_counts_when_letters_are_compared() -> None:
    assert same_letters("“the  pier”", "the\xa0pier")
    assert not same_letters("The pier", "the pier")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S. US G-7 G7 G‑7", ["us", "us", "g7", "g7", "g7"]),
        ("U.S.-led the U.S.’s", ["us", "led", "the", "us's"]),
        ("toHarbour theUS risk.What", ["to", "harbour", "the", "us", "risk", "what"]),
        ("McDonald iPhone eBay macOS YouTube deGaulle", ["mcdonald", "iphone", "ebay", "macos", "youtube", "degaulle"]),
        ("rare-earth lion’s leaders’", ["rare", "earth", "lion's", "leaders"]),
        ("1871-73 2016-05 2016-05-06", ["1871", "1873", "2016", "05", "2016", "05", "06"]),
        ("1,500 3.5 $5 5% 1990s", ["1500", "3.5", "$", "5", "5", "%", "1990s"]),
        ("Café ＡＢＣ co\u00adoperate", ["cafe", "abc", "cooperate"]),
        ("港町は 灯", ["港町", "町は", "灯"]),
        ("", []),
    ],
)
def test_words_are_repaired(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_each_word_knows_where_it_stands() -> None:
    found = {token.word: TEXT[token.start : token.end] for token in tokens(TEXT)}

    assert (found["g7"], found["harbour"], found["1873"], found["us"]) == ("G-7", "Harbour", "73", "U.S.")


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("treaties", "treaty"),
        ("islands", "island"),
        ("policies", "policy"),
        ("allies", "ally"),
        ("lion's", "lion"),
        ("churches", "church"),
        ("boxes", "box"),
        ("heroes", "hero"),
        ("women", "woman"),
        ("ties", "tie"),
    ],
)
def test_plurals_and_possessives_share_a_stem(many: str, one: str) -> None:
    assert stem(many) == stem(one) == one


@pytest.mark.parametrize(
    "word", ["us", "us's", "this", "isis", "iiss", "series", "news", "crisis", "1990s", "g7", "is"]
)
def test_words_that_only_look_like_plurals_stay(word: str) -> None:
    assert stem(word) == word.removesuffix("'s")


@given(st.text(max_size=60), st.text(max_size=10))
def test_any_text_can_be_searched(text: str, wanted: str) -> None:
    found = find_exact(text, wanted)

    assert found is None or 0 <= found[0] < found[1] <= len(text)
    assert all(0 <= token.start < token.end <= len(text) and token.word for token in tokens(text))
