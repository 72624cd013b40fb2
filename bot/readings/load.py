"""From a folder of `content/` to a Reading, or to everything that is wrong in it. Docs: `docs/readings.md`."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.errors import Mistake, Mistakes
from bot.readings.files import EventTable, Known, QuotesFile, ReadingFile, SourceTable, TimelineFile
from bot.readings.markdown_files import (
    Found,
    NamedTopic,
    Summary,
    read_passages,
    read_questions,
    read_summary,
    read_topic,
)
from bot.readings.model import Background, Event, Quotation, Reading, Source, Topic
from bot.readings.source import load_source
from bot.readings.text import find_exact, find_printed
from bot.tables import Table
from bot.toml_file import read_text, read_toml
from bot.toml_lines import key_lines
from bot.values import value
from bot.words import markdown

M = TypeVar("M", bound=Table)
T = TypeVar("T")

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
ABOUT, QUOTES, TIMELINE = "reading.toml", "quotes.toml", "timeline.toml"
PASSAGES, SUMMARY, QUESTIONS, TOPICS, SOURCE = "passages.md", "summary.md", "questions.md", "topics", "source.txt"


@value
class Pack:
    """A folder as it was read: the reading if it is usable, everything that is wrong, and what finds its passages.

    A group's own copy that differs from ours may lack a passage or a quotation. That is a mistake, and yet the reading
    is usable: what is in the copy still counts. In the very copy that the files were written from, the files are wrong.
    """

    reading: Reading | None
    mistakes: tuple[Mistake, ...]
    source: SourceTable | None


def load(folder: Path) -> Reading:
    """The reading in this folder. Raises Mistakes with everything that is wrong in any of its files."""
    pack = read_pack(folder)
    if pack.reading is None or pack.mistakes:
        raise Mistakes(list(pack.mistakes))
    return pack.reading


def read_pack(folder: Path, *, with_text: bool = True) -> Pack:
    """The folder with everything that is wrong in it; without `with_text` its source.txt is left aside."""
    files = _Files(folder)
    sound = not files.found
    declared = files.about.source if files.about else None
    source = files.source(declared) if with_text and declared else None
    quotations = anchored(files.quotations, source)
    if source and declared:
        lacking = [*files.lacking_passages(source), *files.orphans(quotations, source)]
        sound = sound and not (lacking and source.sha256 == declared.sha256)
        files.found.extend(lacking)
    reading = files.reading(files.about, quotations, source) if sound and files.about else None
    return Pack(reading, tuple(sorted(set(files.found))), declared)


def anchored(quotations: Iterable[Quotation], source: Source | None) -> tuple[Quotation, ...]:
    """The quotations with their place in the text; with none where their passage does not have the very words."""
    return tuple(replace(quotation, span=_span(quotation, source)) for quotation in quotations)


def _span(quotation: Quotation, source: Source | None) -> tuple[int, int] | None:
    if source is None or quotation.passage not in source.spans:
        return None
    where = source.spans[quotation.passage]
    return find_printed(source.text, quotation.text, *where) or find_exact(source.text, quotation.text, *where)


class _Files:
    """The files of one folder, each as far as it could be read. `found` collects what is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: Found = []
        self._check_folder()
        self.passages = self._markdown(PASSAGES, read_passages) or ()
        keys = tuple(passage.key for passage in self.passages)
        known = Known(folder, keys)
        self.about = self._toml(ABOUT, ReadingFile, known)
        quotes = self._toml(QUOTES, QuotesFile, known)
        timeline = self._toml(TIMELINE, TimelineFile, known)
        self.quotations = tuple(Quotation(q.words, q.passage, q.speaker) for q in (quotes.quote if quotes else ()))
        self.events = tuple(map(_event, timeline.event if timeline else ()))
        self.summary = self._markdown(SUMMARY, partial(read_summary, passages=keys)) or Summary((), ())
        self.questions = self._markdown(QUESTIONS, partial(read_questions, passages=keys)) or ()
        self.topics = self._topics(keys)
        if self.about and not self.about.source and (folder / SOURCE).exists():
            self._add(ABOUT, "`[source]` is missing, with the fingerprints that find each passage in source.txt")

    def reading(self, about: ReadingFile, quotations: tuple[Quotation, ...], source: Source | None) -> Reading:
        """Everything put together."""
        return Reading(
            slug=self.folder.absolute().name,
            title=about.title,
            short_title=about.short_title,
            author=about.author,
            publisher=about.publisher,
            date=about.date,
            language=about.language,
            rights=about.rights,
            passages=self.passages,
            short_summary=self.summary.short,
            long_summary=self.summary.long,
            quotations=quotations,
            events=self.events,
            topics=self.topics,
            questions=self.questions,
            date_note=about.date_note,
            aliases=about.aliases,
            background=tuple(Background(markdown(b.text), b.source, b.date) for b in about.background),
            source=source,
        )

    def source(self, declared: SourceTable) -> Source | None:
        """The text, if the folder has one that can be used."""
        file = self.folder / SOURCE
        try:
            return load_source(file, declared.passages) if file.exists() else None
        except Mistakes as mistakes:
            self.found.extend(mistakes.found)
            return None

    def lacking_passages(self, source: Source) -> Iterator[Mistake]:
        """The passages that this copy of the text does not have."""
        for passage in self.passages:
            if passage.key not in source.spans:
                words = f"{passage.label} (`{passage.key}`) is not here: no paragraph has its fingerprint"
                yield Mistake(self.folder / SOURCE, 1, words)

    def orphans(self, quotations: tuple[Quotation, ...], source: Source) -> Iterator[Mistake]:
        """The quotations that are not in their passage word for word, where the copy has the passage."""
        file = self.folder / QUOTES
        labels = {passage.key: passage.label for passage in self.passages}
        lost = [n for n, q in enumerate(quotations) if q.span is None and q.passage in source.spans]
        lines = key_lines(read_text(file)) if lost else {}
        for n in lost:
            words = f"`quote[{n}].words` is not in {labels[quotations[n].passage]} of source.txt word for word"
            yield Mistake(file, lines.get(("quote", n, "words"), 1), words)

    def _check_folder(self) -> None:
        slug = self.folder.absolute().name
        if not SLUG.fullmatch(slug):
            self._add(ABOUT, f"the folder's name `{slug}` must be of a to z, 0 to 9 and -, 32 at most")

    def _topics(self, keys: tuple[str, ...]) -> dict[str, Topic]:
        folder = self.folder / TOPICS
        named = [topic for file in _topic_files(folder) if (topic := self._topic(file, keys))]
        self.found.extend(_shared_names(named))
        return {each.topic.name: each.topic for each in named}

    def _topic(self, file: Path, keys: tuple[str, ...]) -> NamedTopic | None:
        if not (SLUG.fullmatch(file.stem) and file.suffix == ".md"):
            words = f"the file's name must be of a to z, 0 to 9 and -, 32 at most, and end in .md: `{file.name}` is not"
            self.found.append(Mistake(file, 1, words))
        known = Known(file.parent, keys)
        return self._markdown(f"{TOPICS}/{file.name}", partial(read_topic, known=known))

    def _toml(self, name: str, model: type[M], known: Known) -> M | None:
        text = self._text(name)
        try:
            return read_toml(self.folder / name, model, text=text, context=known) if text else None
        except Mistakes as mistakes:
            self.found.extend(mistakes.found)
            return None

    def _markdown(self, name: str, read: Callable[[Path, str, Found], T]) -> T | None:
        text = self._text(name)
        return read(self.folder / name, text, self.found) if text else None

    def _text(self, name: str) -> str:
        try:
            text = read_text(self.folder / name)
        except Mistakes as mistakes:
            self.found.extend(mistakes.found)
            return ""
        if not text.strip():
            self._add(name, "this file is empty")
            return ""
        return text

    def _add(self, name: str, words: str) -> None:
        self.found.append(Mistake(self.folder / name, 1, words))


def _topic_files(folder: Path) -> list[Path]:
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted(file for file in files if file.suffix.casefold() == ".md" and not file.name.startswith("."))


def _shared_names(topics: Iterable[NamedTopic]) -> Iterator[Mistake]:
    """Names and aliases that more than one topic would answer to."""
    owners: dict[str, NamedTopic] = {}
    for each in topics:
        for name, key in each.names:
            owner = owners.setdefault(" ".join(name.casefold().split()), each)
            if owner is not each:
                yield Mistake(
                    each.file, each.line(key), f"`{name}` is a name of the topic `{owner.topic.name}` already"
                )


def _event(event: EventTable) -> Event:
    return Event(
        words=markdown(event.text),
        date=event.date or "",
        stated=event.stated or "",
        passage=event.passage or "",
        source=event.source or "",
        source_date=event.source_date or "",
    )
