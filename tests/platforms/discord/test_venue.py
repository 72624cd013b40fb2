"""Discord as a place for discussions: threads, history, menus, and who can read what."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.answering import Answering
from bot.archive.discussions import Anchor
from bot.archive.events import Author
from bot.asker import Person, Place
from bot.config import Config
from bot.errors import BotError
from bot.platforms.health import State
from tests.platforms.discord.conftest import WatchedHealth, connected
from tests.platforms.discord.test_hearing import JUN, THREAD, rows, texts, until
from tests.platforms.discord.test_transport import embeds, is_private
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer

HERE = Place("discord", made.GUILD, made.CHANNEL)
MINA = Person(made.MEMBER, "mina")
VIEW, HISTORY = 1 << 10, 1 << 16
SECRET = "300000000000000003"


def overwrite(identity: str, *, allow: int = 0, deny: int = 0, person: bool = False) -> made.Payload:
    return {"id": identity, "type": int(person), "allow": str(allow), "deny": str(deny)}


def channel(identity: str, *overwrites: made.Payload, kind: int = 0) -> made.Payload:
    return made.text_channel(identity, "secret") | {"permission_overwrites": list(overwrites), "type": kind}


@pytest.fixture
async def online(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> AsyncIterator[DiscordServer]:
    """The server, with a channel that only moderators see, and the bot connected to it."""
    closed = channel(SECRET, overwrite(made.GUILD, deny=VIEW), overwrite(made.MODERATORS, allow=VIEW))
    server.guild["channels"].append(closed)
    async with connected(here, answering, health, server):
        await health.until(State.CONNECTED)
        yield server


async def test_a_command_opens_a_thread_with_its_card_and_what_is_said_in_it_is_saved(
    online: DiscordServer, answering: Answering
) -> None:
    sent = await online.slash("discuss", {"about": "¶3", "title": "Does 1956 bind?"})
    (opened,) = online.sent("POST", f"/channels/{made.CHANNEL}/threads")
    thread = online.guild["threads"][-1]["id"]
    await online.say(thread, "Article 9 says so.", who=JUN)
    await until(lambda: "Article 9 says so." in texts(answering))
    (card,) = online.sent("POST", f"/channels/{thread}/messages")
    shown = "\n".join(f"{one.get('title', '')} {one.get('description', '')}" for one in card.body["embeds"])

    assert is_private(sent)
    assert f"https://discord.com/channels/{made.GUILD}/{thread}" in embeds(sent)
    assert (opened.body["name"], opened.body["type"]) == ("Does 1956 bind?", 11)
    assert "This discussion is saved" in shown
    assert card.body["allowed_mentions"] == {"parse": []}
    assert rows(answering, "SELECT ours, count(*) FROM messages GROUP BY ours") == [(0, 1), (1, 1)]


async def test_in_a_forum_a_discussion_is_a_post(online: DiscordServer, answering: Answering) -> None:
    forum = channel("300000000000000005", kind=15) | {"available_tags": [], "flags": 0}
    online.guild["channels"].append(forum)
    await online.gateway.dispatch("CHANNEL_CREATE", forum)
    await online.slash("discuss", {"about": "¶3"}, where=forum)
    (opened,) = online.sent("POST", f"/channels/{forum['id']}/threads")

    assert "embeds" in opened.body["message"]
    assert answering.archive.discussions.keeps(
        Place("discord", made.GUILD, forum["id"], online.guild["threads"][-1]["id"])
    )


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [(403, 50013, "permissions Send Messages"), (404, 10003, "can't see this channel"), (400, 160006, "open threads")],
)
async def test_what_discord_refuses_is_a_sentence(
    online: DiscordServer, answering: Answering, status: int, code: int, words: str
) -> None:
    online.refuse("POST", f"/channels/{made.CHANNEL}/threads", status, code=code)
    sent = await online.slash("discuss", {"about": "¶3"})

    assert words in embeds(sent)
    assert rows(answering, "SELECT count(*) FROM threads") == [(0,)]


async def test_the_menu_of_a_message_saves_a_remark_and_a_moderator_the_discussion(
    online: DiscordServer, answering: Answering
) -> None:
    message = await online.say(made.THREAD, "Habomai is no island.", who=JUN)
    where = online.guild["threads"][0]

    def chosen(name: str) -> dict[str, Any]:
        resolved = {"messages": {message["id"]: message}}
        return {"id": made.new_id(), "name": name, "type": 3, "target_id": message["id"], "resolved": resolved}

    saved = await online.interact(2, chosen("Save this remark"), where=where)
    refused = await online.interact(2, chosen("Save this discussion"), where=where)
    moderator = made.member(permissions=made.MANAGE_MESSAGES)
    done = await online.interact(2, chosen("Save this discussion"), where=where, who=moderator)

    assert "The remark is saved" in embeds(saved)
    assert "Only moderators" in embeds(refused)
    assert "saved from its beginning" in embeds(done)
    assert all(map(is_private, (saved, refused, done)))
    assert answering.archive.discussions.keeps(THREAD)
    assert "Habomai is no island." in texts(answering)


async def test_what_was_said_while_the_bot_was_away_is_read_back_when_it_comes_again(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    await answering.archive.discussions.keep(THREAD, "chapter 3", Author(made.MEMBER, "mina"), Anchor("harbour"))
    before = datetime.now(UTC) - timedelta(hours=2)
    messages = [server.rooms.say(made.THREAD, f"m{n}", at=before + timedelta(seconds=n))[0] for n in range(250)]
    async with connected(here, answering, health, server):
        await until(lambda: len(texts(answering)) == 250)
    server.rooms.edit(messages[3], "edited")
    server.rooms.delete(messages[5])
    server.rooms.react(messages[7], "👍", made.MEMBER)
    server.rooms.say(made.THREAD, "new")
    server.limit_rate("GET", f"/channels/{made.THREAD}/messages", 0.05)
    async with connected(here, answering, health, server):
        await until(lambda: "new" in texts(answering))
        held = texts(answering)
        await until(lambda: rows(answering, "SELECT emoji, people FROM reactions") == [("👍", 1)])

    assert held == [one["content"] for one in server.rooms.messages[made.THREAD]]
    assert rows(answering, "SELECT text FROM revisions") == [("m3",)]


async def test_what_was_renamed_archived_or_hidden_meanwhile_is_known_when_it_comes_again(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    discussions, coverage = answering.archive.discussions, answering.archive.coverage
    hidden = Place("discord", made.GUILD, "300000000000000009")
    await discussions.keep_channel(hidden, "hidden")
    thread = Place("discord", made.GUILD, made.CHANNEL, made.THREAD)
    await discussions.keep(thread, "chapter 3", None, Anchor("harbour"))
    kept_out = {"id": made.GUILD, "type": 0, "allow": "0", "deny": str(1 << 10)}
    server.guild["channels"].append(made.text_channel(hidden.channel, "hidden") | {"permission_overwrites": [kept_out]})
    (renamed,) = server.guild["threads"]
    renamed["name"] = "chapter 4"
    server.rooms.archive(renamed)
    async with connected(here, answering, health, server):
        shown = "SELECT title, archived_at IS NULL FROM threads"
        database = answering.archive.database
        await until(lambda: database.reader.execute(shown).fetchall() == [("chapter 4", 0)])
        await until(lambda: not any(one.open for one in coverage.of(hidden)))

        assert any(one.open for one in coverage.of(thread))


async def test_counts_and_deletions_are_found_on_full_pages_and_where_they_meet(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    await answering.archive.discussions.keep(THREAD, "chapter 3", Author(made.MEMBER, "mina"), Anchor("harbour"))
    before = datetime.now(UTC) - timedelta(hours=2)
    times = [before + timedelta(seconds=second) for second in (*range(99), 98, 98, *range(99, 106))]
    messages = [server.rooms.say(made.THREAD, f"m{n}", at=at)[0] for n, at in enumerate(times[:80])]
    async with connected(here, answering, health, server):
        await until(lambda: len(texts(answering)) == 80)
        await compared(answering)
    server.rooms.react(messages[7], "👍", made.MEMBER)
    messages += [server.rooms.say(made.THREAD, f"m{n}", at=at)[0] for n, at in enumerate(times[80:], 80)]
    async with connected(here, answering, health, server):
        await until(lambda: len(texts(answering)) == len(times))
        await compared(answering)
        counted = rows(answering, "SELECT emoji, people FROM reactions WHERE people > 0")
    server.rooms.delete(messages[98])
    async with connected(here, answering, health, server):
        await until(lambda: "m98" not in texts(answering))

    assert counted == [("👍", 1)]


async def compared(answering: Answering) -> None:
    """Wait until the saved thread was read to the end."""
    sql = "SELECT 1 FROM threads WHERE read_back_at IS NOT NULL AND read_due_at IS NULL"
    await until(lambda: rows(answering, sql))


async def test_a_thread_that_began_under_a_message_begins_with_it(online: DiscordServer, answering: Answering) -> None:
    first = await online.say(made.CHANNEL, "Which report is the IISS one?", who=JUN)
    thread = online.rooms.open_thread(made.CHANNEL, "Which report?", identity=first["id"])
    await online.gateway.dispatch("THREAD_CREATE", thread)
    stand_in: made.Payload = {"type": 21, "message_reference": {"message_id": first["id"], "channel_id": made.CHANNEL},
                "referenced_message": first}  # fmt: skip
    online.rooms.say(thread["id"], "", **stand_in)
    online.rooms.say(thread["id"], "The one of 2014.")
    moderator = made.member(permissions=made.MANAGE_MESSAGES)
    await online.slash("save", where=thread, who=moderator)
    await until(lambda: "The one of 2014." in texts(answering))
    await online.tell(online.rooms.edit(first, "Which of the reports is it?"))
    await until(lambda: "Which of the reports is it?" in texts(answering))


async def test_a_member_reads_what_roles_and_overwrites_let_them(online: DiscordServer, answering: Answering) -> None:
    venues = answering.venues
    mina = await venues.readable(MINA, HERE)
    online.guild["members"][1]["roles"] = [made.MODERATORS]
    kept = await venues.readable(MINA, HERE)
    venues.changed("discord", made.GUILD)
    moderator = await venues.readable(MINA, HERE)
    online.guild["members"].pop(1)
    venues.changed("discord", made.GUILD)
    removed = await venues.readable(MINA, HERE)

    assert mina == kept
    assert mina.channels == {made.CHANNEL}
    assert moderator.channels == {made.CHANNEL, SECRET}
    assert removed.channels == frozenset()


async def test_a_change_of_a_channel_or_role_is_seen_at_once(online: DiscordServer, answering: Answering) -> None:
    before = await answering.venues.readable(MINA, HERE)
    closed = channel(made.CHANNEL, overwrite(made.GUILD, deny=HISTORY))
    await online.gateway.dispatch("CHANNEL_UPDATE", closed)
    await online.slash("about")
    after = await answering.venues.readable(MINA, HERE)

    assert before.channels == {made.CHANNEL}
    assert after.channels == frozenset()


async def test_a_private_thread_is_read_by_those_in_it(online: DiscordServer, answering: Answering) -> None:
    thread = online.rooms.open_thread(made.CHANNEL, "among us", private=True)
    place = Place("discord", made.GUILD, made.CHANNEL, thread["id"], private=True)
    await answering.archive.discussions.keep(place, "among us", Author(made.MEMBER, "mina"), Anchor("harbour"))
    outside = await answering.venues.readable(MINA, HERE)
    online.rooms.in_thread[thread["id"]].add(made.MEMBER)
    answering.venues.changed("discord", made.GUILD)
    inside = await answering.venues.readable(MINA, HERE)

    assert outside.private_threads == frozenset()
    assert inside.private_threads == {thread["id"]}
    assert (await answering.venues.audience(HERE)).private_threads == frozenset()
    assert (await answering.venues.audience(place)).private_threads == {thread["id"]}


async def test_what_is_shown_to_all_is_open_to_all(online: DiscordServer, answering: Answering) -> None:
    everywhere = await answering.venues.audience(HERE)
    inside = await answering.venues.audience(Place("discord", made.GUILD, SECRET))
    muted = channel(made.CHANNEL, overwrite("400000000000000007", deny=VIEW, person=True))
    await online.gateway.dispatch("CHANNEL_UPDATE", muted)
    await online.slash("about")
    after = await answering.venues.audience(Place("discord", made.GUILD, SECRET))

    assert everywhere.channels == {made.CHANNEL}
    assert inside.channels == {made.CHANNEL, SECRET}
    assert after.channels == {SECRET}


async def test_while_the_line_is_broken_nobody_is_told_anything(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    async with connected(here, answering, health, server):
        await health.until(State.CONNECTED)
        await answering.venues.readable(MINA, HERE)
        venue = answering.venues.at(HERE)
    with pytest.raises(BotError, match="being made"):
        await venue.readable(MINA, HERE)
    with pytest.raises(BotError, match="being made"):
        answering.venues.at(HERE)


async def test_in_a_direct_message_the_only_shared_server_is_meant(online: DiscordServer, answering: Answering) -> None:
    direct = Place("discord", "", made.direct_channel()["id"], direct=True)

    assert (await answering.venues.workspace_of(MINA, direct)).workspace == made.GUILD
    with pytest.raises(BotError, match="in a channel of the one that you mean"):
        await answering.venues.workspace_of(Person("400000000000000008", "nobody"), direct)
