"""The messages of the local page. It is a platform of its own, and keeps here what Discord or Slack would keep."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from enum import StrEnum

from bot.archive.database import Database
from bot.times import now, stamp
from bot.values import value

Values = dict[str, str | int]

_COLUMNS = "id, channel, thread, person, how, words, reply, only_for, written_at"
_VISIBLE = "(only_for = '' OR only_for = :person)"


class How(StrEnum):
    """How a message came about: words SAID, a line TYPED to the bot, a button PRESSED, or POSTED by the bot itself."""

    SAID = "said"
    TYPED = "typed"
    PRESSED = "pressed"
    POSTED = "posted"


@value
class LocalMessage:
    """One message, or one line to the bot with the bot's `reply` (as JSON) to it.

    `thread` is the id of the message that opened the thread, or 0. `person` wrote it; `words` are theirs: the
    message, the line, or the label of the button. `only_for` is the one person who sees it, or empty. `written_at` is
    ISO 8601 in UTC; `id` counts up and is never given again; it is 0 until the message is kept.
    """

    channel: str
    thread: int
    person: str
    how: How
    words: str
    reply: str = ""
    only_for: str = ""
    written_at: str = ""
    id: int = 0


@value
class LocalThread:
    """A thread with at least one message: the id and the words of the message that opened it, and how many are in it.

    `title` is that of the reply to it; empty where members said it among themselves.
    """

    id: int
    words: str
    title: str
    messages: int


class LocalMessages:
    """The kept messages, oldest first. `clock` gives the time now, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    async def add(self, message: LocalMessage) -> LocalMessage:
        """Keep a message; it is durable when this returns, with its id and time."""
        row = asdict(replace(message, written_at=stamp(self._clock())))
        del row["id"]
        made = await self._database.write(lambda db: db.table("local_messages").insert(row).last_pk)
        return LocalMessage(**{**row, "how": message.how}, id=int(str(made)))

    async def remove(self, message_id: int, channel: str, person: str) -> bool:
        """Drop a message of this channel that only this person sees. Returns whether there was one."""
        delete = "DELETE FROM local_messages WHERE id = ? AND channel = ? AND only_for = ?"
        return bool(await self._database.write(lambda db: db.execute(delete, (message_id, channel, person)).rowcount))

    def get(self, message_id: int, person: str) -> LocalMessage | None:
        """The message, if it is there and this person sees it."""
        found = self._select(f"id = :id AND {_VISIBLE}", {"id": message_id, "person": person})
        return found[0] if found else None

    def in_room(self, channel: str, thread: int, person: str, *, before: int, most: int) -> list[LocalMessage]:
        """The last `most` messages with ids under `before` that this person sees in a channel or thread."""
        where = f"channel = :channel AND thread = :thread AND id < :before AND {_VISIBLE} ORDER BY id DESC LIMIT :most"
        values: Values = {"channel": channel, "thread": thread, "before": before, "person": person, "most": most}
        return self._select(where, values)[::-1]

    def since(self, channel: str, thread: int, moment: datetime) -> list[LocalMessage]:
        """What everybody sees in a channel or thread and was written at that moment or after, oldest first."""
        where = "channel = :channel AND thread = :thread AND only_for = '' AND written_at >= :since ORDER BY id"
        return self._select(where, {"channel": channel, "thread": thread, "since": stamp(moment)})

    def threads(self, channel: str, person: str) -> list[LocalThread]:
        """The threads of a channel that have messages which this person sees, the latest active first."""
        rows = self._database.reader.execute(
            "SELECT root.id, root.words, coalesce(json_extract(nullif(root.reply, ''), '$.title'), ''), count(*) "  # noqa: S608 - fixed words
            "FROM local_messages AS message JOIN local_messages AS root ON root.id = message.thread "
            f"WHERE message.channel = :channel AND message.thread > 0 AND {_VISIBLE.replace('only', 'message.only')} "
            "GROUP BY root.id ORDER BY max(message.id) DESC",
            {"channel": channel, "person": person},
        ).fetchall()
        return [LocalThread(*row) for row in rows]

    def counts(self, channel: str, person: str) -> dict[int, int]:
        """How many messages each thread of a channel has that this person sees, by the id of what opened it."""
        rows = self._database.reader.execute(
            f"SELECT thread, count(*) FROM local_messages WHERE channel = :channel AND thread > 0 AND {_VISIBLE} "  # noqa: S608 - fixed words
            "GROUP BY thread",
            {"channel": channel, "person": person},
        ).fetchall()
        return dict(rows)

    def _select(self, where: str, values: Values) -> list[LocalMessage]:
        rows = self._database.reader.execute(f"SELECT {_COLUMNS} FROM local_messages WHERE {where}", values)  # noqa: S608 - fixed words
        return [
            LocalMessage(channel, thread, person, How(how), words, reply, only_for, written_at, at)
            for at, channel, thread, person, how, words, reply, only_for, written_at in rows
        ]
