"""A Slack export: a zip or folder with lists of channels and people, and for each channel a folder, a file a day.

https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from bot.archive.imports import json_records
from bot.archive.imports.records import DIRECT, Bad, Channel, LeftOut, Record, Wanted
from bot.archive.imports.slack import UNKNOWN, Workspace, channel_of, looks_like_a_message, names_in, team_of, told
from bot.archive.imports.sources import Source
from bot.json_shapes import Body, text

LISTS = {"channels.json": False, "groups.json": True, "dms.json": True, "mpims.json": True}  # whether it is private
DIRECT_LISTS = ("dms.json", "mpims.json")
SMALL = 8 << 20
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")


def recognise(source: Source) -> bool:
    """Whether there is a list of channels, or a folder with files of days."""
    return any(_is_day(name) or PurePosixPath(name).name in LISTS for name in source.names) and not any(
        PurePosixPath(name).name == "channel.json" for name in source.names
    )


def read(source: Source, wanted: Wanted) -> Iterator[Record]:
    """Everything in it, channel by channel, day by day."""
    root = _root(source)
    bad: list[Record] = []
    users = _listed(source, f"{root}users.json", bad.append)
    workspace = Workspace(wanted.workspace or team_of(users) or _team_of_messages(source) or UNKNOWN, names_in(users))
    channels = _channels(source, root, workspace, bad.append)
    yield from bad
    days: dict[str, list[str]] = {}
    for name in sorted(filter(_is_day, source.names)):
        days.setdefault(PurePosixPath(name).parent.name, []).append(name)
    for folder, files in days.items():
        channel = channels.get(folder) or Channel(workspace.place(folder), folder, private=True)
        if channel.direct and not wanted.direct:
            yield LeftOut(DIRECT, sum(isinstance(one, dict) for name in files for one in _messages(source, name)))
            continue
        yield channel
        for name in files:
            yield from _day(source, name, channel, workspace)


def _day(source: Source, name: str, channel: Channel, workspace: Workspace) -> Iterator[Record]:
    for count, one in enumerate(_messages(source, name), 1):
        if isinstance(one, Bad):
            yield one
        else:
            yield from told(one, channel.place.channel, workspace, f"{name}, record {count}")


def _messages(source: Source, name: str) -> Iterator[Body | Bad]:
    """The messages of a day; record by record where the file is large or damaged."""
    try:
        if source.names[name] < SMALL:
            found = json_records.whole(source.whole(name))
            if isinstance(found, list) and all(isinstance(one, dict) for one in found):
                yield from found
                return
    except ValueError:
        pass
    except OSError as error:
        yield Bad(name, f"it can't be read ({error})")
        return
    with source.open(name) as file:
        yield from json_records.Records(file, name, looks_like_a_message)


def _root(source: Source) -> str:
    """The folder in which the lists are, with its slash: some zips hold everything in one."""
    for name in source.names:
        if PurePosixPath(name).name in LISTS:
            return name[: -len(PurePosixPath(name).name)]
    return ""


def _channels(source: Source, root: str, workspace: Workspace, bad: Callable[[Bad], None]) -> dict[str, Channel]:
    """The channels by the names of their folders: a channel's name, or a direct conversation's id."""
    found: dict[str, Channel] = {}
    for file, private in LISTS.items():
        for one in _listed(source, f"{root}{file}", bad):
            if text(one, "id"):
                described = {**one, "is_mpim": True} if file in DIRECT_LISTS else one
                channel = channel_of(described, workspace, private=private)
                found[text(one, "name") or text(one, "id")] = channel
                found.setdefault(text(one, "id"), channel)
    return found


def _listed(source: Source, name: str, bad: Callable[[Bad], None]) -> list[Body]:
    """The objects of a list; what of it can be read."""
    if name not in source.names:
        return []
    with source.open(name) as file:
        found = list(json_records.Records(file, name, lambda one: bool(text(one, "id"))))
    for one in found:
        if isinstance(one, Bad):
            bad(one)
    return [one for one in found if isinstance(one, dict)]


def _team_of_messages(source: Source) -> str:
    """Where the people are not listed, their messages name the workspace."""
    for name in filter(_is_day, source.names):
        if team := team_of(one for one in _messages(source, name) if isinstance(one, dict)):
            return team
    return ""


def _is_day(name: str) -> bool:
    return _DAY.fullmatch(PurePosixPath(name).name) is not None
