import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import PROSE, Command
from bot.errors import Misused
from bot.grammar import line, parse, split_name, split_page
from bot.words import clean, markdown
from commands.ask import ask
from commands.check import check
from commands.passage import passage
from commands.questions import questions
from commands.quote import quote
from commands.summary import summary
from commands.timeline import timeline


@pytest.mark.parametrize(
    ("command", "text", "arguments"),
    [
        (quote, "", {"about": "", "number": 1}),
        (quote, "peace treaty", {"about": "peace treaty", "number": 1}),
        (quote, "peace treaty 2", {"about": "peace treaty", "number": 2}),
        (quote, "2 peace treaty", {"about": "peace treaty", "number": 2}),
        (quote, 'number:2 about:"peace treaty"', {"about": "peace treaty", "number": 2}),
        (quote, "about: peace number: 2", {"about": "peace", "number": 2}),
        (quote, "about:“peace treaty”", {"about": "peace treaty", "number": 1}),
        (quote, '"1956 clause" 3', {"about": "1956 clause", "number": 3}),
        (quote, '"7"', {"about": "7", "number": 1}),
        (quote, "NUMBER:2", {"about": "", "number": 2}),
        (quote, "https://example.org/a:b", {"about": "https://example.org/a:b", "number": 1}),
        (quote, "¶7", {"about": "¶7", "number": 1}),
        (summary, "LONG", {"length": "long"}),
        (timeline, "1956", {"about": "1956"}),
        (passage, "¶3", {"number": 3, "show": ""}),
        (passage, "#3", {"number": 3, "show": ""}),
        (ask, "what: is it 5 or 6?", {"question": "what: is it 5 or 6?"}),
        (ask, 'question:"what is it?"', {"question": "what is it?"}),
        (ask, "question: what is it?", {"question": "what is it?"}),
        (ask, "What is question: who?", {"question": "What is question: who?"}),
        (check, 'he said quotation: "x" and more', {"quotation": 'he said quotation: "x" and more'}),
        (quote, "„peace treaty“ 2", {"about": "peace treaty", "number": 2}),
        (quote, "«peace treaty» 2", {"about": "peace treaty", "number": 2}),
        (quote, "about:", {"about": "", "number": 1}),
        (check, "“no permanent friends”", {"quotation": "no permanent friends"}),
        (check, 'he said "yes" and "no"', {"quotation": 'he said "yes" and "no"'}),
    ],
)
def test_typed_text_is_read(command: Command, text: str, arguments: dict[str, object]) -> None:
    assert parse(command, text).arguments == arguments


@pytest.mark.parametrize(
    ("command", "text", "says"),
    [
        (passage, "", "needs its number, for example"),
        (passage, "three", "whole number from 1 to 9999"),
        (passage, "0", "whole number from 1"),
        (passage, "99999", "whole number from 1"),
        (passage, "3 4", "takes one number"),
        (passage, "number:3 number:4", "given twice"),
        (quote, "number:-1", "whole number"),
        (quote, "numbre:2", "Did you mean number:?"),
        (quote, "colour:red", "It takes: about, number."),
        (questions, "please", "takes no options"),
        (summary, "medium", "length is short or long"),
        (ask, "", "needs its question"),
        (ask, '""', "needs its question"),
        (quote, "x" * 301, "at most 300 characters; yours has 301"),
        (check, "x" * 6001, "at most 6,000 characters; yours has 6,001"),
    ],
)
def test_a_line_that_cannot_be_understood_gets_a_sentence_that_says_what_is_right(
    command: Command, text: str, says: str
) -> None:
    with pytest.raises(Misused) as raised:
        parse(command, text)

    assert says in markdown(raised.value.words).plain()


def test_names_and_pages_are_split_off() -> None:
    assert split_name("/Quote  peace") == ("quote", "peace")
    assert split_name("kurils") == ("kurils", "")
    assert split_name("/ask\nWhat?") == ("ask", "What?")
    assert split_name("  ") == ("", "")
    assert split_page("/timeline about:war page:3") == ("/timeline about:war", 3)
    assert split_page("/timeline page:0") == ("/timeline", 1)
    assert split_page("/ask what is page:x") == ("/ask what is page:x", 1)


def test_control_characters_and_direction_marks_are_taken_out() -> None:
    assert clean("a\x00b\x1b[31m\u202ec\ud800") == "a b [31mc"


@given(about=st.text(min_size=1, max_size=300), number=st.integers(1, 9999))
def test_a_line_in_canonical_form_reads_back_as_the_same_call(about: str, number: int) -> None:
    wanted = clean(about)
    if not wanted:
        return
    call = parse(quote, line("quote", about=wanted, number=number).removeprefix("/quote"))

    assert call.arguments == {"about": wanted, "number": number}
    assert parse(quote, call.line.removeprefix("/quote")) == call


@given(text=st.text(max_size=400))
def test_whatever_is_typed_is_read_or_answered_with_a_sentence(text: str) -> None:
    for command in (quote, passage, summary, ask, questions):
        with contextlib.suppress(Misused):
            assert set(parse(command, text).arguments) == {option.name for option in command.options}


@given(question=st.text(min_size=1, max_size=500))
def test_prose_in_canonical_form_reads_back_letter_for_letter(question: str) -> None:
    wanted = clean(question)
    if not wanted:
        return

    assert ask.option(PROSE)
    assert parse(ask, line("ask", question=wanted).removeprefix("/ask")).arguments == {"question": wanted}
