"""The errors whose words a person sees. Everything else is a fault of ours: logged under an id, never shown.

BotError            shown to the asker, privately
├── NotAllowed      who may is decided by the registry
└── Misused         the line can't be understood; it says what would be right
"""

from dataclasses import dataclass
from pathlib import Path


class BotError(Exception):
    """Something to tell the asker: one plain sentence or two that say what to do.

    `line` is a command line that would be right, offered as a button; `label` is the button's text, else the
    line itself.
    """

    def __init__(self, words: str, *, line: str = "", label: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.line = line
        self.label = label or line


class NotAllowed(BotError):
    """The asker may not do this here."""


class Misused(BotError):
    """The line can't be understood as typed."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong in a file that somebody wrote: where, and what would be right. Lines count from 1."""

    file: Path
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.words}"


class Mistakes(Exception):
    """Everything found wrong in the files of one reading or in the configuration."""

    def __init__(self, found: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.found = sorted(found)
