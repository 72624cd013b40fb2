"""The HTML file in a real Chromium: it asks nothing of anybody, runs nothing, can be read dark, and prints."""

import asyncio
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.archive.extracts import Extract
from bot.archive.inspection import opened_to_read
from bot.archive.selections import everything
from bot.export.forms import written
from tests.export.test_export import LIBRARY, SHOWN
from tests.export.world import at, fill
from tests.platforms.web.chromium import browser, needs_chromium  # noqa: F401 - a fixture

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    with ThreadPoolExecutor(1) as pool:  # the browser has this thread's event loop
        pool.submit(asyncio.run, fill(tmp_path / "a.db")).result()
    with opened_to_read(tmp_path / "a.db") as db:
        page = "".join(written(Extract(db, everything()), "html", LIBRARY, "Asia/Tokyo", at(60)))
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    return tmp_path / "page.html"


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_as_a_file_and_asks_nothing_of_anybody(browser: Browser, page_file: Path, scheme: str) -> None:  # noqa: F811 - the fixture
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 844})  # type: ignore[arg-type] # one of these
    page, asked, faults = context.new_page(), [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("dialog", lambda one: faults.append(one.message))
    page.on("console", lambda one: faults.append(one.text))
    page.goto(page_file.as_uri())
    expect(page.get_by_text(SHOWN)).to_be_visible()
    page.get_by_text("Before the edit").click()
    expect(page.get_by_text("What I said first")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    found = page.evaluate(f"() => {{ {AXE}; return window.axe.run() }}")
    context.close()

    assert (asked, faults, wide) == ([page_file.as_uri()], [], False)
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    assert [one["id"] for one in found["violations"]] == []


@needs_chromium
def test_it_prints_black_on_white_even_from_a_dark_machine(browser: Browser, page_file: Path) -> None:  # noqa: F811 - the fixture
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(page_file.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    looks = page.evaluate(
        "(({color, backgroundColor}) => [color, backgroundColor])(getComputedStyle(document.documentElement))"
    )
    context.close()

    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert any(b"Tj" in stream or b"TJ" in stream for stream in streams(printed))
    assert looks == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def streams(pdf: bytes) -> list[bytes]:
    """The streams of a PDF that can be unpacked."""
    found = []
    for one in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(one))
        except zlib.error:
            continue
    return found
