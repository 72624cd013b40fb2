"""One's own settings: who sees the answers to somebody in channels, on every platform alike."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.answering import Answering
from bot.asker import Place
from bot.reply import Reply
from tests.conftest import JUN, MINA, Bot

OTHER_SERVER = Place("discord", "2", "20")
DIRECT = Place("slack", "T1", "D1", direct=True)


def shared(reply: Reply) -> bool:
    return any(button.label == "Share with the channel" and button.public for button in reply.buttons)


async def test_everybody_sees_the_answers_until_somebody_chooses_otherwise(bot: Bot) -> None:
    reply = await bot.say("/settings")

    assert reply.private
    assert "everybody" in reply.plain()
    assert not (await bot.say("/summary")).private


async def test_who_wants_answers_alone_gets_them_alone_and_can_share_each(bot: Bot) -> None:
    await bot.say("/settings answers:me")
    alone = await bot.say("/summary")
    assert alone.private
    assert shared(alone)
    posted = await bot.press("Share with the channel")

    assert not posted.private
    assert posted.parts == alone.parts


@pytest.mark.parametrize("line", ["/settings me", "/readalong settings answers:me", "settings ME"])
async def test_it_is_typed_in_many_ways(bot: Bot, line: str) -> None:
    assert (await bot.say(line)).title == "Setting changed"
    assert "you alone" in (await bot.say("/settings")).plain()


async def test_typed_options_are_for_one_too(bot: Bot) -> None:
    await bot.answering.options("settings", {"answers": "me"}, bot.person, bot.place)

    assert (await bot.answering.options("summary", {}, bot.person, bot.place)).private


async def test_it_holds_for_one_person_in_all_channels_of_one_workspace(bot: Bot) -> None:
    await bot.say("/settings answers:me")

    assert (await bot.at(Place("discord", "1", "11", "thread")).say("/summary")).private
    assert not (await bot.as_person(JUN).say("/summary")).private
    assert not (await bot.at(OTHER_SERVER).say("/summary")).private
    assert not (await bot.at(Place("slack", "1", "10")).say("/summary")).private


async def test_a_conversation_with_the_bot_alone_stays_as_it_is(bot: Bot) -> None:
    """There is nobody to hide an answer from; on Slack a private message would vanish on the next start."""
    direct = bot.at(DIRECT)
    await direct.say("/settings answers:me")
    reply = await direct.say("/summary")

    assert not reply.private
    assert not shared(reply)
    assert (await bot.at(Place("slack", "T1", "C1")).say("/summary")).private


async def test_a_change_can_be_undone_once(bot: Bot) -> None:
    changed = await bot.say("/settings answers:me")
    undo = next(button for button in changed.buttons if button.label == "Undo")
    await bot.press_button(undo)

    assert not (await bot.say("/summary")).private
    assert "Already done" in (await bot.press_button(undo)).plain()


async def test_its_buttons_lead_to_the_other_choice_and_may_be_pressed_again(bot: Bot) -> None:
    await bot.say("/settings")
    first = bot.replies[-1].buttons[0]
    assert (await bot.press("Show them to me alone")).title == "Setting changed"
    again = await bot.press_button(first)

    assert again.title == "Your settings"
    assert "you alone" in again.plain()
    assert "everybody" in (await bot.press("Show them to everybody")).plain()
    assert not (await bot.say("/summary")).private


async def test_anything_but_the_two_choices_is_refused_with_both(bot: Bot) -> None:
    reply = await bot.say("/settings answers:nobody")

    assert reply.refused
    assert "everyone or me" in reply.plain()


async def test_where_no_server_can_be_meant_it_says_where_to_type_it(bot: Bot) -> None:
    """A direct message on Discord belongs to no server."""
    reply = await bot.at(Place("discord", "", "77", direct=True)).say("/settings answers:me")

    assert reply.refused
    assert "in a channel of the server" in reply.plain()


async def test_an_answer_for_one_alone_does_not_begin_the_cooldown(answering: Answering) -> None:
    moment = datetime(2026, 11, 9, 9, tzinfo=UTC)
    answering.cooldown, answering.clock = 5, lambda: moment
    bot = Bot(answering)
    await bot.say("/settings answers:me")
    alone = await bot.say("/summary")
    posted = await bot.press("Share with the channel")

    assert "Shown only to you" not in alone.plain()
    assert not posted.private
    answering.clock = lambda: moment + timedelta(seconds=1)
    await bot.say("/settings answers:everyone")
    assert (await bot.say("/summary")).private


async def test_a_choice_that_is_the_default_leaves_no_trace_of_the_person(bot: Bot) -> None:
    def kept() -> list[tuple[str, ...]]:
        return list(bot.answering.archive.database.reader.execute("SELECT channel, name, value FROM settings"))

    await bot.say("/settings answers:everyone")
    assert kept() == []
    await bot.say("/settings answers:me")
    assert kept() == [("", f"answers:{MINA.id}", "me")]
    await bot.say("/settings answers:everyone")
    assert kept() == []


async def test_about_says_that_the_choice_is_kept(bot: Bot) -> None:
    assert "/settings" in (await bot.say("/about")).plain()
