"""`readalong doctor` as an operator runs it: a process of its own, both real clients, servers on this machine."""

import asyncio
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

import commands
from bot.archive.database import Database
from bot.config import CLONE, Config
from bot.platforms.discord.manifest import commands as discord_commands
from bot.platforms.slack.manifest import SCOPES
from bot.readings.library import Library
from bot.registry import Registry
from bot.times import now
from tests.servers import discord_payloads as made
from tests.servers.discord import DiscordServer
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, Answer, SlackServer, refusal
from tests.test_run import reach, running

SECONDS = 60
SECRET = "0123456789abcdef" * 2
TOKENS = {
    "DISCORD_TOKEN": made.TOKEN,
    "SLACK_BOT_TOKEN": BOT_TOKEN,
    "SLACK_APP_TOKEN": APP_TOKEN,
    "SLACK_SIGNING_SECRET": "",
}
PORTS = "[web]\nport = 0\npublic_port = 0\n"
NOWHERE = '[discord]\napi_url = "http://127.0.0.1:1/api/v10"\n[slack]\napi_url = "http://127.0.0.1:1/api/"\n'


@dataclass
class Report:
    """What a run of the doctor printed."""

    code: int
    text: str
    errors: str
    findings: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def of(self, part: str, subject: str) -> str:
        """State and words of one thing, one line for each finding."""
        return "\n".join(self.findings[part, subject])


async def doctor(folder: Path, *arguments: str, **environ: str) -> Report:
    """Run it in that folder, as JSON, without anybody's tokens but those given."""
    done = await plain(folder, "--json", *arguments, **environ)
    if done.text:
        for one in json.loads(done.text)["findings"]:
            done.findings.setdefault((one["part"], one["subject"]), []).append(f"{one['state']}: {one['words']}")
    return done


async def plain(folder: Path, *arguments: str, **environ: str) -> Report:
    """Run it in that folder as a person would."""
    clean = {**os.environ, **dict.fromkeys(TOKENS, ""), "READALONG_CONFIG": "", "PYTHONPATH": str(CLONE), **environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "doctor", *arguments,
        cwd=folder, env=clean, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode is not None
    return Report(process.returncode, out.decode(), err.decode())


@dataclass
class Here:
    """A folder with a configuration that points at both servers, all being well."""

    folder: Path
    discord: DiscordServer
    slack: SlackServer

    def configure(self, more: str = PORTS) -> None:
        """Write the configuration, with more of it."""
        slack = f'[slack]\napi_url = "{self.slack.api_url}"\n'
        (self.folder / "config.toml").write_text(f"{reach(self.discord)}{slack}{more}", encoding="utf-8")

    async def doctor(self, *arguments: str, **environ: str) -> Report:
        """Run it with every token that is needed."""
        return await doctor(self.folder, *arguments, **{**TOKENS, **environ})


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    async with DiscordServer.running() as discord, SlackServer.running() as slack:
        slack.scopes = ",".join(SCOPES)
        discord.guild["roles"][0]["permissions"] = str(1 << 10)
        library = Library.load(CLONE / "content")
        sent = discord_commands(Registry.of(commands, library), Config())
        discord.commands = [made.held_command(one, made.APPLICATION) for one in sent]
        found = Here(tmp_path, discord, slack)
        found.configure()
        yield found


def contents(folder: Path) -> dict[str, bytes]:
    """Every file with what is in it."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def to_do(report: Report) -> list[tuple[str, str]]:
    """What needs doing."""
    return [about for about, found in report.findings.items() if any(one.startswith("to do") for one in found)]


async def test_when_all_is_well_nothing_needs_doing(here: Here) -> None:
    slack_knows = {"ok": True, "channel": {"id": "C1", "name": "kurils", "is_member": True}}
    here.slack.answers("conversations.info", Answer(slack_knows))
    report = await here.doctor("--channel", made.CHANNEL, "--channel", made.THREAD, "--channel", "C1")

    assert (to_do(report), report.code, report.errors) == ([], 0, "")
    assert report.of("discord", "token").startswith("ok: Discord knows it as readalong")
    assert report.of("discord", "commands").startswith("ok: all ")
    assert report.of("discord", f"channel {made.CHANNEL}").startswith("ok: #study")
    assert report.of("discord", f"channel {made.THREAD}").startswith("ok: #chapter 3")
    assert report.of("discord", "clock").startswith("ok")
    assert report.of("slack", "bot token") == "ok: Slack knows it as readalong, in Study group"
    assert report.of("slack", "app token").startswith("ok")
    assert report.of("slack", "scopes").startswith("ok")
    assert report.of("slack", "channel C1").startswith("ok: #kurils")
    assert report.of("slack", "clock").startswith("ok")
    assert report.of("database", "file").endswith("will be made at the first run")
    assert not (here.folder / "readalong.db").exists()
    assert not [call for call in here.discord.requests if call.method != "GET"]


async def test_without_a_token_both_platforms_are_off_and_nothing_needs_doing(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\nport = 0\n", encoding="utf-8")
    before = contents(tmp_path)
    report = await doctor(tmp_path)

    assert (to_do(report), report.code) == ([], 0)
    assert report.of("discord", "token").startswith("off")
    assert report.of("slack", "token").startswith("off")
    assert contents(tmp_path) == before


async def test_it_is_readable_on_eighty_columns_and_ends_with_a_summary(here: Here) -> None:
    here.slack.scopes = "chat:write"
    done = await plain(here.folder, **TOKENS)
    lines = done.text.splitlines()

    assert "  scopes            TO DO: not granted: app_mentions:read, commands," in lines
    assert lines[-1].startswith("1 thing to do; 2 not checked, ")
    assert "\x1b" not in done.text
    assert [line for line in lines if len(line) > 80 and "/" not in line] == []
    assert done.code == 1


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
    here.discord.commands = here.discord.commands[2:]
    report = await here.doctor()

    assert to_do(report) == [("discord", "commands")]
    assert "/about, /ask. Start the bot" in report.of("discord", "commands")


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


async def test_every_mistake_of_the_configuration_is_a_line_and_the_rest_is_checked(here: Here) -> None:
    here.configure('[web]\nport = "x"\npublic_port = 0\n[discrod]\n[replies]\ncooldown = -1\n')
    report = await here.doctor()

    assert report.of("configuration", "file").count("to do: config.toml:") == 3
    assert "did you mean `discord`?" in report.of("configuration", "file")
    assert report.of("discord", "token").startswith("ok")
    assert report.of("slack", "bot token").startswith("ok")
    assert report.code == 1
    assert report.errors == ""


@pytest.mark.parametrize("text", ["[web\n", 'port = "', "\xff"])
async def test_a_configuration_that_is_no_toml_is_a_line_and_the_rest_is_checked(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(text.encode("latin-1"))
    report = await doctor(tmp_path)

    assert to_do(report)[0] == ("configuration", "file")
    assert report.of("readings", "default").startswith("ok")
    assert report.errors == ""


async def test_a_configuration_that_is_not_there_is_told(tmp_path: Path) -> None:
    report = await doctor(tmp_path, "--config", "nowhere.toml")

    assert "nowhere.toml" in report.of("configuration", "file")
    assert report.code == 1


async def test_half_of_slacks_tokens_is_told_and_the_rest_is_checked(here: Here) -> None:
    report = await here.doctor(SLACK_APP_TOKEN="")

    assert "SLACK_APP_TOKEN" in report.of("configuration", "tokens")
    assert report.of("slack", "bot token").startswith("ok")


async def test_a_file_with_tokens_that_others_can_read_is_told(here: Here) -> None:
    here.configure(f'app_token = "{APP_TOKEN}"\n{PORTS}')
    open_to_all = await here.doctor()
    (here.folder / "config.toml").chmod(0o600)
    private = await here.doctor()

    assert to_do(open_to_all) == [("configuration", "privacy")]
    assert to_do(private) == []


async def test_a_broken_reading_is_told_and_the_good_one_is_fine(here: Here) -> None:
    shutil.copytree(CLONE / "content", here.folder / "content")
    broken = here.folder / "content" / "japan-russia-2016"
    (broken / "quotes.toml").write_text("[[quote]]\nwords = 5\n", encoding="utf-8")
    here.configure(f'{PORTS}[readings]\npath = "content"\ndefault = "japan-russia-2016"\n')
    report = await here.doctor()

    assert "quotes.toml:2: " in report.of("readings", "japan-russia-2016")
    assert report.of("readings", "kuril-question").startswith("ok: 10 passages; the group's copy is attached")
    assert report.of("readings", "default").startswith("to do: [readings] default “japan-russia-2016” has mistakes")
    assert report.code == 1


async def test_a_folder_of_readings_that_is_not_there_is_told_and_the_rest_is_checked(here: Here) -> None:
    here.configure(f'{PORTS}[readings]\npath = "nowhere"\n')
    report = await here.doctor()

    assert to_do(report) == [("readings", "folder")]
    assert report.of("discord", "commands").startswith("not checked")
    assert report.of("slack", "bot token").startswith("ok")


async def test_a_topic_that_cannot_be_native_is_told(here: Here) -> None:
    shutil.copytree(CLONE / "content", here.folder / "content")
    topics = here.folder / "content" / "kuril-question" / "topics"
    topic = next(file for file in topics.glob("*.md") if "native" in file.read_text(encoding="utf-8"))
    topic.rename(topics / "summary.md")
    here.configure(f'{PORTS}[readings]\npath = "content"\n')
    report = await here.doctor()

    assert ("readings", "names") in to_do(report)
    assert "“summary” can't be native" in report.of("readings", "names")


async def test_a_database_of_a_newer_version_is_told(here: Here) -> None:
    database = Database.open(here.folder / "readalong.db")
    await database.write(
        lambda db: db.table("_sqlite_migrations").insert(
            {"migration_set": "readalong", "name": "m999_later", "applied_at": "2099-01-01"}
        )
    )
    database.close()
    report = await here.doctor()

    assert to_do(report) == [("database", "tables")]
    assert "newer Readalong" in report.of("database", "tables")


async def test_a_file_that_is_no_database_is_told_and_left_alone(here: Here) -> None:
    file = here.folder / "readalong.db"
    file.write_text("this is no database, " * 100, encoding="utf-8")
    report = await here.doctor()

    assert to_do(report) == [("database", "file")]
    assert "can't be opened (file is not a database)" in report.of("database", "file")
    assert file.read_text(encoding="utf-8") == "this is no database, " * 100
    assert contents(here.folder).keys() == {"config.toml", "readalong.db"}


async def test_a_running_readalong_is_known_by_its_lock_and_by_its_port(here: Here, unused_tcp_port: int) -> None:
    settings = f'{reach(here.discord)}[slack]\napi_url = "{here.slack.api_url}"'
    tokens: dict[str, Any] = {name: value for name, value in TOKENS.items() if value}
    async with running(here.folder, settings, port=str(unused_tcp_port), **tokens) as bot:
        await bot.says("platform name=discord", "state=connected")
        await bot.says("platform name=slack", "state=connected")
        report = await here.doctor()

        assert (to_do(report), report.code) == ([], 0)
        assert report.of("database", "file").endswith("can be written; a `readalong run` is using it")
        assert report.of("database", "settings") == "ok: journal WAL, synchronous FULL, foreign keys on"
        assert report.of("web", "port") == f"ok: 127.0.0.1:{unused_tcp_port} is the running Readalong's"


async def test_a_terminal_that_cannot_show_what_the_bot_prints_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[readings]\ndefault = "日本"\n', encoding="utf-8")
    done = await plain(tmp_path, PYTHONIOENCODING="ascii")

    assert "  encoding          TO DO: " in done.text
    assert "default ???? is no reading here" in done.text
    assert done.code == 1


@pytest.mark.parametrize("arguments", [["--channel", "general"], ["--what"], ["--channel"]])
async def test_misuse_exits_2(arguments: list[str], tmp_path: Path) -> None:
    done = await plain(tmp_path, *arguments)

    assert (done.code, done.text) == (2, "")


async def test_a_look_changes_nothing(here: Here) -> None:
    """Neither a database that is closed, nor one that another program left in another mode."""
    file = here.folder / "readalong.db"
    Database.open(file).close()
    other = sqlite3.connect(here.folder / "other.db")
    other.execute("CREATE TABLE notes (words TEXT)")
    other.close()
    before = contents(here.folder)
    first = await here.doctor()
    here.configure(f'{PORTS}[archive]\npath = "other.db"\n')
    second = await here.doctor()
    (here.folder / "config.toml").write_bytes(before["config.toml"])

    assert first.of("database", "tables") == "ok: up to date"
    assert second.of("database", "tables").startswith("ok: the next start of the bot makes ")
    assert contents(here.folder) == before
