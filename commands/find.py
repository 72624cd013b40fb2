"""/find: what was said in the saved discussions, as far as the asker can read it; shared, as far as everybody can."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from bot.archive.conditions import Scope
from bot.archive.query import Known, Query, parse
from bot.archive.search import RANKED, Found, Hit, Order, Page
from bot.asker import Place
from bot.channels import people, places
from bot.command import WORDS, Suggestion, Typed, command
from bot.cutting import ELLIPSIS, clip, excerpt
from bot.discussion_cards import UNTITLED
from bot.errors import BotError
from bot.grammar import line
from bot.readings.model import Reading
from bot.reply import LONGEST_LABEL, Button, FromMember, Note, Part, Reply
from bot.request import Request
from bot.times import now
from bot.venue import Readable
from bot.words import Words, literal, markdown, verbatim

MOST = 10
LONGEST = 300  # characters of a message in the list
LONGEST_TITLE = 80
MOST_HINTS = 4
NOTHING = "Nothing that you can read fits. What was searched: the saved discussions and remarks, by their words."
NOTHING_SAVED = (
    "Nothing that you can read is saved here yet. `/discuss` in a channel opens a discussion that is saved; a "
    "moderator has an existing thread saved with `/readalong save` in it, on Slack `@readalong save`."
)
NOT_FOR_ALL = "Nothing of that can be read by everybody here, so nothing was posted."
TOO_LONG = "It took too long to look through everything. Narrow it with `in:`, `from:` or `after:`."
NO_FURTHER = "That was all: nothing that you can read comes after it."
HURRIED = "It took too long to look through everything, so these are the newest. Narrow it: `in:`, `from:` or `after:`."
LEFT_OUT = "What not everybody here can read is left out."
_DAYS = ("today", "yesterday", "this week", "last week", "this month", "last month")


def days(_: Request, typed: Typed) -> Iterator[Suggestion]:
    """Days in words."""
    yield from (Suggestion(day, day) for day in _DAYS if typed.fits(day))


def reading_names(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """The readings whose title or slug holds what was typed."""
    for slug, reading in request.library.readings.items():
        if typed.fits(slug, reading.title, reading.short_title):
            yield Suggestion(reading.short_title, slug)


def passages(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """The passages of the reading that is given, else of the one in use, whose number or title holds what was typed."""
    reading = request.library.find(str(typed.given.get("reading", ""))) or request.reading
    for passage in reading.passages:
        label = f"{passage.label} {passage.title}"
        if not passage.caption and typed.fits(label):
            yield Suggestion(label, f"¶{passage.number}")


@command(example='/find treaty after:"last week"', private=True)
async def find(  # noqa: PLR0913, PLR0917 - each is an option
    request: Request,
    words: Annotated[str, WORDS] = "",
    from_: Annotated[str, people] = "",
    in_: Annotated[str, places] = "",
    after: Annotated[str, days] = "",
    before: Annotated[str, days] = "",
    reading: Annotated[str, reading_names] = "",
    passage: Annotated[str, passages] = "",
    has: Literal["", "link", "file", "quote", "reaction"] = "",
    order: Literal["", "newest", "best"] = "",
    past: str = "",
    share: Literal["", "yes", "no"] = "",
) -> Reply:
    """What was said in the saved discussions, as far as you can read it.

    Args:
        words: words, "words side by side", beginnings such as treat*, -words to leave out; none for the newest.
        from_: who said it: a name, me, or readalong.
        in_: the channel or thread: its name, or here.
        after: from then on: 2026-11-01, yesterday, monday, last week, 3 days ago, in the group's time zone.
        before: until then, that day not included.
        reading: what is about this reading, or quotes it.
        passage: what is about this passage, or quotes it, by its number.
        has: a link, a file, a quotation of the reading, or a reaction.
        order: newest or best first; left out, best for words, else newest.
        past: the message after which the list goes on, as its button names it.
        share: yes posts what everybody here can read, for everybody.
    """
    given = {"from": from_, "in": in_, "after": after, "before": before, "reading": reading, "passage": passage}
    query = parse(words, _known(request), {**given, "has": has})
    place = await request.venues.workspace_of(request.person, request.place)
    readable = await request.venues.readable(request.person, place)
    shared = share == "yes" and not place.direct
    if shared:
        readable = _both(readable, await request.venues.audience(place))
    scope = Scope(place, readable, request.person.id)
    found = await request.archive.search.find(query, scope, Page(MOST, Order(order) if order else None, past))
    if found.hurried and not found.hits:
        raise BotError(TOO_LONG)
    if shared and not found.hits:
        raise BotError(NOT_FOR_ALL)
    if not found.hits and not past:
        return await _nothing(request, query, scope)
    if not found.hits:
        raise BotError(NO_FURTHER)
    parts = (_intro(request, found, shared=shared, past=past), *_parts(request, found))
    buttons = tuple(_buttons(query, found, place, past, shared=shared))
    return Reply(_title(query), parts, buttons=buttons, private=not shared)


def _known(request: Request) -> Known:
    """What the words are read against; where no reading could be loaded, only a passage is missed."""
    in_use: Reading | None
    try:
        in_use = request.reading
    except BotError:
        in_use = None
    return Known(now(), request.library, in_use, ZoneInfo(request.zone))


def _both(one: Readable, other: Readable) -> Readable:
    return Readable(one.channels & other.channels, one.private_threads & other.private_threads)


def _title(query: Query) -> str:
    typed = " ".join([*(term.typed for term in query.terms), *(f"{key}:{value}" for key, value in query.typed)])
    return clip(f"Find: {typed}", LONGEST_TITLE) if typed else "The newest messages"


def _intro(request: Request, found: Found, *, shared: bool, past: str) -> Note:
    """How many of how many, in what order, who can read it, and what was left out."""
    total = f"more than {found.total:,}" if found.more else f"{found.total:,}"
    order = "newest first" if found.order is Order.NEWEST else "best first"
    if found.order is Order.BEST and (found.more or found.total > RANKED):
        order = f"the best of the newest {RANKED:,} first"
    shown = f"The next {len(found.hits)}" if past else f"{len(found.hits)}"
    who = "everybody here" if shared else "you"
    said = f"{shown} of {total}, {order}, in channels that {who} can read."
    more = [f"Shared by {literal(request.person.name)}. {LEFT_OUT}"] if shared else []
    return Note(markdown(" ".join([said, *more, *([HURRIED] if found.hurried else [])])))


def _parts(request: Request, found: Found) -> Iterator[Part]:
    for hit in found.hits:
        link = request.venues.at(hit.place).link(hit.place, hit.message)
        yield FromMember(_cut(hit), hit.author, datetime.fromisoformat(hit.written_at), link, _where(hit))


def _cut(hit: Hit) -> Words:
    """The message around the first word that was looked for."""
    text = hit.text or "(no words)"
    start, end = excerpt(text, hit.marks[0][0] if hit.marks else 0, LONGEST)
    before, after = ELLIPSIS if start else "", ELLIPSIS if end < len(text) else ""
    shift = len(before) - start
    inside = [
        (max(one, start) + shift, min(until, end) + shift) for one, until in hit.marks if one < end and until > start
    ]
    return verbatim(f"{before}{text[start:end].rstrip() if after else text[start:end]}{after}", inside)


def _where(hit: Hit) -> str:
    """`#kurils > "Does 1956 still bind anyone?"`, as far as it is known."""
    channel = f"#{hit.channel.removeprefix('#')}" if hit.channel else ""
    title = f"“{hit.title or UNTITLED}”" if hit.place.thread else ""
    return " > ".join(filter(None, [channel, title]))


def _buttons(query: Query, found: Found, place: Place, past: str, *, shared: bool) -> Iterator[Button]:
    shown = {**query.options, "order": found.order.value}
    if found.past:
        yield Button("Older" if found.order is Order.NEWEST else "More", line("find", **shown, past=found.past))
    if query.wanted:
        other = Order.BEST if found.order is Order.NEWEST else Order.NEWEST
        yield Button(f"{other.value.capitalize()} first", line("find", **{**shown, "order": other.value}))
    if not place.direct and not shared:
        here = {"past": past} if past else {}
        yield Button("Share", line("find", **shown, **here, share="yes"), public=True)


async def _nothing(request: Request, query: Query, scope: Scope) -> Reply:
    """What was searched, and what to leave out so that something is found."""
    if not query.terms and not query.typed:
        return Reply("The newest messages", (Note(markdown(NOTHING_SAVED)),), private=True)
    hints = (await request.archive.search.without(query, scope))[:MOST_HINTS]
    said = "; ".join(f"{_several(count)} without “{literal(_named(query, what))}”" for what, count in hints)
    words = f"{NOTHING} There is something else: {said}." if hints else NOTHING
    buttons = [_leaving_out(query, what) for what, _ in hints] or [Button("The newest messages", "/find")]
    return Reply(_title(query), (Note(markdown(words)),), buttons=tuple(buttons), private=True)


def _leaving_out(query: Query, what: str) -> Button:
    return Button(clip(f"Without {_named(query, what)}", LONGEST_LABEL), line("find", **query.without(what).options))


def _named(query: Query, what: str) -> str:
    """A filter as it was typed, or the term itself."""
    return " ".join(f"{key}:{value}" for key, value in query.typed if key == what) or what


def _several(count: int) -> str:
    return f"{RANKED:,} messages or more" if count >= RANKED else "one message" if count == 1 else f"{count:,} messages"
