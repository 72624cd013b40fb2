"""What is said on Discord, from the gateway's frames through the real discord.py into the archive's rows."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.answering import Answering
from bot.config import Config
from bot.platforms.health import State
from tests.platforms.discord.conftest import WatchedHealth, connected
from tests.platforms.discord.saving import CHANNEL, Saving, eventually
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer
from tests.servers.discord_rooms import moment_of, snowflake

MINA, JUN = made.MEMBER, "400000000000000002"


@pytest.fixture
async def saving(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> AsyncIterator[Saving]:
    """The bot connected, with one saved thread."""
    found = Saving(server, answering)
    await found.keep()
    async with connected(here, answering, health, server):
        await health.until(State.CONNECTED)
        await found.all_heard()
        await eventually(
            lambda: found.rows("SELECT 1 FROM threads WHERE read_back_at NOT NULL AND read_due_at IS NULL")
        )
        yield found


async def test_a_saved_channel_holds_its_threads_too(saving: Saving) -> None:
    await saving.keep(CHANNEL)
    other = saving.server.rooms.open_thread(made.CHANNEL, "elsewhere")
    await saving.server.tell([("THREAD_CREATE", {**other, "newly_created": True})])
    await saving.say("in the channel", made.CHANNEL)
    await saving.say("in a new thread", other["id"])
    await saving.all_heard()

    assert list(saving.held(made.CHANNEL).values()) == ["in the channel"]
    assert list(saving.held(other["id"]).values()) == ["in a new thread"]


@pytest.mark.parametrize("changes", [
    {"embeds": [{"type": "link", "title": "A page", "description": "of words"}]},
    {"content": "", "edited_timestamp": "2026-11-25T00:00:00+00:00"},
    {"pinned": True, "edited_timestamp": None},
])  # fmt: skip
async def test_what_discord_adds_to_a_message_is_no_edit(saving: Saving, changes: dict[str, Any]) -> None:
    """A preview of a link that resolved, words that are kept from the bot, a pin."""
    said = await saving.say("see https://example.org")
    await saving.server.tell([("MESSAGE_UPDATE", {**said, "guild_id": made.GUILD, **changes})])
    await saving.all_heard()

    assert saving.texts() == ["see https://example.org"]
    assert not saving.rows("SELECT * FROM revisions")


async def test_events_out_of_order_and_told_twice_leave_the_same(saving: Saving) -> None:
    rooms = saving.server.rooms
    edited, told = rooms.say(made.THREAD, "before")
    told_again = rooms.edit(edited, "after")
    gone, of_gone = rooms.say(made.THREAD, "gone")
    deletion = rooms.delete(gone)
    for events in (told_again, told, told_again, deletion, of_gone, told, deletion):
        await saving.server.tell(events)
    await saving.all_heard()

    assert saving.held() == saving.standing()
    assert saving.rows("SELECT text FROM revisions") == [("before",)]


async def test_a_custom_emoji_is_named_as_discord_writes_it(saving: Saving) -> None:
    said = await saving.say("The herring again")
    emoji = {"id": "700000000000000001", "name": "herring"}
    told = {"user_id": JUN, "channel_id": made.THREAD, "message_id": said["id"], "guild_id": made.GUILD,
            "member": made.member(JUN), "emoji": emoji, "burst": False, "type": 0}  # fmt: skip
    await saving.server.tell([("MESSAGE_REACTION_ADD", told)])
    await saving.all_heard()

    assert saving.reactions() == {"<:herring:700000000000000001>": 1}


async def test_programs_are_marked_as_such(saving: Saving) -> None:
    await saving.say("beep", who=made.user("400000000000000003", "beeper", bot=True))
    await saving.say("a feed", who=made.user("400000000000000004", "feed"), webhook_id="400000000000000004")
    await saving.all_heard()

    assert sorted(saving.rows("SELECT name FROM people WHERE bot = 1")) == [("beeper",), ("feed",)]


async def test_what_the_bot_posts_is_held_without_its_words_and_marked_as_ours(saving: Saving) -> None:
    sent = await saving.server.slash("summary", where={**made.thread(), "guild_id": made.GUILD})
    posted = made.message(sent.body["data"], made.THREAD) | {"id": snowflake(), "guild_id": made.GUILD, "type": 20}
    await saving.server.tell([("MESSAGE_CREATE", posted)])
    await saving.all_heard()
    [(text, ours)] = saving.rows("SELECT text, ours FROM messages WHERE platform_id = ?", posted["id"])

    assert ours
    assert text == ""


@pytest.mark.parametrize("kind", [3, 6, 7, 8, 18, 21])
async def test_what_tells_of_a_pin_or_a_join_is_no_speech(saving: Saving, kind: int) -> None:
    await saving.say("renamed to something", type=kind)
    await saving.all_heard()

    assert saving.texts() == []


async def test_a_forwarded_message_and_a_poll_are_held_with_their_words(saving: Saving) -> None:
    snapshot = {"message": made.message({"content": "from elsewhere"})}
    reference = {"type": 1, "message_id": "1", "channel_id": made.CHANNEL, "guild_id": made.GUILD}
    forwarded = await saving.say("", message_reference=reference, message_snapshots=[snapshot])
    poll = {"question": {"text": "Which chapter next?"}, "answers": [
        {"answer_id": 1, "poll_media": {"text": "Four"}}, {"answer_id": 2, "poll_media": {"text": "Five"}}],
        "expiry": "2026-12-25T12:00:00+00:00", "allow_multiselect": False, "layout_type": 1}  # fmt: skip
    await saving.say("", poll=poll)
    await saving.all_heard()

    assert saving.texts() == ["from elsewhere", "Which chapter next?"]
    assert saving.rows("SELECT answers FROM messages WHERE platform_id = ?", forwarded["id"]) == [("",)]


async def test_a_channel_that_is_deleted_takes_everything_with_it(saving: Saving) -> None:
    await saving.keep(CHANNEL)
    await saving.say("a word", made.CHANNEL)
    await saving.say("another")
    await saving.all_heard()
    await saving.server.tell(saving.server.rooms.rename(saving.server.guild["channels"][0], "reading"))
    await eventually(lambda: saving.rows("SELECT 1 FROM channels WHERE name = 'reading'"))
    await saving.server.tell(saving.server.rooms.remove_channel(saving.server.guild["channels"][0]))
    await eventually(lambda: saving.rows("SELECT 1 FROM channels WHERE deleted_at IS NOT NULL"))

    assert saving.texts() == []
    assert not saving.rows("SELECT 1 FROM messages WHERE text != ''")


async def test_who_opted_out_is_not_saved(saving: Saving) -> None:
    await saving.answering.archive.privacy.opt_out("discord", JUN)
    mine = await saving.say("mine", who=made.user(JUN, "jun"))
    await saving.server.tell(saving.server.rooms.react(mine, "👍", MINA))
    await saving.server.tell(saving.server.rooms.clear(mine))
    await saving.say("hers")
    await saving.all_heard()

    assert saving.texts() == ["hers"]


async def test_a_deletion_in_an_archived_thread_of_a_saved_channel_is_heard(saving: Saving) -> None:
    rooms = saving.server.rooms
    await saving.keep(CHANNEL)
    other = rooms.open_thread(made.CHANNEL, "elsewhere")
    await saving.server.tell([("THREAD_CREATE", {**other, "newly_created": True})])
    said = await saving.say("in a new thread", other["id"])
    await saving.server.tell([*rooms.archive(other), *rooms.delete(said)])
    await saving.all_heard()

    assert saving.held(other["id"]) == {}
    assert saving.rows("SELECT 1 FROM messages WHERE platform_id = ?", said["id"])


@pytest.mark.parametrize("odd", [
    ("MESSAGE_CREATE", {"id": "not a number", "channel_id": made.THREAD, "guild_id": made.GUILD}),
    ("MESSAGE_UPDATE", {"id": "1", "channel_id": made.THREAD, "guild_id": made.GUILD}),
    ("INTERACTION_CREATE", {"id": "not a number"}),
    ("MESSAGE_REACTION_ADD", {"emoji": None}),
    ("THREAD_UPDATE", {"guild_id": made.GUILD, "id": made.THREAD}),
    ("SOMETHING_NEW", {}),
])  # fmt: skip
async def test_an_odd_payload_neither_ends_the_connection_nor_loses_what_it_told(
    saving: Saving, odd: tuple[str, dict[str, Any]]
) -> None:
    await saving.server.tell([odd])
    await saving.say("and on")
    await saving.all_heard()

    assert saving.texts() == ["and on"]
    assert saving.server.gateway.log.count("identify") == 1


def test_an_id_tells_its_moment() -> None:
    moment = datetime(2026, 11, 9, 12, tzinfo=UTC)

    assert moment_of(snowflake(moment)) == moment


async def test_what_an_odd_event_told_is_read_back(saving: Saving) -> None:
    said, [(name, told)] = saving.server.rooms.say(made.THREAD, "told oddly")
    del told["type"]
    await saving.server.tell([(name, told)])
    await eventually(lambda: saving.held().get(said["id"]) == "told oddly")


async def test_what_is_said_and_archived_in_one_breath_is_saved(saving: Saving) -> None:
    """discord.py forgets an archived thread before what was said in it is looked at."""
    rooms = saving.server.rooms
    await saving.keep(CHANNEL)
    thread = rooms.open_thread(made.CHANNEL, "brief")
    said, told = rooms.say(thread["id"], "a last word")
    gone, told_too = rooms.say(thread["id"], "taken back")
    events = [("THREAD_CREATE", dict(thread)), *told, *told_too, *rooms.delete(gone), *rooms.archive(thread)]
    await saving.server.tell(events)
    await saving.all_heard()

    assert saving.held(thread["id"]) == {said["id"]: "a last word"}
