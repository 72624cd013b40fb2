"""Replies of every kind for property tests: any text in every place, any number of parts, pages and buttons."""

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st

from bot.readings.model import Picture
from bot.reply import Button, Chart, FromBackground, FromMember, FromReading, Note, Part, Reply
from bot.words import Block, Run, Words, markdown, verbatim

MARKS = (
    "@everyone", "@here", "<@1>", "<@&2>", "<#3>", "</quote:4>", "<t:0:R>", "<:e:5>", "<a:e:6>", "<id:customize>",
    "<!channel>", "<#C1|x>", "<https://a.example|click>", "&amp;", "&&&&",
    "`", "```",
    "|", "||", "**", "__", "*", "_", "~~", "*_~`", ">", ">>> ", "> ", "# ", "-# ", "- ", "+ ", "1. ", "12. ",
    "[a](http://b)", "https://x.example/a_b", "HTTP://x", ":smile:", ":thumbs_up:", "\\", "\n", "\n- ", "\n1. ", "\n\n",
    " ", "1", ".", "word", "¶3",
)  # fmt: skip
LETTERS = (
    "🐟", "👩‍👩‍👧‍👦", "🇯🇵", "👍🏽", "日本と露西亜", "北方領土問題", "السلام", "שלום", "é", "e\u0301\u0302",
    "\u202e", "\u2066",
    "\u200b", "\x1b[31m", "\x00", "\x85", "\ud83d", "\udc1f",
)  # fmt: skip
LONG = ("x", "🐟", "日", "*", "<", "- a\n", "\n", "word ", "a_b* ", "e\u0301", "🇯🇵", "Donaudampfschiff" * 9 + " ")
WHEN = datetime(2026, 11, 9, 18, 4, tzinfo=UTC)

any_character = st.characters(codec=None)
odd = st.lists(st.sampled_from([*MARKS, *LETTERS]), max_size=20).map("".join)
short = st.one_of(odd, st.text(any_character, max_size=20))
long = st.builds(lambda unit, times: unit * times, st.sampled_from(LONG), st.integers(1, 2000)).map(
    lambda text: text[:4000]
)
texts = st.one_of(short, short, short, long)
urls = st.sampled_from(["", "", "https://x.example/(a) b", "javascript:alert(1)", "https://x.example/" + "y" * 3000])
runs = st.builds(Run, texts, bold=st.booleans(), italic=st.booleans(), code=st.booleans(), url=urls)
blocks = st.builds(Block, st.lists(runs, max_size=3).map(tuple), bullet=st.booleans())
words = st.one_of(
    st.builds(Words, st.lists(blocks, max_size=3).map(tuple), quoted=st.booleans()),
    texts.map(verbatim),
    texts.map(markdown),
)
labels = st.sampled_from([(), ("¶1",), ("¶1", "¶12 caption"), tuple(f"¶{number}" for number in range(1, 400))])
links = st.sampled_from(["", "https://discord.com/channels/1/2/3", "x", "https://x.example/" + "ё" * 60])
times = st.integers(1_400_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
notes = st.builds(Note, words, labels, texts)
members = st.builds(FromMember, words, texts, times, links, texts)
readings = st.builds(FromReading, words, labels, texts)
backgrounds = st.builds(FromBackground, words, texts, short, texts)


@st.composite
def parts(draw: st.DrawFn) -> tuple[Part, ...]:
    """Parts in an order that a Reply takes."""
    above = draw(st.lists(st.one_of(notes, readings, members), max_size=5))
    below = draw(st.lists(st.one_of(notes, members, backgrounds), max_size=5))
    return (*above, *below)


buttons = st.builds(
    Button,
    st.one_of(short, st.just("🐟" * 75)).map(lambda text: f"x{text}"[:75]),
    st.sampled_from(["/a", "/b x:1", "#" + "f" * 24, "/" + "日" * 74, "/" + "y" * 400, "/" + "y" * 2500]),
    st.booleans(),
)
pictures = st.one_of(
    st.none(),
    st.builds(Picture, st.just(Path("/p/the map ①.png")), texts, texts, short),
    st.builds(Chart, st.just(b"\x89PNG"), texts, st.just("the map ①.png")),
)
replies = st.builds(
    Reply,
    texts,
    parts(),
    reading=texts,
    picture=pictures,
    buttons=st.lists(buttons, max_size=8).map(tuple),
    private=st.booleans(),
    line=st.just("/quote about:x"),
)
