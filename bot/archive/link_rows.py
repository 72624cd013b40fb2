"""Links from messages to the passages that they quote word for word."""

from collections.abc import Callable, Sequence

from bot.archive.events import Event, Said, Unsaid
from bot.archive.names import Names
from bot.archive.tables import Tables
from bot.readings.library import Library
from bot.readings.quoting import may_quote, quoted_in
from bot.values import value


@value
class Link:
    """A passage that is quoted: the reading's slug, the passage's key, and the words as printed."""

    reading: str
    passage: str
    words: str


Quoted = Callable[[str], Sequence[Link]]


def quoting(library: Library) -> Quoted:
    """Finds the passages of all readings that a text quotes word for word."""

    def quoted(text: str) -> list[Link]:
        if not may_quote(text):
            return []
        readings = library.readings.values()
        return [Link(one.slug, found.passage, found.words) for one in readings for found in quoted_in(text, one)]

    return quoted


def link(db: Tables, names: Names, events: Sequence[Event], quoted: Quoted) -> None:
    """Link the messages that these events changed, as they stand now. The transaction is the caller's."""
    for event in events:
        if isinstance(event, Unsaid) or (isinstance(event, Said) and (event.edited or quoted(event.words))):
            _link(db, (names.channel(db, event.place), event.id), quoted)


def _link(db: Tables, key: tuple[int, str], quoted: Quoted) -> None:
    row = db.execute("SELECT id, text FROM messages WHERE channel = ? AND platform_id = ?", key).fetchone()
    db.execute("DELETE FROM links WHERE message = ?", (row[0],))
    insert = "INSERT INTO links VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    db.conn.executemany(insert, [(row[0], one.reading, one.passage, one.words) for one in quoted(row[1])])
