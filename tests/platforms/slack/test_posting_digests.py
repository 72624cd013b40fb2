"""A digest on Slack: its chart is uploaded first, and never keeps the message from being posted, once."""

import asyncio
from typing import Any

import pytest

from bot.asker import Place
from bot.reply import Chart, Note, Reply
from bot.venue import Venue
from bot.words import verbatim
from tests.platforms.slack.conftest import PNG, OnSlack, until
from tests.platforms.slack.test_pictures import image, kept
from tests.servers.slack import CHANNEL, TEAM, Answer, refusal

HERE = Place("slack", TEAM, CHANNEL)
CHART = Chart(PNG, "Bar chart. 3 messages.")
DIGEST = Reply("The day in 1 thread", (Note(verbatim("Words")),), picture=CHART)
MARK = "0123456789abcdef01234567"


@pytest.fixture
async def venue(slack: OnSlack, monkeypatch: pytest.MonkeyPatch) -> Venue:
    """The venue of the bot, connected and done with the readings' pictures; it makes no pauses."""
    monkeypatch.setattr("bot.platforms.slack.sending.PAUSES", (0, 0, 0))
    await slack.connect()
    await until(lambda: kept(slack.answering.settings))
    return slack.answering.venues.at(HERE)


def standing(slack: OnSlack) -> list[dict[str, Any]]:
    return list(slack.server.workspace.channels[CHANNEL].messages.values())


async def test_the_chart_is_shown_in_the_digest_itself_and_uploaded_once(venue: Venue, slack: OnSlack) -> None:
    await venue.post(HERE, DIGEST)
    await venue.post(HERE, DIGEST, MARK)
    (file,) = [file for file, data in slack.server.uploads.items() if data == PNG]
    shown = [image(sent) for sent in slack.server.made("chat.postMessage")]

    assert shown == [{"type": "image", "slack_file": {"id": file}, "alt_text": CHART.alt}] * 2
    assert file not in kept(slack.answering.settings)


@pytest.mark.parametrize("times", [1, 3])
async def test_slack_may_need_some_seconds_for_a_new_file(venue: Venue, slack: OnSlack, times: int) -> None:
    slack.server.answers("chat.postMessage", *[refusal("invalid_blocks")] * times)
    await venue.post(HERE, DIGEST, MARK)
    sent = slack.server.made("chat.postMessage")

    assert len(sent) == times + 1
    assert image(sent[-1])
    assert len(standing(slack)) == 1


async def test_a_chart_that_slack_never_shows_is_said_in_words(venue: Venue, slack: OnSlack) -> None:
    slack.server.answers("chat.postMessage", *[refusal("invalid_blocks")] * 4)
    said = await venue.post(HERE, DIGEST, MARK)
    sent = slack.server.made("chat.postMessage")
    found = await venue.find_post(HERE, MARK)

    assert image(sent[-1]) is None
    assert CHART.alt in str(sent[-1]["blocks"])
    assert len(standing(slack)) == 1
    assert found is not None
    assert found.id == said.id


@pytest.mark.parametrize("where", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
async def test_a_failing_upload_does_not_keep_the_digest_from_being_posted(
    venue: Venue, slack: OnSlack, where: str
) -> None:
    slack.server.answers(where, Answer({}, 400) if where == "upload" else refusal("internal_error"))
    await venue.post(HERE, DIGEST, MARK)
    (sent,) = slack.server.made("chat.postMessage")

    assert image(sent) is None
    assert CHART.alt in str(sent["blocks"])
    assert await venue.find_post(HERE, MARK)


async def test_an_upload_that_takes_too_long_is_given_up(
    venue: Venue, slack: OnSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.pictures.SECONDS_TO_UPLOAD", 0.05)
    pictures = slack.answering.venues.at(HERE)._sending._pictures  # type: ignore[attr-defined]
    monkeypatch.setattr(pictures._client, "files_upload_v2", lambda **_: asyncio.Event().wait())
    await venue.post(HERE, DIGEST, MARK)
    (sent,) = slack.server.made("chat.postMessage")

    assert image(sent) is None
    assert len(standing(slack)) == 1
