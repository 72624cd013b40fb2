"""Our own JSON, as `readalong export --format json` writes it: all that is saved, which goes back in as it was."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from bot.archive.coverage import Interval
from bot.archive.events import Attachment, Author, Said, Unsaid
from bot.archive.imports.json_records import Records
from bot.archive.imports.records import (
    Bad,
    Beside,
    Channel,
    OwnMessage,
    OwnPerson,
    OwnPlace,
    Record,
    Thread,
    Wanted,
)
from bot.archive.imports.sources import Source, Unreadable
from bot.archive.link_rows import Link
from bot.asker import Place
from bot.export.data import FORMAT
from bot.json_shapes import Body, number, parts, text

_HEAD = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"readalong"\s*:\s*(\d+)')
_HELD = ("kept_since", "archived_at", "deleted_at", "read_back_at", "read_back_since")


def recognise(source: Source) -> bool:
    """Whether it says that it is ours. Raises Unreadable where a newer Readalong wrote it."""
    found = _HEAD.match(source.head)
    if found and int(found[1]) > FORMAT:
        raise Unreadable(f"{source.name} was written by a newer Readalong. Upgrade this one first.")
    return bool(found)


def read(source: Source, _: Wanted) -> Iterator[Record]:
    """Everything in it. What is damaged is told of, and the rest given."""
    reader = _Reader()
    with source.open(source.name) as file:
        records = Records(file, source.name, lambda body: text(body, "is") in reader.kinds, key="workspaces")
        for count, body in enumerate(records, 1):
            if isinstance(body, Bad):
                yield body
                continue
            try:
                yield from reader.kinds[text(body, "is")](body)
            except (KeyError, ValueError, OverflowError):
                yield Bad(f"{source.name}, record {count}", "not as Readalong writes it")


class _Reader:
    """What is known while the file is read: workspaces' names, people, and which threads are private."""

    def __init__(self) -> None:
        self.kinds: dict[str, Callable[[Body], Iterator[Record]]] = {
            "workspace": self._workspace,
            "person": self._person,
            "channel": self._channel,
            "thread": self._thread,
            "message": self._message,
        }
        self._workspaces: dict[tuple[str, str], str] = {}
        self._people: dict[tuple[str, str, str], Author] = {}
        self._private: set[Place] = set()

    def _workspace(self, body: Body) -> Iterator[Record]:
        self._workspaces[_given(body, "platform"), _given(body, "id")] = text(body, "name")
        yield from ()

    def _person(self, body: Body) -> Iterator[Record]:
        place = Place(_given(body, "platform"), _given(body, "workspace"), "")
        author = Author(_given(body, "id"), text(body, "name"), bool(body.get("bot")))
        self._people[place.platform, place.workspace, author.id] = author
        yield OwnPerson(place, author)

    def _channel(self, body: Body) -> Iterator[Record]:
        place = Place(_given(body, "platform"), _given(body, "workspace"), _given(body, "id"))
        name = self._workspaces.get((place.platform, place.workspace), "")
        yield Channel(place, text(body, "name"), name, bool(body.get("private")), bool(body.get("direct")))
        yield _held(place, body)

    def _thread(self, body: Body) -> Iterator[Record]:
        where = (_given(body, "platform"), _given(body, "workspace"), _given(body, "channel"), _given(body, "id"))
        place = Place(*where, private=bool(body.get("private")))
        if place.private:
            self._private.add(place)
        opened = text(body, "opened_at")
        by = self._author(place, text(body, "opened_by"))
        yield Thread(place, text(body, "title"), by, _moment(opened) if opened else None)
        yield _held(place, body)

    def _message(self, body: Body) -> Iterator[Record]:
        where = (_given(body, "platform"), _given(body, "workspace"), _given(body, "channel"), text(body, "thread"))
        place = Place(*where, private=Place(*where) in self._private)
        id_, at = _given(body, "id"), _moment(_given(body, "written_at"))
        gone = text(body, "deleted_at")
        told: tuple[Said | Unsaid, ...] = ()
        if author := self._author(place, text(body, "person")):
            told = tuple(_tellings(body, Said(place, id_, author, "", at, None, text(body, "answers"),
                                              ours=bool(body.get("ours")))))  # fmt: skip
        if gone:
            told += (Unsaid(place, id_, at, _moment(gone)),)
        reactions = [self._beside(place, one, "changed_at") for one in parts(body, "reactions")]
        remarks = [self._beside(place, one, "saved_at") for one in parts(body, "remarks")]
        links = [Link(_given(one, "reading"), text(one, "passage"), text(one, "words")) for one in parts(body, "links")]
        yield OwnMessage(place, id_, at, told, tuple(reactions), tuple(remarks), tuple(links))

    def _beside(self, place: Place, body: Body, when: str) -> Beside:
        author = self._author(place, text(body, "person"))
        return Beside(author, text(body, when), text(body, "emoji"), number(body, "people"))

    def _author(self, place: Place, person: str) -> Author | None:
        return self._people.get((place.platform, place.workspace, person), Author(person, "")) if person else None


def _tellings(body: Body, said: Said) -> Iterator[Said]:
    """What was said, as it stood at each moment; what stands beside it comes with the last."""
    moments = [(_moment(_given(one, "written_at")), text(one, "text")) for one in parts(body, "revisions")]
    edited = text(body, "edited_at")
    files = tuple(
        Attachment(text(one, "id"), text(one, "name"), text(one, "kind"), number(one, "bytes"), text(one, "url"))
        for one in parts(body, "attachments")
    )
    for moment, words in moments:
        edit = None if moment == said.at else moment
        yield Said(said.place, said.id, said.author, words, said.at, edit, said.answers, ours=said.ours)
    last = _moment(edited) if edited else None
    yield Said(said.place, said.id, said.author, text(body, "text"), said.at, last, said.answers, files, said.ours)


def _held(place: Place, body: Body) -> OwnPlace:
    pairs = body.get("coverage")
    covered = tuple(
        Interval(pair[0], pair[1])
        for pair in (pairs if isinstance(pairs, list) else [])
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) and _moment(one) for one in pair)
    )
    held = {name: text(body, name) for name in _HELD}
    anchor = (text(body, "reading"), text(body, "passage"), text(body, "source_sha256"))
    return OwnPlace(place, held, anchor, covered)


def _given(body: Body, key: str) -> str:
    """A string that has to be there. Raises KeyError."""
    if not (found := text(body, key)):
        raise KeyError(key)
    return found


def _moment(iso: str) -> datetime:
    """A moment with its zone. Raises ValueError."""
    found = datetime.fromisoformat(iso)
    if found.tzinfo is None:
        raise ValueError(iso)
    return found
