"""/privacy: what is held about the asker, and whether what they say is saved."""

from typing import Literal

from bot.command import command
from bot.grammar import line
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import markdown

WHAT = (
    "Saved are the threads that members open with `/discuss`, the threads and channels that moderators mark, and "
    "single remarks that members save: each with its author, time, edits, deletion, reactions, and the names of its "
    "files. What is said between you and me alone is never saved. Whoever runs this bot can read all that is saved."
)
OUT_ALREADY = "You are not saved: nothing that you say is."
ASK = (
    "From then on nothing that you say is saved anywhere here, and what was saved of you goes: your messages with "
    "their earlier texts, your reactions, remarks that others saved of yours, and the titles of threads that you "
    "opened. **It can't be undone**; `/privacy in` only saves again what you say from then on."
)
OUT = (
    "Nothing of yours is saved any more, and what was saved is gone. Backups that the operator made keep what they "
    "hold until they expire."
)
IN = "What you say in saved discussions is saved from now on. What went does not come back."


@command(example="/privacy", private=True)
async def privacy(
    request: Request, choice: Literal["", "out", "in"] = "", sure: Literal["", "yes", "no"] = ""
) -> Reply:
    """What is saved of you, and whether anything is.

    Args:
        choice: out saves nothing of you any more, in saves you again; left out, it shows what is held.
        sure: yes does it without asking first.
    """
    rules, platform, person = request.archive.privacy, request.place.platform, request.person
    is_out = rules.is_out(platform, person.id)
    if choice == "out" and sure == "yes":
        await rules.opt_out(platform, person)
        return _reply("You are out", OUT, Button("Be saved again", line("privacy", choice="in")))
    if choice == "in" and is_out:
        await rules.opt_in(platform, person)
        return _reply("You are in", IN, _ask())
    if choice == "out" and not is_out:
        return _reply(
            "Be saved no longer?", ASK, Button("Forget me", line("privacy", choice="out", sure="yes"), once=True)
        )
    held = rules.held(platform, person)
    counts = f"Of you: {held.messages:,} messages, {held.reactions:,} reactions, {held.remarks:,} saved remarks."
    words = f"{WHAT}\n\n{OUT_ALREADY if is_out else counts}"
    return _reply("What is saved", words, Button("Be saved again", line("privacy", choice="in")) if is_out else _ask())


def _ask() -> Button:
    return Button("Don't save me", line("privacy", choice="out"))


def _reply(title: str, words: str, *buttons: Button) -> Reply:
    return Reply(title, (Note(markdown(words)),), buttons=buttons, private=True)
