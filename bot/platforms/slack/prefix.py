"""The prefix before the names of commands in a workspace: put on where one is shown, taken off where one is typed.

Inside the bot a command has its own name alone; nothing but this module and the manifest knows both.
"""

import re
from collections.abc import Container
from dataclasses import replace

from bot.cutting import clip
from bot.grammar import split_name
from bot.registry import UMBRELLA
from bot.reply import LONGEST_LABEL, Button, Part, Reply, Voice
from bot.words import Run, clean

_NAME = re.compile(r"(?:Run )?/(?=(\w[\w-]*))")


def put_on(reply: Reply, prefix: str) -> Reply:
    """The reply with the names of commands as they are in this workspace.

    Only what the bot says itself is touched; the words of readings and of members stay as they are.
    """
    if not prefix:
        return reply
    ours = all(part.voice is Voice.BOT for part in reply.parts)  # else the title is the reading's, or a topic's
    return replace(
        reply,
        title=_named(reply.title, prefix) if ours else reply.title,
        parts=tuple(_part(part, prefix) if part.voice is Voice.BOT else part for part in reply.parts),
        buttons=tuple(_button(button, prefix) for button in reply.buttons),
    )


def taken_off(line: str, prefix: str, commands: Container[str]) -> str:
    """A typed line without the prefix of its command, and of each umbrella before that. `commands` are their names.

    A word that only happens to begin like the prefix stays: `readings` is no `adings` where the prefix is `re`.
    """
    if not prefix:
        return line
    line = clean(line)
    umbrellas = re.match(rf"(?:/?(?:{re.escape(prefix)})?{UMBRELLA}\s+)*", line, re.IGNORECASE)
    start = umbrellas.end() if umbrellas else 0
    before, rest = f"/{UMBRELLA} " if start else "", line[start:]
    found = re.match(rf"(/?){re.escape(prefix)}(\S+)", rest, re.IGNORECASE)
    if found and _is_prefixed(found[2].casefold(), prefix, commands, slash=bool(found[1])):
        rest = found[1] + rest[found.start(2) :]
    return before + rest


def _is_prefixed(name: str, prefix: str, commands: Container[str], *, slash: bool) -> bool:
    """Whether a prefix and a name are that, and not one word; a misspelt command is known by its slash."""
    return name in commands or (slash and prefix + name not in commands)


def _part(part: Part, prefix: str) -> Part:
    def named(run: Run) -> Run:
        return replace(run, text=_named(run.text, prefix)) if run.command else run

    blocks = tuple(replace(block, runs=tuple(map(named, block.runs))) for block in part.words.blocks)
    return replace(part, words=replace(part.words, blocks=blocks))


def _button(button: Button, prefix: str) -> Button:
    """The button with its label as it is here. A label names the command of its line; any other may be a title."""
    found = _NAME.match(button.label)
    kept = button.line.startswith("#")  # a long line is kept in the archive, under a key
    if found and (kept or found[1].casefold() in {UMBRELLA, split_name(button.line)[0]}):
        return replace(button, label=clip(_named(button.label, prefix), LONGEST_LABEL))
    return button


def _named(text: str, prefix: str) -> str:
    found = _NAME.match(text)
    return f"{text[: found.end()]}{prefix}{text[found.end() :]}" if found else text
