"""Findings as text for people, a line or a few for each, and as JSON for scripts."""

import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import click

from bot.doctor.finding import Finding, State
from bot.words import clean

SUBJECT = 18  # columns
WORDS = {State.OK: "ok", State.TO_DO: "TO DO", State.NOT_CHECKED: "not checked", State.OFF: "off"}
COLOURS = {State.OK: "green", State.TO_DO: "yellow", State.NOT_CHECKED: "cyan", State.OFF: "bright_black"}
# Slack's and Discord's tokens by their shapes: one may have been put under a key that is not secret.
_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)[-.][\w.-]+|\b[\w-]{18,}\.[\w-]{5,8}\.[\w-]{20,}")


def safe(findings: Iterable[Finding], secrets: Sequence[str]) -> list[Finding]:
    """The findings without tokens and without what a terminal would obey; both may stand in names and in mistakes."""

    def words_of(finding: Finding) -> str:
        words = clean(finding.words).replace("\n", " ")
        for secret in secrets:
            words = words.replace(secret, "[token]")
        return _TOKEN.sub("[token]", words)

    return [replace(finding, words=words_of(finding)) for finding in findings]


def as_json(findings: Sequence[Finding]) -> str:
    """`{"to_do": 1, "not_checked": 2, "findings": [{"part", "subject", "state", "words"}]}`."""
    counted = _counted(findings)
    rows = [
        {"part": one.part, "subject": one.subject, "state": one.state.value, "words": one.words} for one in findings
    ]
    made = {"to_do": counted[State.TO_DO], "not_checked": counted[State.NOT_CHECKED], "findings": rows}
    return json.dumps(made, ensure_ascii=False, indent=2)


def as_text(findings: Sequence[Finding], width: int) -> str:
    """Aligned lines under the name of each part, then the summary. Colours are marked as terminals take them."""
    lines: list[str] = []
    for part, found in groupby(findings, key=lambda finding: finding.part):
        lines.append(click.style(part.capitalize(), bold=True))
        for finding in found:
            lines.extend(_lines(finding, width))
    return "\n".join([*lines, "", _summary(findings)])


def _lines(finding: Finding, width: int) -> Iterator[str]:
    state = WORDS[finding.state]
    subject, indent = f"  {finding.subject}", " " * (2 + SUBJECT)
    words = f"{state}: {finding.words}" if finding.words else state
    first, *rest = textwrap.wrap(words, width - len(indent), break_long_words=False, break_on_hyphens=False)
    shown = click.style(state, fg=COLOURS[finding.state]) + first.removeprefix(state)
    if len(subject) < len(indent):
        yield subject.ljust(len(indent)) + shown
    else:
        yield subject
        yield indent + shown
    yield from (indent + line for line in rest)


def _summary(findings: Sequence[Finding]) -> str:
    counted = _counted(findings)
    to_do, unchecked = counted[State.TO_DO], counted[State.NOT_CHECKED]
    first = f"{to_do} {'thing' if to_do == 1 else 'things'} to do" if to_do else "Nothing needs doing"
    return f"{first}; {unchecked} not checked, {counted[State.OK]} ok, {counted[State.OFF]} off."


def _counted(findings: Sequence[Finding]) -> Counter[State]:
    return Counter(finding.state for finding in findings)
