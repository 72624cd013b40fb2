"""Completion of typed lines, as the terminal and the local page offer it."""

import pytest

from bot.asker import Person
from bot.completing import Completion, completions
from tests.conftest import KURILS, MINA, MODERATOR, Bot


def found(bot: Bot, line: str, person: Person = MINA) -> list[Completion]:
    return completions(bot.answering, line, person, KURILS)


def completed(bot: Bot, line: str, person: Person = MINA) -> list[str]:
    """The line as it stands after each completion."""
    return [line[: one.start] + one.text for one in found(bot, line, person)]


async def test_a_command_is_completed_with_its_description(bot: Bot) -> None:
    assert completed(bot, "/ku") == ["/kurils"]
    assert found(bot, "/ku")[0].hint.startswith("The Kuril Islands")
    assert completed(bot, "/readalong ku") == ["/readalong kurils"]
    assert completed(bot, "/US", MODERATOR) == ["/use"]
    assert completed(bot, "/us") == []


async def test_free_text_of_several_words_is_completed_as_one(bot: Bot) -> None:
    assert completed(bot, "/topics the kuril isl") == ["/topics kurils"]
    assert "The Kuril Islands" in [one.shown for one in found(bot, "/topics the kuril isl")]


async def test_a_key_is_completed_and_then_its_value(bot: Bot) -> None:
    assert "/timeline about:" in completed(bot, "/timeline ")
    assert completed(bot, "/timeline about:kur") == ["/timeline about:kurils"]
    assert completed(bot, '/timeline about:"kuril isl') == ["/timeline about:kurils"]
    assert completed(bot, "/timeline  about:portsm") == ["/timeline  about:portsmouth"]


async def test_choices_are_offered_and_nothing_is_not_one_of_them(bot: Bot) -> None:
    assert completed(bot, "/settings answers:") == ["/settings answers:everyone", "/settings answers:me"]
    assert completed(bot, "/settings m") == ["/settings me"]


async def test_an_option_that_is_given_is_not_offered_again(bot: Bot) -> None:
    line = "/quote about:china "

    assert "/quote about:china number:" in completed(bot, line)
    assert not [one for one in completed(bot, line) if one.count("about") > 1]


@pytest.mark.parametrize(
    "line", ["", " ", "/", "/nonsense x", "/ask why", "x y z", '/quote about:"', "/quote ::", "/readalong"]
)
async def test_whatever_is_typed_never_fails(bot: Bot, line: str) -> None:
    assert found(bot, f"/quote {line * 60_000}x" * 10) == []
    for end in range(len(line) + 1):
        assert isinstance(found(bot, line[:end]), list)
    assert completed(bot, "/ask why") == []
