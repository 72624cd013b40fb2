"""Pages as stretches: together they hold everything once compared, and nothing that stands is taken for gone."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archive.capture import TOO_NEW
from bot.archive.events import Author, Said
from bot.asker import Place
from bot.platforms.slack.stretches import NewestFirst, OldestFirst, OutOfOrder
from bot.times import stamp
from bot.venue import Page

BEGAN = datetime(2026, 11, 9, tzinfo=UTC)
ASKED = BEGAN + timedelta(hours=2)
MICROSECONDS = st.lists(st.integers(0, 7_000_000_000), max_size=40, unique=True)


def said(moment: datetime) -> Said:
    return Said(Place("slack", "T1", "C1"), str(moment.timestamp()), Author("U1", ""), "", moment)


def pages(moments: list[datetime], size: int, *, newest_first: bool) -> list[Page]:
    """What history makes of these moments, so many on a page."""
    stretches = (NewestFirst if newest_first else OldestFirst)(BEGAN, ASKED)
    ordered = sorted(moments, reverse=newest_first)
    cut = [ordered[start : start + size] for start in range(0, len(ordered), size)] or [[]]
    last = len(cut) - 1
    return [
        stretches.page([said(one) for one in some], (), some, more=number < last) for number, some in enumerate(cut)
    ]


@given(MICROSECONDS, st.integers(1, 9), st.booleans())
def test_they_join_and_nothing_that_stands_is_missing(times: list[int], size: int, newest_first: bool) -> None:
    moments = [BEGAN + timedelta(microseconds=one) for one in times]
    made = pages(moments, size, newest_first=newest_first)
    in_order = sorted(made, key=lambda page: page.first)

    assert in_order[0].first == BEGAN
    assert max(page.last for page in made) == ASKED
    for before, after in itertools.pairwise(in_order):
        assert stamp(after.first) <= stamp(before.last)
    for page in made:
        there = {one.at for one in page.said}
        for moment in moments:
            if stamp(page.first) < stamp(moment) < stamp(page.last - TOO_NEW):
                assert moment in there


@given(MICROSECONDS, st.integers(1, 9), st.booleans())
def test_whatever_was_deleted_a_minute_ago_or_more_is_found_in_some_page(
    times: list[int], size: int, newest_first: bool
) -> None:
    made = pages([BEGAN + timedelta(microseconds=one) for one in times], size, newest_first=newest_first)
    for minutes in range(1, 119):
        gone = stamp(BEGAN + timedelta(minutes=minutes, milliseconds=1))
        assert any(stamp(page.first) < gone < stamp(page.last - TOO_NEW) for page in made)


@pytest.mark.parametrize("stretches", [NewestFirst(BEGAN, ASKED), OldestFirst(BEGAN, ASKED)])
def test_pages_that_do_not_follow_each_other_are_refused(stretches: NewestFirst | OldestFirst) -> None:
    one, other = BEGAN + timedelta(minutes=30), BEGAN + timedelta(minutes=60)
    first, second = (one, other) if isinstance(stretches, NewestFirst) else (other, one)
    stretches.page([said(first)], (), [first], more=True)

    with pytest.raises(OutOfOrder):
        stretches.page([said(second)], (), [second], more=False)


def test_an_empty_page_in_the_middle_is_none() -> None:
    for stretches in (NewestFirst(BEGAN, ASKED), OldestFirst(BEGAN, ASKED)):
        empty = stretches.page([], (), [], more=True)
        last = stretches.page([], (), [], more=False)
        assert empty.first == empty.last
        assert (last.first, last.last) == (BEGAN, ASKED)
