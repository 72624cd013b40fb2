"""An export as Markdown for a wiki. Everybody's words come out as typed: they neither format nor become markup."""

import html
import re
from collections.abc import Iterator

from bot.export.sections import Message, Section
from bot.words import clean

_SPECIAL = re.compile(r"[\\`*_\[\]#+\-!|~$^=@{}]|(?<=\d)[.)](?=\s)")
_ADDRESS = re.compile(r"https?://[^\s<>\"`\\]+")


def as_markdown(title: str, summary: str, sections: Iterator[Section]) -> Iterator[str]:
    """A heading, a sentence on what it is, and each discussion under a heading of its own."""
    yield f"# {escaped(title)}\n\n{escaped(summary)}\n"
    for section in sections:
        yield f"\n## {escaped(section.title)}\n\n{escaped(section.about)}\n"
        for passage in section.passages:
            words = passage.words.plain().replace("\n", " ")
            yield f"\n> **Reading {escaped(passage.label)}** {escaped(words)}\n"
        for message in section.messages:
            yield _message(message)


def _message(message: Message) -> str:
    lines = [f"**{escaped(message.name)}**, {escaped(message.when)}", *map(escaped, _lines(message.text))]
    if message.notes:
        lines.append(f"*{'; '.join(map(escaped, message.notes))}*")
    for when, text in message.earlier:
        lines.append(f"*until then, from {escaped(when)}:* {escaped(' '.join(text.split()))}")
    return "\n" + "  \n".join(lines) + "\n"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in clean(text).splitlines() if line.strip()]


def escaped(text: str) -> str:
    """Somebody's text on one line; an address of the web may be followed."""
    text = " ".join(clean(text).split())
    made, at = [], 0
    for found in _ADDRESS.finditer(text):
        made += [_plain(text[at : found.start()]), f"<{found.group()}>"]
        at = found.end()
    return "".join([*made, _plain(text[at:])])


def _plain(text: str) -> str:
    """Without markup: HTML's signs as entities, everything that Markdown or a wiki may read otherwise escaped."""
    return _SPECIAL.sub(r"\\\g<0>", html.escape(text, quote=False))
