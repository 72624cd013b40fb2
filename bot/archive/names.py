"""The rows that messages point to, by the platform's ids: workspaces, channels, threads, people; made when first named.

What was looked up stays in memory, since every message names four of them.
"""

from typing import Any

from bot.archive.events import Author
from bot.archive.tables import Tables
from bot.asker import Place
from bot.values import value


@value
class Where:
    """The rows of a place; no thread outside of threads."""

    workspace: int
    channel: int
    thread: int | None


class Names:
    """The ids of rows. It belongs to the thread that writes; `forget` it when a transaction fails."""

    def __init__(self) -> None:
        self._ids: dict[tuple[Any, ...], int] = {}
        self._people: dict[tuple[int, str], tuple[int, Author]] = {}
        self._places: dict[Place, Where] = {}

    def forget(self) -> None:
        """Look everything up again: what was made may not be there."""
        self._ids.clear()
        self._people.clear()
        self._places.clear()

    def where(self, db: Tables, place: Place) -> Where:
        """All rows of a place."""
        if (known := self._places.get(place)) is None:
            known = Where(self.workspace(db, place), self.channel(db, place), self.thread(db, place))
            self._places[place] = known
        return known

    def workspace(self, db: Tables, place: Place) -> int:
        """The workspace's row."""
        return self._id(db, "workspaces", {"platform": place.platform, "platform_id": place.workspace}, {"name": ""})

    def channel(self, db: Tables, place: Place) -> int:
        """The channel's row."""
        key = {"workspace": self.workspace(db, place), "platform_id": place.channel}
        return self._id(db, "channels", key, {"name": ""})

    def thread(self, db: Tables, place: Place) -> int | None:
        """The thread's row, or None outside of threads."""
        if not place.thread:
            return None
        key = {"channel": self.channel(db, place), "platform_id": place.thread}
        return self._id(
            db, "threads", key, {"workspace": self.workspace(db, place), "title": "", "private": int(place.private)}
        )

    def person(self, db: Tables, place: Place, author: Author) -> int:
        """The person's row, with the name that they have now, where it was told."""
        return self.person_in(db, self.where(db, place).workspace, author)

    def person_in(self, db: Tables, workspace: int, author: Author) -> int:
        """The same, in the workspace of this row."""
        known = self._people.get((workspace, author.id))
        if known and (known[1] == author or not author.name):
            return known[0]
        row = db.execute(
            "INSERT INTO people (workspace, platform_id, name, bot) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (workspace, platform_id) DO UPDATE SET "
            "name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END, bot = max(bot, excluded.bot) "
            "RETURNING id",
            (workspace, author.id, author.name, int(author.bot)),
        ).fetchone()
        self._people[workspace, author.id] = (int(row[0]), author)
        return int(row[0])

    def _id(self, db: Tables, table: str, key: dict[str, Any], more: dict[str, Any]) -> int:
        known = (table, *key.values())
        if known not in self._ids:
            where = " AND ".join(f"{name} = ?" for name in key)
            find = f"SELECT id FROM {table} WHERE {where}"  # noqa: S608 - names of our own tables and columns
            row = db.execute(find, tuple(key.values())).fetchone()
            self._ids[known] = int(row[0] if row else db.table(table).insert({**key, **more}).last_pk or 0)
        return self._ids[known]
