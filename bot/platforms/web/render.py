"""Reply -> what the local page draws: plain text in runs, each part with its voice. Pure."""

from base64 import b64encode
from pathlib import Path
from typing import Any

from bot.paging import Budget, page_of
from bot.readings.model import Picture
from bot.reply import (
    Button,
    Chart,
    File,
    FromBackground,
    FromMember,
    FromReading,
    Note,
    Part,
    Reply,
    quotation_marks,
    voiced,
)
from bot.times import stamp
from bot.words import Block, Words

BUDGET = Budget(characters=2500, parts=30, voices=12)  # two screens of a phone; the page itself has no limit


def render(reply: Reply, folder: Path) -> dict[str, Any]:
    """The payload of one reply. `folder` holds the readings; a picture's address starts there.

    `groups` are the parts of one voice that stand together: `voice` is "reading", "background", "member" or "bot"; each
    of its parts has `heading`, `blocks` of runs, what stands `before` and `after` them, and may be `quoted`.
    """
    shown = _page(reply)
    return {
        "title": shown.title,
        "reading": shown.reading,
        "private": shown.private,
        "refused": shown.refused,
        "groups": [
            {"voice": voice.value, "parts": [_part(part) for part in parts]} for voice, parts in voiced(shown.parts)
        ],
        "picture": _picture(shown.picture, folder) if shown.picture else None,
        "files": [_file(one) for one in shown.files],
        "buttons": [{"label": one.label, "public": one.public, "once": one.once} for one in shown.buttons],
    }


def numbered_button(reply: Reply, number: int) -> Button:
    """The button of this number, as `render` counts them from 0. Raises IndexError when there is none."""
    return _page(reply).buttons[number]


def _page(reply: Reply) -> Reply:
    return page_of(reply, BUDGET, lambda part: len(part.words.plain()) + len(part.heading))


def _part(part: Part) -> dict[str, Any]:
    made: dict[str, Any] = {"heading": part.heading, "blocks": _blocks(part.words), "quoted": part.words.quoted}
    match part:
        case FromReading(labels=labels):
            marks = quotation_marks(part.words) if part.words.quoted else ("", "")
            return made | {"before": " ".join(labels), "marks": marks}
        case FromBackground(source=source, date=date):
            return made | {"after": f"({source}, {date})"}
        case FromMember(name=name, when=when, link=link):
            return made | {"before": name or "A member", "when": stamp(when), "link": link}
        case Note(labels=labels):
            return made | {"after": f"({', '.join(labels)})" if labels else ""}


def _blocks(words: Words) -> list[dict[str, Any]]:
    return [{"bullet": block.bullet, "runs": _runs(block)} for block in words.blocks]


def _runs(block: Block) -> list[dict[str, Any]]:
    styles = ("bold", "italic", "code", "command", "url")
    return [
        {"text": run.text, **{style: value for style in styles if (value := getattr(run, style))}} for run in block.runs
    ]


def _file(file: File) -> dict[str, str | None]:
    """A file with its contents in base64, or None for one that was given before and is not kept."""
    return {"name": file.name, "kind": file.kind, "data": b64encode(file.data).decode() if file.data else None}


def _picture(picture: Picture | Chart, folder: Path) -> dict[str, str]:
    """A chart has no address, at which others might find it: it goes along with the reply, to whom that goes."""
    if isinstance(picture, Chart):
        src = f"data:image/png;base64,{b64encode(picture.png).decode()}"
    else:
        src = f"/pictures/{picture.file.relative_to(folder).as_posix()}"
    return {"src": src, "alt": picture.alt, "caption": picture.caption}
