"""What can be done with a message from its menu: the answer is for whoever chose it."""

import pytest

from tests.platforms.slack.conftest import OnSlack, until
from tests.servers.slack import CHANNEL, MINA, Json
from tests.servers.slack_payloads import choose


async def chosen(slack: OnSlack, name: str, message: Json, channel: str = CHANNEL) -> Json:
    """Choose an action on a message, and give the answer."""
    return await slack.act(choose(name, message, response_url=slack.server.response_url, channel=channel))


@pytest.mark.parametrize("replied", [False, True])
async def test_save_this_discussion_saves_the_thread_of_a_message(slack: OnSlack, replied: bool) -> None:
    workspace = slack.server.workspace
    root = workspace.say("Is it a good deal?")["ts"]
    if replied:
        workspace.say("No", thread=root)
    await slack.connect(moderators=(MINA,))
    said = await chosen(slack, "save-discussion", workspace.channels[CHANNEL].messages[root])

    assert said["response_type"] == "ephemeral"
    assert "Discussion saved" in said["text"]
    await until(lambda: slack.held(thread=root) == workspace.standing(CHANNEL, root))
    assert len(slack.held()) == 2 + replied  # with the notice


async def test_from_a_reply_the_thread_that_it_is_in_is_saved(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    root = workspace.say("Is it a good deal?")["ts"]
    reply = workspace.say("No", thread=root)["ts"]
    await slack.connect(moderators=(MINA,))
    await chosen(slack, "save-discussion", workspace.channels[CHANNEL].messages[reply])

    await until(lambda: slack.held(thread=root) == workspace.standing(CHANNEL, root))


async def test_only_moderators_save_discussions(slack: OnSlack) -> None:
    message = slack.server.workspace.say("Is it a good deal?")
    await slack.connect()
    said = await chosen(slack, "save-discussion", message)

    assert "Only moderators" in said["text"]
    assert slack.held() == {}


async def test_save_this_remark_keeps_one_message_and_follows_it(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    workspace.called(MINA, "Mina")
    root = workspace.say("Is it a good deal?")["ts"]
    reply = workspace.say("A &lt;bad&gt; one", thread=root)["ts"]
    await slack.connect()
    said = await chosen(slack, "save-remark", workspace.channels[CHANNEL].messages[reply])
    assert "Remark saved" in said["text"]
    assert slack.held() == {reply: "A <bad> one"}
    assert slack.rows("SELECT name FROM people") == [("Mina",)]

    await slack.tell(workspace.edit(CHANNEL, reply, "A fair one"), workspace.say("More", thread=root))
    assert slack.held() == {reply: "A fair one"}
    await slack.tell(workspace.delete(CHANNEL, reply))
    assert slack.held() == {}


async def test_in_a_direct_conversation_nothing_can_be_saved(slack: OnSlack) -> None:
    await slack.connect(moderators=(MINA,))
    message = {"type": "message", "user": MINA, "text": "hm", "ts": "1700000000.000001"}
    for name in ("save-remark", "save-discussion"):
        said = await chosen(slack, name, message, "D1")
        assert "never saved" in said["text"]

    assert slack.held("D1") == {}


@pytest.mark.parametrize("message", [{"subtype": "channel_join", "user": MINA, "text": "joined"}, {}, {"user": 7}])
async def test_on_what_nobody_said_there_is_nothing_to_do(slack: OnSlack, message: Json) -> None:
    await slack.connect()
    said = await chosen(slack, "save-remark", {"ts": "1700000000.000001", **message})

    assert "nothing in this message" in said["text"]
    assert said["response_type"] == "ephemeral"


async def test_an_action_of_an_older_manifest_is_answered(slack: OnSlack) -> None:
    await slack.connect()
    said = await chosen(slack, "no-such-action", slack.server.workspace.say("x"))

    assert "no longer have this action" in said["text"]
