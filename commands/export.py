"""/export: the discussion that one is in, as a file for the asker alone."""

from typing import Literal

from bot.archive.tables import Tables
from bot.command import command
from bot.cutting import clip
from bot.discussion_cards import LONGEST_TITLE
from bot.errors import BotError
from bot.grammar import line
from bot.reply import Button, File, Note, Reply
from bot.request import Request
from bot.times import now
from bot.venue import Readable
from bot.words import markdown

MOST_BYTES = 8_000_000  # which every server of Discord takes
FORMS = {
    "html": ("html", "text/html"),
    "markdown": ("md", "text/markdown"),
    "csv": ("csv", "text/csv"),
    "ndjson": ("ndjson", "application/x-ndjson"),
}
NOT_HERE = "Type `/export` in a saved discussion: it gives you that one. `/saved` lists them."
TOO_LARGE = "This discussion is too large for a file in chat. The operator can write it: `readalong export --thread`."
SAID = (
    "{count}, as they stand now: without earlier texts and what was deleted, and without people who are not saved. "
    "It is for you alone. Others wrote here for whoever can read it here: ask them before you pass it on."
)


@command(example="/export", private=True)
async def export(request: Request, form: Literal["html", "markdown", "csv", "ndjson"] = "html") -> Reply:
    """The saved discussion that this is typed in, as a file for you alone.

    Args:
        form: html to read and print, markdown for a wiki, csv for a spreadsheet, ndjson for programs.
    """
    place = request.place
    if place.direct or not place.thread:
        listed = Button("Saved discussions", "/saved")
        return Reply("A discussion as a file", (Note(markdown(NOT_HERE)),), buttons=(listed,), private=True)
    readable = await request.venues.readable(request.person, place)
    title, count, data = await request.archive.database.read(lambda db: _made(request, db, readable, form))
    await request.archive.audit.note(place, request.person, "export", place.thread)
    said = "One message" if count == 1 else f"{count:,} messages"
    ending, kind = FORMS[form]
    others = tuple(Button(f"As {other}", line("export", form=other)) for other in FORMS if other != form)
    note, file = Note(markdown(SAID.format(count=said))), File(f"discussion.{ending}", kind, data)
    return Reply(clip(title, LONGEST_TITLE), (note,), buttons=others, private=True, files=(file,))


def _made(request: Request, db: Tables, readable: Readable, form: str) -> tuple[str, int, bytes]:
    """The discussion's title, how many messages, and the file. Raises BotError where the asker can't read it."""
    from bot.archive.extracts import Extract  # noqa: PLC0415 - most starts export nothing
    from bot.archive.selections import of_place  # noqa: PLC0415 - most starts export nothing
    from bot.export.forms import written  # noqa: PLC0415 - most starts export nothing

    db.execute("BEGIN")  # everything is of one moment
    try:
        extract = Extract(db, of_place(db, request.place, readable), as_shown=True)
        pieces, size = [], 0
        for piece in written(extract, form, request.library, request.zone, now()):
            pieces.append(piece)
            size += len(piece)
            if size > MOST_BYTES:
                raise BotError(TOO_LARGE)
        data = "".join(pieces).encode()
        if len(data) > MOST_BYTES:
            raise BotError(TOO_LARGE)
        return extract.title, extract.count(), data
    finally:
        db.execute("ROLLBACK")
