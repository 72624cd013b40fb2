"""Reactions into rows: one for each person of whom the bot was told, and one for how many others there are.

Live events name the person; what a platform tells afterwards is a count. `people` is 1 or 0 for a person, and the
number of the others where `person` is empty.
"""

from sqlite_utils import Database as Tables

from bot.archive.events import Counted, Reacted
from bot.archive.message_rows import message_row
from bot.archive.names import Names
from bot.times import stamp

_SET = (
    "INSERT INTO reactions (message, emoji, person, people, changed_at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (message, emoji, ifnull(person, 0)) "
    "DO UPDATE SET people = excluded.people, changed_at = excluded.changed_at WHERE changed_at <= excluded.changed_at"
)


def store_reaction(db: Tables, names: Names, event: Reacted) -> None:
    """One person's reaction, put on or taken off; the newest telling counts."""
    message = message_row(db, names, event)
    if message is None:
        return
    person = names.person(db, event.place, event.author)
    mine = "SELECT count(*) FROM reactions WHERE message = ? AND emoji = ? AND person = ?"
    (known,) = db.execute(mine, (message, event.emoji, person)).fetchone()
    if not event.on and not known:
        fewer = "UPDATE reactions SET people = max(people - 1, 0) WHERE message = ? AND emoji = ? AND person IS NULL"
        db.execute(fewer, (message, event.emoji))
    db.execute(_SET, (message, event.emoji, person, int(event.on), stamp(event.when)))


def store_count(db: Tables, names: Names, event: Counted) -> None:
    """How many there are of each kind. Where that is fewer than are known by name, nobody is known by name any more."""
    message = message_row(db, names, event)
    if message is None:
        return
    told = db.execute("SELECT DISTINCT emoji FROM reactions WHERE message = ?", (message,)).fetchall()
    for emoji in {event.emoji} if event.emoji else {*event.counts, *(row[0] for row in told)}:
        total = max(event.counts.get(emoji, 0), 0)
        known = "SELECT ifnull(sum(people), 0) FROM reactions WHERE message = ? AND emoji = ? AND person IS NOT NULL"
        (named,) = db.execute(known, (message, emoji)).fetchone()
        if named > total:
            db.execute("DELETE FROM reactions WHERE message = ? AND emoji = ?", (message, emoji))
            named = 0
        db.execute(_SET, (message, emoji, None, total - named, stamp(event.when)))
