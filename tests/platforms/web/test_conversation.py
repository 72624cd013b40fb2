"""The local page as a platform: rooms, replies, buttons, threads, and what is kept."""

import asyncio
import time

import pytest

from bot import app
from bot.answering import Answering
from bot.config import Config
from tests.platforms.web.conftest import Page, served


async def test_a_line_is_answered_for_everybody_in_the_channel(page: Page) -> None:
    async with page.visited("mina") as mina, page.visited("jun") as jun:
        shown = await mina.say("/kurils")
        heard = await jun.hear()

    assert shown == heard
    assert (shown["name"], shown["how"], shown["words"], shown["private"]) == ("Mina", "typed", "/kurils", False)
    assert shown["reply"]["title"] == "The Kuril Islands"
    assert [group["voice"] for group in shown["reply"]["groups"]][:2] == ["reading", "background"]
    assert shown["reply"]["groups"][0]["parts"][0]["before"] == "¶3"


async def test_a_private_reply_is_seen_by_its_asker_alone(page: Page) -> None:
    async with page.visited("mina") as mina, page.visited("jun") as jun:
        private = await mina.say("/kurlis")
        await mina.say("Is anybody here?")
        heard = await jun.hear()
        seen = await jun.messages()
        gone = await jun.ask("press", message=private["id"], button=0)
        hidden = await jun.ask("preview", message=private["id"], **{"as": "discord"})
        kept = await jun.ask("dismiss", message=private["id"])

    assert private["private"]
    assert [heard["words"]] == [one["words"] for one in seen] == ["Is anybody here?"]
    assert "gone" in gone["wrong"]
    assert "gone" in hidden["wrong"]
    assert "nobody else sees" in kept["wrong"]


async def test_who_chose_to_see_answers_alone_does_and_may_share_them(page: Page) -> None:
    async with page.visited("mina") as mina, page.visited("jun") as jun:
        await mina.say("/settings me")
        alone = await mina.say("/summary")
        labels = [one["label"] for one in alone["reply"]["buttons"]]
        await mina.ask("press", message=alone["id"], button=labels.index("Share with the channel"))
        heard = await jun.hear()

    assert alone["private"]
    assert not heard["private"]
    assert heard["reply"]["title"] == alone["reply"]["title"]


async def test_what_people_say_among_themselves_is_not_answered(page: Page) -> None:
    async with page.visited() as mina:
        said = await mina.say("  <b>kurils</b> @everyone /summary ")

    assert said["reply"] is None
    assert said["words"] == "<b>kurils</b> @everyone /summary"


async def test_the_bots_name_makes_a_line_anywhere_and_a_direct_conversation_needs_none(page: Page) -> None:
    async with page.visited() as mina, page.visited("jun") as jun:
        named = await mina.say("@Readalong quote china")
        helped = await mina.say("@readalong")
        mina.channel = jun.channel = "direct"
        direct = await mina.say("kurils")
        elsewhere = await jun.messages()
        mina.channel = "kurils"
        said = await mina.say("@readalongish, is that a word?")

    assert said["reply"] is None
    assert named["reply"]["title"].startswith("Quotation")
    assert helped["reply"]["title"] == "Commands"
    assert direct["reply"]["title"] == "The Kuril Islands"
    assert direct["channel"] == "direct"
    assert elsewhere == []


async def test_a_button_answers_to_whoever_presses_it_and_can_be_shared(page: Page) -> None:
    async with page.visited("mina") as mina, page.visited("jun") as jun:
        card = await mina.say("/kurils")
        assert await jun.hear() == card
        labels = [button["label"] for button in card["reply"]["buttons"]]
        await jun.ask("press", message=card["id"], button=labels.index("Timeline"))
        pressed = jun.news[-1]
        shared = [button["public"] for button in pressed["reply"]["buttons"]].index(True)
        await jun.ask("press", message=pressed["id"], button=shared)
        heard = await mina.hear()

    assert (pressed["how"], pressed["words"], pressed["private"]) == ("pressed", "Timeline", True)
    assert pressed["reply"]["title"].startswith("Timeline: The Kuril Islands")
    assert heard["reply"]["title"] == pressed["reply"]["title"]
    assert not heard["private"]


async def test_a_moderator_changes_the_reading_of_a_channel_and_a_member_may_not(page: Page) -> None:
    async with page.visited("mina") as mina, page.visited("mo") as mo:
        refused = await mina.say("/use kuril-question")
        chosen = await mo.say("/use kuril-question")
        here = await mina.say("/summary")
        mina.channel = "kurils"
        elsewhere = await mina.say("/summary")
        undone = await mo.ask("press", message=chosen["id"], button=0)
        again = await mo.ask("press", message=chosen["id"], button=0)

    assert refused["reply"]["refused"]
    assert "Only moderators" in text_of(refused)
    assert here["reply"]["reading"] == "The Kuril question"
    assert elsewhere["reply"]["reading"] == "Japan and Russia, 2016"
    assert "wrong" not in undone
    assert "Already done" in text_of(mo.news[-1])
    assert "wrong" not in again


async def test_a_thread_opens_under_any_message_and_is_listed(page: Page) -> None:
    async with page.visited("mina") as mina, page.visited("jun") as jun:
        root = await mina.say("Does 1956 still bind anyone?")
        jun.thread = root["id"]
        await jun.say("Article 9 does.")
        answered = await jun.say("/quote peace")
        threads = (await mina.ask("threads"))["threads"]
        inside = await jun.ask("enter")
        jun.thread = 999
        nowhere = await jun.ask("enter")
        jun.thread, jun.channel = root["id"], "kurils"
        other = await jun.ask("enter")

    assert answered["thread"] == root["id"]
    assert [(one["title"], one["messages"]) for one in threads] == [("Does 1956 still bind anyone?", 2)]
    assert inside["root"]["words"] == "Does 1956 still bind anyone?"
    assert [one["words"] for one in inside["messages"]] == ["Article 9 does.", "/quote peace"]
    assert "gone" in nowhere["wrong"]
    assert "gone" in other["wrong"]


async def test_everything_is_kept_over_a_restart_and_its_buttons_still_work(config: Config) -> None:
    async with app.assembled(config) as answering, served(config, answering) as page, page.visited() as mina:
        await mina.say("Good morning")
        card = await mina.say("/kurils")
        await mina.say("/help")
    async with app.assembled(config) as answering, served(config, answering) as page, page.visited() as mina:
        kept = await mina.messages()
        labels = [button["label"] for button in kept[1]["reply"]["buttons"]]
        await mina.ask("press", message=card["id"], button=labels.index("Quote"))

    assert [one["words"] for one in kept] == ["Good morning", "/kurils", "/help"]
    assert kept[1] == card
    assert "“" in text_of(mina.news[-1])


async def test_long_histories_come_fifty_at_a_time(page: Page) -> None:
    async with page.visited() as mina:
        for number in range(53):
            await mina.say(f"message {number}")
        first = await mina.ask("enter")
        rest = await mina.ask("earlier", before=first["messages"][0]["id"])

    assert [one["words"] for one in first["messages"]] == [f"message {number}" for number in range(3, 53)]
    assert [one["words"] for one in rest["messages"]] == ["message 0", "message 1", "message 2"]
    assert (first["earlier"], rest["earlier"]) == (True, False)


async def test_only_the_one_who_sees_a_message_alone_can_dismiss_it(page: Page) -> None:
    async with page.visited() as mina:
        private = await mina.say("/help")
        public = await mina.say("/summary")
        await mina.ask("dismiss", message=private["id"])
        refused = await mina.ask("dismiss", message=public["id"])

        assert [one["id"] for one in await mina.messages()] == [public["id"]]
        assert "nobody else sees" in refused["wrong"]


async def test_the_id_of_a_dismissed_message_is_not_given_again(page: Page) -> None:
    """Another window may still show its buttons, and would press others."""
    async with page.visited("mo") as mo, page.visited("mo") as other:
        dismissed = await mo.say("/kurlis")
        await other.hear()
        await mo.ask("dismiss", message=dismissed["id"])
        told = await other.socket.receive_json(timeout=10)
        chosen = await mo.say("/use kuril-question")
        pressed = await other.ask("press", message=dismissed["id"], button=0)

    assert told == {"gone": dismissed["id"]}
    assert chosen["id"] > dismissed["id"]
    assert "gone" in pressed["wrong"]


async def test_a_thread_opens_only_under_a_message_that_its_whole_channel_sees(page: Page) -> None:
    async with page.visited() as mina:
        private = await mina.say("/help")
        root = await mina.say("A question")
        mina.thread = root["id"]
        inside = await mina.say("An answer")
        for thread in (private["id"], inside["id"], 4242):
            mina.thread = thread
            assert "gone" in (await mina.ask("enter"))["wrong"]
            assert "gone" in (await mina.ask("say", words="hidden"))["wrong"]
            assert "gone" in (await mina.ask("press", message=private["id"], button=0))["wrong"]


async def test_an_answer_that_can_not_be_read_any_more_says_so_and_hides_nothing_else(
    page: Page, answering: Answering
) -> None:
    spoil = """UPDATE local_messages SET reply = '{"title":"x"}' WHERE id = 1"""
    async with page.visited() as mina:
        await mina.say("/kurils")
        await mina.say("Still here")
        await answering.archive.database.write(lambda db: db.execute(spoil))
        kept = await mina.messages()

    assert "can't be shown" in text_of(kept[0])
    assert kept[1]["words"] == "Still here"


async def test_a_page_that_reads_nothing_holds_up_neither_the_others_nor_the_end(
    config: Config, answering: Answering
) -> None:
    async with served(config, answering) as page, page.visited() as mina:
        host, _, port = page.address.removeprefix("http://").rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        asked = (
            f"GET /socket HTTP/1.1\nHost: {host}:{port}\nOrigin: {page.address}\nConnection: Upgrade\n"
            "Upgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n"
        )
        writer.write(asked.replace("\n", "\r\n").encode())
        assert b"101" in await reader.readline()
        for number in range(1000):
            await mina.say(f"{number} {'x' * 5900}")
        assert mina.news[-1]["words"].startswith("999 ")
        began = time.monotonic()
    assert time.monotonic() - began < 10
    writer.close()


async def test_any_reply_can_be_seen_as_another_platform_would_show_it(page: Page) -> None:
    async with page.visited() as mina:
        card = await mina.say("/kurils")
        discord = (await mina.ask("preview", message=card["id"], **{"as": "discord"}))["payload"]
        slack = (await mina.ask("preview", message=card["id"], **{"as": "slack"}))["payload"]
        teams = await mina.ask("preview", message=card["id"], **{"as": "teams"})

    assert discord["embeds"][0]["title"] == "The Kuril Islands"
    assert "image" in {block["type"] for block in slack["blocks"]}
    assert teams["wrong"] == "There is a preview for: discord, slack."


async def test_a_preview_has_the_pages_of_its_own_platform(page: Page) -> None:
    async with page.visited() as mina:
        shown = await mina.say("/timeline")
        first = await mina.ask("preview", message=shown["id"], **{"as": "discord"})
        labels = [button["label"] for button in shown["reply"]["buttons"]]
        await mina.ask("press", message=shown["id"], button=labels.index(next(one for one in labels if "More" in one)))
        later = await mina.ask("preview", message=mina.news[-1]["id"], **{"as": "discord"})
        last = await mina.ask("preview", message=shown["id"], page=first["pages"], **{"as": "discord"})

    assert first["pages"] == 3
    assert first["payload"]["embeds"] == later["payload"]["embeds"]
    assert "Page 3 of 3" in last["payload"]["embeds"][-1]["description"]


async def test_completion_offers_commands_options_and_how_a_command_is_used(page: Page) -> None:
    async with page.visited() as mina, page.visited("mo") as mo:
        name = (await mina.ask("complete", words="/ku"))["completions"]
        moderators = [len((await one.ask("complete", words="/us"))["completions"]) for one in (mina, mo)]
        value = await mina.ask("complete", words="/summary l")

    assert [(one["text"], one["start"], one["shown"]) for one in name] == [("/kurils", 0, "/kurils")]
    assert moderators == [0, 1]
    assert [one["text"] for one in value["completions"]] == ["length:", "long"]
    assert value["usage"]["line"] == "/summary [length]"
    assert value["usage"]["options"][0]["about"]


@pytest.mark.parametrize(
    ("words", "wrong"), [(" ", "Type a message first"), ("x" * 6001, "at most 6,000 characters; yours has 6,001")]
)
async def test_a_message_that_is_empty_or_too_long_is_refused_in_a_sentence(page: Page, words: str, wrong: str) -> None:
    async with page.visited() as mina:
        answer = await mina.ask("say", words=words)

        assert wrong in answer["wrong"]
        assert await mina.messages() == []


@pytest.mark.parametrize(
    "request_",
    [
        "rubbish",
        "[]",
        "5",
        "null",
        '{"n": 1}',
        '{"n": 1, "do": "say"}',
        '{"n": 1, "do": "fly", "channel": "kurils", "thread": 0}',
        '{"n": 1, "do": "play", "person": "root"}',
        '{"n": 1, "do": "enter", "channel": "secret", "thread": 0}',
        '{"n": 1, "do": "enter", "channel": "kurils", "thread": -1}',
        '{"n": NaN, "do": "threads", "channel": "kurils", "thread": 0}',
        "[" * 50_000,
        '{"n": 1, "do": "earlier", "before": 99999999999999999999999, "channel": "kurils", "thread": 0}',
        '{"n": 1, "do": "press", "message": 1, "button": -1, "channel": "kurils", "thread": 0}',
    ],
)
async def test_rubbish_is_answered_with_a_sentence_and_the_visit_goes_on(page: Page, request_: str) -> None:
    async with page.visited() as mina:
        await mina.socket.send_str(request_)
        answer = await mina.socket.receive_json(timeout=10)
        said = await mina.say("Still here")

    assert answer["re"] == (1 if '"n": 1' in request_ else None)
    assert answer["wrong"].endswith(".")
    assert "Something went wrong" not in answer["wrong"]
    assert said["words"] == "Still here"


def text_of(message: dict[str, object]) -> str:
    """All that a message's reply says."""
    reply = message["reply"]
    assert isinstance(reply, dict)
    return " ".join(
        f"{''.join(part.get('marks', ''))} {''.join(run['text'] for block in part['blocks'] for run in block['runs'])}"
        for group in reply["groups"]
        for part in group["parts"]
    )
