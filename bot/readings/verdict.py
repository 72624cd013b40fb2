"""What a check of a quotation found, and how its place is shown: in whole sentences, with the quoted part marked."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from bot.readings.differences import Change, Span
from bot.readings.finding import HeldText
from bot.values import value


class Kind(StrEnum):
    """How a quotation stands to the reading."""

    EXACT = "exact"
    SAME_WORDS = "same words"
    """The same words; punctuation, spaces, hyphens, accents or capitals differ."""
    DIFFERS = "differs"
    NOT_FOUND = "not found"
    UNCHECKABLE = "uncheckable"
    """The group has not attached its copy, and none of the pack's quotations holds these words."""


@value
class Verdict:
    """What a check found.

    `printed` is the whole sentences in which the quotation stands, as printed. `printed_marks` are the quotation's part
    of them, or, where it DIFFERS, the words that differ, as `written_marks` are in `written`. `passages` are keys: all
    the places of an exact quotation, or those it `runs_over`. `span` and `sentences` are offsets into the source text,
    None without one. `left_out` is what stands at each "..." of the quotation; `apart` says that its parts are all
    there, but not in this order in one passage.
    """

    kind: Kind
    written: str
    written_marks: tuple[Span, ...] = ()
    printed: str = ""
    printed_marks: tuple[Span, ...] = ()
    passages: tuple[str, ...] = ()
    span: Span | None = None
    sentences: Span | None = None
    changes: tuple[Change, ...] = ()
    left_out: tuple[str, ...] = ()
    runs_over: bool = False
    apart: bool = False

    @property
    def passage(self) -> str:
        """The key of the first passage, or nothing."""
        return self.passages[0] if self.passages else ""


def placed(held: HeldText, found: Verdict, spans: Sequence[Span], marks: Sequence[Span]) -> Verdict:
    """The verdict with where it stands: the sentences around `spans` as printed, and `marks` as offsets into them.

    Both come as offsets into the held text. What stands between two passages is not shown.
    """
    shown = _sentences(held, spans)
    numbers = sorted(shown)
    return replace(
        found,
        printed="\n\n".join(held.text[slice(*shown[number])] for number in numbers),
        printed_marks=tuple(_moved(held, shown, marks)),
        passages=found.passages or tuple(dict.fromkeys(held.segments[number].passage for number in numbers)),
        span=(min(spans)[0], max(end for _, end in spans)) if held.whole else None,
        sentences=(shown[numbers[0]][0], shown[numbers[-1]][1]) if held.whole else None,
        runs_over=len(spans) == 1 and len(numbers) > 1,
    )


def _sentences(held: HeldText, spans: Sequence[Span]) -> dict[int, Span]:
    """The sentences to show of each segment, from the first one touched to the last."""
    shown: dict[int, Span] = {}
    for number, start, end in (part for span in spans for part in held.inside(*span)):
        first, last = held.sentences_around(number, start, end)
        before = shown.get(number, (first, last))
        shown[number] = min(first, before[0]), max(last, before[1])
    return shown


def _moved(held: HeldText, shown: dict[int, Span], marks: Sequence[Span]) -> list[Span]:
    places = sorted(part for mark in marks for part in held.inside(*mark))
    moved: list[Span] = []
    at = 0
    for number in sorted(shown):
        first, last = shown[number]
        moved += [(start - first + at, end - first + at) for owner, start, end in places if owner == number]
        at += last - first + 2
    return moved
