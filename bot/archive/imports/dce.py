"""What DiscordChatExporter writes as JSON: one file for a channel or a thread.

https://github.com/Tyrrrz/DiscordChatExporter
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.archive.events import Attachment, Author, Said
from bot.archive.imports import json_records
from bot.archive.imports.discord import ALONE, identity, moment, opened_at, place
from bot.archive.imports.records import DIRECT, NO_SPEECH, Bad, Channel, LeftOut, Reactions, Record, Thread, Wanted
from bot.archive.imports.sources import Source
from bot.asker import Place
from bot.json_shapes import Body, number, part, parts, text

# Names of kinds of message and channel, and their numbers, which stand there for those that it has no name for.
SPEECH = frozenset({"Default", "Reply", "0", "19", "20", "23", "46"})
THREADS = frozenset({"GuildNewsThread", "GuildPublicThread", "GuildPrivateThread", "10", "11", "12"})
PRIVATE = frozenset({"GuildPrivateThread", "12"})
DIRECTS = frozenset({"DirectTextChat", "DirectGroupTextChat", "1", "3"})
NO_SERVER = "0"  # the id that it gives to direct conversations' server


def recognise(source: Source) -> bool:
    """Whether it begins as such a file does."""
    head = source.head.lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"{") and b'"guild"' in head and b'"channel"' in head


def looks_like_a_message(one: Body) -> bool:
    """Whether an object is a message, and not something inside of one."""
    return bool(identity(one.get("id"))) and moment(one.get("timestamp")) is not None and "author" in one


def read(source: Source, wanted: Wanted) -> Iterator[Record]:
    """The channel or thread, and what was said in it; of a file that is cut off, what is whole."""
    with source.open(source.name) as file:
        records = json_records.Records(file, source.name, looks_like_a_message, key="messages")
        where: Place | None = None
        for count, one in enumerate(records, 1):
            if where is None:
                where, told = _described(records.before, wanted, source.name)
                yield from told
                if where is None:
                    return
            if isinstance(one, Bad):
                yield one
            elif where.direct and not wanted.direct:
                yield LeftOut(DIRECT)
            else:
                yield from _message(one, replace(where, direct=False), f"{source.name}, record {count}")


def _described(header: str, wanted: Wanted, name: str) -> tuple[Place | None, list[Record]]:
    """Where it is from. In a thread, `category` is the channel in which that was opened."""
    server, channel = (found if isinstance(found := json_records.after(header, key), dict) else {}
                       for key in ("guild", "channel"))  # fmt: skip
    kind, here = _kind(channel), identity(channel.get("id"))
    if not here:
        return None, [Bad(name, "it does not tell of which channel it is")]
    guild = identity(server.get("id")) or wanted.workspace or "unknown"
    if kind in DIRECTS or guild == NO_SERVER:
        where = replace(place(ALONE, here), direct=True)
        return where, [
            Channel(replace(where, direct=False), "", "", private=True, direct=True)
        ] if wanted.direct else []
    if kind not in THREADS:
        return place(guild, here), [Channel(place(guild, here), text(channel, "name"), text(server, "name"))]
    parent = identity(channel.get("categoryId")) or here
    where = place(guild, parent, here, private=kind in PRIVATE)
    return where, [
        Channel(place(guild, parent), text(channel, "category"), text(server, "name")),
        Thread(where, text(channel, "name"), at=opened_at(here)),
    ]


def _kind(one: Body) -> str:
    return str(one.get("type", ""))


def _message(one: Body, where: Place, position: str) -> Iterator[Record]:
    id_, at = identity(one.get("id")), moment(one.get("timestamp"))
    author = _author(part(one, "author"))
    if not id_ or at is None:
        yield Bad(position, "a message without an id or a time")
    elif _kind(one) not in SPEECH:
        yield LeftOut(NO_SPEECH)
    elif author is None:
        yield Bad(position, f"message {id_} has no author")
    else:
        files = tuple(_file(each) for each in parts(one, "attachments") if identity(each.get("id")))
        answers = identity(part(one, "reference").get("messageId"))
        yield Said(where, id_, author, _words(one, author), at, moment(one.get("timestampEdited")), answers, files)
        for each in parts(one, "reactions"):
            people = tuple(filter(None, map(_author, parts(each, "users"))))
            count = max(number(each, "count"), len(people))
            yield Reactions(where, id_, _emoji(part(each, "emoji")), count, people)


def _author(one: Body) -> Author | None:
    id_ = identity(one.get("id"))
    return Author(id_, text(one, "nickname") or text(one, "name"), bot=one.get("isBot") is True) if id_ else None


def _words(one: Body, author: Author) -> str:
    """Its text, with people named by their ids as Discord has them; of a program that sends embeds, what they say."""
    said = text(one, "content")
    if said:
        return _mentioned(said, parts(one, "mentions"))
    if not author.bot:
        return ""
    said_beside = [each for embed in parts(one, "embeds") for each in _embedded(embed)]
    return "\n".join(filter(None, said_beside))


def _embedded(embed: Body) -> list[str]:
    fields = [text(field, key) for field in parts(embed, "fields") for key in ("name", "value")]
    return [text(embed, "title"), text(embed, "description"), *fields]


def _mentioned(said: str, people: list[Body]) -> str:
    """The text with `@name` as `<@id>`: so Discord has it, and names change."""
    names = {
        text(one, key): identity(one.get("id")) for one in people for key in ("name", "nickname") if text(one, key)
    }
    if not names:
        return said
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(rf"@({longest_first})", lambda found: f"<@{names[found[1]]}>" if names[found[1]] else found[0], said)


def _file(one: Body) -> Attachment:
    return Attachment(str(one["id"]), text(one, "fileName"), "", number(one, "fileSizeBytes"), text(one, "url"))


def _emoji(one: Body) -> str:
    """As Discord names it: the character, or `<:name:id>` for a server's own."""
    id_, name = identity(one.get("id")), text(one, "name")
    return f"<{'a' if one.get('isAnimated') is True else ''}:{name}:{id_}>" if id_ else name
