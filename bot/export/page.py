"""An export as one HTML file: no script, nothing from elsewhere, light or dark, and fit to be printed."""

import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.export.sections import Message, Section
from bot.words import clean

STYLE = Path(__file__).with_name("page.css")
_HEAD = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def as_html(title: str, summary: str, sections: Iterator[Section]) -> Iterator[str]:
    """The page, piece by piece: a heading, a sentence on what it is, and each discussion as a section."""
    yield f"{_HEAD}<title>{_text(title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
    yield f"<header>\n<h1>{_text(title)}</h1>\n<p>{_text(summary)}</p>\n</header>\n<main>\n"
    for section in sections:
        yield f"<section>\n<h2>{_text(section.title)}</h2>\n<p class=about>{_text(section.about)}</p>\n"
        for passage in section.passages:
            label = f"<b>Reading {_text(passage.label)}</b> {_text(passage.title)}"
            yield f"<blockquote><p>{label}</p>\n<p>{_linked(passage.words.plain())}</p></blockquote>\n"
        yield from map(_message, section.messages)
        yield "</section>\n"
    yield "</main>\n</body>\n</html>\n"


def _message(message: Message) -> str:
    who = f"<p class=who><b>{_text(message.name)}</b> <span>{_text(message.when)}</span></p>\n"
    notes = f"<p class=notes>{_text('; '.join(message.notes))}</p>\n" if message.notes else ""
    return f"<article>\n{who}<p class=said>{_linked(message.text)}</p>\n{notes}{_earlier(message)}</article>\n"


def _earlier(message: Message) -> str:
    if not message.earlier:
        return ""
    texts = "".join(f"<dt>{_text(when)}</dt><dd>{_linked(text)}</dd>" for when, text in message.earlier)
    return f"<details><summary>Before the edit</summary><dl>{texts}</dl></details>\n"


def _text(text: str) -> str:
    return html.escape(clean(text))


def _linked(text: str) -> str:
    """Somebody's words, in which an address of the web may be followed."""
    text = clean(text)
    made, at = [], 0
    for found in _ADDRESS.finditer(text):
        address = html.escape(found.group())
        made += [html.escape(text[at : found.start()]), f'<a href="{address}" rel="noreferrer nofollow">{address}</a>']
        at = found.end()
    return "".join([*made, html.escape(text[at:])])


@cache
def _style() -> str:
    return STYLE.read_text(encoding="utf-8")
