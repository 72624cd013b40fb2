"""/coverage: what is held of each saved channel and thread, where the gaps are, and what was not looked at again."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from bot.archive.coverage import Held, gaps, joined
from bot.archive.discussions import BEGINNING
from bot.asker import Place
from bot.cards import labels
from bot.channels import channel_called, channels
from bot.command import command
from bot.cutting import clip
from bot.readings.model import Reading
from bot.reply import Button, FromMember, Note, Part, Reply
from bot.request import Request
from bot.times import say_moment, stamp
from bot.venue import Readable
from bot.words import markdown, verbatim

MOST = 60
MOST_GAPS = 3
NONE = "Nothing that you can read is saved here. `/discuss` opens a discussion, and `/saved` lists them."


@command(example="/coverage", private=True)
async def coverage(request: Request, channel: Annotated[str, channels] = "") -> Reply:
    """What is held of the saved discussions: from when to when, and what is missing.

    Args:
        channel: one channel alone; left out, all that you can read.
    """
    place = await request.venues.workspace_of(request.person, request.place)
    readable = await request.venues.readable(request.person, place)
    shown = readable
    if channel:
        only = channel_called(request, place, channel, readable)
        shown = Readable(frozenset({only.channel}), readable.private_threads)
    held = request.archive.coverage.held(place, shown)
    buttons = (Button("All discussions", "/saved"), Button("What is saved", "/privacy"))
    reading = tuple(_of_reading(request, place, shown))
    if not held:
        return Reply("Coverage", (Note(markdown(NONE)), *reading), buttons=buttons, private=True)
    names = dict(request.archive.digest_rows.channels(place, readable))
    cut = f"The first {MOST} of {len(held)}" if len(held) > MOST else f"{len(held)}"
    what = "channel or thread" if len(held) == 1 else "channels and threads"
    intro = Note(verbatim(f"{cut} {what} that you can read. Times are those of {request.zone}."))
    parts = [part for one in held[:MOST] for part in _part(request, one, names)]
    return Reply("Coverage", (intro, *parts, *reading), buttons=buttons, private=True)


def _part(request: Request, one: Held, names: dict[str, str]) -> Iterator[Part]:
    channel = f"#{names.get(one.place.channel) or one.place.channel}"
    words = " ".join(_said(one, request.zone))
    if not one.place.thread:
        yield Note(verbatim(words), heading=channel)
        return
    link = request.venues.at(one.place).link(one.place)
    known = request.archive.discussions.opened(one.place)
    if one.name and known:
        by, at = known
        yield FromMember(verbatim(clip(one.name, 100)), by or "A member", at, link, f"A thread in {channel}")
        yield Note(verbatim(words))
    else:
        yield Note(verbatim(words), heading=f"A thread in {channel}")


def _said(one: Held, zone: str) -> Iterator[str]:
    held = joined(one.intervals)
    if not held:
        yield "Nothing of it has been read yet."
        return
    listening = any(interval.open for interval in held)
    begin = "its beginning" if held[0].first <= stamp(BEGINNING) else _at(held[0].first, zone)
    yield f"Held from {begin} to {'now; listening' if listening else _at(held[-1].last, zone)}."
    missing = [(first, last) for first, last in gaps(held) if first < last]
    for first, last in missing[:MOST_GAPS]:
        yield f"Missing: {_at(first, zone)} to {_at(last, zone)}."
    if len(missing) > MOST_GAPS:
        yield f"{len(missing) - MOST_GAPS} more gaps."
    if not one.read_at:
        yield "Not read back yet."
        return
    yield f"Last read back {_at(one.read_at, zone)}."
    if one.read_since > stamp(BEGINNING):
        yield f"Not re-checked: edits and deletions of what was written before {_at(one.read_since, zone)}."


def _at(iso: str, zone: str) -> str:
    return say_moment(datetime.fromisoformat(iso), zone)


def _of_reading(request: Request, place: Place, readable: Readable) -> Iterator[Part]:
    """Which passages of the channel's reading were discussed, as far as the asker can read."""
    reading: Reading = request.reading
    keys = [one.key for one in reading.passages if not one.caption]
    cold = request.archive.digest_rows.cold(place, readable, reading.slug, keys)
    warm = [key for key in keys if key not in cold]
    for heading, chosen in (("Discussed", warm), ("Not discussed", cold)):
        if chosen:
            words = f"{len(chosen)} of {len(keys)} passages of “{clip(reading.short_title, 100)}”"
            yield Note(verbatim(words), labels(reading, chosen), heading)
