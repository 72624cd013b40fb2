"""Words that are safe to show: flat runs of text, made from our own small Markdown or taken verbatim.

Whoever shows words escapes every run for its own platform; nothing here knows a platform. Text of members
and of readings comes in through `verbatim`, which interprets nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from bot.cutting import character_end, word_end
from bot.values import value

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
# Paragraphs without a mark, which is what nearly all of our texts are: lines that neither begin nor end with a space
_PLAIN = re.compile(r"(?:(?![-+]|\d+[.)])[^\s\\`*_\[\]](?:[^\t\n\\`*_\[\]]*[^\s\\`*_\[\]])?(?:\n+(?!\Z)|\Z))+")


def keep_printable(made: object, *fields: str) -> None:
    """Take control characters and halves of characters out of these fields of a value that is being made."""
    for field in fields:
        text = getattr(made, field)
        if _CONTROLS.search(text):
            object.__setattr__(made, field, _CONTROLS.sub("", text))


def clean(text: str) -> str:
    """Somebody's typed text without control characters and without marks that turn the direction of what follows."""
    kept = "".join(c if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in text)
    return _BIDI.sub("", kept).strip()


@value
class Run:
    """A stretch of text in one style. `command` marks a line to type, such as `/quote 3`."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    command: bool = False
    url: str = ""

    def __post_init__(self) -> None:
        keep_printable(self, "text")


@value
class Block:
    """A paragraph, or one item of a list. Line breaks inside it are kept."""

    runs: tuple[Run, ...]
    bullet: bool = False

    def plain(self) -> str:
        """The text alone."""
        return "".join(run.text for run in self.runs)


@value
class Words:
    """Blocks to show in order. `quoted` says that they are somebody's own words, letter for letter."""

    blocks: tuple[Block, ...]
    quoted: bool = False

    def plain(self) -> str:
        """The text alone: list items with a dash, blocks on lines of their own."""
        return "\n".join(("- " if block.bullet else "") + block.plain() for block in self.blocks)


@lru_cache(maxsize=4096)
def markdown(text: str) -> Words:
    """Words from our own Markdown: paragraphs, `- ` lists, bold, italic, code, https links; all else as typed."""
    text = _CONTROLS.sub("", text).rstrip(" \n")
    return _plain(text) if _PLAIN.fullmatch(text) else _parsed(text)


def _plain(text: str) -> Words:
    return Words(tuple(Block(_lines(paragraph)) for paragraph in re.split("\n\n+", text)))


def _lines(paragraph: str) -> tuple[Run, ...]:
    first, *others = paragraph.split("\n")
    return (Run(first), *(run for line in others for run in (Run(" "), Run(line))))


def _parsed(text: str) -> Words:
    blocks: list[Block] = []
    depth = 0
    for token in _parser().parse(text):
        if token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "inline":
            blocks.append(Block(_runs(token.children or ()), bullet=depth > 0))
    return Words(tuple(blocks))


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 12 ms and 1 MB, for a text that has marks

    return MarkdownIt("zero").enable(["emphasis", "backticks", "link", "list", "escape", "newline"])


def literal(text: str) -> str:
    """Somebody's text for use inside our own Markdown: it comes out as typed, on one line, whatever it holds."""
    return _PUNCTUATION.sub(r"\\\g<0>", " ".join(text.split()))


def verbatim(text: str, marks: Sequence[tuple[int, int]] = ()) -> Words:
    """Somebody's own words, uninterpreted. `marks` are (start, end) offsets into `text`, ordered, to show in bold."""
    stretches: list[tuple[str, bool]] = []
    at = 0
    for start, end in marks:
        stretches += [(text[at:start], False), (text[start:end], True)]
        at = end
    stretches.append((text[at:], False))
    runs = (Run(stretch, bold=bold) for stretch, bold in stretches)
    return Words((Block(tuple(run for run in runs if run.text)),), quoted=True)


def joined(parts: Iterable[Words]) -> Words:
    """The blocks of several words, one after the other."""
    return Words(tuple(block for words in parts for block in words.blocks))


def split_block(block: Block, at: int) -> tuple[Block, Block]:
    """The block in two: at most `at` characters, and the rest. A word is cut only where it is longer than that."""
    text = block.plain()
    cut = word_end(text, at) or character_end(text, at)
    head: list[Run] = []
    tail: list[Run] = []
    for run in block.runs:
        if not cut:
            tail.append(run)
        elif len(run.text) <= cut:
            head.append(run)
        else:
            head.append(replace(run, text=run.text[:cut]))
            tail.append(replace(run, text=run.text[cut:]))
        cut = max(cut - len(run.text), 0)
    return replace(block, runs=tuple(head)), replace(block, runs=tuple(tail))


def _runs(tokens: "Sequence[Token]") -> tuple[Run, ...]:
    style = Run("")
    runs: list[Run] = []
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                style = replace(style, bold=token.nesting > 0)
            case "em_open" | "em_close":
                style = replace(style, italic=token.nesting > 0)
            case "link_open":
                style = replace(style, url=_web_address(token))
            case "link_close":
                style = replace(style, url="")
            case "code_inline":
                runs.append(replace(style, text=token.content, code=True, command=token.content.startswith("/")))
            case "softbreak":
                runs.append(replace(style, text=" "))
            case "hardbreak":
                runs.append(replace(style, text="\n"))
            case _ if token.content:
                runs.append(replace(style, text=token.content))
    return tuple(runs)


def _web_address(token: "Token") -> str:
    address = str(token.attrGet("href") or "")
    return address if address.startswith(("https://", "http://")) else ""
