from hypothesis import given
from hypothesis import strategies as st

from bot.words import Run, _parsed, joined, literal, markdown, split_block, verbatim


def test_our_own_markdown_becomes_runs_of_one_style_each() -> None:
    words = markdown("Read **¶3** or *look*: `/quote 3`, `x`, [map](https://example.org).")

    assert words.blocks[0].runs[:6] == (
        Run("Read "),
        Run("¶3", bold=True),
        Run(" or "),
        Run("look", italic=True),
        Run(": "),
        Run("/quote 3", code=True, command=True),
    )
    assert Run("map", url="https://example.org") in words.blocks[0].runs


def test_lists_and_paragraphs_are_blocks() -> None:
    blocks = markdown("First.\n\n- one\n- two\n\nLast.").blocks

    assert [(block.plain(), block.bullet) for block in blocks] == [
        ("First.", False),
        ("one", True),
        ("two", True),
        ("Last.", False),
    ]


@given(st.text(st.sampled_from("ab1é日 \n\t-+*_`[]()<&#>.!=~|\u3000\xa0\u2028"), max_size=30))
def test_text_without_marks_is_read_as_the_parser_would(text: str) -> None:
    assert markdown(text) == _parsed(text)


def test_a_link_that_is_no_web_address_stays_text() -> None:
    assert all(not run.url for run in markdown("[x](javascript:alert(1)) [y](file:///etc)").blocks[0].runs)


def test_html_and_headings_stay_as_typed() -> None:
    assert markdown("# <b>no</b> &amp;").plain() == "# <b>no</b> &amp;"


def test_marks_in_verbatim_words_are_bold_and_nothing_else_is_read() -> None:
    words = verbatim("a **b** c", [(2, 7)])

    assert words.quoted
    assert words.blocks[0].runs == (Run("a "), Run("**b**", bold=True), Run(" c"))


@given(st.text(max_size=200))
def test_somebodys_text_inside_our_markdown_comes_out_as_typed(text: str) -> None:
    words = markdown(f"You typed “{literal(text)}”.")

    assert words.plain() == f"You typed “{markdown_safe(' '.join(text.split()))}”."
    assert len(words.blocks) == 1
    assert not any(run.bold or run.italic or run.code or run.url for run in words.blocks[0].runs)


@given(st.text(min_size=2, max_size=300), st.integers(1, 299))
def test_a_block_split_in_two_loses_no_letter(text: str, at: int) -> None:
    block = verbatim(text, [(0, 1)]).blocks[0]
    head, tail = split_block(block, min(at, len(block.plain())))

    assert head.plain() + tail.plain() == block.plain()
    assert len(head.plain()) <= at


def test_joined_words_keep_the_order() -> None:
    assert joined([markdown("a"), markdown("b")]).plain() == "a\nb"


def test_control_characters_never_reach_a_reader() -> None:
    assert verbatim("a\x1b[31mb\x00").plain() == "a[31mb"
    assert markdown("a\x1b[31mb").plain() == "a[31mb"


def markdown_safe(text: str) -> str:
    """What is left of a text without control characters, which no words keep."""
    return verbatim(text).plain()
