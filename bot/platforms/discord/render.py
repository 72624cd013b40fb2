"""Reply -> Discord's message payload: one embed for each voice, buttons below. Pure; within Discord's limits.

Embeds rather than Components V2: nothing in an embed can ping, each voice has its own accent and its own label, an
embed holds half as much again, and other tools that read a channel's history understand it.
Limits: https://discord.com/developers/docs/resources/message#embed-object-embed-limits
"""

import re
from functools import lru_cache
from typing import Any

from bot.archive.buttons import button_id
from bot.cutting import clip_units, units
from bot.paging import Budget, count_pages, page_of
from bot.platforms.discord.escape import escaped, link, markup, quote
from bot.readings.model import Picture
from bot.reply import Chart, FromBackground, FromMember, FromReading, Note, Part, Reply, Voice, quotation_marks, voiced

# A phone's screen or two. One embed may hold 4,096 units and a message 6,000; with title, labels and picture it stays
# under both.
BUDGET = Budget(characters=1900, parts=20, voices=8)
TITLE = 256
AUTHOR = 256
# What stands beside words comes cut already (`bot.overlong`); escaped, it may be twice as long.
HEADING = 400
CAPTION = 700
FOOTER = 400
ALT = 2000
NAME = 80
LABEL = 80
CUSTOM_ID = 100
PER_ROW = 5
SECONDARY = 2
BLANK = "\u200b"
COLOURS = {Voice.READING: 0x2B6CB0, Voice.BACKGROUND: 0xB7791F, Voice.MEMBER: 0x2F855A, Voice.BOT: 0x718096}
LABELS = {Voice.READING: "Reading", Voice.BACKGROUND: "Background", Voice.MEMBER: "Members"}


def render(reply: Reply) -> dict[str, Any]:
    """The payload of one message: embeds and components as Discord's API takes them, no mentions allowed.

    An embed with an `image` stands for the reply's picture, which is to be sent along under the name `picture_name`.
    """
    shown = page_of(reply, BUDGET, _cost)
    embeds = [_embed(voice, parts, shown) for voice, parts in voiced(shown.parts)] or [{"color": COLOURS[Voice.BOT]}]
    if shown.title:
        embeds[0]["title"] = _fitted(shown.title, TITLE)
    if shown.reading:
        embeds[0]["author"] = {"name": clip_units(f"Reading: {shown.reading}", AUTHOR)}
    if shown.picture:
        embeds.append(_picture_embed(shown.picture))
    return {"embeds": embeds, "components": _rows(shown), "allowed_mentions": {"parse": []}}


def pages(reply: Reply) -> int:
    """How many messages it takes to show all of the reply."""
    return count_pages(reply, BUDGET, _cost)


def picture_name(picture: Picture | Chart) -> str:
    """The name that a picture's file has on Discord, which changes names with other letters than these."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", picture.name)


def _cost(part: Part) -> int:
    return units(_shown(part)) + 2


def _embed(voice: Voice, parts: list[Part], reply: Reply) -> dict[str, Any]:
    corner = voice is Voice.READING and bool(reply.reading)
    label = [f"**{LABELS[voice]}**"] if voice in LABELS and not corner else []
    text = "\n".join((*label, "\n\n".join(map(_shown, parts))))
    return {"description": text if text.strip() else BLANK, "color": COLOURS[voice]}


def _picture_embed(picture: Picture | Chart) -> dict[str, Any]:
    """The picture, and what it shows in words: a screen reader may not be told the alt text of an embed's image."""
    image = {"url": f"attachment://{picture_name(picture)}"}
    if isinstance(picture, Chart):
        return {"description": _fitted(picture.alt, ALT) or BLANK, "image": image, "color": COLOURS[Voice.BOT]}
    return {
        "description": f"**{LABELS[Voice.BACKGROUND]}** {_fitted(picture.alt, ALT)}",
        "image": image,
        "footer": {"text": clip_units(f"Background: {picture.caption}", FOOTER)},
        "color": COLOURS[Voice.BACKGROUND],
    }


def _rows(reply: Reply) -> list[dict[str, Any]]:
    """The buttons in rows of five. Discord refuses a whole message for one id that is too long or there twice."""
    shown: dict[str, dict[str, Any]] = {}
    for button in reply.buttons:
        custom_id = button_id(button)
        if units(custom_id) <= CUSTOM_ID:
            label = clip_units(button.label, LABEL)
            shown.setdefault(custom_id, {"type": 2, "style": SECONDARY, "label": label, "custom_id": custom_id})
    buttons = list(shown.values())
    return [{"type": 1, "components": buttons[at : at + PER_ROW]} for at in range(0, len(buttons), PER_ROW)]


def _shown(part: Part) -> str:
    """A part in Discord's Markdown. What readings hold is remembered; what people write is not."""
    return _remembered(part) if isinstance(part, FromReading | FromBackground) else _part(part)


def _part(part: Part) -> str:
    heading = f"**{_fitted(part.heading, HEADING)}**\n" if part.heading.strip() else ""
    words = markup(part.words)
    match part:
        case FromReading(labels=labels) if part.words.quoted:
            before, after = quotation_marks(part.words)
            return f"{heading}{quote(f'{before}{words}{after}')}\n{_labels(labels)}"
        case FromReading(labels=labels):
            return f"{heading}{_labels(labels)} {words}"
        case FromBackground(source=source, date=date):
            return f"{heading}{words} *({_fitted(f'{source}, {date}', CAPTION)})*"
        case FromMember(name=name, when=when, link=address):
            opened = f" [Open]({target})" if (target := link(address)) else ""
            return f"{heading}**{_fitted(name, NAME) or 'a member'}**, <t:{int(when.timestamp())}:f>: {words}{opened}"
        case Note(labels=labels):
            return f"{heading}{words}" + (f" ({', '.join(map(escaped, labels))})" if labels else "")


_remembered = lru_cache(maxsize=1024)(_part)


def _labels(labels: tuple[str, ...]) -> str:
    return f"**{_fitted(' '.join(labels), CAPTION)}**" if labels else ""


def _fitted(text: str, longest: int) -> str:
    """Somebody's text on one line, escaped and cut so that it is at most so long once escaped."""
    text = clip_units(" ".join(text.split()), longest)
    while (over := units(shown := escaped(text)) - longest) > 0:
        text = clip_units(text, units(text) - max(1, over // 2))
    return shown
