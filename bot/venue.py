"""What the bot may ask of a platform beside answering: to open a thread, to post, to read back, and who can read what.

Each platform has one of these; the core knows no more of it than this.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from bot.archive.events import Changed, Counted, Said
from bot.asker import Person, Place
from bot.errors import BotError
from bot.reply import Reply
from bot.values import value


@value
class Readable:
    """What somebody, or everybody in some place, can read of one workspace, by the platform's ids.

    `channels` are those with all their open threads; a private thread counts only where it is named itself.
    """

    channels: frozenset[str] = frozenset()
    private_threads: frozenset[str] = frozenset()


@value
class Page:
    """A stretch of a place's history: every message that now stands in it from `first` to `last`.

    What the archive has from between these moments and is not in here was deleted. `last` is no later than when it
    was asked for. Of messages written at the very moment where two pages meet, each may be in either.
    """

    said: tuple[Said, ...]
    counted: tuple[Counted, ...]
    first: datetime
    last: datetime


class Gone(BotError):
    """The thread or channel is not there any more, and everything in it went with it."""


class Venue(Protocol):
    """A platform while it is connected. Every method may raise what the platform's library raises, or TimeoutError.

    A BotError says what the person can do about it: the bot is not in the channel, or may not open threads there; a
    Gone says that a place is surely deleted.
    """

    async def open_thread(self, place: Place, title: str, card: Reply) -> Said:
        """Open a thread in a channel with the card as its first post. The post's place is the thread."""

    async def post(self, place: Place, reply: Reply, mark: str = "") -> Said:
        """Post something in a channel or thread for everybody there, as the bot's own message.

        A post with a mark (24 characters) can be found by it, and is posted once where the platform sees to that.
        """

    async def find_post(self, place: Place, mark: str) -> Said | None:
        """The bot's own post with this mark, of the last day or so; None where there surely is none.

        Raises BotError where the bot may not look.
        """

    async def tell(self, place: Place, person: str, reply: Reply) -> None:
        """Tell somebody of the workspace something, by the platform's id, in a conversation with them alone."""

    async def readable(self, person: Person, place: Place) -> Readable:
        """What this person can read in the workspace, as the platform has it now."""

    async def audience(self, place: Place) -> Readable:
        """What everybody can read who can read that place: itself, and channels open to all of the workspace."""

    async def home(self, person: Person) -> str:
        """The id of the one workspace that this person shares with the bot; empty where it is none or several."""

    async def title(self, place: Place) -> str:
        """What a channel, or a thread where the place names one, is called now; a line of its first message else."""

    async def state(self, place: Place) -> Changed | None:
        """What a channel or thread is called now, and whether it is archived; None where that costs too much to ask."""

    def threads(self, place: Place, since: datetime) -> AsyncIterator[Place]:
        """The threads of a channel with something in them since that moment, archived and private ones too."""

    def history(self, place: Place, since: datetime) -> AsyncIterator[Page]:
        """What was said in a channel (outside of threads) or a thread since that moment, page by page.

        The pages' stretches join without a gap, in either direction; they end at the moment of asking.
        """

    def link(self, place: Place, message: str = "") -> str:
        """The address of a message, a thread or a channel."""
