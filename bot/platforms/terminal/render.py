"""Reply -> lines for a terminal: each voice with its label in words, colour on top; buttons with a number to press."""

import io
import textwrap

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bot.reply import (
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

STYLES = {Voice.READING: "cyan", Voice.BACKGROUND: "yellow", Voice.MEMBER: "green", Voice.BOT: ""}
WIDTH = 100


def render(reply: Reply) -> Group:
    """The whole reply, unpaged, for a rich console."""
    shown: list[RenderableType] = []
    if reply.title:
        title = Text(reply.title, style="bold")
        shown.append(title.append(f"   Reading: {reply.reading}", style="not bold dim") if reply.reading else title)
    for voice, parts in voiced(reply.parts):
        if voice is Voice.BACKGROUND:
            shown.append(Text("Background", style=f"bold {STYLES[voice]}"))
        shown += [Padding(_part(part), (0, 0, 0, 2)) for part in parts]
    if isinstance(reply.picture, Chart):
        shown.append(Padding(Text(f"Picture: {reply.picture.alt}"), (0, 0, 0, 2)))
    elif reply.picture:
        words = f"Picture, background: {reply.picture.alt} ({reply.picture.caption}) {reply.picture.file}"
        shown.append(Padding(Text(words, style=STYLES[Voice.BACKGROUND]), (0, 0, 0, 2)))
    for one in reply.files:
        shown.append(Padding(Text(f"File, not kept here: {one.name}, {len(one.data):,} bytes"), (0, 0, 0, 2)))
    if reply.buttons:
        buttons = "  ".join(f"[{number}] {button.label}" for number, button in enumerate(reply.buttons, 1))
        shown.append(Padding(Text(buttons, style="dim"), (0, 0, 0, 2)))
    return Group(*shown)


def as_text(reply: Reply, width: int = WIDTH) -> str:
    """The reply as plain text, wrapped, without colour."""
    console = Console(file=io.StringIO(), width=width, color_system=None, force_terminal=False)
    with console.capture() as captured:
        console.print(render(reply), markup=False, highlight=False, emoji=False)
    return textwrap.dedent("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _part(part: Part) -> Text:
    shown = Text()
    if part.heading:
        shown.append(f"{part.heading}\n", style="bold")
    style = STYLES[part.voice]
    words = _words(part.words)
    match part:
        case FromReading(labels=labels):
            shown.append(f"{' '.join(labels)}  ", style=f"bold {style}")
            before, after = quotation_marks(part.words) if part.words.quoted else ("", "")
            shown += Text(before) + words + Text(after)
        case FromBackground(source=source, date=date):
            shown += words
            shown.append(f"  ({source}, {date})", style=style)
        case FromMember(name=name, when=when, link=link):
            shown.append(f"{name}, {when:%Y-%m-%d %H:%M %Z}: ", style=f"bold {style}")
            shown += words + Text(f"  {link}")
        case Note(labels=labels):
            shown += words
            shown.append(f" ({', '.join(labels)})" if labels else "")
    return shown


def _words(words: Words) -> Text:
    lines = (
        Text.assemble("- " if block.bullet else "", *((run.text, _style(run)) for run in block.runs))
        for block in words.blocks
    )
    return Text("\n").join(lines)


def _style(run: Run) -> str:
    return " ".join(name for name, on in (("bold", run.bold), ("italic", run.italic), ("bold cyan", run.code)) if on)
