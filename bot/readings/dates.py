"""The dates and numbers that a text gives, as it prints them. "This past week" is no date, the 7 of G-7 no number."""

import re
from collections.abc import Iterator

from bot.values import value

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = rf"(?:{_MONTHS}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
_YEAR = r"(?:1\d{3}|20\d{2})"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_COUNTED = (
    r"people|men|women|troops|soldiers|ships|words|miles|kilomet(?:er|re)s|met(?:er|re)s|km|tons?|tonnes|dollars|yen"
)
_DATE = re.compile(
    rf"""(?P<day>\b{_MONTH}\s{_NTH}(?![\d,.]*\d{{3}})(?:[-–]\d{{1,2}})?(?:,?\s{_YEAR})?\b
        |\b(?:\d{{1,2}}[-–])?{_NTH}\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?(?!\w)
        |\b{_MONTH}\s{_NTH},?\s{_YEAR}\b
        |\b\d{{4}}-\d{{2}}-\d{{2}}\b
        |\d{{4}}年\d{{1,2}}月\d{{1,2}}日)
    |\b{_MONTH},?\s(?:of\s)?{_YEAR}\b|\d{{4}}年(?:\d{{1,2}}月)?
    |(?<![\w.,$€£¥-]){_YEAR}(?:[-–/](?:\d{{4}}|\d{{2}}))?(?:s\b)?(?![\w%]|[.,]\d|\s(?:{_COUNTED})\b)
    |\b(?:in|since|until|by|of|early|late|mid|last|next|this)[\s-](?P<month>{_MONTHS})\b(?!,?\s\d)""",
    re.VERBOSE,
)
_NUMBER_WORD = r"""(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen
    |seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion
    |trillion|dozen|half|twice|thrice)(?:s\b)?"""
_REFERRING = re.compile(rf"\b(?:the|these|those)\s+{_NUMBER_WORD}\b", re.IGNORECASE | re.VERBOSE)
_NUMBER = re.compile(
    rf"""(?<![\w.,-])[$€£¥]?\d+(?:[.,]\d+)*(?:\s?%|\sper\s?cent\b|\s(?:hundred|thousand|million|billion|trillion)\b)?(?![\w(-])
    |\b(?:(?:a|one)\s(?=hundred|thousand|million|billion|trillion|dozen|half))?
      {_NUMBER_WORD}(?:[\s-](?:and\s)?{_NUMBER_WORD})*\b""",
    re.VERBOSE | re.IGNORECASE,
)


@value
class Date:
    """A date as printed, and whether it names a day."""

    text: str
    day: bool

    def __str__(self) -> str:
        return self.text


def dates(text: str) -> list[Date]:
    """The days, months, years and ranges of years in a text, in order, each once."""
    found = [Date(match["month"] or match[0], match["day"] is not None) for match in _DATE.finditer(text)]
    return list(dict.fromkeys(found))


def numbers(text: str) -> list[str]:
    """The numbers in a text that are not dates, in digits or in words, each once.

    "One" is too often a pronoun, and "the two" or "both" refers to things named before; it does not count them.
    """
    found = _NUMBER.finditer(_REFERRING.sub(_blank, _without_dates(text)))
    return list(dict.fromkeys(match[0] for match in found))


def iso_date(written: str) -> Iterator[Date]:
    """A date of a reading's files (`1904/1905`, `2016-05-06`) as a date to show, or nothing where there is none."""
    if written:
        yield Date(written.replace("/", " to "), all(len(part) == len("2016-05-06") for part in written.split("/")))


def _without_dates(text: str) -> str:
    return _DATE.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return "·" * len(match[0])
