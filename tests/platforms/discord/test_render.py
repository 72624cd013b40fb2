"""Whatever a reply holds, its payload is within Discord's limits, and nobody's words are anything but letters."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord.escape import escaped, markup
from bot.platforms.discord.render import render
from bot.reply import Button, FromBackground, FromMember, FromReading, Note, Reply
from bot.words import Block, Run, Words, literal, markdown, verbatim

NASTY = [
    "@everyone", "@here", "<@1>", "<@&2>", "<#3>", "</quote:4>", "<t:0:R>", "<:e:5>", "<a:e:6>", "<id:customize>",
    "`", "```", "||", "**", "__", "*", "_", "~~", ">", ">>> ", "> ", "# ", "-# ", "- ", "+ ", "1. ", "12. ",
    "[a](http://b)", "https://x.example/a_b", "HTTP://x", "<https://x>", ":smile:", ":thumbs_up:", "\\", "\n",
    "\n- ", "\n1. ", " ", "1", ".",
    "🐟", "👩‍👩‍👧", "日本と露西亜", "السلام", "\u202e", "\u200b", "word", "é", "¶3",
]  # fmt: skip
texts = st.one_of(st.lists(st.sampled_from(NASTY), max_size=30).map("".join), st.text(max_size=200))


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
