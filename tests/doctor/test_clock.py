"""What the doctor says of the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.doctor.clock import clock
from bot.doctor.finding import Part, State

DATE = "Mon, 09 Nov 2026 09:00:00 GMT"
NOON = datetime(2026, 11, 9, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "within 60 s"), (60, "within"), (-60, "within"), (61, "61 s ahead of"), (-90, "90 s behind"), (600, "10 min")],
)
def test_a_clock_more_than_a_minute_off_is_to_be_set(seconds: int, words: str) -> None:
    found = clock(Part("slack"), DATE, NOON + timedelta(seconds=seconds))

    assert words in found.words
    assert found.state is (State.OK if "within" in words else State.TO_DO)


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_an_answer_without_a_date_proves_nothing(date: str) -> None:
    assert clock(Part("slack"), date, NOON).state is State.NOT_CHECKED
