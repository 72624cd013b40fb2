"""/digest: what was said since the asker last asked, or on a day; for moderators the digest that they may post."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.archive.digest_rows import Window
from bot.asker import Place
from bot.channels import channel_called, channels
from bot.command import Suggestion, Typed, command
from bot.cutting import clip
from bot.digest.digests import Wanted
from bot.errors import BotError
from bot.grammar import line
from bot.moments import EXAMPLES, moment
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.times import say_moment, stamp
from bot.venue import Readable
from bot.words import literal, markdown

ASKED = "asked:"
YOURS = "As far as you can read it here."
QUIET = (
    "Nothing was said in saved discussions that you can read{where}, from {since} to {until}, {zone}. `/saved` lists "
    "the discussions, `/discuss` opens one."
)


def days(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """The last week's days."""
    today = request.posting.digests.today()
    for back, name in enumerate(("today", "yesterday")):
        if typed.fits(name, (today - timedelta(days=back)).isoformat()):
            yield Suggestion(name, name)
    for back in range(2, 8):
        day = today - timedelta(days=back)
        if typed.fits(day.isoformat(), f"{day:%A}"):
            yield Suggestion(f"{day:%A}, {day.isoformat()}", day.isoformat())


@command(example="/digest", private=True)
async def digest(
    request: Request, day: Annotated[str, days] = "", channel: Annotated[str, channels] = "", span: str = ""
) -> Reply:
    """What was said since you last asked, or on a day; moderators see what they may post.

    Args:
        day: a day, such as yesterday or 2026-11-09; left out, since you last asked.
        channel: one channel alone; left out, all that you can read.
        span: a stretch of messages, as a button names it; leave it out.
    """
    if request.person.moderator and not span and not request.place.direct:
        given = {"day": day, "channel": channel}
        return await request.answer(line("post-digest", **{name: value for name, value in given.items() if value}))
    place = await request.venues.workspace_of(request.person, request.place)
    readable = await request.venues.readable(request.person, place)
    only = channel_called(request, place, channel, readable).channel if channel else ""
    window = _window(request, place, day, span)
    reply = own_view(request, place, readable, window, only)
    if not (day or span or only):
        await _note_asked(request, place, window)
    shown = {"channel": only, "span": write_span(window)}
    return replace(reply, line=line("digest", **{name: value for name, value in shown.items() if value}))


def own_view(request: Request, place: Place, readable: Readable, window: Window, only: str = "") -> Reply:
    """What somebody who can read so much missed in this window."""
    digests = request.posting.digests
    today = digests.today()
    wanted = Wanted(place, window, today, request.zone, only, where=YOURS)
    made, card = digests.make(wanted, readable, request.venues.at(place).link)
    if not made.quiet:
        return replace(card, private=True, buttons=(Button("All discussions", "/saved"),))
    since, until = (say_moment(one, request.zone) for one in (window.since, window.until))
    words = QUIET.format(where=" in that channel" if only else "", since=since, until=until, zone=request.zone)
    return Reply("A quiet time", (Note(markdown(words)),), buttons=(Button("All discussions", "/saved"),), private=True)


def day_called(request: Request, text: str) -> date:
    """The local date that somebody names, in the group's zone. Raises BotError."""
    digests = request.posting.digests
    found = moment(text, digests.clock(), ZoneInfo(request.zone))
    if found is None:
        raise BotError(f"“{literal(clip(text, 60))}” is no day that I know. Write it like this: {EXAMPLES}.")
    day = found.astimezone(ZoneInfo(request.zone)).date()
    if day > digests.today():
        raise BotError("That day is still to come. Choose one that has begun.", line="/digest", label="The digest")
    return day


def write_span(window: Window) -> str:
    """A window as an option of a line."""
    times = f"{stamp(window.since)}/{stamp(window.until)}"
    return f"{'t' if window.by_time else 's'}/{window.since_seq}/{window.until_seq}/{times}"


def read_span(text: str) -> Window:
    """The window that `write_span` wrote. Raises BotError."""
    try:
        kind, first, last, since, until = text.split("/")
        times = (datetime.fromisoformat(since), datetime.fromisoformat(until))
        window = Window(int(first), int(last), *times, by_time=kind == "t")
    except ValueError:
        window = None
    if window is None or None in {one.tzinfo for one in (window.since, window.until)}:
        raise BotError("`span` is for buttons. Leave it out.", line="/digest", label="The digest")
    return window


def _window(request: Request, place: Place, day: str, span: str) -> Window:
    digests = request.posting.digests
    if span:
        return read_span(span)
    if day:
        return digests.day_window(day_called(request, day))
    asked = request.settings.get(place.platform, place.workspace, "", f"{ASKED}{request.person.id}")
    if not asked:
        return digests.last_day(place)
    seq, _, at = asked.partition(" ")
    return digests.window_since(int(seq), datetime.fromisoformat(at))


async def _note_asked(request: Request, place: Place, window: Window) -> None:
    """Where the asker's next digest begins."""
    until = f"{window.until_seq} {stamp(window.until)}"
    await request.settings.set(place.platform, place.workspace, "", f"{ASKED}{request.person.id}", until)
