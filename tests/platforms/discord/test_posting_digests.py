"""A digest on Discord: its chart goes along in the very message, and never keeps the message from being posted."""

import pytest

from bot.answering import Answering
from bot.reply import Chart, Note, Reply
from bot.words import verbatim
from tests.platforms.discord.test_venue import HERE, online
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer

__all__ = ["online"]  # a fixture

CHART = Chart(b"\x89PNG made up", "Bar chart. 3 messages.")
DIGEST = Reply("The day in 1 thread", (Note(verbatim("Words")),), picture=CHART)
MARK = "0123456789abcdef01234567"
POSTS = f"/channels/{made.CHANNEL}/messages"


async def test_the_chart_is_attached_to_the_digest_itself(online: DiscordServer, answering: Answering) -> None:
    venue = answering.venues.at(HERE)
    said = await venue.post(HERE, DIGEST, MARK)
    (sent,) = online.sent("POST", POSTS)
    found = await venue.find_post(HERE, MARK)

    assert sent.files == {"chart.png": CHART.png}
    assert sent.body["attachments"][0]["description"] == CHART.alt
    assert sent.body["embeds"][-1]["image"] == {"url": "attachment://chart.png"}
    assert CHART.alt in sent.body["embeds"][-1]["description"].replace("\\", "")
    assert (sent.body["nonce"], sent.body["enforce_nonce"]) == (MARK, True)
    assert found is not None
    assert found.id == said.id


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (413, 40005), (400, 50035)])
async def test_where_discord_takes_no_file_the_digest_is_posted_once_with_its_words(
    online: DiscordServer, answering: Answering, status: int, code: int
) -> None:
    online.refuse("POST", POSTS, status, code=code)
    venue = answering.venues.at(HERE)
    await venue.post(HERE, DIGEST, MARK)
    refused, taken = online.sent("POST", POSTS)

    assert refused.files
    assert not taken.files
    assert not any("image" in embed for embed in taken.body["embeds"])
    assert CHART.alt in taken.body["embeds"][-1]["description"].replace("\\", "")
    assert await venue.find_post(HERE, MARK)
    assert len(online.rooms.messages[made.CHANNEL]) == 1


async def test_what_may_have_been_posted_is_not_posted_again(online: DiscordServer, answering: Answering) -> None:
    """A server's fault says nothing of whether the message stands there."""
    online.refuse("POST", POSTS, 501, times=1)
    with pytest.raises(Exception, match="501"):
        await answering.venues.at(HERE).post(HERE, DIGEST, MARK)

    assert len(online.sent("POST", POSTS)) == 1
