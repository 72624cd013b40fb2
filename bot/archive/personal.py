"""What is held about one person, as JSON for themselves: what they wrote and did, in all workspaces of a platform."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.archive.erasing import ROWS
from bot.archive.tables import Tables

LARGEST = 7_000_000  # bytes of a file: Discord takes 10 MB, Slack more
_PLACED = (
    "JOIN workspaces w ON w.id = m.workspace JOIN channels c ON c.id = m.channel LEFT JOIN threads t ON t.id = m.thread"
)
_WHERE = "w.name AS workspace, c.name AS channel, t.title AS thread"
_THEIRS = f"(SELECT id FROM messages WHERE person IN {ROWS})"  # noqa: S608 - fixed words

# The kinds of records, each by its question
_KINDS = {
    "messages": f"SELECT m.platform_id AS id, {_WHERE}, m.written_at, m.edited_at, m.text FROM messages m {_PLACED} "  # noqa: S608 - fixed words
    f"WHERE m.person IN {ROWS} AND m.deleted_at IS NULL ORDER BY m.id",
    "earlier_texts": f"SELECT m.platform_id AS message, r.written_at, r.text FROM revisions r "  # noqa: S608 - fixed words
    f"JOIN messages m ON m.id = r.message WHERE m.id IN {_THEIRS} ORDER BY m.id, r.written_at",
    "files": f"SELECT m.platform_id AS message, a.name, a.kind, a.bytes, a.url FROM attachments a "  # noqa: S608 - fixed words
    f"JOIN messages m ON m.id = a.message WHERE m.id IN {_THEIRS} ORDER BY m.id, a.platform_id",
    "reactions": f"SELECT m.platform_id AS message, {_WHERE}, r.emoji, r.changed_at FROM reactions r "  # noqa: S608 - fixed words
    f"JOIN messages m ON m.id = r.message {_PLACED} WHERE r.person IN {ROWS} AND r.people > 0 ORDER BY r.id",
    "saved_remarks": f"SELECT m.platform_id AS message, {_WHERE}, r.saved_at FROM remarks r "  # noqa: S608 - fixed words
    f"JOIN messages m ON m.id = r.message {_PLACED} WHERE r.person IN {ROWS} ORDER BY r.saved_at",
    "discussions": "SELECT w.name AS workspace, c.name AS channel, t.platform_id AS id, t.title, t.opened_at "  # noqa: S608 - fixed words
    "FROM threads t JOIN workspaces w ON w.id = t.workspace JOIN channels c ON c.id = t.channel "
    f"WHERE t.opened_by IN {ROWS} ORDER BY t.id",
    "acts": "SELECT w.name AS workspace, a.did, a.about, a.at FROM audit a JOIN workspaces w ON w.id = a.workspace "
    "WHERE w.platform = ? AND a.who = ? ORDER BY a.id",
    "settings": "SELECT name, value, changed_at FROM settings "
    "WHERE platform = ?1 AND name IN ('answers:' || ?2, 'asked:' || ?2)",
}


def personal(db: Tables, platform: str, person: str, at: str) -> list[bytes]:
    """All of it as JSON files of at most some 7 MB each, with UTF-8 and times in UTC. `at` is now, ISO 8601."""
    pieces = list(_pieces(_records(db, platform, person)))
    about = {"platform": platform, "person": person, "made_at": at, "files": len(pieces)}
    return [_json({**about, "file": number, **piece}) for number, piece in enumerate(pieces, 1)]


def _records(db: Tables, platform: str, person: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, question in _KINDS.items():
        found = db.execute(question, (platform, person))
        names = [column[0] for column in found.description]
        yield from ((kind, dict(zip(names, row, strict=True))) for row in found)


def _pieces(records: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[dict[str, list[dict[str, Any]]]]:
    piece: dict[str, list[dict[str, Any]]] = {}
    size = 0
    for kind, record in records:
        length = len(_json(record))
        if piece and size + length > LARGEST:
            yield piece
            piece, size = {}, 0
        piece.setdefault(kind, []).append(record)
        size += length
    yield piece


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
