"""What people are called: kept for those of whom something is held, and for nobody else."""

from itertools import islice

from bot.archive.database import Database
from bot.archive.privacy import Privacy
from bot.archive.rights import Visible, visible
from bot.archive.tables import Tables
from bot.asker import Place
from bot.venue import Readable


class People:
    """The people of every workspace."""

    def __init__(self, database: Database, privacy: Privacy) -> None:
        self._database = database
        self._privacy = privacy

    async def called(self, place: Place, person: str, name: str) -> None:
        """This person of the place's workspace is called so now. Who opted out stays without a name."""

        def act(db: Tables) -> None:
            if not self._privacy.is_out(place.platform, person):
                db.execute(_RENAME, (name, person, place.platform, place.workspace))

        await self._database.write(act)

    def who_spoke(self, place: Place, readable: Readable, text: str, most: int) -> list[tuple[str, str]]:
        """Whose name holds a text, of those who said something that is readable so: the platform's ids and names."""
        db = self._database.reader
        shown = visible(db, place, readable)
        rows = db.execute(
            "SELECT p.id, p.platform_id, p.name FROM people p JOIN workspaces w ON w.id = p.workspace "
            "WHERE w.platform = ? AND w.platform_id = ? AND p.bot = 0 ORDER BY p.name, p.id",
            (place.platform, place.workspace),
        ).fetchall()
        wanted = text.casefold()
        called = (row for row in rows if wanted in row[2].casefold() or wanted == row[1].casefold())
        return [(id_, name) for row, id_, name in islice(filter(lambda one: _spoke(db, one[0], shown), called), most)]


def _spoke(db: Tables, person: int, shown: Visible) -> bool:
    found = db.execute(
        "SELECT 1 FROM messages_fts f CROSS JOIN messages m ON m.id = f.rowid WHERE f.tags MATCH ? "  # noqa: S608 - our own words
        f"AND {shown.of('m.channel', 'm.thread')} LIMIT 1",
        (f'"p{person}"',),
    )
    return found.fetchone() is not None


def find_people(db: Tables, person: str) -> list[tuple[str, str, str]]:
    """Who is meant by `platform:id`, an id or a name, in any workspace: platform, the platform's id, and a name."""
    platform, _, id_ = person.rpartition(":")
    rows = db.execute(
        "SELECT w.platform, p.platform_id, max(p.name) FROM people p JOIN workspaces w ON w.id = p.workspace "
        "WHERE (w.platform = ?1 AND p.platform_id = ?2) OR p.platform_id = ?3 OR p.name = ?3 COLLATE NOCASE "
        "GROUP BY w.platform, p.platform_id ORDER BY 1, 2",
        (platform, id_, person),
    )
    return [(str(one), str(other), str(name)) for one, other, name in rows.fetchall()]


_RENAME = (
    "UPDATE people SET name = ? WHERE platform_id = ? "
    "AND workspace = (SELECT id FROM workspaces WHERE platform = ? AND platform_id = ?)"
)
