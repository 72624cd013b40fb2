"""The Home tab: within Slack's limits whatever a reading holds, published when it must be and only then."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from bot.answering import Answering
from bot.asker import Place
from bot.config import Slack
from bot.platforms.slack.client import web_client
from bot.platforms.slack.home import Homes, contents, home
from bot.registry import Registry
from bot.reply import Note, Reply
from bot.secret import SecretStr
from bot.words import markdown
from tests.conftest import JUN, MINA, MODERATOR
from tests.limits import check_slack_block, slack_texts
from tests.platforms.slack.conftest import OnSlack
from tests.replies import replies
from tests.servers.slack import BOT_TOKEN, SlackServer, limited, refusal
from tests.servers.slack_payloads import command, home_opened, press, press_on_home

Json = dict[str, Any]

DIRECT = Place("slack", "T1", "D1", direct=True)
HOSTILE = [
    "<!channel> <@U1> <https://evil.example|here>",
    "`*_~```",
    "x" * 500,
    "北方領土" * 125,
    "\u202eبحر",
    "👩‍👩‍👧‍👦" * 70,
]


async def made(answering: Answering, *, moderator: bool = False, prefix: str = "") -> Json:
    person = MODERATOR if moderator else MINA
    return home(await contents(answering.request(person, DIRECT)), "D1", prefix=prefix)


def words(view: Json) -> str:
    return "\n".join(slack_texts(view["blocks"]))


def lines(view: Json) -> list[str]:
    """What its buttons carry, in order."""
    return [one["value"] for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]


def button(view: Json, label: str) -> str:
    actions = [one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]
    return str(next(one["value"] for one in actions if one["text"]["text"] == label))


def check(view: Json) -> None:
    """https://docs.slack.dev/reference/views/home-tab-views and the limits of each block."""
    assert 1 <= len(view["blocks"]) <= 100
    assert len(json.dumps(view)) < 250_000
    assert len(view["private_metadata"]) <= 3000
    assert "mrkdwn" not in json.dumps(view)
    SdkView(**view).validate_json()
    for block in view["blocks"]:
        check_slack_block(block)
        assert SdkBlock.parse(block)
        ids = [one["action_id"] for one in block.get("elements", ()) if "action_id" in one]
        assert len(ids) == len(set(ids))


def with_title(answering: Answering, title: str) -> None:
    """Give every reading this title, publisher and author."""
    held = answering.library.readings
    named = {slug: replace(one, title=title, publisher=title, author=title) for slug, one in held.items()}
    answering.library = replace(answering.library, readings=named)


async def test_it_shows_the_reading_the_commands_the_settings_and_what_is_kept_in_that_order(
    answering: Answering,
) -> None:
    view = await made(answering)
    check(view)
    shown = words(view)
    reading = answering.library.readings[answering.default_reading]

    in_order = ["holds the text", reading.title, reading.publisher, "/readings", "Commands", "/quote", "Your settings",
                "everybody", "What it saves", "Direct messages are never saved"]  # fmt: skip
    assert [shown.find(one) for one in in_order] == sorted(shown.index(one) for one in in_order)


async def test_every_button_on_it_is_answered(answering: Answering) -> None:
    found = lines(await made(answering, moderator=True))

    assert {"show:/summary", "show:/questions", "show:/topics", "show:/settings answers:me"} <= set(found)
    for line in found:
        assert not (await answering.press(line.removeprefix("show:"), MINA, DIRECT)).refused, line


async def test_moderators_commands_are_shown_to_moderators_alone(answering: Answering) -> None:
    commands = [(await contents(answering.request(person, DIRECT)))[1].plain() for person in (MINA, MODERATOR)]

    assert "/use" not in commands[0]
    assert "/use" in commands[1]


async def test_names_are_those_of_the_workspace(answering: Answering) -> None:
    shown = words(await made(answering, prefix="ra-"))

    assert "/ra-quote" in shown
    assert "/ra-readings" in shown
    assert "/quote" not in shown


@pytest.mark.parametrize("title", HOSTILE, ids=["pings", "marks", "long", "CJK", "bidi", "emoji"])
async def test_a_readings_title_is_shown_as_it_is_and_means_nothing(answering: Answering, title: str) -> None:
    with_title(answering, title)
    view = await made(answering)
    check(view)

    assert title in words(view)
    assert "/readings" in words(view)
    assert "Page 1" not in words(view)
    kinds = {part["type"] for block in view["blocks"] for one in block.get("elements", ()) for part in inner(one)}
    assert kinds <= {"text", "rich_text_section"}


def inner(element: Json) -> list[Json]:
    return element["elements"] if isinstance(element.get("elements"), list) else []


async def test_a_title_without_end_is_cut_and_about_says_all_of_it(answering: Answering) -> None:
    with_title(answering, "title " * 1000)
    view = await made(answering)
    check(view)

    assert "…" in words(view)
    assert "/readings" in words(view)
    assert "show:/about" in lines(view)


@settings(max_examples=25)
@given(st.lists(replies, min_size=1, max_size=6))
def test_whatever_it_is_made_of_it_stays_within_the_limits(made_of: list[Reply]) -> None:
    view = home(made_of, "D1")

    assert len(view["blocks"]) <= 100
    assert len(json.dumps(view)) < 250_000
    assert "mrkdwn'" not in str(view)


def test_it_holds_a_hundred_blocks_at_most() -> None:
    note = Note(markdown("One block."))

    assert len(home([Reply("", (note,) * 19)] * 6, "D1")["blocks"]) == 100


async def test_more_commands_than_fit_are_led_on_to(answering: Answering) -> None:
    kurils = answering.registry.commands["kurils"]
    more = {f"topic-{number}": replace(kurils, name=f"topic-{number}") for number in range(300)}
    answering.registry = Registry({**answering.registry.commands, **more})
    view = await made(answering)
    check(view)

    following = next(line for line in lines(view) if line.endswith("page:2"))
    page = await answering.press(following.removeprefix("show:"), MINA, DIRECT)
    assert (page.title, page.page) == ("Commands", 2)


async def test_opening_it_publishes_it_for_whoever_opened_it(slack: OnSlack) -> None:
    await slack.connect(moderators=("U2",))
    await slack.event(home_opened())
    await slack.event(home_opened(person="U2", channel="D2"))
    published = {one["user_id"]: one["view"] for one in await slack.posted("views.publish", 2)}

    for view in published.values():
        check(view)
    assert words(published["U1"]) != words(published["U2"])  # a moderator's commands are more
    assert published["U2"]["private_metadata"].startswith("D2 ")


async def test_another_tab_publishes_nothing(slack: OnSlack) -> None:
    await slack.connect()
    await slack.event(home_opened(tab="messages"))
    await slack.event(home_opened(person="U2"))

    assert [one["user_id"] for one in await slack.posted("views.publish")] == ["U2"]


async def test_opening_it_again_costs_no_call_while_nothing_changed(slack: OnSlack) -> None:
    await slack.connect()
    await slack.event(home_opened())
    [first] = await slack.posted("views.publish")
    for _ in range(10):
        await slack.event(home_opened(first["view"]))
    await slack.event(home_opened(person="U2"))
    await slack.posted("views.publish", 2)

    assert [one["user_id"] for one in slack.server.made("views.publish")] == ["U1", "U2"]


async def test_a_change_made_elsewhere_is_shown_when_it_is_opened_next(slack: OnSlack) -> None:
    await slack.connect()
    await slack.event(home_opened())
    [first] = await slack.posted("views.publish")
    await slack.ask(command("/settings", "me", response_url=slack.server.response_url))
    await slack.event(home_opened(first["view"]))

    assert "you alone" in words((await slack.posted("views.publish", 2))[1]["view"])


async def test_a_setting_pressed_there_is_changed_and_shown_there(slack: OnSlack) -> None:
    await slack.connect()
    await slack.event(home_opened())
    [first] = await slack.posted("views.publish")
    change = press_on_home(button(first["view"], "Show them to me alone"), first["view"])
    await slack.server.acked(await slack.server.send("interactive", change))
    second = (await slack.posted("views.publish", 2))[1]
    said = await slack.ask(command("/summary", response_url=slack.server.response_url))

    assert second["user_id"] == "U1"
    assert "you alone" in words(second["view"])
    assert button(second["view"], "Show them to everybody") == "show:/settings answers:everyone"
    assert said["response_type"] == "ephemeral"
    assert not slack.server.made("chat.postMessage")


async def test_any_other_button_there_is_answered_in_the_direct_conversation(slack: OnSlack) -> None:
    await slack.connect()
    await slack.event(home_opened())
    [first] = await slack.posted("views.publish")
    pressed = press_on_home(button(first["view"], "Summary"), first["view"])
    await slack.server.acked(await slack.server.send("interactive", pressed))
    [posted] = await slack.posted()

    assert posted["channel"] == "D1"
    assert posted["text"].startswith(slack.answering.library.readings[slack.answering.default_reading].title)
    assert not slack.server.made("chat.postEphemeral")


async def test_what_is_answered_there_has_buttons_that_work_there(slack: OnSlack) -> None:
    """A button good for one press is bound to the place of its answer: here the direct conversation."""
    await slack.connect(moderators=("U1",))
    await slack.event(home_opened())
    [first] = await slack.posted("views.publish")
    pressed = press_on_home(button(first["view"], "Readings"), first["view"])
    await slack.server.acked(await slack.server.send("interactive", pressed))
    [posted] = await slack.posted()
    use = button(posted, "Use here: The Kuril question")
    said = await slack.press(press(use, channel="D1", response_url=slack.server.response_url))
    await slack.event(home_opened(first["view"]))

    assert said["text"].startswith("Reading chosen")
    chosen = slack.answering.library.readings["kuril-question"].title
    assert chosen in words((await slack.posted("views.publish", 2))[1]["view"])


async def test_a_home_tab_of_another_time_is_answered_to_its_person(slack: OnSlack) -> None:
    await slack.connect()
    await slack.server.acked(await slack.server.send("interactive", press_on_home("show:/summary")))

    assert (await slack.posted())[0]["channel"] == "U1"


async def test_when_it_cannot_be_shown_the_change_is_said(slack: OnSlack, caplog: pytest.LogCaptureFixture) -> None:
    await slack.connect()
    slack.server.answers("views.publish", refusal("not_enabled"))
    with caplog.at_level(logging.INFO):
        change = press_on_home("show:/settings answers:me", {"private_metadata": "D1 x"})
        await slack.server.acked(await slack.server.send("interactive", change))
        [posted] = await slack.posted()

    assert posted["channel"] == "D1"
    assert posted["text"].startswith("Setting changed")
    assert "slack.home_failed reason=not_enabled" in caplog.text


async def test_a_failure_to_publish_is_logged_without_words_and_breaks_nothing(
    slack: OnSlack, caplog: pytest.LogCaptureFixture
) -> None:
    with_title(slack.answering, "Shibboleth")
    await slack.connect()
    slack.server.answers("views.publish", refusal("view_too_large"), limited())
    with caplog.at_level(logging.INFO):
        await slack.event(home_opened())
        await slack.posted("views.publish")
        await slack.event(home_opened())
        published = await slack.posted("views.publish", 3)

    assert "slack.home_failed reason=view_too_large" in caplog.text
    assert "Shibboleth" not in caplog.text
    assert published[1]["view"] == published[2]["view"]


async def test_without_a_reading_it_says_so(slack: OnSlack) -> None:
    await slack.connect()
    slack.answering.library = replace(slack.answering.library, readings={})
    await slack.event(home_opened())
    [published] = await slack.posted("views.publish")
    check(published["view"])

    assert "No reading could be loaded" in words(published["view"])


@pytest.fixture
async def homes(server: SlackServer, answering: Answering) -> AsyncIterator[Homes]:
    async with ClientSession() as session:
        yield Homes(web_client(Slack(bot_token=SecretStr(BOT_TOKEN), api_url=server.api_url), session), answering, "")


async def test_many_openings_at_once_cost_two_calls_and_the_last_published_is_the_newest(
    server: SlackServer, answering: Answering, homes: Homes
) -> None:
    go_on = server.hold("views.publish")
    showing = [asyncio.create_task(homes.show(MINA, DIRECT))]
    await server.until(lambda: server.made("views.publish"))
    showing += [asyncio.create_task(homes.show(MINA, DIRECT)) for _ in range(9)]
    await answering.settings.show_answers(MINA, DIRECT, for_one=True)
    go_on.set()
    assert all(await asyncio.gather(*showing))

    first, second = server.made("views.publish")
    assert "everybody" in words(first["view"])
    assert "you alone" in words(second["view"])


async def test_a_tab_that_is_being_replaced_is_published_though_it_showed_the_same(
    server: SlackServer, answering: Answering, homes: Homes
) -> None:
    before = (await made(answering))["private_metadata"]
    await answering.settings.show_answers(MINA, DIRECT, for_one=True)
    go_on = server.hold("views.publish")
    replacing = asyncio.create_task(homes.show(MINA, DIRECT))
    await server.until(lambda: server.made("views.publish"))
    opened = asyncio.create_task(homes.show(MINA, DIRECT, before))
    await answering.settings.show_answers(MINA, DIRECT, for_one=False)
    go_on.set()
    await asyncio.gather(replacing, opened)

    assert server.made("views.publish")[-1]["view"]["private_metadata"] == before


async def test_one_persons_home_tab_does_not_wait_for_anothers(server: SlackServer, homes: Homes) -> None:
    go_on = server.hold("views.publish")
    showing = [asyncio.create_task(homes.show(person, DIRECT)) for person in (MINA, JUN)]
    await server.until(lambda: len(server.made("views.publish")) == 2)
    go_on.set()

    assert all(await asyncio.gather(*showing))


async def test_when_the_database_cannot_be_read_that_is_in_the_log_and_nothing_is_published(
    server: SlackServer, answering: Answering, homes: Homes, caplog: pytest.LogCaptureFixture
) -> None:
    await answering.archive.database.write(lambda db: db.execute("DROP TABLE settings"))
    with caplog.at_level(logging.INFO):
        assert not await homes.show(MINA, DIRECT)

    assert "slack.home_failed" in caplog.text
    assert "error=OperationalError" in caplog.text
    assert not server.made("views.publish")
