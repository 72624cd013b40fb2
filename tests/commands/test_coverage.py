"""/coverage says what is held of a place, what is missing, and what was not looked at again."""

import pytest

from bot.archive.coverage import Held, Interval
from bot.archive.discussions import BEGINNING
from bot.asker import Place
from bot.times import stamp
from commands.coverage import _said

PLACE = Place("discord", "1", "10", "77")
FIRST = stamp(BEGINNING)


def day(number: int) -> str:
    return f"2026-11-{number:02}T09:00:00.000Z"


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ((), ["Nothing of it has been read yet."]),
        ((Interval(FIRST, day(9), open=True),), ["Held from its beginning to now; listening.", "Last read back"]),
        ((Interval(day(2), day(9)),), ["Held from 2 Nov 2026 09:00 to 9 Nov 2026 09:00."]),
        ((Interval(day(2), day(3)), Interval(day(5), day(9))), ["Missing: 3 Nov 2026 09:00 to 5 Nov 2026 09:00."]),
        (tuple(Interval(day(at), day(at)) for at in range(1, 8)), ["Missing: 3 Nov", "3 more gaps."]),
    ],
)
def test_it_says_what_is_held_and_what_is_missing(held: tuple[Interval, ...], said: list[str]) -> None:
    words = " ".join(_said(Held(PLACE, "A title", held, day(9), FIRST), "UTC"))

    assert all(one in words for one in said), words
    assert "Not re-checked" not in words


def test_it_says_what_was_not_re_checked() -> None:
    held = (Interval(FIRST, day(30), open=True),)
    since = " ".join(_said(Held(PLACE, "A title", held, day(30), day(16)), "UTC"))
    never = " ".join(_said(Held(PLACE, "A title", held), "UTC"))

    assert "Not re-checked: edits and deletions of what was written before 16 Nov 2026 09:00." in since
    assert "Not read back yet." in never
