"""`readalong doctor` as an operator runs it: a process of its own, on files that are well and not."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.archive.database import Database
from bot.config import CLONE
from tests.cli.doctoring import PORTS, TOKENS, Here, contents, doctor, here, plain, to_do
from tests.servers import discord_payloads as made
from tests.servers.slack import APP_TOKEN, Answer
from tests.test_run import reach, running

__all__ = ["here"]  # a fixture of these tests


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

    assert any(line.startswith("  scopes            TO DO: not granted: app_mentions:read,") for line in lines)
    assert lines[-1].startswith("1 thing to do; 2 not checked, ")
    assert "\x1b" not in done.text
    assert [line for line in lines if len(line) > 80 and "/" not in line] == []
    assert done.code == 1


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
