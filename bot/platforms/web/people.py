"""Who and what there is on the local page: a small study group to try the bot in."""

from bot.archive.events import Author
from bot.asker import Person, Place
from bot.errors import BotError
from bot.values import value

PLATFORM = "web"
WORKSPACE = "local"
DIRECT = "direct"

PEOPLE = {
    person.id: person
    for person in (
        Person("mina", "Mina"),
        Person("jun", "Jun"),
        Person("oksana", "Oksana"),
        Person("mo", "Mo", moderator=True),
    )
}
BOT = Author("readalong", "Readalong", bot=True)
CHANNELS = {"study-group": "What we read together", "kurils": "The islands", "off-topic": "Everything else"}


@value
class Room:
    """A channel, or a thread in it by the id of the message that opened it (0 for none), as one person sees it.

    The channel `direct` is each person's own conversation with the bot.
    """

    person: Person
    channel: str
    thread: int = 0

    @property
    def place(self) -> Place:
        """Where that is, for the bot."""
        thread = str(self.thread) if self.thread else ""
        return Place(PLATFORM, WORKSPACE, self.kept_as, thread, direct=self.channel == DIRECT)

    @property
    def kept_as(self) -> str:
        """The channel's name among the kept messages, where every direct conversation has one of its own."""
        return f"{DIRECT}:{self.person.id}" if self.channel == DIRECT else self.channel


def is_direct(kept_as: str) -> bool:
    """Whether that is the name of somebody's direct conversation among the kept messages."""
    return kept_as.startswith(f"{DIRECT}:")


def channel_of(kept_as: str) -> str:
    """The channel as a person calls it."""
    return DIRECT if is_direct(kept_as) else kept_as


def person_called(name: str) -> Person:
    """The person of this id. Raises BotError when there is none."""
    if name in PEOPLE:
        return PEOPLE[name]
    raise BotError("There is nobody of that name here. Choose one of the people in the list.")


def room_of(person: Person, channel: str, thread: int) -> Room:
    """The room, if there is such a channel. Raises BotError when there is none."""
    if channel in CHANNELS or (channel == DIRECT and not thread):
        return Room(person, channel, thread)
    raise BotError("There is no such channel here. Choose one from the list.")
