"""Talking to the bot in a terminal: with history and completion by hand, or line by line from a pipe."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from rich.console import Console

from bot.answering import Answering, refusal
from bot.archive.buttons import button_id, pressed
from bot.asker import Person, Place
from bot.completing import completions
from bot.errors import Misused
from bot.platforms.terminal.render import WIDTH, as_text, render
from bot.reply import Reply

PLACE = Place("terminal", "terminal", "terminal", direct=True)
WELCOME = (
    "Readalong, in this terminal. Type /summary, /kurils, /quote, /ask ... Tab completes, /help lists all, a number "
    "presses that button, /quit leaves."
)
LEAVE = {"/quit", "/exit", "quit", "exit"}


def person(*, moderator: bool) -> Person:
    """Whoever sits at the terminal."""
    return Person("you", "you", moderator)


async def chat(answering: Answering, *, moderator: bool, history: Path) -> int:
    """Answer lines until they end. Returns 1 when they came through a pipe and any was refused, else 0."""
    by_hand = sys.stdin.isatty()
    who = person(moderator=moderator)
    lines = _typed(answering, who, history) if by_hand else _piped()
    if by_hand:
        _console().print(WELCOME, "", markup=False, highlight=False)
    refused = False
    last: Reply | None = None
    async for line in lines:
        if line in LEAVE:
            break
        last = await _answer(answering, who, line, last)
        show(last)
        refused = refused or last.refused
    return int(refused and not by_hand)


async def say(answering: Answering, line: str, *, moderator: bool) -> Reply:
    """Answer one line, as somebody at this terminal."""
    return await answering.line(line, person(moderator=moderator), PLACE)


def show(reply: Reply) -> None:
    """Print a reply: coloured for a terminal, plain otherwise."""
    if sys.stdout.isatty():
        _console().print(render(reply), "", markup=False, highlight=False, emoji=False)
    else:
        print(as_text(reply), end="\n\n", flush=True)


def _console() -> Console:
    return Console(width=min(Console().width, WIDTH))


async def _answer(answering: Answering, who: Person, line: str, last: Reply | None) -> Reply:
    if last and last.buttons and line.isdecimal():
        if not 1 <= int(line) <= len(last.buttons):
            return refusal(Misused(f"The last answer has buttons 1 to {len(last.buttons)}."))
        wanted, public = pressed(button_id(last.buttons[int(line) - 1]))
        return await answering.press(wanted, who, PLACE, public=public)
    return await answering.line(line, who, PLACE)


async def _piped() -> AsyncIterator[str]:
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip():
            yield line.strip()


async def _typed(answering: Answering, who: Person, history: Path) -> AsyncIterator[str]:
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)), completer=Lines(answering, who), complete_while_typing=False
    )
    while True:
        try:
            line = await session.prompt_async("> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line.strip():
            yield line.strip()


class Lines(Completer):
    """Completes commands and topics, then options, then what an option can be."""

    def __init__(self, answering: Answering, who: Person) -> None:
        self._answering = answering
        self._who = who

    def get_completions(self, document: Document, complete_event: object) -> Iterable[Completion]:  # noqa: ARG002 - prompt_toolkit's signature
        """Completions for what stands before the cursor."""
        line = document.text_before_cursor
        for found in completions(self._answering, line, self._who, PLACE):
            yield Completion(found.text, found.start - len(line), display=found.shown, display_meta=found.hint)
