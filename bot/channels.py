"""Channels as people name them in an option: `#kurils`, its id, or how a platform writes a channel into a line."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.asker import Place
from bot.command import Suggestion, Typed, of_what_is_readable
from bot.cutting import clip
from bot.errors import BotError
from bot.nearest import nearest_name
from bot.request import Request
from bot.venue import Readable
from bot.words import literal

_WRITTEN = re.compile(r"<#(\w+)(?:\|[^>]*)?>")
EVERYTHING_KNOWN = 100
MOST_PEOPLE = 25


@of_what_is_readable
def channels(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """This channel, and the others of which something is saved, as far as the asker can read them."""
    if not request.place.direct and typed.fits("here", request.place.channel):
        yield Suggestion("this channel", request.place.channel)
    readable = request.venues.known_readable(request.person, request.place)
    if readable is None:
        return
    for channel, name in request.archive.digest_rows.channels(request.place, readable):
        if channel != request.place.channel and name and typed.fits(name):
            yield Suggestion(f"#{name.removeprefix('#')}", channel)


@of_what_is_readable
def places(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """Channels, and the saved discussions that the asker can read, the latest active first."""
    yield from channels(request, typed)
    readable = request.venues.known_readable(request.person, request.place)
    for one in request.archive.discussions.find(request.place, readable, most=EVERYTHING_KNOWN) if readable else ():
        if one.title and typed.fits(one.title):
            yield Suggestion(f"“{clip(one.title, 80)}”", one.place.thread)


@of_what_is_readable
def people(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """Whoever said something that the asker can read."""
    yield from (Suggestion(one, one) for one in ("me", "readalong") if typed.fits(one))
    readable = request.venues.known_readable(request.person, request.place)
    found = request.archive.people.who_spoke(request.place, readable, typed.text, MOST_PEOPLE) if readable else ()
    for id_, name in found:
        yield Suggestion(name, id_)


def channel_called(request: Request, place: Place, name: str, readable: Readable) -> Place:
    """The channel of the place's workspace that these words name, among those readable so; the place's own for none.

    Raises BotError where there is none.
    """
    wanted = _WRITTEN.sub(r"\1", name.strip()).removeprefix("#")
    if not wanted and place.direct:
        raise BotError("Name a channel, such as `#study-group`, or ask in one.")
    if not wanted or wanted.casefold() == "here":
        return replace(place, thread="", private=False, direct=False)
    known = request.archive.digest_rows.channels(place, readable)
    found = [one for one, called in known if wanted in {one, called} or wanted.casefold() == called.casefold()]
    if not found and wanted in readable.channels:
        found = [wanted]
    if not found:
        nearest = nearest_name(wanted, [called for _, called in known if called])
        hint = f"Did you mean `#{literal(nearest)}`?" if nearest else "Give its name or its id, or ask in it."
        raise BotError(f"There is no channel “{literal(clip(wanted, 60))}” that you can read here. {hint}")
    return Place(place.platform, place.workspace, found[0])


async def title_of(request: Request, place: Place) -> str:
    """What a channel is called, for a button or a sentence; its id where the platform does not say."""
    try:
        return f"#{(await request.venues.at(place).title(place)).removeprefix('#')}"
    except BotError:
        raise
    except Exception:  # noqa: BLE001 - its id says it too
        return f"#{place.channel}"
