"""/summary: the whole reading in three sentences, or point by point."""

from typing import Literal

from bot.cards import point_parts
from bot.command import command
from bot.reply import Button, Reply
from bot.request import Request


@command(example="/summary long")
async def summary(request: Request, length: Literal["short", "long"] = "short") -> Reply:
    """What the reading says, in short or point by point.

    Args:
        length: short for three sentences, long for the whole argument.
    """
    reading = request.reading
    points = reading.short_summary if length == "short" else reading.long_summary
    other = Button("Longer", "/summary length:long") if length == "short" else Button("Shorter", "/summary")
    buttons = (other, Button("Timeline", "/timeline"), Button("Topics", "/topics"), Button("Questions", "/questions"))
    return Reply(reading.title, point_parts(reading, points), reading.short_title, buttons=buttons)
