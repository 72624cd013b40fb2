import pytest

from bot.nearest import nearest_name

NAMES = ("kurils", "summary", "quote", "timeline", "check", "talks-since-2016")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kurlis", "kurils"),
        ("kuril", "kurils"),
        ("KURILS", "kurils"),
        ("qoute", "quote"),
        ("sumary", "summary"),
        ("talks since 2016", "talks-since-2016"),
    ],
)
def test_a_misspelt_name_finds_the_one_that_was_meant(typed: str, meant: str) -> None:
    assert nearest_name(typed, NAMES) == meant


@pytest.mark.parametrize("typed", ["", "  ", "canada", "x", "treaty"])
def test_nothing_is_suggested_where_nothing_is_near(typed: str) -> None:
    assert nearest_name(typed, NAMES) is None
    assert nearest_name("kurils", ()) is None
