"""What stands on a platform beside what the archive holds: the same for every platform."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """Which message: its platform, channel, thread (empty outside of threads) and id."""

    platform: str
    channel: str
    thread: str
    id: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A message as it stands: who wrote it, what it says, how many reactions of each kind it has."""

    author: str
    text: str
    reactions: Mapping[str, int] = field(default_factory=dict)


Messages = dict[Where, Standing]

_MESSAGES = (
    "SELECT w.platform, c.platform_id, ifnull(t.platform_id, ''), m.platform_id, ifnull(p.platform_id, ''), "
    "m.text, m.id "
    "FROM messages m JOIN channels c ON c.id = m.channel JOIN workspaces w ON w.id = m.workspace "
    "LEFT JOIN threads t ON t.id = m.thread LEFT JOIN people p ON p.id = m.person WHERE m.deleted_at IS NULL"
)
_REACTIONS = "SELECT message, emoji, sum(people) FROM reactions GROUP BY message, emoji HAVING sum(people) != 0"
_REVISIONS = (
    "SELECT m.platform_id, r.text FROM revisions r JOIN messages m ON m.id = r.message ORDER BY m.id, r.written_at"
)
_WORDS_OF_THE_DELETED = (
    "SELECT platform_id FROM messages WHERE deleted_at IS NOT NULL AND (text != '' OR search != '' "
    "OR id IN (SELECT message FROM revisions) OR id IN (SELECT message FROM attachments) "
    "OR id IN (SELECT message FROM links) OR id IN (SELECT message FROM remarks))"
)


def held(path: Path, *, reactions: bool = True) -> Messages:
    """The messages that stand in the archive, with their reactions if these are wanted."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(_MESSAGES).fetchall()
        counts: dict[int, dict[str, int]] = {}
        for message, emoji, count in db.execute(_REACTIONS).fetchall() if reactions else ():
            counts.setdefault(message, {})[emoji] = count
    found = {Where(*row[:4]): Standing(row[4], row[5], counts.get(row[6], {})) for row in rows}
    assert len(found) == len(rows), "a message is held twice"
    return found


def differences(
    path: Path, there: Messages, *, reactions: bool = True
) -> list[tuple[Where, Standing | None, Standing | None]]:
    """What stands on the platforms and is not held so, and the other way round: (which, there, held)."""
    mine = held(path, reactions=reactions)
    wanted = there if reactions else {where: Standing(one.author, one.text) for where, one in there.items()}
    keys = sorted({*mine, *wanted})
    return [(key, wanted.get(key), mine.get(key)) for key in keys if wanted.get(key) != mine.get(key)]


def check_sound(path: Path, said: Mapping[str, list[str]]) -> None:
    """The file is whole, nothing stands in it twice, and of what was deleted no word is left.

    `said` is every text that each message ever had, by its id.
    """
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        db.execute("INSERT INTO messages_fts(messages_fts, rank) VALUES ('integrity-check', 1)")
        assert db.execute("SELECT count(*) - count(DISTINCT saved_seq) FROM messages").fetchall() == [(0,)]
        assert db.execute(_WORDS_OF_THE_DELETED).fetchall() == []
        assert db.execute("SELECT channel, thread FROM coverage WHERE first > last").fetchall() == []
        for message, text in db.execute(_REVISIONS).fetchall():
            assert text in said[message]
