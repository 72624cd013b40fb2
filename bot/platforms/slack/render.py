"""Reply -> Slack's message payload: rich text blocks, which interpret nothing. Pure; within Slack's limits.

Words go into `rich_text` elements of type `text`, where `<!channel>` and `*` are letters like any other; mrkdwn is not
used for anybody's words. Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

import re
from collections.abc import Iterable
from typing import Any

from bot.archive.buttons import button_id
from bot.cutting import clip_units, units
from bot.paging import Budget, count_pages, page_of
from bot.platforms.slack.prefix import put_on
from bot.readings.model import Picture
from bot.reply import (
    Button,
    Chart,
    FromBackground,
    FromMember,
    FromReading,
    Note,
    Part,
    Reply,
    Voice,
    quotation_marks,
    voiced,
)
from bot.words import Run, Words

BUDGET = Budget(characters=1900, parts=20, voices=8)  # a phone's screen or two; about 13,000 fit in a message
HEADER = 150
FALLBACK = 3000
ALT = 2000
LABEL = 75
VALUE = 2000
LONGEST_URL = 500  # a longer address is left out, and its words stay

# What stands beside words comes cut already (`bot.overlong`), so that a page always has room for the words themselves.
HEADING, LABELS, SOURCE, DATE, NAME, CONTEXT = 200, 210, 300, 60, 100, 400

Element = dict[str, Any]


def render(reply: Reply, *, prefix: str = "", pictures: dict[str, str] | None = None) -> Element:
    """The payload of one message: `text` for notifications and screen readers, and `blocks`.

    `prefix` stands before the names of commands in this workspace. `pictures` maps a picture file's name to the id
    under which it was uploaded; a picture without one is shown by its words.
    """
    shown = page_of(put_on(reply, prefix), BUDGET, _cost)
    blocks = [*_header(shown.title), *_body(shown.parts)]
    if shown.picture:
        blocks += _picture(shown.picture, (pictures or {}).get(shown.picture.name))
    if shown.reading:
        blocks.append(_context(f"Reading: {shown.reading}"))
    blocks += _actions(shown.buttons)
    # Slack reads `text` as mrkdwn even where blocks are shown, so nothing in it may have a meaning there.
    quiet = {"mrkdwn": False, "unfurl_links": False, "unfurl_media": False}
    return {"text": _fallback(shown.plain()), "blocks": blocks, **quiet}


def pages(reply: Reply, *, prefix: str = "") -> int:
    """How many messages it takes to show all of the reply."""
    return count_pages(put_on(reply, prefix), BUDGET, _cost)


def _cost(part: Part) -> int:
    return _weight(_rich(*_part(part)))


def _header(title: str) -> list[Element]:
    line = " ".join(title.split())
    return [{"type": "header", "text": _plain_text(clip_units(line, HEADER))}] if line else []


def _body(parts: Iterable[Part]) -> list[Element]:
    blocks: list[Element] = []
    for voice, together in voiced(parts):
        if voice is Voice.BACKGROUND:
            blocks += [{"type": "divider"}, _rich(_section([_text("Background", bold=True)]))]
        blocks += [_rich(*elements) for elements in map(_part, together) if elements]
    return blocks


def _part(part: Part) -> list[Element]:
    """The elements of a part's rich text; none when it has no words at all."""
    heading = clip_units(part.heading, HEADING)
    match part:
        case FromReading(words=words, labels=labels) if words.quoted:
            before, after = (([_text(mark)] if mark else []) for mark in quotation_marks(words))
            quote = {"type": "rich_text_quote", "elements": [*before, *_line(words), *after]}
            return [*_words(Words(()), heading), quote, _section([_text(_labels(labels), bold=True)])]
        case FromReading(words=words, labels=labels):
            return _words(words, heading, before=[_text(f"{_labels(labels)} ", bold=True)])
        case FromBackground(words=words, source=source, date=date):
            origin = f" ({clip_units(source, SOURCE)}, {clip_units(date, DATE)})"
            return _words(words, heading, after=[_text(origin, italic=True)])
        case FromMember(words=words, link=link):
            after = [_text(" "), _link("Open", link)] if _is_address(link) else []
            return _words(words, heading, before=_byline(part), after=after)
        case Note(words=words, labels=labels):
            after = [_text(f" ({clip_units(', '.join(labels), LABELS)})")] if labels else []
            return _words(words, heading, after=after)


def _byline(part: FromMember) -> list[Element]:
    name = clip_units(part.name, NAME) or "A member"
    when = {
        "type": "date",
        "timestamp": int(part.when.timestamp()),
        "format": "{date_short} {time}",
        "fallback": f"{part.when:%Y-%m-%d %H:%M %Z}",
    }
    return [_text(f"{name}, ", bold=True), when, _text(": ")]


def _words(words: Words, heading: str, before: Iterable[Element] = (), after: Iterable[Element] = ()) -> list[Element]:
    """Sections and lists: the heading, then the blocks, something before the first and after the last.

    Paragraphs share one section with line breaks between them, since Slack promises none between two sections.
    """
    lines = [(block.bullet, [_run(run) for run in block.runs if run.text]) for block in words.blocks] or [(False, [])]
    lines[0][1][:0] = before
    lines[-1][1].extend(after)
    made = [_section([_text(heading, bold=True)])] if heading else []
    for bullet, line in lines:
        if line:
            _append(made, line, bullet=bullet)
    return made


def _append(made: list[Element], line: list[Element], *, bullet: bool) -> None:
    last = made[-1]["type"] if made else ""
    if bullet and last == "rich_text_list":
        made[-1]["elements"].append(_section(line))
    elif bullet:
        made.append({"type": "rich_text_list", "style": "bullet", "elements": [_section(line)]})
    elif last == "rich_text_section":
        made[-1]["elements"] += [_text("\n"), *line]
    else:
        made.append(_section(line))


def _line(words: Words) -> list[Element]:
    runs: list[Element] = []
    for number, block in enumerate(words.blocks):
        runs += ([_text("\n")] if number else []) + [_run(run) for run in block.runs if run.text]
    return runs


def _run(run: Run) -> Element:
    if _is_address(run.url):
        return _link(run.text, run.url)
    return _text(run.text, bold=run.bold, italic=run.italic, code=run.code)


def _fallback(plain: str) -> str:
    """Plain text, escaped as https://docs.slack.dev/messaging/formatting-message-text asks, never cut in an escape."""
    escaped = plain.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") or "Readalong"
    return re.sub(r"&[a-z]*…$", "…", clip_units(escaped, FALLBACK))


def _labels(labels: tuple[str, ...]) -> str:
    return clip_units(" ".join(labels), LABELS) or "Reading"


def _is_address(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= LONGEST_URL


def _weight(element: Element) -> int:
    """The characters of an element and of all in it."""
    inside = sum(_weight(one) for one in element.get("elements", ()))
    return inside + sum(units(element.get(key, "")) for key in ("text", "url", "fallback"))


def _text(text: str, **style: bool) -> Element:
    on = {name: True for name, wanted in style.items() if wanted}
    return {"type": "text", "text": text, **({"style": on} if on else {})}


def _link(text: str, url: str) -> Element:
    return {"type": "link", "url": url, "text": text}


def _section(elements: list[Element]) -> Element:
    return {"type": "rich_text_section", "elements": elements}


def _rich(*elements: Element) -> Element:
    return {"type": "rich_text", "elements": list(elements)}


def _plain_text(text: str) -> Element:
    return {"type": "plain_text", "text": text, "emoji": False}


def _context(text: str) -> Element:
    return {"type": "context", "elements": [_plain_text(clip_units(text, CONTEXT))]}


def _picture(picture: Picture | Chart, uploaded: str | None) -> list[Element]:
    below = [] if isinstance(picture, Chart) else [_context(f"Background: {picture.caption}")]
    if uploaded:
        alt = clip_units(picture.alt, ALT) or "A picture"
        return [{"type": "image", "slack_file": {"id": uploaded}, "alt_text": alt}, *below]
    return [_rich(_section([_text(f"Picture: {clip_units(picture.alt, ALT)}")])), *below]


def _actions(buttons: Iterable[Button]) -> list[Element]:
    """One block of buttons. A value that Slack would refuse is left out: half a line is another line."""
    shown = [(clip_units(button.label, LABEL), button_id(button)) for button in buttons]
    elements = [
        {"type": "button", "action_id": f"readalong-{number}", "text": _plain_text(label), "value": value}
        for number, (label, value) in enumerate(shown)
        if len(value) <= VALUE
    ]
    return [{"type": "actions", "elements": elements}] if elements else []
