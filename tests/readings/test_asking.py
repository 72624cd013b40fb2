import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readings.asking import Answer, Kind, ask
from bot.readings.model import Event
from tests.readings.made_up import ATTACHED, NOT_ATTACHED, reading


def keys(answer: Answer) -> list[str]:
    return [near.passage.key for near in answer.nearest]


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("What happened on Harbour Street?", "ferry"),
        ("Which delegates came?", "ferry"),
        ("Does it mention the G7?", "ferry"),
        ("What does the article say about piers?", "ferry"),
        ("Who is Orla Brisk?", "saying"),
        ("What does the loan risk?", "loan"),
        ("Explain the owner of the lamp", "loan"),
        ("is the vote a draw?", "vote"),
        ("Was there voting?", "vote"),
        ("灯台について何と言っていますか", "japanese"),
    ],
)
def test_a_question_is_answered_with_the_nearest_passage(question: str, passage: str) -> None:
    answer = ask(ATTACHED, question)

    assert not answer.refused
    assert keys(answer)[0] == passage


def test_it_says_which_words_of_the_question_a_passage_has() -> None:
    near = ask(ATTACHED, "Who pays for the rare lamps?").nearest[0]

    assert (near.passage.key, near.words) == ("loan", ("pays", "rare", "lamps"))


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What does it say about Canada?", "Canada"),
        ("What does it say about canada?", "canada"),
        ("what about Canada's lamp", "Canada"),
        ("Is there a Salt Lake in the town?", "Salt Lake"),
        ("What happened in 1956?", "1956"),
        ("What does the WHO want?", "WHO"),
        ("Is the G20 there?", "G20"),
        ("カナダについて何と言っていますか", "カナダ"),
        ("What does ¶9 say?", "¶9"),
        ("Are there sanctions on the town?", "sanctions"),
    ],
)
def test_a_name_or_number_that_the_reading_lacks_is_refused_and_named(question: str, missing: str) -> None:
    answer = ask(ATTACHED, question)

    assert answer.refused
    assert answer.missing == (missing,)


def test_a_refusal_still_points_to_the_nearest() -> None:
    answer = ask(ATTACHED, "Did Canada buy the lamp?")

    assert answer.refused
    assert keys(answer) == ["loan"]


@pytest.mark.parametrize("question", ["", "?", "What does it say?", "\x00"])
def test_a_question_about_nothing_is_refused_without_a_name(question: str) -> None:
    assert ask(ATTACHED, question) == Answer(Kind.ANY, refused=True)


def test_an_ordinary_word_that_is_not_there_is_only_told() -> None:
    answer = ask(ATTACHED, "Who negotiated the loan with the mayor?")

    assert (answer.refused, answer.unknown) == (False, ("negotiated",))


def test_background_never_counts_as_said() -> None:
    answer = ask(ATTACHED, "Does Norway claim the lamp?")

    assert answer.missing == ("Norway",)
    assert [item.words.plain() for item in answer.background] == ["Norway claims the lamp."]


def test_a_question_after_a_time_gets_the_passages_dates_and_whether_a_day_is_among_them() -> None:
    answer = ask(ATTACHED, "When was the Salt War fought by Hiroseki?")
    photo = ask(ATTACHED, "What day did Brisk greet Quill?")

    assert answer.kind is Kind.WHEN
    assert (keys(answer)[0], [date.text for date in answer.nearest[0].dates], answer.gives_day) == (
        "loan",
        ["1871-73"],
        False,
    )
    assert ([date.text for date in photo.nearest[0].dates], photo.gives_day) == (["March 3, 2011"], True)


def test_a_time_such_as_this_past_week_is_no_date() -> None:
    answer = ask(ATTACHED, "When do they vote?")

    assert (keys(answer)[0], answer.nearest[0].dates) == ("vote", ())


def test_a_when_in_the_middle_asks_for_no_date() -> None:
    assert ask(ATTACHED, "What happens when the town votes?").kind is Kind.ANY


def test_the_date_of_background_stands_beside() -> None:
    answer = ask(ATTACHED, "When did the Salt War end?")

    assert [item.date for item in answer.background if isinstance(item, Event)] == ["1873-09-05"]


def test_a_question_after_a_number_gets_the_passages_numbers() -> None:
    answer = ask(ATTACHED, "How many delegates of the G-7 came?")

    assert (answer.kind, answer.nearest[0].numbers) == (Kind.HOW_MANY, ("nine",))
    assert ask(ATTACHED, "How much is the lamp worth?").nearest[0].numbers == ("two million",)


def test_another_name_is_resolved_and_told() -> None:
    answer = ask(ATTACHED, "Tell us about the War of the Salters")

    assert (answer.refused, answer.aliases_used) == (False, (("War of the Salters", "Salt War"),))
    assert keys(answer) == ["loan"]
    assert keys(ask(ATTACHED, "塩戦争とは何ですか")) == ["loan"]


def test_a_topics_other_name_points_to_its_passages_although_the_reading_lacks_it() -> None:
    answer = ask(ATTACHED, "Is there a Beacon?")

    assert (answer.missing, keys(answer)) == (("Beacon",), ["loan", "japanese"])


def test_us_is_a_country_only_where_it_is_written_so() -> None:
    assert "ferry" in keys(ask(ATTACHED, "What did the US ask?"))
    assert "ferry" in keys(ask(ATTACHED, "what did the us ask?"))
    assert ask(ATTACHED, "Tell us!") == Answer(Kind.ANY, refused=True)


def test_a_passage_named_in_the_question_comes_first() -> None:
    assert keys(ask(ATTACHED, "What does passage 4 say about the lamp?"))[:2] == ["vote", "loan"]


def test_british_and_american_spellings_and_verb_forms_find_each_other() -> None:
    assert keys(ask(ATTACHED, "who was asking to keep the harbor"))[0] == "ferry"


def test_without_a_copy_our_own_words_are_searched() -> None:
    answer = ask(NOT_ATTACHED, "When was the Salt War?")

    assert (keys(answer), [date.text for date in answer.nearest[0].dates]) == (["loan"], ["1871-73"])
    assert ask(NOT_ATTACHED, "Who is Ada Quill?").missing == ()
    assert ask(NOT_ATTACHED, "Is Hiroseki mentioned?").missing == ("Hiroseki",)


@given(st.text(max_size=60))
def test_any_question_gets_the_same_answer_twice(question: str) -> None:
    assert ask(ATTACHED, question) == ask(reading(), question)
