"""What `readalong doctor` says of Discord and Slack, asked by the real clients on servers of this machine."""

from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot.platforms.slack.manifest import SCOPES
from bot.times import now
from tests.cli.doctoring import NOWHERE, PORTS, SECRET, TOKENS, Here, doctor, here, plain, to_do
from tests.servers import discord_payloads as made
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, Answer, refusal

__all__ = ["here"]  # a fixture of these tests


@pytest.mark.parametrize(
    ("variable", "part", "subject"),
    [
        ("DISCORD_TOKEN", "discord", "token"),
        ("SLACK_BOT_TOKEN", "slack", "bot token"),
        ("SLACK_APP_TOKEN", "slack", "app token"),
    ],
)
async def test_a_wrong_token_says_where_the_right_one_goes_and_is_never_printed(
    here: Here, variable: str, part: str, subject: str
) -> None:
    here.slack.answers("auth.test", refusal("invalid_auth")) if variable == "SLACK_BOT_TOKEN" else None
    here.slack.answers("apps.connections.open", refusal("invalid_auth")) if variable == "SLACK_APP_TOKEN" else None
    report = await here.doctor(**{variable: "xoxb-the-wrong-one"})

    assert to_do(report) == [(part, subject)]
    assert variable in report.of(part, subject)
    assert "the-wrong-one" not in report.text + report.errors
    assert report.code == 1


async def test_no_token_is_ever_printed(here: Here) -> None:
    """Even one that stands under a key that is not secret."""
    here.configure(f'prefix = "xoxb-123456789012-put-here-by-mistake"\n[moderators]\nslack_people = "{made.TOKEN}"\n')
    report = await here.doctor()
    shown = (await plain(here.folder, **TOKENS)).text + report.text + report.errors

    assert "[token]" in report.of("configuration", "file")
    assert not [secret for secret in (made.TOKEN, BOT_TOKEN, APP_TOKEN, "put-here-by-mistake") if secret in shown]


async def test_a_platform_that_cannot_be_reached_is_not_checked_and_that_alone_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(NOWHERE + PORTS, encoding="utf-8")
    report = await doctor(tmp_path, "--channel", made.CHANNEL, "--channel", "C1", **TOKENS)
    done = await plain(tmp_path, **TOKENS)
    subjects = {
        "discord": ("token", "servers", "intents", "commands", f"channel {made.CHANNEL}", "clock"),
        "slack": ("bot token", "app token", "scopes", "channel C1", "clock"),
    }

    for part, names in subjects.items():
        assert {report.of(part, name) for name in names} == {"not checked: offline"}
    assert report.code == 0
    assert "  token             not checked: offline\n" in done.text


async def test_a_platform_that_does_not_answer_in_time_is_not_waited_for(here: Here) -> None:
    here.discord.limit_rate("GET", "/users/@me", 600)
    report = await here.doctor()

    assert report.of("discord", "token") == "not checked: offline"
    assert report.of("slack", "bot token").startswith("ok")


async def test_a_missing_scope_is_named(here: Here) -> None:
    here.slack.scopes = ",".join(scope for scope in SCOPES if scope != "files:write")
    report = await here.doctor()

    assert to_do(report) == [("slack", "scopes")]
    assert "not granted: files:write. " in report.of("slack", "scopes")


async def test_commands_that_are_not_synced_are_named(here: Here) -> None:
    here.discord.commands = here.discord.commands[1:-1]
    report = await here.doctor()

    assert to_do(report) == [("discord", "commands")]
    assert "“Save this discussion”, /use. Start the bot" in report.of("discord", "commands")


async def test_a_bot_that_is_in_no_server_gets_its_invitation(here: Here) -> None:
    here.discord.application["approximate_guild_count"] = 0
    report = await here.doctor()

    assert to_do(report) == [("discord", "servers")]
    assert f"client_id={made.APPLICATION}" in report.of("discord", "servers")


async def test_a_channel_that_the_bot_may_not_see_says_what_to_give_it(here: Here) -> None:
    deny = {"id": made.APPLICATION, "type": 1, "allow": "0", "deny": str(1 << 10)}
    here.discord.guild["channels"][0]["permission_overwrites"] = [deny]
    here.discord.refuse("GET", "/channels/399999999999999999", 403, code=50001)
    here.discord.refuse("GET", "/channels/388888888888888888", 404, code=10003)
    channels = [made.CHANNEL, "399999999999999999", "388888888888888888"]
    report = await here.doctor(*[word for channel in channels for word in ("--channel", channel)])

    assert to_do(report) == [("discord", f"channel {channel}") for channel in channels]
    assert "Give it View Channel" in report.of("discord", f"channel {channels[0]}")
    assert "Give it View Channel" in report.of("discord", f"channel {channels[1]}")
    assert "no such channel" in report.of("discord", f"channel {channels[2]}")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal("channel_not_found"), "to do: the bot sees no such channel"),
        (Answer({"ok": True, "channel": {"name": "k", "is_member": False}}), "to do: #k: the bot is no member"),
        (Answer({"ok": True, "channel": {"name": "k", "is_archived": True}}), "to do: #k is archived"),
        (Answer({"ok": False, "error": "missing_scope", "needed": "channels:read"}), "not checked: Slack tells this"),
    ],
)
async def test_a_channel_of_slack_is_told_of_as_far_as_slack_tells(here: Here, answer: Answer, words: str) -> None:
    here.slack.answers("conversations.info", answer)
    report = await here.doctor("--channel", "C1")

    assert report.of("slack", "channel C1").startswith(words)


async def test_a_clock_that_is_wrong_is_told(here: Here) -> None:
    here.slack.date = format_datetime(now() - timedelta(minutes=10), usegmt=True)
    here.discord.date = format_datetime(now() + timedelta(hours=3), usegmt=True)
    report = await here.doctor()

    assert to_do(report) == [("discord", "clock"), ("slack", "clock")]
    assert "10 minutes ahead of" in report.of("slack", "clock")
    assert "3 hours behind" in report.of("discord", "clock")


async def test_in_http_mode_the_signing_secret_is_checked_by_its_shape(here: Here) -> None:
    right = await here.doctor(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=SECRET)
    wrong = await here.doctor(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="not-a-secret-of-slack")

    assert right.of("slack", "signing secret").startswith("ok: its shape is right")
    assert to_do(wrong) == [("slack", "signing secret")]
    assert SECRET not in right.text
    assert "not-a-secret-of-slack" not in wrong.text
