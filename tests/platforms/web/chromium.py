"""The real page in a real Chromium: `readalong run` as a process, and a browser that may go nowhere else."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from bot.config import CLONE, TOKENS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_CHROMIUM = "Chromium is not installed, so the page was not tried in a browser (apt install chromium)"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS = 20
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}

expect.set_options(timeout=SECONDS * 1000)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)


@dataclass
class Served:
    """A running `readalong run` without tokens, with a database in `folder`. It can be stopped and started again."""

    folder: Path
    address: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> Self:
        """Start it, at the address that it had before if it had one."""
        port = self.address.rstrip("/").rpartition(":")[2] or "0"
        settings = f"[readings]\npath = 'content'\n[web]\nport = {port}\n[replies]\ncooldown = 0\n"
        (self.folder / "config.toml").write_text(settings, encoding="utf-8")
        environ = {name: value for name, value in os.environ.items() if name not in {*TOKENS, "READALONG_CONFIG"}}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=self.folder,
            env={**environ, "PYTHONPATH": str(CLONE)},
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stderr
        found = re.search(r"http://\S+/", said := self.process.stderr.readline())
        assert found, said
        self.address = found[0]
        return self

    def pause(self) -> None:
        """Let it stand still, so that nothing is answered until `go_on`."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer what was asked meanwhile."""
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop it, and wait for its end."""
        self.go_on()
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=SECONDS)

    def add_message(self, channel: str, words: str) -> None:
        """Put what Jun said into the database, while it is stopped."""
        columns = "channel, thread, person, how, words, reply, only_for, written_at"
        row = (channel, 0, "jun", "said", words, "", "", "2026-11-10T09:00:00Z")
        with closing(sqlite3.connect(self.folder / "readalong.db")) as db, db:
            db.execute(f"INSERT INTO local_messages ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608 - fixed words


@dataclass
class Window:
    """One window of the browser on the page. What it should never do is in `faults`."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda one: self.faults.append(one.text) if one.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda one: self._went(one.url))
        self.page.on("websocket", lambda one: self._went(one.url.replace("ws:", "http:")))
        self.page.on("dialog", lambda one: self.faults.append(one.message))

    def _went(self, url: str) -> None:
        if not url.startswith(self.address):
            self.faults.append(f"asked {url}")

    @property
    def words(self) -> Locator:
        """The message field."""
        return self.page.get_by_role("combobox", name="Message")

    @property
    def log(self) -> Locator:
        """The messages of the room."""
        return self.page.get_by_role("log")

    @property
    def messages(self) -> Locator:
        """Each message of the room."""
        return self.log.locator("article")

    @property
    def status(self) -> Locator:
        """The status line."""
        return self.page.get_by_role("status")

    @property
    def choices(self) -> Locator:
        """The completions that are offered."""
        return self.page.get_by_role("listbox", name="Completions").get_by_role("option")

    def type(self, words: str) -> None:
        """Type into the message field, and send it."""
        self.words.fill(words)
        self.words.press("Enter")
        expect(self.words).to_have_value("")

    def play(self, person: str) -> None:
        """Choose whom this window plays."""
        self.page.get_by_label("You are").select_option(label=person)

    def last(self, words: str) -> None:
        """Wait until the last message has these words."""
        expect(self.messages.last).to_contain_text(words)

    def enter(self, room: str) -> None:
        """Follow a link of the side, and wait until that room is there."""
        link = self.page.get_by_role("navigation").get_by_role("link", name=room)
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        expect(self.log).to_have_attribute("aria-busy", "false")

    def press(self, button: str) -> None:
        """Press the first button of this name."""
        self.page.get_by_role("button", name=button).first.click()

    def scroll_up(self) -> None:
        """Go to the beginning of what is in the room, and wait until the page has seen that."""
        self.log.evaluate(
            "one => new Promise((done) => { one.addEventListener('scroll', done, { once: true }); one.scrollTop = 0 })"
        )

    def scrolled(self) -> float:
        """How far down the room's messages are scrolled."""
        return float(self.log.evaluate("one => one.scrollTop"))

    def forget_lost_connections(self) -> None:
        """A browser says on its console that a socket could not be opened, which a test may have wanted."""
        self.faults = [one for one in self.faults if "WebSocket connection" not in one]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    content = tmp_path / "content"
    shutil.copytree(CLONE / "content", content, ignore=shutil.ignore_patterns("source.txt"))
    shutil.copy(CLONE / "content" / "kuril-question" / "source.txt", content / "kuril-question")
    made = Served(tmp_path).start()
    yield made
    made.stop()


@contextmanager
def opened(browser: Browser, served: Served, size: str = "desktop", **settings: object) -> Iterator[Window]:
    """The page in a window of its own; it must have made no fault when the block ends."""
    scheme = "dark" if size == "phone" else "light"
    context: BrowserContext = browser.new_context(
        **{"viewport": SIZES[size], "color_scheme": scheme, **settings}  # type: ignore[arg-type] # many types of settings
    )
    try:
        window = Window(context.new_page(), served.address)
        window.page.goto(served.address)
        expect(window.page.get_by_role("log")).to_have_attribute("aria-busy", "false")
        yield window
        assert window.faults == []
    finally:
        context.close()
