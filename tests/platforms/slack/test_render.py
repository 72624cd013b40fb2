"""What a reply looks like on Slack: always within the limits, and nobody's words ever mean anything."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock
from slackblocks.blocks import Block as CheckedBlock

from bot.platforms.slack.render import render
from bot.readings.model import Picture
from bot.reply import Button, FromBackground, FromMember, FromReading, Note, Part, Reply
from bot.words import Block, Run, Words, markdown, verbatim

Json = dict[str, Any]

INLINE = {"text", "link", "date"}
UNREAD = {"rich_text", "actions"}  # slackblocks 3.0 makes these, but does not read them
WHEN = datetime(2026, 11, 9, 18, 4, tzinfo=UTC)
NASTY = [
    "<!channel>", "<@U1>", "<#C1|x>", "*_~`", "```", "&amp;", "&&&&", "|", ":smile:", "👩‍👩‍👧‍👦🇯🇵", "北方領土問題",
    "שלום עולם", "\u202eبحر", "http://a.example", "@here", "\n\n", "", " ", "x" * 10_000, "<" * 4_000, "あ" * 5_000,
]  # fmt: skip

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=20),
    st.builds(lambda text, times: text[:40] * times, st.sampled_from(NASTY), st.integers(1, 300)),
)
short = st.one_of(st.sampled_from(NASTY), st.text(max_size=10))
runs = st.builds(
    Run, texts, bold=st.booleans(), italic=st.booleans(), code=st.booleans(), command=st.booleans(),
    url=st.sampled_from(["", "https://a.example/x", "javascript:alert(1)", "https://a.example/" + "x" * 4000]),
)  # fmt: skip
blocks = st.builds(Block, st.lists(runs, max_size=4).map(tuple), bullet=st.booleans())
words = st.one_of(
    st.builds(Words, st.lists(blocks, max_size=5).map(tuple), quoted=st.booleans()),
    texts.map(verbatim),
    texts.map(markdown),
)
labels = st.sampled_from([(), ("¶1",), ("¶1", "¶12 caption"), ("¶" * 90,) * 30])
first = st.one_of(
    st.builds(FromReading, words, labels, short),
    st.builds(FromMember, words, short, st.just(WHEN), st.sampled_from(["", "https://a.example/p1", "x"]), short),
    st.builds(Note, words, labels, short),
)
later = st.one_of(
    st.builds(FromBackground, words, short, short, short),
    st.builds(FromMember, words, short, st.just(WHEN), st.just("https://a.example/p1"), short),
    st.builds(Note, words, labels, short),
)
parts = st.builds(lambda one, two: (*one, *two), st.lists(first, max_size=7), st.lists(later, max_size=7))
buttons = st.builds(
    Button,
    st.sampled_from(["x", "Show ¶3", "あ" * 75, "<!channel>"]),
    texts.map(lambda text: f"/x {text}"),
    st.booleans(),
)
pictures = st.one_of(st.none(), st.builds(Picture, st.just(Path("/p/map.png")), texts, short, short))
replies = st.builds(
    Reply, short, parts, reading=short, picture=pictures, buttons=st.lists(buttons, max_size=8).map(tuple),
    line=st.just("/x"), page=st.integers(1, 9),
)  # fmt: skip


def texts_in(element: Any) -> Iterator[str]:
    """Every piece of text in blocks, in order."""
    if isinstance(element, list):
        for one in element:
            yield from texts_in(one)
    elif isinstance(element, dict):
        for key, value in element.items():
            if key in {"text", "alt_text"} and isinstance(value, str):
                yield value
            else:
                yield from texts_in(value)


def check_rich_text(block: Json) -> None:
    assert block["elements"]
    for element in block["elements"]:
        assert element["elements"]
        if element["type"] == "rich_text_list":
            assert {one["type"] for one in element["elements"]} == {"rich_text_section"}
            inner = [part for one in element["elements"] for part in one["elements"]]
            assert all(one["elements"] for one in element["elements"])
        else:
            assert element["type"] in {"rich_text_section", "rich_text_quote"}
            inner = element["elements"]
        for part in inner:
            assert part["type"] in INLINE
            assert part.get("text", "x")
            if part["type"] == "link":
                assert part["url"].startswith("http")


def check(message: Json) -> None:
    """The limits of https://docs.slack.dev/reference/block-kit/blocks."""
    assert 0 < len(message["text"]) <= 3000
    assert not any(mark in message["text"] for mark in "<>")
    assert (message["mrkdwn"], message["unfurl_links"], message["unfurl_media"]) == (False, False, False)
    assert len(message["blocks"]) <= 50
    assert "mrkdwn'" not in str(message["blocks"])
    assert sum(map(len, texts_in(message["blocks"]))) < 13_000
    ids = [one["action_id"] for block in message["blocks"] for one in block.get("elements", ()) if "action_id" in one]
    assert len(ids) == len(set(ids))
    for block in message["blocks"]:
        check_block(block)
        parsed = SdkBlock.parse(block)
        assert parsed
        assert parsed.to_dict()["type"] == block["type"]
        if block["type"] not in UNREAD:
            assert CheckedBlock.from_dict(block)


def check_block(block: Json) -> None:
    match block["type"]:
        case "rich_text":
            check_rich_text(block)
        case "header":
            assert 0 < len(block["text"]["text"]) <= 150
        case "context":
            assert 0 < len(block["elements"]) <= 10
            assert all(0 < len(one["text"]) <= 3000 for one in block["elements"])
        case "actions":
            assert 0 < len(block["elements"]) <= 25
            for one in block["elements"]:
                assert 0 < len(one["text"]["text"]) <= 75
                assert len(one["value"]) <= 2000
        case "image":
            assert 0 < len(block["alt_text"]) <= 2000
        case other:
            assert other == "divider"


@settings(deadline=None)  # some replies are pages of text, and machines differ
@given(replies, st.sampled_from(["", "ra-"]), st.sampled_from([{}, {"map.png": "F12345678"}]))
def test_whatever_is_said_the_message_is_within_slacks_limits(
    reply: Reply, prefix: str, uploaded: dict[str, str]
) -> None:
    check(render(reply, prefix=prefix, pictures=uploaded))


@settings(deadline=None)
@given(st.lists(first, min_size=1, max_size=12))
def test_page_after_page_nothing_that_is_said_is_lost(said: list[Part]) -> None:
    shown = ""
    page, last = 1, 0
    while page != last:
        last = page
        message = render(Reply("", tuple(said), line="/x", page=page))
        shown += "".join(texts_in(message["blocks"]))
        page += any("More (" in text for text in texts_in(message["blocks"]))

    written = Counter("".join(block.plain() for part in said for block in part.words.blocks))
    assert not written - Counter(shown)


@pytest.mark.parametrize("text", ["<!channel>", "<@U1>", "*bold* _it_ `code`", "<https://a.example|click>", "a & b"])
def test_nobodys_words_mean_anything(text: str) -> None:
    message = render(
        Reply(text, (FromReading(verbatim(text), ("¶1",)), FromMember(verbatim(text), text, WHEN, "")), text)
    )

    assert list(texts_in(message["blocks"])).count(text) == 3
    assert "<" not in message["text"]


def plainly(message: Json) -> str:
    return "".join(texts_in(message["blocks"]))


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
    assert "".join(texts_in(block)) == "as printed“No\nfriends.”¶2"


def test_a_list_under_a_heading_is_a_list() -> None:
    [block] = render(Reply("", (Note(markdown("First.\n\n- one\n- two\n\nLast."), (), "Heading"),)))["blocks"]
    section, bullets, last = block["elements"]

    assert "".join(texts_in(section)) == "Heading\nFirst."
    assert ["".join(texts_in(one)) for one in bullets["elements"]] == ["one", "two"]
    assert "".join(texts_in(last)) == "Last."


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
