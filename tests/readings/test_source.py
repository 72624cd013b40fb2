import textwrap
import time
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Mistakes
from bot.readings.source import Paragraph, fingerprint, load_source, locate, paragraphs
from tests.readings.packs import SOURCE, TEXTS

PRINTS = {key: fingerprint(text) for key, text in TEXTS.items()}
LINES = [line for line in SOURCE.split("\n") if line]

COPIES = {
    "as it is": SOURCE,
    "Windows line ends": SOURCE.replace("\n", "\r\n"),
    "old Macintosh line ends": SOURCE.replace("\n", "\r"),
    "no blank lines": SOURCE.replace("\n\n", "\n"),
    "hard-wrapped": "\n".join(textwrap.fill(line, 60) for line in SOURCE.split("\n")),
    "hard-wrapped without blank lines": "\n".join(textwrap.fill(line, 60, initial_indent="  ") for line in LINES),
    "hyphenated": SOURCE.replace("council", "coun-\ncil").replace("proposed", "pro\u00ad\nposed"),
    "a page break in a paragraph": SOURCE.replace("and a clear sky", "\n\n\x0c\nand a clear sky"),
    "straight quotes and plain spaces": SOURCE.replace("“", '"').replace("”", "''").replace("\u00a0", " "),
    "other spaces": SOURCE.replace(" ", "\u2009 "),
    "capitals": SOURCE.upper(),
    "ligatures": SOURCE.replace("fi", "ﬁ"),
    "a wrapped quotation mark": SOURCE.replace("“", "« ").replace("”", " »"),
}


def test_a_fingerprint_is_made_of_letters_and_digits_alone() -> None:
    assert fingerprint("“Ten ﬁshes,” he SAID — 3×!") == fingerprint("ten fishes he said 3")
    assert fingerprint("ten fishes") == sha256(b"tenfishes").hexdigest()[:16]
    assert fingerprint("ten fishes") != fingerprint("ten dishes")


@given(st.lists(st.text(), max_size=5))
def test_a_fingerprint_does_not_change_with_line_breaks(parts: list[str]) -> None:
    assert fingerprint("\n".join(parts)) == fingerprint("\r\n\r\n ".join(parts))


def test_paragraphs_are_lines_and_runs_of_lines() -> None:
    text = " one\ntwo \r\n\r\n\t\n three"

    found = paragraphs(text)

    assert found == [Paragraph(1, 4, 1), Paragraph(1, 8, 1), Paragraph(5, 8, 2), Paragraph(16, 21, 5)]
    assert [text[p.start : p.end] for p in found] == ["one", "one\ntwo", "two", "three"]


@given(st.text(st.characters() | st.sampled_from("\r\n \u2028"), max_size=40))
def test_paragraphs_begin_and_end_with_words_and_lose_none(text: str) -> None:
    found = paragraphs(text)

    assert all(text[p.start : p.end] == text[p.start : p.end].strip() != "" for p in found)
    held = {at for p in found for at in range(p.start, p.end)}
    assert all(character.isspace() for at, character in enumerate(text) if at not in held)


@pytest.mark.parametrize("text", COPIES.values(), ids=COPIES)
def test_every_passage_is_found_in_any_copy(text: str) -> None:
    spans = locate(text, PRINTS)

    assert list(spans) == list(PRINTS)
    assert {key: fingerprint(text[start:end]) for key, (start, end) in spans.items()} == PRINTS


def test_the_first_of_two_equal_paragraphs_counts() -> None:
    text = "again\n\nonce more\n\nagain"

    assert locate(text, {"a": fingerprint("Again!")}) == {"a": (0, 5)}


def test_a_passage_with_another_word_is_not_found() -> None:
    spans = locate(SOURCE.replace("nine hundred", "eight hundred"), PRINTS)

    assert set(PRINTS) - set(spans) == {"the-plan"}


def test_a_book_is_searched_in_a_moment_even_when_nothing_is_found() -> None:
    """Sixty thousand words, wrapped without blank lines: the slowest copy there is. Measured at about 0.4 s."""
    book = textwrap.fill("nothing of it is in this book at all " * 6700, 80)
    started = time.perf_counter()

    assert locate(book, PRINTS) == {}
    assert time.perf_counter() - started < 5


def test_a_text_is_held_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "source.txt"
    file.write_bytes(b"\xef\xbb\xbf" + SOURCE.replace("\n", "\r\n").encode())

    source = load_source(file, PRINTS)

    assert source.text == SOURCE.replace("\n", "\r\n")
    assert source.sha256 == sha256(file.read_bytes()).hexdigest()
    assert set(source.spans) == set(PRINTS)


@pytest.mark.parametrize(
    ("data", "line", "words"), [(b" \n", 1, "is empty"), (b"a\nb\xff", 2, "not UTF-8"), (b"a" * 5_000_001, 1, "5 MB")]
)
def test_a_file_that_is_no_text_is_a_mistake(tmp_path: Path, data: bytes, line: int, words: str) -> None:
    file = tmp_path / "source.txt"
    file.write_bytes(data)

    with pytest.raises(Mistakes) as raised:
        load_source(file, PRINTS)

    [mistake] = raised.value.found
    assert (mistake.file, mistake.line) == (file, line)
    assert words in mistake.words
