"""What only our own export tells, into rows: beside messages that it brings, and of places that nobody else tells of.

In a workspace that the bot is in already, what is held of a place and whether it is saved is the bot's to say.
"""

from collections.abc import Iterable

from bot.archive.coverage import cover
from bot.archive.events import Author, Counted
from bot.archive.imports.records import Beside, OwnMessage, OwnPerson, OwnPlace, Record
from bot.archive.message_rows import message_row
from bot.archive.names import Names
from bot.archive.privacy import Privacy
from bot.archive.tables import Tables
from bot.asker import Place

_HELD = ("kept_since", "archived_at", "deleted_at", "read_back_at", "read_back_since")


def store_people(db: Tables, privacy: Privacy, records: Iterable[Record]) -> None:
    """What people are called and whether they are programs; none of those who opted out. The workspaces are there."""
    for one in records:
        if isinstance(one, OwnPerson) and not privacy.is_out(one.place.platform, one.author.id):
            db.execute(
                "INSERT INTO people (workspace, platform_id, name, bot) SELECT id, ?, ?, ? FROM workspaces "
                "WHERE platform = ? AND platform_id = ? ON CONFLICT (workspace, platform_id) DO UPDATE SET "
                "name = CASE name WHEN '' THEN excluded.name ELSE name END, bot = max(bot, excluded.bot)",
                (one.author.id, one.author.name, int(one.author.bot), one.place.platform, one.place.workspace),
            )


def store_places(db: Tables, names: Names, records: Iterable[Record]) -> None:
    """What discussions are about, and what is held of places in workspaces that the bot was never in."""
    for one in records:
        if not isinstance(one, OwnPlace):
            continue
        thread = names.thread(db, one.place)
        table, row = ("threads", thread) if thread else ("channels", names.channel(db, one.place))
        if thread and one.anchor[0]:
            sets = "reading = ?, passage = ?, source_sha256 = ?"
            db.execute(f"UPDATE threads SET {sets} WHERE id = ? AND reading IS NULL", (*one.anchor, row))  # noqa: S608 - our own names
        (imported,) = db.execute(
            "SELECT imported FROM workspaces WHERE id = ?", (names.workspace(db, one.place),)
        ).fetchone()
        if imported:
            sets = ", ".join(f"{name} = ifnull({name}, nullif(?, ''))" for name in _HELD)
            db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", (*(one.held[name] for name in _HELD), row))  # noqa: S608 - our own names
            for interval in one.covered:
                cover(db, names, one.place, interval)


def store_beside(db: Tables, names: Names, privacy: Privacy, records: Iterable[Record], new: set[int]) -> None:
    """Reactions, remarks and quoted passages of messages that this import brings; of others the bot knows better."""
    for one in records:
        if isinstance(one, OwnMessage) and (row := _row(db, names, one, new)):
            _react(db, names, privacy, one, row)
            _remark(db, names, privacy, one, row)
            db.execute("DELETE FROM links WHERE message = ?", (row,))
            insert = "INSERT INTO links VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            db.conn.executemany(insert, [(row, link.reading, link.passage, link.words) for link in one.links])


def _row(db: Tables, names: Names, one: OwnMessage, new: set[int]) -> int | None:
    """The message's row, if this import brought it and it was not deleted; made where only reactions are known."""
    if not one.told:
        held = db.execute(
            "SELECT 1 FROM messages WHERE channel = ? AND platform_id = ?", (names.channel(db, one.place), one.id)
        ).fetchone()
        return None if held else message_row(db, names, Counted(one.place, one.id, one.at, {}, one.at))
    row = db.execute(
        "SELECT id FROM messages WHERE channel = ? AND platform_id = ? AND deleted_at IS NULL",
        (names.channel(db, one.place), one.id),
    ).fetchone()
    return int(row[0]) if row and row[0] in new else None


def _react(db: Tables, names: Names, privacy: Privacy, one: OwnMessage, row: int) -> None:
    insert = "INSERT INTO reactions (message, emoji, person, people, changed_at) VALUES (?, ?, ?, ?, ?)"
    for each in one.reactions:
        if _allowed(privacy, one.place, each):
            person = names.person(db, one.place, _unnamed(each)) if each.who else None
            db.execute(f"{insert} ON CONFLICT DO NOTHING", (row, each.emoji, person, each.people, each.at))


def _remark(db: Tables, names: Names, privacy: Privacy, one: OwnMessage, row: int) -> None:
    for each in one.remarks:
        if each.who and _allowed(privacy, one.place, each):
            values = (row, names.person(db, one.place, _unnamed(each)), each.at)
            db.execute(
                "INSERT INTO remarks (message, person, saved_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", values
            )


def _allowed(privacy: Privacy, place: Place, each: Beside) -> bool:
    return each.who is None or not privacy.bars_at(place.platform, each.who.id, each.at)


def _unnamed(each: Beside) -> Author:
    """Their names are stored already, and what is known otherwise stands."""
    return Author(each.who.id if each.who else "", "")
