import pytest

from bot.readings.dates import dates, numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on March 3, 2011", ["March 3, 2011*"]),
        ("on 3 March 2011 and 26-27 May 2016", ["3 March 2011*", "26-27 May 2016*"]),
        ("the 1871-73 war, in 1899, the 1990s", ["1871-73", "1899", "1990s"]),
        ("in May 2016 and in August", ["May 2016", "August"]),
        ("2016-05-06 and 2016年5月6日", ["2016-05-06*", "2016年5月6日*"]),
        ("this past week; they may 2 or 3; 1500 troops, 1,900 and $1900", []),
    ],
)
def test_days_months_years_and_ranges_are_dates_as_printed(text: str, found: list[str]) -> None:
    assert [date.text + "*" * date.day for date in dates(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nine delegates, twenty-five ships and one of them", ["nine", "twenty-five"]),
        ("1,500 troops, 45% of $3.5 billion", ["1,500", "45%", "$3.5 billion"]),
        ("the G-7 on March 3, 2011, in 1899 and Article 2(c)", []),
    ],
)
def test_numbers_are_neither_dates_nor_parts_of_names(text: str, found: list[str]) -> None:
    assert numbers(text) == found
