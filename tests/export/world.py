"""A made-up archive with one of everything that can be saved, for tests of exports."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.archive.archive import Archive
from bot.archive.coverage import Interval, cover
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.archive.events import Attachment, Author, Changed, Counted, Reacted, Said, Unsaid
from bot.archive.link_rows import Link
from bot.archive.names import Names
from bot.archive.tables import Tables
from bot.asker import Person, Place

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CHANNEL = Place("discord", "1", "10")
THREAD = Place("discord", "1", "10", "77")
SECRET = Place("slack", "T1", "C1", "5.5", private=True)
MINA, JUN, AMI = Author("U1", "Mina"), Author("U2", "Jun"), Author("U3", "Ami")
HOSTILE = '<script>alert("x")</script> **bold** [a](javascript:b) @everyone\n# not a heading | =1+1 https://example.org/a_b?c=1&d="'
EARLIER = "What I said first"
GONE = "zanzibar"


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def quoted(text: str) -> list[Link]:
    """One made-up quotation."""
    return [Link("kuril-question", "two-names", "two names")] if "two names" in text else []


async def fill(path: Path) -> None:
    """A database in which there is one of everything."""
    database = Database.open(path)
    archive = Archive.of(database, quoted, lambda: at(60))
    save = archive.capture.save
    await archive.discussions.keep(THREAD, "Does <1956> bind?", MINA, Anchor("kuril-question", "two-names", "ab12"))
    await archive.discussions.keep(SECRET, "Only us", JUN, Anchor("japan-russia-2016"))
    await archive.discussions.keep_channel(CHANNEL, "kurils")
    await archive.workspaces.joined(Place("discord", "1", ""), "Study group")
    await archive.coverage.listen([CHANNEL, THREAD], at(-5))
    await archive.coverage.read_back(THREAD, at(-100), at(-4), "")
    await save(Said(THREAD, "m1", MINA, EARLIER, NOON))
    await save(Said(THREAD, "m1", MINA, "They have two names, and a treaty.", NOON, at(3)))
    files = (
        Attachment("f1", "map & legend.png", "image/png", 1234, "https://files/1"),
        Attachment("f2", "b", "", 0, ""),
    )
    await save(Said(THREAD, "m2", JUN, HOSTILE, at(1), answers="m1", attachments=files))
    await save(Said(THREAD, "m3", AMI, GONE, at(2)))
    await save(Unsaid(THREAD, "m3", at(2), at(5)))
    await save(Unsaid(THREAD, "m4", at(2.5), at(6)))  # of which only its end is known
    await save(Said(THREAD, "m5", Author("B1", "Readalong", bot=True), "a digest", at(4), ours=True))
    await save(Reacted(THREAD, "m1", NOON, JUN, "👍", on=True, when=at(7)))
    await save(Reacted(THREAD, "m1", NOON, MINA, "👍", on=False, when=at(8)))
    await save(Counted(THREAD, "m2", at(1), {"🎉": 3}, at(9)))
    await save(Said(CHANNEL, "m6", AMI, "Outside of any thread, a treaty.", at(10)))
    await save(Said(SECRET, "7.000100", JUN, "our war treaty", at(11)))
    await save(Changed(Place("slack", "T1", "C1"), "general", archived=at(12)))
    await archive.remarks.save(
        Said(THREAD, "m2", JUN, HOSTILE, at(1), answers="m1", attachments=files), Person("U3", "Ami")
    )

    def holes(db: Tables) -> None:
        cover(db, Names(), THREAD, Interval("2026-11-01T00:00:00.000Z", "2026-11-02T00:00:00.000Z"))

    await database.write(holes)
    database.close()
