import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.answering import Answering
from bot.asker import Place
from bot.command import Command, Typed, command
from bot.reply import Note, Reply
from bot.request import Request
from bot.words import markdown
from tests.conftest import JUN, KURILS, MINA, MODERATOR, Bot


async def test_a_topic_answers_to_its_own_name_and_under_topics_and_the_umbrella(bot: Bot) -> None:
    own = await bot.say("/kurils")

    assert own.title == "The Kuril Islands"
    assert (await bot.say("/topics kurils")).parts == own.parts
    assert (await bot.say("/readalong kurils")).parts == own.parts
    assert (await bot.say("/readalong Northern Territories")).parts == own.parts


async def test_an_unknown_command_suggests_the_nearest(bot: Bot) -> None:
    reply = await bot.say("/kurlis")

    assert reply.private
    assert reply.refused
    assert "Did you mean /kurils?" in reply.plain()
    assert (await bot.press("Run /kurils")).title == "The Kuril Islands"


async def test_a_sentence_without_a_command_offers_to_ask_the_reading(bot: Bot) -> None:
    await bot.say("what does it say about Germany")

    assert "¶9" in (await bot.press("Ask the reading")).plain()


@pytest.mark.parametrize("line", ["", "/", "   ", "\x00\x1b", "/" * 50])
async def test_an_empty_line_says_what_to_type(bot: Bot, line: str) -> None:
    reply = await bot.say(line)

    assert reply.private
    assert reply.refused
    assert "/readalong help" in reply.plain()


async def test_words_of_the_asker_come_back_as_typed_in_an_error(bot: Bot) -> None:
    reply = await bot.say("/xq`**[evil](https://evil.example)** @everyone")

    assert "xq`**[evil](https://evil.exampl" in reply.plain()
    assert not any(run.url or run.bold for part in reply.parts for block in part.words.blocks for run in block.runs)


async def test_the_umbrella_in_itself_any_number_of_times_is_one_umbrella(bot: Bot) -> None:
    assert (await bot.say("/readalong " * 2000 + "help")).title == "Commands"


async def test_only_moderators_choose_the_reading_on_every_path(bot: Bot) -> None:
    for line in ("/use kuril-question", "/readalong use kuril-question", "/readalong line:“use kuril-question”"):
        refused = await bot.say(line)
        assert refused.refused
        assert "Only moderators" in refused.plain()
    by_options = await bot.answering.options("use", {"reading": "kuril-question"}, MINA, KURILS)
    by_button = await bot.answering.press("/use reading:kuril-question", MINA, KURILS)

    assert by_options.refused
    assert by_button.refused
    assert (await bot.say("/summary")).reading == "Japan and Russia, 2016"
    assert not (await bot.as_moderator().say("/use kuril-question")).refused
    assert (await bot.say("/summary")).reading == "The Kuril question"


async def test_a_button_that_changes_something_works_once_and_for_its_asker_alone(bot: Bot) -> None:
    moderator = bot.as_moderator()
    undo = next(b for b in (await moderator.say("/use kuril-question")).buttons if b.label == "Undo")

    stolen = await bot.as_person(replace(JUN, moderator=True)).press_button(undo)
    assert "only for the person" in stolen.plain()
    assert not (await moderator.press_button(undo)).refused
    assert (await bot.say("/summary")).reading == "Japan and Russia, 2016"
    again = await moderator.press_button(undo)
    assert again.refused
    assert "Already done" in again.plain()


async def test_a_one_use_button_that_could_not_do_its_work_stays_good(bot: Bot) -> None:
    moderator = bot.as_moderator()
    undo = next(b for b in (await moderator.say("/use kuril-question")).buttons if b.label == "Undo")
    demoted = moderator.as_person(replace(MODERATOR, moderator=False))

    assert "Only moderators" in (await demoted.press_button(undo)).plain()
    assert not (await moderator.press_button(undo)).refused


async def test_a_forged_or_old_key_is_refused(bot: Bot) -> None:
    reply = await bot.answering.press("#0123456789abcdef", MINA, KURILS)

    assert reply.refused
    assert "too old" in reply.plain()


async def test_a_pressed_button_shows_privately_and_can_be_shared(bot: Bot) -> None:
    assert not (await bot.say("/quote")).private
    pressed = await bot.press("Next")

    assert pressed.private
    shared = await bot.press("Share with the channel")
    assert not shared.private
    assert shared.parts == pressed.parts


async def test_a_line_too_long_for_a_button_still_shares(bot: Bot) -> None:
    long = "What does the reading say of " + "Germany and " * 20 + "Japan?"
    asked = await bot.answering.press(f"/ask {long}", MINA, KURILS)
    share = next(b for b in asked.buttons if b.public)

    assert share.line.startswith("#")
    assert (await bot.press_button(share)).parts == asked.parts


async def test_the_cooldown_makes_a_second_public_reply_private(answering: Answering) -> None:
    moment = datetime(2026, 11, 9, 9, tzinfo=UTC)
    answering.cooldown, answering.clock = 5, lambda: moment
    bot = Bot(answering)

    assert not (await bot.say("/summary")).private
    second = await bot.say("/summary")
    assert second.private
    assert "Shown only to you" in second.plain()
    assert any(b.public for b in second.buttons)
    assert not (await bot.as_person(JUN).say("/summary")).private
    assert not (await bot.at(Place("discord", "1", "11")).say("/summary")).private
    answering.clock = lambda: moment + timedelta(seconds=5)
    assert not (await bot.say("/summary")).private


async def test_a_fault_of_ours_is_told_by_an_id_that_is_in_the_log_and_no_word_of_it(
    answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    commands = {**answering.registry.commands, "burst": burst}
    answering.registry = replace(answering.registry, commands=commands)
    reply = await Bot(answering).say("/burst the secret words")

    assert reply.private
    assert reply.refused
    shown_id = reply.plain().partition("id ")[2][:4]
    assert f"id={shown_id}" in caplog.text
    assert "error=RuntimeError" in caplog.text
    assert "test_answering.py" in caplog.text
    assert "secret" not in caplog.text + reply.plain()


async def test_no_log_line_holds_what_was_typed(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await bot.say("/ask does xylophone music matter to Japan?")
    await bot.say("/xylophone now")

    assert "command name=ask" in caplog.text
    assert "xylophone" not in caplog.text


async def test_commands_are_counted_by_name_platform_and_outcome(bot: Bot) -> None:
    await bot.say("/summary")
    await bot.say("/summary nonsense")
    await bot.say("/nonsense")
    text = bot.answering.metrics.text().decode()

    assert 'readalong_commands_total{command="summary",outcome="ok",platform="discord"} 1.0' in text
    assert 'readalong_commands_total{command="unknown",outcome="refused",platform="discord"} 2.0' in text
    assert 'readalong_command_seconds_count{command="summary",platform="discord"} 1.0' in text


async def test_options_are_completed_while_they_are_typed(bot: Bot) -> None:
    def values(name: str, option: str, typed: str) -> list[str]:
        return [s.value for s in bot.answering.suggestions(name, option, Typed(typed), MINA, KURILS)]

    assert values("topics", "name", "kur") == ["kurils"]
    assert "3" in values("passage", "number", "obstacle")
    assert "¶3" in values("quote", "about", "¶3")
    assert values("quote", "number", "permanent friends") == ["2"]
    assert values("use", "reading", "2016") == []
    assert values("ask", "question", "x") == values("nothing", "x", "y") == []


async def test_when_the_database_can_take_nothing_the_answer_is_given_without_what_needs_it(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    """The connection that writes is made read-only, as a full or failing disk would."""
    database = bot.answering.settings._database
    await database.write(lambda db: db.execute("PRAGMA query_only = ON"))
    full = await bot.answering.press("/ask " + "Why is Japan compared with Germany? " * 150, MINA, KURILS)

    assert full.title == "Nearest in the reading"
    assert all(not button.public for button in full.buttons)
    assert "buttons.not_kept" in caplog.text
    listed = await bot.as_moderator().say("/readings")
    assert listed.buttons == ()
    assert listed.line == "/readings", "its next page needs nothing kept"


async def test_a_misspelt_command_keeps_the_rest_of_its_line(bot: Bot) -> None:
    await bot.say("/passsage 3")

    assert (await bot.press("Run /passage")).title == "Passage 3 of 10"


async def test_a_name_may_be_followed_by_a_line_break(bot: Bot) -> None:
    assert (await bot.say("/ask\nWhat about Germany?")).title == "Nearest in the reading"
    assert (await bot.say("readalong\n\tkurils")).title == "The Kuril Islands"


async def test_a_line_longer_than_any_command_takes_offers_no_button_that_would_be_refused(bot: Bot) -> None:
    reply = await bot.say("what about " + "x" * 6000)

    assert reply.refused
    assert [button.label for button in reply.buttons] == ["Show the commands"]


async def test_moderators_completions_are_for_moderators(bot: Bot) -> None:
    assert bot.answering.suggestions("use", "reading", Typed(""), MINA, KURILS) == []
    offered = bot.answering.suggestions("use", "reading", Typed(""), MODERATOR, KURILS)
    assert [one.value for one in offered] == ["japan-russia-2016", "kuril-question"]


async def test_quotations_are_completed_by_their_number_within_what_is_given(bot: Bot) -> None:
    offered = bot.answering.suggestions("quote", "number", Typed("", {"about": "palmerston"}), MINA, KURILS)

    assert [one.value for one in offered] == ["1"]
    assert "permanent friends" in offered[0].label


@command(example="/burst")
async def burst(request: Request, about: str = "") -> Reply:
    """Fail.

    Args:
        about: anything.
    """
    if request.place.platform:
        raise RuntimeError(f"a secret: {about}")
    return Reply("", (Note(markdown("never")),))


def test_the_failing_command_is_a_command() -> None:
    assert isinstance(burst, Command)
