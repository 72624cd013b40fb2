"""A digest on the local page, in a real browser: seen by a moderator first, then posted, with its chart."""

import pytest
from playwright.sync_api import Browser, expect

from tests.platforms.web.chromium import Served, browser, needs_chromium, opened, served

__all__ = ["browser", "served"]  # fixtures of these tests alone

pytestmark = needs_chromium


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_digest_is_seen_first_and_posted_with_its_chart(browser: Browser, served: Served, size: str) -> None:
    with opened(browser, served, size) as window:
        page = window.page
        window.type('/discuss 3 title:"Does 1956 still bind anyone?"')
        window.last("is open and saved")
        page.get_by_role("link", name="Does 1956 still bind anyone?").last.click()
        expect(page.get_by_role("heading", name="Thread in")).to_be_visible()
        window.type("Which article would that be?")
        window.last("Which article")
        page.get_by_role("link", name="Back to").click()
        window.play("Mo (moderator)")
        window.type("/digest")
        window.last("Only you see this.")
        chart = window.messages.last.get_by_role("img", name="Bar chart. Messages per hour,")
        expect(chart).to_be_visible()
        chart.scroll_into_view_if_needed()
        page.screenshot(path=served.folder / f"preview-{size}.png")
        window.messages.last.get_by_role("button", name="Post to").click()
        window.last("It is posted in")
        page.reload()
        window.play("Jun")
        posted = page.get_by_role("article").filter(has=page.get_by_role("img", name="Bar chart."))
        expect(posted).to_have_count(1)
        shown = posted.get_by_role("img").evaluate(
            "one => ({ width: one.getBoundingClientRect().width, loaded: one.naturalWidth, height: one.naturalHeight })"
        )
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert (shown["loaded"], shown["height"]) == (780, 460)
    assert 300 <= shown["width"] <= 390
    assert not wide
