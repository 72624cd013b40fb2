"""Discussions on the local page, in a real browser: opened, saved, listed, and the menu of a message."""

import json
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from tests.platforms.web.chromium import SIZES, Served, browser, needs_chromium, opened, served

__all__ = ["browser", "served"]  # fixtures of these tests alone

pytestmark = needs_chromium


def held(served: Served) -> list[str]:
    """The texts that members wrote, as the archive has them."""
    with closing(sqlite3.connect(served.folder / "readalong.db")) as db:
        return [row[0] for row in db.execute("SELECT text FROM messages WHERE ours = 0 ORDER BY id")]


@pytest.mark.parametrize("size", SIZES)
def test_a_discussion_is_opened_joined_and_found_again(browser: Browser, served: Served, size: str) -> None:
    with opened(browser, served, size) as window:
        page = window.page
        window.type('/discuss 3 title:"Does 1956 still bind anyone?"')
        window.last("The discussion “Does 1956 still bind anyone?” is open and saved.")
        expect(page.get_by_text("/privacy out keeps what you say out of it.")).to_be_visible()
        page.get_by_role("link", name="Does 1956 still bind anyone?").last.click()
        expect(page.get_by_role("heading", name="Thread in")).to_be_visible()
        window.type("Article 9 is where I would begin.")
        window.last("Article 9")
        window.play("Jun")
        window.type("It was ratified by both.")
        window.last("ratified")
        page.get_by_role("link", name="Back to").click()
        window.type("/passage 3")
        window.last("Here: one discussion.")
        window.last("2 messages by 2 people")
        window.type("/saved")
        window.last("Does 1956 still bind anyone?")
        page.get_by_role("link", name="Open").last.click()
        expect(page.get_by_role("heading", name="Thread in")).to_be_visible()

    assert held(served) == ["Article 9 is where I would begin.", "It was ratified by both."]


def test_who_asked_finds_the_answer_and_the_passage_what_was_said_of_it(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        page = window.page
        window.type('/discuss 3 title:"On the islands"')
        window.last("is open and saved.")
        page.get_by_role("link", name="On the islands").last.click()
        expect(page.get_by_role("heading", name="Thread in")).to_be_visible()
        window.type("Does 1956 still bind anyone?")
        window.last("1956")
        window.play("Jun")
        window.type("It was ratified by both.")
        window.last("ratified")
        window.play("Mina")
        window.type("/mine")
        window.last("On “Does 1956 still bind anyone?”")
        window.last("It was ratified by both.")
        page.get_by_role("link", name="Back to").click()
        window.type("/passage 3 discussions")
        window.last("2 messages by 2 people")
        window.type("/cold")
        window.last("9 of 10 passages")


def test_a_message_has_a_menu_of_what_can_be_done_with_it(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        page = window.page
        window.type("Which report is the IISS one?")
        window.last("IISS")
        page.get_by_role("button", name="Open a thread").click()
        expect(page.get_by_role("heading", name="Thread in")).to_be_visible()
        window.play("Jun")
        window.type("The one of 2014.")
        window.last("2014")
        expect(page.get_by_role("button", name="Save this discussion")).to_have_count(0)
        page.get_by_role("button", name="Save this remark").last.click()
        window.last("The remark is saved")
        window.play("Mo (moderator)")
        page.get_by_role("button", name="Save this discussion").last.click()
        window.last("It is saved from its beginning")
        window.type("/readalong saved")
        window.last("Which report is the IISS one?")
        window.type("/remarks")
        window.last("Saved by Jun")
        expect(page.get_by_text("Saved from now on")).to_be_visible()

    assert held(served) == ["Which report is the IISS one?", "The one of 2014."]


def test_what_is_said_while_the_bot_was_stopped_is_in_the_archive_after_its_start(
    browser: Browser, served: Served
) -> None:
    with opened(browser, served) as window:
        window.type("/discuss ¶3")
        window.last("is open and saved")
    served.stop()
    with closing(sqlite3.connect(served.folder / "readalong.db")) as db:
        (thread,) = db.execute("SELECT platform_id FROM threads").fetchone()
        columns = "(channel, thread, person, how, words, reply, only_for, written_at)"
        values = "('study-group', ?, 'jun', 'said', 'Meanwhile.', '', '', strftime('%Y-%m-%dT%H:%M:%fZ'))"
        db.execute(f"INSERT INTO local_messages {columns} VALUES {values}", (int(thread),))  # noqa: S608 - fixed words
        db.commit()
    served.start()
    with opened(browser, served) as window:
        window.type("/saved")
        window.last("1 message by 1 person")

    assert held(served) == ["Meanwhile."]


def test_a_member_saves_a_copy_of_what_is_held_of_them(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        page = window.page
        window.type('/discuss 3 title:"Does 1956 bind?"')
        page.get_by_role("link", name="Does 1956 bind?").last.click()
        expect(page.get_by_role("heading", name="Thread in")).to_be_visible()
        window.type("Article 9 is where I would begin.")
        window.last("Article 9")
        window.type("/privacy export")
        with page.expect_download() as saving:
            page.get_by_role("link", name="Save my-data.json").click()
        made = json.loads(saving.value.path().read_text(encoding="utf-8"))
        page.reload()
        expect(page.get_by_text("my-data.json: ask again to have this file.")).to_be_visible()

    assert [one["text"] for one in made["messages"]] == ["Article 9 is where I would begin."]
