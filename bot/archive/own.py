"""What one person has part in: their questions with what was said to them, and their discussions.

Somebody's messages are found by the search index's tag of them, the newest thousand, so that it costs the same in a
large archive; what may be shown is checked on the row.
"""

from collections.abc import Iterator
from typing import Any

from bot.archive.database import Database
from bot.archive.discussions import SAVED, Discussion, listed
from bot.archive.rights import Visible, visible
from bot.archive.sayings import BESIDE, COLUMNS, THERE, Saying, asks, saying
from bot.archive.tables import Tables
from bot.asker import Place
from bot.values import value
from bot.venue import Readable

LOOKED_AT = 1000  # of somebody's newest messages
LOOKED_AFTER = 200  # messages that were said after a question
SHOWN = 50


@value
class Question:
    """What somebody asked, and what somebody else said to it, or next; None where nobody has said anything."""

    asked: Saying
    answer: Saying | None


@value
class _Asker:
    """Whose questions, and which rows may be shown to them."""

    row: int
    place: Place
    shown: Visible


class Own:
    """What people have part in, in one database. People are named by the platform's ids."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def questions(self, place: Place, readable: Readable, person: str) -> list[Question]:
        """What somebody asked last in the workspace, newest first, 50 at most; as far as it is readable so.

        The title of a discussion that they opened may be one too. Of several with one answer, or in one place with
        none yet, only the last is there.
        """

        def find(db: Tables) -> list[Question]:
            asker = _Asker(_row(db, place, person), place, visible(db, place, readable))
            latest: dict[tuple[Place, str], Question] = {}
            for one in sorted(_asked(db, asker), key=lambda one: one.asked.written_at, reverse=True):
                latest.setdefault(_key(one), one)
            return list(latest.values())[:SHOWN]

        return await self._database.read(find)

    async def discussions(self, place: Place, readable: Readable, person: str) -> list[Discussion]:
        """The saved threads that somebody opened, had saved or spoke in, the latest active first, 50 at most."""

        def find(db: Tables) -> list[Discussion]:
            row, shown = _row(db, place, person), visible(db, place, readable)
            spoken = ", ".join({str(one[1]) for one in _newest(db, _Asker(row, place, shown)) if one[1]})
            where = f"{SAVED} AND {shown.of('t.channel', 't.id')} AND (t.opened_by = ? OR t.id IN ({spoken}))"
            return listed(db, place, where, [row], SHOWN)

        return await self._database.read(find)


def _row(db: Tables, place: Place, person: str) -> int:
    """The row of the workspace's person of this id; 0, which no row has, for nobody."""
    row = db.execute(
        "SELECT p.id FROM people p JOIN workspaces w ON w.id = p.workspace "
        "WHERE w.platform = ? AND w.platform_id = ? AND p.platform_id = ?",
        (place.platform, place.workspace, person),
    ).fetchone()
    return int(row[0]) if row else 0


def _newest(db: Tables, asker: _Asker) -> list[tuple[Any, ...]]:
    """Their newest messages, newest first: the rows of message, thread and channel, then COLUMNS."""
    sql = (
        f"SELECT m.id, m.thread, m.channel, {COLUMNS} FROM messages_fts f "  # noqa: S608 - our own words
        f"CROSS JOIN messages m ON m.id = f.rowid {BESIDE} "
        f"WHERE messages_fts MATCH ? AND +m.person = ? AND {THERE} AND {asker.shown.of('+m.channel', 'm.thread')} "
        f"ORDER BY f.rowid DESC LIMIT {LOOKED_AT}"
    )
    return db.execute(sql, (f'{{tags}} : ("p{asker.row}")', asker.row)).fetchall()


def _asked(db: Tables, asker: _Asker) -> Iterator[Question]:
    asking = [row for row in _newest(db, asker) if asks(row[-2])][:SHOWN]
    for row, thread, channel, *columns in asking:
        asked = saying(asker.place, columns)
        answer = _said_after(db, asker, channel, thread, row, asked.message)
        if answer is None and thread is None:
            answer = _said_in_its_thread(db, asker, channel, asked.message)
        yield Question(asked, answer)
    for thread, channel, asked in _titles(db, asker):
        if asks(asked.words):
            yield Question(asked, _said_after(db, asker, channel, thread, 0, ""))


def _titles(db: Tables, asker: _Asker) -> Iterator[tuple[int, int, Saying]]:
    """The titles of threads that they opened through the bot, whose card then stands first."""
    sql = (
        "SELECT t.id, t.channel, c.platform_id, t.platform_id, t.private, '', p.name, t.title, t.opened_at "  # noqa: S608 - our own words
        "FROM threads t JOIN channels c ON c.id = t.channel JOIN people p ON p.id = t.opened_by "
        f"WHERE t.opened_by = ? AND {SAVED} AND {asker.shown.of('+t.channel', 't.id')} "
        "AND (SELECT ours FROM messages WHERE id = (SELECT min(id) FROM messages WHERE thread = t.id)) = 1 "
        f"ORDER BY t.opened_at DESC LIMIT {SHOWN}"
    )
    for thread, channel, *columns in db.execute(sql, (asker.row,)).fetchall():
        yield thread, channel, saying(asker.place, columns)


def _said_after(db: Tables, asker: _Asker, channel: int, thread: int | None, row: int, message: str) -> Saying | None:
    """What somebody else said there after a row: in answer to that very message, else next."""
    there = "thread IS NULL" if thread is None else "thread = ?"
    after = f"SELECT id FROM messages WHERE {there} AND id > ? ORDER BY id LIMIT {LOOKED_AFTER}"  # noqa: S608 - our own words
    sql = (
        f"SELECT {COLUMNS} FROM messages m {BESIDE} WHERE m.id IN ({after}) AND +m.channel = ? AND +m.person != ? "  # noqa: S608 - our own words
        f"AND {THERE} AND {asker.shown.of('+m.channel', 'm.thread')} "
        "ORDER BY (m.answers = ? AND m.answers != '') DESC, m.id LIMIT 1"
    )
    values = [*([] if thread is None else [thread]), row, channel, asker.row, message]
    found = db.execute(sql, values).fetchone()
    return saying(asker.place, found) if found else None


def _said_in_its_thread(db: Tables, asker: _Asker, channel: int, message: str) -> Saying | None:
    """What somebody else said first in the thread that this message opened."""
    sql = "SELECT id FROM threads WHERE channel = ? AND platform_id = ?"
    thread = db.execute(sql, (channel, message)).fetchone()
    return _said_after(db, asker, channel, thread[0], 0, "") if thread else None


def _key(question: Question) -> tuple[Place, str]:
    """What one question is shown for: its answer, or the place where it waits."""
    if question.answer:
        return question.answer.place, question.answer.message
    return question.asked.place, ""
