"""The pictures of the local page in the documents; `python -m tests.pictures` takes them anew, of the real page."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from bot.config import CLONE
from tests.platforms.web.chromium import CHROMIUM, FLAGS, Served, Window, opened

PICTURES = CLONE / "docs" / "pictures"


def take(browser: Browser, served: Served) -> None:
    """An evening on the page, at desktop and phone width, and a reply as Discord and Slack show it."""
    with opened(browser, served, viewport={"width": 1080, "height": 940}) as window:
        page = window.page
        window.play("Mo (moderator)")
        window.type("/use kuril-question")
        window.last("This channel now uses")
        window.play("Mina")
        window.type("Does 1956 still bind anyone?")
        page.get_by_role("button", name="Open a thread").click()
        page.get_by_role("heading", name="Thread in").wait_for()
        window.play("Jun")
        window.type("Article 9 is where I would begin.")
        page.get_by_role("link", name="Back to").click()
        page.get_by_role("heading", name="#study-group").wait_for()
        window.type("/check Japan holds all four and calls them the Northern Territories")
        window.last("Not what it says")
        page.get_by_role("button", name="Show ¶1").click()
        window.last("Only you see this")
        page.evaluate("() => { document.getElementById('log').scrollTop = 0 }")
        page.get_by_role("combobox", name="Message").press_sequentially("/t")
        window.choices.first.wait_for()
        shoot(window, "page-desktop")
    with opened(browser, served, "phone", color_scheme="light", device_scale_factor=1) as window:
        window.page.get_by_role("button", name="Channels").click()
        window.page.get_by_role("navigation").get_by_role("link", name="#kurils").click()
        window.type("/kurils")
        window.last("Natural Earth")
        window.page.evaluate("() => { document.getElementById('log').scrollTop = 0 }")
        shoot(window, "page-phone")
        window.type("/topics portsmouth")
        window.last("Portsmouth")
        window.page.set_viewport_size({"width": 620, "height": 1200})
        window.page.get_by_role("button", name="Preview").last.click()
        window.page.locator(".discord .count").wait_for()
        window.page.locator(".discord").screenshot(path=PICTURES / "as-discord.png")
        window.page.get_by_role("button", name="As Slack").click()
        window.page.locator(".slack .count").wait_for()
        window.page.locator(".slack").screenshot(path=PICTURES / "as-slack.png")


def shoot(window: Window, name: str) -> None:
    window.page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    """Take every picture."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        shutil.copytree(CLONE / "content", Path(folder) / "content")
        served = Served(Path(folder)).start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            take(browser, served)
        finally:
            browser.close()
            served.stop()


if __name__ == "__main__":
    main()
