"""The rights of an audience, on rows: the one place that says which messages and threads somebody may be shown.

They are checked on the row, at the moment of reading. A row of another workspace, of a channel that is not named, or of
a private thread that is not named itself, is not there; nor is an imported direct conversation, for anybody.
"""

from bot.archive.tables import Tables
from bot.asker import Place
from bot.values import value
from bot.venue import Readable


@value
class Visible:
    """What may be shown, by rows: channels, and the private threads in them that may not."""

    channels: frozenset[int]
    hidden_threads: frozenset[int]

    def of(self, channel: str, thread: str) -> str:
        """A condition on the columns of those names: they hold a channel, and a thread or NULL."""
        shown = f"{channel} IN ({_listed(self.channels)})"
        if not self.hidden_threads:
            return shown
        return f"{shown} AND ({thread} IS NULL OR {thread} NOT IN ({_listed(self.hidden_threads)}))"


def visible(db: Tables, place: Place, readable: Readable) -> Visible:
    """The rows of the place's workspace that are readable so."""
    rows = db.execute(
        "SELECT c.id, c.platform_id FROM channels c JOIN workspaces w ON w.id = c.workspace "
        "WHERE w.platform = ? AND w.platform_id = ? AND c.direct = 0",
        (place.platform, place.workspace),
    ).fetchall()
    channels = frozenset(row for row, platform_id in rows if platform_id in readable.channels)
    private = f"SELECT id, platform_id FROM threads WHERE private = 1 AND channel IN ({_listed(channels)})"  # noqa: S608 - numbers alone
    threads = db.execute(private).fetchall()
    return Visible(channels, frozenset(row for row, thread in threads if thread not in readable.private_threads))


def _listed(rows: frozenset[int]) -> str:
    """The numbers for an IN; for none, one that no row has, since SQLite can't keep to a named index for `IN ()`."""
    return ", ".join(map(str, sorted(rows))) or "-1"
