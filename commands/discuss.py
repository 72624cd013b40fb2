"""/discuss: open a thread on a passage or a topic, and have it saved."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Literal

from bot.archive.events import Author
from bot.asker import Person, Place
from bot.command import Suggestion, Typed, command
from bot.cutting import clip
from bot.discussion_cards import LONGEST_TITLE, Subject, no_such_subject, opening_card, subject_of
from bot.errors import BotError
from bot.grammar import line
from bot.nearest import nearest_name
from bot.readings.model import Reading
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import Block, Run, Words

IN_THREAD = (
    "This is a thread already. Type `/discuss` in the channel to open another; a moderator has this one saved with "
    "`/readalong save`, on Slack `@readalong save`."
)
IN_DIRECT = "Discussions are for the group: type `/discuss` in a channel. What is said between us is never saved."
OUT = "You chose not to be saved, so you can't open a saved discussion. `/privacy in` takes that back."


def subjects(request: Request, typed: Typed) -> Iterator[Suggestion]:
    """Passages and topics whose number, title, name or alias holds what was typed."""
    for passage in request.reading.passages:
        label = f"{passage.label} {passage.title}"
        if not passage.caption and typed.fits(label):
            yield Suggestion(label, f"¶{passage.number}")
    for topic in request.reading.topics.values():
        if typed.fits(topic.title, topic.name, *topic.aliases):
            yield Suggestion(topic.title, topic.name)


@command(example="/discuss ¶3", private=True)
async def discuss(
    request: Request, about: Annotated[str, subjects] = "", title: str = "", preview: Literal["", "yes", "no"] = ""
) -> Reply:
    """Open a thread on a passage or a topic; what is said in it is saved.

    Args:
        about: a passage's number, or a topic; left out, the whole reading.
        title: what the thread is called; left out, what it is about.
        preview: yes shows the opening card to you alone, with a button that opens the thread.
    """
    check_may_open(request.person, request.place, request)
    subject, said = _understood(request.reading, about, title)
    called = clip(" ".join((said or subject.name).split()), LONGEST_TITLE)
    card = opening_card(subject, called)
    if preview == "yes":
        return _previewed(card, subject, called)
    return await _opened(request, subject, called, await request.buttons.keep(card, request.person, request.place))


def check_may_open(person: Person, place: Place, request: Request) -> None:
    """Raises BotError where no discussion can be opened, with what to do instead."""
    if place.direct:
        raise BotError(IN_DIRECT)
    if place.thread:
        raise BotError(IN_THREAD, **({"line": "/save", "label": "Save this discussion"} if person.moderator else {}))
    if request.archive.privacy.is_out(place.platform, person.id):
        raise BotError(OUT, line="/privacy choice:in", label="Be saved again")


def _understood(reading: Reading, about: str, title: str) -> tuple[Subject, str]:
    """What `about` names, and the title. What follows a passage's number there, or is a sentence, is the title."""
    if subject := subject_of(reading, about):
        return subject, title
    first, _, rest = about.partition(" ")
    subject = subject_of(reading, first)
    if title or not rest or (subject is None and nearest_name(about, reading.topics)):
        raise no_such_subject(reading, about, "discuss")
    return (subject, rest) if subject else (Subject(reading), about)


def _previewed(card: Reply, subject: Subject, title: str) -> Reply:
    given = {"about": subject.line, "title": title}
    opening = line("discuss", **{name: value for name, value in given.items() if value})
    open_it = Button("Open this discussion", opening, once=True)
    return replace(card, buttons=(open_it, *card.buttons), private=True)


async def _opened(request: Request, subject: Subject, title: str, card: Reply) -> Reply:
    archive, person = request.archive, request.person
    venue = request.venues.at(request.place)
    first = await venue.open_thread(request.place, title, card)
    await archive.discussions.keep(first.place, title, Author(person.id, person.name), subject.anchor)
    await archive.discussions.call_channel(first.place, await venue.title(replace(first.place, thread="")))
    await archive.capture.save(first)
    await request.venues.read_back(first.place)
    opened = Block((Run("The discussion “"), Run(title, url=venue.link(first.place)), Run("” is open and saved.")))
    return Reply(
        "Discussion opened", (Note(Words((opened,))),), buttons=(Button("All discussions", "/saved"),), private=True
    )
