"""A digest for reading elsewhere: as Markdown, HTML or JSON. Everybody's words are escaped."""

import base64
import dataclasses
import html
import json
from datetime import datetime

from bot.digest.building import Digest
from bot.reply import Chart, FromBackground, FromMember, FromReading, Part, Reply, Voice
from bot.words import literal

_LABELS = {Voice.READING: "Reading", Voice.BACKGROUND: "Background", Voice.MEMBER: "Member", Voice.BOT: ""}
_METAS = (
    '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
    '<meta name="color-scheme" content="light dark">\n'
)


def as_markdown(reply: Reply) -> str:
    """The card, a paragraph for each part."""
    return "\n\n".join([f"# {literal(reply.title)}", *(_paragraph(part) for part in reply.parts)]) + "\n"


def as_html(reply: Reply, chart: Chart | None = None) -> str:
    """The card as a page of its own, without scripts or anything from elsewhere; light or dark as its reader's machine.

    The page holds the chart, whose PNG has two pixels for each of the page's.
    """
    title, parts = html.escape(reply.title), "\n".join(map(_element, reply.parts))
    head = f'<!doctype html>\n<html lang="en">\n{_METAS}<title>{title}</title>\n'
    return f"{head}<h1>{title}</h1>\n{_image(chart) if chart else ''}{parts}\n</html>\n"


def as_json(digest: Digest) -> str:
    """Every line and number of the digest."""
    return json.dumps(dataclasses.asdict(digest), ensure_ascii=False, indent=2, default=_plain)


def _image(chart: Chart) -> str:
    data = base64.b64encode(chart.png).decode()
    looks = f'width="390" style="max-width: 100%" alt="{html.escape(chart.alt)}"'
    return f'<p><img src="data:image/png;base64,{data}" {looks}></p>\n'


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _paragraph(part: Part) -> str:
    heading = f"**{literal(part.heading)}**  \n" if part.heading else ""
    return f"{heading}{literal(_words(part))}{_where(part, markdown=True)}"


def _element(part: Part) -> str:
    heading = f"<h2>{html.escape(part.heading)}</h2>\n" if part.heading else ""
    label = f"<small>{_LABELS[part.voice]}</small> " if _LABELS[part.voice] else ""
    return f"{heading}<p>{label}{html.escape(_words(part))}{_where(part, markdown=False)}</p>"


def _words(part: Part) -> str:
    """The part on one line: whose it is, what it says, which passages it is about."""
    words = part.words.plain().replace("\n", " ")
    if isinstance(part, FromMember):
        return f"{part.name}: {words}"
    labels = () if isinstance(part, FromBackground) else part.labels
    about = f" ({', '.join(labels)})" if labels else ""
    quoted = isinstance(part, FromReading) and part.words.quoted
    return f"{'“' * quoted}{words}{'”' * quoted}{about}"


def _where(part: Part, *, markdown: bool) -> str:
    if not isinstance(part, FromMember) or not part.link.startswith(("https://", "http://")):
        return ""
    return f" [Open](<{part.link}>)" if markdown else f' <a href="{html.escape(part.link)}">Open</a>'
