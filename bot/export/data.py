"""An export for programs: JSON, which goes back in without loss; and a table of messages, as CSV or as NDJSON."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.archive.extracts import Extract, Record

FORMAT = 1
COLUMNS = (
    "platform", "workspace", "channel", "channel_name", "thread", "title", "reading", "passage", "message", "person",
    "name", "written_at", "edited_at", "text", "answers", "reactions", "files", "quotes", "remarks",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # https://owasp.org/www-community/attacks/CSV_Injection


def as_json(extract: Extract) -> Iterator[str]:
    """One object: lists of workspaces, people, channels, threads and messages, a record on each line.

    Each record says what it is, so that it can be read without what stands around it.
    """
    yield f'{{"readalong": {FORMAT}, "title": {_line(extract.title)}'
    lists: tuple[tuple[str, str, Iterable[Record]], ...] = (
        ("workspaces", "workspace", extract.workspaces()),
        ("people", "person", extract.people()),
        ("channels", "channel", (record for _, record in extract.channels())),
        ("threads", "thread", (record for _, record in extract.threads())),
        ("messages", "message", extract.messages()),
    )
    for name, kind, records in lists:
        yield f',\n"{name}": ['
        for number, record in enumerate(records):
            yield f"{',' if number else ''}\n{_line({'is': kind, **record})}"
        yield "]"
    yield "}\n"


def as_ndjson(extract: Extract) -> Iterator[str]:
    """An object for each message that stands, on a line of its own, with the names that a reader needs."""
    for row in _rows(extract):
        yield f"{_line({name: value for name, value in row.items() if value})}\n"


def as_csv(extract: Extract) -> Iterator[str]:
    """A row for each message that stands. What a spreadsheet would take for a formula has an apostrophe before it."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    for row in _rows(extract):
        table.writerow({name: _cell(value) for name, value in row.items()})
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _rows(extract: Extract) -> Iterator[dict[str, Any]]:
    channels = {_key(record, record["id"]): record.get("name", "") for _, record in extract.channels()}
    threads = {(*_key(record, record["channel"]), record["id"]): record for _, record in extract.threads()}
    for message in extract.messages():
        if not stands(message):
            continue
        key = _key(message, message["channel"])
        thread = threads.get((*key, message.get("thread", "")), {})
        values = (
            *key, channels.get(key, ""), message.get("thread", ""), thread.get("title", ""), thread.get("reading", ""),
            thread.get("passage", ""), message["id"], message["person"], extract.called(message), message["written_at"],
            message.get("edited_at", ""), message.get("text", ""), message.get("answers", ""), reactions(message),
            [one["name"] for one in message.get("attachments", [])],
            [f"{one['reading']} {one['passage']}" for one in message.get("links", [])], len(message.get("remarks", [])),
        )  # fmt: skip
        yield dict(zip(COLUMNS, values, strict=True))


def reactions(message: Record) -> dict[str, int]:
    """How many reactions of each kind a message has."""
    counts: dict[str, int] = {}
    for one in message.get("reactions", []):
        counts[one["emoji"]] = counts.get(one["emoji"], 0) + one["people"]
    return {emoji: count for emoji, count in counts.items() if count}


def stands(message: Record) -> bool:
    """Whether somebody said it and did not take it back; the bot's own messages hold no words."""
    return bool(message.get("person")) and not message.get("deleted_at") and not message.get("ours")


def _key(record: Record, channel: str) -> tuple[str, str, str]:
    return record["platform"], record["workspace"], channel


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        value = ", ".join(f"{name} {count}" for name, count in value.items())
    if isinstance(value, list):
        value = ", ".join(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
