"""Whatever a reply holds: each platform shows all of it within its limits, and a terminal gets nothing to act on."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.paging import may_need_pages
from bot.platforms.slack.render import render as render_slack
from bot.platforms.terminal.render import as_text
from bot.readings.model import Picture
from bot.reply import Button, FromBackground, FromReading, Note, Reply
from bot.words import Block, Run, Words, markdown, verbatim
from tests import replies
from tests.limits import check_slack, check_terminal
from tests.walking import PICTURES, PLATFORMS, all_pages, assert_all_said, assert_in_order

every_platform = pytest.mark.parametrize("platform", PLATFORMS)
UNHURRIED = settings(max_examples=40, deadline=None)  # some replies are pages of text, and machines differ


@every_platform
@UNHURRIED
@given(reply=replies.replies)
def test_page_after_page_it_is_within_the_limits_and_nothing_is_lost(platform: str, reply: Reply) -> None:
    found = all_pages(reply, platform)

    assert_all_said(reply, "\n".join(map(PLATFORMS[platform].texts, found)))


@UNHURRIED
@given(replies.replies)
def test_a_terminal_gets_all_of_it_and_nothing_to_act_on(reply: Reply) -> None:
    text = as_text(reply)

    check_terminal(text)
    assert_all_said(reply, text)


@UNHURRIED
@given(replies.replies, st.sampled_from(["", "ra-"]))
def test_a_picture_that_slack_has_is_within_the_limits_too(reply: Reply, prefix: str) -> None:
    check_slack(render_slack(reply, prefix=prefix, pictures={"the map ①.png": "F12345678"}))


@every_platform
@UNHURRIED
@given(said=st.lists(st.one_of(replies.notes, replies.readings), max_size=8), line=st.just("/x"))
def test_a_reply_that_needs_no_pages_has_one_on_every_platform(platform: str, said: list[Note], line: str) -> None:
    """So what leads on from it need not be kept."""
    reply = Reply("", tuple(said), line=line)

    assert may_need_pages(reply) or len(all_pages(reply, platform)) == 1


@pytest.mark.parametrize(
    "part",
    [
        Note(verbatim("é<b\n" * 100)),
        Note(markdown("- `a` **b** *c*\n" * 9)),
        Note(Words((Block(tuple(Run("*", bold=bool(n % 2)) for n in range(140))),))),
        FromReading(verbatim("\n" * 400), ("¶1",)),
    ],
)
@every_platform
def test_a_reply_that_just_needs_no_pages_has_one(platform: str, part: Note) -> None:
    assert not may_need_pages(Reply("", (part,), line="/x"))
    assert len(all_pages(Reply("", (part,), line="/x"), platform)) == 1


@every_platform
def test_what_is_too_long_to_stand_beside_words_is_said_whole_among_them(platform: str) -> None:
    """Cut with an ellipsis where it stands; on a later page, if need be."""
    name = " ".join(f"word{number}" for number in range(400))
    picture = Picture(PICTURES / "map.png", f"alt {name}", f"drawn {name}", "2024")
    passages = tuple(f"¶{number}" for number in range(500))
    said = (FromReading(markdown("a"), passages, f"heading {name}"), FromBackground(markdown("b"), f"book {name}", "1"))
    reply = Reply(f"title {name}", said, "r", picture, line="/x")
    shown = " ".join(map(PLATFORMS[platform].texts, all_pages(reply, platform)))

    assert_in_order((reply.title, said[0].heading, ", ".join(passages), said[1].source), shown)
    assert_in_order((picture.alt, picture.source), shown)
    assert "…" in shown


@every_platform
def test_no_page_begins_or_ends_inside_a_word_that_fits_on_one(platform: str) -> None:
    words = [f"{'long' * (number % 60)}{number}" for number in range(300)]
    reply = Reply("", (FromReading(verbatim(" ".join(words)), ("¶1",)), Note(verbatim(" ".join(words)))), line="/x")
    shown = " ".join(map(PLATFORMS[platform].texts, all_pages(reply, platform))).replace("“", " ").replace("”", " ")

    assert [word for word in shown.replace("\n> ", " ").split() if word in set(words)] == words * 2


@every_platform
def test_a_page_is_filled_before_the_next_is_begun(platform: str) -> None:
    """A short sentence above a long list does not get a page of its own."""
    listed = Note(markdown("\n".join(f"- item {number} of a long list" for number in range(300))))
    first = PLATFORMS[platform].render(Reply("t", (Note(markdown("A list.")), listed), line="/x"))

    assert "item 40" in PLATFORMS[platform].texts(first)


def test_a_page_of_a_pages_reply_may_be_asked_for_in_any_order() -> None:
    reply = Reply("", (Note(verbatim("word " * 3000)),), line="/x", buttons=(Button("B", "/b"),))
    found = all_pages(reply, "discord")

    assert PLATFORMS["discord"].render(replace(reply, page=3)) == found[2]
    assert PLATFORMS["discord"].render(replace(reply, page=9999)) == found[-1]
