"""The readings: each loads or not, has the group's copy or not, and its pictures can be read."""

from collections.abc import Iterator
from pathlib import Path

from bot.config import Readings
from bot.doctor.finding import Finding, Part
from bot.errors import Mistakes
from bot.readings.library import Library
from bot.readings.model import Picture, Reading
from bot.registry import Registry

PART = Part("readings")
SHOWN = 5  # mistakes of one reading; `readalong readings check` shows all


def content(readings: Readings, library: Library, registry: Registry) -> Iterator[Finding]:
    """Everything about these readings; `registry` is made with them."""
    for slug in sorted({*library.readings, *library.mistakes}):
        yield from _reading(slug, library)
    yield _default(readings, library)
    for name in registry.clashes:
        words = f"the topic “{name}” can't be native: there is a command of that name. Take `native` from it."
        yield PART.to_do("names", words)
    yield from _pictures(library)


def unreadable(mistakes: Mistakes) -> Iterator[Finding]:
    """The folder of readings itself can't be read."""
    for mistake in mistakes.found:
        yield PART.to_do("folder", f"{mistake.file}: {mistake.words}. Set [readings] path to a folder of readings.")


def _reading(slug: str, library: Library) -> Iterator[Finding]:
    reading = library.readings.get(slug)
    mistakes = library.mistakes.get(slug, ())
    for mistake in mistakes[:SHOWN]:
        yield PART.to_do(slug, str(mistake))
    if len(mistakes) > SHOWN:
        words = f"and {len(mistakes) - SHOWN} more mistakes: readalong readings check {slug}"
        yield PART.to_do(slug, words)
    if reading is None:
        yield PART.to_do(slug, "it is left out until its mistakes are mended")
    elif not mistakes:
        yield PART.ok(slug, f"{len(reading.passages)} passages; {_copy(reading)}")


def _copy(reading: Reading) -> str:
    if reading.source:
        return "the group's copy is attached"
    return f"no copy attached (it may be: readalong readings attach {reading.slug} FILE)"


def _default(readings: Readings, library: Library) -> Finding:
    """The reading of a channel in which none was chosen: the default, else any that is sound."""
    default = readings.default
    if default in library.readings:
        return PART.ok("default", default)
    if not library.readings:
        return PART.to_do("default", f"there is no sound reading in {readings.path}. Mend one, or add one there.")
    there = ", ".join(sorted(library.readings))
    if "default" not in readings.given:
        return PART.ok("default", f"none is set in [readings], so it is {min(library.readings)}")
    wrong = "has mistakes" if default in library.mistakes else "is no reading here"
    return PART.to_do("default", f"[readings] default “{default}” {wrong}. Set it to one of: {there}.")


def _pictures(library: Library) -> Iterator[Finding]:
    files = [picture.file for reading in library.readings.values() for picture in _of(reading)]
    unread = [(file, why) for file in files if (why := _why_unread(file))]
    for file, why in unread:
        yield PART.to_do("pictures", f"{file} can't be read: {why}. Give yourself the right to read it.")
    if not unread:
        yield PART.ok("pictures", f"all {len(files)} can be read" if files else "no reading has any")


def _of(reading: Reading) -> Iterator[Picture]:
    yield from (topic.picture for topic in reading.topics.values() if topic.picture)


def _why_unread(file: Path) -> str:
    try:
        file.read_bytes()
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
