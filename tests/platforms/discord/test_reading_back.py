"""What Discord's history gives back: threads of every kind, forums, and messages that nobody can read."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.answering import Answering
from bot.archive.coverage import gaps
from bot.asker import Person, Place
from bot.config import Config
from bot.errors import BotError
from bot.platforms.health import State
from bot.reply import Note, Reply
from bot.words import verbatim
from tests.platforms.discord.conftest import WatchedHealth, connected
from tests.platforms.discord.saving import CHANNEL, THREAD, Saving, eventually
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer

NOW = datetime.now(UTC)


@pytest.fixture
async def saving(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> AsyncIterator[Saving]:
    """The bot connected, with nothing saved yet."""
    async with connected(here, answering, health, server):
        await health.until(State.CONNECTED)
        yield Saving(server, answering)


async def places(saving: Saving, since: datetime) -> set[str]:
    return {one.thread async for one in saving.answering.venues.at(CHANNEL).threads(CHANNEL, since)}


async def test_every_thread_of_a_channel_that_was_active_since_is_found(saving: Saving) -> None:
    """Of archived ones there may be more than a page; of private ones those count that the bot was let into."""
    rooms = saving.server.rooms
    public = [rooms.open_thread(made.CHANNEL, f"public {number}") for number in range(130)]
    secret, joined = [rooms.open_thread(made.CHANNEL, name, private=True) for name in ("secret", "joined")]
    rooms.in_thread[joined["id"]].add(made.APPLICATION)
    for days, thread in enumerate(public):
        rooms.archive(thread, NOW - timedelta(days=days))
    for thread in (secret, joined):
        rooms.archive(thread, NOW)
    found = await places(saving, NOW - timedelta(days=119, hours=1))

    assert found == {made.THREAD, joined["id"], *(one["id"] for one in public[:120])}
    assert len(saving.server.sent("GET", "/channels/*/threads/archived/public")) == 2


async def test_a_private_thread_that_is_archived_is_known_as_private(saving: Saving) -> None:
    rooms = saving.server.rooms
    thread = rooms.open_thread(made.CHANNEL, "among us", private=True)
    rooms.in_thread[thread["id"]].add(made.APPLICATION)
    rooms.archive(thread, NOW)
    found = [one async for one in saving.answering.venues.at(CHANNEL).threads(CHANNEL, NOW - timedelta(days=1))]

    assert {one.thread: one.private for one in found} == {made.THREAD: False, thread["id"]: True}


async def test_a_message_that_can_not_be_read_hides_no_other_and_is_known_to_be_missing(saving: Saving) -> None:
    rooms = saving.server.rooms
    poll: made.Payload = {"question": {"text": "Which chapter next?"}, "answers": [], "expiry": None}
    for number in range(250):
        odd = {"poll": poll} if number == 120 else {}
        rooms.say(made.THREAD, f"m{number}", at=NOW - timedelta(hours=1, seconds=-number), **odd)
    await saving.keep()
    await saving.answering.venues.read_back(THREAD)
    await eventually(lambda: "m249" in saving.texts())

    assert saving.texts() == [f"m{number}" for number in range(250) if number != 120]
    [(before, after)] = gaps(saving.answering.archive.coverage.of(THREAD))
    missing = NOW - timedelta(hours=1, seconds=-120)
    assert datetime.fromisoformat(before) < missing < datetime.fromisoformat(after)


async def test_a_forum_is_saved_with_its_posts_and_a_notice_in_it_is_a_post(saving: Saving) -> None:
    forum = made.text_channel("300000000000000005", "forum") | {"type": 15, "available_tags": [], "flags": 0}
    saving.server.guild["channels"].append(forum)
    await saving.server.tell([("CHANNEL_CREATE", forum)])
    place = Place("discord", made.GUILD, forum["id"])
    await saving.server.slash("about")  # so that the channel was heard of
    await saving.keep(place)
    await saving.answering.venues.read_back(place)
    notice = await saving.answering.venues.at(place).post(
        place, Reply("Saved from now on", (Note(verbatim("What is said here is saved.")),))
    )
    await saving.say("A post's second message", notice.place.thread)
    await eventually(lambda: "A post's second message" in saving.texts())

    assert notice.id == notice.place.thread
    assert set(saving.held(notice.place.thread)) == set(saving.standing(notice.place.thread))
    assert gaps(saving.answering.archive.coverage.of(place)) == []


async def test_after_a_failure_of_discords_a_server_is_read_back(saving: Saving) -> None:
    server, rooms = saving.server, saving.server.rooms
    await saving.keep()
    await saving.answering.venues.read_back(THREAD)
    said = await saving.say("before", at=NOW - timedelta(minutes=5))
    await eventually(lambda: saving.texts() == ["before"])
    await server.tell([("GUILD_DELETE", {"id": made.GUILD, "unavailable": True})])
    rooms.edit(said, "edited unheard")
    rooms.say(made.THREAD, "unheard")
    with pytest.raises(BotError, match="Try again"):
        await eventually_refused(saving)
    await server.tell([("GUILD_CREATE", server.guild)])
    await eventually(lambda: saving.texts() == ["edited unheard", "unheard"])

    assert saving.answering.archive.discussions.keeps(THREAD)


async def eventually_refused(saving: Saving) -> None:
    """Ask who may read what until that can't be known, as long as the server can't be reached."""
    while True:
        saving.answering.venues.changed("discord", made.GUILD)
        await saving.answering.venues.readable(Person(made.MEMBER, "mina"), CHANNEL)
