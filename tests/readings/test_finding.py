from bot.readings.finding import HeldText, held_text, nearest_place
from bot.readings.text import tokens
from tests.readings.made_up import ATTACHED, NOT_ATTACHED, SPANS, TEXT, with_text


def place(held: HeldText, wanted: str) -> list[str]:
    steps = nearest_place(held, [token.word for token in tokens(wanted, cjk=1)])
    return ["-" if at is None else held.words[at].word for _, at in steps]


def test_the_text_is_held_once_for_each_reading() -> None:
    assert held_text(ATTACHED) is held_text(ATTACHED)
    assert held_text(ATTACHED) is not held_text(with_text(TEXT))


def test_every_place_of_some_words_is_found() -> None:
    held = held_text(ATTACHED)
    found = [held.segments[held.segment_of[at]].passage for at in held.occurrences(["the", "us"])]

    assert found == ["ferry", "ferry", "vote"]


def test_the_part_inside_a_passage_is_told_from_what_is_outside() -> None:
    held = held_text(ATTACHED)

    assert [held.segments[number].passage for number, _, _ in held.inside(0, len(TEXT))] == list(SPANS)
    assert held.inside(0, 10) == []


def test_words_that_changed_or_are_left_out_are_aligned_with_the_text() -> None:
    held = held_text(ATTACHED)

    assert place(held, "that the town close its new pier") == [
        "that",
        "the",
        "town",
        "not",
        "close",
        "its",
        "old",
        "pier",
    ]
    assert place(held, "captain brisk never greets ada") == ["captain", "brisk", "-", "greets", "ada"]


def test_a_misspelt_word_alone_finds_its_place() -> None:
    assert place(held_text(ATTACHED), "Hiroseky") == ["hiroseki"]


def test_of_two_alignments_with_as_many_changes_the_one_with_more_equal_words_is_right() -> None:
    held = held_text(with_text("We want just as much, not less trade with them."))

    assert place(held, "just as less trade") == ["just", "as", "much", "not", "less", "trade"]


def test_the_rare_words_decide_between_places() -> None:
    text = (
        "The keeper of the light was at the door. " * 400
        + "The keeper of the light was in Hiroseki. "
        + "The end. " * 400
    )

    assert place(held_text(with_text(text)), "the keeper of light was in Hiroseki")[-1] == "hiroseki"


def test_words_beside_a_passage_are_not_its_neighbours() -> None:
    assert place(held_text(ATTACHED), "sings A loan would put") == ["-", "a", "loan", "would", "put"]


def test_without_a_copy_the_packs_quotations_are_held_apart() -> None:
    held = held_text(NOT_ATTACHED)

    assert not held.whole
    assert list(held.occurrences(["time", "neither"])) == []
    assert held.sentences_around(0, 2, 6) == (0, len("they only keep time"))


def test_nothing_is_near_to_strange_words() -> None:
    assert place(held_text(ATTACHED), "xylophone quartz") == []
