"""/schedule: when digests are posted by themselves, and where."""

import re
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.archive.runs import Run, State
from bot.archive.schedules import Schedule
from bot.asker import Place
from bot.channels import channel_called, channels, title_of
from bot.command import Suggestion, Typed, command
from bot.cutting import clip
from bot.digest.due import next_due
from bot.errors import BotError
from bot.grammar import line
from bot.nearest import nearest_name
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.times import say_moment
from bot.venue import Readable
from bot.weekdays import days_called, say_days
from bot.words import literal, markdown

_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
NONE = "No digest is posted by itself here. `/schedule digest at:09:00` in a channel has one posted there each day."
CONFIGURED = "That one stands in config.toml, under `[digest]`. Whoever runs this bot can change it there."


def zones(_: Request, typed: Typed) -> list[Suggestion]:
    """The time zones whose name holds what was typed."""
    return [Suggestion(name, name) for name in sorted(available_timezones()) if "/" in name and typed.fits(name)]


@command(example="/schedule list", moderators=True, private=True)
async def schedule(  # noqa: PLR0913, PLR0917 - each is an option
    request: Request,
    what: Literal["", "digest", "list", "stop"] = "",
    at: str = "",
    zone: Annotated[str, zones] = "",
    days: str = "",
    in_: Annotated[str, channels] = "",
    covers: Literal["", "group", "channel"] = "",
) -> Reply:
    """When digests are posted by themselves: set one up, list them, stop one.

    Args:
        what: digest sets one up, stop ends the one of a channel; left out, all are listed.
        at: the time of day, such as 09:00.
        zone: whose clock that is, such as Asia/Tokyo; left out, the group's.
        days: which days, such as mon-fri or sat, sun; left out, every day.
        in_: the channel to post it in; left out, this one.
        covers: group for all that everybody there can read, channel for that channel alone.
    """
    place = await request.venues.workspace_of(request.person, request.place)
    readable = await request.venues.readable(request.person, place)
    if what in {"", "list"} and not at:
        return await _list(request, place, readable)
    where = channel_called(request, place, in_, readable)
    there = request.archive.schedules.of(where)
    if there and there.origin == "config":
        raise BotError(CONFIGURED, line="/schedule what:list", label="List them")
    if what == "stop":
        return await _stopped(request, where, there)
    chosen = _days(days)
    made = Schedule(
        where,
        _time(at),
        _zone(zone) if zone else request.zone,
        chosen,
        where.channel if covers == "channel" else "group",
        made_by=request.person.id,
    )
    await request.venues.audience(where)
    await request.archive.schedules.set(made)
    await request.archive.audit.note(where, request.person, "schedule digest", where.channel)
    stop = Button("Undo", line("schedule", what="stop", **{"in": where.channel}), once=True)
    words = f"{await _said(request, made)} Nothing is posted on a day when nothing was said."
    return Reply("Digest scheduled", (Note(markdown(words)),), buttons=(stop, _LIST), private=True)


_LIST = Button("All of them", line("schedule", what="list"))


async def _stopped(request: Request, where: Place, there: Schedule | None) -> Reply:
    title = literal(await title_of(request, where))
    if there is None or not await request.archive.schedules.stop(where):
        raise BotError(f"No digest is posted by itself in {title}.", line="/schedule what:list", label="List them")
    await request.archive.audit.note(where, request.person, "stop digest", where.channel)
    again = {
        "what": "digest",
        "at": f"{there.at:%H:%M}",
        "zone": there.zone,
        "days": say_days(there.days).replace("every day", "daily"),
        "in": where.channel,
        "covers": "group" if there.covers == "group" else "channel",
    }
    undo = Button("Schedule it again", line("schedule", **again), once=True)
    words = f"No digest is posted by itself in {title} any more. What was posted stays."
    return Reply("Digest stopped", (Note(markdown(words)),), buttons=(undo, _LIST), private=True)


async def _list(request: Request, place: Place, readable: Readable) -> Reply:
    found = [one for one in request.archive.schedules.within(place) if one.place.channel in readable.channels]
    if not found:
        return Reply("Scheduled digests", (Note(markdown(NONE)),), private=True)
    parts = []
    for one in found:
        origin = " It stands in config.toml." if one.origin == "config" else ""
        last = request.archive.runs.last(one.place)
        words = f"{await _said(request, one)}{origin}{f' {_became(last)}' if last else ''}"
        parts.append(Note(markdown(words)))
    intro = Note(markdown(f"{len(found)} that you can read, in the order in which they were set up."))
    return Reply("Scheduled digests", (intro, *parts), private=True)


async def _said(request: Request, one: Schedule) -> str:
    """What a schedule does and when next, in our Markdown."""
    where = literal(await title_of(request, one.place))
    covers = "all that everybody there can read" if one.covers == "group" else "that channel alone"
    upcoming = next_due(one, request.posting.digests.clock())
    then = f" Next: {say_moment(upcoming, one.zone)}." if upcoming else ""
    return f"**{where}**: {say_days(one.days)} at {one.at:%H:%M}, {literal(one.zone)}, of {covers}.{then}"


def _became(run: Run) -> str:
    """What became of the last one."""
    day = run.day.isoformat()
    match run.state:
        case State.POSTED:
            return f"The one of {day} was posted."
        case State.SKIPPED | State.FAILED:
            how = "was skipped" if run.state is State.SKIPPED else "could not be posted"
            return f"The one of {day} {how}: {literal(run.why.rstrip('.'))}."
        case _:
            return f"The one of {day} is being posted."


def _time(text: str) -> time:
    found = _TIME.fullmatch(text.strip())
    half = (found[3] or "").casefold() if found else ""
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if not hour < 24 or not minute < 60:
        shown = f" “{literal(clip(text, 20))}” is none." if text else ""
        raise BotError(f"Say at what time of day, such as `/schedule digest at:09:00`.{shown}")
    return time(hour, minute)


def _days(text: str) -> frozenset[int]:
    found = days_called(text)
    if found is None:
        words = f"“{literal(clip(text, 40))}” names no days of the week. Write `mon-fri`, `sat, sun` or `daily`."
        raise BotError(words)
    return found


def _zone(text: str) -> str:
    wanted = text.strip().replace(" ", "_")
    by_name = {name.casefold(): name for name in available_timezones()}
    if name := by_name.get(wanted.casefold()):
        return name
    try:
        return ZoneInfo(wanted).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        nearest = nearest_name(wanted, by_name.values()) or next(
            (name for name in by_name.values() if name.casefold().endswith(f"/{wanted.casefold()}")), ""
        )
        hint = f"Did you mean `{nearest}`?" if nearest else "Zones are called like `Asia/Tokyo`."
        raise BotError(f"There is no time zone “{literal(clip(text, 40))}”. {hint}") from None
