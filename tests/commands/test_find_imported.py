"""What was imported is found by who can read its channel now, and by nobody else."""

import asyncio
from pathlib import Path

import pytest

from bot.archive.imports.running import Choices
from tests.archive.imports.importing import bring_in
from tests.archive.imports.made_up import Body, discord_json, discord_message, slack_message, slack_zip
from tests.commands.test_find import members
from tests.conftest import JUN, MODERATOR, Bot
from tests.venues import MadeUpVenue


@pytest.fixture
async def imported(bot: Bot, venue: MadeUpVenue, tmp_path: Path) -> Bot:
    """Exports of an open channel, one of moderators, a private thread of Jun's, and of elsewhere."""
    venue.private_channels["12"] = frozenset({MODERATOR.id})
    venue.private_threads["55"] = frozenset({JUN.id})
    rooms: dict[str, Body] = {
        "in the open": {"id": "10"},
        "among moderators": {"id": "12"},
        "between us": {"id": "55", "categoryId": "10", "type": "GuildPrivateThread"},
        "in a channel that is gone": {"id": "13"},
    }
    files = [
        discord_json(tmp_path / f"{number}.json", [discord_message(number, f"treaty {words}")], **channel)
        for number, (words, channel) in enumerate(rooms.items())
    ]
    elsewhere = slack_zip(tmp_path / "a.zip", [slack_message(0, "treaty elsewhere")], channel={"id": "10", "name": "x"})
    direct = [slack_message(1, "treaty in direct words")]
    alone = slack_zip(tmp_path / "b.zip", direct, channel={"id": "10", "name": "10", "is_im": True})
    path = bot.answering.archive.database.path
    await asyncio.to_thread(bring_in, path, *files, elsewhere, alone, choices=Choices(direct=True))
    return bot


async def found(bot: Bot) -> set[str]:
    return {part.words.plain().removeprefix("treaty ") for part in members(await bot.say("/find treaty"))}


async def test_each_finds_what_they_can_read(imported: Bot) -> None:
    assert await found(imported) == {"in the open"}
    assert await found(imported.as_person(JUN)) == {"in the open", "between us"}
    assert await found(imported.as_moderator()) == {"in the open", "among moderators"}
