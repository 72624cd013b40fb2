"""/post-digest: a moderator sees the digest as it would be posted, leaves things out, and posts it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from bot.archive.runs import Run, State
from bot.asker import Place
from bot.channels import channel_called, title_of
from bot.command import command
from bot.cutting import clip
from bot.errors import BotError
from bot.grammar import line
from bot.reply import LONGEST_LABEL, Button, FromMember, Note, Part, Reply
from bot.request import Request
from bot.values import value
from bot.venue import Readable
from bot.words import literal, markdown, verbatim
from commands.digest import day_called, read_span, write_span

if TYPE_CHECKING:
    from bot.digest.building import Digest, Line

PER_PAGE = 6
PREVIEW = "Only you see this. *Post* shows it to everybody in {where}; it holds what all of them can read, and no more."
NOTHING = "Nothing was said that everybody there can read. Such a digest is not posted by itself; you may post it."
CHOOSE = "Press what is to be left out; you see the digest again before anything is posted."
ELSEWHERE = (
    "Choose a channel; you see the digest as everybody there can read it before anything is posted. Others by name: "
    "`/readalong post-digest to:#channel`."
)
ALREADY = "The digest of {day} was posted in {where} already. This is what came since."


@value
class Draft:
    """What a moderator is looking at: the run that would be posted, and the options of the line that shows it."""

    run: Run
    given: dict[str, str]

    def line(self, **more: str) -> str:
        """The line that shows it with other options."""
        given = {**self.given, **more}
        return line("post-digest", **{name: value for name, value in given.items() if value})


@command(example="/post-digest", moderators=True, native=False, private=True)
async def post_digest(  # noqa: PLR0913, PLR0917 - each is an option of the line that a button carries
    request: Request,
    to: str = "",
    day: str = "",
    channel: str = "",
    span: str = "",
    without: str = "",
    do: Literal["", "choose", "elsewhere", "post"] = "",
    first: int = 1,
) -> Reply:
    """The digest as it would be posted, with buttons that post it.

    Args:
        to: the channel to post it in; left out, this one.
        day: a day that is over, to look back at; left out, since the last digest there.
        channel: one channel alone; left out, all that everybody there can read.
        span: a stretch of messages, as a button names it; leave it out.
        without: what is left out, as buttons name it.
        do: choose what to leave out, post it elsewhere, or post it.
        first: the first item to choose from.
    """
    place = await request.venues.workspace_of(request.person, request.place)
    readable = await request.venues.readable(request.person, place)
    given = {"to": to, "day": day, "channel": channel, "span": span, "without": without}
    draft = _draft(request, place, readable, given)
    if do == "elsewhere":
        return await _elsewhere(request, draft, place, readable)
    if do == "post":
        return await _posted(request, draft)
    made, card = await request.posting.made(draft.run)
    if do == "choose":
        return _choose(made, draft, first)
    return await _preview(request, draft, made, card)


@command(example="/posted-digest", native=False, private=True)
async def posted_digest(request: Request, mark: str = "", whose: Literal["", "ours", "mine"] = "") -> Reply:
    """The digests that were posted here, or one of them again.

    Args:
        mark: which, as a button names it; left out, a list.
        whose: mine shows what you can read, ours what was posted; left out, that.
    """
    place = await request.venues.workspace_of(request.person, request.place)
    readable = await request.venues.readable(request.person, place)
    if not mark:
        return _list(request, place, readable)
    run = request.archive.runs.marked(place, mark)
    if run is None or run.place.channel not in readable.channels:
        raise BotError("There is no such digest that you can read here.", line="/posted-digest", label="The digests")
    digests, link = request.posting.digests, request.venues.at(place).link
    shown = readable if whose == "mine" else await request.venues.audience(run.place)
    _, card = digests.make(digests.of_run(run), shown, link)
    given = {"mark": mark, "whose": whose}
    again = line("posted-digest", **{name: value for name, value in given.items() if value})
    return replace(card, private=True, buttons=(Button("What did I miss?", "/digest"),), line=again)


def _draft(request: Request, place: Place, readable: Readable, given: dict[str, str]) -> Draft:
    digests = request.posting.digests
    where = channel_called(request, place, given["to"], readable)
    if where.channel not in readable.channels:
        raise BotError("You can post a digest only where you can read. Choose another channel.")
    schedule = request.archive.schedules.of(where)
    zone = schedule.zone if schedule else request.zone
    only = channel_called(request, place, given["channel"], readable).channel if given["channel"] else ""
    covers = only or (schedule.covers if schedule else "group")
    today = digests.today(zone)
    day = day_called(request, given["day"]) if given["day"] else today
    window = read_span(given["span"]) if given["span"] else digests.next_window(where)
    run = Run(where, day, zone, digests.clock(), covers=covers, left_out=given["without"], posted_by=request.person.id)
    if not run.look_back:
        run = replace(run, window=window)
    kept = {"to": where.channel, "day": given["day"] and day.isoformat(), "channel": only, "without": given["without"]}
    return Draft(run, {**kept, "span": "" if run.look_back else write_span(window)})


async def _preview(request: Request, draft: Draft, made: "Digest", card: Reply) -> Reply:
    where = await title_of(request, draft.run.place)
    there = request.archive.runs.of(draft.run.place, draft.run.day)
    notes = [markdown(PREVIEW.format(where=literal(where)))]
    buttons = [Button(clip(f"Post to {where}", LONGEST_LABEL), draft.line(do="post"), once=True)]
    if made.quiet:
        notes.append(markdown(NOTHING))
    if there and there.state is State.POSTED:
        notes = [verbatim(ALREADY.format(day=f"{draft.run.day.day} {draft.run.day:%B}", where=where))]
        buttons = [Button("What was posted", line("posted-digest", mark=there.mark))]
    buttons.append(Button("Post elsewhere", draft.line(do="elsewhere")))
    if not made.quiet:
        buttons.append(Button("Leave out ...", draft.line(do="choose")))
    parts = (*map(Note, notes), *card.parts)
    return replace(card, parts=parts, buttons=tuple(buttons), private=True, line=draft.line())


def _choose(made: "Digest", draft: Draft, first: int) -> Reply:
    """Everything that is shown, numbered, with a button each."""
    from bot.digest.building import Talk  # noqa: PLC0415 - most starts make no digest

    groups = (made.questions, made.active, made.new, made.remarks, made.earlier)
    items: dict[str, Line] = {}
    for one in (item for group in groups for item in group.shown):
        said = (one.opened or one.line) if isinstance(one, Talk) else one
        if said:
            items.setdefault(one.item, said)
    shown = list(items.items())[first - 1 : first - 1 + PER_PAGE]
    without = draft.given["without"]
    parts: list[Part] = [
        Note(markdown(CHOOSE)),
        *(_item(number, said) for number, (_, said) in enumerate(shown, first)),
    ]
    buttons = [
        Button(f"Leave out {number}", draft.line(without=f"{without} {item}".strip()))
        for number, (item, _) in enumerate(shown, first)
    ]
    if len(items) > first - 1 + PER_PAGE:
        more = draft.line(do="choose") + f" first:{first + PER_PAGE}"
        buttons.append(Button(f"More of {len(items)}", more))
    buttons.append(Button("Back", draft.line()))
    if not shown:
        parts.append(Note(verbatim("There is nothing more to leave out.")))
    return Reply("Leave out", tuple(parts), buttons=tuple(buttons), private=True, line=draft.line(do="choose"))


def _item(number: int, said: "Line") -> FromMember:
    when = datetime.fromisoformat(said.at) if said.at else datetime.fromtimestamp(0, UTC)
    return FromMember(verbatim(clip(said.words, 100) or "A discussion"), said.name or "A member", when, "", f"{number}")


async def _elsewhere(request: Request, draft: Draft, place: Place, readable: Readable) -> Reply:
    known = dict(request.archive.digest_rows.channels(place, readable))
    scheduled = [one.place.channel for one in request.archive.schedules.within(place)]
    chosen = [one for one in dict.fromkeys((*scheduled, *known)) if one in readable.channels]
    buttons = tuple(
        Button(clip(f"#{known.get(one) or one}", LONGEST_LABEL), draft.line(to=one, span=""))
        for one in chosen
        if one != draft.run.place.channel
    )[:PER_PAGE]
    note = Note(markdown(ELSEWHERE))
    return Reply("Post elsewhere", (note,), buttons=(*buttons, Button("Back", draft.line())), private=True)


async def _posted(request: Request, draft: Draft) -> Reply:
    run = await request.posting.by_hand(draft.run)
    await request.archive.audit.note(run.place, request.person, "post digest", run.place.channel)
    link = request.venues.at(run.place).link(run.place, run.message)
    where = await title_of(request, run.place)
    words = f"It is posted in {literal(where)}" + (f": {literal(link)}" if link else "") + "."
    return Reply("Digest posted", (Note(markdown(words)),), private=True)


def _list(request: Request, place: Place, readable: Readable) -> Reply:
    runs = [one for one in request.archive.runs.posted(place, 20) if one.place.channel in readable.channels][:10]
    if not runs:
        words = "No digest was posted yet that you can read here. `/digest` shows what was said."
        return Reply("Posted digests", (Note(markdown(words)),), private=True)
    known = dict(request.archive.digest_rows.channels(place, readable))
    names = {one.mark: f"{one.day.isoformat()} #{known.get(one.place.channel) or one.place.channel}" for one in runs}
    notes = (Note(verbatim(name)) for name in names.values())
    buttons = [
        Button(clip(name, LONGEST_LABEL), line("posted-digest", mark=mark)) for mark, name in list(names.items())[:7]
    ]
    intro = Note(verbatim(f"{len(runs)} that you can read here, newest first."))
    return Reply("Posted digests", (intro, *notes), buttons=tuple(buttons), private=True)
