"""Finding again what was said, as far as the asker can read it."""

from bot.archive.events import Author
from bot.asker import Place
from tests.conftest import JUN, Bot
from tests.venues import MadeUpVenue

THREAD = Place("discord", "1", "10", "77")


async def heard(bot: Bot, venue: MadeUpVenue, place: Place, words: str, minutes: float = 0) -> None:
    said = venue.say(place, Author(JUN.id, JUN.name), words, minutes=minutes)
    await bot.answering.archive.capture.save(said)


async def test_a_saved_message_is_found_by_a_word(bot: Bot, venue: MadeUpVenue) -> None:
    await heard(bot, venue, THREAD, "A peace treaty would have to say who lives there.")
    reply = await bot.say("/find treaty")

    assert reply.private
    assert "1 of 1, best first, in channels that you can read." in reply.plain()
    assert "A peace treaty would have" in reply.plain()
