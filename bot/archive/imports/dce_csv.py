"""What DiscordChatExporter writes as CSV: no ids of messages, and of the channel only what the file's name tells.

A row is the message of the same author, minute and text where one is held; else its id is a hash of what it is.
https://github.com/Tyrrrz/DiscordChatExporter
"""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.archive.events import Attachment, Author, Said
from bot.archive.imports.discord import decoded, identity, linked, moment, place
from bot.archive.imports.records import NO_SPEECH, Bad, Channel, Held, LeftOut, Reactions, Record, Wanted
from bot.archive.imports.sources import Source
from bot.asker import Place
from bot.values import value

COLUMNS = ("AuthorID", "Author", "Date", "Content", "Attachments", "Reactions")
LARGEST = 1 << 20  # of a line or a cell
NOT_SAID = ("Pinned a message.", "Joined the server.", "Started a thread.")
_BEGINS = re.compile(r'"[0-9]{1,20}","')
_NAME = re.compile(r"(?:(?P<server>.+?) - )?(?P<channel>.+?) \[(?P<id>[0-9]{1,20})\](?: \(.*\))?\.csv", re.DOTALL)
_REACTION = re.compile(r"(.+?) \((\d+)\)(?:,\s*|$)", re.DOTALL)
_MENTION = re.compile(r"<@!?[0-9]{1,20}>")

Key = tuple[str, datetime]


@value
class _Row:
    author: Author
    at: datetime
    content: str
    attachments: str
    reactions: str


def recognise(source: Source) -> bool:
    """Whether its first line names the columns."""
    return source.head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"AuthorID,Author,Date,Content")


def read(source: Source, wanted: Wanted) -> Iterator[Record]:
    """Its rows. The channel is the one of that id that the archive knows, else one of the file's own."""
    csv.field_size_limit(LARGEST)
    where, told = _place(source.name, wanted)
    yield from told
    waiting: list[_Row] = []
    seen: Counter[str] = Counter()
    for row in _rows(source):
        if isinstance(row, Bad):
            yield row
        elif row.content in NOT_SAID:
            yield LeftOut(NO_SPEECH)
        else:
            if waiting and row.at - waiting[0].at > timedelta(days=1):
                yield from _days(waiting, where, wanted, seen)
                waiting.clear()
            waiting.append(row)
    yield from _days(waiting, where, wanted, seen)


def _place(name: str, wanted: Wanted) -> tuple[Place, list[Record]]:
    found = _NAME.fullmatch(name)
    channel = found["id"] if found else name.removesuffix(".csv")
    if known := wanted.known.place("discord", channel):
        return known, []
    server = (found["server"] or "") if found else ""
    where = place(wanted.workspace or f"name:{server or 'unknown'}", channel)
    return where, [Channel(where, found["channel"] if found else channel, server, private=True)]


def _rows(source: Source) -> Iterator[_Row | Bad]:
    with source.open(source.name) as file:
        lines = decoded(iter(lambda: file.readline(LARGEST), b""))
        next(lines, None)  # the names of the columns
        for number, text in enumerate(_pieces(lines), 2):
            position = f"{source.name}, row {number}"
            try:
                cells = next(csv.reader(io.StringIO(text, newline="")), [])
            except csv.Error as error:
                yield Bad(position, f"no row ({error})")
            else:
                if cells:
                    yield _row(cells, position)


def _pieces(lines: Iterator[str]) -> Iterator[str]:
    """The text of each row. Where one begins is plain, since quotes in a cell are doubled: a bad row costs no other."""
    piece: list[str] = []
    for line in lines:
        if piece and (_BEGINS.match(line) or not piece[0].startswith('"')):
            yield "".join(piece)
            piece = []
        piece.append(line)
    if piece:
        yield "".join(piece)


def _row(cells: list[str], position: str) -> _Row | Bad:
    if len(cells) < 4:
        return Bad(position, "the row is cut off")
    author, name, date, content, *more = cells
    at = moment(date)
    if not identity(author) or at is None:
        return Bad(position, "no author or no date" if at else f"its date can't be read ({date[:40]})")
    attachments, reactions = (*more, "", "")[:2]
    return _Row(Author(author, name), at, content, attachments, reactions)


def _days(rows: list[_Row], where: Place, wanted: Wanted, seen: Counter[str]) -> Iterator[Record]:
    """The rows of a day or so, each as the message that is held of it, or as a new one."""
    if not rows:
        return
    moments = [row.at for row in rows]
    first, last = min(moments) - timedelta(minutes=1), max(moments) + timedelta(minutes=1)
    held: dict[Key, list[Held]] = {}
    for one in wanted.known.said(where, first, last):
        held.setdefault((one.person, _minute(one.at)), []).append(one)
    for row in rows:
        there = held.get((row.author.id, _minute(row.at)), [])
        same = next((one for one in there if _written_so(one.text, row.content)), None)
        if same:
            there.remove(same)
            yield Said(where, same.id, row.author, same.text, same.at, same.edited)
        else:
            yield from _new(row, where, _made_up(where, row, seen))


def _new(row: _Row, where: Place, id_: str) -> Iterator[Record]:
    yield Said(where, id_, row.author, row.content, row.at, attachments=tuple(_files(row.attachments)))
    for found in _REACTION.finditer(row.reactions):
        yield Reactions(where, id_, found[1], int(found[2][:9]))


def _written_so(held: str, content: str) -> bool:
    """Whether a held text is what the file has: that names people where Discord has their ids."""
    if held == content or "<@" not in held:
        return held == content
    parts = map(re.escape, _MENTION.split(held))
    return re.fullmatch("@.{1,100}?".join(parts), content, re.DOTALL) is not None


def _files(addresses: str) -> Iterator[Attachment]:
    for address in addresses.split(","):
        if address:
            yield linked(address)


def _made_up(where: Place, row: _Row, seen: Counter[str]) -> str:
    """An id for a message whose id is not told; of the same words in the same moment, each gets its own."""
    told = "\x1f".join((where.channel, where.thread, row.author.id, row.at.isoformat(), row.content))
    made = hashlib.sha256(told.encode(errors="replace")).hexdigest()[:32]
    seen[made] += 1
    return f"csv:{made}" if seen[made] == 1 else f"csv:{made}:{seen[made]}"


def _minute(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)
