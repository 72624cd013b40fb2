"""Pictures on Slack: uploaded once, shown by their id, and said in words wherever that fails."""

from pathlib import Path
from typing import Any

from bot.answering import Answering
from bot.archive.settings import Settings
from tests.platforms.slack.conftest import PNG, OnSlack
from tests.servers.slack import TEAM, Answer, refusal
from tests.servers.slack_payloads import command


def image(message: dict[str, Any]) -> dict[str, Any] | None:
    return next((block for block in message["blocks"] if block["type"] == "image"), None)


async def kurils(slack: OnSlack) -> dict[str, Any]:
    return await slack.ask(command("/kurils", response_url=slack.server.response_url))


def kept(settings: Settings) -> list[str]:
    rows = settings._database.reader.execute("SELECT value FROM settings WHERE name LIKE 'picture:%'")
    return [row[0] for row in rows]


async def test_a_picture_is_uploaded_once_and_shown_with_its_words(
    pictured: Path, slack: OnSlack, answering: Answering
) -> None:
    await slack.connect()
    first, second = await kurils(slack), await kurils(slack)
    await slack.stop()
    await slack.connect()
    await slack.server.connected(2)
    third = await kurils(slack)

    assert slack.server.uploads == {"F1": PNG}
    for said in (first, second, third):
        assert image(said) == {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "Four islands in a row"}
    assert kept(answering.settings) == ["F1"]
    assert answering.settings._database.reader.execute("SELECT workspace FROM settings").fetchone()[0] == TEAM


async def test_a_picture_that_can_not_be_uploaded_is_said_in_words(pictured: Path, slack: OnSlack) -> None:
    slack.server.answers("files.getUploadURLExternal", *[refusal("missing_scope")] * 2)
    slack.server.answers("upload", Answer({}, 400))
    await slack.connect()
    first, second = await kurils(slack), await kurils(slack)

    for said in (first, second):
        assert image(said) is None
        assert "Four islands in a row" in str(said["blocks"])
    assert image(await kurils(slack))


async def test_a_picture_that_slack_will_not_show_is_said_in_words_and_uploaded_anew(
    pictured: Path, slack: OnSlack, answering: Answering
) -> None:
    await slack.connect()
    await kurils(slack)
    for _ in range(2):  # the first time, Slack may not be done with a new file
        slack.server.answers("respond", Answer({"ok": False, "error": "invalid_blocks"}, 400))
        said = await kurils(slack)
        assert image(said) is None
        assert "Four islands in a row" in str(said["blocks"])

    assert image(await kurils(slack)) is not None
    assert list(slack.server.uploads) == ["F1", "F2"]
    assert kept(answering.settings) == ["F2"]
