"""/settings: what somebody chose for themselves in this workspace."""

from typing import Literal

from bot.command import command
from bot.errors import BotError
from bot.grammar import line
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import markdown

SHOWN = {
    "everyone": "The answers to you in channels are shown to **everybody** there.",
    "me": "The answers to you in channels are shown to **you alone**; *Share with the channel* posts one for all.",
}
OTHERS = {
    "everyone": Button("Show them to me alone", line("settings", answers="me")),
    "me": Button("Show them to everybody", line("settings", answers="everyone")),
}


@command(example="/settings everyone", private=True)
async def settings(request: Request, answers: Literal["", "everyone", "me"] = "") -> Reply:
    """Your own settings: who sees the answers to you in channels.

    Args:
        answers: who sees the answers to you in channels: everyone, or only me; left out, it shows what is set.
    """
    if not request.place.workspace:
        raise BotError("Your settings are kept for each server. Type this in a channel of the server that you mean.")
    before = "me" if request.settings.answers_for_one(request.person, request.place) else "everyone"
    if answers in {"", before}:
        return _reply("Your settings", before, OTHERS[before])
    await request.settings.show_answers(request.person, request.place, for_one=answers == "me")
    return _reply("Setting changed", answers, Button("Undo", line("settings", answers=before), once=True))


def _reply(title: str, answers: str, button: Button) -> Reply:
    return Reply(title, (Note(markdown(SHOWN[answers]), heading="Answers"),), buttons=(button,), private=True)
