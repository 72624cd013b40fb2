"""A Reply as JSON and back, each part with its voice: for those who read it elsewhere, and for keeping it."""

import base64
import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.readings.model import Picture
from bot.reply import Button, Chart, File, FromBackground, FromMember, FromReading, Note, Part, Reply, Voice
from bot.words import Block, Run, Words

_PARTS: dict[str, type[Part]] = {
    Voice.READING: FromReading,
    Voice.BACKGROUND: FromBackground,
    Voice.MEMBER: FromMember,
    Voice.BOT: Note,
}


def to_json(reply: Reply, folder: Path) -> dict[str, Any]:
    """The whole value as JSON types; a picture's file is named from `folder`, which holds the readings.

    A chart's PNG is in it, as base64. What is in other files is left out: it is given once, to whoever asked.
    """
    made = dataclasses.asdict(dataclasses.replace(reply, files=()))
    made["files"] = [{"name": one.name, "kind": one.kind} for one in reply.files]
    for part, shown in zip(reply.parts, made["parts"], strict=True):
        shown["voice"] = part.voice.value
        if isinstance(part, FromMember):
            shown["when"] = part.when.isoformat()
    if isinstance(reply.picture, Chart):
        made["picture"]["png"] = base64.b64encode(reply.picture.png).decode()
    elif reply.picture:
        made["picture"]["file"] = reply.picture.file.relative_to(folder).as_posix()
    return made


def of_json(made: dict[str, Any], folder: Path) -> Reply:
    """The Reply that `to_json` made this of. Raises ValueError, TypeError or LookupError when nothing of ours did."""
    picture = made["picture"] and _picture(made["picture"], folder)
    buttons = tuple(Button(**button) for button in made["buttons"])
    files = tuple(File(**one, data=b"") for one in made.get("files", ()))
    parts = tuple(map(_part, made["parts"]))
    return Reply(**{**made, "parts": parts, "picture": picture, "buttons": buttons, "files": files})


def _picture(made: dict[str, Any], folder: Path) -> Picture | Chart:
    if "png" in made:
        return Chart(**{**made, "png": base64.b64decode(made["png"], validate=True)})
    return Picture(**{**made, "file": folder / made["file"]})


def _part(made: dict[str, Any]) -> Part:
    fields = {name: value for name, value in made.items() if name != "voice"} | {"words": _words(made["words"])}
    if "labels" in fields:
        fields["labels"] = tuple(fields["labels"])
    if "when" in fields:
        fields["when"] = datetime.fromisoformat(fields["when"])
    return _PARTS[made["voice"]](**fields)


def _words(made: dict[str, Any]) -> Words:
    blocks = (Block(tuple(Run(**run) for run in block["runs"]), block["bullet"]) for block in made["blocks"])
    return Words(tuple(blocks), made["quoted"])
