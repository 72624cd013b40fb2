"""Payloads read into questions: whatever they lack or hold, reading them never raises."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.handlers import MOST_REMEMBERED, Seen
from bot.platforms.slack.incoming import action, command, direct, event_id, mention, opened, unescaped
from tests.servers.slack import ME
from tests.servers.slack_payloads import command as a_command
from tests.servers.slack_payloads import direct as a_direct_message
from tests.servers.slack_payloads import home_opened, press, press_on_home
from tests.servers.slack_payloads import mention as a_mention

Json = dict[str, Any]

KEYS = ["event", "user", "channel", "actions", "container", "message", "team", "text", "value", "id", "ts", "command",
        "channel_type", "user_id", "channel_id", "thread_ts", "response_url", "event_id", "subtype",
        "type", "tab", "view", "private_metadata"]  # fmt: skip
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.sampled_from(["im", "D1", "C1", "home", "view", f"<@{ME}>"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8),
    max_leaves=25,
)
bodies = st.dictionaries(st.sampled_from(KEYS), anything, max_size=len(KEYS))


@given(bodies)
def test_no_payload_is_too_odd_to_read(body: Json) -> None:
    for read in (command(body), action(body), mention(body, ME), direct(body, ME)):
        assert read is None or (read.person and read.place.channel and read.line)
    home = opened(body)
    assert home is None or (home.person and home.place.direct)
    assert isinstance(event_id(body), str)


@pytest.mark.parametrize(
    ("escaped", "typed"),
    [
        ("a &amp;lt; b", "a &lt; b"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("see <https://a.example/x|a.example/x> now", "see a.example/x now"),
        ("see <https://a.example/x?a=1&amp;b=2>", "see https://a.example/x?a=1&b=2"),
        ("<mailto:m@a.example|m@a.example>", "m@a.example"),
        ("<@U1|mina> in <#C1|kurils>", "<@U1|mina> in <#C1|kurils>"),
    ],
)
def test_text_is_read_as_it_was_typed(escaped: str, typed: str) -> None:
    assert unescaped(escaped) == typed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("@ quote 3", "quote 3"),
        ("Hey @, quote 3", "quote 3"),
        ("@: quote 3", "quote 3"),
        ("@", "help"),
        ("thanks @", "help"),
        ("@ ask is 3 &gt; 2?", "ask is 3 > 2?"),
    ],
)
def test_a_mention_asks_what_follows_the_name(text: str, line: str) -> None:
    asked = mention(a_mention(text), ME)

    assert asked
    assert asked.line == line


def test_the_name_may_stand_behind_a_bar() -> None:
    body = a_mention("x")
    body["event"]["text"] = f"<@{ME}|readalong> topics"
    asked = mention(body, ME)

    assert asked
    assert asked.line == "topics"


def test_a_place_is_a_channel_of_a_workspace_and_a_direct_message_is_known() -> None:
    typed, said = command(a_command("/quote", "3")), direct(a_direct_message("quote"), ME)

    assert typed
    assert (typed.place.platform, typed.place.workspace, typed.place.channel) == ("slack", "T1", "C1")
    assert not typed.place.direct
    assert said
    assert said.place.direct


def test_the_message_that_opened_a_thread_is_pressed_in_the_channel() -> None:
    body = press("show:/x", thread="1700.000001")
    inside = action(body)
    body["container"]["message_ts"] = "1700.000001"
    opener = action(body)

    assert inside
    assert inside.place.thread == "1700.000001"
    assert opener
    assert opener.place.thread == ""


def test_what_is_pressed_on_the_home_tab_is_asked_in_the_direct_conversation() -> None:
    known = action(press_on_home("show:/summary", {"private_metadata": "D7 0123456789abcdef"}))
    unknown = action(press_on_home("show:/summary", {"private_metadata": "<!channel>"}))

    assert known
    assert (known.place.channel, known.place.direct, known.home) == ("D7", True, True)
    assert unknown
    assert (unknown.place.channel, unknown.place.direct) == ("U1", True)


def test_only_the_home_tab_is_the_home_tab() -> None:
    found = opened(home_opened({"private_metadata": "D1 x"}))

    assert found
    assert (found.person, found.place.channel, found.place.workspace, found.shown) == ("U1", "D1", "T1", "D1 x")
    assert opened(home_opened(tab="messages")) is None


def test_the_memory_of_events_is_bounded() -> None:
    seen = Seen()
    for number in range(MOST_REMEMBERED + 1):
        assert not seen.again(f"Ev{number}")

    assert seen.again(f"Ev{MOST_REMEMBERED}")
    assert not seen.again("Ev0")
    assert not seen.again("")
    assert not seen.again("")
