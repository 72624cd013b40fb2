"""/privacy: what is held about the asker, and whether what they say is saved."""

from typing import Literal

from bot.archive.personal import personal
from bot.archive.privacy import Held
from bot.command import command
from bot.errors import BotError
from bot.grammar import line
from bot.reply import MOST_FILES, Button, File, Note, Reply
from bot.request import Request
from bot.times import now, stamp
from bot.words import literal, markdown

WHAT = (
    "Saved are the threads that members open with `/discuss`, the threads and channels that moderators mark, and "
    "single remarks that members save: each with its author, time, edits, deletion, reactions, and the names of its "
    "files. What is said between you and me alone is never saved. Whoever runs this bot can read all that is saved."
)
OUT_ALREADY = "You are not saved: nothing that you say is."
GOES = (
    "your messages with their earlier texts and the names of their files, your reactions, remarks that others saved of "
    "yours and that you saved, the titles of threads that you opened, and your name where others wrote `@{name}`"
)
ASK_OUT = (
    "From then on nothing that you say is saved anywhere here, and what was saved of you goes: {goes}. **It can't be "
    "undone**; `/privacy in` only saves again what you say from then on. Now that is {held}"
)
ASK_ERASE = (
    "What was saved of you goes, and nothing of it is read back: {goes}. **It can't be undone.** What you say from "
    "then on is saved as before. To have a copy first: `/privacy export`. Now that is {held}"
)
GONE = (
    "Nothing of it can be found from now on, and within an hour nothing of it is left in the file. Backups that the "
    "operator made keep what they hold until they expire; what others quoted of your words in theirs is theirs."
)
OUT = f"Nothing of yours is saved any more, and what was saved is gone. {GONE}"
ERASED = f"What was saved of you is gone; what you say from now on is saved. {GONE}"
IN = "What you say in saved discussions is saved from now on. What went does not come back."
NOTHING = "Nothing is held of you here."
EXPORT = "{held} It is in JSON, with times in UTC, for you alone."
TOO_MUCH = "There is more of you than fits into a message. Ask the operator for it: `readalong export` writes it whole."

Choice = Literal["", "out", "in", "export", "erase"]


@command(example="/privacy", private=True)
async def privacy(request: Request, choice: Choice = "", sure: Literal["", "yes", "no"] = "") -> Reply:
    """What is saved of you; have it, erase it, or be saved no longer.

    Args:
        choice: export gives you a copy, erase takes it away, out saves nothing more, in saves you again.
        sure: yes does it without asking first.
    """
    rules, platform, person = request.archive.privacy, request.place.platform, request.person.id
    is_out = rules.is_out(platform, person)
    held = await rules.held(platform, person)
    if choice in {"out", "erase"} and sure == "yes":
        await (rules.opt_out if choice == "out" else rules.erase)(platform, person)
        return _out() if choice == "out" else _reply("Erased", ERASED, _not_saved())
    if choice == "in" and is_out:
        await rules.opt_in(platform, person)
        return _reply("You are in", IN, _not_saved())
    if choice == "export" and not held.nothing:
        return await _export(request, held)
    if choice == "out" and not is_out:
        return _reply("Be saved no longer?", _asking(ASK_OUT, request, held), _sure("Forget me", "out"))
    if choice == "erase" and not held.nothing:
        return _reply("Erase what is held?", _asking(ASK_ERASE, request, held), _sure("Erase it", "erase"))
    said = OUT_ALREADY if is_out else NOTHING if held.nothing else f"Of you: {held.said}"
    have = () if held.nothing else (Button("Give me a copy", line("privacy", choice="export")), _erase())
    return _reply("What is saved", f"{WHAT}\n\n{said}", *have, _saved_again() if is_out else _not_saved())


async def _export(request: Request, held: Held) -> Reply:
    platform, person, at = request.place.platform, request.person.id, stamp(now())
    pieces = await request.archive.database.read(lambda db: personal(db, platform, person, at))
    if len(pieces) > MOST_FILES:
        raise BotError(TOO_MUCH)
    names = ["my-data.json"] if len(pieces) == 1 else [f"my-data-{number}.json" for number in range(1, len(pieces) + 1)]
    files = tuple(File(name, "application/json", data) for name, data in zip(names, pieces, strict=True))
    words = markdown(EXPORT.format(held=held.said))
    return Reply("What is held of you", (Note(words),), buttons=(_erase(),), private=True, files=files)


def _asking(words: str, request: Request, held: Held) -> str:
    return words.format(goes=GOES.format(name=literal(request.person.name)), held=held.said)


def _out() -> Reply:
    return _reply("You are out", OUT, _saved_again())


def _sure(label: str, choice: str) -> Button:
    return Button(label, line("privacy", choice=choice, sure="yes"), once=True)


def _erase() -> Button:
    return Button("Erase it", line("privacy", choice="erase"))


def _saved_again() -> Button:
    return Button("Be saved again", line("privacy", choice="in"))


def _not_saved() -> Button:
    return Button("Don't save me", line("privacy", choice="out"))


def _reply(title: str, words: str, *buttons: Button) -> Reply:
    return Reply(title, (Note(markdown(words)),), buttons=buttons, private=True)
