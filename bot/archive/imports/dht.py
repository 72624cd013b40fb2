"""The database of Discord History Tracker. https://github.com/chylex/Discord-History-Tracker"""

from collections.abc import Iterator

from bot.archive.events import Attachment, Author, Said
from bot.archive.imports import foreign
from bot.archive.imports.discord import ALONE, identity, milliseconds, opened_at, place
from bot.archive.imports.foreign import Foreign, Row
from bot.archive.imports.records import DIRECT, Bad, Channel, LeftOut, Reactions, Record, Thread, Wanted
from bot.archive.imports.sources import Source, Unreadable
from bot.asker import Place
from bot.values import value
from bot.words import literal

NEWEST = 11
SERVER = "SERVER"
AT_ONCE = 1000
ANIMATED = 1


@value
class _Where:
    place: Place
    direct: bool


def recognise(source: Source) -> bool:
    """Whether it is such a database."""
    if not source.is_sqlite:
        return False
    with foreign.opened(source.path) as database:
        return {"metadata", "users", "servers", "channels", "messages"} <= database.tables.keys()


def read(source: Source, wanted: Wanted) -> Iterator[Record]:
    """Everything in it. Raises Unreadable for a version that is not known."""
    with foreign.opened(source.path) as database:
        _check_version(database, source.name)
        try:
            names, places = _names(database), {}
            for where, told in _places(database):
                places[where.place.thread or where.place.channel] = where
                yield from told if wanted.direct or not where.direct else ()
            for row in _messages(database):
                yield from _message(database, row, names, places, wanted, source.name)
        except foreign.Damaged as error:
            yield foreign.damaged(source.name, "messages", error)
        source.advance(source.size)


def _check_version(database: Foreign, name: str) -> None:
    found = [str(value) for (value,) in database.rows("SELECT value FROM metadata WHERE key = 'version'")]
    version = int(found[0]) if found and found[0].isdecimal() else 0
    if not 1 <= version <= NEWEST:
        raise Unreadable(
            f"{literal(name)} is of version {literal(found[0]) if found else 'unknown'} of Discord History Tracker's "
            f"database; up to {NEWEST} can be read. Upgrade Readalong."
        )


def _names(database: Foreign) -> dict[str, str]:
    shown = "display_name" if "display_name" in database.tables["users"] else "NULL"
    return {str(id_): str(display or name) for id_, name, display in
            database.rows(f"SELECT id, name, {shown} FROM users")}  # noqa: S608 - our own names  # fmt: skip


def _places(database: Foreign) -> Iterator[tuple[_Where, list[Record]]]:
    """Channels and threads. It does not tell which threads are private, so all are taken for that."""
    servers = {
        str(id_): (str(name), str(kind)) for id_, name, kind in database.rows("SELECT id, name, type FROM servers")
    }
    parents = "parent_id" if "parent_id" in database.tables["channels"] else "NULL"
    for id_, server, name, parent in database.rows(f"SELECT id, server, name, {parents} FROM channels"):  # noqa: S608 - our own names
        called, kind = servers.get(str(server), ("", SERVER))
        if not identity(id_):
            continue
        if kind != SERVER:
            where = place(ALONE, str(id_))
            yield _Where(where, direct=True), [Channel(where, "", "", private=True, direct=True)]
        elif identity(parent):
            where = place(str(server), str(parent), str(id_), private=True)
            yield (
                _Where(where, direct=False),
                [
                    Channel(place(str(server), str(parent)), "", called),
                    Thread(where, str(name), at=opened_at(str(id_)), guessed=True),
                ],
            )
        else:
            where = place(str(server), str(id_))
            yield _Where(where, direct=False), [Channel(where, str(name), called)]


def _messages(database: Foreign) -> Iterator[Row]:
    edits = database.one_of("message_edit_timestamps", "edit_timestamps")
    answers = database.one_of("message_replied_to", "replied_to")
    edited = _of_message("edit_timestamp", edits)
    answered = _of_message("replied_to_id", answers)
    return database.rows(
        f"SELECT message_id, sender_id, channel_id, text, timestamp, {edited}, {answered} FROM messages m "  # noqa: S608 - our own names
        "ORDER BY channel_id, message_id"
    )


def _of_message(column: str, table: str) -> str:
    return f"(SELECT max({column}) FROM {table} o WHERE o.message_id = m.message_id)" if table else "NULL"  # noqa: S608 - our own names


def _message(
    database: Foreign, row: Row, names: dict[str, str], places: dict[str, _Where], wanted: Wanted, name: str
) -> Iterator[Record]:
    id_, sender, channel, said, at, edited, answers = row
    where, when = places.get(str(channel)), milliseconds(at)
    if not identity(id_) or not identity(sender) or when is None or where is None:
        yield Bad(f"{name}, message {id_}", "it has no author, time or channel")
    elif where.direct and not wanted.direct:
        yield LeftOut(DIRECT)
    else:
        author = Author(str(sender), names.get(str(sender), ""))
        files = tuple(_files(database, id_))
        words = said if isinstance(said, str) else ""
        yield Said(where.place, str(id_), author, words, when, milliseconds(edited), identity(answers), files)
        yield from _reactions(database, id_, where.place)


def _files(database: Foreign, message: int) -> Iterator[Attachment]:
    if "attachments" not in database.tables:
        return
    columns = database.tables["attachments"]
    url = "url" if "url" in columns else "normalized_url"
    beside = "message_attachments" in database.tables
    of_it = f"attachment_id IN (SELECT attachment_id FROM message_attachments WHERE message_id = {message})"  # noqa: S608 - a number
    where = of_it if beside else f"message_id = {message}"
    rows = database.rows(f"SELECT attachment_id, name, type, size, {url} FROM attachments WHERE {where}")  # noqa: S608 - a number
    for id_, name, kind, size, address in rows:
        yield Attachment(str(id_), str(name), str(kind or ""), size if isinstance(size, int) else 0, str(address or ""))


def _reactions(database: Foreign, message: int, where: Place) -> Iterator[Reactions]:
    table = database.one_of("message_reactions", "reactions")
    if not table:
        return
    rows = database.rows(f"SELECT emoji_id, emoji_name, emoji_flags, count FROM {table} WHERE message_id = {message}")  # noqa: S608 - a number
    for emoji, name, flags, count in rows:
        animated = "a" if isinstance(flags, int) and flags & ANIMATED else ""
        shown = f"<{animated}:{name}:{emoji}>" if emoji else str(name or "")
        if isinstance(count, int) and count > 0:
            yield Reactions(where, str(message), shown, count)
