"""A batch of events into rows: messages first, then what refers to them, then what became of threads and channels."""

from collections.abc import Sequence

from bot.archive.events import Changed, Counted, Event, Reacted, Said, Unsaid
from bot.archive.message_rows import store_messages
from bot.archive.names import Names
from bot.archive.place_rows import blank_what_is_gone, store_change
from bot.archive.reaction_rows import store_count, store_reaction
from bot.archive.tables import Tables


def store(db: Tables, names: Names, events: Sequence[Event]) -> None:
    """Take up events, in the order in which they came. The transaction is the caller's."""
    store_messages(db, names, [event for event in events if isinstance(event, Said | Unsaid)])
    for event in events:
        match event:
            case Reacted():
                store_reaction(db, names, event)
            case Counted():
                store_count(db, names, event)
            case Changed():
                store_change(db, names, event)
    blank_what_is_gone(db, names, {event.place for event in events})
