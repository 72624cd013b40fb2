"""A newcomer's evening on the local page, in a real browser."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.platforms.web.chromium import SIZES, Served, browser, needs_chromium, opened, served

__all__ = ["browser", "served"]  # fixtures of these tests alone

pytestmark = needs_chromium

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
HOSTILE = "<img src=x onerror=alert(1)> @everyone `code` **bold** <script>alert(2)</script>"
every_size = pytest.mark.parametrize("size", SIZES)


@every_size
def test_a_newcomer_finds_the_way_from_a_slash_to_another_reading(browser: Browser, served: Served, size: str) -> None:
    with opened(browser, served, size) as window:
        page = window.page
        words = page.get_by_role("combobox", name="Message")
        words.press_sequentially("/")
        expect(page.get_by_role("option", name="/summary")).to_be_visible()
        words.press_sequentially("kuri")
        page.get_by_role("option", name="/kurils").click()
        expect(words).to_have_value("/kurils ")
        words.press("Enter")
        window.last("The Kuril Islands")
        expect(page.get_by_role("img", name="Map")).to_be_visible()
        page.get_by_role("button", name="Timeline").click()
        window.last("Only you see this")
        window.last("7 February 1855")
        window.type("/ask What does it say about Canada?")
        window.last("The reading does not mention Canada")
        window.type("/use kuril-question")
        window.last("Only moderators may use /use")
        window.play("Mo (moderator)")
        window.type("/use kuril-question")
        window.last("This channel now uses")
        window.type("/check Japan holds all four and calls them the Southern Kurils")
        window.last("Not what it says")
        window.type("/summary")
        window.last("Reading: The Kuril question")


def test_the_keyboard_alone_is_enough(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        page, keys = window.page, window.page.keyboard
        keys.press("Tab")
        expect(page.get_by_role("link", name="Skip to the message field")).to_be_focused()
        keys.press("Enter")
        words = page.get_by_role("combobox", name="Message")
        expect(words).to_be_focused()
        keys.type("/summary ")
        expect(page.get_by_text("May be left out.")).to_be_visible()
        expect(window.choices).to_have_count(3)
        expect(words).not_to_have_attribute("aria-activedescendant", "choice-0")
        for _ in range(2):
            keys.press("ArrowDown")
        expect(words).to_have_attribute("aria-activedescendant", "choice-1")
        keys.press("Enter")
        expect(words).to_have_value("/summary short ")
        keys.press("Escape")
        keys.press("Enter")
        window.last("asked /summary short")
        keys.type("/ku")
        expect(words).to_have_attribute("aria-activedescendant", "choice-0")
        keys.press("Tab")
        expect(words).to_have_value("/kurils ")
        keys.press("Enter")
        window.last("The Kuril Islands")
        tab_to(page, "Timeline", back=True)
        keys.press("Enter")
        window.last("pressed Timeline")
        tab_to(page, "You are", back=True)
        keys.type("Mo")
        expect(page.get_by_label("You are")).to_have_value("mo")
        tab_to(page, "#kurils")
        keys.press("Enter")
        expect(page.get_by_role("heading", name="#kurils")).to_be_focused()
        tab_to(page, "Skip to the message field", back=True)
        keys.press("Enter")
        expect(words).to_be_focused()
        expect(page.get_by_role("heading", name="#kurils")).to_be_visible()
        keys.type("/use kuril-question")
        keys.press("Enter")
        window.last("This channel now uses")
        tab_to(page, "Preview", back=True)
        keys.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        keys.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_size
def test_axe_finds_no_violation(browser: Browser, served: Served, size: str, scheme: str) -> None:
    with opened(browser, served, size, color_scheme=scheme, bypass_csp=True) as window:
        page = window.page
        look(page, "an empty channel")
        page.get_by_role("combobox", name="Message").press_sequentially("/summary ")
        expect(window.choices).to_have_count(3)
        look(page, "completions")
        window.type("/kurils")
        window.last("The Kuril Islands")
        window.type("/quote china")
        window.last("As printed")
        window.type("/kurlis")
        window.last("Only you see this")
        look(page, "replies")
        page.get_by_role("button", name="Preview").first.click()
        for name in ("As Discord", "As Slack"):
            page.get_by_role("button", name=name).click()
            expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
            look(page, name)
        page.get_by_role("button", name="Close").click()
        page.get_by_role("button", name="Open a thread").first.click()
        expect(page.get_by_role("heading", name="Thread in #study-group")).to_be_visible()
        if size == "phone":
            page.get_by_role("button", name="Channels").click()
        look(page, "a thread")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_window(browser: Browser, served: Served, width: int) -> None:
    with opened(browser, served, viewport={"width": width, "height": 640}) as window:
        for line in ("/kurils", "/help", "/quote china", "/timeline", "x" * 500, "/check " + "y" * 500):
            window.type(line)
            window.last(line[:20])
        for selector in ("html", "body", "main", "#log", ".top", "#composer"):
            extent = window.page.locator(selector).evaluate("one => one.scrollWidth - one.clientWidth")
            assert extent <= 0, selector


def test_two_people_see_each_other_and_not_what_is_private(browser: Browser, served: Served) -> None:
    with opened(browser, served) as mina, opened(browser, served, "phone") as jun:
        jun.play("Jun")
        mina.type("/kurlis")
        mina.last("Did you mean /kurils?")
        mina.type(HOSTILE)
        jun.last(HOSTILE)
        expect(jun.page.get_by_role("log").locator("article")).to_have_count(1)
        jun.page.get_by_role("button", name="Open a thread").click()
        expect(jun.page.get_by_role("log")).to_contain_text("Nobody has answered in this thread yet.")
        jun.type("/passage 3")
        jun.last("Passage 3 of 10")
        expect(mina.page.get_by_role("button", name="Thread: 1 message")).to_be_visible()
        mina.page.get_by_role("navigation").get_by_role("link", name="<img").click()
        mina.last("Passage 3 of 10")
        mina.page.go_back()
        mina.last("Thread: 1 message")


def test_all_is_kept_over_a_restart_and_the_page_connects_again_by_itself(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        page = window.page
        window.play("Mo (moderator)")
        window.type("/use kuril-question")
        window.last("This channel now uses")
        page.get_by_role("combobox", name="Message").fill("half a sent")
        served.stop()
        expect(page.get_by_role("status")).to_contain_text("The connection to the bot is lost")
        page.get_by_role("combobox", name="Message").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("What you typed is still here")
        served.start()
        expect(page.get_by_role("status")).to_have_text("")
        expect(page.get_by_role("combobox", name="Message")).to_have_value("half a sent")
        expect(page.get_by_label("You are")).to_have_value("mo")
        page.get_by_role("button", name="Undo").click()
        window.last("Before, it used “Two Names")
        window.faults = [one for one in window.faults if "WebSocket connection" not in one]


def test_a_long_reply_goes_on_behind_more(browser: Browser, served: Served) -> None:
    with opened(browser, served, "phone") as window:
        window.type("/timeline")
        window.last("Page 1 of")
        window.page.get_by_role("button", name="More (2 of").click()
        window.last("Page 2 of")


def test_the_preview_shows_the_words_of_the_payload_without_its_marks(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.type("/readalong help quote")
        window.last("Example:")
        page = window.page
        page.get_by_role("button", name="Preview").click()
        shown = page.get_by_role("region", name="The preview")
        expect(shown).to_contain_text("Example: /quote china")
        expect(shown).not_to_contain_text("`")
        expect(shown).to_contain_text("of 6,000 characters")
        page.get_by_role("button", name="As Slack").click()
        expect(shown).to_contain_text("of 50 blocks")
        expect(shown).to_contain_text("Example: /quote china")


def test_the_preview_turns_the_pages_of_a_long_reply(browser: Browser, served: Served) -> None:
    with opened(browser, served) as window:
        window.type("/timeline")
        window.last("Page 1 of")
        window.press("Preview")
        dialog = window.page.get_by_role("dialog")
        before, after = (dialog.get_by_role("button", name=f"Page {way}") for way in ("before", "after"))
        for tab in ("As Discord", "As Slack"):
            dialog.get_by_role("button", name=tab).click()
            expect(dialog).to_contain_text("Page 1 of")
            expect(before).to_have_attribute("aria-disabled", "true")
            first = dialog.get_by_role("region").text_content() or ""
            after.click()
            expect(dialog).to_contain_text("Page 2 of")
            expect(after).to_be_focused()
            expect(dialog.get_by_role("region")).not_to_have_text(first)


def test_a_page_of_another_origin_gets_nothing(browser: Browser, served: Served, elsewhere: str) -> None:
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(elsewhere)
        got = page.evaluate(ATTACK, served.address)
    finally:
        context.close()

    assert got == {"read": "refused", "blind": "opaque", "socket": "refused", "script": "refused", "picture": "refused"}


ATTACK = """async (address) => {
  const refused = () => "refused";
  const loads = (tag, path) => new Promise((done) => {
    const made = document.createElement(tag);
    made.onload = () => done("loaded");
    made.onerror = () => done("refused");
    made.src = address + path;
    document.body.append(made);
  });
  return {
    read: await fetch(address).then((answer) => answer.text(), refused),
    blind: await fetch(address, { mode: "no-cors" }).then((answer) => answer.type, refused),
    socket: await new Promise((done) => {
      const socket = new WebSocket(address.replace("http:", "ws:") + "socket");
      socket.onopen = () => done("open");
      socket.onerror = () => done("refused");
    }),
    script: await loads("script", "page/dom.js"),
    picture: await loads("img", "pictures/japan-russia-2016/topics/kurils.png"),
  };
}"""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A page of somebody else, on another port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Elsewhere</title><body>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
            """Nothing of it is worth a line."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def look(page: Page, what: str) -> None:
    """Let axe look at the page as it is now."""
    found = page.evaluate(f"() => {{ {AXE}; return window.axe.run() }}")
    violations = [
        f"{what}: {one['id']}: {one['help']}: {[node['html'][:150] for node in one['nodes']]}"
        for one in found["violations"]
    ]
    assert violations == []


def tab_to(page: Page, name: str, *, back: bool = False) -> None:
    """Press Tab until something of this name or text has the focus."""
    for _ in range(80):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        here = page.evaluate(
            "() => { const one = document.activeElement; return one.labels?.[0]?.textContent || one.textContent }"
        )
        if here.strip() == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")
