"""The platforms' documented limits in one place, as checks on what would be sent.

Each `check_...` asserts that a payload is within them, and that nothing in it can ping. Where a platform says
characters, UTF-16 units are counted, which is never too little. A new platform adds a check of its own here.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from slack_sdk.models.blocks import Block as SdkBlock
from slackblocks.blocks import Block as CheckedBlock

from bot.cutting import units

Json = dict[str, Any]

DISCORD_NAME = re.compile(r"[-_'\w]{1,32}")  # without the scripts that need more
# Slack's own commands, and names that other projects report to be refused
KEPT_BY_SLACK = frozenset(
    """status me join away dnd shrug remind msg feed who collapse expand leave open search topic mute pro shortcuts help
    send kill debug commands archive apps call invite kick rename star prefs""".split()  # noqa: SIM905 - a list of forty words reads better so
)
SLACK_INLINE = {"text", "link", "date"}  # elements of rich text that mean nothing to anybody's client but themselves
SLACK_BLOCKS = {"header", "rich_text", "divider", "context", "actions", "image"}
SLACK_UNREAD = {"rich_text", "actions"}  # slackblocks 3.0 makes these, but does not read them


def fits(text: str, longest: int) -> bool:
    """Whether there is something, and no more than so much of it."""
    return 0 < units(text) <= longest


def check_sendable(payload: object) -> None:
    """Text that JSON and UTF-8 can carry, without control characters."""
    json.dumps(payload, ensure_ascii=False).encode()
    assert not any(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text) for text in strings(payload))


def check_discord(payload: Json) -> None:
    """https://discord.com/developers/docs/resources/message#embed-object-embed-limits and .../components/reference."""
    check_sendable(payload)
    embeds, rows = payload["embeds"], payload["components"]
    assert "content" not in payload  # where a mention would ping
    assert payload["allowed_mentions"] == {"parse": []}
    assert 1 <= len(embeds) <= 10
    assert sum(map(units, discord_texts(payload))) <= 6000
    for embed in embeds:
        assert fits(embed.get("description", "x"), 4096)
        assert units(embed.get("title", "")) <= 256
        assert fits(embed.get("author", {}).get("name", "x"), 256)
        assert fits(embed.get("footer", {}).get("text", "x"), 2048)
        assert not embed.get("fields")
    assert len(rows) <= 5
    shown = [button for row in rows for button in row["components"]]
    assert all(1 <= len(row["components"]) <= 5 for row in rows)
    assert all(fits(button["label"], 80) and fits(button["custom_id"], 100) for button in shown)
    assert len({button["custom_id"] for button in shown}) == len(shown)


def check_discord_commands(commands: list[Json]) -> None:
    """https://discord.com/developers/docs/interactions/application-commands."""
    check_sendable(commands)
    menus = [one for one in commands if one["type"] == 3]
    assert len(menus) <= 15
    assert all(fits(one["name"], 32) and "options" not in one for one in menus)
    commands = [one for one in commands if one not in menus]
    assert 1 <= len(commands) <= 100
    assert len({one["name"] for one in commands}) == len(commands)
    for one in commands:
        assert DISCORD_NAME.fullmatch(one["name"])
        assert one["name"] == one["name"].lower()
        assert fits(one["description"], 100)
        assert len(one["options"]) <= 25
        assert units(json.dumps(one, ensure_ascii=False)) <= 8000
        for option in one["options"]:
            assert DISCORD_NAME.fullmatch(option["name"])
            assert fits(option["description"], 100)
            check_discord_choices([(choice["name"], choice["value"]) for choice in option.get("choices", ())])


def check_discord_choices(choices: list[tuple[str, str | int]]) -> None:
    """25 choices, of 100 characters each."""
    check_sendable(choices)
    assert len(choices) <= 25
    assert all(fits(name, 100) and fits(str(value), 100) for name, value in choices)


def check_slack(message: Json) -> None:
    """https://docs.slack.dev/reference/block-kit/blocks, and the size at which Slack in fact refuses a message."""
    check_sendable(message)
    assert fits(message["text"], 4000)
    assert not re.search("[<>]|&(?!(?:amp|lt|gt);)", message["text"])
    assert (message["mrkdwn"], message["unfurl_links"], message["unfurl_media"]) == (False, False, False)
    blocks = message["blocks"]
    assert len(blocks) <= 50
    assert sum(map(units, slack_texts(blocks))) < 13_000
    ids = [one["action_id"] for block in blocks for one in block.get("elements", ()) if "action_id" in one]
    assert len(ids) == len(set(ids))
    for block in blocks:
        check_slack_block(block)
        parsed = SdkBlock.parse(block)
        assert parsed
        assert parsed.to_dict()["type"] == block["type"]
        if block["type"] not in SLACK_UNREAD:
            assert CheckedBlock.from_dict(block)


def check_slack_block(block: Json) -> None:
    """One block of a message or of the Home tab."""
    assert block["type"] in SLACK_BLOCKS
    match block["type"]:
        case "rich_text":
            _check_rich_text(block)
        case "header":
            assert block["text"]["type"] == "plain_text"
            assert fits(block["text"]["text"], 150)
        case "context":
            assert 0 < len(block["elements"]) <= 10
            assert all(one["type"] == "plain_text" and fits(one["text"], 3000) for one in block["elements"])
        case "actions":
            assert 0 < len(block["elements"]) <= 25
            assert all(fits(one["text"]["text"], 75) and fits(one["value"], 2000) for one in block["elements"])
        case "image":
            assert fits(block["alt_text"], 2000)


def _check_rich_text(block: Json) -> None:
    assert block["elements"]
    for element in block["elements"]:
        assert element["elements"]
        inner = element["elements"]
        if element["type"] == "rich_text_list":
            assert {one["type"] for one in inner} == {"rich_text_section"}
            assert all(one["elements"] for one in inner)
            inner = [part for one in inner for part in one["elements"]]
        else:
            assert element["type"] in {"rich_text_section", "rich_text_quote"}
        for part in inner:
            assert part["type"] in SLACK_INLINE
            assert part.get("text", "x")
            assert part["type"] != "link" or re.match("https?://", part["url"])
            assert units(part.get("url", "")) <= 3000


def check_slack_manifest(made: Json) -> None:
    """https://docs.slack.dev/reference/app-manifest."""
    check_sendable(made)
    shown, features = made["display_information"], made["features"]
    assert fits(shown["name"], 35)
    assert fits(shown["description"], 140)
    assert 174 <= units(shown["long_description"]) <= 4000
    assert re.fullmatch("#[0-9a-f]{6}", shown["background_color"])
    assert fits(features["bot_user"]["display_name"], 80)
    names = [one["command"] for one in features["slash_commands"]]
    assert len(names) == len(set(names)) <= 50
    for one in features["slash_commands"]:
        assert re.fullmatch("/[a-z0-9_-]{1,32}", one["command"])
        assert one["command"][1:] not in KEPT_BY_SLACK
        assert fits(one["description"], 2000)
        assert fits(one.get("usage_hint", "x"), 1000)
    assert len(features["shortcuts"]) <= 10
    for one in features["shortcuts"]:
        assert one["type"] in {"message", "global"}
        assert fits(one["name"], 24)
        assert fits(one["callback_id"], 255)
        assert fits(one["description"], 150)


def check_terminal(text: str) -> None:
    """Nothing that a terminal would act on: no control character but the line's end."""
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text)


def discord_texts(payload: Json) -> list[str]:
    """The texts of embeds that Discord counts, embed by embed, title first."""
    return [
        text
        for embed in payload["embeds"]
        for text in (
            embed.get("author", {}).get("name", ""),
            embed.get("title", ""),
            embed.get("description", ""),
            embed.get("footer", {}).get("text", ""),
        )
    ]


def slack_texts(element: object) -> Iterator[str]:
    """Every piece of text in blocks, in order."""
    if isinstance(element, list):
        for one in element:
            yield from slack_texts(one)
    elif isinstance(element, dict):
        for name, value in element.items():
            if name in {"text", "alt_text"} and isinstance(value, str):
                yield value
            else:
                yield from slack_texts(value)


def strings(value: object) -> Iterator[str]:
    """Every string in a payload."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (found for one in value.values() for found in strings(one))
    elif isinstance(value, Iterable):
        yield from (found for one in value for found in strings(one))
