"""A Reply as JSON and back, each part with its voice: for those who read it elsewhere, and for keeping it."""

import dataclasses
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.readings.model import Picture
from bot.reply import Button, FromBackground, FromMember, FromReading, Note, Reply, Voice

_buttons = TypeAdapter(tuple[Button, ...])
_parts: dict[str, TypeAdapter[Any]] = {
    Voice.READING: TypeAdapter(FromReading),
    Voice.BACKGROUND: TypeAdapter(FromBackground),
    Voice.MEMBER: TypeAdapter(FromMember),
    Voice.BOT: TypeAdapter(Note),
}


def to_json(reply: Reply, folder: Path) -> dict[str, Any]:
    """The whole value as JSON types; the picture's file is named from `folder`, which holds the readings."""
    made = dataclasses.asdict(reply)
    for part, shown in zip(reply.parts, made["parts"], strict=True):
        shown["voice"] = part.voice.value
        if isinstance(part, FromMember):
            shown["when"] = part.when.isoformat()
    if reply.picture:
        made["picture"]["file"] = reply.picture.file.relative_to(folder).as_posix()
    return made


def of_json(made: dict[str, Any], folder: Path) -> Reply:
    """The Reply that `to_json` made this of. Raises ValueError or KeyError when nothing of ours made it."""
    picture = made["picture"] and Picture(**{**made["picture"], "file": folder / made["picture"]["file"]})
    parts = tuple(_parts[part["voice"]].validate_python(part) for part in made["parts"])
    return Reply(**{**made, "parts": parts, "picture": picture, "buttons": _buttons.validate_python(made["buttons"])})
