"""A reading larger than anybody's, on the whole bot: nothing over a limit leaves it, and nothing of it is lost."""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import process_time
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

import commands
from bot.answering import Answering
from bot.archive.archive import Archive
from bot.archive.buttons import Buttons
from bot.archive.database import Database
from bot.archive.settings import Settings
from bot.command import Suggestion, Typed
from bot.config import Config
from bot.digest.digests import Digests
from bot.digest.posting import Posting
from bot.metrics import Metrics
from bot.platforms.discord.install import natives
from bot.platforms.discord.manifest import manifest as discord_manifest
from bot.platforms.slack.manifest import log_left_out
from bot.platforms.slack.manifest import manifest as slack_manifest
from bot.platforms.terminal.render import as_text
from bot.readings.library import Library
from bot.readings.model import Reading
from bot.readings.prepare import prepare
from bot.registry import Registry
from bot.venues import Venues
from tests.conftest import KURILS, MINA, MODERATOR, Bot
from tests.limits import check_discord_choices, check_discord_commands, check_slack_manifest, check_terminal
from tests.readings.huge import EVENTS, TOPICS, write_huge
from tests.readings.packs import write_pack
from tests.walking import PLATFORMS, all_pages, assert_all_said, pages

SLUG = "huge"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The huge reading beside nine small ones, with what `readalong run` works out beforehand."""
    content = tmp_path_factory.mktemp("content")
    write_huge(content, SLUG)
    for number in range(9):
        write_pack(content, f"harbour-{number}")
    library = Library.load(content)
    assert library.mistakes == {}
    prepare(library)
    return library


@pytest.fixture
async def bot(library: Library, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot as a moderator meets it, since they see more buttons."""
    database = Database.open(tmp_path / "readalong.db")
    try:
        registry, kept = Registry.of(commands, library), (Settings(database), Buttons(database))
        archive, venues = Archive.of(database, lambda _: ()), Venues()
        posting = Posting(Digests(archive, library, kept[0], SLUG), venues, kept[1])
        yield Bot(Answering(library, registry, *kept, Metrics(), SLUG, archive, venues, posting), MODERATOR, KURILS)
    finally:
        database.close()


@pytest.fixture
def reading(library: Library) -> Reading:
    return library.readings[SLUG]


TYPED = """
/summary
/summary long
/questions
/readings
/about
/topics
/topics alias 12 39 @here
/topics nothing
/search
/topic-050
/readalong topic-180
/timeline
/timeline 1800
/timeline 1750-1850
/timeline topic-011
/timeline event
/timeline nothing
/help
/help quote
/readalong
/readalong timeline 1800
/quote
/quote number:5000
/quote ¶3
/quote ¶4 2
/quote the
/quote topic-012
/quote 条約
/ask What about event 条約?
/ask When was opening 3?
/ask ¶9 ¶10 ¶11
/check opening
/check ... a ... b ... c
/no such thing as this
/use nothing
/use huge
/use harbour-3
/use huge
"""


def lines(reading: Reading) -> Iterator[str]:
    """What members may type: every command with many arguments."""
    assert reading.source
    third, ninth = (reading.source.text[slice(*reading.source.spans[f"passage-{n}"])] for n in (3, 9))
    wrong = " ".join(word[::-1] if at % 9 == 4 else word for at, word in enumerate(ninth.split()))
    yield from TYPED.strip().split("\n")
    yield from (f"/passage {number}" for number in (*range(1, 13), 21, 22, 600, 601))
    yield from (f"/topics {name}" for name in (*list(reading.topics)[:20], *list(reading.topics)[20::9]))
    yield from (
        f"/ask {wrong * 9:.5990}",
        f"/check {third[:5990]}",
        f"/check {wrong}",
        f"/check {reading.title[:5000]}",
    )
    yield from (f"/check {'x' * 5000}", f"/check {' ... '.join(ninth.split()[:30])}", f"/check {'opening ... ' * 400}")
    yield from (f"/check {'日本と露西亜の間の条約は長い。' * 90}", f"/quote {'🇯🇵' * 140}", f"/timeline {'event ' * 40}")
    yield "/" + "x" * 4000


@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_every_reply_is_within_the_limits_and_shown_whole(bot: Bot, reading: Reading, platform: str) -> None:
    long = 0
    for line in lines(reading):
        reply = await bot.say(line)
        assert "Something went wrong" not in reply.plain(), line
        found = await pages(bot.answering, reply, platform, bot.person, bot.place)
        assert_all_said(reply, "\n".join(map(PLATFORMS[platform].texts, found)))
        long += len(found) > 1

    assert long > 40


async def test_a_terminal_shows_every_reply_whole(bot: Bot, reading: Reading) -> None:
    for line in lines(reading):
        reply = await bot.say(line)
        text = as_text(reply)

        check_terminal(text)
        assert_all_said(reply, text)


async def test_every_button_leads_somewhere_that_fits(bot: Bot, reading: Reading) -> None:
    seen: set[str] = set()
    for line in lines(reading):
        for button in (await bot.say(line)).buttons:
            if button.line not in seen and not button.once:
                seen.add(button.line)
                reply = await bot.press_button(button)
                assert not reply.refused or button.label == "Run the example", (button, reply.plain())
                for platform in ("discord", "slack"):
                    PLATFORMS[platform].check(PLATFORMS[platform].render(reply))
    assert len(seen) > 100


async def test_no_answer_keeps_others_waiting(bot: Bot, reading: Reading) -> None:
    """Discord takes an answer within 3 s, and while one is made no other is. In seconds of this process alone."""
    slow = {}
    for line in lines(reading):
        started = process_time()
        await bot.say(line)
        if (seconds := process_time() - started) > 0.5:
            slow[line[:60]] = seconds
    started = process_time()
    for command in bot.answering.registry.commands.values():
        for option in command.options:
            for typed in ("", "t", "1", "topic", "zzz"):
                bot.answering.suggestions(command.name, option.name, Typed(typed), bot.person, bot.place)

    assert slow == {}
    assert process_time() - started < 1


def test_it_has_more_topics_than_platforms_take_commands_and_the_log_names_those_left_out(
    bot: Bot, config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    registry = bot.answering.registry
    with caplog.at_level(logging.WARNING):
        made = json.loads(discord_manifest(registry, config))["commands"]
        log_left_out(registry, config)
    on_discord = {one["name"] for one in made if one["type"] == 1}
    slack = slack_manifest(registry, config, None)
    on_slack = {one["command"].removeprefix("/") for one in slack["features"]["slash_commands"]}

    check_discord_commands(made)
    check_slack_manifest(slack)
    assert (len(on_discord), len(on_slack)) == (100, 50)
    logged = {record.message.split()[0]: record.message for record in caplog.records}
    for names, name in ((on_discord, "discord.commands_left_out"), (on_slack, "slack.commands_left_out")):
        missing = {command.name for command in registry.natives} - names
        assert missing
        assert all(one in logged[name] for one in missing)


async def test_a_topic_beyond_a_platforms_cap_is_reached_by_its_name_and_help_says_so(bot: Bot) -> None:
    shown = all_pages(await bot.say("/help"), "slack")
    words = " ".join(map(PLATFORMS["slack"].texts, shown))
    name = bot.answering.registry.natives[-1].name

    assert "The others answer to" in words
    assert f"/ra-{name}" in words
    assert (await bot.say(f"/readalong {name}")).title == (await bot.say(f"/topics {name}")).title
    assert bot.answering.registry.clashes == ("help", "quote", "readalong", "summary")


async def test_every_topic_is_listed(bot: Bot, reading: Reading) -> None:
    words = "\n".join(map(PLATFORMS["discord"].texts, all_pages(await bot.say("/topics"), "discord")))

    assert len(reading.topics) == TOPICS
    assert all(f"/readalong {name}`" in words for name in reading.topics)


async def test_completions_are_the_best_25_and_within_the_limits(bot: Bot, config: Config) -> None:
    async def complete(_: object, name: str, option: str, typed: Typed) -> list[Suggestion]:
        return bot.answering.suggestions(name, option, typed, bot.person, bot.place)

    async def ask(*_: object) -> None:
        raise AssertionError

    found = {}
    for native in natives(bot.answering.registry, config.moderators, ask, complete):
        for option in native._params.values():
            if option.autocomplete:
                assert callable(option.autocomplete)
                interaction = cast("discord.Interaction[Any]", SimpleNamespace(namespace=()))
                choices = await option.autocomplete(interaction, "1")
                check_discord_choices([(choice.name, choice.value) for choice in choices])
                found[native.name, option.name] = [choice.value for choice in choices]

    assert found["passage", "number"][0] == 1
    assert found["quote", "number"][0] == 1
    assert len(found["passage", "number"]) == len(found["quote", "about"]) == len(found["topics", "name"]) == 25
    for typed, best in (("topic-017", "topic-017"), ("topic 17 ", "topic-017"), ("summary", "summary")):
        assert bot.answering.suggestions("topics", "name", Typed(typed), bot.person, bot.place)[0].value == best


async def test_a_long_timeline_is_offered_by_years(bot: Bot, reading: Reading) -> None:
    whole = await bot.say("/timeline")
    periods = [button for button in whole.buttons if " to " in button.label]
    found = [await bot.press_button(button) for button in periods]

    assert len(periods) == 5
    assert sum(int(re.findall(r"\((\d+) events?\)", one.title)[0]) for one in found) == sum(
        bool(event.date) for event in reading.events
    )
    assert len(reading.events) == EVENTS
    assert any(" to " in button.label for button in (await bot.say("/timeline 1700-1900")).buttons)
    assert not any(" to " in button.label for button in (await bot.say("/timeline 1700-1720")).buttons)
    assert (await bot.say("/timeline 1750 to 1760")).title == "Timeline: 1750 to 1760 (7 events)"


async def test_readings_without_a_button_are_named_with_how_to_use_them(bot: Bot) -> None:
    reply = await bot.say("/readings")

    assert "harbour-8" in reply.plain()
    assert "type /use and its name" in reply.plain()
    assert "type /use" not in (await bot.as_person(MINA).say("/readings")).plain()


async def test_choosing_a_reading_has_one_page_whatever_its_title(bot: Bot) -> None:
    """Its next page would choose it again."""
    await bot.say("/use harbour-3")
    reply = await bot.say("/use huge")

    assert not reply.refused
    for platform in PLATFORMS:
        assert len(all_pages(reply, platform)) == 1


async def test_check_says_how_many_differences_it_does_not_spell_out(bot: Bot, reading: Reading) -> None:
    assert reading.source
    words = reading.source.text[slice(*reading.source.spans["passage-50"])].split()
    reply = await bot.say(f"/check {' '.join('zzz' if at % 9 == 4 else word for at, word in enumerate(words))}")
    differing = sum("zzz" in run.text for run in reply.parts[1].words.blocks[0].runs if run.bold)

    assert reply.plain().count("the reading has “") == 5
    assert f"There are {differing - 5} more differences" in reply.plain()


async def test_a_quotation_in_too_many_pieces_is_refused_with_how_many_it_may_have(bot: Bot) -> None:
    reply = await bot.say(f"/check {'opening ... ' * 400}")

    assert reply.refused
    assert "30 parts at most; its ellipses make 400" in reply.plain()
