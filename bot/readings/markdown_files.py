"""The Markdown files of a reading, read line by line, so that every mistake has its line.

Only what stands around the words is read here (headings, numbers, keys in braces); the words themselves are for
`bot.words.markdown`. Readers add what is wrong to `found` and go on.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.errors import Mistake, Mistakes
from bot.readings.files import FrontMatter, Known, unknown_passage
from bot.readings.markdown_lines import Item, Part, numbered, split_items, split_parts
from bot.readings.model import Background, Passage, Picture, Point, Topic
from bot.toml_file import read_toml
from bot.toml_lines import KeyPath, key_lines
from bot.values import value
from bot.words import markdown

KEY = r"[a-z0-9][a-z0-9-]{0,63}"
SHORT_POINTS = 3

_FENCE = "+++"
_PASSAGE = re.compile(rf"##\s+(\d{{1,6}})\.\s+(.*\S)\s+\{{#({KEY})\}}\s*")
_CAPTION = re.compile(rf"###\s+(.*\S)\s+\{{#({KEY})\}}\s*")
_SECTION = re.compile(r"#\s+(.*\S)\s*")
_BRACES = re.compile(r"\{([^{}]*)\}$")
_BULLET = re.compile(r"- ")
_QUESTION = re.compile(r"(\d{1,6})\.\s+")

Found = list[Mistake]


@value
class Summary:
    """Both summaries of a reading."""

    short: tuple[Point, ...]
    long: tuple[Point, ...]


@value
class NamedTopic:
    """A topic with the front matter of its file, which tells the line of each name that it answers to."""

    topic: Topic
    file: Path
    front: str

    @property
    def names(self) -> Iterator[tuple[str, KeyPath]]:
        """Everything it answers to, each with its key in the front matter; the file's own name has none."""
        yield self.topic.name, ()
        yield self.topic.title, ("title",)
        yield from ((alias, ("aliases", at)) for at, alias in enumerate(self.topic.aliases))

    def line(self, key: KeyPath) -> int:
        """The line of a key of the front matter."""
        return key_lines(self.front).get(key, 1)


def read_passages(file: Path, text: str, found: Found) -> tuple[Passage, ...]:
    """The passages and captions of `passages.md`, in order."""
    passages: list[Passage] = []
    lines: dict[str, int] = {}
    section = ""
    for part in split_parts(text):
        if part.heading.startswith("##"):
            passage = _passage(file, part, section, passages[-1].number if passages else 0, found)
            if passage and passage.key in lines:
                words = f"the key `{passage.key}` is taken: line {lines[passage.key]} has it already"
                found.append(Mistake(file, part.line, words))
            elif passage:
                lines[passage.key] = part.line
                passages.append(passage)
            continue
        if part.text:
            found.append(
                Mistake(file, part.first, "these words belong to no passage; begin it with `## 1. Title {#key}`")
            )
        if part.heading:
            named = _SECTION.fullmatch(part.heading)
            section = named[1] if named else ""
            if not named:
                found.append(Mistake(file, part.line, "write a subheading of the text as `# Words`"))
    if not passages:
        found.append(Mistake(file, 1, "there is no passage here; begin one with `## 1. Title {#key}`"))
    return tuple(passages)


def read_summary(file: Path, text: str, found: Found, passages: tuple[str, ...]) -> Summary:
    """The points of `summary.md` under `short` and `long`."""
    points: dict[str, tuple[Point, ...]] = {}
    for part in split_parts(text):
        name = part.heading.lstrip("#").strip().casefold()
        if not part.heading:
            if part.text:
                found.append(Mistake(file, part.first, "these words stand before `## short`"))
        elif name not in {"short", "long"} or not part.heading.startswith("## "):
            found.append(
                Mistake(file, part.line, f"unknown heading `{part.heading}`; there are `## short` and `## long`")
            )
        elif name in points:
            found.append(Mistake(file, part.line, f"`## {name}` is here twice"))
        else:
            points[name] = tuple(read_points(file, part.body, passages, found))
            _check_summary(file, part, name, found)
    found.extend(Mistake(file, 1, f"`## {name}` is missing") for name in ("short", "long") if name not in points)
    return Summary(points.get("short", ()), points.get("long", ()))


def read_questions(file: Path, text: str, found: Found, passages: tuple[str, ...]) -> tuple[Point, ...]:
    """The questions of `questions.md`, numbered from 1."""
    questions: list[Point] = []
    due = 1
    items = list(split_items(numbered(text), _QUESTION))
    for item in items:
        number = _QUESTION.match(item.text)
        if not number:
            found.append(Mistake(file, item.first, f"a question begins with its number: `{due}. `"))
            continue
        if int(number[1]) != due:
            found.append(Mistake(file, item.first, f"this is question {number[1]}, but number {due} is due"))
        due = int(number[1]) + 1
        point = _point(file, Item(item.first, item.last, item.text[number.end() :]), passages, found)
        questions.extend([point] if point else [])
    if not items:
        found.append(Mistake(file, 1, "there is no question here; write one as `1. A question? {key}`"))
    return tuple(questions)


def read_topic(file: Path, text: str, found: Found, known: Known) -> NamedTopic | None:
    """One topic's file; None where its front matter can't be used."""
    lines = numbered(text)
    end = next((n for n, words in lines[1:] if words.rstrip() == _FENCE), 0)
    if lines[0][1].rstrip() != _FENCE or not end:
        found.append(Mistake(file, 1, f"the file begins with its title and more between two lines `{_FENCE}`"))
        return None
    body = lines[end:]
    before = len(found)
    points = tuple(read_points(file, body, known.passages, found))
    if not points and len(found) == before:
        found.append(Mistake(file, end, "a topic needs a point: a paragraph that ends with its passages in braces"))
    front = "\n" + "\n".join(
        words for _, words in lines[1 : end - 1]
    )  # a line for the fence, so that lines are the file's
    try:
        matter = read_toml(file, FrontMatter, text=front, context=known)
    except Mistakes as mistakes:
        found.extend(mistakes.found)
        return None
    return _named_topic(file, matter, points, front)


def read_points(
    file: Path, lines: Sequence[tuple[int, str]], passages: tuple[str, ...], found: Found
) -> Iterator[Point]:
    """Paragraphs and list items, each ending with the keys of its passages."""
    for item in split_items(lines, _BULLET):
        point = _point(file, item, passages, found)
        if point:
            yield point


def _passage(file: Path, part: Part, section: str, last: int, found: Found) -> Passage | None:
    caption = _CAPTION.fullmatch(part.heading)
    heading = caption or _PASSAGE.fullmatch(part.heading)
    if not heading:
        words = "write this heading as `## 1. Title {#key}` or `### Caption {#key}`; a key has a to z, 0 to 9 and -"
        found.append(Mistake(file, part.line, words))
        return None
    number = last if caption else int(heading[1])
    if caption and not last:
        found.append(Mistake(file, part.line, "a caption belongs to the passage above it, and there is none"))
    elif not caption and number != last + 1:
        found.append(Mistake(file, part.line, f"this is passage {number}, but number {last + 1} is due"))
    role, body, sources = _body(part.text)
    if not body:
        found.append(Mistake(file, part.line, "this passage has no words"))
    title, key = heading.groups()[-2:]
    return Passage(key, number, title, markdown(body), role, section, sources, caption=bool(caption))


def _body(text: str) -> tuple[str, str, str]:
    """The role, the words and the sources of a passage."""
    role, sources = "", ""
    if text.startswith("Role:"):
        role, _, text = text.removeprefix("Role:").partition("\n")
    before, found, after = f"\n\n{text.strip()}".rpartition("\n\nSources:")
    if found and "\n\n" not in after.strip():
        text, sources = before, after
    return role.strip(), text.strip(), " ".join(sources.split())


def _check_summary(file: Path, part: Part, name: str, found: Found) -> None:
    count = sum(1 for _ in split_items(part.body, _BULLET))
    if name == "short" and count != SHORT_POINTS:
        found.append(Mistake(file, part.line, f"the short summary has three points; here are {count}"))
    elif not count:
        found.append(Mistake(file, part.line, f"there is nothing under `## {name}`"))


def _named_topic(file: Path, matter: FrontMatter, points: tuple[Point, ...], front: str) -> NamedTopic:
    shown = matter.picture
    topic = Topic(
        name=file.stem,
        title=matter.title,
        points=points,
        aliases=matter.aliases,
        native=matter.native,
        background=tuple(Background(markdown(b.text), b.source, b.date) for b in matter.background),
        picture=Picture(file.parent / shown.file, shown.alt, shown.source, shown.date) if shown else None,
    )
    return NamedTopic(topic, file, front)


def _point(file: Path, item: Item, passages: tuple[str, ...], found: Found) -> Point | None:
    braces = _BRACES.search(item.text.rstrip())
    keys = tuple(dict.fromkeys(braces[1].split())) if braces else ()
    if not braces or not keys:
        found.append(Mistake(file, item.last, "this ends without its passages; write their keys in braces: `{key}`"))
        return None
    for number, line in enumerate(item.text.split("\n")[:-1], start=item.first):
        if _BRACES.search(line.rstrip()):
            found.append(Mistake(file, number, "keys in braces end an item; begin the next one after a blank line"))
    for key in keys:
        if words := unknown_passage(key, passages):
            found.append(Mistake(file, item.last, words))
    point = Point(markdown(item.text[: braces.start()]), keys)
    if not point.words.plain().strip(" -\n"):
        found.append(Mistake(file, item.first, "there are no words before the braces"))
        return None
    return point
