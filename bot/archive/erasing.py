"""Taking somebody out of the rows: what they wrote and did, and where others name them; piece by piece.

Messages keep a row without a word, so that they are not read back and saved again; its author is nobody.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.archive.scrubbing import want_scrub
from bot.archive.search_copy import searchable
from bot.archive.statements import marks
from bot.archive.tables import Tables

NOBODY = "a member"
GONE = "gone-"  # with a number, in place of the platform's id
AT_ONCE = 50  # messages in one transaction: some 10 ms

# Their rows, one for each workspace; to be given the platform and the platform's id
ROWS = "(SELECT p.id FROM people p JOIN workspaces w ON w.id = p.workspace WHERE w.platform = ? AND p.platform_id = ?)"

_OF = "workspace IN (SELECT id FROM workspaces WHERE platform = ?)"
_BY_ID = re.compile(r"<@!?([^<>|]+)(?:\|[^<>]*)?>")
_BY_NAME = re.compile(r"@([^\s@<>]+(?: [^\s@<>]+){0,3})")
_AFTER_NAME = re.compile(r"['’]s$|\W+$")
_ACTS = (("audit", "who"), ("digests", "posted_by"), ("schedules", "made_by"), ("plans", "made_by"))


class Erasure:
    """Erases one person at a moment (`at`, ISO 8601 in UTC). `steps` are to be run in turn, each as a transaction.

    What they say since that moment stays, but not of who is to `stay_out`: clocks differ, and some words would be left.
    A step is run again while it says that there is more. What a step did it does not do again, so an erasure that was
    broken off is begun anew.
    """

    def __init__(self, platform: str, person: str, at: str, *, stay_out: bool = False) -> None:
        self._who = (platform, person)
        self._at = at
        self._before = 2**63 - 1 if stay_out else int(datetime.fromisoformat(at).timestamp() * 1000) << 20
        self._masked = -(2**63)

    @property
    def steps(self) -> tuple[Callable[[Tables], bool], ...]:
        """What they wrote, where others name them, and the rest."""
        return self._blank_some, self._mask_some, self._blank_rest

    def at_once(self, db: Tables) -> None:
        """All steps in one transaction: for a database that nobody else uses."""
        for step in self.steps:
            while step(db):
                pass

    def _blank_some(self, db: Tables) -> bool:
        found = db.execute(
            "SELECT rowid FROM messages_fts WHERE tags MATCH ? AND rowid < ? LIMIT ?",
            (_tags(db, *self._who), self._before, AT_ONCE),
        ).fetchall()
        blank_messages(db, [row for (row,) in found], self._at)
        return bool(found)

    def _mask_some(self, db: Tables) -> bool:
        platform, person = self._who
        names = names_of(db, platform, person)
        gone = {hashed(platform, person), *(hashed_name(platform, name) for name in names)}
        found = db.execute(
            "SELECT m.id, m.text FROM messages_fts f CROSS JOIN messages m ON m.id = f.rowid "  # noqa: S608 - fixed words
            f"WHERE messages_fts MATCH ? AND f.rowid > ? AND +m.{_OF} ORDER BY f.rowid LIMIT ?",
            (_named(person, names), self._masked, platform, AT_ONCE),
        ).fetchall()
        for row, text in found:
            if (other := masked(text, platform, gone.__contains__)) != text:
                update = "UPDATE messages SET text = ?, search = ? WHERE id = ?"
                db.execute(update, (other, searchable(other), row))
        if found:
            self._masked = found[-1][0]
            return True
        earlier = (
            "SELECT r.rowid, r.text FROM revisions r JOIN messages m ON m.id = r.message "  # noqa: S608 - fixed words
            f"WHERE instr(r.text, '@') AND m.{_OF}"
        )
        for row, text in db.execute(earlier, (platform,)).fetchall():
            if (other := masked(text, platform, gone.__contains__)) != text:
                db.execute("UPDATE revisions SET text = ? WHERE rowid = ?", (other, row))
        return False

    def _blank_rest(self, db: Tables) -> bool:
        platform, person = self._who
        for table in ("reactions", "remarks"):
            db.execute(f"DELETE FROM {table} WHERE person IN {ROWS}", self._who)  # noqa: S608 - fixed words
        db.execute(f"UPDATE threads SET title = '' WHERE opened_by IN {ROWS}", self._who)  # noqa: S608 - fixed words
        for table, column in _ACTS:
            update = f"UPDATE {table} SET {column} = '' WHERE {column} = ? AND {_OF}"  # noqa: S608 - our own names
            db.execute(update, (person, platform))
        own = (platform, f"answers:{person}", f"asked:{person}")
        db.execute("DELETE FROM settings WHERE platform = ? AND name IN (?, ?)", own)
        # A long line that is good for everybody may hold their words; its button says then that it is too old
        db.execute("DELETE FROM buttons WHERE platform = ? AND (person = ? OR once = 0)", self._who)
        if platform == "web":
            _blank_local(db, person)
        people = db.execute(f"SELECT id, workspace, platform_id, name, bot FROM people WHERE id IN {ROWS}", self._who)  # noqa: S608 - fixed words
        theirs = people.fetchall()
        db.execute(f"UPDATE people SET name = '{NOBODY}', platform_id = '{GONE}' || id WHERE id IN {ROWS}", self._who)  # noqa: S608 - fixed words
        for row, *known in theirs:
            _keep_later(db, row, known)
        db.execute("DELETE FROM erasures WHERE platform = ? AND person = ?", self._who)
        want_scrub(db)  # of earlier texts, and of names in what others said
        return False


def blank_messages(db: Tables, ids: Sequence[int], at: str) -> None:
    """Leave no word of these messages, nor of what stands beside them; titles of threads that they opened go too.

    The bot's own message opens a thread for somebody else, whose the title is.
    """
    if not ids:
        return
    some = marks(len(ids))
    opened = f"(SELECT channel, platform_id FROM messages WHERE ours = 0 AND id IN {some})"  # noqa: S608 - marks alone
    db.execute(f"UPDATE threads SET title = '' WHERE (channel, platform_id) IN {opened}", ids)  # noqa: S608 - marks alone
    for table in ("revisions", "attachments", "links", "remarks", "reactions"):
        db.execute(f"DELETE FROM {table} WHERE message IN {some}", ids)  # noqa: S608 - our own names
    update = "UPDATE messages SET text = '', search = '', deleted_at = ifnull(deleted_at, ?)"
    db.execute(f"{update} WHERE id IN {some}", (at, *ids))


def _keep_later(db: Tables, row: int, known: Sequence[str | int]) -> None:
    """What somebody said while they were erased goes to a new row of theirs, by which they can have it erased too."""
    later = db.execute("SELECT rowid FROM messages_fts WHERE tags MATCH ?", (f'"p{row}"',)).fetchall()
    if later:
        db.execute("INSERT INTO people (workspace, platform_id, name, bot) VALUES (?, ?, ?, ?)", known)
        (new,) = db.execute("SELECT last_insert_rowid()").fetchone()
        db.conn.executemany("UPDATE messages SET person = ? WHERE id = ?", [(new, one) for (one,) in later])


def count_messages(db: Tables, platform: str, person: str) -> int:
    """How many messages of theirs have words."""
    counted = "SELECT count(*) FROM messages_fts WHERE tags MATCH ?"
    return int(db.execute(counted, (_tags(db, platform, person),)).fetchone()[0])


def _tags(db: Tables, platform: str, person: str) -> str:
    """Their messages, for the index: it has a tag for each author."""
    rows = db.execute(ROWS.strip("()"), (platform, person)).fetchall()
    return " OR ".join(f'"p{row}"' for (row,) in rows) or '"none"'


def names_of(db: Tables, platform: str, person: str) -> list[str]:
    """What they are called, in all workspaces."""
    named = "SELECT DISTINCT p.name FROM people p JOIN workspaces w ON w.id = p.workspace "
    rows = db.execute(f"{named} WHERE w.platform = ? AND p.platform_id = ?", (platform, person)).fetchall()
    return [name for (name,) in rows if name and name != NOBODY]


def hashed(platform: str, person: str) -> str:
    """How somebody who is out is known, by the platform's id."""
    return hashlib.sha256(f"{platform}\x1f{person}".encode()).hexdigest()


def hashed_name(platform: str, name: str) -> str:
    """How a name is known that was theirs."""
    return hashed(platform, f"@{name.casefold()}")


def masked(text: str, platform: str, gone: Callable[[str], bool]) -> str:
    """The text with a member in place of those who are gone: of `<@U1>`, as platforms write it, or `@Mina Kato`."""

    def by_id(found: re.Match[str]) -> str:
        return f"@{NOBODY}" if gone(hashed(platform, found[1])) else found[0]

    def by_name(found: re.Match[str]) -> str:
        words = found[1].split(" ")
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count])
            for one in (name, _AFTER_NAME.sub("", name)):
                if one and gone(hashed_name(platform, one)):
                    return f"@{NOBODY}{found[1][len(one) :]}"
        return found[0]

    return _BY_NAME.sub(by_name, _BY_ID.sub(by_id, text)) if "@" in text else text


def _named(person: str, names: Sequence[str]) -> str:
    """The messages that may name them, for the index."""
    words = filter(None, map(searchable, (person, *names)))
    phrases = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
    return f"search : ({phrases})" if phrases else '"none"'


def _blank_local(db: Tables, person: str) -> None:
    """On the local page, which keeps its own messages: theirs, and the bot's answers that quote members."""
    db.execute(
        "UPDATE local_messages SET words = '', reply = '' WHERE person = ? OR channel = ?", (person, f"direct:{person}")
    )
    db.execute("""UPDATE local_messages SET reply = '' WHERE instr(reply, '"voice": "member"')""")
