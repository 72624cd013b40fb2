"""Passages in the light of the discussions: what was said about one, and which nobody has discussed."""

from bot.archive.discussions import Anchor
from bot.asker import Place
from bot.readings.model import Reading
from bot.reply import FromReading, Reply
from tests.commands.test_discussions import author
from tests.conftest import JUN, MINA, MODERATOR, Bot
from tests.venues import MadeUpVenue

HIDDEN = Place("discord", "1", "12", "56")


def reading_of(bot: Bot, slug: str = "japan-russia-2016") -> Reading:
    return bot.answering.library.readings[slug]


def listed(reply: Reply) -> list[str]:
    return [part.labels[0] for part in reply.parts if isinstance(part, FromReading)]


def anchor(bot: Bot, number: int) -> Anchor:
    reading = reading_of(bot)
    return Anchor(reading.slug, reading.numbered(number)[0].key)


async def quoted(bot: Bot, venue: MadeUpVenue, words: str = "") -> tuple[Reading, int]:
    """Somebody quotes a sentence of the second passage in a discussion of the whole reading."""
    await bot.as_moderator().say("/use kuril-question")
    await bot.say("/discuss")
    reading = reading_of(bot, "kuril-question")
    assert reading.source
    start, end = reading.source.spans[reading.passages[1].key]
    sentence = " ".join(reading.source.text[start:end].split()[:8])
    await bot.answering.archive.hear(venue.say(list(venue.posts)[-1], author(JUN), f"See: “{sentence}” {words}"))
    return reading, reading.passages[1].number


async def test_a_passage_shows_its_discussions_and_no_others(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say('/discuss ¶3 title:"On the islands"')
    await bot.say('/discuss ¶9 title:"On Germany"')
    reply = await bot.say("/passage 3 discussions")

    assert reply.private
    assert "On the islands" in reply.plain()
    assert "1 that you can read" in reply.plain()
    assert "On Germany" not in reply.plain()


async def test_a_passage_shows_no_discussion_that_the_asker_cannot_read(bot: Bot, venue: MadeUpVenue) -> None:
    archive = bot.answering.archive
    await archive.discussions.keep(HIDDEN, "Among moderators", author(MODERATOR), anchor(bot, 3))
    await archive.hear(venue.say(HIDDEN, author(MODERATOR), "Etorofu"))
    mine = await bot.say("/passage 3 discussions")
    venue.private_channels["12"] = frozenset({MODERATOR.id})
    theirs = await bot.as_moderator().say("/passage 3 discussions")

    assert "Nobody has discussed ¶3 where you can read it" in mine.plain()
    assert "moderators" not in mine.plain()
    assert "Among moderators" in theirs.plain()


async def test_a_passage_shows_who_quoted_it_word_for_word(bot: Bot, venue: MadeUpVenue) -> None:
    _, number = await quoted(bot, venue, "That settles it.")
    reply = await bot.say(f"/passage {number} show:discussions")
    other = await bot.say(f"/passage {number + 1} show:discussions")

    assert "Quoted word for word" in reply.plain()
    assert "Jun, 2026-11-09" in reply.plain()
    assert "That settles it." in reply.plain()
    assert "That settles it." not in other.plain()


async def test_a_quotation_in_a_place_that_the_asker_cannot_read_is_not_shown(bot: Bot, venue: MadeUpVenue) -> None:
    _, number = await quoted(bot, venue, "That settles it.")
    venue.open_channels = frozenset({"11"})
    elsewhere = bot.as_person(JUN).at(Place("discord", "1", "11"))
    await elsewhere.as_moderator().say("/use kuril-question")
    reply = await elsewhere.say(f"/passage {number} discussions")

    assert "That settles it." not in reply.plain()


async def test_from_a_passages_discussions_the_buttons_lead_on(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say("/discuss ¶3")
    await bot.answering.archive.hear(venue.say(list(venue.posts)[-1], author(JUN), "Shikotan is small."))
    await bot.say("/passage 3 discussions")
    said = await bot.press("What was said")
    await bot.say("/passage 3 discussions")
    following = await bot.press("On to ¶4")
    text = await bot.press("Show ¶4")

    assert "Shikotan is small." in said.plain()
    assert following.title == "¶4 in discussion"
    assert text.title.startswith("Passage 4 of")


async def test_only_what_nobody_has_discussed_is_cold(bot: Bot, venue: MadeUpVenue) -> None:
    numbers = [one.label for one in reading_of(bot).passages if not one.caption]
    before = await bot.say("/cold")
    await bot.say("/discuss ¶3")
    opened = await bot.say("/cold")
    await bot.answering.archive.hear(venue.say(list(venue.posts)[-1], author(JUN), "Shikotan is small."))
    after = await bot.say("/cold")

    assert before.private
    assert listed(before) == numbers
    assert not any(part.words.quoted for part in before.parts if isinstance(part, FromReading))
    assert listed(opened) == numbers, "the bot's own card is no discussion"
    assert listed(after) == [one for one in numbers if one != "¶3"]
    assert f"{len(numbers) - 1} of {len(numbers)} passages" in after.plain()


async def test_a_discussion_that_the_asker_cannot_read_leaves_a_passage_cold(bot: Bot, venue: MadeUpVenue) -> None:
    archive = bot.answering.archive
    await archive.discussions.keep(HIDDEN, "Among moderators", author(MODERATOR), anchor(bot, 3))
    await archive.hear(venue.say(HIDDEN, author(MODERATOR), "Etorofu"))
    venue.private_channels["12"] = frozenset({MODERATOR.id})

    assert "¶3" in listed(await bot.say("/cold"))
    assert "¶3" not in listed(await bot.as_moderator().say("/cold"))


async def test_a_cold_passage_leads_to_the_preview_of_a_discussion(bot: Bot, venue: MadeUpVenue) -> None:
    reply = await bot.say("/cold")
    preview = await bot.press("Discuss ¶2")
    in_thread = await bot.at(Place("discord", "1", "10", "77")).say("/cold")

    assert reply.buttons[0].label == "Discuss ¶1"
    assert preview.private
    assert not venue.cards
    assert not [button for button in in_thread.buttons if button.label.startswith("Discuss")]


async def test_where_everything_was_discussed_nothing_is_cold(bot: Bot, venue: MadeUpVenue) -> None:
    archive = bot.answering.archive
    for number in range(1, max(one.number for one in reading_of(bot).passages) + 1):
        place = Place("discord", "1", "10", f"5{number:02}")
        await archive.discussions.keep(place, "Talk", author(MINA), anchor(bot, number))
        await archive.hear(venue.say(place, author(MINA), "Etorofu"))

    assert "Every passage has been discussed" in (await bot.say("/cold")).plain()


async def test_where_rights_can_not_be_known_neither_is_told(bot: Bot, venue: MadeUpVenue) -> None:
    venue.trouble = OSError("away")

    assert "can't check what you may read" in (await bot.say("/cold")).plain()
    assert "can't check what you may read" in (await bot.say("/passage 3 discussions")).plain()
