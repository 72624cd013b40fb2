"""Words -> Discord's Markdown, so that only our own marks format: everybody's letters are shown as they stand.

A backslash takes the meaning of any punctuation mark after it. What is escaped: emphasis, code, spoilers, quotes,
headings, lists, links, mentions, timestamps and emoji. https://support.discord.com/hc/en-us/articles/210298617
"""

import re
from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote as percent

from bot.words import Block, Run, Words

LONGEST_ADDRESS = 400

_APART = "\u200b"  # between two marks that would be read as one
_HARMLESS = re.compile(r"[^\\*_~`|<>@\[\]#:+\-\d]*")  # nothing that anything below looks for
_MARKS = re.compile(r"[\\*_~`|<>@\[\]#]")
_LIST = re.compile(r"^([ \t]*)([-+]|\d+(?=\.))(\.?)(?=\s|$)", re.MULTILINE)
_ADDRESS = re.compile(r"(?<=:)//")
_EMOJI = re.compile(r":\S*:")


def escaped(text: str) -> str:
    """Text that Discord shows as it stands: no formatting, no mention, no link."""
    if _HARMLESS.fullmatch(text):
        return text
    text = _MARKS.sub(r"\\\g<0>", text)
    text = _ADDRESS.sub(r"\\/\\/", text)
    text = _EMOJI.sub(lambda found: found[0].replace(":", "\\:"), text)
    return _LIST.sub(_unlisted, text)


def markup(words: Words) -> str:
    """Words as Discord's Markdown, blocks on lines of their own."""
    return "\n".join(("- " if block.bullet else "") + _line(block) for block in words.blocks)


def quote(text: str) -> str:
    """The text as a block quotation."""
    return "\n".join(f"> {line}" for line in text.split("\n"))


def link(url: str) -> str:
    """An address that stays inside the parentheses of a link; empty when it is too long for one."""
    address = percent(url, safe=":/?#[]@!$&'*+,;=%-._~")
    return address if len(address) <= LONGEST_ADDRESS else ""


def _unlisted(found: re.Match[str]) -> str:
    """The beginning of a line that would make a list item, with its mark made a letter."""
    space, mark, dot = found.groups()
    return f"{space}{mark}\\." if dot else f"{space}\\{mark}"


def _line(block: Block) -> str:
    """A block's runs, one after the other, each in its own marks."""
    line = ""
    for run in _merged(block.runs):
        shown = _run(run)
        line += _APART + shown if line and shown and line[-1] == shown[0] and shown[0] in "*`" else shown
    return line


def _merged(runs: Sequence[Run]) -> Sequence[Run]:
    """Neighbours of one style as one run: `1` and `.` are a list's mark only together."""
    if len(runs) == 1:
        return runs
    styles = groupby(runs, key=lambda run: (run.bold, run.italic, run.code, run.url))
    return [
        Run("".join(run.text for run in same), bold=bold, italic=italic, code=code, url=url)
        for (bold, italic, code, url), same in styles
    ]


def _run(run: Run) -> str:
    text = run.text.strip()
    if not text:
        return run.text
    before, _, after = run.text.partition(text)
    return f"{before}{_styled(text, run)}{after}"


def _styled(text: str, run: Run) -> str:
    if run.code:
        return f"`{text.replace('`', 'ˋ')}`"
    shown = escaped(text)
    for mark, on in (("**", run.bold), ("*", run.italic)):
        shown = f"{mark}{shown}{mark}" if on else shown
    return f"[{shown}]({address})" if (address := link(run.url)) else shown
