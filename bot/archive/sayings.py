"""Single messages as lists show them, such as those that quote a passage.

Nothing in here is the bot's own, another program's, deleted, or of somebody who opted out.
"""

import re
from collections.abc import Sequence
from typing import Any

from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.archive.rights import visible
from bot.archive.tables import Tables
from bot.asker import Place
from bot.values import value
from bot.venue import Readable

THERE = "m.deleted_at IS NULL AND m.ours = 0 AND p.bot = 0"
COLUMNS = "c.platform_id, ifnull(t.platform_id, ''), ifnull(t.private, 0), m.platform_id, p.name, m.text, m.written_at"
BESIDE = "JOIN people p ON p.id = m.person JOIN channels c ON c.id = m.channel LEFT JOIN threads t ON t.id = m.thread"

# A question mark at the end of a word; the one inside an address is none
_ASKS = re.compile(r"[?？؟][\"'”’»)\]」』*_]*(?=\s|$|[\u3000-\u9fff])")


@value
class Saying:
    """What one person said: where, who, and when (ISO 8601, UTC). `message` is empty for a thread's title."""

    place: Place
    message: str
    author: str
    words: str
    written_at: str


class Sayings:
    """The messages of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def quoting(self, place: Place, readable: Readable, anchor: Anchor, most: int) -> list[Saying]:
        """The messages of the workspace that quote a passage and are readable so, newest first, so many at most."""

        def find(db: Tables) -> list[Saying]:
            shown = visible(db, place, readable).of("+m.channel", "m.thread")
            sql = (
                f"SELECT {COLUMNS} FROM links l JOIN messages m ON m.id = l.message {BESIDE} "  # noqa: S608 - our own words
                f"WHERE l.reading = ? AND l.passage = ? AND {THERE} AND {shown} ORDER BY m.id DESC LIMIT ?"
            )
            rows = db.execute(sql, (anchor.reading, anchor.passage, most)).fetchall()
            return [saying(place, row) for row in rows]

        return await self._database.read(find)


def saying(place: Place, row: Sequence[Any]) -> Saying:
    """A row of COLUMNS, in the workspace of that place."""
    channel, thread, private, message, author, words, at = row
    where = Place(place.platform, place.workspace, channel, thread, private=bool(private))
    return Saying(where, message, author, words, at)


def asks(words: str) -> bool:
    """Whether there is a question in these words."""
    return _ASKS.search(words) is not None
