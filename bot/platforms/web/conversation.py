"""What people do on the local page: say something, type a line to the bot, press a button. Everything is kept."""

import re
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from bot.answering import Answering
from bot.archive.local import How, LocalMessage, LocalMessages
from bot.cutting import clip
from bot.errors import BotError, Misused
from bot.platforms.web.kept_replies import kept, reply_of
from bot.platforms.web.people import BOT, PEOPLE, Room, channel_of, is_direct
from bot.platforms.web.render import numbered_button, render
from bot.platforms.web.venue import LocalVenue
from bot.reply import Reply
from bot.values import value
from bot.words import clean

LONGEST = 6000  # characters of one message
LONGEST_TITLE = 60
AT_ONCE = 50  # messages shown when a room is entered
NEWEST = 2**62
GONE = "This message is gone. Reload the page."
NO_THREAD = "This thread is gone. Choose another one."

_NAME = re.compile(r"\A@readalong(?!\w)\s*", re.IGNORECASE)

Json = dict[str, Any]
Preview = Callable[[Reply], tuple[Json, int]]
Tell = Callable[[str, Json], None]


@value
class Conversation:
    """The local page's rooms. `tell` passes on what is new: to the person of an id, or to everybody where it is empty.

    `previews` render a page of a reply as another platform would, and say how many pages it has there.
    """

    answering: Answering
    messages: LocalMessages
    folder: Path
    previews: Mapping[str, Preview]
    tell: Tell
    venue: LocalVenue = field(init=False)

    def __post_init__(self) -> None:
        discussions = self.answering.archive.discussions
        object.__setattr__(self, "venue", LocalVenue(self.messages, discussions, self.folder, self.tell_all))

    def tell_all(self, message: LocalMessage) -> None:
        """Pass a new message on to everybody."""
        self.tell("", {"news": self.shown(message)})

    def check(self, room: Room) -> None:
        """Raises BotError for a thread that is not there. One opens under a message that its whole channel sees."""
        root = self.messages.get(room.thread, "") if room.thread else None
        if room.thread and (root is None or root.channel != room.kept_as or root.thread):
            raise BotError(NO_THREAD)

    def entered(self, room: Room, before: int = NEWEST) -> Json:
        """The messages of a room as its person sees them, the last fifty before that id, and what opened a thread."""
        found = self.messages.in_room(room.kept_as, room.thread, room.person.id, before=before, most=AT_ONCE + 1)
        root = self.messages.get(room.thread, room.person.id) if room.thread else None
        counts = self.messages.counts(room.kept_as, room.person.id)
        return {
            "messages": [self.shown(message, counts.get(message.id, 0)) for message in found[-AT_ONCE:]],
            "earlier": len(found) > AT_ONCE,
            "root": self.shown(root, counts.get(root.id, 0)) if root else None,
        }

    def threads(self, room: Room) -> list[Json]:
        """The threads of a channel, the latest active first: id, a line of the message that opened it, how many."""
        return [
            {
                "id": one.id,
                "title": clip(" ".join((one.title or one.words).split()), LONGEST_TITLE),
                "messages": one.messages,
            }
            for one in self.messages.threads(room.kept_as, room.person.id)
        ]

    def shown(self, message: LocalMessage, replies: int = 0) -> Json:
        """A message for the page. `reply` is what `render` makes, or None for what people say among themselves."""
        reply = reply_of(message, self.folder)
        person = PEOPLE.get(message.person)
        return {
            "id": message.id,
            "channel": channel_of(message.channel),
            "thread": message.thread,
            "replies": replies,
            "name": BOT.name if message.how is How.POSTED else person.name if person else message.person,
            "moderator": bool(person and person.moderator),
            "how": message.how.value,
            "words": message.words,
            "private": bool(message.only_for) and not is_direct(message.channel),
            "written": message.written_at,
            "reply": render(reply, self.folder) if reply else None,
        }

    async def say(self, room: Room, words: str) -> None:
        """Say something in a room. What begins with a slash or the bot's name is a line to the bot.

        In a direct conversation everything is. Raises Misused for a message that is empty or too long.
        """
        words = clean(words)
        if not words:
            raise Misused("Type a message first, or `/` for the commands.")
        if len(words) > LONGEST:
            raise Misused(f"A message has at most {LONGEST:,} characters; yours has {len(words):,}. Shorten it.")
        named = _NAME.match(words)
        if named or words.startswith("/") or is_direct(room.kept_as):
            line = words[named.end() :] or "/help" if named else words
            await self._keep(room, How.TYPED, words, await self.answering.line(line, room.person, room.place))
        else:
            await self._keep(room, How.SAID, words, None)

    async def press(self, room: Room, message_id: int, number: int) -> None:
        """Press a button of a message, counted from 0. Raises BotError when there is none such."""
        try:
            button = numbered_button(self._answered(room, message_id), number)
        except IndexError:
            raise BotError(GONE) from None
        reply = await self.answering.press(button.line, room.person, room.place, public=button.public)
        await self._keep(room, How.PRESSED, button.label, reply)

    async def act(self, room: Room, message_id: int, name: str) -> None:
        """Do something with a message, from its menu. Raises BotError when everybody sees no such message here."""
        message = self.messages.get(message_id, "")
        if message is None or message.channel != room.kept_as:
            raise BotError(GONE)
        reply = await self.answering.act(name, self.venue.said(message), room.person)
        action = self.answering.registry.actions.get(name)
        await self._keep(room, How.PRESSED, action.label if action else name, reply)

    async def dismiss(self, room: Room, message_id: int) -> None:
        """Drop a message that only this person sees. Raises BotError for any other."""
        if not await self.messages.remove(message_id, room.kept_as, room.person.id):
            raise BotError("Only a message that nobody else sees can be dismissed.")
        self.tell(room.person.id, {"gone": message_id})

    def preview(self, room: Room, message_id: int, platform: str, page: int) -> Json:
        """The payload with which another platform would show a page of a reply, and how many pages it has there.

        Raises BotError when there is no such reply or platform.
        """
        if platform not in self.previews:
            raise BotError(f"There is a preview for: {', '.join(sorted(self.previews))}.")
        payload, pages = self.previews[platform](replace(self._answered(room, message_id), page=page))
        return {"payload": payload, "pages": pages}

    def _answered(self, room: Room, message_id: int) -> Reply:
        message = self.messages.get(message_id, room.person.id)
        reply = reply_of(message, self.folder) if message and message.channel == room.kept_as else None
        if reply is None:
            raise BotError(GONE)
        return reply

    async def _keep(self, room: Room, how: How, words: str, reply: Reply | None) -> None:
        for_one = is_direct(room.kept_as) or (reply is not None and reply.private)
        only_for = room.person.id if for_one else ""
        made = kept(reply, self.folder)
        message = LocalMessage(room.kept_as, room.thread, room.person.id, how, words, made, only_for)
        added = await self.messages.add(message)
        if not only_for:
            await self.answering.archive.hear(self.venue.said(added))
        news = self.shown(added)
        if reply and reply.files:
            news["reply"] = render(reply, self.folder)  # with what is in the files, which is not kept
        self.tell(only_for, {"news": news})
