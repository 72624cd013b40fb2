"""What a reply looks like on Slack: always within the limits, and nobody's words ever mean anything."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.slack.render import render
from bot.readings.model import Picture
from bot.reply import FromBackground, FromMember, FromReading, Note, Reply
from bot.words import markdown, verbatim
from tests.limits import slack_texts

Json = dict[str, Any]

WHEN = datetime(2026, 11, 9, 18, 4, tzinfo=UTC)


@pytest.mark.parametrize("text", ["<!channel>", "<@U1>", "*bold* _it_ `code`", "<https://a.example|click>", "a & b"])
def test_nobodys_words_mean_anything(text: str) -> None:
    message = render(
        Reply(text, (FromReading(verbatim(text), ("¶1",)), FromMember(verbatim(text), text, WHEN, "")), text)
    )

    assert list(slack_texts(message["blocks"])).count(text) == 3
    assert "<" not in message["text"]


def plainly(message: Json) -> str:
    return "".join(slack_texts(message["blocks"]))


def test_each_voice_is_named_in_words() -> None:
    reply = Reply("Title", (
        FromReading(markdown("It says."), ("¶3", "¶4")),
        FromMember(verbatim("I think"), "Mina", WHEN, "https://a.example/p1"),
        FromBackground(markdown("Known."), "A source", "1956"),
    ), "Short")  # fmt: skip
    message = render(reply)

    assert [block["type"] for block in message["blocks"]] == [
        "header", "rich_text", "rich_text", "divider", "rich_text", "rich_text", "context",
    ]  # fmt: skip
    assert plainly(message) == (
        "Title¶3 ¶4 It says.Mina, : I think OpenBackgroundKnown. (A source, 1956)Reading: Short"
    )


def test_a_quotation_stands_in_quotation_marks_with_its_passage_below() -> None:
    [block] = render(Reply("", (FromReading(verbatim("No\nfriends."), ("¶2",), "as printed"),)))["blocks"]

    assert [one["type"] for one in block["elements"]] == ["rich_text_section", "rich_text_quote", "rich_text_section"]
    assert "".join(slack_texts(block)) == "as printed“No\nfriends.”¶2"


def test_a_list_under_a_heading_is_a_list() -> None:
    [block] = render(Reply("", (Note(markdown("First.\n\n- one\n- two\n\nLast."), (), "Heading"),)))["blocks"]
    section, bullets, last = block["elements"]

    assert "".join(slack_texts(section)) == "Heading\nFirst."
    assert ["".join(slack_texts(one)) for one in bullets["elements"]] == ["one", "two"]
    assert "".join(slack_texts(last)) == "Last."


def test_commands_are_named_as_they_are_here() -> None:
    message = render(Reply("", (Note(markdown("Type `/quote 3` or `code`.")),)), prefix="ra-")

    assert "/ra-quote 3" in plainly(message)
    assert "/ra-quote 3" in message["text"]
    assert "`code`" not in plainly(message)


def test_an_escape_is_never_cut_in_the_middle() -> None:
    for length in range(10):
        text = render(Reply("", (Note(verbatim("x" * length + "&<>" * 400)),)))["text"]
        assert 2990 < len(text) <= 3000
        assert text.endswith("…")
        assert "&" not in text.rsplit(";", 1)[-1]


def test_a_long_reply_says_which_page_it_is_and_leads_on() -> None:
    message = render(Reply("", tuple(Note(verbatim("word " * 100)) for _ in range(9)), line="/timeline"))
    actions = message["blocks"][-1]

    assert "Page 1 of 3." in plainly(message)
    assert actions["elements"][0]["value"] == "show:/timeline page:2"


def test_an_uploaded_picture_is_shown_and_any_other_is_said_in_words() -> None:
    reply = Reply("", (Note(verbatim("x")),), picture=Picture(Path("/p/map.png"), "Four islands", "Nobody", "2024"))
    shown, said = render(reply, pictures={"map.png": "F12345678"}), render(reply, pictures={"other.png": "F12345678"})

    assert shown["blocks"][1] == {"type": "image", "slack_file": {"id": "F12345678"}, "alt_text": "Four islands"}
    assert "Picture: Four islands" in plainly(said)
    for message in (shown, said):
        assert "Background: Nobody, 2024" in plainly(message)
