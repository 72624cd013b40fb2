"""The real discord.py against a Discord on this machine: frames in, requests out."""

import asyncio
import dataclasses
import json
import logging
from datetime import UTC, datetime

import pytest

from bot.answering import Answering
from bot.archive.discussions import Anchor
from bot.archive.events import Author, Said
from bot.asker import Place
from bot.command import Command
from bot.config import Config
from bot.reply import Note, Reply
from bot.request import Request
from bot.words import verbatim
from tests.platforms.discord.conftest import WatchedHealth, connected
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer, Sent

PRIVATE = 64
MESSAGE, DEFERRED, CHOICES = 4, 5, 8


def embeds(sent: Sent) -> str:
    """All that a message says, titles and descriptions."""
    data = sent.body.get("data", sent.body)
    return "\n".join(f"{embed.get('title', '')}\n{embed.get('description', '')}" for embed in data["embeds"])


def is_private(sent: Sent) -> bool:
    return bool(sent.body["data"].get("flags", 0) & PRIVATE)


def with_command(answering: Answering, name: str, function: object) -> Answering:
    """The same, with one more command, which has no options."""
    command = Command(name, f"The command {name}.", f"/{name}", (), function)  # type: ignore[arg-type]
    registry = dataclasses.replace(answering.registry, commands={**answering.registry.commands, name: command})
    return dataclasses.replace(answering, registry=registry)


async def test_it_asks_for_servers_messages_their_content_and_reactions_and_for_nothing_else(
    online: DiscordServer,
) -> None:
    assert online.gateway.identified[0]["intents"] == 1 << 0 | 1 << 9 | 1 << 10 | 1 << 15


async def test_a_slash_command_is_answered_from_the_frame_to_the_callback(
    online: DiscordServer, answering: Answering
) -> None:
    sent = await online.slash("summary")

    assert sent.body["type"] == MESSAGE
    assert not is_private(sent)
    assert answering.library.readings["japan-russia-2016"].title in embeds(sent)
    assert sent.body["data"]["allowed_mentions"] == {"parse": []}
    assert not sent.query  # the message is not asked for
    assert (
        b'readalong_commands_total{command="summary",outcome="ok",platform="discord"} 1.0' in answering.metrics.text()
    )


async def test_who_chose_to_see_answers_alone_gets_them_privately(online: DiscordServer) -> None:
    assert is_private(await online.slash("settings", {"answers": "me"}))
    sent = await online.slash("summary")

    assert is_private(sent)
    assert "Share with the channel" in str(sent.body["data"]["components"])


async def test_typed_options_arrive(online: DiscordServer) -> None:
    sent = await online.slash("passage", {"number": 3})

    assert "Passage 3 of" in embeds(sent)


async def test_a_choice_made_by_a_moderator_is_in_the_database(online: DiscordServer, answering: Answering) -> None:
    moderator = made.member(permissions=made.MANAGE_MESSAGES)

    await online.slash("use", {"reading": "kuril-question"}, who=moderator)

    assert answering.settings.get("discord", made.GUILD, made.CHANNEL, "reading") == "kuril-question"


async def test_a_private_reply_is_private_on_the_wire(online: DiscordServer) -> None:
    assert is_private(await online.slash("about"))


async def test_a_button_is_answered_privately_and_its_share_button_posts(online: DiscordServer) -> None:
    shown = await online.slash("summary")

    pressed = await online.press(shown, "Timeline")
    assert is_private(pressed)

    posted = await online.press(pressed, "Share with the channel")
    assert not is_private(posted)
    assert embeds(posted) == embeds(pressed)


async def test_completions_are_suggested_while_an_option_is_typed(online: DiscordServer, answering: Answering) -> None:
    """A number can be found by its passage's title: Discord sends what is typed, also where a number is wanted."""
    passage = answering.library.readings["japan-russia-2016"].passages[2]
    data = made.command("passage", {"number": passage.title.upper()}, focused="number")
    data["options"][0]["type"] = 4

    sent = await online.interact(4, data)

    assert sent.body["type"] == CHOICES
    assert sent.body["data"]["choices"] == [{"name": f"{passage.label} {passage.title}", "value": passage.number}]


async def test_a_picture_goes_along_with_its_words(online: DiscordServer, answering: Answering) -> None:
    picture = answering.library.readings["harbour"].topics["herring"].picture
    assert picture

    sent = await online.slash("herring")

    assert sent.files == {"herring.png": picture.file.read_bytes()}
    assert sent.body["data"]["attachments"][0]["description"] == picture.alt
    assert sent.body["data"]["embeds"][-1]["image"] == {"url": "attachment://herring.png"}
    assert picture.alt in embeds(sent)


async def test_a_picture_that_is_gone_is_told_in_words(online: DiscordServer, answering: Answering) -> None:
    picture = answering.library.readings["harbour"].topics["herring"].picture
    assert picture
    picture.file.unlink()

    sent = await online.slash("herring")

    assert not sent.files
    assert not any("image" in embed for embed in sent.body["data"]["embeds"])
    assert picture.alt in embeds(sent)


async def test_a_late_answer_is_announced_and_stays_private(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    """Whether an answer is private must not depend on how long it took."""
    ready = asyncio.Event()

    async def slow(request: Request) -> Reply:
        await ready.wait()
        return Reply("Found", (Note(verbatim("at last")),))

    async with connected(here, with_command(answering, "slow", slow), health, server, patience=0.01):
        announced = await server.slash("slow")
        assert announced.body == {"type": DEFERRED, "data": {"flags": PRIVATE}}

        ready.set()
        edits = await server.until(lambda: server.sent("PATCH", "/webhooks/*/messages/@original"))

    assert "at last" in embeds(edits[0])
    assert edits[0].body["components"][-1]["components"][-1]["custom_id"] == "post:/slow"


async def test_closing_stops_what_is_still_being_answered(
    here: Config, answering: Answering, health: WatchedHealth, server: DiscordServer
) -> None:
    ended = asyncio.Event()

    async def endless(request: Request) -> Reply:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    async with connected(here, with_command(answering, "endless", endless), health, server, patience=0.01):
        await server.slash("endless")

    assert ended.is_set()


async def test_a_rate_limit_on_an_answer_is_waited_for(online: DiscordServer) -> None:
    online.limit_rate("POST", "/interactions/*", 0.01)

    await online.slash("summary")
    callbacks = await online.until(lambda: len(online.sent("POST", "/interactions/*")) == 2)

    assert callbacks


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (403, 50013), (429, 0)])
async def test_an_answer_that_discord_refuses_is_logged_and_the_next_one_works(
    online: DiscordServer, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    online.refuse("POST", "/interactions/*", status, code=code)

    with caplog.at_level(logging.INFO):
        await online.slash("check", {"quotation": "words that nobody may read in a log"})
        sent = await online.slash("summary")

    assert sent.body["type"] == MESSAGE
    assert f"discord.not_sent status={status} code={code}" in caplog.text
    assert "nobody may read" not in caplog.text


async def test_a_fault_of_ours_in_sending_is_told_by_its_id(
    online: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Discord's 400 means that what we made was wrong."""
    online.refuse("POST", "/interactions/*", 400, code=50035)

    await online.slash("summary")
    callbacks = await online.until(lambda: online.sent("POST", "/interactions/*")[1:])

    assert "Something went wrong (id " in embeds(callbacks[0])
    assert is_private(callbacks[0])
    assert "discord.fault" in caplog.text


async def test_a_command_that_discord_still_shows_but_is_gone_is_answered(online: DiscordServer) -> None:
    sent = await online.slash("sumary")

    assert is_private(sent)
    assert "There is no command" in embeds(sent)
    assert "/summary" in embeds(sent)


async def test_nobodys_words_and_no_token_are_in_the_log(
    online: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    """At the levels that the bot logs at; discord.py says more only below them."""
    with caplog.at_level(logging.DEBUG, "readalong"), caplog.at_level(logging.WARNING):
        await online.slash("check", {"quotation": "a member's own secret words"})
        await online.gateway.send({"op": 7})
        await online.until(lambda: "resume" in online.gateway.log)

    assert "secret" not in caplog.text
    assert made.TOKEN not in caplog.text


async def test_a_copy_of_ones_own_data_is_a_private_file(online: DiscordServer, answering: Answering) -> None:
    place = Place("discord", made.GUILD, made.CHANNEL, "77")
    await answering.archive.discussions.keep(place, "A title", None, Anchor("japan-russia-2016"))
    await answering.archive.hear(
        Said(place, "78", Author(made.MEMBER, "Mina"), "Etorofu", datetime(2026, 11, 1, tzinfo=UTC))
    )

    sent = await online.slash("privacy", {"choice": "export"})

    assert is_private(sent)
    assert json.loads(sent.files["my-data.json"])["messages"][0]["text"] == "Etorofu"
