"""Exports of made-up people, as large and as odd as a test wants them."""

import gzip
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Body = dict[str, Any]


def slack_message(number: int, words: str = "", **more: Any) -> Body:
    """A message of Slack, a minute after the one of the number before."""
    said = words or f"message {number} on the treaty"
    return {
        "type": "message",
        "user": f"U{number % 5}",
        "text": said,
        "ts": f"{1700000000 + 60 * number}.000100",
        **more,
    }


def slack_users(count: int = 5) -> list[Body]:
    """People of a workspace."""
    return [{"id": f"U{n}", "team_id": "T1", "profile": {"display_name": f"person{n}"}} for n in range(count)]


def slack_zip(
    path: Path, messages: Iterable[Body] | str, *, channel: Body | None = None, more: dict[str, str] | None = None
) -> Path:
    """A Slack export with one channel and one day."""
    described = channel or {"id": "C1", "name": "general"}
    day = messages if isinstance(messages, str) else json.dumps(list(messages), indent=2)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("channels.json", json.dumps([described]))
        archive.writestr("users.json", json.dumps(slack_users()))
        archive.writestr(f"{described['name']}/2023-11-14.json", day)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return path


def discord_message(number: int, words: str = "", **more: Any) -> Body:
    """A message of DiscordChatExporter, a minute after the one of the number before."""
    author = {"id": str(500 + number % 5), "name": f"person{number % 5}", "isBot": False}
    at = f"2023-11-{14 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00+00:00"
    said = words or f"message {number} on the treaty"
    return {"id": str(10**18 + number), "type": "Default", "timestamp": at, "timestampEdited": None, "content": said,
            "author": author, "attachments": [], "embeds": [], "reactions": [], "mentions": [], **more}  # fmt: skip


def discord_json(path: Path, messages: Sequence[Body], **channel: Any) -> Path:
    """A file of DiscordChatExporter."""
    described = {
        "id": "20",
        "type": "GuildTextChat",
        "categoryId": "9",
        "category": "Rooms",
        "name": "kurils",
        **channel,
    }
    told = {"guild": {"id": "1", "name": "Study"}, "channel": described, "messages": list(messages), "messageCount": 1}
    path.write_text(json.dumps(told, indent=2), encoding="utf-8")
    return path


def slackdump_lines(path: Path, lines: Iterable[Body]) -> Path:
    """A file of slackdump's chunks."""
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    return path
