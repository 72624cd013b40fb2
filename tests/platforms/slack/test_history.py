"""What was said on Slack while the bot was away is read back: all of it, however small the pages, and nothing else."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.asker import Place
from bot.platforms.health import State
from bot.platforms.slack import http_mode
from bot.platforms.slack.history import ts_of
from bot.platforms.slack.stretches import OutOfOrder
from bot.times import stamp
from tests.platforms.slack.conftest import OnSlack, until
from tests.platforms.slack.test_listening import failing
from tests.servers.slack import CHANNEL, MINA, TEAM, Answer, Tier, limited
from tests.servers.slack_workspace import Workspace

NOW = datetime.now(UTC)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def thread_of(workspace: Workspace, replies: int, *, began: float = 10, step: float = 60) -> str:
    """A thread that began so many days ago, with a reply every so many seconds; gives its `ts`."""
    root: str = workspace.say("The root", at=ago(days=began))["ts"]
    for number in range(replies):
        workspace.say(f"reply {number}", thread=root, at=ago(days=began) + timedelta(seconds=step * (number + 1)))
    return root


def since_days(slack: OnSlack, days: float) -> None:
    """Have all that is saved be saved for so many days already, with nothing held of the time since."""
    db = slack.answering.archive.database.reader
    with db.conn:
        db.execute("UPDATE channels SET kept_since = ? WHERE kept_since IS NOT NULL", (stamp(ago(days=days)),))
        db.execute("DELETE FROM coverage")


async def away(slack: OnSlack) -> None:
    """Stop the bot."""
    await slack.stop()
    await slack.server.until(lambda: not slack.server.sockets)


async def back(slack: OnSlack) -> None:
    """Start it again."""
    await slack.connect()


async def same(slack: OnSlack, channel: str = CHANNEL, thread: str | None = None) -> None:
    """Wait until the archive holds just what Slack holds."""
    await until(lambda: slack.held(channel, thread) == slack.server.workspace.standing(channel, thread))


@pytest.mark.parametrize("per_page", [1, 2, 7, 999])
@pytest.mark.parametrize("parent_everywhere", [False, True])
async def test_a_marked_thread_is_read_from_its_beginning(
    slack: OnSlack, per_page: int, parent_everywhere: bool
) -> None:
    workspace = slack.server.workspace
    workspace.per_page, workspace.parent_everywhere = per_page, parent_everywhere
    root = thread_of(workspace, 20, step=20)
    await slack.connect()
    await slack.save_thread(root)

    await same(slack, thread=root)
    assert slack.held() == workspace.standing(CHANNEL, root)


@pytest.mark.parametrize("per_page", [1, 3, 999])
async def test_downtime_is_filled_in_saved_threads_and_channels(slack: OnSlack, per_page: int) -> None:
    workspace = slack.server.workspace
    workspace.open("C2", "other", "U0BOT", MINA)
    root = thread_of(workspace, 5)
    await slack.connect()
    await slack.save_thread(root)
    await slack.save_channel("C2")
    await same(slack, thread=root)
    await away(slack)
    workspace.per_page = per_page
    for number in range(8):
        workspace.say(f"late {number}", thread=root)
        workspace.say(f"top {number}", channel="C2")
    workspace.say("nobody's business")
    await back(slack)

    await same(slack, thread=root)
    await same(slack, "C2")
    assert slack.held() == workspace.standing(CHANNEL, root)


@pytest.mark.parametrize("per_page", [1, 3, 999])
async def test_what_was_edited_deleted_and_reacted_to_meanwhile_is_known_afterwards(
    slack: OnSlack, per_page: int
) -> None:
    workspace = slack.server.workspace
    root = thread_of(workspace, 12, step=20)
    await slack.connect()
    await slack.save_thread(root)
    await same(slack, thread=root)
    await away(slack)
    replies = [one["ts"] for one in workspace.channels[CHANNEL].replies(root)]
    for ts in (replies[0], replies[4], replies[5], replies[11]):
        workspace.delete(CHANNEL, ts)
    workspace.edit(CHANNEL, replies[7], "changed")
    workspace.react(CHANNEL, replies[8], "eyes")
    workspace.react(CHANNEL, replies[8], "eyes", "U2")
    workspace.per_page = per_page
    await back(slack)

    await same(slack, thread=root)
    assert slack.rows("SELECT text FROM revisions") == [("reply 7",)]
    await until(lambda: slack.rows("SELECT emoji, people FROM reactions") == [("eyes", 2)])


@pytest.mark.parametrize("per_page", [1, 2, 999])
async def test_in_a_saved_channel_deletions_are_found_and_only_deletions(slack: OnSlack, per_page: int) -> None:
    workspace = slack.server.workspace
    for number in range(12):
        workspace.say(f"top {number}", at=ago(days=3) + timedelta(seconds=20 * number))
    twins = [workspace.say(f"twin {number}", at=ago(days=2))["ts"] for number in range(4)]
    await slack.connect()
    await slack.save_channel()
    await away(slack)
    since_days(slack, 20)
    await back(slack)
    await same(slack)
    await away(slack)
    standing = sorted(workspace.standing(CHANNEL))
    for ts in (standing[0], standing[5], twins[1]):
        workspace.delete(CHANNEL, ts)
    workspace.per_page = per_page
    workspace.say("and on")
    await back(slack)

    await same(slack)
    assert slack.rows("SELECT count(*) FROM messages WHERE deleted_at IS NOT NULL") == [(3,)]


async def test_a_channel_that_was_renamed_and_archived_meanwhile_is_known_as_such(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    root = thread_of(workspace, 1, began=1)
    await slack.connect()
    await slack.save_thread(root)
    await same(slack, thread=root)
    await away(slack)
    workspace.rename(CHANNEL, "islands")
    workspace.archive(CHANNEL)
    await back(slack)

    await until(lambda: slack.rows("SELECT name, archived_at IS NULL FROM channels") == [("islands", 0)])


async def test_a_late_reply_to_an_old_thread_of_a_saved_channel_is_found(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    old = thread_of(workspace, 0, began=200)
    await slack.connect()
    await slack.save_channel()
    await until(lambda: slack.server.made("conversations.history"))
    await away(slack)
    since_days(slack, 1)
    late = workspace.say("After half a year", thread=old)
    await back(slack)

    await until(lambda: late["ts"] in slack.held(thread=old))
    assert set(slack.held()) == {late["ts"]}  # what it answers was said before the channel was saved


async def test_a_reply_that_was_sent_to_the_channel_too_is_held_once_in_its_thread(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    root = thread_of(workspace, 1, began=1)
    await slack.connect()
    await slack.save_channel()
    await away(slack)
    since_days(slack, 2)
    both = workspace.say("For all", thread=root, subtype="thread_broadcast")
    await back(slack)

    await same(slack)
    assert both["ts"] in slack.held(thread=root)
    assert slack.rows("SELECT count(*) FROM messages") == [(3,)]


async def test_fifteen_a_page_and_a_wait_after_each_are_enough(slack: OnSlack) -> None:
    slack.server.tier = Tier(per_page=15, seconds=0)
    root = thread_of(slack.server.workspace, 100, step=5)
    await slack.connect()
    await slack.save_thread(root)

    await same(slack, thread=root)
    assert len(slack.server.made("conversations.replies")) == 13  # seven pages, six of them after a refusal


async def test_reading_goes_on_where_it_was_when_it_is_stopped_in_the_middle(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    workspace.per_page = 1  # so that it is far from its end when it is stopped
    root = thread_of(workspace, 60, began=100, step=86_400)
    slack.server.answers("conversations.replies", *[limited()] * 3)
    await slack.connect()
    await slack.save_thread(root)
    await until(lambda: len(slack.held()) >= 4)
    slack.server.answers("conversations.replies", *[limited(60)] * 2)
    await away(slack)
    slack.server.scripted.clear()
    before = len(slack.server.made("conversations.replies"))
    await back(slack)

    await same(slack, thread=root)
    assert float(slack.server.made("conversations.replies")[before]["oldest"]) > ago(days=100).timestamp()


async def test_a_thread_that_is_gone_altogether_is_gone_here_too(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    root = thread_of(workspace, 0, began=1)
    await slack.connect()
    await slack.save_thread(root)
    await same(slack, thread=root)
    await away(slack)
    workspace.delete(CHANNEL, root)
    await back(slack)

    await until(lambda: slack.held() == {})


async def test_what_the_plan_hides_is_not_taken_for_deleted(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    for days in (120, 100, 80, 1):
        workspace.say(f"{days} days ago", at=ago(days=days))
    await slack.connect()
    await slack.save_channel()
    await away(slack)
    since_days(slack, 150)
    await back(slack)
    await same(slack)
    await away(slack)
    workspace.hides_before = ts_of(ago(days=90))
    since_days(slack, 150)
    before = len(slack.server.made("conversations.history"))
    await back(slack)
    await until(lambda: len(slack.server.made("conversations.history")) >= before + 2)
    await until(lambda: slack.rows("SELECT 1 FROM coverage WHERE open = 1 AND last > first"))

    assert slack.held() == workspace.standing(CHANNEL)


async def test_a_channel_without_the_bot_is_said_in_the_log_and_tried_again(
    slack: OnSlack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    slack.server.workspace.open("C9", "elsewhere", MINA)
    await slack.connect()
    await slack.save_channel("C9")

    await until(lambda: "backfill.refused" in caplog.text)
    assert "/invite @readalong" in caplog.text


async def test_a_page_in_another_order_is_no_reason_to_take_anything_for_deleted(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    root = thread_of(workspace, 6)
    await slack.connect()
    await slack.save_thread(root)
    await same(slack, thread=root)
    venue, place = slack.answering.venues.at(Place("slack", "T1", CHANNEL)), Place("slack", "T1", CHANNEL, root)
    await until(lambda: not slack.answering.archive.coverage.due(place))
    replies = workspace.channels[CHANNEL].replies(root)
    for some, cursor in ((replies[3:], "more"), (replies[:3], "")):
        body = {"ok": True, "messages": some, "response_metadata": {"next_cursor": cursor}}
        slack.server.answers("conversations.replies", Answer(body))

    async def read() -> None:
        async for page in venue.history(place, ago(days=20)):
            await slack.answering.archive.capture.save_page(place, page)

    with pytest.raises(OutOfOrder):
        await read()
    assert slack.held() == workspace.standing(CHANNEL, root)


@pytest.mark.parametrize("http", [False, True])
async def test_what_comes_with_the_connection_hides_no_gap(
    slack: OnSlack, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int, http: bool
) -> None:
    """What is heard before it is known since when the bot listens would be taken for the end of the last time."""
    workspace, archive = slack.server.workspace, slack.answering.archive
    root = thread_of(workspace, 1, began=40)
    await slack.connect()
    await slack.save_thread(root)
    await same(slack, thread=root)
    await away(slack)
    with archive.database.reader.conn:
        archive.database.reader.execute("UPDATE coverage SET last = ?", (stamp(ago(days=30)),))
    missed = workspace.say("Long ago", thread=root, at=ago(days=20))
    real = archive.coverage.listen

    async def listen(places: Iterable[Place], since: datetime) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(telling), 0.3)
        await real(places, since)

    monkeypatch.setattr(archive.coverage, "listen", listen)
    if http:
        slack.server.pauses, slack.server.patience = (0.02,) * 100, 1.0
        slack.server.request_url = f"http://127.0.0.1:{unused_tcp_port}{http_mode.PATH}"
        slack.config = replace(slack.config, web=replace(slack.config.web, public_port=unused_tcp_port))
    telling = slack.server.tell(workspace.say("At once", thread=root))
    await slack.start(http=http)

    assert await telling
    await until(lambda: missed["ts"] in slack.held())


@pytest.mark.parametrize("sign", ["retry", "kept back"])
async def test_what_slack_could_not_tell_over_http_is_read_back(
    slack: OnSlack, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    """A line that is down for long is found out by what Slack tells again after it; so are events that it kept back."""
    monkeypatch.setattr(http_mode, "SECONDS_BETWEEN", 0.0)
    server, workspace = slack.server, slack.server.workspace
    address = f"http://127.0.0.1:{unused_tcp_port}{http_mode.PATH}"
    slack.config = replace(slack.config, web=replace(slack.config.web, public_port=unused_tcp_port))
    root = thread_of(workspace, 1, began=1)
    await slack.start(http=True)
    await slack.health.until(State.CONNECTED)
    await slack.save_thread(root)
    await same(slack, thread=root)
    server.request_url = address.replace(str(unused_tcp_port), "9")
    assert not await server.tell(workspace.say("The line is down", thread=root))
    if sign == "retry":
        server.pauses = (0.05,) * 100
        again = server.tell(workspace.say("Told again", thread=root))
        await server.until(lambda: max(server.attempts.values()) > 5)
        server.request_url = address
        assert await again
    else:
        server.request_url = address
        assert await server._knock({"type": "app_rate_limited", "team_id": TEAM, "event_id": "none"}, 0)

    await same(slack, thread=root)


async def test_what_was_refused_here_and_comes_again_is_no_sign_of_that(
    slack: OnSlack, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server, workspace = slack.server, slack.server.workspace
    slack.config = replace(slack.config, web=replace(slack.config.web, public_port=unused_tcp_port))
    root = thread_of(workspace, 1, began=1)
    await slack.start(http=True)
    await slack.health.until(State.CONNECTED)
    await slack.save_thread(root)
    await same(slack, thread=root)
    server.request_url = f"http://127.0.0.1:{unused_tcp_port}{http_mode.PATH}"
    failing(slack, monkeypatch, 1)
    assert await server.tell(workspace.say("Twice", thread=root))

    assert "slack.not_saved" in caplog.text
    assert "slack.missed" not in caplog.text


async def test_only_what_is_saved_is_asked_for(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    root = thread_of(workspace, 2)
    await slack.connect()
    await slack.save_thread(root)
    await same(slack, thread=root)

    assert not slack.server.made("conversations.history")
    assert {call["ts"] for call in slack.server.made("conversations.replies")} == {root}


async def test_authors_and_people_named_get_their_names(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    workspace.called("U2", "Jun")
    workspace.called(MINA, "Mina")
    root = workspace.say("Ask <@U2>", at=ago(days=1))["ts"]
    await slack.connect()
    await slack.save_thread(root)
    await until(lambda: slack.held() == {root: "Ask @Jun"})

    assert slack.rows("SELECT p.name FROM messages m JOIN people p ON p.id = m.person") == [("Mina",)]


def test_a_moment_is_written_without_losing_anything() -> None:
    assert ts_of(datetime(2023, 11, 14, 22, 13, 20, 123456, UTC)) == "1700000000.123456"
    assert ts_of(datetime(1970, 1, 1, tzinfo=UTC)) == "0.000000"


async def test_in_a_saved_channel_the_first_message_of_a_thread_stands_in_the_channel(slack: OnSlack) -> None:
    """Whether it was heard, read with the channel or read with its thread, it stands in one place."""
    workspace = slack.server.workspace
    await slack.connect()
    await slack.save_channel(CHANNEL)
    since_days(slack, 20)
    root = thread_of(workspace, 3, began=1)
    await away(slack)
    await back(slack)
    await same(slack)
    read = "SELECT count(*) FROM {} WHERE read_back_at IS NOT NULL AND read_due_at IS NULL"
    db = slack.answering.archive.database.reader
    await until(lambda: [db.execute(read.format(one)).fetchone()[0] for one in ("channels", "threads")] == [1, 1])

    sql = "SELECT platform_id FROM messages WHERE thread IS NULL"
    assert db.execute(sql).fetchall() == [(root,)]
