from hypothesis import given
from hypothesis import strategies as st

from bot.cutting import clip, clip_units, units, word_end

# What a reader sees as one character each
WHOLE = (
    "a",
    "é",
    "e\u0301",
    "o\u0323\u0302",
    "日",
    "🐟",
    "👍🏽",
    "👩‍👩‍👧‍👦",
    "🇯🇵",
    "🇷🇺",
    "❤️",
    "1️⃣",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "한",
    "नि",
    "한",
    " ",
)
seen = st.lists(st.sampled_from(WHOLE), max_size=30)


def is_beginning(kept: str, characters: list[str]) -> bool:
    """Whether the kept text is made of the first of these characters, each whole; spaces at its end may be gone."""
    beginnings = {"".join(characters[:count]).rstrip() for count in range(len(characters) + 1)}
    return kept.rstrip() in beginnings


@given(seen, st.integers(1, 120))
def test_a_clipped_text_has_whole_characters_and_an_ellipsis(characters: list[str], longest: int) -> None:
    text = "".join(characters)
    for clipped, length in ((clip(text, longest), len), (clip_units(text, longest), units)):
        assert length(clipped) <= longest
        assert clipped == text or (clipped[-1] == "…" and is_beginning(clipped[:-1], characters))


@given(st.text(st.characters(codec=None), max_size=80), st.integers(1, 50))
def test_any_text_is_clipped_to_its_length(text: str, longest: int) -> None:
    assert units(clip_units(text, longest)) <= longest
    assert len(clip(text, longest)) <= longest
    assert clip_units(text, longest) == text or text.startswith(clip_units(text, longest)[:-1])


def test_a_letter_with_endless_marks_is_cut_somewhere() -> None:
    assert len(clip("e" + "\u0301" * 5000, 100)) == 100


def test_a_word_ends_at_a_space_or_between_wide_characters() -> None:
    assert word_end("one two three", 9) == len("one two ")
    assert word_end("onetwothree", 9) == 0
    assert word_end("one", 3) == 0
    assert word_end("日本と露西亜", 4) == 4
    assert word_end("条約は。長い", 3) == 2, "a full stop stays with its sentence"
    assert word_end("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 9) == len("👩‍👩‍👧‍👦")
