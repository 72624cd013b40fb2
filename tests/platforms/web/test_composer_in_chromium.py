"""The message field in a real browser: completions, sending, and what becomes of what could not be sent."""

import pytest
from playwright.sync_api import Browser, expect

from tests.platforms.web.chromium import Served, Window, browser, needs_chromium, opened, served

__all__ = ["browser", "served"]  # fixtures of these tests alone

pytestmark = needs_chromium


def test_what_is_typed_while_a_message_is_under_way_stays_a_message_of_its_own(
    browser: Browser, served: Served
) -> None:
    with opened(browser, served) as window:
        served.pause()
        window.words.press_sequentially("one\ntwo\nthr")
        expect(window.words).to_have_value("thr")
        served.go_on()
        window.last("two")
        expect(window.messages.locator(".said")).to_have_text(["one", "two"])
        expect(window.words).to_have_value("thr")


def test_what_is_refused_comes_back_in_front_of_what_was_typed_since(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        served.pause()
        window.words.fill("x" * 6001)
        window.words.press("Enter")
        window.words.press_sequentially("more")
        served.go_on()
        alert = window.page.locator("[role=alert]")
        expect(alert).to_contain_text("has at most 6,000 characters; yours has 6,001")
        expect(window.words).to_have_value("x" * 6001 + " more")
        window.type("short")
        expect(alert).to_be_empty()


def test_what_is_far_too_long_is_refused_and_breaks_no_connection(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.words.fill("x" * 70_000)
        window.words.press("Enter")
        expect(window.page.get_by_role("alert")).to_contain_text("at most 6,000 characters")
        expect(window.words).to_have_value("x" * 70_000)


def test_an_answer_that_never_comes_is_waited_for_ten_seconds(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.type("/kurils")
        window.last("The Kuril Islands")
        window.page.clock.install()
        served.pause()
        window.type("anybody?")
        window.press("Timeline")
        window.page.clock.fast_forward(10_000)
        expect(window.status).to_have_text("The bot has not answered for 10 seconds; try again in a moment.")
        expect(window.page.get_by_role("alert")).to_contain_text("see whether it arrived")
        expect(window.words).to_have_value("anybody?")
        expect(window.page.get_by_role("button", name="Timeline")).not_to_have_attribute("aria-disabled", "true")


def test_a_completion_is_never_for_another_line(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.words.press_sequentially("/s")
        expect(window.choices.filter(has_text="/settings")).to_be_visible()
        served.pause()
        window.words.press_sequentially("um")
        expect(window.choices).to_have_count(1)
        window.choices.click()
        expect(window.words).to_have_value("/summary ")
        served.go_on()
        expect(window.choices.filter(has_text="short").first).to_be_visible()
        window.words.press("Home")
        window.words.press("ArrowRight")
        expect(window.choices.filter(has_text="/settings")).to_be_visible()


@pytest.mark.parametrize("key", ["Tab", "Enter"])
def test_a_key_that_comes_before_the_completions_waits_for_them(browser: Browser, served: Served, key: str) -> None:
    with opened(browser, served) as window:
        type_ahead(served, window, "/kuri", key)
        expect(window.words).to_have_value("/kurils ")
        expect(window.words).to_be_focused()
        window.words.fill("")
        type_ahead(served, window, "/summary", "Enter")
        window.last("asked /summary")
        expect(window.words).to_have_value("")


def test_a_key_does_not_wait_for_ever(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        served.pause()
        window.words.press_sequentially("/nonsense")
        window.words.press("Tab")
        expect(window.page.get_by_role("button", name="Send")).to_be_focused()
        served.go_on()


def test_the_arrows_walk_through_what_was_sent(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        for line in ("/kurils", "an answer"):
            window.type(line)
            window.last(line)
        for key, value in (
            ("ArrowUp", "an answer"),
            ("ArrowUp", "/kurils"),
            ("ArrowUp", "/kurils"),
            ("ArrowDown", "an answer"),
            ("ArrowDown", ""),
        ):
            window.words.press(key)
            expect(window.words).to_have_value(value)


def test_the_number_of_completions_is_announced_and_a_hint_is_said_once(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.words.press_sequentially("/summary ")
        expect(window.page.locator("#counted")).to_have_text("3 completions")
        hints = [one for one in window.choices.locator("span").all_inner_texts() if one]
        assert len(hints) == len(set(hints)) < 3
        window.words.fill("no command")
        expect(window.page.locator("#counted")).to_be_empty()


def type_ahead(served: Served, window: Window, words: str, key: str) -> None:
    """Type words and press a key before the bot could complete them."""
    served.pause()
    window.words.press_sequentially(words)
    window.words.press(key)
    served.go_on()
