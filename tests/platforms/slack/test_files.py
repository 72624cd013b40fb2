"""Files on Slack: they come by direct message, to whoever asked alone."""

import json

from tests.platforms.slack.conftest import OnSlack
from tests.servers.slack import MINA, refusal
from tests.servers.slack_payloads import command


async def saved(slack: OnSlack) -> None:
    await slack.connect()
    root: str = slack.server.workspace.say("Is it a good deal?")["ts"]
    await slack.save_thread(root)
    await slack.tell(slack.server.workspace.say("Etorofu", thread=root))


async def test_files_come_by_direct_message_and_nowhere_else(slack: OnSlack) -> None:
    await saved(slack)
    said = await slack.ask(command("/privacy", "export", response_url=slack.server.response_url))
    await slack.server.until(lambda: "channel_id" in str(slack.server.made("files.completeUploadExternal")))

    upload = list(slack.server.uploads.values())[-1]
    (opened,) = slack.server.made("chat.postMessage")
    assert b"Etorofu" in upload
    assert (opened["channel"], slack.server.made("files.completeUploadExternal")[-1]["channel_id"]) == (MINA, MINA)
    assert said["response_type"] == "ephemeral"
    assert "Etorofu" not in json.dumps(said)


async def test_files_that_slack_does_not_take_are_told_of(slack: OnSlack) -> None:
    await saved(slack)
    slack.server.answers("files.getUploadURLExternal", refusal("missing_scope"))
    await slack.ask(command("/privacy", "export", response_url=slack.server.response_url))
    await slack.server.until(lambda: "did not take the files" in str(slack.server.said))

    assert [said["response_type"] for said in slack.server.said] == ["ephemeral"] * 2
