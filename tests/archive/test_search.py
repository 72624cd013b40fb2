"""Saved messages are found by their words and filters, and never more of them than whoever looks may read."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.archive.archive import Archive
from bot.archive.conditions import Scope
from bot.archive.database import Database
from bot.archive.discussions import Anchor
from bot.archive.events import Attachment, Author, Changed, Counted, Said, Unsaid
from bot.archive.link_rows import Link
from bot.archive.query import parse
from bot.archive.search import COUNTED, Found, Order, Page, Search, find_in
from bot.asker import Place
from bot.errors import BotError
from bot.venue import Readable
from tests.archive.test_query import KNOWN, PIECES

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KURILS = Place("discord", "1", "10")
THREAD = Place("discord", "1", "10", "77")
TREATIES = Place("discord", "1", "11")
MODERATORS = Place("discord", "1", "12")
SECRET = Place("discord", "1", "10", "55", private=True)
ELSEWHERE = Place("discord", "2", "10")
MINA, JUN, US = Author("U1", "Mina Kato"), Author("U2", "Jun"), Author("B1", "Readalong", bot=True)
MEMBER = Scope(KURILS, Readable(frozenset({"10", "11"})), "U1")
EVERYTHING = Scope()


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    database = Database.open(tmp_path / "a.db")
    yield Archive.of(database, lambda text: [Link("kuril-question", "names", text)] if "quoted" in text else [])
    database.close()


async def say(archive: Archive, words: str, place: Place = KURILS, by: Author = MINA, minute: float = 0) -> Said:
    """Save a message. Its id is made of where, by whom and when it was said."""
    id_ = f"{place.thread}-{by.id}-{minute:g}"
    said = Said(place, id_, by, words, NOON + timedelta(minutes=minute), ours=by is US)
    await archive.capture.save(said)
    return said


async def found(archive: Archive, text: str, scope: Scope = MEMBER, page: Page | None = None) -> Found:
    search = Search(archive.database, lambda: KNOWN.now)
    return await search.find(parse(text, KNOWN), scope, page)


async def texts(archive: Archive, text: str, scope: Scope = MEMBER) -> list[str]:
    return [hit.text for hit in (await found(archive, text, scope)).hits]


async def test_a_hit_says_who_said_what_where_and_which_words_were_meant(archive: Archive) -> None:
    await archive.discussions.keep(THREAD, "Does 1956 bind?", MINA, Anchor("kuril-question", "names", "0" * 64))
    await archive.capture.save(Changed(KURILS, "kurils"))
    said = await say(archive, "The Étorofu  Treaties; Étorofu!", THREAD)
    (hit,) = (await found(archive, "etorofu treat*")).hits

    assert (hit.place, hit.message, hit.author, hit.channel) == (THREAD, said.id, "Mina Kato", "kurils")
    assert (hit.title, hit.anchor) == ("Does 1956 bind?", Anchor("kuril-question", "names", "0" * 64))
    assert hit.text == "The Étorofu  Treaties; Étorofu!"
    assert [hit.text[start:end] for start, end in hit.marks] == ["Étorofu", "Treaties", "Étorofu"]
    assert hit.written_at == "2026-11-20T12:00:00.000Z"


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("us", "The U.S. and us", ["U.S", "us"]),
        ('"peace treaty"', "Peace: treaty of peace treaty", ["Peace: treaty", "peace treaty"]),
        ("lion", "A lion’s share", ["lion’s"]),
        ("平和条約", "日ソ平和条約は", ["平和条約"]),
        ("島", "択捉島の島", ["島", "島"]),
        ("島", "島国", ["島"]),
        ("1905", "In 1904-05", ["05"]),
        ("harbour", "toHarbour", ["Harbour"]),
        ("cafe", "cafe\u0301 ﬁn", ["cafe\u0301"]),
    ],
)
async def test_marks_are_offsets_into_the_text_as_written(
    query: str, text: str, marked: list[str], archive: Archive
) -> None:
    await say(archive, text)
    (hit,) = (await found(archive, query)).hits

    assert [hit.text[start:end].rstrip(".") for start, end in hit.marks] == marked


async def test_words_phrases_beginnings_and_words_to_leave_out(archive: Archive) -> None:
    for minute, text in enumerate(["peace treaty", "treaty of peace", "treaties", "war", "北方領土の島"]):
        await say(archive, text, minute=minute)

    assert set(await texts(archive, "peace treaty")) == {"peace treaty", "treaty of peace"}
    assert await texts(archive, '"peace treaty"') == ["peace treaty"]
    assert len(await texts(archive, "treat*")) == 3
    assert await texts(archive, "treaty -of") == ["peace treaty"]
    assert await texts(archive, "-treaty") == ["北方領土の島", "war", "treaties"]
    assert await texts(archive, "領土") == await texts(archive, "島") == ["北方領土の島"]
    assert await texts(archive, "土領") == []


async def test_each_filter_keeps_what_it_names(archive: Archive) -> None:
    await archive.discussions.keep(THREAD, "Does 1956 bind?", MINA, Anchor("kuril-question", "names"))
    await archive.capture.save(Changed(TREATIES, "treaties"))
    await say(archive, "in the thread", THREAD)
    await say(archive, "see https://example.org", TREATIES, JUN, 1)
    await say(archive, "quoted here", TREATIES, MINA, 2)
    file = Attachment("f1", "map.png", "image/png", 5, "https://x.y/map.png")
    await archive.capture.save(Said(KURILS, "f", JUN, "", NOON + timedelta(days=2), attachments=(file,)))
    await archive.capture.save(Counted(KURILS, "f", NOON + timedelta(days=2), {"+1": 3}, NOON + timedelta(days=3)))

    for query, expected in {
        "from:mina": ["quoted here", "in the thread"],
        "from:@jun": ["", "see https://example.org"],
        "from:U1": ["quoted here", "in the thread"],
        "from:<@U2>": ["", "see https://example.org"],
        "from:me": ["quoted here", "in the thread"],
        "in:#treaties": ["quoted here", "see https://example.org"],
        "in:11": ["quoted here", "see https://example.org"],
        "in:<#11|treaties>": ["quoted here", "see https://example.org"],
        "in:here": ["", "in the thread"],
        'in:"does 1956 bind?"': ["in the thread"],
        "after:2026-11-22": [""],
        "before:2026-11-22": ["quoted here", "see https://example.org", "in the thread"],
        "after:2026-11-20T12:01Z before:2026-11-20T12:02Z": ["see https://example.org"],
        "reading:kuril-question": ["quoted here", "in the thread"],
        "has:link": ["see https://example.org"],
        "has:file": [""],
        "has:quote": ["quoted here"],
        "has:reaction": [""],
        "has:file has:link": [],
        "from:mina in:treaties here": ["quoted here"],
    }.items():
        assert await texts(archive, query) == expected, query
    assert await texts(archive, "in:here", replace(MEMBER, place=THREAD)) == ["in the thread"]


async def test_a_passage_is_that_of_the_reading_in_use_or_of_the_one_named(archive: Archive) -> None:
    third = KNOWN.library.readings["kuril-question"].numbered(3)[0].key
    await archive.discussions.keep(THREAD, "On it", MINA, Anchor("kuril-question", third))
    await say(archive, "about it", THREAD)

    assert await texts(archive, "reading:kuril-question passage:3") == ["about it"]
    assert await texts(archive, "reading:kuril-question passage:2") == []
    assert await texts(archive, "passage:3") == []


async def test_the_index_is_one_that_other_tools_find(archive: Archive) -> None:
    await say(archive, "a treaty")

    assert archive.database.reader.table("messages").detect_fts() == "messages_fts"
    assert [row["text"] for row in archive.database.reader.table("messages").search("treaty")] == ["a treaty"]


async def test_our_own_messages_are_held_without_their_words_and_found_only_by_name(archive: Archive) -> None:
    await say(archive, "a treaty", by=US)
    await say(archive, "my treaty", minute=1)

    assert await texts(archive, "treaty") == ["my treaty"]
    assert await texts(archive, "treaty from:readalong") == []
    assert await texts(archive, "from:readalong") == [""]


async def test_best_is_explained_by_phrase_title_words_recency_and_reactions(archive: Archive) -> None:
    other = Place("discord", "1", "10", "78")
    await archive.discussions.keep(other, "The peace treaty", MINA, Anchor("kuril-question"))
    filler = " ".join(["word"] * 30)
    said = [
        await say(archive, f"peace and treaty {filler}", minute=0),
        await say(archive, f"peace and treaty {filler}", other, minute=1),
        await say(archive, f"peace treaty {filler}", minute=2),
        await say(archive, "peace and treaty, treaty and peace", minute=3),
    ]
    await archive.capture.save(Counted(KURILS, said[0].id, said[0].at, {"+1": 7}, NOON + timedelta(days=1)))
    ranked = (await found(archive, "peace treaty")).hits

    assert [hit.message for hit in ranked] == [said[2].id, said[1].id, said[0].id, said[3].id]
    scores = [hit.score for hit in ranked if hit.score]
    assert [score.phrase for score in scores] == [3, 0, 0, 0]
    assert [score.title for score in scores] == [0, 2, 0, 0]
    assert scores[3].words > scores[2].words
    assert [score.reactions for score in scores] == [0, 0, 1, 0]
    assert all(0.8 < score.recent < 0.9 for score in scores)


async def test_order_is_best_for_words_and_else_newest_unless_asked(archive: Archive) -> None:
    await say(archive, "treaty treaty treaty")
    await say(archive, "treaty and much else that is said beside it", minute=1)

    assert (await found(archive, "treaty")).order is Order.BEST
    newest = await found(archive, "treaty", page=Page(order=Order.NEWEST))
    assert [hit.text[:12] for hit in newest.hits] == ["treaty and m", "treaty treat"]
    assert (await found(archive, "", page=Page(order=Order.BEST))).order is Order.NEWEST


@pytest.mark.parametrize("order", Order)
async def test_pages_go_on_by_key_without_a_gap_or_a_repetition(order: Order, archive: Archive) -> None:
    for minute in range(25):
        await say(archive, f"treaty {'and ' * (minute % 5)}", minute=minute // 2, by=JUN if minute % 2 else MINA)
    seen: list[str] = []
    page = Page(10, order)
    while True:
        part = await found(archive, "treaty", page=page)
        seen += [hit.key for hit in part.hits]
        assert (part.total, part.more) == (25, False)
        if not part.past:
            break
        page = replace(page, past=part.past)

    assert len(seen) == len(set(seen)) == 25
    with pytest.raises(BotError, match="Search again"):
        await found(archive, "treaty", page=Page(past="10/unheard"))


async def test_a_page_goes_on_after_a_message_that_was_deleted_meanwhile(archive: Archive) -> None:
    for minute in range(4):
        await say(archive, "treaty", minute=minute)
    first = await found(archive, "treaty", page=Page(2, Order.NEWEST))
    last = first.hits[-1]
    await archive.capture.save(Unsaid(KURILS, last.message, NOON + timedelta(minutes=2), NOON + timedelta(days=1)))
    second = await found(archive, "treaty", page=Page(2, Order.NEWEST, first.past))

    assert [hit.written_at[14:16] for hit in second.hits] == ["01", "00"]


async def filled(archive: Archive) -> None:
    """A treaty everywhere: two that a member may read, and one in each place where they may not."""
    await say(archive, "open treaty", KURILS)
    await say(archive, "open treaty", TREATIES, JUN, 1)
    for minute, place in enumerate((MODERATORS, SECRET, ELSEWHERE), 2):
        await say(archive, "hidden treaty", place, JUN, minute)
    gone = await say(archive, "deleted treaty", KURILS, JUN, 9)
    await archive.capture.save(Unsaid(KURILS, gone.id, gone.at, NOON + timedelta(days=1)))


QUERIES = ("treaty", "", "hidden", "treat*", "-open", "from:jun", "from:U2 treaty", "before:today", "deleted")


@pytest.mark.parametrize("query", QUERIES)
async def test_nobody_learns_what_they_can_not_read_not_even_how_much(query: str, archive: Archive) -> None:
    await filled(archive)
    for order in Order:
        seen = await found(archive, query, page=Page(order=order))
        assert all("open" in hit.text for hit in seen.hits)
        assert seen.total == len(seen.hits) <= 2
        assert not seen.more
    helps = await Search(archive.database).without(parse(f"{query} zebra", KNOWN), MEMBER)
    assert all(count <= 2 for _, count in helps)


async def test_who_was_removed_or_reads_one_private_thread_sees_just_that(archive: Archive) -> None:
    await filled(archive)
    nothing = replace(MEMBER, readable=Readable())
    named = replace(MEMBER, readable=Readable(frozenset({"10"}), frozenset({"55"})))
    other = Scope(ELSEWHERE, Readable(frozenset({"10"})))

    for query in QUERIES:
        assert (await found(archive, query, nothing)).total == 0
    assert set(await texts(archive, "treaty", named)) == {"open treaty", "hidden treaty"}
    assert [hit.place for hit in (await found(archive, "", other)).hits] == [ELSEWHERE]
    assert (await found(archive, "treaty", EVERYTHING)).total == 5


async def test_naming_what_can_not_be_read_is_like_naming_what_is_not_there(archive: Archive) -> None:
    await filled(archive)
    await archive.capture.save(Changed(MODERATORS, "moderators"))
    await archive.capture.save(Changed(SECRET, "Among two"))
    words: set[str] = set()
    for name in ("moderators", "12", "Among two", "55", "unheard"):
        with pytest.raises(BotError) as refused:
            await found(archive, f'in:"{name}"')
        words.add(refused.value.words.replace(name, "NAME"))

    assert len(words) == 1
    assert await found(archive, "hidden from:jun") == await found(archive, "hidden from:nobody")


async def test_nothing_found_names_what_to_leave_out(archive: Archive) -> None:
    await filled(archive)
    search = Search(archive.database)
    both = await search.without(parse("treaty from:mina has:link", KNOWN), MEMBER)
    words = await search.without(parse("open zebra", KNOWN), MEMBER)

    assert both == [("has", 1)]
    assert words == [("zebra", 2)]


async def test_many_are_counted_up_to_a_bound_and_the_newest_of_them_ranked(archive: Archive) -> None:
    events = [
        Said(KURILS, str(number), MINA, f"treaty {number}", NOON + timedelta(seconds=number))
        for number in range(COUNTED + 200)
    ]
    await asyncio.gather(*(archive.capture.save(one) for one in events))
    many = await found(archive, "treaty")
    exact = await found(archive, "treaty 7")

    assert (many.total, many.more, many.order) == (COUNTED, True, Order.BEST)
    assert (exact.total, exact.more) == (1, False)


async def test_what_takes_too_long_shows_what_was_found_so_far_newest_first(archive: Archive) -> None:
    events = [Said(KURILS, str(at), MINA, f"treaty {at}", NOON + timedelta(seconds=at)) for at in range(3000)]
    await asyncio.gather(*(archive.capture.save(one) for one in events))
    search = Search(archive.database, seconds=0)
    hurried = await search.find(parse("treaty", KNOWN), MEMBER)

    assert hurried.hurried
    assert hurried.more
    assert hurried.order is Order.NEWEST
    assert len(hurried.hits) < 10 or hurried.hits[0].text == "treaty 2999"
    assert (await found(archive, "treaty")).total == 3000


async def test_a_search_does_not_hold_up_the_event_loop(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it goes on only once the loop did something else; on the loop it would wait for itself."""
    await say(archive, "treaty")
    went_on = threading.Event()

    def waiting(*arguments: Any) -> Found:
        assert went_on.wait(timeout=5)
        return find_in(*arguments)

    monkeypatch.setattr("bot.archive.search.find_in", waiting)
    searching = asyncio.create_task(found(archive, "treaty"))
    await asyncio.sleep(0)
    went_on.set()

    assert (await searching).total == 1


async def test_ten_thousand_odd_queries_break_nothing(archive: Archive) -> None:
    """Whatever is typed gives results or a sentence; the database stays whole."""
    random = Random(1)  # noqa: S311 - no secret: the same queries each time
    pieces = [*PIECES, "treaty", "hidden", "open"]
    await filled(archive)
    for number in range(300):
        words = " ".join(random.choices(pieces, k=6)).replace("\ud800", "")  # which no database takes
        await say(archive, words, random.choice((KURILS, THREAD, TREATIES)), JUN, number)
    search = Search(archive.database)
    for _ in range(10_000):
        text = random.choice((" ", "", "  ")).join(random.choices(pieces, k=random.randrange(6)))
        try:
            seen = await search.find(parse(text, KNOWN), MEMBER, Page(5, random.choice((None, *Order))))
        except BotError:
            continue
        assert len(seen.hits) <= seen.total
        assert {hit.place for hit in seen.hits} <= {KURILS, THREAD, TREATIES}
    db = archive.database.reader
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.execute("INSERT INTO messages_fts(messages_fts) VALUES ('integrity-check')")
    db.conn.rollback()
