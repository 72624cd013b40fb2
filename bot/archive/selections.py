"""What is to be exported: a discussion, a reading's, a person's messages, a workspace, what a search finds."""

import json
from collections.abc import Sequence
from typing import TypeVar

from bot.archive.conditions import Scope, conditions, plain_name
from bot.archive.query import Query
from bot.archive.rights import visible
from bot.archive.tables import Tables
from bot.asker import Place
from bot.errors import BotError
from bot.values import value
from bot.venue import Readable
from bot.words import literal

T = TypeVar("T")

MOST_FOUND = 100_000
NAMED = 10  # ids in one sentence
NONE = "0"
ALL = "1"


@value
class Selection:
    """Messages, by a condition on `messages m`; `title` says what they are.

    `threads` and `channels` are conditions on `threads t` and `channels c`: those of which it holds everything. Each
    condition takes its own `..._values`.
    """

    title: str
    messages: str
    values: Sequence[str | int] = ()
    threads: str = NONE
    threads_values: Sequence[str | int] = ()
    channels: str = NONE
    channels_values: Sequence[str | int] = ()


def everything() -> Selection:
    """All that the database holds."""
    return Selection("The saved discussions", ALL, threads=ALL, channels=ALL)


def of_workspace(db: Tables, typed: str) -> Selection:
    """All of a workspace, by its name or id. Raises BotError for none or several."""
    rows = db.execute("SELECT id, platform_id, name, platform FROM workspaces").fetchall()
    row, name = _one("workspace", typed, [(row, f"{on} {id_}", id_, name) for row, id_, name, on in rows])
    one = ("workspace = ?", (row,))
    return Selection(name, f"m.{one[0]}", one[1], f"t.{one[0]}", one[1], f"c.{one[0]}", one[1])


def of_thread(db: Tables, typed: str) -> Selection:
    """All of a discussion, by its title or id. Raises BotError for none or several."""
    rows = db.execute("SELECT id, platform_id, title FROM threads WHERE deleted_at IS NULL").fetchall()
    row, title = _one("discussion", typed, [(row, id_, id_, title) for row, id_, title in rows])
    return _thread(row, title)


def of_place(db: Tables, place: Place, readable: Readable) -> Selection:
    """All of the discussion at a place, as far as it is readable so. Raises BotError where nothing of it is saved."""
    shown = visible(db, place, readable).of("t.channel", "t.id")
    row = db.execute(
        "SELECT t.id, t.title FROM threads t JOIN channels c ON c.id = t.channel "  # noqa: S608 - numbers alone
        "JOIN workspaces w ON w.id = c.workspace WHERE w.platform = ? AND w.platform_id = ? "
        f"AND c.platform_id = ? AND t.platform_id = ? AND t.deleted_at IS NULL AND {shown}",
        (place.platform, place.workspace, place.channel, place.thread),
    ).fetchone()
    if row is None:
        raise BotError("Nothing that you can read is saved of this thread. `/saved` lists what is.")
    return _thread(*row)


def of_reading(slug: str, title: str) -> Selection:
    """All discussions on a reading."""
    threads = "SELECT id FROM threads WHERE reading = ?"
    return Selection(title, f"m.thread IN ({threads})", (slug,), "t.reading = ?", (slug,))


def of_person(db: Tables, typed: str) -> Selection:
    """What a person wrote, in every workspace of their platform, by their name or id. Raises BotError."""
    rows = db.execute(
        "SELECT p.platform_id, w.platform, max(p.name) FROM people p JOIN workspaces w ON w.id = p.workspace "
        "GROUP BY w.platform, p.platform_id"
    ).fetchall()
    (id_, platform), name = _one("person", typed, [((id_, on), f"{on} {id_}", id_, name) for id_, on, name in rows])
    people = (
        "SELECT p.id FROM people p JOIN workspaces w ON w.id = p.workspace WHERE w.platform = ? AND p.platform_id = ?"
    )
    return Selection(name or id_, f"m.person IN ({people}) AND m.deleted_at IS NULL", (platform, id_))


def of_search(db: Tables, query: Query, typed: str) -> Selection:
    """The newest 100,000 messages that a search finds, whoever may read them. Raises BotError as the search does."""
    found = db.execute(*conditions(db, query, Scope()).select("m.id", MOST_FOUND)).fetchall()
    rows = json.dumps([row for (row,) in found])
    return Selection(f"Find: {typed}", "m.id IN (SELECT value FROM json_each(?))", (rows,))


def _thread(row: int, title: str) -> Selection:
    return Selection(title or "A discussion", "m.thread = ?", (row,), "t.id = ?", (row,))


def _one(kind: str, typed: str, candidates: Sequence[tuple[T, str, str, str]]) -> tuple[T, str]:
    """The one that is meant, and its name, of those with a full id, an id and a name each. Raises BotError."""
    by_id = [one for one in candidates if typed in one[1:3]]
    wanted = plain_name(typed)
    found = by_id or [one for one in candidates if wanted and plain_name(one[3]) == wanted]
    if not found:
        raise BotError(f"There is no {kind} “{literal(typed[:80])}” here. Give its name or its id.")
    if len(found) > 1:
        ids = ", ".join(literal(one[1]) for one in found[:NAMED])
        raise BotError(f"Several are called “{literal(typed[:80])}”; give the id of one: {ids}.")
    return found[0][0], found[0][3]
