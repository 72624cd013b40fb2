"""Reactions into rows: one for each person of whom the bot was told, and one for how many others there are.

Live events name the person; what a platform tells afterwards is a count. `people` is 1 or 0 for a person, and the
number of the others where `person` is empty.
"""

from bot.archive.events import Counted, Reacted
from bot.archive.message_rows import is_known, message_row
from bot.archive.names import Names
from bot.archive.tables import Tables
from bot.times import stamp

_SET = (
    "INSERT INTO reactions (message, emoji, person, people, changed_at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (message, emoji, ifnull(person, 0)) "
    "DO UPDATE SET people = excluded.people, changed_at = excluded.changed_at WHERE changed_at <= excluded.changed_at"
)


def store_reaction(db: Tables, names: Names, event: Reacted) -> None:
    """One person's reaction, put on or taken off; the newest telling counts.

    A count taken later holds already what this tells: then the person moves between those who are known by name and
    the others, and the sum stays.
    """
    message = message_row(db, names, event)
    if message is None:
        return
    person, when = names.person(db, event.place, event.author), stamp(event.when)
    before, others = _told(db, message, event.emoji, person), _told(db, message, event.emoji, None)
    db.execute(_SET, (message, event.emoji, person, int(event.on), when))
    if others and others[1] >= when:
        after = _told(db, message, event.emoji, person)
        move = (before[0] if before else 0) - (after[0] if after else 0)
    else:
        move = -1 if before is None and not event.on else 0
    if move:
        shift = "UPDATE reactions SET people = max(people + ?, 0) WHERE message = ? AND emoji = ? AND person IS NULL"
        db.execute(shift, (move, message, event.emoji))


def _told(db: Tables, message: int, emoji: str, person: int | None) -> tuple[int, str] | None:
    """How many that are, and since when, of one person or (None) of the others; None where nothing was told."""
    sql = "SELECT people, changed_at FROM reactions WHERE message = ? AND emoji = ? AND person IS ?"
    found: tuple[int, str] | None = db.execute(sql, (message, emoji, person)).fetchone()
    return found


def store_count(db: Tables, names: Names, event: Counted) -> None:
    """How many there were of each kind, beside whom is known by name. What was told later changed it after that.

    Where that is fewer than were known by name, nobody is known by name any more, but who was told of later.
    """
    message = message_row(db, names, event) if any(event.counts.values()) or is_known(db, names, event) else None
    if message is None:
        return
    told = db.execute("SELECT DISTINCT emoji FROM reactions WHERE message = ?", (message,)).fetchall()
    for emoji in {event.emoji} if event.emoji else {*event.counts, *(row[0] for row in told)}:
        total = max(event.counts.get(emoji, 0), 0)
        when = stamp(event.when)
        known = (
            "SELECT ifnull(sum(iif(changed_at > :when, 1 - people, people)), 0), "
            "ifnull(sum(iif(changed_at > :when, 1 - people, 0)), 0) FROM reactions "
            "WHERE message = :message AND emoji = :emoji AND person IS NOT NULL"
        )
        named, later = db.execute(known, {"message": message, "emoji": emoji, "when": when}).fetchone()
        if named > total:
            gone = "DELETE FROM reactions WHERE message = ? AND emoji = ? AND person IS NOT NULL AND changed_at <= ?"
            db.execute(gone, (message, emoji, when))
            named = later
        db.execute(_SET, (message, emoji, None, max(total - named, 0), when))
