import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readings.quotations import Change, Kind, Verdict, check, quotations_about
from bot.readings.text import tokens
from tests.readings.made_up import ATTACHED, BOILERPLATE, NOT_ATTACHED, SPANS, TEXT, with_text

# Words as typed, one space apart, from a passage that no defect makes ambiguous
PASSAGE = "loan"
WORDS = TEXT[slice(*SPANS[PASSAGE])].replace("risk.What", "risk. What").split()


def marked(verdict: Verdict) -> list[str]:
    return [verdict.printed[start:end] for start, end in verdict.printed_marks]


def written(verdict: Verdict) -> list[str]:
    return [verdict.written[start:end] for start, end in verdict.written_marks]


@pytest.mark.parametrize(
    "quotation",
    [
        "The mayor’s ferry brought nine delegates",
        '"the U.S. had asked"',
        "toHarbour Street, and the U.S. envoy",
        "船は来ない",
    ],
)
def test_the_very_words_are_exact(quotation: str) -> None:
    assert check(ATTACHED, quotation).kind is Kind.EXACT


@pytest.mark.parametrize(
    "quotation",
    [
        "the mayor's ferry brought nine delegates",
        "delegates of the G7 to Harbour Street and the US envoy",
        "at risk. What nobody says however",
        "the rare earth glass",
        "bought in the 1871-1873 Salt War",
        "NINE DELEGATES",
    ],
)
def test_other_punctuation_spaces_and_capitals_are_the_same_words(quotation: str) -> None:
    assert check(ATTACHED, quotation).kind is Kind.SAME_WORDS


def test_a_dropped_not_differs_and_is_named() -> None:
    verdict = check(ATTACHED, "the U.S. had asked that the town close its old pier")

    assert verdict.kind is Kind.DIFFERS
    assert verdict.changes == (Change("", "not", "close"),)
    assert marked(verdict) == ["not"]
    assert verdict.written_marks == ()
    assert verdict.passages == ("ferry",)


def test_an_added_not_differs_and_is_named() -> None:
    verdict = check(ATTACHED, "the vote … was not a draw")

    assert (verdict.kind, verdict.changes) == (Kind.DIFFERS, (Change("not", "", "a"),))
    assert written(verdict) == ["not"]


@pytest.mark.parametrize(
    ("quotation", "wrote", "has"),
    [
        ("bought in the 1881-83 Salt War", "1881-83", "1871-73"),
        ("Neither the bishop nor the envoy are owners", "bishop", "mayor"),
        ("Captain Brisk greets Ada Qill on the pier", "Qill", "Quill"),
        ("is worth two billion crowns", "billion", "million"),
        ("誰も払うのか", "も", "が"),
    ],
)
def test_a_changed_number_name_or_letter_differs(quotation: str, wrote: str, has: str) -> None:
    verdict = check(ATTACHED, quotation)

    assert verdict.kind is Kind.DIFFERS
    assert [(change.wrote, change.has) for change in verdict.changes] == [(wrote, has)]
    assert (written(verdict), marked(verdict)) == ([wrote], [has])


def test_a_clipped_quotation_is_shown_in_its_sentence() -> None:
    verdict = check(ATTACHED, "close its old pier")

    assert verdict.kind is Kind.EXACT
    assert verdict.printed == "However, the U.S. had asked that the town not\xa0close its old pier."
    assert marked(verdict) == ["close its old pier"]
    assert verdict.span is not None
    assert TEXT[slice(*verdict.span)] == "close its old pier"
    assert verdict.sentences is not None
    assert TEXT[slice(*verdict.sentences)] == verdict.printed


@pytest.mark.parametrize("quotation", BOILERPLATE)
def test_what_stands_outside_the_passages_is_never_quoted(quotation: str) -> None:
    verdict = check(ATTACHED, quotation)

    assert verdict.kind is not Kind.EXACT
    assert verdict.kind is not Kind.SAME_WORDS
    assert quotation not in verdict.printed


@pytest.mark.parametrize(
    "quotation", ["", "  \n", "“”", "...", "\x00\x07", "The council of Norway sings", "of the", "lam"]
)
def test_what_is_not_there_is_not_found(quotation: str) -> None:
    verdict = check(with_text("The lamp and its glass were sold. Nobody asked."), quotation)

    assert verdict == Verdict(Kind.NOT_FOUND, verdict.written)


def test_control_characters_do_no_harm() -> None:
    assert check(ATTACHED, "nine\x00 delegates\x07").kind is Kind.EXACT


def test_a_shortened_quotation_is_verified_in_order_and_shows_what_it_left_out() -> None:
    verdict = check(ATTACHED, "the U.S. had asked [...] close its old pier")

    assert verdict.kind is Kind.EXACT
    assert verdict.left_out == ("that the town not",)
    assert marked(verdict) == ["the U.S. had asked", "close its old pier"]


@pytest.mark.parametrize("dots", ["...", "…", "[…]", "(...)", ". . .", "...."])
def test_an_ellipsis_may_be_written_in_many_ways(dots: str) -> None:
    assert check(ATTACHED, f"The town is asking {dots} the U.S. In short").left_out == ("for more of",)


def test_parts_from_two_passages_are_apart() -> None:
    verdict = check(ATTACHED, "nine delegates ... owners of the lamp")

    assert (verdict.kind, verdict.apart) == (Kind.DIFFERS, True)
    assert verdict.passages == ("ferry", "loan")
    assert marked(verdict) == ["nine delegates", "owners of the lamp"]


def test_parts_in_another_order_are_apart() -> None:
    assert check(ATTACHED, "owners of the lamp … at risk").apart


def test_a_wrong_word_in_a_shortened_quotation_differs() -> None:
    verdict = check(ATTACHED, "A loan would put ... the bishop nor the envoy")

    assert (verdict.kind, written(verdict), marked(verdict)) == (Kind.DIFFERS, ["bishop"], ["mayor"])


def test_a_quotation_may_run_over_two_passages_and_names_both() -> None:
    verdict = check(ATTACHED, "voted again this past week. 港町は灯台を守る".replace("voted", "vote"))

    assert (verdict.kind, verdict.runs_over, verdict.passages) == (Kind.EXACT, True, ("vote", "japanese"))
    assert verdict.printed == "They will vote again this past week.\n\n港町は灯台を守る。"


def test_a_quotation_that_runs_over_a_heading_is_not_exact_and_does_not_show_it() -> None:
    verdict = check(ATTACHED, "are owners of the lamp. The town is asking for more")

    assert (verdict.kind, verdict.runs_over, verdict.passages) == (Kind.SAME_WORDS, True, ("loan", "vote"))
    assert "Echoes" not in verdict.printed


def test_words_that_stand_in_several_passages_name_all_of_them() -> None:
    assert check(ATTACHED, "the lamp").passages == ("loan",)
    assert check(ATTACHED, "the U.S.").passages == ("ferry", "vote")


def test_without_a_copy_only_the_packs_quotations_can_be_compared() -> None:
    own = check(NOT_ATTACHED, "they only keep time")
    wrong = check(NOT_ATTACHED, "Neither the mayor nor the envoy are not owners of the lamp")

    assert (own.kind, own.passages, own.span) == (Kind.EXACT, ("saying",), None)
    assert check(NOT_ATTACHED, "THEY only keep time!").kind is Kind.SAME_WORDS
    assert (wrong.kind, wrong.changes) == (Kind.DIFFERS, (Change("not", "", "owners"),))


@pytest.mark.parametrize("quotation", ["nine delegates", "Tides keep no promises, they only keep time", "they keep"])
def test_without_a_copy_all_else_cannot_be_checked(quotation: str) -> None:
    assert check(NOT_ATTACHED, quotation).kind is Kind.UNCHECKABLE


@given(st.data())
def test_any_run_of_whole_words_is_exact(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(SPANS)))
    found = [word for word in tokens(TEXT, cjk=1) if SPANS[key][0] <= word.start < SPANS[key][1]]
    first = data.draw(st.integers(0, len(found) - 1))
    last = data.draw(st.integers(first, len(found) - 1))
    verdict = check(ATTACHED, TEXT[found[first].start : found[last].end])

    assert verdict.kind is Kind.EXACT
    assert key in verdict.passages


@given(st.data())
def test_changing_one_word_is_never_right(data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(WORDS) - 4))
    run = WORDS[first : data.draw(st.integers(first + 4, len(WORDS)))]
    at = data.draw(st.integers(1, len(run) - 2))
    other = data.draw(st.sampled_from(["not", "never", "Norway", "1873", run[at] + "x", *WORDS]))
    changed = data.draw(st.sampled_from([[], [other], [run[at], other], [other, run[at]]]))
    result = " ".join([*run[:at], *changed, *run[at + 1 :]])

    assert (check(ATTACHED, result).kind in (Kind.EXACT, Kind.SAME_WORDS)) == (
        _words(result) in _words(" ".join(WORDS))
    )


@given(st.data())
def test_other_punctuation_is_never_wrong(data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(WORDS) - 1))
    run = WORDS[first : data.draw(st.integers(first + 1, len(WORDS)))]
    change = data.draw(
        st.sampled_from([str.upper, str.title, lambda word: word + ",", lambda word: re.sub(r"\W$", "", word)])
    )
    glue = data.draw(st.sampled_from([" ", "\xa0", "  \n", " – "]))

    assert check(ATTACHED, "“" + glue.join(map(change, run)) + "”").kind in (Kind.EXACT, Kind.SAME_WORDS)


@given(st.text(max_size=80))
def test_any_input_gets_a_verdict(quotation: str) -> None:
    for reading in (ATTACHED, NOT_ATTACHED):
        verdict = check(reading, quotation)
        assert all(0 <= start < end <= len(verdict.printed) for start, end in verdict.printed_marks)
        assert all(0 <= start < end <= len(verdict.written) for start, end in verdict.written_marks)


def test_a_long_quotation_in_a_long_text_is_judged_in_a_moment() -> None:
    sentence = "The keeper of light {} rowed to island {} and found no oil there. "
    text = "".join(sentence.format(number, number * 7) for number in range(5000))
    reading = with_text(text)
    check(reading, "warm")
    quotation = text[100_000:106_000].partition(" ")[2].rpartition(" ")[0].replace("found no oil", "found oil", 1)
    began = time.perf_counter()
    verdict = check(reading, quotation)

    assert [change.has for change in verdict.changes] == ["no"]
    assert time.perf_counter() - began < 1  # measured at 0.05 s; a slow machine is no failure


def _words(text: str) -> str:
    return f" {' '.join(token.word for token in tokens(text, cjk=1))} "


def texts(about: str, *, attached: bool = True) -> list[str]:
    return [quotation.text for quotation in quotations_about(ATTACHED if attached else NOT_ATTACHED, about)]


def test_without_a_subject_the_packs_own_come_first_and_no_sentence_twice() -> None:
    found = quotations_about(ATTACHED, "")

    assert [quotation.speaker for quotation in found[:3]] == ["credited to Captain Orla Brisk", "the article", ""]
    assert found[2].text.startswith("The mayor’s ferry")
    assert sum("owners of the lamp" in quotation.text for quotation in found) == 1
    assert all(quotation.span and TEXT[slice(*quotation.span)] == quotation.text for quotation in found)


def test_a_passage_is_asked_for_by_its_number() -> None:
    assert {quotation.passage for quotation in quotations_about(ATTACHED, "¶2")} == {"saying", "photo"}
    assert {quotation.passage for quotation in quotations_about(ATTACHED, "passage 2 caption")} == {"photo"}
    assert texts("¶99") == []


def test_a_topics_name_or_alias_gives_its_passages_with_its_words_first() -> None:
    for name in ("lamp", "The Great Lamp", "Beacon"):
        found = quotations_about(ATTACHED, name)
        assert {quotation.passage for quotation in found} == {"loan", "japanese"}
        assert "lamp" in found[0].text
        assert "lamp" in found[1].text


def test_sentences_with_more_of_the_words_come_first() -> None:
    assert texts("the old piers") == [
        "However, the U.S. had asked that the town not\xa0close its old pier.",
        "Captain Brisk greets Ada Quill on the pier on March 3, 2011.",
    ]
    assert len(texts("harbour")) == 1
    assert len(texts("US")) == 3
    assert texts("灯台") == ["港町は灯台を守る。"]


def test_an_alias_finds_the_readings_own_name() -> None:
    assert texts("War of the Salters")[0].startswith("The rare-earth glass")


def test_a_sentence_that_holds_a_quotation_of_the_pack_names_its_speaker() -> None:
    assert quotations_about(ATTACHED, "promises")[0].speaker == "credited to Captain Orla Brisk"


def test_without_a_copy_only_the_packs_own_are_found() -> None:
    assert texts("lamp", attached=False) == ["Neither the mayor nor the envoy are owners of the lamp."]
    assert texts("", attached=False) == [
        "they only keep time",
        "Neither the mayor nor the envoy are owners of the lamp.",
    ]
    assert texts("pier", attached=False) == []


def test_a_quotation_of_the_pack_that_the_copy_does_not_have_is_left_out() -> None:
    assert quotations_about(with_text("Another text."), "")[0].text == "Another text."
