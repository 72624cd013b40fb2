"""/export: a discussion as a file for who asks, with what they could read in it and nothing else."""

import re
from dataclasses import replace

import pytest

from bot.archive.discussions import Anchor
from bot.archive.events import Author, Unsaid
from bot.asker import Person, Place
from bot.reply import Reply
from tests.conftest import JUN, KURILS, MINA, MODERATOR, Bot
from tests.venues import MadeUpVenue

THREAD = replace(KURILS, thread="77")
SECRET = Place("discord", "1", "10", "55", private=True)


def author(person: Person) -> Author:
    return Author(person.id, person.name)


async def discuss(bot: Bot, venue: MadeUpVenue, place: Place) -> None:
    """A discussion in which Mina changed her words and Jun took his back."""
    archive = bot.answering.archive
    await archive.discussions.keep(place, "Does 1956 bind?", author(MINA), Anchor("kuril-question", "two-names"))
    first = venue.say(place, author(MINA), "What I said first")
    gone = venue.say(place, author(JUN), "What I took back")
    last = venue.say(place, author(JUN), "A treaty would bind.", minutes=3)
    for said in (first, replace(first, words="What I mean", edited=last.at), gone, last):
        await archive.capture.save(said)
    await archive.capture.save(Unsaid(place, gone.id, gone.at, last.at))


def file_of(reply: Reply) -> str:
    (file,) = reply.files
    return file.data.decode()


async def test_a_member_gets_the_discussion_as_a_page_for_them_alone(bot: Bot, venue: MadeUpVenue) -> None:
    await discuss(bot, venue, THREAD)
    reply = await bot.at(THREAD).say("/export")

    assert (reply.private, reply.title, reply.files[0].name) == (True, "Does 1956 bind?", "discussion.html")
    assert "2 messages" in reply.plain()
    assert "A treaty would bind." in file_of(reply)
    assert "Four islands, two sets of names" in file_of(reply)


@pytest.mark.parametrize("form", ["html", "markdown", "csv", "ndjson"])
async def test_it_holds_nothing_that_can_not_be_seen_there(bot: Bot, venue: MadeUpVenue, form: str) -> None:
    """Earlier texts and deleted messages are the archive's; no platform shows them to members."""
    await discuss(bot, venue, THREAD)
    made = file_of(await bot.at(THREAD).say(f"/export form:{form}"))

    assert "What I mean" in made
    assert not re.search("What I said first|What I took back", made)


async def test_who_opted_out_is_not_in_it(bot: Bot, venue: MadeUpVenue) -> None:
    await discuss(bot, venue, THREAD)
    await bot.as_person(JUN).say("/privacy out sure:yes")
    made = file_of(await bot.at(THREAD).say("/export"))

    assert "What I mean" in made
    assert not re.search("Jun|A treaty would bind", made)


async def test_who_can_not_read_the_thread_gets_nothing_of_it(bot: Bot, venue: MadeUpVenue) -> None:
    await discuss(bot, venue, SECRET)
    venue.private_threads["55"] = frozenset({JUN.id})
    refused = await bot.at(SECRET).say("/export")
    given = await bot.at(SECRET).as_person(JUN).say("/export")

    assert (refused.refused, refused.files) == (True, ())
    assert "Nothing that you can read" in refused.plain()
    assert "What I mean" in file_of(given)


async def test_outside_of_a_discussion_it_says_where_to_type_it(bot: Bot, venue: MadeUpVenue) -> None:
    await discuss(bot, venue, THREAD)

    for place in (KURILS, Place("discord", "", "dm", direct=True)):
        reply = await bot.at(place).say("/export")
        assert (reply.private, reply.files) == (True, ())
        assert "in a saved discussion" in reply.plain()
    assert (await bot.at(replace(KURILS, thread="99")).say("/export")).refused


async def test_moderators_see_that_somebody_exported(bot: Bot, venue: MadeUpVenue) -> None:
    await discuss(bot, venue, THREAD)
    await bot.at(THREAD).say("/export")
    shown = await bot.as_person(MODERATOR).say("/moderators")

    assert "export" in shown.plain()


async def test_a_discussion_too_large_for_chat_is_refused(
    bot: Bot, venue: MadeUpVenue, monkeypatch: pytest.MonkeyPatch
) -> None:
    await discuss(bot, venue, THREAD)
    monkeypatch.setattr("commands.export.MOST_BYTES", 2000)  # eight million would take the test a minute
    reply = await bot.at(THREAD).say("/export")

    assert (reply.refused, "too large" in reply.plain()) == (True, True)
