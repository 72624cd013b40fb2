"""What is held, and where the gaps are."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archive.coverage import Coverage, Interval, cover, extend, gaps, joined
from bot.archive.database import Database
from bot.archive.names import Names
from bot.times import stamp
from tests.archive.test_capture import KURILS, THREAD, at, said


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database.open(tmp_path / "a.db")
    yield made
    made.close()


def between(first: float, last: float) -> Interval:
    return Interval(stamp(at(first)), stamp(at(last)))


async def test_what_was_said_while_the_bot_was_away_is_a_gap_until_it_is_read(database: Database) -> None:
    coverage = Coverage(database)
    await coverage.listen([THREAD], at(0))
    heard = replace(said(place=THREAD), at=at(10))
    await database.write(lambda db: extend(db, Names(), [heard]))
    after_a_crash = Coverage(database)
    await after_a_crash.listen([THREAD], at(60))
    found = after_a_crash.of(THREAD)
    await database.write(lambda db: cover(db, Names(), THREAD, between(10, 40)))
    half = gaps(after_a_crash.of(THREAD))
    await database.write(lambda db: cover(db, Names(), THREAD, between(40, 60)))
    await after_a_crash.stopped([THREAD], at(70))

    assert gaps(found) == [(stamp(at(10)), stamp(at(60)))]
    assert [one.open for one in found] == [False, True]
    assert half == [(stamp(at(40)), stamp(at(60)))]
    assert after_a_crash.of(THREAD) == [Interval(stamp(at(0)), stamp(at(70)))]
    assert after_a_crash.of(KURILS) == []


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=12))
def test_joined_intervals_hold_the_same_moments_and_never_touch(spans: list[tuple[int, int]]) -> None:
    made = joined([Interval(f"{first:02}", f"{first + length:02}") for first, length in spans])
    held = {moment for first, length in spans for moment in range(first * 2, (first + length) * 2 + 1)}

    assert {moment for one in made for moment in range(int(one.first) * 2, int(one.last) * 2 + 1)} == held
    assert all(one.last < other.first for one, other in itertools.pairwise(made))
