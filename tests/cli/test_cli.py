"""The command line as a person calls it: in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import CLONE

TOKENS = ("DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "READALONG_CONFIG")
MOST_SECONDS = 60


def readalong(folder: Path, *arguments: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `readalong` in that folder, without anybody's tokens."""
    clean = {name: value for name, value in os.environ.items() if name not in TOKENS}
    return subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(CLONE), **environ},
        input=typed,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )


def test_say_prints_a_topic_with_its_voices_labelled(tmp_path: Path) -> None:
    done = readalong(tmp_path, "say", "/kurils")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("The Kuril Islands   Reading: Japan and Russia, 2016")
    assert "¶3  " in done.stdout
    assert "Background\n" in done.stdout
    assert done.stdout.index("¶3") < done.stdout.index("Background")
    assert "[1] Quote" in done.stdout


def test_say_prints_each_platforms_payload_and_the_reply_as_json(tmp_path: Path) -> None:
    discord = json.loads(readalong(tmp_path, "say", "/kurils", "--as", "discord").stdout)
    slack = json.loads(readalong(tmp_path, "say", "/kurils", "--as", "slack").stdout)
    web = json.loads(readalong(tmp_path, "say", "/kurils", "--as", "web").stdout)
    reply = json.loads(readalong(tmp_path, "say", "/kurils", "--json").stdout)

    assert (web["title"], web["picture"]["src"][:10]) == ("The Kuril Islands", "/pictures/")
    assert discord["embeds"][0]["title"] == "The Kuril Islands"
    assert slack["blocks"][0] == {
        "type": "header",
        "text": {"type": "plain_text", "text": "The Kuril Islands", "emoji": False},
    }
    assert {part["voice"] for part in reply["parts"]} == {"reading", "background"}


def test_say_exits_1_when_refused_and_2_when_misused(tmp_path: Path) -> None:
    refused = readalong(tmp_path, "say", "/use kuril-question")
    misused = readalong(tmp_path, "say", "--as", "telegram", "/kurils")

    assert (refused.returncode, misused.returncode) == (1, 2)
    assert readalong(tmp_path, "say", "--json", "--as", "slack", "/kurils").returncode == 2
    assert "Only moderators" in refused.stdout
    assert readalong(tmp_path, "say", "--moderator", "/use kuril-question").returncode == 0
    assert "The Kuril question" in readalong(tmp_path, "say", "/summary").stdout


def test_chat_answers_piped_lines_and_presses_buttons_by_their_number(tmp_path: Path) -> None:
    done = readalong(tmp_path, "chat", typed="/quote\n1\nkurils\n\n/quit\n/summary\n")

    assert done.returncode == 0, done.stderr
    assert "Quotation 1 of" in done.stdout
    assert "Quotation 2 of" in done.stdout
    assert "The Kuril Islands" in done.stdout
    assert "three sentences" not in done.stdout
    assert readalong(tmp_path, "chat", typed="/kurlis\n").returncode == 1


def test_a_broken_configuration_is_told_line_by_line_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('log_level = "loud"\n[discrod]\n[web]\nport = "x"\n', encoding="utf-8")
    done = readalong(tmp_path, "say", "/kurils")

    assert done.returncode == 1
    assert done.stdout == ""
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == ["1", "2", "4"]


def test_a_default_that_is_no_reading_is_refused_with_those_that_are(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[readings]\ndefault = "japan"\n', encoding="utf-8")
    done = readalong(tmp_path, "say", "/summary")

    assert done.returncode == 1
    assert "There are: japan-russia-2016, kuril-question." in done.stderr


def test_half_of_slacks_tokens_is_a_sentence_without_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = readalong(tmp_path, "run", SLACK_BOT_TOKEN="xoxb-1")

    assert done.returncode == 1
    assert done.stderr.startswith("Slack needs SLACK_APP_TOKEN")


def test_bytes_that_are_no_text_on_a_pipe_are_one_odd_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CLONE), "PYTHONIOENCODING": "utf-8:strict"},
        input=b"\xff/help\n/about\n",
        capture_output=True,
        timeout=MOST_SECONDS,
        check=False,
    )

    assert b"About Readalong" in done.stdout
    assert b"Something went wrong" not in done.stdout + done.stderr


def test_a_broken_reading_is_told_and_the_good_one_goes_on(tmp_path: Path) -> None:
    shutil.copytree(CLONE / "content", tmp_path / "content")
    (tmp_path / "content" / "japan-russia-2016" / "quotes.toml").write_text("[[quote]]\nwords = 5\n", encoding="utf-8")
    (tmp_path / "config.toml").write_text('[readings]\npath = "content"\n', encoding="utf-8")
    said = readalong(tmp_path, "say", "/summary")
    checked = readalong(tmp_path, "readings", "check")

    assert said.returncode == 0
    assert "The Kuril question" in said.stdout
    assert checked.returncode == 1
    assert "quotes.toml:2: " in checked.stdout + checked.stderr
    assert "Traceback" not in said.stderr + checked.stderr


def test_a_database_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "readalong.db").write_text("this is no database, " * 100, encoding="utf-8")
    done = readalong(tmp_path, "say", "/kurils")

    assert done.returncode == 1
    assert "can't be opened" in done.stderr
    assert "Traceback" not in done.stderr


def test_readings_are_listed_checked_and_a_copy_is_attached(tmp_path: Path) -> None:
    shutil.copytree(CLONE / "content" / "kuril-question", tmp_path / "content" / "kuril-question")
    copy = tmp_path / "copy.txt"
    (tmp_path / "content" / "kuril-question" / "source.txt").rename(copy)
    (tmp_path / "config.toml").write_text('[readings]\npath = "content"\n', encoding="utf-8")

    assert "not attached" in readalong(tmp_path, "readings", "list").stdout
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("Another text altogether.\n", encoding="utf-8")
    assert readalong(tmp_path, "readings", "attach", "kuril-question", str(wrong)).returncode == 1
    done = readalong(tmp_path, "readings", "attach", "kuril-question", str(copy))
    assert done.returncode == 0, done.stderr
    assert "byte for byte" in done.stdout
    assert readalong(tmp_path, "readings", "check").returncode == 0
    assert "Verified against" in readalong(tmp_path, "say", "/quote").stdout
    assert readalong(tmp_path, "readings", "attach", "nothing", str(copy)).returncode == 1


def test_fingerprints_of_a_text_are_printed_for_writers_of_readings(tmp_path: Path) -> None:
    done = readalong(tmp_path, "readings", "fingerprints", str(CLONE / "content" / "kuril-question" / "source.txt"))

    wanted = (CLONE / "content" / "kuril-question" / "reading.toml").read_text(encoding="utf-8")
    fingerprints = [line.split()[1] for line in done.stdout.splitlines()[:-1]]
    assert sum(fingerprint in wanted for fingerprint in fingerprints) == 10


@pytest.mark.parametrize("platform", ["slack", "discord"])
def test_the_manifests_are_printed(platform: str, tmp_path: Path) -> None:
    done = readalong(tmp_path, "manifest", platform)

    assert done.returncode == 0, done.stderr
    assert "kurils" in done.stdout


@pytest.mark.parametrize("address", ["banana", "http://bot.example.org", "https://1.2.3.4", "https://localhost"])
def test_an_address_that_slack_cannot_call_is_misuse(address: str, tmp_path: Path) -> None:
    done = readalong(tmp_path, "manifest", "slack", "--http", address)

    assert done.returncode == 2
    assert "https://bot.example.org" in done.stderr


def test_slacks_http_manifest_names_the_one_path_that_it_calls(tmp_path: Path) -> None:
    made = json.loads(readalong(tmp_path, "manifest", "slack", "--http", "https://bot.example.org/").stdout)

    assert made["settings"]["interactivity"]["request_url"] == "https://bot.example.org/slack/events"


def test_every_command_has_help(tmp_path: Path) -> None:
    for command in ("run", "chat", "say", "readings", "manifest", "doctor"):
        done = readalong(tmp_path, command, "--help")
        assert done.returncode == 0
        assert len(done.stdout.splitlines()) > 4
