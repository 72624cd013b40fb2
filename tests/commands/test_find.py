"""Finding again what was said, as far as the asker can read it; and sharing it, as far as everybody can."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.answering import Answering
from bot.archive.discussions import Anchor
from bot.archive.events import Author, Changed, Said
from bot.asker import Person, Place
from bot.command import Typed
from bot.reply import FromMember, Reply
from tests.conftest import JUN, KURILS, MINA, MODERATOR, Bot
from tests.venues import MadeUpVenue

THREAD = Place("discord", "1", "10", "77")
PRIVATE = Place("discord", "1", "10", "55", private=True)
MODERATORS = Place("discord", "1", "12")
TITLE = "Does 1956 still bind anyone?"


async def heard(
    bot: Bot, venue: MadeUpVenue, words: str, *, place: Place = THREAD, by: Person = JUN, minutes: float = 0
) -> Said:
    """Somebody says something that is saved."""
    said = venue.say(place, Author(by.id, by.name), words, minutes=minutes)
    await bot.answering.archive.capture.save(said)
    return said


@pytest.fixture
async def saved(bot: Bot, venue: MadeUpVenue) -> Bot:
    """A discussion on the treaty in the open, one among moderators, and one in a private thread of Jun's."""
    await bot.answering.archive.discussions.keep(THREAD, TITLE, Author(JUN.id, JUN.name), Anchor("kuril-question"))
    await bot.answering.archive.capture.save(Changed(KURILS, "kurils"))
    venue.private_channels["12"] = frozenset({MODERATOR.id})
    venue.private_threads["55"] = frozenset({JUN.id})
    await heard(bot, venue, "A peace treaty would have to say who lives there.")
    await heard(bot, venue, "Treaty or not, they live there.", by=MINA, minutes=1)
    await heard(bot, venue, "The treaty, among moderators", place=MODERATORS, minutes=2)
    await heard(bot, venue, "The treaty, between us", place=PRIVATE, minutes=3)
    return bot


def members(reply: Reply) -> list[FromMember]:
    return [part for part in reply.parts if isinstance(part, FromMember)]


def bold(part: FromMember) -> list[str]:
    return [run.text for block in part.words.blocks for run in block.runs if run.bold]


async def test_a_hit_says_where_by_whom_and_when_with_a_link_and_its_words_in_bold(saved: Bot) -> None:
    reply = await saved.say('/find "peace treaty" from:jun after:"last year"')
    (part,) = members(reply)

    assert reply.private
    assert "1 of 1, best first, in channels that you can read." in reply.plain()
    assert (part.heading, part.name, bold(part)) == (f"#kurils > “{TITLE}”", "Jun", ["peace treaty"])
    assert part.link.startswith("https://example.org/1/77/")
    assert part.when.tzinfo


async def test_a_bare_find_browses_newest_first(saved: Bot) -> None:
    reply = await saved.say("/find")

    assert [part.name for part in members(reply)] == ["Mina", "Jun"]
    assert "2 of 2, newest first" in reply.plain()


async def test_a_long_text_is_cut_around_the_first_word(saved: Bot, venue: MadeUpVenue) -> None:
    await heard(saved, venue, f"{'before ' * 100}Shikotan {'after ' * 100}")
    (part,) = members(await saved.say("/find shikotan"))

    assert part.words.plain().startswith("…before")
    assert part.words.plain().endswith("after…")
    assert len(part.words.plain()) <= 302
    assert bold(part) == ["Shikotan"]


async def test_older_leads_on_to_the_end_and_the_other_order_is_a_press_away(saved: Bot, venue: MadeUpVenue) -> None:
    for minute in range(21):
        await heard(saved, venue, f"Habomai {minute}", minutes=10 + minute)
    first = await saved.say("/find habomai order:newest")
    second = await saved.press("Older")
    third = await saved.press("Older")
    best = await saved.press("Best first")
    more = await saved.press("More")

    assert "10 of 21, newest first" in first.plain()
    assert "The next 10 of 21, newest first" in second.plain()
    assert [part.words.plain() for part in members(third)] == ["Habomai 0"]
    assert "Older" not in [button.label for button in third.buttons]
    assert "10 of 21, best first" in best.plain()
    assert not set(members(best)) & set(members(more))


async def test_what_one_may_not_read_is_neither_shown_nor_counted(saved: Bot, venue: MadeUpVenue) -> None:
    stranger = Person("U7", "Stranger")
    by_person = {
        person: await saved.as_person(person).say("/find treaty") for person in (MINA, JUN, MODERATOR, stranger)
    }

    assert "2 of 2" in by_person[MINA].plain()
    assert "3 of 3" in by_person[JUN].plain()
    assert "between us" in by_person[JUN].plain()
    assert "3 of 3" in by_person[MODERATOR].plain()
    assert "among moderators" in by_person[MODERATOR].plain()
    assert not members(by_person[stranger])
    assert "messages" not in by_person[stranger].plain().replace("newest messages", "")


async def test_a_member_who_is_removed_finds_nothing_from_then_on(saved: Bot, venue: MadeUpVenue) -> None:
    assert members(await saved.say("/find treaty"))
    venue.members -= {MINA.id}
    saved.answering.venues.changed("discord", "1")
    reply = await saved.say("/find treaty")

    assert not members(reply)
    assert "treaty," not in reply.plain()


async def test_where_rights_can_not_be_known_nothing_is_shown(saved: Bot, venue: MadeUpVenue) -> None:
    venue.trouble = OSError("away")
    reply = await saved.say("/find treaty")

    assert reply.refused
    assert "can't check what you may read" in reply.plain()


async def test_sharing_posts_what_everybody_there_can_read_and_says_so(saved: Bot) -> None:
    moderator = saved.as_moderator()
    private = await moderator.say("/find treaty")
    shared = await moderator.press("Share")

    assert "among moderators" in private.plain()
    assert not shared.private
    assert "among moderators" not in shared.plain()
    assert "2 of 2, best first, in channels that everybody here can read." in shared.plain()
    assert "Shared by Mo. What not everybody here can read is left out." in shared.plain()
    assert "Share" not in [button.label for button in shared.buttons]


async def test_typing_share_does_the_same_safe_thing(saved: Bot, venue: MadeUpVenue) -> None:
    typed = await saved.as_moderator().say("/find treaty share:yes")
    inside = await saved.as_moderator().at(MODERATORS).say("/find treaty share:yes")
    unread = await saved.at(MODERATORS).say("/find treaty share:yes")

    assert not typed.private
    assert "among moderators" not in typed.plain()
    assert "among moderators" in inside.plain()
    assert "among moderators" not in unread.plain(), "who types it can't read it themselves"


async def test_nothing_to_share_is_said_to_the_asker_alone(saved: Bot) -> None:
    moderator = saved.as_moderator()
    await moderator.say('/find "among moderators"')
    nothing = await moderator.press("Share")
    named = await moderator.say("/find in:12 share:yes")

    assert nothing.private
    assert "nothing was posted" in nothing.plain()
    assert named.private
    assert named.refused


async def test_in_a_direct_conversation_nothing_is_shared(saved: Bot) -> None:
    direct = saved.at(Place("discord", "", "5", direct=True))
    found = await direct.say("/find treaty")
    shared = await direct.say("/find treaty share:yes")
    here = await direct.say("/find treaty in:here")

    assert "2 of 2" in found.plain()
    assert "Share" not in [button.label for button in found.buttons]
    assert shared.private
    assert "in:here works in a channel" in here.plain()


async def test_pressing_a_shared_lists_buttons_shows_what_the_presser_can_read(saved: Bot) -> None:
    await saved.as_moderator().say("/find treaty")
    shared = await saved.as_moderator().say("/find treaty share:yes")
    newest = next(button for button in shared.buttons if button.label == "Newest first")
    pressed = await saved.as_person(JUN).press_button(newest)

    assert pressed.private
    assert "between us" in pressed.plain()


async def test_nothing_found_teaches_what_to_leave_out(saved: Bot) -> None:
    reply = await saved.say("/find treaty from:mina has:link")
    again = await saved.press("Without has:link")

    assert "Nothing that you can read fits" in reply.plain()
    assert "one message without “has:link”" in reply.plain()
    assert len(members(again)) == 1


async def test_nothing_saved_says_how_a_discussion_is_saved(bot: Bot) -> None:
    assert "/discuss in a channel opens" in (await bot.say("/find")).plain()
    assert "Nothing that you can read fits" in (await bot.say("/find zebra")).plain()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/find form:mina", "Did you mean from:"),
        ("/find after:soon", "takes a date such as"),
        ("/find in:#nowhere", "Nothing that you can read is saved in “#nowhere”"),
        ("/find past:10/1 treaty", "Search again"),
        ("/find order:oldest", "newest or best"),
        ("/find passage:99", "its passages are ¶1 to"),
        ("/find *", "no letter or digit"),
    ],
)
async def test_what_can_not_be_understood_says_what_would_be_right(line: str, words: str, saved: Bot) -> None:
    reply = await saved.say(line)

    assert reply.refused
    assert words in reply.plain()


@pytest.mark.parametrize("words", ["yes", "best", "newest", "c++", "it's", "col:x", "a AND", "3", 'words:"peace"'])
async def test_no_word_of_a_search_is_taken_for_anything_else(words: str, saved: Bot, venue: MadeUpVenue) -> None:
    await heard(saved, venue, "yes best newest c++ it's col:x a AND 3 peace")
    reply = await saved.say(f"/find {words} -among")

    assert not reply.refused
    assert reply.private
    assert "yes best newest" in reply.plain()


async def test_members_words_come_out_as_they_were_typed(saved: Bot, venue: MadeUpVenue) -> None:
    await heard(saved, venue, "**Etorofu** <@U1> [x](https://example.org)")
    (part,) = members(await saved.say("/find etorofu"))

    assert part.words.plain() == "**Etorofu** <@U1> [x](https://example.org)"
    assert bold(part) == ["Etorofu"]


async def test_readings_passages_and_days_are_suggested(answering: Answering) -> None:
    def suggested(option: str, text: str, **given: str) -> list[str]:
        found = answering.suggestions("find", option, Typed(text, given), MINA, KURILS)
        return [one.label if option == "passage" else one.value for one in found]

    third = answering.library.readings["kuril-question"].numbered(3)[0]
    assert suggested("reading", "kuril") == ["kuril-question"]
    assert suggested("passage", "¶3", reading="kuril-question") == [f"¶3 {third.title}"]
    assert suggested("passage", "", reading="kuril-question") != suggested("passage", "")
    assert suggested("after", "last") == ["last week", "last month"]


async def test_people_and_places_complete_as_far_as_the_asker_can_read(saved: Bot, venue: MadeUpVenue) -> None:
    await heard(saved, venue, "Only moderators know me", place=MODERATORS, by=Person("U9", "Mo"), minutes=4)
    await saved.answering.archive.capture.save(Changed(MODERATORS, "moderators-only"))

    async def offered(option: str, typed: str, who: Person) -> list[str]:
        await saved.answering.prepare_suggestions("find", who, KURILS)
        found = saved.answering.suggestions("find", option, Typed(typed, {}), who, KURILS)
        return [f"{one.label}={one.value}" for one in found]

    assert await offered("from", "", MINA) == ["me=me", "readalong=readalong", "Jun=U2", "Mina=U1"]
    assert await offered("from", "mo", MINA) == []
    assert await offered("from", "mo", MODERATOR) == ["Mo=U9"]
    assert await offered("in", "1956", MINA) == [f"“{TITLE}”=77"]
    assert await offered("in", "moderators", MINA) == []
    assert await offered("in", "moderators", MODERATOR) == ["#moderators-only=12"]


async def test_where_rights_can_not_be_known_completions_name_nobody(saved: Bot, venue: MadeUpVenue) -> None:
    venue.trouble = OSError("away")
    await saved.answering.prepare_suggestions("find", MINA, KURILS)

    for option, offered in (("from", {"me", "readalong"}), ("in", {"this channel"})):
        found = saved.answering.suggestions("find", option, Typed("", {}), MINA, KURILS)
        assert {one.label for one in found} == offered


async def test_a_day_is_the_groups_own(saved: Bot, venue: MadeUpVenue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine in the evening of the 19th in UTC is the 20th in Tokyo."""
    evening = datetime(2026, 11, 19, 21, tzinfo=UTC)
    said = Said(THREAD, "evening", Author(JUN.id, JUN.name), "said in the evening", evening)
    await saved.answering.archive.capture.save(said)
    in_utc = await saved.say("/find evening after:2026-11-20")
    digests = replace(saved.answering.posting.digests, zone="Asia/Tokyo")
    monkeypatch.setattr(saved.answering.posting, "digests", digests)
    in_tokyo = await saved.say("/find evening after:2026-11-20")

    assert not members(in_utc)
    assert len(members(in_tokyo)) == 1
