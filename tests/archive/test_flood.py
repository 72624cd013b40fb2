"""A hundred thousand events of every kind and oddity, repeated and reordered, leave a whole database behind."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

from bot.archive.archive import Archive
from bot.archive.capture import Capture
from bot.archive.database import Database
from bot.archive.events import Attachment, Author, Changed, Counted, Event, Reacted, Said, Unsaid
from bot.archive.mending import mended
from bot.asker import Place

MANY = 100_000
NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
ODD_TEXTS = (
    "", " ", "\x00", "a\x00b", "\ud800", "\udc00\ud83d", "🙂👩‍👩‍👧", "\u202eشولو\u202c",
    "北方領土の問題", "U.S. 1904-05", "%s ' \" ; --",
    "\ufffe\uffff", "\U0010ffff", "e\u0301" * 20, "' OR 1=1", "* NEAR( ) AND", "\r\n\u2028",
)  # fmt: skip
ODD_IDS = ("", "0", "-1", "9" * 40, "1.000100", "\x00", "\ud83d", "m\x1f1", "' OR 1=1", "é")
ODD_MOMENTS = (
    datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))), datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=timezone(timedelta(hours=1, seconds=7))),
)  # fmt: skip
COUNTS = (0, 1, 2, 50, -1, 2**63, -(2**70))


class _Flood:
    """Events at random, of few people in few places, so that they meet each other."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._long = ["island " * 14_000, "x" * 100_000, "\u0130" * 40_000]

    def events(self) -> list[Event]:
        made: list[Event] = []
        while len(made) < MANY:
            again = made and self._random.random() < 0.2
            made.append(self._random.choice(made[-500:]) if again else self._one())
        return made

    def _one(self) -> Event:
        random, place, id_ = self._random, self._place(), self._id()
        at, when = self._moment(), self._moment()
        kind = random.random()
        if kind < 0.6:
            return Said(
                place, id_, self._author(), self._text(), at, random.choice((None, None, when)),
                answers=random.choice(("", self._id())), attachments=self._attachments(), ours=random.random() < 0.1,
            )  # fmt: skip
        if kind < 0.7:
            return Unsaid(place, id_, at, when)
        if kind < 0.85:
            return Reacted(place, id_, at, self._author(), random.choice(ODD_TEXTS), random.random() < 0.6, when)
        if kind < 0.95:
            counts = {random.choice(ODD_TEXTS): random.choice(COUNTS) for _ in range(3)}
            return Counted(place, id_, at, counts, when)
        gone = when if random.random() < 0.02 else None
        return Changed(place, self._text(), random.choice((None, when)), gone, opened=random.random() < 0.3)

    def _place(self) -> Place:
        random = self._random
        thread = random.choice(("", "", str(random.randrange(30)), random.choice(ODD_IDS)))
        channel = str(random.randrange(8)) if random.random() < 0.95 else random.choice(ODD_IDS)
        return Place(random.choice(("discord", "slack")), random.choice(("1", "T1", "")), channel, thread)

    def _id(self) -> str:
        return self._random.choice(ODD_IDS) if self._random.random() < 0.02 else str(self._random.randrange(3000))

    def _author(self) -> Author:
        return Author(self._id(), self._random.choice(("Mina", *ODD_TEXTS)), self._random.random() < 0.1)

    def _moment(self) -> datetime:
        if self._random.random() < 0.02:
            return self._random.choice(ODD_MOMENTS)
        return NOON + timedelta(milliseconds=self._random.randrange(10**9))

    def _text(self) -> str:
        if (kind := self._random.random()) < 0.0003:
            return self._random.choice(self._long)
        if kind < 0.2:
            return self._random.choice(ODD_TEXTS)
        if kind < 0.3:
            return "".join(chr(self._random.randrange(0x11000)) for _ in range(self._random.randrange(20)))
        return f"Does {self._random.randrange(5000)} bind the islands?"

    def _attachments(self) -> tuple[Attachment, ...]:
        if self._random.random() < 0.9:
            return ()
        sizes = (self._random.choice(COUNTS) for _ in range(2))
        return tuple(Attachment(self._id(), self._text(), "image/png", size, "https://x.y/") for size in sizes)


async def save(capture: Capture, events: Sequence[Event], random: Random) -> list[BaseException | None]:
    """Save them in order, in groups of a random size; what each of them raised."""
    results: list[BaseException | None] = []
    while len(results) < len(events):
        some = events[len(results) : len(results) + random.choice((1, 7, 100, 1000, 2500))]
        results += await asyncio.gather(*map(capture.save, some), return_exceptions=True)
    return results


def identity(event: Event) -> tuple[str, ...]:
    place = event.place
    return (place.platform, place.workspace, place.channel, "" if isinstance(event, Changed) else event.id)


def tells_of_a_message(event: Event) -> bool:
    """Whether there is such a message; that it has no reactions tells nothing."""
    return not isinstance(event, Changed) and not (isinstance(event, Counted) and not any(event.counts.values()))


async def test_a_flood_of_every_oddity_leaves_a_whole_database(tmp_path: Path) -> None:
    random = Random(20261109)  # noqa: S311 - no secret: the same flood each time
    events = _Flood(random).events()
    bad = {random.randrange(MANY) for _ in range(20)}
    for number in bad:
        events[number] = Said(Place("discord", "1", "1"), f"bad {number}", Author("1", "Mina"), "", NOON, answers=None)  # type: ignore[arg-type]
    with closing(Database.open(tmp_path / "a.db")) as database:
        results = await save(Archive.of(database, lambda _: ()).capture, events, random)

        def found(sql: str) -> list[Any]:
            return list(database.reader.execute(sql).fetchall())

        assert {number for number, result in enumerate(results) if result} == bad, "no other event is kept out"
        assert found("PRAGMA integrity_check") == [("ok",)]
        assert found("PRAGMA foreign_key_check") == []
        await database.write(
            lambda db: db.execute("INSERT INTO messages_fts(messages_fts, rank) VALUES ('integrity-check', 1)")
        )
        # A message that was known by a reaction alone enters when it is told, and leaves its first number unused.
        assert found("SELECT min(saved_seq) > 0, count(DISTINCT saved_seq) - count(*) FROM messages") == [(1, 0)]
        assert found("SELECT count(*) FROM messages WHERE deleted_at IS NOT NULL AND (text != '' OR search != '')") == [
            (0,)
        ]
        there = set(
            found(
                "SELECT platform, w.platform_id, c.platform_id, m.platform_id FROM messages m "
                "JOIN channels c ON c.id = m.channel JOIN workspaces w ON w.id = m.workspace"
            )
        )
    whole = (mended(event) for number, event in enumerate(events) if number not in bad)
    assert there == {identity(event) for event in whole if tells_of_a_message(event)}
