"""Walking over a long reply as a member would: page after page by its More button, as each platform shows it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.answering import Answering
from bot.archive.buttons import pressed
from bot.asker import Person, Place
from bot.platforms.discord.render import render as render_discord
from bot.platforms.slack.render import render as render_slack
from bot.platforms.web.render import render as render_page
from bot.reply import FromBackground, Reply
from tests.limits import check_discord, check_sendable, check_slack, discord_texts, slack_texts, strings

Json = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A platform as a test meets it: how it renders and what it checks; `texts` gives a payload's words in order."""

    render: Callable[[Reply], Json]
    check: Callable[[Json], None]
    texts: Callable[[Json], str]


def _read_discord(payload: Json) -> str:
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", "\n".join(discord_texts(payload)))


def _read_slack(payload: Json) -> str:
    return "\n".join(slack_texts(payload["blocks"]))


def _read_page(payload: Json) -> str:
    parts = [part for group in payload["groups"] for part in group["parts"]]
    said = [
        text for part in parts for text in (part["heading"], part.get("before", ""), _runs(part), part.get("after", ""))
    ]
    return "\n".join([payload["title"], *said, *(payload["picture"] or {}).values()])


def _runs(part: Json) -> str:
    return "".join(run["text"] for block in part["blocks"] for run in block["runs"])


PICTURES = Path("/p")  # the folder of readings that a made-up reply's picture is from
PLATFORMS = {
    "page": Shown(lambda reply: render_page(reply, PICTURES), check_sendable, _read_page),
    "discord": Shown(render_discord, check_discord, _read_discord),
    "slack": Shown(lambda reply: render_slack(reply, prefix="ra-"), check_slack, _read_slack),
}


def more(payload: Json) -> str:
    """What the payload's More button sends back; empty where there is none."""
    return next((_sent(button) for button in buttons(payload) if _label(button).startswith("More (")), "")


def buttons(value: object) -> Iterator[Json]:
    """Every button of a payload."""
    if isinstance(value, list):
        yield from (found for one in value for found in buttons(one))
    elif isinstance(value, dict):
        if value.get("type") in {2, "button"} or "label" in value:
            yield value
        else:
            yield from (found for one in value.values() for found in buttons(one))


def _label(button: Json) -> str:
    return str(button["label"] if "label" in button else button["text"]["text"])


def _sent(button: Json) -> str:
    return str(button.get("custom_id") or button["value"])


async def pages(answering: Answering, reply: Reply, platform: str, person: Person, place: Place) -> list[Json]:
    """Every page of a reply as payloads, each within the platform's limits, got by pressing More until there is none.

    Asserts that each page of several says which one it is.
    """
    shown = PLATFORMS[platform]
    found = [shown.render(reply)]
    while line := more(found[-1]):
        reply = await answering.press(pressed(line)[0], person, place)
        assert not reply.refused, (line, reply.plain())
        found.append(shown.render(reply))
    _check_pages(found, shown)
    return found


def all_pages(reply: Reply, platform: str) -> list[Json]:
    """The same of a reply that nobody asked for."""
    shown = PLATFORMS[platform]
    found = [shown.render(reply)]
    while any(_label(button).startswith("More (") for button in buttons(found[-1])):
        found.append(shown.render(replace(reply, page=len(found) + 1)))
    _check_pages(found, shown)
    return found


def _check_pages(found: list[Json], shown: Shown) -> None:
    for number, payload in enumerate(found, 1):
        shown.check(payload)
        said = any(f"Page {number} of {len(found)}." in text for text in strings(payload))
        assert said is (len(found) > 1)


def assert_all_said(reply: Reply, shown: str) -> None:
    """Every letter of the reply is in what was shown, in its order; what stands around it does not count."""
    assert_in_order(_said(reply), shown)


def assert_in_order(texts: Iterable[str], shown: str) -> None:
    """Every letter of these texts was shown, one after the other."""
    letters = iter(_letters(shown))
    for wanted in texts:
        missing = next((at for at, letter in enumerate(_letters(wanted)) if letter not in letters), None)
        assert missing is None, f"from {wanted[missing or 0 : (missing or 0) + 80]!r} on it is not shown"


def _said(reply: Reply) -> Iterator[str]:
    yield reply.title
    for part in reply.parts:
        yield part.heading
        yield from (block.plain() for block in part.words.blocks)
        if isinstance(part, FromBackground):
            yield f"{part.source} {part.date}"


def _letters(text: str) -> str:
    """What must not be lost, without what a platform writes otherwise: spaces, and marks that it escapes."""
    return "".join(text.split()).replace("`", "ˋ").replace("\\", "")
