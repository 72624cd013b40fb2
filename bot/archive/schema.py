"""The tables, as small migrations that are never changed once released. A table is a noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.archive.migrations import Migrations

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("readalong")


@migrations()
def m001_settings(db: Database) -> None:
    """What was chosen where: one row for each choice, in a workspace's channel or (empty) wider."""
    db.create_table(
        "settings",
        {"platform": str, "workspace": str, "channel": str, "name": str, "value": str, "changed_at": str},
        pk=("platform", "workspace", "channel", "name"),
        not_null={"platform", "workspace", "channel", "name", "value", "changed_at"},
        strict=True,
    )


@migrations()
def m002_buttons(db: Database) -> None:
    """Lines that buttons stand for: too long for a platform's button, or good for one press by one person."""
    db.create_table(
        "buttons",
        {
            "key": str,
            "line": str,
            "once": int,
            "platform": str,
            "workspace": str,
            "channel": str,
            "person": str,
            "made_at": str,
            "used_at": str,
        },
        pk="key",
        not_null={"line", "once", "platform", "workspace", "channel", "person", "made_at"},
        strict=True,
    )
    db.table("buttons").create_index(["made_at"])


@migrations()
def m003_local_messages(db: Database) -> None:
    """What stands on the local page, which is a platform of its own: one row for each message or answered line."""
    columns = ("channel", "person", "how", "words", "reply", "only_for", "written_at")
    texts = ", ".join(f"{name} TEXT NOT NULL" for name in columns)
    # AUTOINCREMENT: an id that was dismissed is not given again, since a page may still show its buttons.
    made = "id INTEGER PRIMARY KEY AUTOINCREMENT, thread INTEGER NOT NULL"
    db.execute(f"CREATE TABLE local_messages ({made}, {texts}) STRICT")
    db.table("local_messages").create_index(["channel", "thread", "id"])


@migrations()
def m004_archive(db: Database) -> None:
    """The saved discussions. Ids of a platform are text; times are ISO 8601 in UTC; what is gone keeps its row."""
    tables = (_workspaces, _channels, _people, _threads, _messages, _revisions, _reactions, _attachments, _coverage)
    for make in tables:
        make(db)
    db.execute("CREATE VIRTUAL TABLE messages_fts USING fts5(search, content='messages', content_rowid='id')")
    for name, when in (("insert", "AFTER INSERT"), ("update", "AFTER UPDATE OF search"), ("delete", "AFTER DELETE")):
        before = "INSERT INTO messages_fts(messages_fts, rowid, search) VALUES ('delete', old.id, old.search);"
        after = "INSERT INTO messages_fts(rowid, search) VALUES (new.id, new.search);"
        acts = f"{'' if name == 'insert' else before} {'' if name == 'delete' else after}"
        db.execute(f"CREATE TRIGGER messages_fts_{name} {when} ON messages BEGIN {acts} END")


@migrations()
def m005_discussions(db: Database) -> None:
    """What members do with discussions: remarks they save, passages they quote, who opted out, and who did what."""
    db.execute("ALTER TABLE threads ADD COLUMN private INTEGER NOT NULL DEFAULT 0")
    for make in (_remarks, _links, _suppressed, _audit):
        make(db)


@migrations()
def m006_tags(db: Database) -> None:
    """What filters ask for stands in the index beside the words, so that a search need not look at every message."""
    tags = (
        "'w' || workspace || ' c' || channel || ' p' || person || ifnull(' t' || thread, '') || "
        "iif(ours, ' ours', '') || iif(instr(text, '://'), ' link', '')"
    )
    stands = f"CASE WHEN deleted_at IS NULL AND person IS NOT NULL THEN {tags} ELSE '' END"
    db.execute(f"ALTER TABLE messages ADD COLUMN tags TEXT GENERATED ALWAYS AS ({stands}) VIRTUAL")
    for name in ("insert", "update", "delete"):
        db.execute(f"DROP TRIGGER IF EXISTS messages_fts_{name}")
    db.execute("DROP TABLE messages_fts")
    index = (
        'fts5(search, tags, content="messages", content_rowid="id")'  # so quoted, sqlite-utils and Datasette find it
    )
    db.execute(f"CREATE VIRTUAL TABLE messages_fts USING {index}")
    db.execute("INSERT INTO messages_fts(messages_fts) VALUES ('rebuild')")
    gone = (
        "INSERT INTO messages_fts(messages_fts, rowid, search, tags) VALUES ('delete', old.id, old.search, old.tags);"
    )
    here = "INSERT INTO messages_fts(rowid, search, tags) VALUES (new.id, new.search, new.tags);"
    changed = "search, text, workspace, channel, thread, person, ours, deleted_at"
    for name, when, acts in (
        ("insert", "AFTER INSERT", here),
        ("update", f"AFTER UPDATE OF {changed}", gone + here),
        ("delete", "AFTER DELETE", gone),
    ):
        db.execute(f"CREATE TRIGGER messages_fts_{name} {when} ON messages BEGIN {acts} END")
    shown = "messages(id, channel, thread, person, ours) WHERE deleted_at IS NULL"
    db.execute(f"CREATE INDEX idx_messages_shown ON {shown}")  # counting reads this alone, not the texts beside it
    db.execute("CREATE INDEX idx_threads_private ON threads(channel) WHERE private = 1")


@migrations()
def m007_digests(db: Database) -> None:
    """Digests: one row for each destination and local date, when they are due, and what a group reads when."""
    for make in (_digests, _schedules, _plans):
        make(db)
    db.table("threads").create_index(["reading", "passage"])
    db.table("remarks").create_index(["saved_at"])
    for table in ("threads", "channels"):
        for column in ("read_back_at", "read_back_since"):
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")


@migrations()
def m008_opted_in(db: Database) -> None:
    """Who opted in again stays out of what was said before that."""
    db.execute("ALTER TABLE suppressed ADD COLUMN until TEXT")


@migrations()
def m009_read_due(db: Database) -> None:
    """Which places are to be compared with the platform's history again, and what was held when listening began."""
    for table in ("threads", "channels"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN read_due_at TEXT")
        db.execute(f"ALTER TABLE {table} ADD COLUMN known_seq INTEGER")


@migrations()
def m011_scrubs(db: Database) -> None:
    """How often messages lost their words, and how often of these the index was scrubbed since."""
    db.execute("CREATE TABLE scrubs (wanted INTEGER NOT NULL, done INTEGER NOT NULL) STRICT")
    db.execute("INSERT INTO scrubs VALUES (1, 0)")  # what was deleted before this is in the index still
    for name, when in (
        ("emptied", "AFTER UPDATE OF search ON messages WHEN new.search = '' AND old.search != ''"),
        ("deleted", "AFTER DELETE ON messages WHEN old.search != ''"),
    ):
        db.execute(f"CREATE TRIGGER messages_{name} {when} BEGIN UPDATE scrubs SET wanted = wanted + 1; END")  # noqa: S608 - fixed words


@migrations()
def m012_imports(db: Database) -> None:
    """Which import brought which message, and what was told of places by imports alone."""
    texts = ("name", "kind", "sha256", "began_at")
    db.create_table(
        "imports",
        {"id": int, **dict.fromkeys(texts, str), "ended_at": str},
        pk="id",
        not_null=set(texts),
        strict=True,
    )
    db.table("imports").create_index(["sha256"], unique=True)
    db.execute(
        "CREATE TABLE imported (message INTEGER NOT NULL REFERENCES messages(id), "
        "import INTEGER NOT NULL REFERENCES imports(id), PRIMARY KEY (message, import)) STRICT, WITHOUT ROWID"
    )
    for table, column in (("workspaces", "imported"), ("channels", "private"), ("channels", "direct")):
        db.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")


@migrations()
def m016_erasures(db: Database) -> None:
    """Who is being erased, until that is done."""
    db.execute("CREATE TABLE erasures (platform TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL) STRICT")


def _workspaces(db: Database) -> None:
    db.create_table(
        "workspaces",
        {"id": int, "platform": str, "platform_id": str, "name": str, "left_at": str},
        pk="id",
        not_null={"platform", "platform_id", "name"},
        strict=True,
    )
    db.table("workspaces").create_index(["platform", "platform_id"], unique=True)


def _channels(db: Database) -> None:
    db.create_table(
        "channels",
        {
            "id": int,
            "workspace": int,
            "platform_id": str,
            "name": str,
            "kept_since": str,
            "archived_at": str,
            "deleted_at": str,
        },
        pk="id",
        not_null={"workspace", "platform_id", "name"},
        foreign_keys=[("workspace", "workspaces", "id")],
        strict=True,
    )
    db.table("channels").create_index(["workspace", "platform_id"], unique=True)


def _people(db: Database) -> None:
    db.create_table(
        "people",
        {"id": int, "workspace": int, "platform_id": str, "name": str, "bot": int},
        pk="id",
        not_null={"workspace", "platform_id", "name", "bot"},
        foreign_keys=[("workspace", "workspaces", "id")],
        strict=True,
    )
    db.table("people").create_index(["workspace", "platform_id"], unique=True)


def _threads(db: Database) -> None:
    db.create_table(
        "threads",
        {
            "id": int,
            "workspace": int,
            "channel": int,
            "platform_id": str,
            "title": str,
            "opened_by": int,
            "opened_at": str,
            "reading": str,
            "passage": str,
            "source_sha256": str,
            "kept_since": str,
            "archived_at": str,
            "deleted_at": str,
        },
        pk="id",
        not_null={"workspace", "channel", "platform_id", "title"},
        foreign_keys=[
            ("workspace", "workspaces", "id"), ("channel", "channels", "id"), ("opened_by", "people", "id")
        ],
        strict=True,
    )  # fmt: skip
    db.table("threads").create_index(["channel", "platform_id"], unique=True)


def _messages(db: Database) -> None:
    db.create_table(
        "messages",
        {
            "id": int,
            "workspace": int,
            "channel": int,
            "thread": int,
            "platform_id": str,
            "person": int,
            "text": str,
            "search": str,
            "written_at": str,
            "edited_at": str,
            "deleted_at": str,
            "answers": str,
            "ours": int,
            "saved_seq": int,
        },
        pk="id",
        not_null={
            "workspace",
            "channel",
            "platform_id",
            "text",
            "search",
            "written_at",
            "answers",
            "ours",
            "saved_seq",
        },
        foreign_keys=[
            ("workspace", "workspaces", "id"),
            ("channel", "channels", "id"),
            ("thread", "threads", "id"),
            ("person", "people", "id"),
        ],
        strict=True,
    )
    db.table("messages").create_index(["channel", "platform_id"], unique=True)
    db.table("messages").create_index(["thread", "id"])
    db.table("messages").create_index(["saved_seq"], unique=True)


def _revisions(db: Database) -> None:
    db.create_table(
        "revisions",
        {"message": int, "written_at": str, "text": str},
        pk=("message", "written_at"),
        not_null={"text"},
        foreign_keys=[("message", "messages", "id")],
        strict=True,
    )


def _reactions(db: Database) -> None:
    db.create_table(
        "reactions",
        {"id": int, "message": int, "emoji": str, "person": int, "people": int, "changed_at": str},
        pk="id",
        not_null={"message", "emoji", "people", "changed_at"},
        foreign_keys=[("message", "messages", "id"), ("person", "people", "id")],
        strict=True,
    )
    db.execute("CREATE UNIQUE INDEX idx_reactions_one ON reactions(message, emoji, ifnull(person, 0))")


def _attachments(db: Database) -> None:
    db.create_table(
        "attachments",
        {"message": int, "platform_id": str, "name": str, "kind": str, "bytes": int, "url": str},
        pk=("message", "platform_id"),
        not_null={"name", "kind", "bytes", "url"},
        foreign_keys=[("message", "messages", "id")],
        strict=True,
    )


def _coverage(db: Database) -> None:
    db.create_table(
        "coverage",
        {"id": int, "channel": int, "thread": int, "first": str, "last": str, "open": int},
        pk="id",
        not_null={"channel", "first", "last", "open"},
        foreign_keys=[("channel", "channels", "id"), ("thread", "threads", "id")],
        strict=True,
    )
    db.table("coverage").create_index(["channel", "thread", "first"])


def _remarks(db: Database) -> None:
    db.create_table(
        "remarks",
        {"message": int, "person": int, "saved_at": str},
        pk=("message", "person"),
        not_null={"saved_at"},
        foreign_keys=[("message", "messages", "id"), ("person", "people", "id")],
        strict=True,
    )


def _links(db: Database) -> None:
    db.create_table(
        "links",
        {"message": int, "reading": str, "passage": str, "words": str},
        pk=("message", "reading", "passage"),
        not_null={"words"},
        foreign_keys=[("message", "messages", "id")],
        strict=True,
    )
    db.table("links").create_index(["reading", "passage"])


def _suppressed(db: Database) -> None:
    db.create_table("suppressed", {"who": str, "since": str}, pk="who", not_null={"since"}, strict=True)


def _audit(db: Database) -> None:
    db.create_table(
        "audit",
        {"id": int, "workspace": int, "who": str, "did": str, "about": str, "at": str},
        pk="id",
        not_null={"workspace", "who", "did", "about", "at"},
        foreign_keys=[("workspace", "workspaces", "id")],
        strict=True,
    )


def _digests(db: Database) -> None:
    texts = (
        "channel", "thread", "date", "zone", "covers", "state", "why", "due_at", "settled_at", "mark", "message",
        "left_out", "posted_by", "holder", "lease_until",
    )  # fmt: skip
    db.create_table(
        "digests",
        {"id": int, "workspace": int, **dict.fromkeys(texts, str), "since_seq": int, "until_seq": int, "since_at": str,
         "until_at": str},
        pk="id",
        not_null={"workspace", *texts},
        defaults=dict.fromkeys(texts[6:], ""),
        foreign_keys=[("workspace", "workspaces", "id")],
        strict=True,
    )  # fmt: skip
    db.table("digests").create_index(["workspace", "channel", "thread", "date"], unique=True)
    db.table("digests").create_index(["mark"], unique=True)
    db.table("digests").create_index(["until_seq"])
    db.table("digests").create_index(["state"])


def _schedules(db: Database) -> None:
    texts = ("channel", "thread", "at", "zone", "days", "covers", "origin", "made_by", "made_at", "told")
    db.create_table(
        "schedules",
        {"id": int, "workspace": int, **dict.fromkeys(texts, str), "stopped_at": str},
        pk="id",
        not_null={"workspace", *texts},
        foreign_keys=[("workspace", "workspaces", "id")],
        strict=True,
    )
    db.table("schedules").create_index(["workspace", "channel", "thread"], unique=True)


def _plans(db: Database) -> None:
    texts = ("channel", "reading", "name", "first", "last", "passages", "made_by", "made_at")
    db.create_table(
        "plans",
        {"id": int, "workspace": int, **dict.fromkeys(texts, str)},
        pk="id",
        not_null={"workspace", *texts},
        foreign_keys=[("workspace", "workspaces", "id")],
        strict=True,
    )
    db.table("plans").create_index(["workspace", "channel", "reading", "name"], unique=True)
