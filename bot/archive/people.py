"""What people are called: kept for those of whom something is held, and for nobody else."""

from bot.archive.database import Database
from bot.archive.privacy import Privacy
from bot.archive.tables import Tables
from bot.asker import Place


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


_RENAME = (
    "UPDATE people SET name = ? WHERE platform_id = ? "
    "AND workspace = (SELECT id FROM workspaces WHERE platform = ? AND platform_id = ?)"
)
