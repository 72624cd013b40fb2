"""Whatever a reply holds, its payload is within Discord's limits, and nobody's words are anything but letters."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cutting import clip_units, units
from bot.platforms.discord.escape import escaped, markup
from bot.platforms.discord.render import render
from bot.readings.model import Picture
from bot.reply import Button, FromBackground, FromMember, FromReading, Note, Part, Reply
from bot.words import Block, Run, Words, literal, markdown, verbatim

NASTY = [
    "@everyone", "@here", "<@1>", "<@&2>", "<#3>", "</quote:4>", "<t:0:R>", "<:e:5>", "<a:e:6>", "<id:customize>",
    "`", "```", "||", "**", "__", "*", "_", "~~", ">", ">>> ", "> ", "# ", "-# ", "- ", "+ ", "1. ", "12. ",
    "[a](http://b)", "https://x.example/a_b", "HTTP://x", "<https://x>", ":smile:", ":thumbs_up:", "\\", "\n",
    "\n- ", "\n1. ", " ", "1", ".",
    "🐟", "👩‍👩‍👧", "日本と露西亜", "السلام", "\u202e", "\u200b", "word", "é", "¶3",
]  # fmt: skip
PICTURE = Picture(Path("the map ①.png"), "A map " * 400, "Natural Earth " * 40, "2024")

texts = st.one_of(st.lists(st.sampled_from(NASTY), max_size=30).map("".join), st.text(max_size=200))
long_texts = st.sampled_from(["x", "🐟", "日", "*", "- a\n", "word "]).map(lambda unit: unit * (10_000 // len(unit)))
runs = st.builds(
    Run,
    text=st.one_of(texts, long_texts),
    bold=st.booleans(),
    italic=st.booleans(),
    code=st.booleans(),
    url=st.sampled_from(["", "", "https://x.example/(a) b", "https://x.example/" + "y" * 3000]),
)
blocks = st.builds(Block, st.lists(runs, min_size=1, max_size=3).map(tuple), bullet=st.booleans())
words = st.builds(Words, st.lists(blocks, min_size=1, max_size=3).map(tuple), quoted=st.booleans())
labels = st.lists(st.sampled_from(["¶1", "¶2 caption", "¶33"]), max_size=12).map(tuple)
times = st.integers(1_400_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
notes = st.builds(Note, words, labels, texts)
readings = st.builds(FromReading, words, labels, texts)
members = st.builds(FromMember, words, texts, times, st.sampled_from(["", "https://discord.com/channels/1/2/3"]), texts)
backgrounds = st.builds(FromBackground, words, st.one_of(texts, long_texts), texts, texts)


@st.composite
def parts(draw: st.DrawFn) -> tuple[Part, ...]:
    above = draw(st.lists(st.one_of(notes, readings, members), max_size=6))
    below = draw(st.lists(st.one_of(notes, members, backgrounds), max_size=6))
    return (*above, *below)


buttons = st.builds(
    Button,
    label=st.one_of(texts, st.just("🐟" * 75)).map(lambda text: text[:75] or "x"),
    line=st.sampled_from(["/a", "/b x:1", "#" + "f" * 24, "/" + "日" * 74, "/" + "y" * 400]),
    public=st.booleans(),
)
replies = st.builds(
    Reply,
    title=st.one_of(texts, long_texts),
    parts=parts(),
    reading=st.one_of(texts, long_texts),
    picture=st.sampled_from([None, PICTURE]),
    buttons=st.lists(buttons, max_size=8).map(tuple),
    private=st.booleans(),
    line=st.just("/quote about:x"),
    page=st.integers(1, 40),
)


def shown_texts(payload: dict[str, Any]) -> list[str]:
    """Every text of the embeds, where Discord counts."""
    embeds = payload["embeds"]
    plain = [embed.get(key, "") for embed in embeds for key in ("title", "description")]
    corners = [embed["author"]["name"] for embed in embeds if "author" in embed]
    return [*plain, *corners, *(embed["footer"]["text"] for embed in embeds if "footer" in embed)]


@settings(max_examples=60, deadline=None)
@given(replies)
def test_every_payload_is_within_the_limits(reply: Reply) -> None:
    payload = render(reply)
    embeds, rows = payload["embeds"], payload["components"]

    assert 1 <= len(embeds) <= 10
    assert all(0 < units(embed["description"]) <= 4096 for embed in embeds if "description" in embed)
    assert all(units(embed.get("title", "")) <= 256 for embed in embeds)
    assert all(units(embed["author"]["name"]) <= 256 for embed in embeds if "author" in embed)
    assert sum(map(units, shown_texts(payload))) <= 6000
    assert len(rows) <= 5
    assert all(1 <= len(row["components"]) <= 5 for row in rows)
    shown = [button for row in rows for button in row["components"]]
    assert all(1 <= units(button["label"]) <= 80 and units(button["custom_id"]) <= 100 for button in shown)
    assert len({button["custom_id"] for button in shown}) == len(shown)
    assert payload["allowed_mentions"] == {"parse": []}


# What Discord's clients read as a mark, after they have taken every backslash with what follows it as a letter.
MARKS = re.compile(
    r"[*_~`|<>\[\]]|@(?:everyone|here)|(?:https?|steam)://|^[ \t]*(?:[-+*]|\d+\.)[ \t]|^[ \t]*-?#{1,3} |:[^\s:]+:",
    re.MULTILINE | re.IGNORECASE,
)


def unescaped(text: str) -> str:
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


def marks(text: str) -> list[str]:
    """The marks that are left for a client to act on."""
    return MARKS.findall(re.sub(r"\\[^0-9A-Za-z\s]", "\ufffc", text))


@given(texts)
def test_escaped_text_has_no_mark_left_and_says_the_same(text: str) -> None:
    assert not marks(escaped(text))
    assert unescaped(escaped(text)) == text


@given(texts)
def test_a_members_words_are_shown_as_typed(text: str) -> None:
    words = verbatim(text)

    assert not marks(markup(words))
    assert unescaped(markup(words)) == words.plain()


@given(texts)
def test_words_made_literal_for_our_own_markdown_stay_literal(text: str) -> None:
    """Our Markdown cuts them into many small runs; together they are as harmless as alone."""
    shown = "\n".join(markup(Words((block,))) for block in markdown(literal(text)).blocks)

    assert not marks(shown)


@given(texts, st.integers(1, 50))
def test_clipping_cuts_no_character_in_two(text: str, longest: int) -> None:
    clipped = clip_units(text, longest)

    assert units(clipped) <= longest
    assert clipped == text or text.startswith(clipped[:-1])


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((Run("a", bold=True), Run("b", italic=True)), "**a**\u200b*b*"),
        ((Run("/a", code=True, command=True), Run("b", code=True)), "`/ab`"),
        ((Run(" a ", italic=True), Run("b")), " *a* b"),
        ((Run("a", url="https://x.example/(y)"),), "[a](https://x.example/%28y%29)"),
        ((Run("a`b", code=True),), "`aˋb`"),
        ((Run("3"), Run(". x")), "3\\. x"),
    ],
)
def test_our_own_marks_format(runs: tuple[Run, ...], expected: str) -> None:
    assert markup(Words((Block(runs),))) == expected


def test_every_voice_is_named_in_words() -> None:
    """Colour never carries meaning alone."""
    when = datetime(2026, 11, 9, tzinfo=UTC)
    reply = Reply("", (
        FromReading(markdown("a"), ("¶1",)),
        FromMember(verbatim("b"), "Mina", when, "https://discord.com/channels/1/2/3"),
        FromBackground(markdown("c"), "A book", "2005"),
    ))  # fmt: skip

    described = [embed["description"] for embed in render(reply)["embeds"]]

    assert described == [
        "**Reading**\n**¶1** a",
        f"**Members**\n**Mina**, <t:{int(when.timestamp())}:f>: b [Open](https://discord.com/channels/1/2/3)",
        "**Background**\nc *(A book, 2005)*",
    ]


def test_a_quotation_is_marked_off_with_its_passage() -> None:
    reply = Reply("", (FromReading(verbatim("One.\nTwo."), ("¶3",)),), "Fog for sale")

    assert render(reply)["embeds"][0]["description"] == "> “One.\n> Two.”\n**¶3**"


def test_a_reply_without_parts_is_its_title() -> None:
    assert render(Reply("Nothing here", ()))["embeds"] == [{"color": 0x718096, "title": "Nothing here"}]


def test_two_buttons_for_one_line_are_one() -> None:
    """Discord refuses a message in which an id is there twice."""
    reply = Reply("", (Note(verbatim("a")),), buttons=(Button("A", "/a"), Button("B", "/b"), Button("Again", "/a")))

    shown = render(reply)["components"][0]["components"]

    assert [button["label"] for button in shown] == ["A", "B"]
