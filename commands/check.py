"""/check: whether the reading says it, word for word. The differing words are shown; a likeness never verifies."""

from collections.abc import Iterator
from typing import Annotated

from bot.cards import labels, passage_button
from bot.command import PROSE, command
from bot.errors import BotError
from bot.readings.model import Reading
from bot.readings.quotations import Change, Kind, Verdict, count_parts
from bot.readings.quotations import check as judge
from bot.readings.text import find_exact, tokens
from bot.reply import Button, FromReading, Note, Part, Reply
from bot.request import Request
from bot.words import markdown, verbatim

MOST_BUTTONS = 3
MOST_CHANGES = 5
MOST_PARTS = 30  # each is looked for in the whole text
TITLES = {
    Kind.EXACT: "Word for word",
    Kind.SAME_WORDS: "The same words, printed otherwise",
    Kind.DIFFERS: "Not what it says",
    Kind.NOT_FOUND: "Not in the reading",
    Kind.UNCHECKABLE: "Can't be checked yet",
}
SENTENCES = {
    Kind.EXACT: "These words stand in the reading exactly so. Where they stand:",
    Kind.SAME_WORDS: "The words are right; punctuation, spaces or capitals differ. As printed:",
    Kind.DIFFERS: "The reading has other words. You wrote:",
    Kind.NOT_FOUND: "No passage of the reading has these words, or words near them.",
    Kind.UNCHECKABLE: (
        "The group has not attached its copy of the text, so only the brief quotations kept with the reading can be "
        "checked, and these words are not among them. The operator attaches the copy with "
        "`readalong readings attach`."
    ),
}
TURNING = frozenset(
    ("no", "not", "never", "neither", "nor", "none", "nothing", "nobody", "without", "cannot", "unless")
)
BRIEF = "Checked against the brief quotations kept with the reading; the group has not attached its copy."


@command(example='/check "they only have permanent interests"')
async def check(request: Request, quotation: Annotated[str, PROSE]) -> Reply:
    """Whether the reading says it, word for word.

    Args:
        quotation: the words to check; ... stands for words left out.
    """
    reading = request.reading
    if heading := _heading(reading, quotation):
        return Reply("A heading", (Note(verbatim(heading)),), reading.short_title, buttons=(Button("About", "/about"),))
    if (count := count_parts(quotation)) > MOST_PARTS:
        words = f"A quotation is checked with {MOST_PARTS} parts at most; its ellipses make {count} of this one."
        raise BotError(f"{words} Check it piece by piece.")
    verdict = judge(reading, quotation)
    parts = (Note(markdown(SENTENCES[verdict.kind])), *_shown(reading, verdict), *_asides(reading, verdict))
    buttons = tuple(passage_button(reading.passage(key)) for key in verdict.passages[:MOST_BUTTONS])
    if not buttons:
        buttons = (Button("Quotations", "/quote"), Button("Summary", "/summary"))
    title = "Word for word, with words left out" if verdict.left_out else TITLES[verdict.kind]
    return Reply(title, parts, reading.short_title, buttons=buttons)


def _heading(reading: Reading, quotation: str) -> str:
    """What to say of words that are the reading's title or a subheading of it; empty when they are neither."""
    if _is_whole(reading.title, quotation):
        return f"This is the title of the reading, word for word: “{reading.title}”."
    first_under = {passage.section: passage for passage in reversed(reading.passages)}
    for section, passage in reversed(first_under.items()):
        if section and _is_whole(section, quotation):
            return f"This is a subheading of the reading, above {passage.label}, word for word: “{passage.section}”."
    return ""


def _is_whole(printed: str, quotation: str) -> bool:
    if len(quotation) > 2 * len(printed) + 20:  # one with so many marks and spaces added is not checked as a heading
        return False
    found = find_exact(printed, quotation)
    return found is not None and not any(map(str.isalnum, printed[: found[0]] + printed[found[1] :]))


def _shown(reading: Reading, verdict: Verdict) -> tuple[Part, ...]:
    if not verdict.printed:
        return ()
    printed = FromReading(
        verbatim(verdict.printed, verdict.printed_marks), labels(reading, verdict.passages), "The reading has"
    )
    if verdict.kind is not Kind.DIFFERS:
        return (printed,)
    changes = "\n".join(_changes(verdict))
    return (Note(verbatim(verdict.written, verdict.written_marks)), printed, Note(verbatim(changes)))


def _changes(verdict: Verdict) -> Iterator[str]:
    yield from map(_change, verdict.changes[:MOST_CHANGES])
    if (more := len(verdict.changes) - MOST_CHANGES) > 0:
        yield f"There {'is 1 more difference' if more == 1 else f'are {more} more differences'}; bold shows where."


def _change(change: Change) -> str:
    if not change.wrote:
        return f"The reading has “{change.has}”" + (f" before “{change.before}”." if change.before else " at the end.")
    if not change.has:
        return f"You wrote “{change.wrote}”; the reading does not have it there."
    return f"You wrote “{change.wrote}”; the reading has “{change.has}”."


def _turning_words(verdict: Verdict) -> list[str]:
    """Words of the sentence that the quotation leaves out and that may turn its sense round, as printed."""
    if verdict.kind not in {Kind.EXACT, Kind.SAME_WORDS}:
        return []
    outside = [
        token for token in tokens(verdict.printed)
        if not any(start <= token.start < end for start, end in verdict.printed_marks)
    ]  # fmt: skip
    turning = [token for token in outside if token.word in TURNING or token.word.endswith(("n't", "n’t"))]
    return list(dict.fromkeys(verdict.printed[token.start : token.end] for token in turning))


def _asides(reading: Reading, verdict: Verdict) -> tuple[Note, ...]:
    asides = [f"Left out at the ellipsis: “{words}”." for words in verdict.left_out]
    if turning := _turning_words(verdict):
        asides.insert(0, f"Mind the words around your part: {', '.join(f'“{word}”' for word in turning)}.")
    if verdict.runs_over:
        asides.append("It runs from one passage into the next.")
    elif verdict.kind in {Kind.EXACT, Kind.SAME_WORDS} and len(verdict.passages) > 1:
        asides.append("It stands in each of these passages.")
    if verdict.apart:
        asides.append("All its parts are in the reading, but not in this order in one passage.")
    notes = tuple(Note(verbatim(aside)) for aside in asides)
    return notes if reading.source or verdict.kind is Kind.UNCHECKABLE else (*notes, Note(markdown(BRIEF)))
