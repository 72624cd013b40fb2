"""The formats that can be imported. To add one, give it a name, how it is recognised and read, and list it."""

from collections.abc import Callable, Iterator

from bot.archive.imports import dce, dce_csv, dht, discord_package, own_export, slack_export, slackdump
from bot.archive.imports.records import Record, Wanted
from bot.archive.imports.sources import Source, Unreadable
from bot.values import value
from bot.words import literal


@value
class Format:
    """One kind of export."""

    name: str
    recognise: Callable[[Source], bool]
    read: Callable[[Source, Wanted], Iterator[Record]]


# What tells most stands first, and is imported first: a row without an id is found again by what is there.
FORMATS: tuple[Format, ...] = (
    Format("Readalong export", own_export.recognise, own_export.read),
    Format("Slack export", slack_export.recognise, slack_export.read),
    Format("slackdump archive", slackdump.is_archive, slackdump.read_archive),
    Format("slackdump chunks", slackdump.is_chunks, slackdump.read_chunks),
    Format("slackdump dump", slackdump.is_dump, slackdump.read_dump),
    Format("DiscordChatExporter JSON", dce.recognise, dce.read),
    Format("Discord History Tracker", dht.recognise, dht.read),
    Format("Discord data package", discord_package.recognise, discord_package.read),
    Format("DiscordChatExporter CSV", dce_csv.recognise, dce_csv.read),
)


def recognised(source: Source) -> Format:
    """What kind of export it is. Raises Unreadable where it is none that is known."""
    for one in FORMATS:
        if one.recognise(source):
            return one
    known = ", ".join(one.name for one in FORMATS)
    raise Unreadable(f"{literal(source.name)} is no export that can be imported. These can: {known}.")
