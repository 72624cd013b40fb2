"""Which discussions are saved, and what becomes of them with their reactions."""

from collections.abc import AsyncIterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from bot.archive.database import Database
from bot.archive.discussions import Anchor, Discussions
from bot.archive.events import Author, Changed, Counted, Reacted, Unsaid
from bot.asker import Place
from bot.venue import Readable
from tests.archive.test_capture import KURILS, MINA, NOON, THREAD, archive_of, at, rows, said

JUN = Author("U2", "Jun")
ANCHOR = Anchor("japan-russia-2016", "obstacle", "0" * 64)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database.open(tmp_path / "a.db")
    yield made
    made.close()


async def test_a_thread_is_saved_from_when_it_was_opened_or_marked_and_no_other(database: Database) -> None:
    discussions = Discussions(database)
    await discussions.keep(THREAD, "Does 1956 bind?", MINA, ANCHOR)
    after_restart = Discussions(database)

    assert discussions.keeps(THREAD)
    assert after_restart.keeps(THREAD)
    assert not discussions.keeps(KURILS)
    assert not discussions.keeps(Place("slack", "1", "10", "77"))
    await discussions.stop(THREAD)
    assert not discussions.keeps(THREAD)
    assert not Discussions(database).keeps(THREAD)


async def test_a_saved_channel_saves_its_threads_too_but_never_a_direct_message(database: Database) -> None:
    discussions = Discussions(database)
    await discussions.keep_channel(KURILS, "kurils")
    await discussions.keep_channel(Place("discord", "", "dm"), "a conversation")

    assert discussions.keeps(KURILS)
    assert discussions.keeps(THREAD)
    assert not discussions.keeps(Place("discord", "", "dm", direct=True))


async def test_discussions_are_found_by_reading_and_passage_in_the_channels_named_alone(database: Database) -> None:
    discussions, capture = Discussions(database), archive_of(database).capture
    await discussions.keep(THREAD, "Does 1956 bind?", MINA, ANCHOR)
    await discussions.keep(Place("discord", "1", "11", "78"), "Elsewhere", JUN, Anchor("kuril-question"))
    await capture.save(said("m1", place=THREAD))
    await capture.save(said("m2", place=THREAD))
    await capture.save(Unsaid(THREAD, "m2", NOON, at(1)))
    both = Readable(frozenset({"10", "11"}))

    (found,) = discussions.find(KURILS, both, [ANCHOR])
    assert (found.title, found.opened_by, found.messages, found.people) == ("Does 1956 bind?", "Mina", 1, 1)
    assert found.anchor == ANCHOR
    assert {one.title for one in discussions.find(KURILS, both)} == {"Does 1956 bind?", "Elsewhere"}
    assert [one.title for one in discussions.find(KURILS, Readable(frozenset({"11"})))] == ["Elsewhere"]
    assert [one.title for one in discussions.find(KURILS, both, [Anchor("kuril-question")])] == ["Elsewhere"]
    assert discussions.find(KURILS, Readable()) == []
    assert discussions.find(Place("discord", "2", "10"), both) == []
    assert discussions.find(KURILS, both, [Anchor(ANCHOR.reading, "other")]) == []


async def test_a_private_thread_is_found_only_by_who_can_read_it_itself(database: Database) -> None:
    discussions = Discussions(database)
    await discussions.keep(Place("discord", "1", "10", "77", private=True), "Among us", MINA, ANCHOR)
    channel = frozenset({"10"})

    assert discussions.find(KURILS, Readable(channel)) == []
    assert discussions.find(KURILS, Readable(frozenset(), frozenset({"77"}))) == []
    assert [one.title for one in discussions.find(KURILS, Readable(channel, frozenset({"77"})))] == ["Among us"]


def reactions(database: Database) -> list[Any]:
    return rows(database, "SELECT emoji, sum(people) FROM reactions GROUP BY emoji HAVING sum(people) ORDER BY emoji")


def reacted(author: Author, emoji: str, *, on: bool, minute: float) -> Reacted:
    return Reacted(KURILS, "m1", NOON, author, emoji, on, at(minute))


async def test_reactions_are_counted_once_whatever_their_order(database: Database) -> None:
    capture = archive_of(database).capture
    for event in (
        reacted(MINA, "+1", on=True, minute=1),
        said(),
        reacted(MINA, "+1", on=True, minute=1),
        reacted(JUN, "+1", on=True, minute=2),
        reacted(JUN, "eyes", on=False, minute=4),
        reacted(JUN, "eyes", on=True, minute=3),
    ):
        await capture.save(event)

    assert reactions(database) == [("+1", 2)]
    assert rows(database, "SELECT text FROM messages") == [("Does 1956 bind?",)]


async def test_a_count_from_the_platform_corrects_what_was_missed(database: Database) -> None:
    capture = archive_of(database).capture
    await capture.save(said())
    await capture.save(reacted(MINA, "+1", on=True, minute=1))
    await capture.save(Counted(KURILS, "m1", NOON, {"+1": 3, "eyes": 1}, at(2)))
    more = reactions(database)
    await capture.save(reacted(JUN, "eyes", on=False, minute=3))
    taken_off = reactions(database)
    await capture.save(Counted(KURILS, "m1", NOON, {}, at(4)))

    assert more == [("+1", 3), ("eyes", 1)]
    assert taken_off == [("+1", 3)]
    assert reactions(database) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_reaction_told_again_after_it_was_counted_is_not_counted_twice(
    database: Database, order: tuple[int, int, int]
) -> None:
    capture = archive_of(database).capture
    told = [reacted(MINA, "+1", on=True, minute=1), reacted(JUN, "+1", on=True, minute=2),
            reacted(JUN, "+1", on=False, minute=3)]  # fmt: skip
    await capture.save(said())
    await capture.save(Counted(KURILS, "m1", NOON, {"+1": 4}, at(5)))
    for number in order:
        await capture.save(told[number])
        assert reactions(database) == [("+1", 4)]
    await capture.save(reacted(MINA, "+1", on=False, minute=6))

    assert reactions(database) == [("+1", 3)]


async def test_what_is_gone_leaves_no_word_whatever_comes_after(database: Database) -> None:
    capture = archive_of(database).capture
    await capture.save(said("m1", place=THREAD))
    await capture.save(said("m1", "Edited", edited=1, place=THREAD))
    await capture.save(said("m0"))
    await capture.save(Changed(THREAD, "Renamed", gone=at(5)))
    await capture.save(said("m9", "Late", place=THREAD))

    assert rows(database, "SELECT platform_id, text, deleted_at IS NULL FROM messages ORDER BY platform_id") == [
        ("m0", "Does 1956 bind?", 1), ("m1", "", 0), ("m9", "", 0)
    ]  # fmt: skip
    assert rows(database, "SELECT count(*) FROM revisions") == [(0,)]
    assert rows(database, "SELECT title, deleted_at FROM threads") == [("", "2026-11-09T12:05:00.000Z")]


async def test_a_channel_is_renamed_archived_and_opened_again(database: Database) -> None:
    capture = archive_of(database).capture
    await capture.save(Changed(KURILS, "islands", archived=NOON))
    await capture.save(Changed(KURILS, "the islands"))  # of which alone it is told
    archived = rows(database, "SELECT name, archived_at FROM channels")
    await capture.save(Changed(KURILS, opened=True))

    assert archived == [("the islands", "2026-11-09T12:00:00.000Z")]
    assert rows(database, "SELECT name, archived_at FROM channels") == [("the islands", None)]


async def test_a_reaction_heard_after_the_count_was_asked_for_outlasts_it(database: Database) -> None:
    """History is asked for, somebody reacts, and only then the page with its counts is saved."""
    capture = archive_of(database).capture
    await capture.save(said())
    await capture.save(reacted(MINA, "+1", on=True, minute=2))
    await capture.save(reacted(JUN, "eyes", on=False, minute=2))
    await capture.save(Counted(KURILS, "m1", NOON, {"eyes": 2}, at(1)))

    assert reactions(database) == [("+1", 1), ("eyes", 1)]
