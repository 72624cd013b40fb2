"""/saved: the saved discussions that the asker can read, by reading and passage."""

from itertools import groupby
from typing import Annotated

from bot.archive.discussions import Discussion
from bot.command import command
from bot.discussion_cards import discussion_part, no_such_subject, subject_of
from bot.reply import Button, Note, Part, Reply
from bot.request import Request
from bot.words import markdown, verbatim
from commands.discuss import subjects

MOST = 100
NONE = (
    "No discussion that you can read is saved here{about}. `/discuss` in a channel opens one, and a moderator has an "
    "existing thread saved with `/readalong save` in it, on Slack `@readalong save`."
)


@command(example="/saved", private=True)
async def saved(request: Request, about: Annotated[str, subjects] = "") -> Reply:
    """The saved discussions, by reading and passage.

    Args:
        about: a passage's number, or a topic; left out, all of them.
    """
    reading = request.reading
    subject = subject_of(reading, about)
    if subject is None:
        raise no_such_subject(reading, about, "saved")
    place = await request.venues.workspace_of(request.person, request.place)
    readable = await request.venues.readable(request.person, place)
    anchors = subject.anchors if about else ()
    found = request.archive.discussions.find(place, readable, anchors, MOST)
    if not found:
        words = NONE.format(about=" about that" if about else "")
        return Reply(
            "Saved discussions", (Note(markdown(words)),), buttons=(Button("Topics", "/topics"),), private=True
        )
    count = request.archive.discussions.count(place, readable, anchors)
    return Reply("Saved discussions", tuple(_listed(request, found, count)), private=True)


def _listed(request: Request, found: list[Discussion], count: int) -> list[Part]:
    """The latest hundred: by reading, then by passage in the reading's order; the latest active first in each."""
    shown = sorted(found, key=lambda one: _order(request, one))
    cut = f"The latest {MOST} of {count:,}" if count > MOST else f"{count}"
    parts: list[Part] = [Note(verbatim(f"{cut} that you can read, by reading and passage; the latest active first."))]
    for slug, of_reading in groupby(shown, key=lambda one: one.anchor.reading):
        reading = request.library.readings.get(slug)
        parts.append(Note(verbatim(reading.short_title if reading else slug), heading="Reading"))
        parts += [discussion_part(request, one) for one in of_reading]
    return parts


def _order(request: Request, discussion: Discussion) -> tuple[str, int]:
    """By reading, then where its passage stands in it; `sorted` leaves the rest as it was."""
    reading = request.library.readings.get(discussion.anchor.reading)
    keys = [passage.key for passage in reading.passages] if reading else []
    passage = discussion.anchor.passage
    return discussion.anchor.reading, keys.index(passage) + 1 if passage in keys else 0
