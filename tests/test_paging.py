from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.paging import Budget, page_of
from bot.reply import Button, FromBackground, FromReading, Note, Part, Reply
from bot.words import markdown, verbatim

BUDGET = Budget(characters=100, parts=4, voices=3)


def cost(part: Part) -> int:
    return len(part.words.plain())


def pages(reply: Reply) -> list[Reply]:
    found = [page_of(reply, BUDGET, cost)]
    while any(button.label.startswith("More") for button in found[-1].buttons):
        more = next(button for button in found[-1].buttons if button.label.startswith("More"))
        found.append(page_of(replace(reply, page=int(more.line.rpartition("page:")[2])), BUDGET, cost))
    return found


def test_a_reply_that_fits_is_left_as_it_is() -> None:
    reply = Reply("t", (Note(markdown("short")),), line="/about")

    assert page_of(reply, BUDGET, cost) is reply


def test_what_does_not_fit_is_said_and_reachable() -> None:
    parts = tuple(FromReading(markdown(f"Point {number}. " + "x" * 30), (f"¶{number}",)) for number in range(1, 10))
    first, *others = pages(Reply("t", parts, line="/summary length:long", buttons=(Button("Shorter", "/summary"),)))

    assert first.plain().endswith("Page 1 of 5.")
    assert first.buttons[0] == Button("More (2 of 5)", "/summary length:long page:2")
    assert first.buttons[1].label == "Shorter"
    assert [page.plain().splitlines()[-1] for page in others] == [f"Page {number} of 5." for number in (2, 3, 4, 5)]
    shown = "".join(page.plain() for page in (first, *others))
    assert all(f"Point {number}." in shown for number in range(1, 10))


def test_a_page_beyond_the_last_is_the_last() -> None:
    parts = tuple(Note(markdown("x" * 60)) for _ in range(3))

    assert page_of(Reply("t", parts, line="/x", page=99), BUDGET, cost).page == 3


def test_the_picture_stands_on_the_first_page_alone_and_voices_are_counted() -> None:
    parts = (
        Note(markdown("a")),
        FromReading(markdown("b"), ("¶1",)),
        Note(markdown("c")),
        FromBackground(markdown("d"), "s", "2020"),
    )
    first, second = pages(Reply("t", parts, line="/x"))

    assert [part.voice.value for part in first.parts] == ["bot", "reading", "bot", "bot"]
    assert [part.voice.value for part in second.parts] == ["background", "bot"]


@given(st.lists(st.text(alphabet="ab ¶\n界😀", min_size=1, max_size=400), min_size=1, max_size=6))
def test_whatever_a_reply_holds_every_page_fits_and_nothing_is_lost(texts: list[str]) -> None:
    parts = tuple(FromReading(verbatim(text), ("¶1",)) for text in texts)
    shown = pages(Reply("t", parts, line="/x"))
    pieces = [part for page in shown for part in page.parts if isinstance(part, FromReading)]

    assert all(cost(piece) <= BUDGET.characters for piece in pieces)
    assert "".join(piece.words.plain() for piece in pieces) == "".join(texts)
