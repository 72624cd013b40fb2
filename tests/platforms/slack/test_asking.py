"""What people ask on Slack, with the real bot on a loopback Slack in Socket Mode."""

import asyncio
import json
import logging
from typing import Any

import pytest

from bot.reply import Note, Reply
from bot.request import Request
from bot.words import verbatim
from tests.platforms.slack.conftest import OnSlack, add_command
from tests.servers.slack import ME, Answer, limited, refusal
from tests.servers.slack_payloads import command, direct, event_of, mention, press


def words(message: dict[str, Any]) -> str:
    return json.dumps(message["blocks"], ensure_ascii=False)


def button(message: dict[str, Any], label: str) -> str:
    """The value of the button with this label."""
    actions = next(block for block in message["blocks"] if block["type"] == "actions")
    return str(next(one["value"] for one in actions["elements"] if one["text"]["text"] == label))


async def test_a_command_is_answered_for_everybody_in_the_channel(slack: OnSlack) -> None:
    await slack.connect()
    said = await slack.ask(command("/kurils", response_url=slack.server.response_url))

    assert said["response_type"] == "in_channel"
    assert said["replace_original"] is False
    assert "The Kuril Islands" in said["text"]
    assert "thread_ts" not in said


async def test_the_umbrella_takes_any_line(slack: OnSlack) -> None:
    await slack.connect()
    said = await slack.ask(command("/readalong", "quote 1", response_url=slack.server.response_url))

    assert said["text"].startswith("Quotation 1 of")


async def test_the_umbrella_alone_is_help_for_the_asker_alone(slack: OnSlack) -> None:
    await slack.connect()
    said = await slack.ask(command("/readalong", response_url=slack.server.response_url))

    assert said["response_type"] == "ephemeral"
    assert said["text"].startswith("Commands")


async def test_a_prefix_is_understood_and_shown(slack: OnSlack) -> None:
    await slack.connect(prefix="ra-")
    said = await slack.ask(command("/ra-readalong", "help", response_url=slack.server.response_url))
    again = await slack.ask(command("/ra-kurils", response_url=slack.server.response_url))

    assert "/ra-quote" in words(said)
    assert "/ra-quote" in said["text"]
    assert "The Kuril Islands" in again["text"]


async def test_an_unknown_command_is_answered_privately_with_the_nearest_as_a_button(slack: OnSlack) -> None:
    await slack.connect()
    said = await slack.ask(command("/kurlis", response_url=slack.server.response_url))

    assert said["response_type"] == "ephemeral"
    assert button(said, "Run /kurils") == "show:/kurils"


async def test_text_comes_as_it_was_typed(slack: OnSlack) -> None:
    await slack.connect()
    text = "quote &lt;!channel&gt; &amp;amp; <https://a.example|a.example>"
    said = await slack.ask(command("/readalong", text, response_url=slack.server.response_url))

    assert "<!channel> &amp; a.example" in words(said)
    assert "<!channel>" not in said["text"]
    assert "&lt;!channel&gt; &amp;amp; a.example" in said["text"]


async def test_a_pressed_button_is_answered_to_whoever_pressed_it_and_can_be_shared(slack: OnSlack) -> None:
    await slack.connect()
    said = await slack.ask(command("/kurils", response_url=slack.server.response_url))
    shown = await slack.press(press(button(said, "Quote"), response_url=slack.server.response_url))
    shared = await slack.press(press(button(shown, "Share with the channel"), response_url=slack.server.response_url))

    assert shown["response_type"] == "ephemeral"
    assert shared["response_type"] == "in_channel"
    assert shown["text"] == shared["text"]


async def test_a_button_in_a_thread_is_answered_in_that_thread(slack: OnSlack) -> None:
    await slack.connect()
    said = await slack.press(press("post:/kurils", response_url=slack.server.response_url, thread="1699.000001"))

    assert said["thread_ts"] == "1699.000001"


async def test_a_button_that_changes_something_works_once_and_for_its_asker_alone(slack: OnSlack) -> None:
    await slack.connect(moderators=("U1", "U2"))
    said = await slack.ask(command("/use", "kuril-question", response_url=slack.server.response_url))
    undo = button(said, "Undo")
    others = await slack.press(press(undo, response_url=slack.server.response_url, person="U2"))
    first = await slack.press(press(undo, response_url=slack.server.response_url))
    second = await slack.press(press(undo, response_url=slack.server.response_url))

    assert "only for the person" in others["text"]
    assert "Reading chosen" in first["text"]
    assert "Already done" in second["text"]


async def test_a_mention_in_a_thread_is_answered_in_that_thread(slack: OnSlack) -> None:
    await slack.connect()
    await slack.event(mention("Well, @ quote 2", thread="1699.000001"))
    [posted] = await slack.posted()

    assert posted["thread_ts"] == "1699.000001"
    assert posted["text"].startswith("Quotation 2 of")


async def test_a_mention_in_the_channel_opens_a_thread_under_it(slack: OnSlack) -> None:
    await slack.connect()
    await slack.event(mention("@ /kurils", at="1700.000009"))
    [posted] = await slack.posted()

    assert posted["thread_ts"] == "1700.000009"


async def test_a_mention_without_a_word_is_help_which_only_the_asker_sees(slack: OnSlack) -> None:
    await slack.connect()
    await slack.event(mention("@", thread="1699.000001"))
    [shown] = await slack.posted("chat.postEphemeral")

    assert (shown["user"], shown["thread_ts"]) == ("U1", "1699.000001")
    assert shown["text"].startswith("Commands")
    assert not slack.server.made("chat.postMessage")


async def test_a_private_answer_to_a_mention_in_the_channel_is_not_hidden_in_a_thread_that_is_not_there(
    slack: OnSlack,
) -> None:
    await slack.connect()
    await slack.event(mention("@ help"))
    [shown] = await slack.posted("chat.postEphemeral")

    assert "thread_ts" not in shown


async def test_a_direct_message_is_a_command(slack: OnSlack) -> None:
    await slack.connect()
    await slack.event(direct("quote 1"))
    await slack.event(direct(f"<@{ME}> help"))
    first, second = await slack.posted(count=2)

    assert {first["channel"], second["channel"]} == {"D1"}
    assert {first["text"][:8], second["text"][:8]} == {"Quotatio", "Commands"}
    assert not slack.server.made("chat.postEphemeral")


@pytest.mark.parametrize(
    "extra",
    [{"subtype": "message_changed"}, {"bot_id": "B7"}, {"user": ME}, {"user": None}, {"channel_type": "channel"}],
    ids=["an edit", "a bot", "itself", "nobody", "a channel"],
)
async def test_what_is_no_question_to_the_bot_is_acknowledged_and_left_alone(
    slack: OnSlack, extra: dict[str, Any]
) -> None:
    await slack.connect()
    await slack.event(event_of({**direct("quote 1")["event"], **extra}))
    await slack.event(direct("quote 2"))
    [posted] = await slack.posted()

    assert posted["text"].startswith("Quotation 2")


async def test_it_is_acknowledged_before_the_answer_is_known(slack: OnSlack) -> None:
    ready = asyncio.Event()

    async def slow(_: Request) -> Reply:
        await ready.wait()
        return Reply("Done", (Note(verbatim("At last.")),))

    add_command(slack.answering, "slow", slow)
    await slack.connect()
    envelope = await slack.server.send("slash_commands", command("/slow", response_url=slack.server.response_url))
    await slack.server.acked(envelope)
    quick = await slack.ask(command("/kurils", response_url=slack.server.response_url))

    assert "The Kuril Islands" in quick["text"]
    ready.set()
    await slack.server.until(lambda: len(slack.server.said) == 2)
    assert slack.server.said[1]["text"] == "Done\nAt last."


async def test_the_same_event_five_times_is_answered_once(slack: OnSlack) -> None:
    await slack.connect()
    asked = mention("@ quote 1")
    for attempt in range(5):
        envelope = await slack.server.send("events_api", asked, retry_attempt=attempt, retry_reason="timeout")
        await slack.server.acked(envelope)
    await slack.event(mention("@ quote 2"))
    await slack.posted(count=2)

    assert sorted(call["text"][:11] for call in slack.server.made("chat.postMessage")) == ["Quotation 1", "Quotation 2"]


async def test_an_answer_that_slack_is_too_busy_for_comes_a_moment_later(slack: OnSlack) -> None:
    await slack.connect()
    slack.server.answers("respond", limited())
    said = await slack.ask(command("/kurils", response_url=slack.server.response_url))
    slack.server.answers("chat.postMessage", limited())
    await slack.event(mention("@ kurils"))
    posted = await slack.posted(count=2)

    assert "The Kuril Islands" in said["text"]
    assert posted[0]["text"] == posted[1]["text"]


async def test_an_answer_whose_response_url_is_used_up_comes_another_way(slack: OnSlack) -> None:
    await slack.connect()
    slack.server.answers("respond", Answer({"ok": False, "error": "used_url"}, 404), Answer({}, 500))
    for line in ("quote 1", "help"):
        payload = command("/readalong", line, response_url=slack.server.response_url)
        await slack.server.acked(await slack.server.send("slash_commands", payload))
    [posted] = await slack.posted()
    [shown] = await slack.posted("chat.postEphemeral")

    assert posted["text"].startswith("Quotation 1")
    assert (shown["user"], shown["text"][:8]) == ("U1", "Commands")


async def test_an_answer_that_the_channel_does_not_take_comes_as_a_direct_message(slack: OnSlack) -> None:
    await slack.connect()
    slack.server.answers("chat.postEphemeral", refusal("not_in_channel"))
    await slack.event(mention("@ help"))
    [posted] = await slack.posted()

    assert posted["channel"] == "U1"
    assert posted["text"].startswith("Commands")


async def test_blocks_that_slack_refuses_are_said_as_text_alone(slack: OnSlack) -> None:
    await slack.connect()
    slack.server.answers("respond", Answer({"ok": False, "error": "invalid_blocks"}, 400))
    said = await slack.ask(command("/readalong", "quote 1", response_url=slack.server.response_url))

    assert "blocks" not in said
    assert said["text"].startswith("Quotation 1")


async def test_an_answer_that_fails_is_said_with_an_id_and_without_its_words(
    slack: OnSlack, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("what a member said")

    await slack.connect()
    monkeypatch.setattr(type(slack.answering), "line", fail)
    with caplog.at_level(logging.INFO):
        said = await slack.ask(command("/kurils", "secret words", response_url=slack.server.response_url))

    assert said["response_type"] == "ephemeral"
    assert "Something went wrong (id " in said["text"]
    assert "slack.failed" in caplog.text
    assert "what a member said" not in caplog.text


async def test_neither_tokens_nor_words_reach_the_log(slack: OnSlack, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await slack.connect()
        slack.server.answers("respond", Answer({"ok": False, "error": "used_url"}, 404))
        slack.server.answers("chat.postMessage", refusal("channel_not_found"), refusal("invalid_auth"))
        payload = command("/readalong", "ask Shibboleth", response_url=slack.server.response_url)
        await slack.server.acked(await slack.server.send("slash_commands", payload))
        await slack.server.acked(await slack.server.send("events_api", event_of({"type": "odd", "text": "Shibboleth"})))
        await slack.server.acked(await slack.server.send("odd", {"text": "Shibboleth"}))
        await slack.posted(count=2)
        await slack.stop()

    assert "slack.unsaid" in caplog.text
    for secret in ("Shibboleth", "xoxb", "xapp", "ticket"):
        assert secret not in caplog.text
