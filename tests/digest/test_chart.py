"""The chart of a digest: its bars follow the numbers, its words say the same, and everybody can read it."""

import io
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from PIL import Image, ImageFont

from bot.archive.digest_rows import Window
from bot.digest.activity import Activity, activity
from bot.digest.building import Digest
from bot.digest.chart import (
    BAR,
    BOTTOM,
    GROUND,
    HEIGHT,
    QUIET_TEXT,
    SMALL,
    TEXT,
    TOP,
    WIDTH,
    as_png,
    bars,
    labels,
)
from bot.times import stamp

SINCE = datetime(2026, 11, 8, 3, 17, tzinfo=UTC)
DAY = timedelta(days=1)


def made(*minutes: float, zone: str = "Asia/Tokyo", since: datetime = SINCE, where: str = "") -> Activity:
    """The activity of a day in which messages were written so many minutes after its beginning."""
    times = [stamp(since + timedelta(minutes=one)) for one in minutes]
    window = Window(0, 0, since, since + DAY, by_time=True)
    digest = Digest(window, messages=len(times), people=min(len(times), 2), threads=min(len(times), 1))
    return activity(digest, times, zone, where)


def opened(*shown: Activity) -> Image.Image:
    return Image.open(io.BytesIO(as_png(shown)))


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""

    def light(colour: str) -> float:
        parts = [part / 255 for part in rgb(colour)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_it_is_a_png_at_twice_a_phones_width() -> None:
    data = as_png([made(1, 2, 200)])

    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert opened(made(1, 2, 200)).size == (WIDTH, HEIGHT) == (780, 460)
    assert len(data) < 100_000


def test_it_can_be_read_on_a_phone() -> None:
    assert SMALL * 344 / WIDTH >= 12
    assert min(contrast(TEXT, GROUND), contrast(QUIET_TEXT, GROUND)) >= 4.5
    assert contrast(BAR, GROUND) >= 3


def test_the_ground_is_its_own_so_that_light_and_dark_pages_are_alike() -> None:
    drawn = opened(made(1))

    assert drawn.mode == "RGB"
    assert {drawn.getpixel((x, y)) for x in (0, WIDTH - 1) for y in (0, HEIGHT - 1)} == {rgb(GROUND)}


def test_bars_are_as_high_as_their_hours_numbers() -> None:
    """Four messages in one hour, two in another, one in a third: the pixels of the bars are as 4 to 2 to 1."""
    shown = made(0, 1, 2, 3, 200, 201, 600)
    drawn = opened(shown)
    found = []
    for one, (left, _, right, _) in bars(shown):
        column = [drawn.getpixel(((left + right) // 2, y)) for y in range(TOP, BOTTOM + 1)]
        found.append((one.messages, column.count(rgb(BAR)) - 1))

    assert found == [(4, BOTTOM - TOP), (2, (BOTTOM - TOP) // 2), (1, (BOTTOM - TOP) // 4)]


def test_nothing_is_drawn_where_nobody_wrote() -> None:
    drawn = opened(made())

    assert rgb(BAR) not in {colour for _, colour in drawn.getcolors(WIDTH * HEIGHT) or []}
    assert made().alt == (
        "Bar chart. Messages per hour, 8 Nov 2026 12:17 to 9 Nov 2026 12:17, Asia/Tokyo: 0 messages by 0 people in "
        "0 threads."
    )


def test_the_words_have_every_number_of_the_picture() -> None:
    shown = made(0, 1, 2, 3, 200, 201, 800, 801, 802)

    assert shown.alt == (
        "Bar chart. Messages per hour, 8 Nov 2026 12:17 to 9 Nov 2026 12:17, Asia/Tokyo: 9 messages by 2 people in "
        "1 thread. On 8 Nov: 4 at 12:00, 2 at 15:00; on 9 Nov: 3 at 01:00. None in the other hours."
    )
    assert opened(shown).info["Description"] == shown.alt


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/Argentina/Buenos_Aires"])
def test_hours_are_whole_ones_on_the_groups_clock_and_hold_every_message(zone: str) -> None:
    shown = made(*range(0, 24 * 60, 7), zone=zone)

    assert {one.begins.minute for one in shown.spans} == {0}
    assert len(shown.spans) == 25
    assert sum(one.messages for one in shown.spans) == len(range(0, 24 * 60, 7))


@pytest.mark.parametrize(("day", "hours"), [(datetime(2026, 3, 8, 5, tzinfo=UTC), 23), (SINCE.replace(hour=5), 24)])
def test_a_day_with_a_changed_clock_has_the_hours_that_it_has(day: datetime, hours: int) -> None:
    """New York, from midnight to midnight: 23 hours on 8 March 2026."""
    day = day.replace(minute=0)
    shown = activity(Digest(Window(0, 0, day, day + hours * timedelta(hours=1), by_time=True)), [], "America/New_York")

    assert len(shown.spans) == hours
    assert shown.spans[0].begins.hour == 0
    assert shown.spans[-1].begins.hour == 23


def test_a_platforms_clock_may_be_ahead() -> None:
    shown = made(24 * 60 + 90)

    assert [one.messages for one in shown.spans][-1] == 1


def test_a_longer_time_is_counted_by_days_or_weeks_and_holds_every_message() -> None:
    by = {}
    for days in (2, 3, 70, 71, 500):
        times = [stamp(SINCE + timedelta(hours=hour)) for hour in range(days * 24)]
        window = Window(0, 0, SINCE, SINCE + days * DAY)
        shown = activity(Digest(window, messages=len(times)), times, "Australia/Lord_Howe")
        by[days] = shown.unit

        assert sum(one.messages for one in shown.spans) == len(times)
        assert shown.title == f"Messages per {shown.unit}"
        assert len(shown.spans) <= 74
    assert by == {2: "hour", 3: "day", 70: "day", 71: "week", 500: "week"}


def test_days_that_a_zone_does_not_have_are_none_and_others_begin_at_midnight() -> None:
    """Samoa had no 30 December 2011."""
    since = datetime(2011, 12, 28, 12, tzinfo=UTC)
    times = [stamp(since + timedelta(hours=hour)) for hour in range(96)]
    shown = activity(Digest(Window(0, 0, since, since + 4 * DAY), messages=96), times, "Pacific/Apia")

    assert [(one.day, one.messages) for one in shown.spans] == [
        ("28 Dec", 22), ("29 Dec", 24), ("31 Dec", 24), ("1 Jan", 24), ("2 Jan", 2)
    ]  # fmt: skip
    assert "22 on 28 Dec, 24 on 29 Dec, 24 on 31 Dec" in shown.alt


@pytest.mark.parametrize("days", [1, 2, 3, 14, 70, 400])
def test_what_stands_below_the_bars_never_touches(days: int) -> None:
    shown = activity(Digest(Window(0, 0, SINCE, SINCE + days * DAY)), [], "Asia/Tokyo")
    font = ImageFont.load_default(SMALL)
    assert isinstance(font, ImageFont.FreeTypeFont)
    found = [(at - font.getlength(label) / 2, at + font.getlength(label) / 2) for at, label in labels(shown, font)]

    assert len(found) >= 4
    assert all(left - right >= 12 for (_, right), (left, _) in pairwise(found))
    assert (found[0][0] >= 0, found[-1][1] <= WIDTH) == (True, True)


def test_several_workspaces_stand_one_below_the_other_and_long_names_fit() -> None:
    shown = [made(1, where="discord 1234567890123456789"), made(2, 3)]
    drawn = opened(*shown)

    assert drawn.size == (WIDTH, 2 * HEIGHT)
    assert {drawn.getpixel((WIDTH - 8, y)) for y in range(HEIGHT)} == {rgb(GROUND)}
    assert drawn.info["Description"] == f"{shown[0].alt} {shown[1].alt}"
