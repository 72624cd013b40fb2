"""How messages are named and drawn in a real browser, and what stays in reach when there is little room."""

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.platforms.web.chromium import Served, browser, needs_chromium, opened, served

__all__ = ["browser", "served"]  # fixtures of these tests alone

pytestmark = needs_chromium

HEBREW = "האיים הקוריליים, 1956"
LITTLE = [{"width": 320, "height": 256}, {"width": 640, "height": 400}]  # 1280x1024 at 400 %, 1280x800 at 200 %
SCROLLS = "one => getComputedStyle(one).overflowY === 'auto' && one.scrollHeight > one.clientHeight"
little = pytest.mark.parametrize("viewport", LITTLE, ids=str)


def test_a_message_is_named_by_who_wrote_it_and_a_reply_is_readalongs(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.type("/kurils")
        reply = window.page.get_by_role("article", name="Mina asked /kurils", exact=True)
        expect(reply.locator(".author")).to_have_text("Readalong")
        window.type("hello")
        expect(window.page.get_by_role("article", name="Mina said", exact=True)).to_contain_text("hello")
        picture = reply.get_by_role("figure", name="Picture: ")
        expect(picture.get_by_role("img", name="Map")).to_be_visible()
        expect(picture.get_by_role("link", name="Open at full size")).to_have_attribute(
            "href", "/pictures/japan-russia-2016/topics/kurils.png"
        )


def test_words_run_in_their_own_direction(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.type(HEBREW)
        window.last(HEBREW)
        window.press("Open a thread")
        window.type(f"/check {HEBREW}")
        window.last("asked /check")
        window.words.fill(HEBREW)
        title = window.page.get_by_role("navigation").locator("bdi", has_text=HEBREW)
        for shown in (window.words, window.log.locator(".root .said"), title):
            expect(shown).to_have_css("direction", "rtl")
        expect(window.messages.last.locator("h3")).to_have_css("direction", "ltr")


def test_a_refusal_looks_refused_though_it_is_private(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.type("/kurlis")
        window.last("Only you see this")
        reply = window.messages.last.locator(".reply")
        expect(reply).to_have_css("border-left-style", "solid")
        expect(reply).to_have_css("border-left-color", "rgb(163, 38, 27)")
        expect(reply).to_have_css("border-top-style", "dashed")


def test_a_button_that_changes_something_does_not_promise_to_show_it(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.play("Mo (moderator)")
        window.type("/use kuril-question")
        window.last("This channel now uses")
        expect(window.page.get_by_role("button", name="Undo")).not_to_have_attribute("title", "Shows it to you")


def test_the_chosen_completion_is_seen_without_the_pages_colours(browser: Browser, served: Served) -> None:
    with opened(browser, served, forced_colors="active") as window:
        window.words.press_sequentially("/s")
        colour = "one => getComputedStyle(one).color"
        expect(window.choices.first).to_have_attribute("aria-selected", "true")
        assert window.choices.first.evaluate(colour) != window.choices.last.evaluate(colour)


@little
def test_heading_and_field_stay_in_view_while_a_command_is_typed(
    browser: Browser, served: Served, viewport: dict[str, int]
) -> None:
    with opened(browser, served, viewport=viewport) as window:
        window.words.press_sequentially("/timeline ")
        expect(window.choices.first).to_be_visible()
        expect(window.words).to_be_in_viewport(ratio=1)
        list_, heading = box(window.page.get_by_role("listbox")), box(window.page.locator("#room"))
        assert list_["y"] >= heading["y"] + heading["height"]


@pytest.mark.parametrize("width", [320, 390])
def test_the_person_can_be_read_in_a_narrow_window(browser: Browser, served: Served, width: int) -> None:
    with opened(browser, served, viewport={"width": width, "height": 640}) as window:
        window.play("Mo (moderator)")
        person = window.page.get_by_label("You are")
        shown = person.evaluate("one => one.offsetWidth")
        needed = person.evaluate(
            "one => { Object.assign(one.style, { width: 'auto', maxWidth: 'none' }); return one.offsetWidth }"
        )
        assert shown >= needed


@pytest.mark.parametrize("viewport", [{"width": 320, "height": 640}, *LITTLE], ids=str)
def test_of_the_preview_one_thing_scrolls_and_close_stays(
    browser: Browser, served: Served, viewport: dict[str, int]
) -> None:
    with opened(browser, served, viewport=viewport) as window:
        window.type("/timeline")
        window.last("asked /timeline")
        window.press("Preview")
        dialog = window.page.get_by_role("dialog")
        region, close = dialog.get_by_role("region"), dialog.get_by_role("button", name="Close")
        expect(region).to_contain_text("characters")
        title = box(dialog.get_by_role("heading"))
        assert box(close)["y"] < title["y"] + title["height"]
        assert [one.evaluate(SCROLLS) for one in (dialog, region)].count(True) == 1
        assert box(region)["height"] > 100
        region.locator(".count").scroll_into_view_if_needed()
        expect(close).to_be_in_viewport(ratio=1)


def box(locator: Locator) -> dict[str, float]:
    """Where something is, in pixels of the window."""
    found = locator.bounding_box()
    assert found
    return {"y": found["y"], "width": found["width"], "height": found["height"]}
