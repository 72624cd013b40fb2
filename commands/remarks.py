"""Remarks: "Save this remark" on a message, and /remarks for the list of those that the asker can read."""

from datetime import datetime

from bot.archive.events import Said
from bot.archive.remarks import Remark
from bot.asker import Place
from bot.command import command, message_action
from bot.cutting import clip
from bot.errors import BotError
from bot.grammar import line
from bot.reply import Button, FromMember, Note, Part, Reply
from bot.request import Request
from bot.words import markdown, verbatim
from commands.discuss import IN_DIRECT

MOST = 50
LONGEST = 600  # characters of a remark in the list
NONE = (
    "No remark that you can read is saved here. To save one, open the menu of a message and choose *Save this remark*."
)
OUT = "You chose not to be saved, so nothing can be kept in your name. `/privacy in` takes that back."
THEIRS_OUT = "Whoever wrote this chose not to be saved."


@message_action(label="Save this remark")
async def save_remark(request: Request, said: Said) -> Reply:
    """Keep one message, with its link."""
    privacy = request.archive.privacy
    if said.place.direct:
        raise BotError(IN_DIRECT)
    if privacy.is_out(said.place.platform, request.person.id):
        raise BotError(OUT, line="/privacy choice:in", label="Be saved again")
    if privacy.is_out(said.place.platform, said.author.id):
        raise BotError(THEIRS_OUT)
    if not await request.archive.remarks.save(said, request.person):
        raise BotError("You saved this remark before. `/remarks` lists them.", line="/remarks", label="Saved remarks")
    words = "The remark is saved; whoever can read it here finds it with `/remarks`."
    undo = Button("Undo", line("remarks", drop=f"{said.place.channel}/{said.id}"), once=True)
    return Reply(
        "Remark saved", (Note(markdown(words)),), buttons=(Button("Saved remarks", "/remarks"), undo), private=True
    )


@command(example="/remarks", private=True)
async def remarks(request: Request, drop: str = "") -> Reply:
    """The remarks that members saved, newest first.

    Args:
        drop: a remark of your own to keep no longer, as its button names it.
    """
    place = await request.venues.workspace_of(request.person, request.place)
    if drop:
        return await _dropped(request, place, drop)
    readable = await request.venues.readable(request.person, place)
    found = request.archive.remarks.find(place, readable, MOST + 1)
    if not found:
        return Reply("Saved remarks", (Note(markdown(NONE)),), private=True)
    more = f"The latest {MOST}" if len(found) > MOST else str(len(found))
    intro = Note(verbatim(f"{more} that you can read, newest first."))
    return Reply("Saved remarks", (intro, *(_part(request, one) for one in found[:MOST])), private=True)


async def _dropped(request: Request, place: Place, drop: str) -> Reply:
    channel, _, message = drop.partition("/")
    if not await request.archive.remarks.drop(place, channel, message, request.person):
        raise BotError("You have saved no such remark. `/remarks` lists them.", line="/remarks", label="Saved remarks")
    return Reply("Remark dropped", (Note(verbatim("It is your saved remark no longer.")),), private=True)


def _part(request: Request, remark: Remark) -> Part:
    link = request.venues.at(remark.place).link(remark.place, remark.message)
    when = datetime.fromisoformat(remark.written_at)
    return FromMember(verbatim(clip(remark.words, LONGEST)), remark.author, when, link, f"Saved by {remark.saved_by}")
