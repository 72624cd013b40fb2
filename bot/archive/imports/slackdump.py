"""What slackdump writes: a dump (JSON), chunks (JSON lines, packed), or an archive (SQLite).

https://github.com/rusq/slackdump
"""

import json
from collections.abc import Iterator
from dataclasses import replace

from bot.archive.imports import foreign, json_records
from bot.archive.imports.records import DIRECT, Bad, LeftOut, Record, Wanted
from bot.archive.imports.slack import UNKNOWN, Workspace, channel_of, looks_like_a_message, names_in, team_of, told
from bot.archive.imports.sources import GZIP, Source
from bot.json_shapes import Body, part, parts, text

LONGEST_LINE = 64 << 20
TABLES = {"message", "channel", "s_user", "chunk"}


def is_dump(source: Source) -> bool:
    """Whether it is a dump: an object with a channel's id, and messages."""
    head = source.head.lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"{") and b'"channel_id"' in head and b'"messages"' in head


def read_dump(source: Source, wanted: Wanted) -> Iterator[Record]:
    """A channel, or a thread of it; replies stand inside of their thread's first message."""
    with source.open(source.name) as file:
        records = json_records.Records(file, source.name, looks_like_a_message, key="messages")
        messages = iter(records)
        first = next(messages, None)
        header = records.before
        names: dict[str, str] = {}
        workspace = Workspace(wanted.workspace or _team(source) or UNKNOWN, names)
        names.update(wanted.known.names(workspace.place("")))
        channel = channel_of({"id": json_records.after(header, "channel_id")}, workspace)
        channel = replace(channel, name=str(json_records.after(header, "name") or ""))
        if not channel.place.channel:
            yield Bad(source.name, "it does not tell of which channel it is")
            return
        if channel.direct and not wanted.direct:
            yield LeftOut(DIRECT, sum(1 for one in messages if isinstance(one, dict)) + isinstance(first, dict))
            return
        yield channel
        number = 0
        while first is not None:
            number += 1
            if isinstance(first, Bad):
                yield first
            else:
                yield from told(first, channel.place.channel, workspace, f"{source.name}, record {number}")
            first = next(messages, None)


def _team(source: Source) -> str:
    """The workspace that its messages name."""
    with source.open(source.name) as file:
        records = json_records.Records(file, source.name, looks_like_a_message, key="messages")
        return team_of(one for one in records if isinstance(one, dict))


def is_chunks(source: Source) -> bool:
    """Whether it is a file of chunks: packed lines of JSON that begin with their type."""
    if not (source.head.startswith(GZIP) or source.head.lstrip().startswith(b'{"t":')):
        return False
    with source.open(source.name) as file:
        return file.read(1 << 12).lstrip().startswith(b'{"t":')


def read_chunks(source: Source, wanted: Wanted) -> Iterator[Record]:
    """Every chunk, in whatever order they stand: people and channels are looked for first."""
    users: list[Body] = []
    channels: dict[str, Body] = {}
    teams: list[Body] = []
    for _, line in _lines(source):
        if isinstance(line, dict):
            users += parts(line, "u")
            channels |= {text(one, "id"): one for one in (*parts(line, "ch"), part(line, "ci"))}
            teams += [part(line, "w"), *parts(line, "m")]
            teams = [{"team": team_of(teams)}] if len(teams) > 1000 else teams
    workspace = Workspace(wanted.workspace or team_of([*users, *teams]) or UNKNOWN, names_in(users))
    described: set[str] = set()
    for where, line in _lines(source):
        if isinstance(line, Bad):
            yield line
            continue
        channel = text(line, "id")
        messages = [*parts(line, "m"), *([part(line, "p")] if part(line, "p") else [])]
        if not channel or not messages:
            continue
        found = channel_of({"id": channel, **channels.get(channel, {})}, workspace)
        if found.direct and not wanted.direct:
            yield LeftOut(DIRECT, len(messages))
            continue
        if channel not in described:
            described.add(channel)
            yield found
        for number, one in enumerate(messages, 1):
            yield from told(one, channel, workspace, f"{where}, message {number}")


def _lines(source: Source) -> Iterator[tuple[str, Body | Bad]]:
    with source.open(source.name) as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            where = f"{source.name}, line {number}"
            try:
                found = json_records.whole(line)
            except ValueError as error:
                yield where, Bad(where, f"no JSON ({getattr(error, 'msg', error)})")
            else:
                if isinstance(found, dict):
                    yield where, found
                elif line.strip():
                    yield where, Bad(where, "no chunk")


def is_archive(source: Source) -> bool:
    """Whether it is slackdump's database."""
    if not source.is_sqlite:
        return False
    with foreign.opened(source.path) as database:
        return database.tables.keys() >= TABLES


def read_archive(source: Source, wanted: Wanted) -> Iterator[Record]:
    """Of each message, person and channel what the newest chunk says."""
    with foreign.opened(source.path) as database:
        bad: list[Record] = []
        users = [one for one in _newest(database, source, "s_user", bad) if isinstance(one, dict)]
        channels = [one for one in _newest(database, source, "channel", bad) if isinstance(one, dict)]
        workspace = Workspace(wanted.workspace or _of_archive(database) or team_of(users) or UNKNOWN, names_in(users))
        left_out = set()
        for one in channels:
            channel = channel_of(one, workspace)
            if channel.direct and not wanted.direct:
                left_out.add(channel.place.channel)
            elif channel.place.channel:
                yield channel
        sql = (
            "SELECT channel_id, ts, data FROM message m WHERE chunk_id = (SELECT max(n.chunk_id) FROM message n "
            "WHERE n.id = m.id AND n.channel_id = m.channel_id) ORDER BY channel_id, id"
        )
        try:
            for channel_id, ts, data in database.rows(sql):
                if channel_id in left_out or (str(channel_id).startswith("D") and not wanted.direct):
                    yield LeftOut(DIRECT)
                    continue
                where = f"{source.name}, message {ts} of {channel_id}"
                found = _object(data)
                yield from told(found, str(channel_id), workspace, where) if found else [Bad(where, "no JSON")]
        except foreign.Damaged as error:
            bad.append(foreign.damaged(source.name, "MESSAGE", error))
        source.advance(source.size)
        yield from bad


def _newest(database: foreign.Foreign, source: Source, table: str, bad: list[Record]) -> Iterator[Body]:
    sql = f"SELECT id, data FROM {table} m WHERE chunk_id = (SELECT max(n.chunk_id) FROM {table} n WHERE n.id = m.id)"  # noqa: S608 - our own names
    try:
        for id_, data in database.rows(sql):
            if found := _object(data):
                yield found
            else:
                bad.append(Bad(f"{source.name}, {table} {id_}", "no JSON"))
    except foreign.Damaged as error:
        bad.append(foreign.damaged(source.name, table, error))


def _of_archive(database: foreign.Foreign) -> str:
    if "team_id" not in database.tables.get("workspace", ()):
        return ""
    try:
        return next((str(team) for (team,) in database.rows("SELECT team_id FROM workspace LIMIT 1")), "")
    except foreign.Damaged:
        return ""


def _object(data: object) -> Body:
    """The JSON object in a cell; empty where there is none."""
    try:
        found = json.loads(data) if isinstance(data, str | bytes) else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
