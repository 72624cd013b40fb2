"""One question to the bot, as a command receives it: the same value on every platform."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.archive.archive import Archive
from bot.archive.buttons import Buttons
from bot.archive.settings import Settings
from bot.asker import Person, Place
from bot.config import Moderators
from bot.errors import BotError
from bot.readings.library import Library
from bot.readings.model import Reading
from bot.reply import Reply
from bot.values import value
from bot.venues import Venues

if TYPE_CHECKING:
    from bot.digest.posting import Posting
    from bot.registry import Registry


@value
class Request:
    """One question to the bot, with what is needed to answer it.

    `answer` answers another line as the same person in the same place.
    """

    person: Person
    place: Place
    library: Library
    settings: Settings
    registry: "Registry"
    default_reading: str
    archive: Archive
    buttons: Buttons
    venues: Venues
    posting: "Posting"
    moderators: Moderators
    answer: Callable[[str], Awaitable[Reply]]

    @property
    def zone(self) -> str:
        """The group's IANA zone."""
        return self.posting.digests.zone

    @property
    def reading(self) -> Reading:
        """The reading in use in this channel: the one chosen here, else the configured one, else any that is sound.

        Raises BotError when none could be loaded.
        """
        readings = self.library.readings
        for slug in (self.settings.reading_of(self.place), self.default_reading, *sorted(readings)):
            if slug in readings:
                return readings[slug]
        raise BotError("No reading could be loaded. The operator finds out why with: readalong readings check")
