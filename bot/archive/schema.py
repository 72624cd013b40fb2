"""The tables, as small migrations that are never changed once released. A table is a noun."""

from sqlite_utils import Database, Migrations

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
