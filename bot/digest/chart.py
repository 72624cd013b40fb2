"""A digest's chart as a PNG, drawn by Pillow: the optional extra [pictures]. Import it only where it is drawn.

It is drawn at twice the width of a phone's screen, on a ground of its own, so that it reads the same on a light and on
a dark page. Nobody's words are in it: the font that comes with Pillow has Latin letters only.
"""

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from bot.digest.activity import Activity, Span, Unit

WIDTH, HEIGHT, EDGE = 780, 460, 24
LEFT, RIGHT, TOP, BOTTOM = 108, 756, 196, 372
# In pixels of the file: nothing is under 12 on a phone of 360, whose page leaves the picture 344
LARGE, SMALL = 36, 28
# Of WCAG 2.2: text has 4.5:1 or more to the ground, a bar 3:1 or more (1.4.3, 1.4.11)
GROUND, TEXT, QUIET_TEXT, BAR, GRID = "#1d222b", "#f4f6fa", "#c3cad6", "#6cb8ff", "#4a5363"
GAP, APART = 4, 16
MOST_GRID_LINES = 5
EVERY = 6


def as_png(activities: Sequence[Activity]) -> bytes:
    """A PNG of these charts, one below the other, with their words as its description."""
    drawn = Image.new("RGB", (WIDTH, HEIGHT * len(activities)), GROUND)
    for number, one in enumerate(activities):
        drawn.paste(_chart(one), (0, HEIGHT * number))
    about = PngInfo()
    about.add_itxt("Description", " ".join(one.alt for one in activities))
    made = io.BytesIO()
    drawn.save(made, "PNG", optimize=True, pnginfo=about)
    return made.getvalue()


def bars(activity: Activity) -> Iterator[tuple[Span, tuple[int, int, int, int]]]:
    """Each span with the first and last pixel of its bar, as left, top, right, bottom; empty ones have none."""
    edges = [LEFT + (RIGHT - LEFT) * number // len(activity.spans) for number in range(len(activity.spans) + 1)]
    for one, (left, right) in zip(activity.spans, pairwise(edges), strict=True):
        if one.messages:
            yield one, (left + GAP // 2, _height(activity, one.messages), max(right - 1 - GAP // 2, left + 1), BOTTOM)


def labels(activity: Activity, font: ImageFont.FreeTypeFont) -> Iterator[tuple[int, str]]:
    """What stands below the bars, each with the pixel of its middle; what would touch the one before is left out."""
    width = (RIGHT - LEFT) // len(activity.spans)
    free = 0.0
    for number, one in enumerate(activity.spans):
        by_hours = activity.unit is Unit.HOUR
        at = LEFT + (RIGHT - LEFT) * number // len(activity.spans) + (0 if by_hours else width // 2)
        label = f"{one.begins:%H:%M}" if by_hours else one.day
        half = font.getlength(label) / 2
        if at - half >= free and at + half <= WIDTH and (not by_hours or one.begins.hour % EVERY == 0):
            free = at + half + APART
            yield at, label


def _chart(activity: Activity) -> Image.Image:
    drawn = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    pen = ImageDraw.Draw(drawn)
    large, small = _font(LARGE), _font(SMALL)
    title = large if large.getlength(activity.title) <= RIGHT - EDGE else small
    pen.text((EDGE, 22), activity.title, TEXT, title)
    pen.text((EDGE, 76), activity.totals, TEXT, small)
    pen.text((EDGE, 114), activity.range, QUIET_TEXT, small)
    for number in range(0, activity.most + 1, _step(activity.most)):
        height = _height(activity, number)
        pen.line((LEFT, height, RIGHT, height), GRID, 2)
        pen.text((LEFT - 14, height), f"{number:,}", QUIET_TEXT, small, anchor="rm")
    for _, box in bars(activity):
        pen.rectangle(box, BAR)
    for at, label in labels(activity, small):
        pen.line((at, BOTTOM, at, BOTTOM + 10), QUIET_TEXT, 2)
        pen.text((at, BOTTOM + 30), label, QUIET_TEXT, small, anchor="mm")
    pen.text((RIGHT, HEIGHT - 22), activity.zone, QUIET_TEXT, small, anchor="rm")
    return drawn


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101 - any size but Pillow's own comes from an outline
    return font


def _height(activity: Activity, messages: int) -> int:
    """Where a bar of so many messages ends."""
    return BOTTOM - (BOTTOM - TOP) * messages // max(activity.most, 1)


def _step(most: int) -> int:
    """A round number that is at most so many times in `most`: 1, 2 or 5, or one of them with zeros."""
    steps = (digit * int(10**zeros) for zeros in range(12) for digit in (1, 2, 5))
    return next(step for step in steps if most // step <= MOST_GRID_LINES - 1)
