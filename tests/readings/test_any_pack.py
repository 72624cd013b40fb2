"""Whatever somebody writes into a reading's files, it loads or says clearly what is wrong; what loads is usable."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import commands
from bot.errors import Mistakes
from bot.readings.library import Library
from bot.readings.load import load, read_pack
from bot.readings.prepare import prepare
from bot.registry import Registry
from tests import replies
from tests.readings import packs
from tests.readings.packs import write_pack

UNHURRIED = settings(max_examples=40, deadline=None)
TEXTS = {
    "reading.toml": packs.about(),
    "passages.md": packs.PASSAGES,
    "summary.md": packs.SUMMARY,
    "quotes.toml": packs.QUOTES,
    "timeline.toml": packs.TIMELINE,
    "questions.md": packs.QUESTIONS,
    "topics/herring.md": packs.HERRING,
    "source.txt": packs.SOURCE,
}
writable = replies.texts.map(lambda text: text.encode("utf-8", "ignore").decode())


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, str | bytes]:
    """A file with anything in its place, or with any text somewhere in it, instead of some of its own."""
    name = draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[name]
    start = draw(st.integers(0, len(text)))
    end = draw(st.one_of(st.just(start), st.integers(start, min(start + 40, len(text)))))
    within = writable.map(lambda odd: text[:start] + odd + text[end:])
    return name, draw(st.one_of(within, within, within, writable, st.binary(max_size=200)))


@UNHURRIED
@given(spoilt())
def test_a_spoilt_pack_loads_or_says_what_is_wrong(changed: tuple[str, str | bytes]) -> None:
    with TemporaryDirectory() as folder:
        name, text = changed
        pack = write_pack(Path(folder), "harbour", **{name: text})
        read = read_pack(pack)
        assert read.reading or read.mistakes
        assert all(mistake.line >= 1 and mistake.words for mistake in read.mistakes)
        library = Library.load(Path(folder))
        prepare(library)
        Registry.of(commands, library)


def toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


@UNHURRIED
@given(title=writable, alias=writable, alt=writable, source=writable)
def test_a_topic_of_any_words_loads_or_says_what_is_wrong(title: str, alias: str, alt: str, source: str) -> None:
    topic = packs.HERRING.replace('"The herring"', toml(title)).replace('"fish"', toml(alias))
    topic = topic.replace('"A herring, looking left"', toml(alt)).replace('"Drawn for the tests"', toml(source))
    with TemporaryDirectory() as folder:
        read = read_pack(write_pack(Path(folder), **{"topics/herring.md": topic}))
        assert all(mistake.file.name == "herring.md" for mistake in read.mistakes)
        if read.reading:
            assert read.reading.topics["herring"].title == title.strip()
            made = Registry.of(commands, Library.load(Path(folder))).commands["herring"]
            assert 1 <= len(made.description) <= 100
        else:
            assert read.mistakes


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("A \x1b[31mred title", "`title`: there is a control character in this; leave it out"),
        ("\u200b \u200b", "`title`: there is nothing to read in this"),
        ("", "`title` must not be empty"),
    ],
)
def test_a_title_that_nobody_could_read_is_a_mistake(tmp_path: Path, title: str, words: str) -> None:
    topic = packs.HERRING.replace('"The herring"', json.dumps(title))

    with pytest.raises(Mistakes) as raised:
        load(write_pack(tmp_path, **{"topics/herring.md": topic}))
    assert words in str(raised.value)


def test_a_topic_without_points_is_a_mistake(tmp_path: Path) -> None:
    front, fence, _ = packs.HERRING.rpartition("+++")

    with pytest.raises(Mistakes, match="a topic needs a point"):
        load(write_pack(tmp_path, **{"topics/herring.md": front + fence}))
