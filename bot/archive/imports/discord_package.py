"""Discord's own data package: what one person wrote themselves, everywhere.

https://support.discord.com/hc/articles/360004957991-Your-Discord-Data-Package
"""

import csv
from collections.abc import Iterator
from pathlib import PurePosixPath

from bot.archive.events import Author, Said
from bot.archive.imports import json_records
from bot.archive.imports.discord import ALONE, decoded, identity, linked, moment, opened_at, place
from bot.archive.imports.records import DIRECT, Bad, Channel, LeftOut, Record, Thread, Wanted
from bot.archive.imports.sources import Source, Unreadable
from bot.asker import Place
from bot.json_shapes import Body, part, text

DIRECTS = {"1", "3", "DM", "GROUP_DM"}
THREADS = {"10", "11", "12", "NEWS_THREAD", "ANNOUNCEMENT_THREAD", "PUBLIC_THREAD", "PRIVATE_THREAD"}
OPEN_THREADS = {"10", "11", "NEWS_THREAD", "ANNOUNCEMENT_THREAD", "PUBLIC_THREAD"}
UNKNOWN = "unknown"  # the server of a channel that the person can no longer see
LARGEST = 1 << 20


def recognise(source: Source) -> bool:
    """Whether there are folders of channels, each described."""
    return any(PurePosixPath(name).name.lower() == "channel.json" for name in source.names)


def read(source: Source, wanted: Wanted) -> Iterator[Record]:
    """Every channel with its messages. Raises Unreadable where it does not tell whose package it is."""
    csv.field_size_limit(LARGEST)
    author = _author(source)
    for name in sorted(source.names):
        if PurePosixPath(name).name.lower() == "channel.json":
            yield from _channel(source, name, author, wanted)


def _author(source: Source) -> Author:
    for name in source.names:
        if PurePosixPath(name.lower()).parts[-2:] == ("account", "user.json"):
            user = _object(source, name)
            if id_ := identity(user.get("id")):
                return Author(id_, text(user, "global_name") or text(user, "username"))
    raise Unreadable("The data package does not tell whose it is: account/user.json is missing or damaged.")


def _object(source: Source, name: str) -> Body:
    try:
        found = json_records.whole(source.whole(name))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _channel(source: Source, name: str, author: Author, wanted: Wanted) -> Iterator[Record]:
    channel = _object(source, name)
    folder = name[: -len(PurePosixPath(name).name)]
    here, guild = identity(channel.get("id")), part(channel, "guild")
    kind = str(channel.get("type", "")).removeprefix("GUILD_")
    if not here:
        yield Bad(name, "it does not tell of which channel it is")
        return
    files = [f"{folder}{one}" for one in ("messages.csv", "messages.json") if f"{folder}{one}" in source.names]
    if kind in DIRECTS:
        if not wanted.direct:
            yield LeftOut(DIRECT, sum(isinstance(one, dict) for file in files for _, one in _rows(source, file)))
            return
        where = place(ALONE, here)
        yield Channel(where, "", "", private=True, direct=True)
    else:
        where, told = _place(channel, here, kind, wanted)
        yield from told
    for file in files:
        for position, row in _rows(source, file):
            yield row if isinstance(row, Bad) else _message(row, where, author, position)
    if guild and not files:
        yield Bad(folder, "its messages are missing")


def _place(channel: Body, here: str, kind: str, wanted: Wanted) -> tuple[Place, list[Record]]:
    """Where it is. It does not tell in which channel a thread was opened; the archive may know."""
    guild = part(channel, "guild")
    server = identity(guild.get("id")) or wanted.workspace or UNKNOWN
    if kind in THREADS:
        known = wanted.known.place("discord", here)
        if known and known.thread:
            return known, []
        return place(server, here, here, private=kind not in OPEN_THREADS), [
            Channel(place(server, here), text(channel, "name"), text(guild, "name")),
            Thread(place(server, here, here), text(channel, "name"), at=opened_at(here)),
        ]
    return place(server, here), [Channel(place(server, here), text(channel, "name"), text(guild, "name"))]


def _rows(source: Source, name: str) -> Iterator[tuple[str, Body | Bad]]:
    if name.endswith(".json"):
        with source.open(name) as file:
            records = json_records.Records(file, name, lambda one: bool(identity(one.get("ID"))))
            for number, one in enumerate(records, 1):
                yield f"{name}, record {number}", one
        return
    with source.open(name) as file:
        reader = csv.DictReader(decoded(iter(lambda: file.readline(LARGEST), b"")))
        number = 1
        while True:
            number += 1
            position = f"{name}, row {number}"
            try:
                yield position, dict(next(reader))
            except StopIteration:
                return
            except csv.Error as error:
                yield position, Bad(position, f"no row ({error})")


def _message(row: Body, where: Place, author: Author, position: str) -> Record:
    id_, at = identity(row.get("ID")), moment(row.get("Timestamp"))
    if not id_ or at is None:
        return Bad(position, "a message without an id or a time")
    files = tuple(linked(one) for one in text(row, "Attachments").split() if one)
    return Said(where, id_, author, text(row, "Contents"), at, attachments=files)
