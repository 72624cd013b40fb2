"""From a frame of Discord's gateway, through the real discord.py, to the rows of the archive."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import backfill
from bot.answering import Answering
from bot.archive.discussions import Anchor
from bot.archive.events import Author
from bot.asker import Place
from bot.platforms.discord import listening
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer
from tests.servers.discord_rooms import snowflake

THREAD = Place("discord", made.GUILD, made.CHANNEL, made.THREAD)
JUN = made.user("400000000000000002", "jun")


def rows(answering: Answering, sql: str) -> list[Any]:
    return list(answering.archive.database.reader.execute(sql).fetchall())


def texts(answering: Answering) -> list[str]:
    by_id = "SELECT text FROM messages WHERE deleted_at IS NULL ORDER BY CAST(platform_id AS INTEGER)"
    return [row[0] for row in rows(answering, by_id)]


async def until(found: Callable[[], Any]) -> Any:
    """Wait for what the bot does a moment later."""
    async with asyncio.timeout(10):
        while not (value := found()):  # noqa: ASYNC110 - the archive tells nobody that it has a row
            await asyncio.sleep(0.005)
    return value


@pytest.fixture
async def saved(online: DiscordServer, answering: Answering) -> DiscordServer:
    """The server, whose thread is saved."""
    await answering.archive.discussions.keep(THREAD, "chapter 3", Author(made.MEMBER, "mina"), Anchor("harbour"))
    return online


async def test_what_is_said_in_a_saved_thread_is_a_row(saved: DiscordServer, answering: Answering) -> None:
    message = await saved.say(made.THREAD, "Does 1956 bind?", who=JUN)
    await until(lambda: texts(answering))
    found = rows(
        answering,
        "SELECT w.platform_id, c.platform_id, t.platform_id, m.platform_id, p.name, m.text, m.ours FROM messages m "
        "JOIN workspaces w ON w.id = m.workspace JOIN channels c ON c.id = m.channel JOIN threads t ON t.id = m.thread "
        "JOIN people p ON p.id = m.person",
    )

    assert found == [(made.GUILD, made.CHANNEL, made.THREAD, message["id"], "jun", "Does 1956 bind?", 0)]


async def test_what_is_said_elsewhere_or_in_private_is_not_saved(saved: DiscordServer, answering: Answering) -> None:
    await saved.say(made.CHANNEL, "in the channel")
    direct = made.message({"content": "between us"}, made.direct_channel()["id"]) | {"author": JUN}
    await saved.gateway.dispatch("MESSAGE_CREATE", direct)
    await saved.say(made.THREAD, "in the thread")
    await until(lambda: texts(answering))

    assert texts(answering) == ["in the thread"]


async def test_an_edit_a_preview_and_an_emptied_text(saved: DiscordServer, answering: Answering) -> None:
    message = await saved.say(made.THREAD, "Does 1956 bind?")
    await saved.tell(saved.rooms.edit(message, "Does 1956 still bind?"))
    edited = {**message, "guild_id": made.GUILD}
    await saved.gateway.dispatch("MESSAGE_UPDATE", {**edited, "edited_timestamp": None, "content": ""})
    await saved.gateway.dispatch("MESSAGE_UPDATE", {**edited, "content": ""})
    await saved.say(made.THREAD, "last")
    await until(lambda: "last" in texts(answering))

    assert texts(answering) == ["Does 1956 still bind?", "last"]
    assert rows(answering, "SELECT text FROM revisions") == [("Does 1956 bind?",)]


async def test_deletions_one_by_one_and_in_bulk_leave_no_word(saved: DiscordServer, answering: Answering) -> None:
    messages = [await saved.say(made.THREAD, f"word{number}") for number in range(4)]
    await saved.tell(saved.rooms.delete(messages[0]))
    await saved.tell(saved.rooms.delete(*messages[1:3]))
    await until(lambda: texts(answering) == ["word3"])

    assert rows(answering, "SELECT count(*), group_concat(text, '') FROM messages") == [(4, "word3")]


async def test_a_deletion_and_an_edit_that_come_before_their_message(
    saved: DiscordServer, answering: Answering
) -> None:
    later = made.message({"content": "first"}, made.THREAD) | {"id": snowflake(), "author": JUN, "guild_id": made.GUILD}
    gone = {**later, "id": snowflake()}
    edited = {**later, "content": "second", "edited_timestamp": (datetime.now(UTC) + timedelta(seconds=1)).isoformat()}
    await saved.gateway.dispatch("MESSAGE_UPDATE", edited)
    await saved.gateway.dispatch(
        "MESSAGE_DELETE", {"id": gone["id"], "channel_id": made.THREAD, "guild_id": made.GUILD}
    )
    for payload in (gone, later, later, edited):
        await saved.gateway.dispatch("MESSAGE_CREATE", payload)
    await saved.say(made.THREAD, "last")
    await until(lambda: "last" in texts(answering))

    assert sorted(texts(answering)) == ["last", "second"]
    assert rows(answering, "SELECT text FROM revisions") == [("first",)]


async def test_reactions_come_go_and_are_cleared(saved: DiscordServer, answering: Answering) -> None:
    message = await saved.say(made.THREAD, "Does 1956 bind?")
    for emoji, who in (("👍", made.MEMBER), ("👍", JUN["id"]), ("🤔", JUN["id"]), ("👎", JUN["id"])):
        await saved.tell(saved.rooms.react(message, emoji, who))
    await saved.tell(saved.rooms.react(message, "👍", made.MEMBER, on=False))
    await saved.tell(saved.rooms.clear(message, "👎"))
    counts = "SELECT emoji, sum(people) FROM reactions GROUP BY emoji HAVING sum(people) ORDER BY emoji"
    await until(lambda: rows(answering, counts) == [("👍", 1), ("🤔", 1)])
    await saved.tell(saved.rooms.clear(message))
    await until(lambda: rows(answering, counts) == [])

    assert {row[0] for row in rows(answering, "SELECT name FROM people")} >= {"mina"}


async def test_files_answers_bots_and_what_is_no_speech(saved: DiscordServer, answering: Answering) -> None:
    file = {"id": snowflake(), "filename": "map.png", "size": 5, "url": "https://x.y/map.png", "proxy_url": "",
            "content_type": "image/png"}  # fmt: skip
    first = await saved.say(made.THREAD, "See the map", attachments=[file])
    answer = {"message_reference": {"message_id": first["id"], "channel_id": made.THREAD}, "type": 19}
    await saved.say(made.THREAD, "I see it", **answer)
    await saved.say(made.THREAD, "", who=made.user("7", "weather", bot=True), embeds=[{"title": "Rain"}])
    await saved.say(made.THREAD, "", type=7)
    await saved.say(made.THREAD, "last")
    await until(lambda: "last" in texts(answering))

    assert texts(answering) == ["See the map", "I see it", "Rain", "last"]
    assert rows(answering, "SELECT name, kind, bytes FROM attachments") == [("map.png", "image/png", 5)]
    assert rows(answering, "SELECT answers FROM messages WHERE text = 'I see it'") == [(first["id"],)]
    assert rows(answering, "SELECT name FROM people WHERE bot = 1") == [("weather",)]


async def test_a_thread_is_renamed_archived_and_deleted(saved: DiscordServer, answering: Answering) -> None:
    await saved.say(made.THREAD, "Does 1956 bind?")
    await until(lambda: texts(answering))
    (thread,) = saved.guild["threads"]
    thread["name"] = "chapter 4"
    await saved.tell(saved.rooms.archive(thread))
    shown = "SELECT title, archived_at IS NOT NULL, deleted_at IS NOT NULL FROM threads"
    await until(lambda: rows(answering, shown) == [("chapter 4", 1, 0)])
    await saved.tell(saved.rooms.remove_thread(thread))
    await until(lambda: rows(answering, shown)[0][2])

    assert texts(answering) == []


async def test_a_channel_is_renamed_and_deleted_with_its_threads(saved: DiscordServer, answering: Answering) -> None:
    await saved.say(made.THREAD, "Does 1956 bind?")
    await until(lambda: texts(answering))
    await saved.gateway.dispatch("CHANNEL_UPDATE", made.text_channel(name="study-2"))
    await until(lambda: rows(answering, "SELECT name FROM channels") == [("study-2",)])
    await saved.gateway.dispatch("CHANNEL_DELETE", made.text_channel())
    await until(lambda: texts(answering) == [])


@pytest.mark.parametrize("pauses", [(), (0.01,) * 300])
async def test_a_message_that_could_not_be_saved_is_tried_again_or_read_back(
    saved: DiscordServer,
    answering: Answering,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    pauses: tuple[float, ...],
) -> None:
    """Nobody tells of it again; what is read back is all that lies between what was saved before and after."""
    monkeypatch.setattr(listening, "PAUSES", pauses)
    for module in (listening, backfill):
        monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    if pauses:
        saved.refuse("GET", "/channels/*/messages", 403, times=1000)  # so that it can't be read back
    database = answering.archive.database
    (pages,) = database.reader.execute("PRAGMA page_count").fetchone()
    limit = "PRAGMA max_page_count = {}"
    await database.write(lambda db: db.execute(limit.format(pages)))
    await saved.say(made.THREAD, "x" * 200_000)
    await until(lambda: "discord.not_saved" in caplog.text)
    await database.write(lambda db: db.execute(limit.format(1_000_000)))
    await saved.say(made.THREAD, "there is room again")
    await until(lambda: [len(text) for text in texts(answering)] == [200_000, len("there is room again")])


async def test_what_could_not_be_saved_is_not_saved_once_its_deletion_may_have_been_missed(
    saved: DiscordServer, answering: Answering, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a new session Discord tells nothing of what happened before; the place is read back instead."""
    monkeypatch.setattr(listening, "PAUSES", (0.05,) * 1000)
    for module in (listening, backfill):
        monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    database, limit = answering.archive.database, "PRAGMA max_page_count = {}"
    (pages,) = database.reader.execute("PRAGMA page_count").fetchone()
    await database.write(lambda db: db.execute(limit.format(pages)))
    message = await saved.say(made.THREAD, "x" * 200_000)
    await until(lambda: "discord.not_saved" in caplog.text)
    saved.rooms.delete(message)
    await saved.gateway.invalidate()
    await saved.connected(2)
    await until(lambda: rows(answering, "SELECT 1 FROM threads WHERE read_back_at IS NOT NULL AND read_due_at IS NULL"))
    await database.write(lambda db: db.execute(limit.format(1_000_000)))
    await saved.say(made.THREAD, "there is room again")
    await until(lambda: "there is room again" in texts(answering))
    await until(lambda: not any("on_message" in task.get_name() for task in asyncio.all_tasks()))

    assert texts(answering) == ["there is room again"]


async def test_being_removed_from_the_server_ends_it_and_being_added_again_goes_on(
    saved: DiscordServer, answering: Answering
) -> None:
    await saved.gateway.dispatch("GUILD_DELETE", {"id": made.GUILD})
    await until(lambda: not answering.archive.discussions.keeps(THREAD))
    await saved.gateway.dispatch("GUILD_CREATE", saved.guild)
    await until(lambda: answering.archive.discussions.keeps(THREAD))


@pytest.fixture
def private(server: DiscordServer) -> dict[str, Any]:
    """A private thread with the bot and one message in it."""
    thread = server.rooms.open_thread(made.CHANNEL, "among us", private=True)
    server.rooms.in_thread[thread["id"]].add(made.APPLICATION)
    server.rooms.say(thread["id"], "one", who=JUN)
    return thread


def of_the_bot(thread: dict[str, Any], **more: Any) -> tuple[str, dict[str, Any]]:
    """THREAD_MEMBERS_UPDATE: https://discord.com/developers/docs/events/gateway-events#thread-members-update."""
    return "THREAD_MEMBERS_UPDATE", {"id": thread["id"], "guild_id": made.GUILD, "member_count": 2, **more}


async def test_what_was_said_while_the_bot_was_out_of_a_private_thread_is_read_back(
    private: dict[str, Any], online: DiscordServer, answering: Answering
) -> None:
    place = Place("discord", made.GUILD, made.CHANNEL, private["id"], private=True)
    await answering.archive.discussions.keep(place, "among us", None, Anchor("harbour"))
    await answering.venues.read_back(place)
    await until(lambda: texts(answering) == ["one"])
    await online.gateway.dispatch(*of_the_bot(private, removed_member_ids=[made.APPLICATION]))
    await until(lambda: not any(one.open for one in answering.archive.coverage.of(place)))
    online.rooms.say(private["id"], "two", who=JUN)
    me = {"id": private["id"], "user_id": made.APPLICATION, "join_timestamp": "2026-11-25T12:00:00+00:00", "flags": 0}
    await online.gateway.dispatch(*of_the_bot(private, added_members=[me]))

    await until(lambda: texts(answering) == ["one", "two"])
    await until(lambda: [one.open for one in answering.archive.coverage.of(place)] == [True])


async def test_a_private_thread_of_a_saved_channel_is_read_once_the_bot_is_let_in(
    online: DiscordServer, answering: Answering
) -> None:
    channel = Place("discord", made.GUILD, made.CHANNEL)
    await answering.archive.discussions.keep_channel(channel, "study")
    await answering.venues.read_back(channel)
    thread = online.rooms.open_thread(made.CHANNEL, "among us", private=True)
    online.rooms.say(thread["id"], "before the bot came", who=JUN)
    online.rooms.in_thread[thread["id"]].add(made.APPLICATION)
    await online.gateway.dispatch("THREAD_CREATE", dict(thread))

    await until(lambda: texts(answering) == ["before the bot came"])
    assert rows(answering, "SELECT private FROM threads WHERE title = 'among us'") == [(1,)]


async def test_what_was_said_while_the_bot_could_not_see_the_channel_is_read_back(
    saved: DiscordServer, answering: Answering
) -> None:
    await answering.venues.read_back(THREAD)
    await saved.say(made.THREAD, "one")
    await until(lambda: texts(answering) == ["one"])
    hidden = {"id": made.GUILD, "type": 0, "allow": "0", "deny": str(1 << 10)}
    mine = {"id": made.MAY_SAVE, "type": 0, "allow": "0", "deny": str(1 << 10)}
    await saved.gateway.dispatch("CHANNEL_UPDATE", made.text_channel() | {"permission_overwrites": [hidden, mine]})
    await until(lambda: not any(one.open for one in answering.archive.coverage.of(THREAD)))
    saved.rooms.say(made.THREAD, "two")
    await saved.gateway.dispatch("CHANNEL_UPDATE", made.text_channel())
    await until(lambda: texts(answering) == ["one", "two"])
    await saved.say(made.THREAD, "three")
    await until(lambda: texts(answering) == ["one", "two", "three"])
