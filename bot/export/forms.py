"""Every form of an export by its name, as text piece by piece, so that a large one is never in memory whole."""

from collections.abc import Iterator
from datetime import datetime

from bot.archive.extracts import Extract
from bot.export.data import as_csv, as_json, as_ndjson
from bot.export.markdown import as_markdown
from bot.export.page import as_html
from bot.export.sections import sections
from bot.readings.library import Library
from bot.times import say_moment

ENDINGS = {"markdown": "md", "json": "json", "csv": "csv", "ndjson": "ndjson", "html": "html"}
_DATA = {"json": as_json, "csv": as_csv, "ndjson": as_ndjson}
_PAGES = {"markdown": as_markdown, "html": as_html}


def written(extract: Extract, form: str, library: Library, zone: str, at: datetime) -> Iterator[str]:
    """The export in that form. Pages for people say when they were made (`at`), on the clock of an IANA zone."""
    if form in _DATA:
        return _DATA[form](extract)
    count = extract.count()
    messages = "one message" if count == 1 else f"{count:,} messages"
    summary = f"{messages}, as saved by Readalong on {say_moment(at, zone)}. Times are in {zone}."
    summary = summary[0].upper() + summary[1:]
    return _PAGES[form](extract.title, summary, sections(extract, library, zone))
