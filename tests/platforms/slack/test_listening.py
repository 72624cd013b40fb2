"""What is said on Slack is saved before it is acknowledged, each message once and as it stands."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from bot.archive.events import Event
from bot.platforms.slack import http_mode
from tests.platforms.slack.conftest import OnSlack, until
from tests.servers.slack import BOT, CHANNEL, ME, MINA, Json

JUN = "U2"


@pytest.fixture(params=["socket", "http"])
async def connected(request: pytest.FixtureRequest, slack: OnSlack, monkeypatch: pytest.MonkeyPatch) -> OnSlack:
    """The bot on Slack, in each of both modes."""
    if request.param == "socket":
        await slack.connect()
        return slack
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    monkeypatch.setattr(http_mode, "event", lambda _, **facts: port.set_result(facts["port"]))
    await slack.start(http=True)
    slack.server.request_url = f"http://127.0.0.1:{await port}{http_mode.PATH}"
    return slack


async def saved_thread(slack: OnSlack) -> str:
    """A saved thread in C1, with its first message; gives its `ts`."""
    root: str = slack.server.workspace.say("Is it a good deal?")["ts"]
    await slack.save_thread(root)
    await until(lambda: root in slack.held())
    return root


def failing(slack: OnSlack, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let the archive fail so many times, as on a full disk."""
    real, left = slack.answering.archive.capture.save, iter(range(times))

    def save(event: Event) -> asyncio.Future[None]:
        if next(left, None) is None:
            return real(event)
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        failed.set_exception(OSError("No space left on device"))
        return failed

    monkeypatch.setattr(slack.answering.archive.capture, "save", save)


async def test_a_message_stands_in_the_database_at_the_moment_it_is_acknowledged(connected: OnSlack) -> None:
    root = await saved_thread(connected)
    at_ack: list[dict[str, str]] = []
    connected.server.watch = lambda _: at_ack.append(connected.held())
    reply = connected.server.workspace.say("It is &lt;old&gt; &amp; tired", thread=root)
    await connected.tell(reply)

    assert at_ack[-1][reply["ts"]] == "It is <old> & tired"


async def test_what_could_not_be_saved_is_not_acknowledged_and_comes_again(
    connected: OnSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = await saved_thread(connected)
    connected.server.patience = 0.2
    connected.server.attempts.clear()
    failing(connected, monkeypatch, 2)
    reply = connected.server.workspace.say("Third time lucky", thread=root)
    await connected.tell(reply)

    assert connected.held()[reply["ts"]] == "Third time lucky"
    assert list(connected.server.attempts.values()) == [3]


async def test_what_was_given_up_is_read_back_once_the_database_takes_it(
    slack: OnSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await slack.connect()
    root = await saved_thread(slack)
    slack.server.patience = 0.05
    failing(slack, monkeypatch, 4)
    lost = slack.server.workspace.say("Four times unlucky", thread=root)
    assert await slack.server.tell(lost) is False
    slack.server.patience = 3
    await slack.tell(slack.server.workspace.say("And on", thread=root))

    await until(lambda: slack.held(thread=root) == slack.server.workspace.standing(CHANNEL, root))
    assert lost["ts"] in slack.held()


async def test_only_saved_threads_are_saved(connected: OnSlack) -> None:
    say = connected.server.workspace.say
    root = await saved_thread(connected)
    other = say("Lunch?")
    await connected.tell(other, say("Noon", thread=other["ts"]), say("Yes", thread=root))

    assert connected.held() == connected.server.workspace.standing(CHANNEL, root)


async def test_in_a_saved_channel_everything_is_saved_once(connected: OnSlack) -> None:
    say = connected.server.workspace.say
    await connected.save_channel()
    root = say("A root")
    reply = say("A reply", thread=root["ts"])
    broadcast = say("A reply for all", thread=root["ts"], subtype="thread_broadcast")
    await connected.tell(root, root, reply, broadcast, broadcast)

    assert connected.held() == connected.server.workspace.standing(CHANNEL)
    assert set(connected.held(thread=root["ts"])) == {reply["ts"], broadcast["ts"]}


async def test_the_first_message_of_a_thread_stands_in_it_once_that_is_saved(slack: OnSlack) -> None:
    await slack.connect()
    workspace = slack.server.workspace
    await slack.save_channel()
    root = workspace.say("A root")
    await slack.tell(root, workspace.say("A reply", thread=root["ts"]))
    await slack.save_thread(root["ts"])
    await until(lambda: slack.held(thread=root["ts"]) == workspace.standing(CHANNEL, root["ts"]))
    await slack.tell(workspace.edit(CHANNEL, root["ts"], "A better root"))

    assert slack.held(thread=root["ts"]) == workspace.standing(CHANNEL, root["ts"])
    assert slack.held() == workspace.standing(CHANNEL)


KINDS: list[tuple[Json, str]] = [
    (
        {"subtype": "me_message", "text": "is <https://example.org/a?b=1&amp;c=2|here>"},
        "is here (https://example.org/a?b=1&c=2)",
    ),
    ({"subtype": "bot_message", "user": None, "bot_id": "B7", "username": "Feed", "text": "News"}, "News"),
    (
        {"subtype": "bot_message", "bot_id": "B7", "text": "", "attachments": [{"fallback": "Rain"}, {"text": "Sun"}]},
        "Rain\nSun",
    ),
    (
        {"text": "<@U2> in <#C9|history>, <!here> <https://example.org> <mailto:a@b.c|a@b.c>"},
        "@Jun in #history, @here https://example.org a@b.c",
    ),
    ({"text": "half \ud800"}, "half ?"),
]


@pytest.mark.parametrize(("message", "words"), KINDS, ids=["me", "bot", "bot without text", "markup", "half"])
async def test_each_kind_of_speech_is_saved_as_people_read_it(slack: OnSlack, message: Json, words: str) -> None:
    await slack.connect()
    root = await saved_thread(slack)
    event = {**slack.server.workspace.say("x", thread=root), **message}
    await slack.tell(slack.server.workspace.called(JUN, "Jun"), {key: one for key, one in event.items() if one})

    assert slack.held()[event["ts"]] == words


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "channel_name", "pinned_item", "message_replied"])
async def test_what_is_no_speech_is_not_saved(slack: OnSlack, subtype: str) -> None:
    await slack.connect()
    await slack.save_channel()
    await slack.tell(slack.server.workspace.say("joined", subtype=subtype))

    assert slack.held() == {}


async def test_files_are_known_by_name_and_page_alone(slack: OnSlack) -> None:
    await slack.connect()
    root = await saved_thread(slack)
    file = {"id": "F1", "name": "map.png", "mimetype": "image/png", "size": 9, "permalink": "https://x.slack.com/F1",
            "url_private": "https://files.slack.com/secret"}  # fmt: skip
    shared = slack.server.workspace.say("The map", thread=root, subtype="file_share", files=[file, {"odd": 1}])
    await slack.tell(shared)

    assert slack.rows("SELECT platform_id, name, kind, bytes, url FROM attachments") == [
        ("F1", "map.png", "image/png", 9, "https://x.slack.com/F1")
    ]


async def test_times_are_exact_to_the_millisecond(slack: OnSlack) -> None:
    await slack.connect()
    root = await saved_thread(slack)
    event = {**slack.server.workspace.say("Now", thread=root), "ts": "1700000000.123999"}
    await slack.tell(event)

    (found,) = slack.rows("SELECT written_at FROM messages WHERE platform_id = '1700000000.123999'")
    assert found == ("2023-11-14T22:13:20.123Z",)


async def test_an_edit_keeps_the_earlier_text_and_a_preview_is_none(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    first = workspace.say("Does 1956 bind? https://example.org", thread=root)
    await slack.tell(first)
    await slack.tell(workspace.unfurl(CHANNEL, first["ts"]))
    await slack.tell(workspace.edit(CHANNEL, first["ts"], "Does it bind?"))
    await slack.tell(workspace.unfurl(CHANNEL, first["ts"]))

    assert slack.held()[first["ts"]] == "Does it bind?"
    assert slack.rows("SELECT text FROM revisions") == [("Does 1956 bind? https://example.org",)]


async def test_a_deletion_leaves_no_word_and_a_tombstone_is_one(slack: OnSlack) -> None:
    await slack.connect()
    workspace = slack.server.workspace
    root = await saved_thread(slack)
    reply = workspace.say("Shikotan", thread=root)
    await slack.tell(reply)
    await slack.tell(workspace.delete(CHANNEL, root), *[
        {**event, "message": {**event["message"], "reply_count": 1}}
        for event in [workspace.unfurl(CHANNEL, reply["ts"])]
    ])  # fmt: skip
    assert slack.held() == {reply["ts"]: "Shikotan"}
    assert slack.rows("SELECT * FROM revisions") == []

    bare = {**workspace.delete(CHANNEL, reply["ts"])}
    del bare["previous_message"]
    await slack.tell(bare)
    assert slack.held() == {}
    assert slack.rows("SELECT text FROM messages") == [("",), ("",)]


async def test_reactions_are_counted_by_person(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    reply = workspace.say("Yes", thread=root)
    await slack.tell(reply)
    for event in (
        workspace.react(CHANNEL, reply["ts"], "eyes"),
        workspace.react(CHANNEL, reply["ts"], "eyes", JUN),
        workspace.react(CHANNEL, reply["ts"], "eyes", on=False),
        workspace.react(CHANNEL, root, "+1"),
    ):
        await slack.tell(event)

    found = slack.rows(
        "SELECT m.platform_id, r.emoji, p.platform_id FROM reactions r JOIN messages m ON m.id = r.message "
        "JOIN people p ON p.id = r.person WHERE r.people = 1 ORDER BY 1, 2"
    )
    assert found == [(root, "+1", MINA), (reply["ts"], "eyes", JUN)]


async def test_a_reaction_before_its_message_waits_for_it(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    reply = workspace.say("Yes", thread=root)
    await slack.tell(workspace.react(CHANNEL, reply["ts"], "eyes"))
    await slack.tell(workspace.react(CHANNEL, workspace.say("Elsewhere")["ts"], "eyes"))
    assert slack.rows("SELECT * FROM reactions") == []
    await slack.tell(reply)

    await until(lambda: slack.rows("SELECT emoji, people FROM reactions") == [("eyes", 1)])
    assert slack.held() == workspace.standing(CHANNEL, root)


async def test_no_order_and_no_repetition_changes_what_is_held(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    told = []
    for number in range(30):
        event = workspace.say(f"text {number}", thread=root)
        told.append(event)
        if number % 3 == 0:
            told.append(workspace.edit(CHANNEL, event["ts"], f"changed {number}"))
        if number % 5 == 0:
            told.append(workspace.delete(CHANNEL, event["ts"]))
    chosen = random.Random(5)  # noqa: S311 - the same order each time
    told += chosen.sample(told, 20)
    chosen.shuffle(told)
    await slack.tell(*told)

    assert slack.held() == workspace.standing(CHANNEL, root)


async def test_what_the_bot_says_in_a_saved_thread_is_saved_as_its_own(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    asked = workspace.say(f"<@{ME}> quote 3", thread=root)
    await slack.tell(asked)
    await slack.tell({**asked, "type": "app_mention"})
    await until(lambda: len(workspace.standing(CHANNEL, root)) == 3)
    await until(lambda: len(slack.held()) == 3)

    assert slack.held()[asked["ts"]] == "@readalong quote 3"
    assert slack.rows("SELECT p.platform_id, p.name, p.bot FROM messages m JOIN people p ON p.id = m.person "
                      "WHERE m.ours = 1") == [(ME, "readalong", 1)]  # fmt: skip


async def test_another_bot_in_a_saved_thread_is_not_taken_for_ours(slack: OnSlack) -> None:
    await slack.connect()
    root = await saved_thread(slack)
    await slack.tell(slack.server.workspace.say("Beep", thread=root, person="U8", bot_id="B8"))

    assert BOT != "B8"
    assert slack.rows("SELECT count(*) FROM messages WHERE ours = 1") == [(0,)]


async def test_people_get_their_names_without_keeping_slack_waiting(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    workspace.called(JUN, "Jun")
    held = slack.server.hold("users.info")
    await slack.tell(workspace.say("First", thread=root, person=JUN))
    names = "SELECT name FROM people WHERE platform_id = 'U2'"
    assert slack.rows(names) == [("",)]
    held.set()

    await until(lambda: slack.rows(names) == [("Jun",)])
    await slack.tell(workspace.called(JUN, "Jun H."))
    assert slack.rows(names) == [("Jun H.",)]


async def test_who_opted_out_stays_without_a_name(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    await slack.tell(workspace.called(JUN, "Jun"), workspace.say("First", thread=root, person=JUN))
    await slack.answering.archive.privacy.opt_out("slack", JUN)
    second = workspace.say("Second", thread=root, person=JUN)
    await slack.tell(second, workspace.called(JUN, "Jun H."))
    await slack.tell(workspace.react(CHANNEL, second["ts"], "eyes", MINA))

    assert slack.rows("SELECT name FROM people WHERE name LIKE 'Jun%'") == []
    assert slack.rows("SELECT count(*) FROM messages WHERE platform_id = ?", second["ts"]) == [(0,)]


async def test_a_channel_s_name_its_closing_and_its_end_are_known(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    state = "SELECT name, archived_at IS NULL, deleted_at IS NULL FROM channels"
    await slack.tell(workspace.rename(CHANNEL, "islands"))
    await slack.tell(workspace.archive(CHANNEL))
    await slack.tell(workspace.rename(CHANNEL, "the-islands"))
    assert slack.rows(state) == [("the-islands", 0, 1)]
    await slack.tell(workspace.archive(CHANNEL, on=False))
    assert slack.rows(state) == [("the-islands", 1, 1)]
    await slack.tell(workspace.remove(CHANNEL))

    assert slack.rows(state) == [("the-islands", 1, 0)]
    assert slack.held(thread=root) == {}


async def test_a_private_channel_tells_the_same_under_other_names(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    workspace.open("G1", "inner", ME, MINA, private=True)
    await slack.connect()
    await slack.save_channel("G1")
    await slack.tell(workspace.say("Among us", channel="G1"), workspace.rename("G1", "core"))
    assert slack.held("G1") == workspace.standing("G1")
    assert slack.rows("SELECT name FROM channels") == [("core",)]
    await slack.tell(workspace.remove("G1"))

    assert slack.held("G1") == {}


async def test_a_channel_with_a_new_id_stays_saved(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    await slack.tell(workspace.say("Before", thread=root))
    await slack.tell(workspace.move(CHANNEL, "C77"))
    await slack.tell(workspace.say("After", channel="C77", thread=root))

    assert slack.held("C77") == workspace.standing("C77", root)


async def test_after_the_app_is_removed_nothing_more_is_saved(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    await slack.tell({"type": "tokens_revoked", "tokens": {"oauth": ["U5"]}, "event_ts": workspace.now()})
    assert slack.rows("SELECT name, left_at FROM workspaces") == [("Study group", None)]
    await slack.tell({"type": "app_uninstalled", "event_ts": workspace.now()})
    await slack.tell(workspace.say("Too late", thread=root))

    assert "Too late" not in slack.held().values()
    assert slack.rows("SELECT count(*) FROM workspaces WHERE left_at IS NOT NULL") == [(1,)]


async def test_removed_from_a_channel_and_asked_back_it_reads_what_it_missed(slack: OnSlack) -> None:
    await slack.connect()
    root, workspace = await saved_thread(slack), slack.server.workspace
    await slack.tell(workspace.leave(CHANNEL, ME))
    assert slack.rows("SELECT open FROM coverage WHERE thread IS NOT NULL ORDER BY last DESC LIMIT 1") == [(0,)]
    missed = workspace.say("You missed this", thread=root)
    await slack.tell(workspace.join(CHANNEL, ME))

    await until(lambda: missed["ts"] in slack.held())


async def test_direct_messages_are_never_saved(slack: OnSlack) -> None:
    await slack.connect()
    await slack.save_channel("D1")
    await slack.tell({**slack.server.workspace.say("help"), "channel": "D1", "channel_type": "im"})
    await slack.posted()

    assert slack.held("D1") == {}


MANGLED: list[Callable[[Any], object]] = [
    lambda event: event.pop("ts"),
    lambda event: event.update(ts="yesterday"),
    lambda event: event.update(ts=1.5),
    lambda event: event.update(channel=None),
    lambda event: event.update(user=7),
    lambda event: event.update(subtype="message_changed"),
    lambda event: event.update(subtype="message_changed", message=[]),
    lambda event: event.update(subtype="message_deleted"),
    lambda event: event.update(type="reaction_added", item={"type": "message"}),
    lambda event: event.update(type="channel_rename", channel="C1"),
    lambda event: event.update(type="member_joined_channel", user=None, channel=[]),
    lambda event: event.update(type="user_change", user="U1"),
    lambda event: event.update(type="tokens_revoked", tokens={"bot": None}),
    lambda event: event.update(type="channel_id_changed"),
]


@pytest.mark.parametrize("mangle", MANGLED)
async def test_odd_events_are_acknowledged_and_do_no_harm(slack: OnSlack, mangle: Callable[[Any], object]) -> None:
    await slack.connect()
    root = await saved_thread(slack)
    event = slack.server.workspace.say("odd", thread=root)
    mangle(event)
    await slack.tell(event)
    good = slack.server.workspace.say("good", thread=root)
    await slack.tell(good)

    assert slack.held()[good["ts"]] == "good"


async def test_five_hundred_events_at_once_are_each_acknowledged_within_three_seconds(connected: OnSlack) -> None:
    root, workspace = await saved_thread(connected), connected.server.workspace
    events = [workspace.say(f"text {number}", thread=root) for number in range(500)]
    began = time.monotonic()
    await connected.tell(*events)

    assert time.monotonic() - began < 3
    assert connected.held() == workspace.standing(CHANNEL, root)
