"""What an export holds, in every form: all that was selected, nobody's secret, and no text that is more than text."""

import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from bot.archive.archive import Archive
from bot.archive.database import Database
from bot.archive.extracts import Extract
from bot.archive.inspection import opened_to_read
from bot.archive.selections import Selection, everything, of_person, of_place, of_reading, of_thread, of_workspace
from bot.archive.tables import Tables
from bot.config import CLONE
from bot.errors import BotError
from bot.export.forms import ENDINGS, written
from bot.readings.library import Library
from bot.venue import Readable
from tests.export.world import CHANNEL, EARLIER, GONE, HOSTILE, SECRET, THREAD, at, fill, quoted

LIBRARY = Library.load(CLONE / "content")
SHOWN = HOSTILE.splitlines()[0]


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    await fill(tmp_path / "a.db")
    return tmp_path / "a.db"


@pytest.fixture
def db(path: Path) -> Iterator[Tables]:
    with opened_to_read(path) as opened:
        yield opened


def export(db: Tables, form: str, selection: Selection | None = None) -> str:
    return "".join(written(Extract(db, selection or everything()), form, LIBRARY, "Asia/Tokyo", at(60)))


def as_json(db: Tables, selection: Selection | None = None) -> Any:
    return json.loads(export(db, "json", selection))


def ids(made: Any, name: str) -> list[str]:
    return [record["id"] for record in made[name]]


def test_json_holds_everything_that_is_saved_of_a_message(db: Tables) -> None:
    made = as_json(db)
    by_id = {one["id"]: one for one in made["messages"]}
    place = {"is": "message", "platform": "discord", "workspace": "1", "channel": "10", "thread": "77"}

    assert by_id["m1"] == {
        **place,
        "id": "m1",
        "person": "U1",
        "written_at": "2026-11-20T12:00:00.000Z",
        "edited_at": "2026-11-20T12:03:00.000Z",
        "text": "They have two names, and a treaty.",
        "revisions": [{"written_at": "2026-11-20T12:00:00.000Z", "text": EARLIER}],
        "reactions": [
            {"emoji": "👍", "person": "U1", "people": 0, "changed_at": "2026-11-20T12:08:00.000Z"},
            {"emoji": "👍", "person": "U2", "people": 1, "changed_at": "2026-11-20T12:07:00.000Z"},
        ],
        "links": [{"reading": "kuril-question", "passage": "two-names", "words": "two names"}],
    }
    assert by_id["m2"]["text"] == HOSTILE
    assert [one["name"] for one in by_id["m2"]["attachments"]] == ["map & legend.png", "b"]
    assert [one["person"] for one in by_id["m2"]["remarks"]] == ["U3"]
    ends = {"written_at": "2026-11-20T12:02:00.000Z", "deleted_at": "2026-11-20T12:05:00.000Z"}
    assert by_id["m3"] == {**place, "id": "m3", "person": "U3", **ends}
    assert "person" not in by_id["m4"]
    assert by_id["m5"]["ours"] is True


def test_json_holds_where_it_was_said_what_it_is_about_and_how_far_that_is_known(db: Tables) -> None:
    made = as_json(db)
    thread, secret = made["threads"]

    assert (thread["reading"], thread["passage"], thread["opened_by"]) == ("kuril-question", "two-names", "U1")
    assert [first[:10] for first, _ in thread["coverage"]] == ["2026-11-01", "2026-11-20"]
    assert thread["read_back_at"] == "2026-11-20T11:56:00.000Z"
    assert (secret["private"], secret["title"]) == (True, "Only us")
    assert [one.get("name") for one in made["workspaces"]] == ["Study group", None]
    assert made["channels"][1]["archived_at"] == "2026-11-20T12:12:00.000Z"


def test_no_number_of_the_database_leaves_it(db: Tables) -> None:
    rows = [str(number) for row in db.execute("SELECT id, saved_seq FROM messages").fetchall() for number in row[:1]]
    for form in ENDINGS:
        made = export(db, form)
        assert not [row for row in rows if row in made]
        assert "saved_seq" not in made
        assert GONE not in made


@pytest.mark.parametrize("form", ENDINGS)
async def test_of_somebody_who_opted_out_nothing_is_in_any_form(path: Path, form: str) -> None:
    database = Database.open(path)
    await Archive.of(database, quoted).privacy.opt_out("discord", "U1")
    database.close()
    with closing(sqlite3.connect(path)) as raw, raw:  # even where something of theirs were left behind
        raw.execute("UPDATE messages SET text = 'left behind', deleted_at = NULL WHERE platform_id = 'm1'")
        raw.execute(
            "INSERT INTO reactions (message, emoji, person, people, changed_at) SELECT m.id, '🔥', p.id, 1, '' "
            "FROM messages m, people p WHERE m.platform_id = 'm6' AND p.platform_id = 'U1'"
        )
    with opened_to_read(path) as db:
        made = export(db, form)

    assert "Jun" in made
    assert not re.search(r"U1\b|Mina|left behind|🔥|a member|What I said first", made)


def test_a_selection_holds_what_it_names_and_nothing_else(db: Tables) -> None:
    thread = as_json(db, of_thread(db, "does <1956> BIND?"))
    reading = as_json(db, of_reading("japan-russia-2016", "Japan"))
    person = as_json(db, of_person(db, "Ami"))
    workspace = as_json(db, of_workspace(db, "T1"))

    assert ids(thread, "messages") == ["m1", "m2", "m3", "m4", "m5"]
    assert (ids(reading, "messages"), ids(reading, "people")) == (["7.000100"], ["U2"])
    assert (ids(person, "messages"), ids(person, "threads")) == (["m6"], [])
    assert (ids(workspace, "messages"), ids(workspace, "channels")) == (["7.000100"], ["C1"])


def test_only_what_is_held_whole_says_how_far_it_is_known(db: Tables) -> None:
    thread = as_json(db, of_thread(db, "77"))
    person = as_json(db, of_person(db, "U1"))

    assert "coverage" in thread["threads"][0]
    assert not {"coverage", "kept_since"} & {*thread["channels"][0], *person["threads"][0], *person["channels"][0]}


def test_what_is_called_so_twice_or_never_is_asked_about(db: Tables) -> None:
    with pytest.raises(BotError, match=r"Several are called “Jun”.*discord U2, slack U2"):
        of_person(db, "Jun")
    with pytest.raises(BotError, match="There is no discussion “none” here"):
        of_thread(db, "none")


def test_who_can_not_read_a_thread_exports_nothing_of_it(db: Tables) -> None:
    readable = Readable(frozenset({"10", "C1"}))

    assert of_place(db, THREAD, readable).title == "Does <1956> bind?"
    for place, what in ((SECRET, readable), (THREAD, Readable(frozenset({"11"}))), (CHANNEL, readable)):
        with pytest.raises(BotError, match="Nothing that you can read"):
            of_place(db, place, what)


def test_csv_and_ndjson_have_a_row_for_each_message_that_stands(db: Tables) -> None:
    rows = list(csv.DictReader(io.StringIO(export(db, "csv"), newline="")))
    lines = [json.loads(line) for line in export(db, "ndjson").splitlines()]

    assert [row["message"] for row in rows] == [line["message"] for line in lines] == ["m1", "m2", "m6", "7.000100"]
    assert rows[1]["text"].replace("\r\n", "\n") == lines[1]["text"] == HOSTILE
    assert (rows[1]["files"], rows[1]["reactions"], lines[1]["reactions"]) == ("map & legend.png, b", "🎉 3", {"🎉": 3})
    assert (rows[0]["title"], rows[0]["passage"], rows[0]["name"]) == ("Does <1956> bind?", "two-names", "Mina")


async def test_a_spreadsheet_takes_no_message_for_a_formula(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE messages SET text = '=HYPERLINK(1)' WHERE platform_id = 'm6'")
    with opened_to_read(path) as db:
        rows = list(csv.DictReader(io.StringIO(export(db, "csv"))))

    assert rows[2]["text"] == "'=HYPERLINK(1)"


def test_markdown_shows_words_as_they_were_typed(db: Tables) -> None:
    """Read by a parser that knows HTML and tables, there is no markup but ours, and every word is there."""
    made = export(db, "markdown")
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(made)
    inside = [child for token in tokens for child in token.children or []]
    kinds = {token.type for token in tokens} | {child.type for child in inside}
    plain = "".join(child.content for child in inside if child.type in {"text", "text_special"})
    links = {child.attrs["href"] for child in inside if child.type == "link_open"}

    assert not kinds & {"html_inline", "html_block", "table_open", "s_open", "code_inline", "image", "bullet_list_open"}
    assert {token.tag for token in tokens if token.type == "heading_open"} == {"h1", "h2"}
    assert links == {"https://example.org/a_b?c=1&d="}
    assert SHOWN in plain
    assert "# not a heading | =1+1 " in plain
    assert "Four islands" in plain  # the passage that the discussion is about


class Elements(HTMLParser):
    """Every element and address of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses |= {value or "" for name, value in attrs if name in {"src", "href", "srcset", "action"}}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_one_file_without_scripts_and_asks_nothing_of_anybody(db: Tables) -> None:
    page = export(db, "html")
    found = Elements(page)

    assert not found.tags & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert found.addresses == {"https://example.org/a_b?c=1&d="}
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page
    assert HOSTILE in found.text
    assert EARLIER in found.text


def test_a_large_export_is_written_piece_by_piece(db: Tables) -> None:
    for form in ENDINGS:
        pieces = list(written(Extract(db, everything()), form, LIBRARY, "UTC", at(60)))
        assert len(pieces) >= 4
