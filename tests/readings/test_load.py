import shutil
from pathlib import Path

import pytest

from bot.config import CLONE
from bot.errors import Mistakes
from bot.readings.load import load
from tests.readings import packs
from tests.readings.packs import HERRING, PASSAGES, PNG, QUOTES, SOURCE, write_pack

CONTENT = CLONE / "content"


def mistakes(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(Mistakes) as raised:
        load(folder)
    return [(m.file.relative_to(folder).as_posix(), m.line, m.words) for m in raised.value.found]


def test_a_sound_folder_becomes_a_reading(tmp_path: Path) -> None:
    reading = load(write_pack(tmp_path))

    assert (reading.slug, reading.short_title, reading.author) == ("harbour", "Fog for sale", "unknown")
    assert [(p.label, p.key, p.section) for p in reading.passages] == [
        ("¶1", "the-plan", ""),
        ("¶2", "the-jar", ""),
        ("¶2 caption", "first-jar", ""),
        ("¶3", "the-herring", ""),
        ("¶4", "the-count", "What the Lighthouse Knew"),
        ("¶5", "eleven-jars", "What the Lighthouse Knew"),
    ]
    assert reading.aliases == {"Little Wick": ("Wick", "the harbour town")}
    assert [b.date for b in reading.background] == ["2014"]
    assert [(e.date, e.passage, e.source_date) for e in reading.events] == [
        ("1951/1953", "the-count", ""),
        ("", "the-plan", ""),
        ("1950-06-01", "", "1988"),
    ]


def test_a_passage_has_its_role_its_words_and_its_sources(tmp_path: Path) -> None:
    reading = load(write_pack(tmp_path))
    plan, count = reading.passage("the-plan"), reading.passage("the-count")

    assert plan.role == "setting"
    assert plan.words.plain().endswith("to put the haze into jars and sell it.")
    assert count.words.plain().split("\n")[1:] == ["He hedges a little."]
    assert count.sources == "the keeper's notebook"


def test_points_have_their_passages_and_keep_their_form(tmp_path: Path) -> None:
    reading = load(write_pack(tmp_path))
    fish = reading.topics["herring"]

    assert [p.passages for p in reading.short_summary] == [("the-plan", "the-jar"), ("the-herring",), ("the-count",)]
    assert reading.short_summary[2].words.plain() == "- A keeper's count is against them."
    assert [p.words.plain() for p in reading.questions][1] == "What would settle the quarrel about the herring?"
    assert fish.passages == ("the-herring", "the-count")
    assert fish.native
    assert fish.picture is not None
    assert fish.picture.file.read_bytes() == PNG


def test_quotations_know_where_they_stand_in_the_text(tmp_path: Path) -> None:
    reading = load(write_pack(tmp_path))

    assert reading.source is not None
    found = [reading.source.text[q.span[0] : q.span[1]] for q in reading.quotations if q.span]
    assert found == ["Nobody ever drowned in a jar", "herring came on bright days too"]


def test_without_a_text_quotations_have_no_place(tmp_path: Path) -> None:
    reading = load(write_pack(tmp_path, source=None))

    assert reading.source is None
    assert [q.span for q in reading.quotations] == [None, None]


def test_a_reading_that_nobody_holds_the_text_of_needs_no_fingerprints(tmp_path: Path) -> None:
    assert load(write_pack(tmp_path, reading=packs.ABOUT, source=None)).source is None


def test_a_reading_may_have_no_topics_and_empty_lists(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {"topics/herring.md": None, "topics/herring.png": None}
    reading = load(write_pack(tmp_path, "harbour", quotes="# none", timeline="# none", **files))

    assert (reading.topics, reading.quotations, reading.events) == ({}, (), ())


def test_windows_line_ends_and_byte_order_marks_change_nothing(tmp_path: Path) -> None:
    plain = load(write_pack(tmp_path))
    files = {
        name: (tmp_path / "harbour" / name).read_text("utf-8") for name in ("passages.md", "summary.md", "quotes.toml")
    }
    files["topics/herring.md"] = HERRING
    other = {name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in files.items()}
    written = load(write_pack(tmp_path / "windows", "harbour", **other))

    assert (written.passages, written.short_summary, written.quotations) == (
        plain.passages,
        plain.short_summary,
        plain.quotations,
    )
    assert written.topics["herring"].points == plain.topics["herring"].points


SPOILT = [
    # file, what is replaced in it, by what, the line of the mistake, words of the mistake
    ("reading.toml", 'title = "The', 'titel = "The', 1, "unknown key `titel`; did you mean `title`?"),
    ("reading.toml", 'author = "unknown"\n', "", 1, "`author` is missing"),
    ("reading.toml", '"2019-04/2019-06"', '"2019-06/2019-04"', 5, "ends before it begins"),
    ("reading.toml", '"2019-04/2019-06"', '"2019-02-30"', 5, "is no date"),
    ("reading.toml", '"2019-04/2019-06"', "2019", 5, "must be words in quotation marks, not 2019"),
    ("reading.toml", '"2014"', '"long ago"', 16, "`background[0].date`: 'long ago' is no date"),
    ("reading.toml", "printed by", "“printed” by", 14, "`background[0].text`: background has no quotation marks"),
    ("reading.toml", "printed by", "‘printed’ by", 14, "background has no quotation marks"),
    ("reading.toml", "printed by", "«printed» by", 14, "background has no quotation marks"),
    ("reading.toml", "printed by", "'printed' by", 14, "background has no quotation marks"),
    ("reading.toml", 'sha256 = "', 'sha256 = "g', 19, "`source.sha256`: a sha256 has 64 digits"),
    ("reading.toml", "\nthe-plan = ", "\nthe-pan = ", 22, "there is no passage `the-pan`; did you mean `the-plan`?"),
    ("reading.toml", '\nthe-plan = "', '\nthe-plan = "x', 22, "a fingerprint has 16 digits"),
    ("reading.toml", "\nthe-plan = ", "\n# the-plan = ", 21, "no fingerprint for `the-plan`"),
    ("reading.toml", "[source.passages]", "[source.pasages]", 21, "did you mean `passages`?"),
    ("passages.md", "{#the-jar}", "", 6, "write this heading as `## 1. Title {#key}`"),
    ("passages.md", "{#the-jar}", "{#The Jar}", 6, "write this heading as `## 1. Title {#key}`"),
    ("passages.md", "## 2. Applause", "##2. Applause", 6, "write this heading as"),
    ("passages.md", "{#the-count}", "{#the-plan}", 21, "the key `the-plan` is taken: line 1 has it already"),
    ("passages.md", "{#first-jar}", "{#the-jar}", 10, "the key `the-jar` is taken: line 6 has it already"),
    ("passages.md", "## 3. ", "## 4. ", 14, "this is passage 4, but number 3 is due"),
    ("passages.md", "Few jars were bought, and nearly all of them returned.", "", 29, "this passage has no words"),
    ("passages.md", "\nClear weather might, they say, cost them the catch.\n", "", 14, "this passage has no words"),
    ("passages.md", "# What the", "#What the", 19, "write a subheading of the text as `# Words`"),
    ("passages.md", "Lighthouse Knew\n", "Lighthouse Knew\n\nstray\n", 21, "these words belong to no passage"),
    ("passages.md", "## 1. A", "stray\n\n## 1. A", 1, "these words belong to no passage"),
    ("passages.md", "## 1. A", "### Photo {#photo}\nx\n\n## 1. A", 1, "a caption belongs to the passage above it"),
    ("summary.md", " {the-herring}", "", 5, "this ends without its passages"),
    ("summary.md", " {the-count}", "", 7, "this ends without its passages"),
    ("summary.md", " {the-herring}", " {}", 5, "this ends without its passages"),
    ("summary.md", "{the-herring}", "{the-hering}", 5, "no passage `the-hering`; did you mean `the-herring`?"),
    ("summary.md", "Fishermen object. ", "", 5, "there are no words before the braces"),
    ("summary.md", "- Fishermen object. {the-herring}\n", "", 1, "the short summary has three points; here are 2"),
    ("summary.md", "## long", "One more. {the-jar}\n\n## long", 1, "the short summary has three points; here are 4"),
    ("summary.md", "## long", "## lang", 9, "unknown heading `## lang`"),
    ("summary.md", "## long", "# long", 9, "unknown heading `# long`"),
    ("summary.md", "It ends", "## long\n\nIt ends", 13, "`## long` is here twice"),
    ("summary.md", "## short", "stray\n## short", 1, "these words stand before `## short`"),
    ("quotes.toml", "ever drowned", "ever swam", 2, "`quote[0].words` is not in ¶2 of source.txt word for word"),
    ("quotes.toml", '"the-count"', '"the-herring"', 7, "`quote[1].words` is not in ¶3 of source.txt word for word"),
    ("quotes.toml", '"the-count"', '"the-cuont"', 8, "there is no passage `the-cuont`; did you mean `the-count`?"),
    ("quotes.toml", '"the-count"', '"the-jar"', 8, "`the-jar` is quoted already"),
    ("quotes.toml", "Nobody ever", "Nobody ever" + " ever" * 15, 2, "20 words at most; this one has 21"),
    ("quotes.toml", 'passage = "the-count"\n', "", 6, "`quote[1].passage` is missing"),
    ("timeline.toml", 'passage = "the-plan"\n', "", 7, "either a `passage` that tells it or a `source`"),
    (
        "timeline.toml",
        'source = "L',
        'passage = "the-jar"\nsource = "L',
        16,
        "either a `passage` that tells it or a `source`",
    ),
    ("timeline.toml", 'source_date = "1988"\n', "", 12, "a `source` needs its `source_date`"),
    (
        "timeline.toml",
        'passage = "the-plan"',
        'passage = "the-plan"\nsource_date = "1988"',
        11,
        "only a source has one",
    ),
    ("timeline.toml", 'date = "1950-06-01"\n', "", 12, "an event known from elsewhere needs its date"),
    ("timeline.toml", 'stated = "last spring"\n', "", 7, "an event of the reading needs a `date`"),
    ("timeline.toml", '"1951/1953"', '"1951/52"', 2, "'52' is no date"),
    ("timeline.toml", "lamp is lit", "„lamp“ is lit", 14, "background has no quotation marks"),
    ("timeline.toml", 'date = "1950-06-01"', 'date = "1950"\nstated = "then"', 14, "is the text's own wording"),
    ("timeline.toml", '"the-plan"', '"plan-b-c"', 10, "there is no passage `plan-b-c`"),
    ("questions.md", "2. What", "3. What", 2, "this is question 3, but number 2 is due"),
    ("questions.md", "1. Who", "Who", 1, "a question begins with its number"),
    ("questions.md", "2. What", "What", 1, "keys in braces end an item"),
    ("summary.md", "{the-herring}\n- A", "{the-herring}\nA", 5, "keys in braces end an item"),
    ("questions.md", " {the-herring the-count}", "", 3, "this ends without its passages"),
    ("questions.md", "{the-plan}", "{the-plan the-plane}", 1, "there is no passage `the-plane`"),
    ("topics/herring.md", "+++\ntitle", "title", 1, "the file begins with its title and more"),
    ("topics/herring.md", "+++\n\nFish", "\n\nFish", 1, "the file begins with its title and more"),
    ("topics/herring.md", "native = true", "native = yes", 4, "words need quotation marks"),
    ("topics/herring.md", "native = true", "naitve = true", 4, "unknown key `naitve`; did you mean `native`?"),
    ("topics/herring.md", 'title = "The herring"\n', "", 1, "`title` is missing"),
    ("topics/herring.md", "Herring swim", '\\"Herring\\" swim', 13, "background has no quotation marks"),
    ("topics/herring.md", '"herring.png"', '"hering.png"', 7, "there is no picture 'hering.png' beside this file"),
    ("topics/herring.md", '"herring.png"', '"herring.jpg"', 7, "only PNG pictures are shown"),
    ("topics/herring.md", '"herring.png"', '"../herring.png"', 7, "only PNG pictures are shown"),
    ("topics/herring.md", '"herring.png"', '"herring.md"', 7, "only PNG pictures are shown"),
    ("topics/herring.md", "{the-herring}", "{the-hering}", 18, "no passage `the-hering`"),
    ("topics/herring.md", " {the-count}", "", 20, "this ends without its passages"),
    ("topics/herring.md", HERRING[HERRING.index("Fishermen") :], "", 16, "a topic needs a point"),
]


@pytest.mark.parametrize(("name", "right", "wrong", "line", "words"), SPOILT)
def test_a_mistake_has_its_file_its_line_and_what_would_be_right(
    tmp_path: Path, name: str, right: str, wrong: str, line: int, words: str
) -> None:
    folder = write_pack(tmp_path)
    file = folder / name
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), "utf-8")

    found = mistakes(folder)

    assert any((where, at) == (name, line) and words in said for where, at, said in found), found


@pytest.mark.parametrize(
    "name", ["reading.toml", "passages.md", "summary.md", "quotes.toml", "timeline.toml", "questions.md"]
)
def test_a_file_that_is_missing_or_empty_or_no_text_is_named(tmp_path: Path, name: str) -> None:
    missing = mistakes(write_pack(tmp_path, "harbour-1", **{name: None}))
    empty = mistakes(write_pack(tmp_path, "harbour-2", **{name: " \n"}))
    binary = mistakes(write_pack(tmp_path, "harbour-3", **{name: b"x\n\xff\n"}))
    huge = mistakes(write_pack(tmp_path, "harbour-4", **{name: b"#" * 5_000_001}))

    assert missing == [(name, 1, "this file is missing")]
    assert empty == [(name, 1, "this file is empty")]
    assert binary == [(name, 2, "this line is not UTF-8 text; save the file as UTF-8")]
    assert [found[:2] for found in huge] == [(name, 1)]


@pytest.mark.parametrize("name", ["Fog.md", "the fog.md", "-fog.md", "fog_2.md", f"{'f' * 33}.md", "fog.MD"])
def test_a_topics_file_name_is_its_command(tmp_path: Path, name: str) -> None:
    topic = '+++\ntitle = "Fog"\n+++\nIt hides. {the-plan}\n'
    found = mistakes(write_pack(tmp_path, "harbour", **{f"topics/{name}": topic}))

    assert [(where, line) for where, line, _ in found] == [(f"topics/{name}", 1)]


def test_two_topics_can_not_answer_to_one_name(tmp_path: Path) -> None:
    topic = '+++\ntitle = "Food"\naliases = [\n  "soup",\n  "The  Catch",\n  "herring",\n]\n+++\nIt hides. {the-plan}\n'
    found = mistakes(write_pack(tmp_path, "harbour", **{"topics/zander.md": topic}))

    assert found == [
        ("topics/zander.md", 5, "`The  Catch` is a name of the topic `herring` already"),
        ("topics/zander.md", 6, "`herring` is a name of the topic `herring` already"),
    ]


def test_an_eleventh_quotation_is_one_too_many(tmp_path: Path) -> None:
    more = "".join(f"\n## {n}. More {{#more-{n}}}\nWords.\n" for n in range(6, 16))
    quotes = "".join(f'[[quote]]\nwords = "Words"\npassage = "more-{n}"\n' for n in range(6, 16))
    folder = write_pack(tmp_path, reading=packs.ABOUT, source=None, passages=PASSAGES + more, quotes=QUOTES + quotes)

    found = mistakes(folder)

    assert [(name, line) for name, line, _ in found] == [("quotes.toml", 9 + 8 * 3 + 2), ("quotes.toml", 9 + 9 * 3 + 2)]
    assert "10 quotations at most" in found[0][2]


def test_a_picture_must_be_one(tmp_path: Path) -> None:
    [(name, line, words)] = mistakes(write_pack(tmp_path, "harbour", **{"topics/herring.png": b"GIF89a"}))

    assert (name, line) == ("topics/herring.md", 7)
    assert "is not a PNG picture" in words


def test_apostrophes_are_no_quotation_marks(tmp_path: Path) -> None:
    text = packs.about().replace("town's own council", "fishermen's, Wick’s and the ’90s’ councils’ clerk who didn't")

    assert load(write_pack(tmp_path, reading=text)).background


def test_a_folder_needs_a_name_that_can_be_typed(tmp_path: Path) -> None:
    [(name, line, words)] = mistakes(write_pack(tmp_path, "My Harbour"))

    assert (name, line) == ("reading.toml", 1)
    assert "`My Harbour`" in words


def test_a_text_that_nothing_can_find_a_passage_in_is_a_mistake(tmp_path: Path) -> None:
    [(name, _, words)] = mistakes(write_pack(tmp_path, reading=packs.ABOUT))

    assert name == "reading.toml"
    assert "`[source]` is missing" in words


def test_a_passage_that_the_text_lacks_is_named(tmp_path: Path) -> None:
    found = mistakes(write_pack(tmp_path, source=SOURCE.replace("eleven jars", "twelve jars")))

    assert found == [("source.txt", 1, "¶5 (`eleven-jars`) is not here: no paragraph has its fingerprint")]


@pytest.mark.parametrize("source", [b"", b"\xff\xfe\x00", b"\n" * 5_000_001])
def test_a_text_that_can_not_be_used_is_named(tmp_path: Path, source: bytes) -> None:
    [(name, line, _)] = mistakes(write_pack(tmp_path, source=source))

    assert (name, line) == ("source.txt", 1)


def test_another_copy_of_the_same_words_is_as_good(tmp_path: Path) -> None:
    straight = SOURCE.replace("“", '"').replace("”", '"').replace("\u00a0", " ").replace("\n", "\r\n")

    reading = load(write_pack(tmp_path, source=straight))

    assert all(quotation.span for quotation in reading.quotations)


def test_twenty_mistakes_are_told_at_once(tmp_path: Path) -> None:
    spoilt = {name: (write_pack(tmp_path) / name).read_text("utf-8") for name in {name for name, *_ in SPOILT}}
    chosen = [
        ("reading.toml", 'title = "The', 'titel = "The'),
        ("reading.toml", "2019-06", "2018"),
        ("reading.toml", "by", "‹by›"),
        ("passages.md", "## 3.", "## 4."),
        ("passages.md", "# What the", "#What the"),
        ("passages.md", "Few jars", "Role: x\n"),
        ("passages.md", "{#the-jar}", "{#the-plan}"),
        ("summary.md", " {the-count}", ""),
        ("summary.md", "## long", "## lang"),
        ("summary.md", "{the-herring}", "{hering}"),
        ("quotes.toml", '"the-count"', '"count"'),
        ("quotes.toml", "speaker", "speeker"),
        ("quotes.toml", "Nobody ever", "ever " * 20),
        ("timeline.toml", 'stated = "last spring"\n', ""),
        ("timeline.toml", 'source_date = "1988"\n', ""),
        ("timeline.toml", "1951/1953", "1951-1953"),
        ("questions.md", "2. What", "What"),
        ("questions.md", "{the-plan}", "{plan}"),
        ("topics/herring.md", "native", "naitve"),
        ("topics/herring.md", "herring.png", "none.png"),
        ("topics/herring.md", " {the-count}", ""),
    ]
    for name, right, wrong in chosen:
        assert right in spoilt[name], (name, right)
        spoilt[name] = spoilt[name].replace(right, wrong, 1)

    found = mistakes(write_pack(tmp_path, "harbour", **spoilt))

    places = {(name, line) for name, line, _ in found}
    assert len(places) >= 20
    assert {name for name, _ in places} == set(spoilt)


@pytest.mark.parametrize("folder", sorted(file.parent.name for file in CONTENT.glob("*/reading.toml")))
def test_the_readings_of_this_repository_have_no_mistake(tmp_path: Path, folder: str) -> None:
    """Without a group's own copy, which only that group can check."""
    shutil.copytree(CONTENT / folder, tmp_path / folder)
    if folder != "kuril-question":
        (tmp_path / folder / "source.txt").unlink(missing_ok=True)

    reading = load(tmp_path / folder)

    assert reading.slug == folder
    assert reading.source is None or all(quotation.span for quotation in reading.quotations)


def test_a_long_reading_is_loaded_whole(tmp_path: Path) -> None:
    """Sixty thousand words, as a book has; loading it takes a fraction of a second."""
    words = ("A line of nine words, about *fog*, herring and jars. " * 30).strip()
    keys = [f"part-{n}" for n in range(1, 201)]
    passages = "\n".join(f"## {n}. Part {n} {{#{key}}}\n\n{words}\n" for n, key in enumerate(keys, start=1))
    files: dict[str, str | bytes | None] = dict.fromkeys(("source", "topics/herring.md", "topics/herring.png"))
    points = "\n\n".join(f"One thing. {{{key}}}" for key in keys)
    summary = f"## short\n\nOne. {{part-1}}\n\nTwo. {{part-2}}\n\nThree. {{part-3}}\n\n## long\n\n{points}\n"
    files |= {"reading": packs.ABOUT, "passages": passages, "summary": summary, "questions": "1. Why? {part-200}"}
    folder = write_pack(tmp_path, "long", quotes="# none", timeline="# none", **files)

    reading = load(folder)

    assert len(reading.passages) == len(reading.long_summary) == 200
