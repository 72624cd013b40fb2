"""`readalong browse`: the real Datasette in a process of its own, on loopback, asked over HTTP."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.archive.research import NOBODYS_BUSINESS, QUESTIONS
from bot.config import CLONE
from tests.cli.test_cli import readalong
from tests.export.world import EARLIER, fill

SECONDS = 60


class Browsed:
    """The pages behind the address that was printed."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address = address
        self.root = address.partition("?")[0]
        self._session = session

    async def get(self, path: str) -> tuple[int, str]:
        async with self._session.get(f"{self.root}{path}") as response:
            return response.status, await response.text()

    async def rows(self, path: str, **values: str) -> list[dict[str, Any]]:
        async with self._session.get(f"{self.root}{path}.json", params={"_shape": "array", **values}) as response:
            found: list[dict[str, Any]] = await response.json()
            return found


@asynccontextmanager
async def browsing(folder: Path) -> AsyncIterator[Browsed]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "browse", "--port", "0", cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CLONE), "READALONG_CONFIG": "", "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout
        said = await asyncio.wait_for(process.stdout.readline(), SECONDS)
        address = said.decode().split()[-1]
        jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address that is a number
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            yield Browsed(address, session)
        process.send_signal(signal.SIGINT)
        _, errors = await asyncio.wait_for(process.communicate(), SECONDS)
        assert (process.returncode, b"Traceback" in errors) == (0, False)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    await fill(tmp_path / "a.db")
    (tmp_path / "config.toml").write_text('[archive]\npath = "a.db"\n', encoding="utf-8")
    return tmp_path


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_only_who_has_the_printed_address_sees_anything(folder: Path) -> None:
    async with browsing(folder) as browsed:
        without = await browsed.get("readalong/messages")
        wrong = await browsed.get("?key=wrong")
        home = await browsed.get(browsed.address.removeprefix(browsed.root))
        after = await browsed.get("readalong/messages")

    assert browsed.root.startswith("http://127.0.0.1:")
    assert (without[0], wrong[0]) == (403, 403)
    assert "Open the address" in without[1]
    assert (home[0], after[0]) == (200, 200)
    assert "the saved discussions" in home[1]


async def test_the_pages_have_a_search_box_links_and_descriptions(folder: Path) -> None:
    async with browsing(folder) as browsed:
        await browsed.get(browsed.address.removeprefix(browsed.root))
        _, page = await browsed.get("readalong/messages")
        found = await browsed.rows("readalong/messages", _search="treaty")
        _, home = await browsed.get("readalong")

    assert 'type="search" name="_search"' in page
    assert ">Mina</a>" in page
    assert "One that was deleted keeps its row" in page
    assert "the text as it stands" in page
    assert {one["platform_id"] for one in found} == {"m1", "m6", "7.000100"}
    assert all(question.title in home for question in QUESTIONS.values())


async def test_every_question_of_a_researcher_is_answered(folder: Path) -> None:
    async with browsing(folder) as browsed:
        await browsed.get(browsed.address.removeprefix(browsed.root))
        answered = {name: await browsed.rows(f"readalong/{name}") for name in QUESTIONS}
        none = await browsed.rows("readalong/threads_of_a_passage", reading="kuril-question", passage="portsmouth")
        some = await browsed.rows("readalong/threads_of_a_passage", reading="kuril-question", passage="two-names")

    assert [one["title"] for one in answered["threads_of_a_passage"]] == ["Only us", "Does <1956> bind?"]
    assert (none, [one["messages"] for one in some]) == ([], [2])
    assert [(one["passage"], one["messages"]) for one in answered["quoted_passages"]] == [("two-names", 1)]
    assert [(one["day"], one["messages"], one["people"]) for one in answered["busiest_days"]] == [("2026-11-20", 4, 4)]
    assert [tuple(one.values()) for one in answered["who_answers_whom"]] == [("Jun", "Mina", 1)]
    assert [one["who"] for one in answered["unanswered"]] == ["Jun"]
    assert [one["earlier"] for one in answered["edits"]] == [EARLIER]


async def test_nothing_is_changed_and_what_is_nobodys_business_is_refused(folder: Path) -> None:
    before = files_in(folder)
    async with browsing(folder) as browsed:
        await browsed.get(browsed.address.removeprefix(browsed.root))
        _, home = await browsed.get("readalong")
        pages = {(await browsed.get(f"readalong/{name}"))[0] for name in NOBODYS_BUSINESS}
        asked = [await browsed.get(f"readalong.json?sql=select+*+from+{name}") for name in ("buttons", "suppressed")]
        count, _ = await browsed.get("readalong.json?sql=select+count(*)+from+suppressed")
        download, _ = await browsed.get("readalong.db")
        written, _ = await browsed.get("readalong.json?sql=delete+from+messages")

    assert not [name for name in NOBODYS_BUSINESS if f"/readalong/{name}" in home]
    assert pages == {403}
    assert all(status == 400 and "prohibited" in said for status, said in asked)
    assert (count, download, written) == (400, 403, 400)
    assert files_in(folder) == before


async def test_what_is_written_meanwhile_is_seen(folder: Path) -> None:
    async with browsing(folder) as browsed:
        await browsed.get(browsed.address.removeprefix(browsed.root))
        before = await browsed.rows("readalong/edits")
        with sqlite3.connect(folder / "a.db") as db:
            db.execute("DELETE FROM revisions")
        db.close()
        after = await browsed.rows("readalong/edits")

    assert (len(before), after) == (1, [])


def test_without_datasette_it_says_how_to_have_it(folder: Path) -> None:
    (folder / "uvicorn.py").write_text("raise ImportError", encoding="utf-8")
    done = readalong(folder, "browse", PYTHONPATH=f"{folder}{os.pathsep}{CLONE}")

    assert done.returncode == 1
    assert "pip install" in done.stderr


def test_without_a_database_or_on_a_taken_port_it_says_what_to_do(folder: Path) -> None:
    (folder / "config.toml").write_text('[archive]\npath = "none.db"\n', encoding="utf-8")
    done = readalong(folder, "browse")

    assert (done.returncode, "There is no database" in done.stderr) == (1, True)
