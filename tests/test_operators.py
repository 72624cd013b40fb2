"""docs/operators.md: its commands as they stand there, run on a scratch copy, and the files of deploy/."""

import configparser
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import aiohttp
import pytest

from bot.archive.database import connect
from bot.archive.schema import migrations
from bot.backfill import Progress
from bot.config import CLONE, TOKENS
from bot.metrics import Metrics
from bot.platforms.health import Health, State
from tests.platforms.web.conftest import Page
from tests.test_run import SLACK_TOKENS, Running, running

DOCUMENT = (CLONE / "docs" / "operators.md").read_text(encoding="utf-8")
DEPLOY = CLONE / "deploy"
MARKS = {"# tested", "# by hand", "# not tried"}
SETTINGS = ("[archive]", "DISCORD_TOKEN=")  # what is written into files, not typed
BEFORE = "m007_digests"
SAID = "Does the treaty of 1956 still bind anyone?"
TRIED = {
    "Installing",
    "Is it well?",
    "Backups",
    "Restoring",
    "Upgrading, and going back",
    "What to do when",
    "Once a month",
}

needs_programs = pytest.mark.skipif(
    not (shutil.which("sqlite3") and shutil.which("curl")), reason="sqlite3 and curl are not installed here"
)


@dataclass(frozen=True, slots=True)
class Block:
    """Commands that are typed together: under which heading, what is known of them, and they."""

    heading: str
    mark: str
    commands: str


def blocks(text: str) -> list[Block]:
    """Every block of the document that is indented as code is, but for what is written into files."""
    found, heading = [], ""
    for code, lines in groupby(text.splitlines(), lambda line: line.startswith("    ")):
        some = list(lines)
        heading = ([heading] + [line.removeprefix("## ") for line in some if line.startswith("## ")])[-1]
        if code and not some[0].strip().startswith(SETTINGS):
            mark, *commands = (line.strip() for line in some)
            found.append(Block(heading, mark, "\n".join(commands)))
    return found


def commands_of(heading: str) -> list[Block]:
    return [block for block in blocks(DOCUMENT) if block.heading == heading and block.mark == "# tested"]


def do(block: Block, folder: Path, port: int = 8080) -> str:
    """Run a block as it stands, on this folder in place of the machine's; returns what it prints."""
    commands = block.commands
    for theirs, ours in (
        ("runuser -u readalong -- ", ""),
        ("-o readalong -g readalong ", ""),
        ("/opt/readalong/.venv/bin/readalong", f"{sys.executable} -m bot"),
        ("/opt/readalong", str(CLONE)),
        ("/var/lib/readalong", str(folder)),
        ("/etc/readalong", str(folder)),
        ("/var/backups/readalong", str(backups(folder))),
        ("127.0.0.1:8080", f"127.0.0.1:{port}"),
    ):
        commands = commands.replace(theirs, ours)
    environ = {**os.environ, **dict.fromkeys(TOKENS, ""), "READALONG_CONFIG": "", "PYTHONPATH": str(CLONE)}
    done = subprocess.run(["/bin/sh", "-euc", commands], capture_output=True, text=True, check=False, env=environ)  # noqa: S603 - the document's own commands
    assert done.returncode == 0, f"{block.commands}\n{done.stdout}{done.stderr}"
    return done.stdout


def backups(folder: Path) -> Path:
    made = folder / "backups"
    made.mkdir(exist_ok=True)
    return made


def put_aside(folder: Path) -> Path:
    (aside,) = folder.glob("readalong.db.aside-*")
    return aside


def whole(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as db:
        return bool(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


def said(file: Path) -> list[str]:
    """What members said, of a database that nobody writes."""
    with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as db:
        return [row[0] for row in db.execute("SELECT text FROM messages WHERE NOT ours").fetchall()]


async def port_of(bot: Running) -> int:
    """The port of the local page, once it answers; only then is it told to stop in peace."""
    address = (await bot.says("Readalong is open on")).split()[4]
    async with aiohttp.ClientSession() as session, session.get(f"{address}healthz") as response:
        assert response.status == 200
    return int(address.rstrip("/").rpartition(":")[2])


async def say(port: int, person: str, words: str) -> None:
    """Somebody says something on the local page."""
    async with (
        aiohttp.ClientSession() as session,
        Page(f"http://127.0.0.1:{port}", session).visited(person) as visit,
    ):
        await visit.say(words)


async def stop(bot: Running) -> None:
    bot.process.send_signal(signal.SIGTERM)
    assert await bot.process.wait() == 0


def test_every_block_says_whether_it_is_tested_and_those_that_are_stand_under_headings_tested_here() -> None:
    found = blocks(DOCUMENT)

    assert {block.mark for block in found} == MARKS
    assert {block.heading for block in found if block.mark == "# tested"} == TRIED
    assert "```" not in DOCUMENT


@needs_programs
async def test_the_doctor_finds_the_machine_ready(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\nport = 0\n", encoding="utf-8")
    (tmp_path / "tokens.env").write_text("", encoding="utf-8")
    (block,) = commands_of("Installing")

    assert "Nothing needs doing" in do(block, tmp_path)


@needs_programs
async def test_a_running_bot_is_asked_how_it_is_and_backed_up_and_restored(tmp_path: Path) -> None:
    """Three ways to back up while it runs; after the restore the bot holds what was said until then, and no more."""
    async with running(tmp_path, "") as bot:
        port = await port_of(bot)
        await say(port, "mo", "/readalong save what:channel")
        await say(port, "mina", SAID)
        (well,) = commands_of("Is it well?")
        asked = do(well, tmp_path, port)
        shutil.copy(tmp_path / "readalong.db", tmp_path / "copied.db")
        printed = [do(block, tmp_path) for block in commands_of("Backups")]
        await say(port, "mina", "What was said since the backup.")
        bot.process.kill()  # so that a -wal is left behind
    made = sorted(backups(tmp_path).glob("*.db"))

    assert '"status": "ok"' in asked
    assert "readalong_commands_total{" in asked
    assert len(made) == 3
    assert any(made[1].name in text for text in printed)
    assert all(said(file) == [SAID] and file.stat().st_mode & 0o777 == 0o600 for file in made)
    assert said(tmp_path / "copied.db") == []  # as the document warns: what is in -wal alone is missing

    check, put = commands_of("Restoring")
    assert do(check, tmp_path).startswith("ok\n2|")
    assert "is what" in do(put, tmp_path)
    async with running(tmp_path, "") as bot:
        await port_of(bot)
        await stop(bot)
    assert said(tmp_path / "readalong.db") == [SAID]
    assert whole(put_aside(tmp_path) / "readalong.db")
    (monthly,) = commands_of("Once a month")
    assert do(monthly, tmp_path).startswith("ok\n2|")


@needs_programs
async def test_going_back_takes_the_copy_from_before_the_tables_were_changed(tmp_path: Path) -> None:
    file = tmp_path / "readalong.db"
    with closing(connect(file)) as db:
        migrations.apply(db, stop_before=BEFORE)
        pending = migrations.pending(db)
    async with running(tmp_path, "") as bot:
        await port_of(bot)
        await stop(bot)
    with closing(connect(file)) as db:
        assert not migrations.pending(db)

    (back,) = commands_of("Upgrading, and going back")
    do(back, tmp_path)

    with closing(connect(file)) as db:
        assert migrations.pending(db) == pending
    assert file.stat().st_mode & 0o777 == 0o600


@needs_programs
async def test_a_full_disk_and_a_damaged_database_are_looked_at(tmp_path: Path) -> None:
    async with running(tmp_path, "") as bot:
        await port_of(bot)
        disk, damage = commands_of("What to do when")
        assert str(tmp_path) in do(disk, tmp_path)
        assert do(damage, tmp_path) == "ok\n"


@needs_programs
def test_a_backup_that_is_damaged_does_not_replace_a_good_one(tmp_path: Path) -> None:
    file, folder = tmp_path / "readalong.db", backups(tmp_path)
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE words (word TEXT)")
        db.execute("CREATE INDEX idx_words ON words(word)")
        db.execute("INSERT INTO words VALUES ('treaty')")
        db.commit()
    backup = [str(DEPLOY / "backup.sh"), str(file), str(folder)]
    subprocess.run(backup, check=True)  # noqa: S603 - our own script
    file.write_bytes(file.read_bytes().replace(b"treaty", b"treasy", 1))  # the index says otherwise now
    after = subprocess.run(backup, capture_output=True, check=False)  # noqa: S603 - our own script
    missing = subprocess.run([backup[0], str(tmp_path / "no.db"), backup[2]], capture_output=True, check=False)  # noqa: S603 - our own script
    (copy,) = folder.glob("*.db")

    assert after.returncode != 0
    assert b"no database" in missing.stderr
    assert not (tmp_path / "no.db").exists()
    assert whole(copy)


def test_every_field_of_health_and_every_metric_is_explained() -> None:
    health, metrics = Health(), Metrics()
    health.set("discord", State.CONNECTED)
    health.set_backfill("discord", Progress())
    metrics.answered("quote", "discord", "ok", 0.1)
    metrics.reading_back("discord", health.backfills["discord"])
    told = health.as_json()
    fields = {*told, *told["platforms"]["discord"], *told["backfill"]["discord"]}
    names = set(re.findall(r"^(readalong\w+?)(?:_bucket|_sum|_count)?{", metrics.text().decode(), re.MULTILINE))

    rows = [line.split("|")[1] for line in DOCUMENT.splitlines() if line.startswith("|")]
    explained = {name for first in rows for name in re.findall(r"`(\w+)`", first)}

    assert [name for name in sorted(fields | names) if name not in explained] == []
    assert all(f"`{state}`" in DOCUMENT for state in State)
    assert len(names) == 5


def test_the_units_are_as_systemd_wants_them(tmp_path: Path) -> None:
    """`systemd-analyze verify` names whatever it does not know in one of them, or can't run."""
    units = [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]
    for unit in units:
        text = unit.read_text(encoding="utf-8").replace("/opt/readalong/.venv/bin/readalong", sys.executable)
        (tmp_path / unit.name).write_text(text.replace("/opt/readalong", str(CLONE)), encoding="utf-8")
        parser = configparser.RawConfigParser()
        parser.read_string(text)
        assert parser.has_section("Unit")
    if analyze := shutil.which("systemd-analyze"):
        files = [str(tmp_path / unit.name) for unit in units]
        done = subprocess.run([analyze, "verify", "--man=no", *files], capture_output=True, text=True, check=False)  # noqa: S603 - our own files
        assert [line for line in done.stderr.splitlines() if "readalong" in line] == []


def test_the_unit_runs_the_bot_without_rights_and_without_a_token_in_it() -> None:
    unit = configparser.RawConfigParser()
    unit.read(DEPLOY / "readalong.service")
    service = unit["Service"]

    assert service["user"] == "readalong"
    assert service["environmentfile"] == "/etc/readalong/tokens.env"
    assert (service["protectsystem"], service["nonewprivileges"], service["umask"]) == ("strict", "yes", "0077")
    assert not any(name in (DEPLOY / "readalong.service").read_text(encoding="utf-8") for name in TOKENS)


def test_the_image_takes_only_what_the_bot_needs_and_runs_as_nobody_special() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    copied = {name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]}
    kept = (CLONE / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert all((CLONE / name).exists() for name in copied)
    assert {line[1:] for line in kept if line.startswith("!")} == copied | {"content/kuril-question/source.txt"}
    assert kept.index("content/*/source.txt") > kept.index("!content")
    assert lines.index("USER readalong") < lines.index('CMD ["run"]')
    assert not any(name in line for line in lines for name in (*TOKENS, *SLACK_TOKENS, "ENV ", "ARG "))
