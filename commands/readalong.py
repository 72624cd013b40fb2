"""/readalong: the one command that takes every line, wherever another's name is taken or can't be typed."""

from typing import Annotated

from bot.command import PROSE, command
from bot.reply import Reply
from bot.request import Request


@command(example="/readalong help")
async def readalong(request: Request, line: Annotated[str, PROSE] = "") -> Reply:
    """Any command or topic as one line: help, quote 3, kurils.

    Args:
        line: a command with its options, or a topic.
    """
    return await request.answer(line or "help")
