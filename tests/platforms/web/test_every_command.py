"""Every command on the local page: answered, private exactly when its reply is, its words on the page as words."""

import pytest

from bot.command import Command
from tests.platforms.web.conftest import Page
from tests.test_contract import every_command


@every_command
async def test_its_example_is_answered_on_the_page(command: Command, page: Page) -> None:
    async with page.visited("mo" if command.moderators else "mina") as visit, page.visited("jun") as other:
        shown = await visit.say(command.example)
        seen = await other.messages()

    reply = shown["reply"]
    assert reply["title"]
    assert not reply["refused"]
    assert shown["private"] == reply["private"]
    assert (shown["id"] in {one["id"] for one in seen}) != reply["private"]
    assert reply["private"] or not command.private
    assert {group["voice"] for group in reply["groups"]} <= {"reading", "background", "member", "bot"}
    assert all(
        part["before"].startswith("¶")
        for group in reply["groups"]
        if group["voice"] == "reading"
        for part in group["parts"]
    )


@pytest.mark.parametrize("typed", ["<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "@everyone", "\x1b[31m"])
@every_command
async def test_whatever_is_typed_after_it_is_answered_with_words(command: Command, typed: str, page: Page) -> None:
    async with page.visited("mo") as visit:
        shown = await visit.say(f"/{command.name} {typed}")

    runs = [
        run
        for group in shown["reply"]["groups"]
        for part in group["parts"]
        for block in part["blocks"]
        for run in block["runs"]
    ]
    assert not any("Something went wrong" in run["text"] for run in runs)
    assert all(run.get("url", "https:").startswith(("https:", "http:", "#/")) for run in runs)
