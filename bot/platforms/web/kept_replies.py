"""Replies as the local page keeps them: JSON beside the message that caused them."""

import json
from pathlib import Path

from bot.archive.local import LocalMessage
from bot.reply import Note, Reply
from bot.reply_json import of_json, to_json
from bot.words import markdown

UNREADABLE = Reply(
    "", (Note(markdown("This answer was kept by another version of Readalong and can't be shown. Ask again.")),)
)


def kept(reply: Reply | None, folder: Path) -> str:
    """The reply as it is kept; empty for none. Pictures are named from `folder`, which holds the readings."""
    return json.dumps(to_json(reply, folder)) if reply else ""


def reply_of(message: LocalMessage, folder: Path) -> Reply | None:
    """The bot's reply, if there is one; what can't be read any more says so and hides nothing else."""
    if not message.reply:
        return None
    try:
        return of_json(json.loads(message.reply), folder)
    except (LookupError, TypeError, ValueError):
        return UNREADABLE
