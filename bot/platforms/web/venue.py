"""The local page as a place for discussions: everybody there can read every channel, and no other's direct one."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.archive.discussions import Discussions
from bot.archive.events import Author, Changed, Said
from bot.archive.local import How, LocalMessage, LocalMessages
from bot.asker import Person, Place
from bot.errors import BotError
from bot.platforms.web.kept_replies import kept, reply_of
from bot.platforms.web.people import BOT, CHANNELS, DIRECT, PEOPLE, PLATFORM, WORKSPACE
from bot.reply import Reply
from bot.times import now
from bot.venue import Page, Readable

EVERYTHING = Readable(frozenset(CHANNELS))
NO_CHANNEL = "There is no such channel here."
NOBODY = "There is nobody of that name here."
NO_THREAD = "There is no thread here yet. Open one under the message first, and save that."


class LocalVenue:
    """What the bot may ask of the local page. `tell` passes a new message on to every open page."""

    def __init__(
        self, messages: LocalMessages, discussions: Discussions, folder: Path, tell: Callable[[LocalMessage], None]
    ) -> None:
        self._messages = messages
        self._discussions = discussions
        self._folder = folder
        self._tell = tell

    async def open_thread(self, place: Place, title: str, card: Reply) -> Said:
        """The card is a message in the channel, and the thread opens under it."""
        opened = await self._post(place, title, card)
        where = Place(PLATFORM, WORKSPACE, place.channel, str(opened.id))
        return self._said(opened, where)

    async def post(self, place: Place, reply: Reply, mark: str = "") -> Said:
        """A message of the bot's own accord. The mark stands in its words, which nobody is shown beside the reply."""
        if place.channel not in CHANNELS:
            raise BotError(NO_CHANNEL)
        return self.said(await self._post(place, f"{reply.title} {mark}".rstrip(), reply))

    async def find_post(self, place: Place, mark: str) -> Said | None:
        """The message with this mark."""
        found = self._messages.since(place.channel, int(place.thread or 0), now() - timedelta(days=2))
        return next((self.said(one) for one in found if one.how is How.POSTED and one.words.endswith(mark)), None)

    async def tell(self, place: Place, person: str, reply: Reply) -> None:  # noqa: ARG002 - there is one workspace
        """A message in their direct conversation."""
        if person not in PEOPLE:
            raise BotError(NOBODY)
        await self._post(Place(PLATFORM, WORKSPACE, f"{DIRECT}:{person}"), reply.title, reply)

    async def readable(self, person: Person, place: Place) -> Readable:  # noqa: ARG002 - everybody reads everything
        """Every channel."""
        return EVERYTHING

    async def audience(self, place: Place) -> Readable:  # noqa: ARG002 - everybody reads everything
        """Every channel."""
        return EVERYTHING

    async def home(self, person: Person) -> str:  # noqa: ARG002 - there is one workspace
        """The one workspace."""
        return WORKSPACE

    async def title(self, place: Place) -> str:
        """A channel's name; of a thread the title or the words of the message that opened it."""
        if not place.thread:
            return place.channel
        root = self._root(place)
        reply = reply_of(root, self._folder)
        return reply.title if reply else root.words

    async def state(self, place: Place) -> Changed | None:  # noqa: ARG002 - nothing is renamed or archived here
        """Nothing new."""
        return None

    async def threads(self, place: Place, since: datetime) -> AsyncIterator[Place]:  # noqa: ARG002 - there are few
        """All threads of a channel."""
        for thread in self._messages.threads(place.channel, ""):
            yield Place(PLATFORM, WORKSPACE, place.channel, str(thread.id))

    async def history(self, place: Place, since: datetime) -> AsyncIterator[Page]:
        """All of it in one page. A thread begins with the message that it opened under."""
        until = now()
        found = self._messages.since(place.channel, int(place.thread or 0), since)
        if place.thread:
            found = [self._root(place), *found]
        yield Page(tuple(self._said(one, place) for one in found if _is_public(one)), (), since, until)

    def link(self, place: Place, message: str = "") -> str:
        """The page's address of the room."""
        thread = place.thread or (message if self._is_thread(place, message) else "")
        return f"#/{place.channel}/{thread}" if thread else f"#/{place.channel}"

    def said(self, message: LocalMessage) -> Said:
        """A message as the archive takes it. One that opened a saved thread belongs to that."""
        thread = str(message.thread or "")
        if not thread and self._is_thread(Place(PLATFORM, WORKSPACE, message.channel), str(message.id)):
            thread = str(message.id)
        return self._said(message, Place(PLATFORM, WORKSPACE, message.channel, thread))

    def _said(self, message: LocalMessage, place: Place) -> Said:
        """What was said among members is theirs; an answer that everybody saw, or a post, is the bot's."""
        ours = message.how is not How.SAID
        reply = reply_of(message, self._folder)
        words = reply.plain() if reply else message.words
        person = PEOPLE.get(message.person)
        author = BOT if ours else Author(message.person, person.name if person else message.person)
        return Said(place, str(message.id), author, words, datetime.fromisoformat(message.written_at), ours=ours)

    def _is_thread(self, place: Place, message: str) -> bool:
        return self._discussions.is_marked(Place(PLATFORM, WORKSPACE, place.channel, message))

    def _root(self, place: Place) -> LocalMessage:
        root = self._messages.get(int(place.thread), "") if place.thread.isdecimal() else None
        if root is None or root.channel != place.channel or root.thread:
            raise BotError(NO_THREAD)
        return root

    async def _post(self, place: Place, title: str, reply: Reply) -> LocalMessage:
        thread, made = int(place.thread or 0), kept(reply, self._folder)
        added = await self._messages.add(LocalMessage(place.channel, thread, BOT.id, How.POSTED, title, made))
        self._tell(added)
        return added


def _is_public(message: LocalMessage) -> bool:
    return not message.only_for
