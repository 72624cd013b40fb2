"""/retention: how long the group keeps what was said; older messages are erased, once a moderator has seen how many."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from bot.command import Suggestion, Typed, command
from bot.cutting import clip
from bot.errors import Misused
from bot.grammar import line
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import literal, markdown

CHOICES = ("forever", "3 months", "6 months", "1 year", "2 years")
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
LONGEST = 100 * DAYS["year"]
ASK = (
    "Messages of all saved discussions here that are older than {keep} are erased, now and every day: {count} today. "
    "Threads keep their place, and their titles while something in them stands. **It can't be undone.**"
)
KEPT = "Saved messages here are kept for {keep}, then erased."
FOREVER = "Saved messages here are kept for ever, unless somebody deletes or erases them."

_KEEP = re.compile(r"(\d{1,5})\s*(day|week|month|year)s?", re.IGNORECASE)


def periods(_: Request, typed: Typed) -> Iterator[Suggestion]:
    """Periods in words."""
    yield from (Suggestion(one, one) for one in CHOICES if typed.fits(one))


@command(example="/retention 1 year", moderators=True, private=True)
async def retention(request: Request, keep: Annotated[str, periods] = "", sure: Literal["", "yes", "no"] = "") -> Reply:
    """How long saved messages are kept; older ones are erased.

    Args:
        keep: forever, or a period such as 90 days, 6 months, 1 year; left out, it shows what holds.
        sure: yes does it without asking first.
    """
    rules, place = request.archive.retention, await request.venues.workspace_of(request.person, request.place)
    if not keep:
        days = rules.days(place)
        now_kept = KEPT.format(keep=_said(days)) if days else FOREVER
        return _reply("How long messages are kept", f"{now_kept} Change it with `/retention 1 year`, for example.")
    days = _days(keep)
    if days and sure != "yes" and (not rules.days(place) or days < rules.days(place)):
        words = ASK.format(keep=_said(days), count=f"{await rules.older(place, days):,}")
        button = Button(f"Erase what is older than {_said(days)}", line("retention", keep=keep, sure="yes"), once=True)
        return _reply("Erase what is old?", words, button)
    await rules.keep(place, days)
    await request.archive.audit.note(place, request.person, f"keep for {_said(days)}", "")
    return _reply("How long messages are kept", KEPT.format(keep=_said(days)) if days else FOREVER)


def _days(keep: str) -> int:
    """The days of a period as it is typed; 0 for ever. Raises Misused."""
    wanted = keep.strip().casefold()
    if wanted in {"forever", "for ever", "always"}:
        return 0
    found = _KEEP.fullmatch(wanted)
    days = int(found[1]) * DAYS[found[2].casefold()] if found else 0
    if not 1 <= days <= LONGEST:
        raise Misused(f"“{literal(clip(keep, 40))}” is no period. Write forever, or for example 90 days or 1 year.")
    return days


def _said(days: int) -> str:
    for name in ("year", "month", "week"):
        number, rest = divmod(days, DAYS[name])
        if days and not rest:
            return f"{number} {name}{'' if number == 1 else 's'}"
    return f"{days} day{'' if days == 1 else 's'}" if days else "ever"


def _reply(title: str, words: str, *buttons: Button) -> Reply:
    return Reply(title, (Note(markdown(words)),), buttons=buttons, private=True)
