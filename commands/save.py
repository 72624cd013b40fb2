"""/save and /unsave: which threads and channels are saved is the moderators' choice."""

from dataclasses import replace
from typing import Annotated, Literal

from bot.archive.events import Author, Said
from bot.asker import Place
from bot.command import command, message_action
from bot.cutting import clip
from bot.discussion_cards import LONGEST_TITLE, NOTICE, Subject, no_such_subject, subject_of
from bot.errors import BotError
from bot.grammar import line
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import markdown, verbatim
from commands.discuss import IN_DIRECT, subjects

ALL = "Saved discussions"
CHANNEL_NOTICE = (
    "From now on what is said in this channel and its threads is saved, so that the group can find it again: by whom, "
    "when, with edits and deletions. Whoever can read it here can find it later, and nobody else. `/privacy out` keeps "
    "what you say out of it."
)
STOPPED = (
    "Nothing more of it is saved from now on. What was saved stays, for whoever can read it here; deletions and edits "
    "of it are followed. Threads that were saved by themselves still are."
)
WHOLE = "The whole channel is saved, and this with it. `/unsave what:channel` stops that."
WHOLE_CHANNEL = (
    "This saves **everything** that is said from now on in this channel and its threads, and says so here. To save one "
    "thread alone, type `/readalong save` in it, on Slack `@readalong save`."
)


@command(example="/save about:¶3", moderators=True, private=True)
async def save(
    request: Request, about: Annotated[str, subjects] = "", what: Literal["", "thread", "channel"] = ""
) -> Reply:
    """Save this thread from its beginning, or this channel from now on.

    Args:
        about: the passage or topic that the thread is about; left out, the whole reading.
        what: the thread that this is typed in, or the whole channel.
    """
    place = request.place
    if place.direct:
        raise BotError(IN_DIRECT)
    if what == "channel" or not place.thread:
        return await _save_channel(request, replace(place, thread="", private=False), sure=what == "channel")
    subject = subject_of(request.reading, about)
    if subject is None:
        raise no_such_subject(request.reading, about, "save")
    return await _save_thread(request, place, subject)


@command(example="/unsave", moderators=True, private=True)
async def unsave(request: Request, what: Literal["", "thread", "channel"] = "") -> Reply:
    """Save nothing more of this thread or channel; what was saved stays.

    Args:
        what: the thread that this is typed in, or the whole channel.
    """
    place = request.place if what != "channel" else replace(request.place, thread="", private=False)
    discussions = request.archive.discussions
    if not discussions.is_marked(place):
        words = WHOLE if discussions.keeps(place) else "This is not being saved. `/saved` lists what is."
        return Reply("Nothing to stop", (Note(markdown(words)),), buttons=(Button(ALL, "/saved"),), private=True)
    await discussions.stop(place)
    await request.archive.audit.note(place, request.person, "unsave", place.thread or place.channel)
    undo = Button("Save it again", line("save", what="thread" if place.thread else "channel"), once=True)
    words = WHOLE if discussions.keeps(place) else STOPPED
    return Reply("Not saved any more", (Note(markdown(words)),), buttons=(undo,), private=True)


@message_action(label="Save this discussion", moderators=True)
async def save_discussion(request: Request, said: Said) -> Reply:
    """Save the thread that a message is in, or that it opened."""
    place = said.place if said.place.thread else replace(said.place, thread=said.id)
    if place.direct:
        raise BotError(IN_DIRECT)
    return await _save_thread(request, place, Subject(request.reading))


async def _save_thread(request: Request, place: Place, subject: Subject) -> Reply:
    archive, venue = request.archive, request.venues.at(place)
    if archive.discussions.is_marked(place):
        raise BotError("This discussion is saved already. `/saved` lists all.", line="/saved", label=ALL)
    title = clip(" ".join((await venue.title(place)).split()), LONGEST_TITLE)
    notice = await venue.post(place, _notice(NOTICE))  # where the bot may not say so, nothing is saved
    person = request.person
    by = None if archive.privacy.is_out(place.platform, person.id) else Author(person.id, person.name)
    await archive.discussions.keep(place, title, by, subject.anchor)
    await archive.discussions.call_channel(place, await venue.title(replace(place, thread="", private=False)))
    await archive.audit.note(place, person, "save", place.thread)
    await request.venues.read_back(place)
    await archive.capture.save(notice)
    words = "It is saved from its beginning; reading back what was said before may take a while."
    return Reply("Discussion saved", (Note(verbatim(words)),), buttons=(_undo(place),), private=True)


async def _save_channel(request: Request, place: Place, *, sure: bool) -> Reply:
    if request.archive.discussions.is_marked(place):
        raise BotError("This channel is saved already. `/unsave` stops that.", line="/saved", label=ALL)
    if not sure:
        button = Button("Save this channel", line("save", what="channel"), once=True)
        return Reply("Save a whole channel?", (Note(markdown(WHOLE_CHANNEL)),), buttons=(button,), private=True)
    archive, venue = request.archive, request.venues.at(place)
    name = await venue.title(place)
    notice = await venue.post(place, _notice(CHANNEL_NOTICE))
    await archive.discussions.keep_channel(place, name)
    await archive.audit.note(place, request.person, "save", place.channel)
    await request.venues.read_back(place)
    await archive.capture.save(notice)
    words = "What is said here and in its threads is saved from now on."
    return Reply("Channel saved", (Note(verbatim(words)),), buttons=(_undo(place),), private=True)


def _notice(words: str) -> Reply:
    return Reply("Saved from now on", (Note(markdown(words)),), buttons=(Button("About Readalong", "/about"),))


def _undo(place: Place) -> Button:
    return Button("Undo", line("unsave", what="thread" if place.thread else "channel"), once=True)
