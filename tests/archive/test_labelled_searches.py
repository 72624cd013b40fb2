"""Of 60 messages that members look for in a group's talk of 20,000, 57 or more are among the first three found."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.archive.conditions import Scope
from bot.archive.database import Database, connect
from bot.archive.names import Names
from bot.archive.query import Known, parse
from bot.archive.search import Page, find_in
from bot.archive.storing import store
from bot.archive.tables import Tables
from bot.asker import Place
from bot.venue import Readable
from tests.archive.study_talk import CHANNELS, MESSAGES, NOW, WANTED, talk, title
from tests.archive.test_query import LIBRARY

KNOWN = Known(NOW, LIBRARY, LIBRARY.readings["japan-russia-2016"])
READER = Scope(Place("discord", "1", "10"), Readable(frozenset(CHANNELS)), "U1")
FIRST = 3
SHARE = 0.95


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of that talk."""
    path = tmp_path_factory.mktemp("group") / "a.db"
    Database.open(path).close()
    with closing(connect(path)) as db, db.conn:
        said = [one for one, _ in talk()]
        store(db, Names(), said)
        db.conn.executemany(
            "UPDATE channels SET name = ? WHERE platform_id = ?", [(name, id_) for id_, name in CHANNELS.items()]
        )
        for thread in {one.place.thread for one in said if one.place.thread}:
            db.execute("UPDATE threads SET title = ? WHERE platform_id = ?", (title(thread), thread))
    return path


@pytest.fixture
def db(group: Path) -> Iterator[Tables]:
    with closing(connect(group)) as made:
        yield made


def rank(db: Tables, message: str, search: str) -> int:
    """Where the message stands in what is found; 0 where it is not on the first page."""
    found = find_in(db, parse(search, KNOWN), READER, Page(), NOW, 5.0)
    return next((at for at, hit in enumerate(found.hits, 1) if hit.message == message), 0)


def test_what_members_look_for_is_among_the_first_three(db: Tables) -> None:
    looked_for = [(said, search) for said, search in talk() if search]
    ranks = {search: rank(db, said.id, search) for said, search in looked_for}
    missed = {search: at for search, at in ranks.items() if not 1 <= at <= FIRST}

    assert len(looked_for) == len(WANTED) == 60
    assert len(missed) <= len(WANTED) * (1 - SHARE), missed


def test_some_of_them_are_told_from_many_that_fit(db: Tables) -> None:
    """Searches that find one message alone would not show in which order many are listed."""
    totals = [find_in(db, parse(search, KNOWN), READER, Page(), NOW, 5.0).total for _, search in talk() if search]

    assert sum(total >= 5 for total in totals) >= 6


def test_the_talk_is_of_that_size_and_hides_what_is_wanted(db: Tables) -> None:
    (count,) = db.execute("SELECT count(*) FROM messages").fetchone()
    typed = " ".join(search for _, search in WANTED).replace('"', "").split()
    words = {word for word in typed if word.isascii() and word.isalpha()}
    common = [word for word in words if _messages_with(db, word) > 100]

    assert count == MESSAGES
    assert len(common) >= 10  # the searches are made of the group's everyday words too


def _messages_with(db: Tables, word: str) -> int:
    try:
        return int(db.execute("SELECT count(*) FROM messages_fts WHERE search MATCH ?", (word,)).fetchone()[0])
    except sqlite3.OperationalError:
        return 0
