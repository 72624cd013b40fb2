"""The rooms in a real browser: what is followed, marked and kept, and where the keyboard is meanwhile."""

from playwright.sync_api import Browser, expect

from tests.platforms.web.chromium import Served, browser, needs_chromium, opened, served

__all__ = ["browser", "served"]  # fixtures of these tests alone

pytestmark = needs_chromium

SMALL = {"width": 700, "height": 400}
MARKED = "li:has(.mark)"


def test_the_link_to_the_field_leaves_the_room_in_the_address(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.enter("#kurils")
        window.page.get_by_role("link", name="Skip to the message field").focus()
        window.page.keyboard.press("Enter")
        expect(window.words).to_be_focused()
        expect(window.page).to_have_url(f"{served.address}#/kurils")
        window.play("Jun")
        expect(window.log).to_contain_text("You are Jun")
        window.play("Mo (moderator)")
        expect(window.log).to_contain_text("You are Mo, a moderator")


def test_what_one_sends_is_shown_and_who_reads_further_up_stays_there(browser: Browser, served: Served) -> None:
    with opened(browser, served, viewport=SMALL) as mina, opened(browser, served) as jun:
        jun.play("Jun")
        mina.type("/timeline")
        mina.last("asked /timeline")
        expect(mina.messages.last.locator(".head")).to_be_in_viewport()
        mina.scroll_up()
        for words in ("first", "second"):
            jun.type(words)
            mina.last(words)
        assert mina.scrolled() == 0
        new = mina.page.get_by_role("button", name="2 new messages")
        new.press("Enter")
        first = mina.messages.filter(has_text="first")
        expect(first).to_be_in_viewport()
        expect(first).to_be_focused()
        expect(new).to_be_hidden()
        mina.scroll_up()
        mina.type("mine")
        mina.last("mine")
        expect(mina.messages.last).to_be_in_viewport()
        jun.type("third")
        mina.last("third")
        expect(mina.messages.last).to_be_in_viewport()


def test_what_is_no_thread_leads_to_the_channel_and_back_leads_out_again(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        page = window.page
        for number in ("-1", "1.5", "9" * 20):
            page.goto(f"{served.address}#/kurils/{number}")
            expect(page).to_have_url(f"{served.address}#/kurils")
            expect(page.get_by_role("heading", name="#kurils")).to_be_visible()
        window.enter("#off-topic")
        page.goto(f"{served.address}#/kurils/999")
        expect(page).to_have_url(f"{served.address}#/kurils")
        expect(window.status).to_contain_text("This thread is gone")
        page.go_back()
        expect(page.get_by_role("heading", name="#off-topic")).to_be_visible()
        expect(window.status).to_be_empty()


def test_a_room_that_cannot_be_entered_has_its_heading_and_the_side(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.type("hello")
        window.last("hello")
        window.page.clock.install()
        served.pause()
        window.page.get_by_role("link", name="#kurils").click()
        window.page.clock.fast_forward(10_000)
        expect(window.status).to_contain_text("has not answered")
        expect(window.page.get_by_role("heading", name="#kurils")).to_be_visible()
        expect(window.page.get_by_role("link", name="#kurils")).to_have_attribute("aria-current", "page")
        expect(window.messages).to_have_count(0)


def test_earlier_messages_come_once_and_leave_the_keyboard_a_place(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        for number in range(55):
            window.words.fill(f"message {number}")
            window.words.press("Enter")
        window.last("message 54")
        window.page.reload()
        expect(window.messages).to_have_count(50)
        window.page.get_by_role("button", name="Earlier messages").dblclick()
        expect(window.messages).to_have_count(55)
        expect(window.messages.first).to_be_focused()
        expect(window.messages.first).to_contain_text("message 0")


def test_a_restart_leaves_focus_and_place_and_says_so_until_it_is_over(browser: Browser, served: Served) -> None:
    with opened(browser, served, viewport=SMALL) as mina, opened(browser, served) as jun:
        jun.play("Jun")
        mina.type("/timeline")
        mina.last("asked /timeline")
        mina.scroll_up()
        more = mina.page.get_by_role("button", name="More (2 of")
        more.evaluate("one => one.focus({ preventScroll: true })")
        served.stop()
        expect(mina.status).to_contain_text("The connection to the bot is lost")
        mina.page.keyboard.press("Enter")
        expect(mina.status).to_have_text("The bot can't be reached; try again in a moment.")
        jun.words.fill("half")
        jun.words.press("Enter")
        expect(jun.page.get_by_role("alert")).to_contain_text("What you typed is still here")
        expect(jun.status).to_contain_text("The connection to the bot is lost")
        served.start()
        for window in (mina, jun):
            expect(window.status).to_be_empty()
        expect(jun.page.locator("[role=alert]")).to_be_empty()
        jun.type("back again")
        mina.last("back again")
        expect(more).to_be_focused()
        assert mina.scrolled() == 0
        for window in (mina, jun):
            window.forget_lost_connections()


def test_what_came_while_the_line_was_broken_is_added(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.type("before")
        window.last("before")
        kept = window.page.get_by_role("button", name="Open a thread").element_handle()
        served.stop()
        served.add_message("study-group", "meanwhile")
        served.start()
        window.last("meanwhile")
        expect(window.messages).to_have_count(2)
        assert kept.evaluate("one => one.isConnected")
        window.forget_lost_connections()


def test_the_side_marks_what_is_new_for_whom_one_plays(browser: Browser, served: Served) -> None:
    with opened(browser, served) as mina, opened(browser, served) as jun:
        marked = mina.page.locator("#side").locator(MARKED)
        jun.play("Jun")
        mina.type("a question")
        jun.press("Open a thread")
        jun.type("an answer")
        expect(marked).to_have_text(["a question (1)new"])
        mina.enter("a question")
        expect(marked).to_have_count(0)
        jun.enter("#study-group")
        jun.type("in the channel")
        expect(marked).to_have_text(["#study-groupnew"])
        mina.play("Oksana")
        mina.last("an answer")
        expect(marked).to_have_count(0)
        mina.play("Mina")
        mina.last("an answer")
        expect(marked).to_have_text(["#study-groupnew"])
        mina.type("mine")
        mina.last("mine")
        mina.enter("#study-group")
        expect(marked).to_have_count(0)


def test_news_leave_the_focus_on_a_link_of_the_side(browser: Browser, served: Served) -> None:
    with opened(browser, served) as mina, opened(browser, served) as jun:
        link = mina.page.get_by_role("link", name="#off-topic")
        link.focus()
        jun.play("Jun")
        jun.enter("#kurils")
        jun.type("hello")
        expect(mina.page.locator("#side").locator(MARKED)).to_have_text(["#kurilsnew"])
        expect(link).to_be_focused()


def test_the_menu_of_a_phone_closes_by_itself(browser: Browser, served: Served) -> None:
    with opened(browser, served, "phone") as window:
        menu, side = window.page.get_by_role("button", name="Channels"), window.page.get_by_role("navigation")
        menu.click()
        side.get_by_role("link", name="#study-group").click()
        expect(side).to_be_hidden()
        menu.click()
        side.get_by_role("link", name="#kurils").focus()
        window.page.keyboard.press("Escape")
        expect(side).to_be_hidden()
        expect(menu).to_be_focused()
        menu.click()
        window.type("hello")
        expect(side).to_be_hidden()


def test_what_is_dismissed_goes_from_all_windows_and_leaves_an_empty_room(browser: Browser, served: Served) -> None:
    with opened(browser, served) as here, opened(browser, served) as there:
        here.type("/kurlis")
        there.last("Did you mean")
        here.page.get_by_role("button", name="Dismiss").dblclick()
        for window in (here, there):
            expect(window.log).to_contain_text("Nothing here yet.")
        expect(here.words).to_be_focused()
        expect(here.status).to_be_empty()
        here.type("/kurils")
        here.last("The Kuril Islands")


def test_a_double_click_presses_once(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.type("/kurils")
        window.last("The Kuril Islands")
        served.pause()
        timeline = window.page.get_by_role("button", name="Timeline")
        timeline.dblclick()
        expect(timeline).to_have_attribute("aria-disabled", "true")
        expect(timeline).to_be_focused()
        served.go_on()
        window.last("pressed Timeline")
        expect(timeline).not_to_have_attribute("aria-disabled", "true")
        window.type("after that")
        window.last("after that")
        expect(window.messages).to_have_count(3)


def test_the_preview_closes_with_its_room(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.enter("#kurils")
        window.type("/kurils")
        window.last("The Kuril Islands")
        window.press("Preview")
        expect(window.page.get_by_role("dialog")).to_be_visible()
        window.page.go_back()
        expect(window.page.get_by_role("heading", name="#study-group")).to_be_focused()
        expect(window.page.get_by_role("dialog")).to_be_hidden()
