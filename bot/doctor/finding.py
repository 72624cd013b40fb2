"""What `readalong doctor` finds: one line for each thing that it looked at.

A check is a function that gives findings; it never raises for what is wrong, and changes nothing.
"""

from enum import StrEnum

from bot.values import value

OFFLINE = "offline"


class State(StrEnum):
    """OK; TO_DO, and the words say what; NOT_CHECKED, and they say why; OFF, a platform without its token."""

    OK = "ok"
    TO_DO = "to do"
    NOT_CHECKED = "not checked"
    OFF = "off"


@value
class Finding:
    """One thing that was looked at, in a part of the whole. `words` never hold a token."""

    part: str
    subject: str
    state: State
    words: str = ""


@value
class Part:
    """A part of the whole, such as the database, and a short way to say what was found in it."""

    name: str

    def ok(self, subject: str, words: str = "") -> Finding:
        """All is well; the words say what was seen."""
        return Finding(self.name, subject, State.OK, words)

    def to_do(self, subject: str, words: str) -> Finding:
        """Something is wrong; the words say what, and what to do about it."""
        return Finding(self.name, subject, State.TO_DO, words)

    def not_checked(self, subject: str, why: str = OFFLINE) -> Finding:
        """It can't be known from here; `why` says why."""
        return Finding(self.name, subject, State.NOT_CHECKED, why)

    def off(self, subject: str, why: str) -> Finding:
        """It is switched off, so there is nothing to check."""
        return Finding(self.name, subject, State.OFF, why)
