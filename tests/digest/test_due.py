"""When a digest is due: once on each local date, whatever the clock does."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.archive.schedules import Schedule
from bot.asker import Place
from bot.digest.due import CATCH_UP, OVERTAKEN, TOO_LATE, due, instant, next_due
from bot.weekdays import days_called, say_days

PLACE = Place("discord", "1", "10")
EVERY_DAY = frozenset(range(7))
ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo")


def schedule(at: str = "09:00", zone: str = "Asia/Tokyo", made: str = "2026-01-01T00:00:00+00:00") -> Schedule:
    return Schedule(PLACE, time.fromisoformat(at), zone, EVERY_DAY, made_at=datetime.fromisoformat(made))


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        ("2026-11-09", "09:00", "Asia/Tokyo", "2026-11-09T00:00:00+00:00"),
        ("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30:00+00:00"),  # the first of two
        ("2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:00:00+00:00"),  # 03:00, the first after the gap
        ("2026-03-08", "02:30", "America/New_York", "2026-03-08T07:00:00+00:00"),
        ("2026-10-04", "02:10", "Australia/Lord_Howe", "2026-10-03T15:30:00+00:00"),  # a gap of half an hour
        ("2026-04-05", "01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00+00:00"),  # the first of two
        ("2018-11-04", "00:30", "America/Sao_Paulo", "2018-11-04T03:00:00+00:00"),  # a day without a midnight
        ("2011-12-29", "09:00", "Pacific/Apia", "2011-12-29T19:00:00+00:00"),
        ("2011-12-31", "09:00", "Pacific/Apia", "2011-12-30T19:00:00+00:00"),
    ],
)
def test_a_wall_clock_time_is_one_instant(day: str, at: str, zone: str, expected: str) -> None:
    found = instant(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))

    assert found == datetime.fromisoformat(expected)


def test_a_local_date_that_there_was_not_is_never_due() -> None:
    assert instant(date(2011, 12, 30), time(9), ZoneInfo("Pacific/Apia")) is None


@settings(deadline=None)
@given(
    st.dates(date(2000, 1, 1), date(2037, 12, 30)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES),
)
def test_it_is_the_first_instant_at_which_the_clock_shows_that_time_or_later(day: date, at: time, zone: str) -> None:
    where, wall = ZoneInfo(zone), datetime.combine(day, at)
    found = instant(day, at, where)
    if found is None:
        return
    before = found - timedelta(seconds=1)

    assert found.astimezone(where).replace(tzinfo=None) >= wall
    assert before.astimezone(where).replace(tzinfo=None) < wall


def test_after_a_time_away_the_last_is_caught_up_and_the_others_are_skipped_with_their_reason() -> None:
    now = datetime(2026, 11, 12, 2, tzinfo=UTC)
    found = due(schedule(), {date(2026, 11, 9)}, now)
    since = [one for one in found if one.day > date(2026, 11, 9)]

    assert [(one.day.day, one.skip) for one in since] == [(10, TOO_LATE), (11, TOO_LATE), (12, "")]


def test_more_than_twelve_hours_late_it_is_skipped() -> None:
    at = datetime(2026, 11, 9, tzinfo=UTC)
    one = schedule(made="2026-11-08T12:00:00+00:00")

    assert [each.skip for each in due(one, (), at + CATCH_UP)] == [""]
    assert [each.skip for each in due(one, (), at + CATCH_UP + timedelta(seconds=1))] == [TOO_LATE]


def test_two_that_are_both_due_within_twelve_hours_are_one() -> None:
    """As when a schedule's zone is changed: the earlier one's messages fall into the later."""
    one = schedule("23:00", "America/New_York", "2026-03-07T12:00:00+00:00")
    late = schedule("23:00", "America/New_York", "2026-03-07T12:00:00+00:00")
    found = due(late, (), datetime(2026, 3, 9, 3, 30, tzinfo=UTC))

    assert due(one, (), datetime(2026, 3, 8, 4, tzinfo=UTC))[0].skip == ""
    assert {each.skip for each in found} <= {"", TOO_LATE, OVERTAKEN}
    assert sum(not each.skip for each in found) == 1


def test_before_it_was_made_nothing_is_due() -> None:
    one = schedule(made="2026-11-09T00:00:01+00:00")

    assert due(one, (), datetime(2026, 11, 9, 12, tzinfo=UTC)) == []
    assert next_due(one, datetime(2026, 11, 9, 12, tzinfo=UTC)) == datetime(2026, 11, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "days", "said"),
    [
        ("mon-fri", range(5), "mon-fri"),
        ("Sat, Sun", (5, 6), "sat, sun"),
        ("fri-mon", (4, 5, 6, 0), "mon, fri, sat, sun"),
        ("daily", range(7), "every day"),
        ("", range(7), "every day"),
        ("Tuesday,thu", (1, 3), "tue, thu"),
    ],
)
def test_weekdays_are_understood_and_said(text: str, days: range, said: str) -> None:
    assert days_called(text) == frozenset(days)
    assert say_days(frozenset(days)) == said


@pytest.mark.parametrize("text", ["someday", "m", "mon-fry", "1-5", "-"])
def test_what_names_no_weekday_is_none(text: str) -> None:
    assert days_called(text) is None
