import json

import pytest

from bot.answering import Answering
from bot.platforms.slack.prefix import put_on, taken_off
from bot.platforms.slack.render import render
from bot.reply import Button, FromReading, Note, Reply
from bot.words import markdown, verbatim
from tests.conftest import Bot
from tests.platforms.slack.conftest import OnSlack
from tests.servers import slack_payloads as made

NAMES = {"quote", "readings", "readalong", "help"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/ra-quote 3", "/quote 3"),
        ("ra-quote 3", "quote 3"),
        ("/quote 3", "/quote 3"),
        ("/ra-readalong ra-quote 3", "/readalong quote 3"),
        ("/readalong /ra-quote 3", "/readalong /quote 3"),
        ("/ra-qoute 3", "/qoute 3"),
        ("/ask about ra-quote", "/ask about ra-quote"),
    ],
)
def test_a_typed_prefix_is_taken_off_wherever_a_command_begins(typed: str, meant: str) -> None:
    assert taken_off(typed, "ra-", NAMES) == meant


def test_a_word_that_only_begins_like_the_prefix_stays() -> None:
    assert taken_off("/readings", "re", NAMES) == "/readings"
    assert taken_off("readings", "re", NAMES) == "readings"


async def test_titles_sentences_buttons_and_the_fallback_show_the_names_in_force(bot: Bot) -> None:
    helped = render(await bot.say("/help quote"), prefix="ra-")
    refused = render(await bot.say("/kurlis"), prefix="ra-")

    assert helped["blocks"][0]["text"]["text"] == "/ra-quote [about] [number]"
    assert "/ra-quote" in helped["text"]
    assert "/quote" not in helped["text"].replace("/ra-quote", "")
    assert "Did you mean /ra-kurils?" in refused["text"]
    assert "Run /ra-kurils" in json.dumps(refused["blocks"])


def test_words_of_the_reading_are_never_touched() -> None:
    reply = Reply("/quote", (FromReading(verbatim("/quote"), ("¶1",)), Note(markdown("`/quote`"))), buttons=(
        Button("A/quote", "/quote"),
    ))  # fmt: skip
    shown = put_on(reply, "ra-")

    assert shown.title == "/quote"
    assert shown.parts[0] == reply.parts[0]
    assert shown.parts[1].words.plain() == "/ra-quote"
    assert shown.buttons == reply.buttons
    assert put_on(reply, "") is reply


async def test_a_mention_and_a_direct_message_take_the_prefix(slack: OnSlack, answering: Answering) -> None:
    await slack.connect(prefix="ra-")
    await slack.event(made.mention("@ /ra-quote 3"))
    await slack.event(made.direct("ra-quote 3"))

    for sent in await slack.posted(count=2):
        assert "Quotation 3 of" in json.dumps(sent)
