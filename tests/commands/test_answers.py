"""What each command says, beyond what holds for all of them (`tests/test_contract.py`)."""

import re
from pathlib import Path

import pytest

from bot.answering import Answering
from bot.config import CLONE
from bot.reply import FromBackground, FromReading, Note, Voice
from tests.conftest import Bot

COPY = CLONE / "content" / "japan-russia-2016" / "source.txt"


@pytest.fixture
async def explainer(bot: Bot) -> Bot:
    """The bot in a channel that uses our explainer, whose whole text is held."""
    await bot.as_moderator().say("/use kuril-question")
    return bot


async def test_the_short_summary_has_three_sentences_of_the_reading_and_leads_to_the_long_one(bot: Bot) -> None:
    short = await bot.say("/summary")
    long = await bot.press("Longer")

    assert [part.voice for part in short.parts] == [Voice.READING] * 3
    assert len(long.parts) > len(short.parts)
    assert {label for part in long.parts if isinstance(part, FromReading) for label in part.labels} >= {
        f"¶{number}" for number in range(1, 11)
    }


async def test_a_quotation_without_the_groups_copy_says_so(bot: Bot) -> None:
    reply = await bot.say("/quote palmerston")

    assert "¶2  “Nations have no permanent friends or allies" in reply.plain()
    assert "credited to Lord Palmerston" in reply.plain()
    assert "has not attached its copy" in reply.plain()
    assert "Verified" not in reply.plain()


async def test_with_the_text_held_any_sentence_is_quoted_and_verified(explainer: Bot) -> None:
    reply = await explainer.say("/quote fiftieth parallel")

    assert "¶4  “Japan gained Sakhalin (Karafuto) south of the fiftieth parallel.”" in reply.plain()
    assert "Verified against the group's copy, word for word." in reply.plain()


async def test_next_goes_through_the_quotations_and_ends(explainer: Bot) -> None:
    first = await explainer.say("/quote ¶7")
    total = int(re.findall(r"1 of (\d+)", first.title)[0])
    seen = {first.plain()}
    for _ in range(total - 1):
        seen.add((await explainer.press("Next")).plain())

    assert len(seen) == total
    assert all(button.label != "Next" for button in explainer.replies[-1].buttons)
    beyond = await explainer.say(f"/quote ¶7 {total + 1}")
    assert beyond.refused
    assert f"number {total};" in beyond.plain()


async def test_quote_never_shows_background(bot: Bot, explainer: Bot) -> None:
    for about in ("", "kurils", "sochi", "¶1", "1905", "treaty"):
        for part in (await bot.say(f"/quote {about}")).parts:
            assert not isinstance(part, FromBackground)


async def test_a_subject_that_the_reading_lacks_is_said_with_the_nearest_topic(bot: Bot) -> None:
    reply = await bot.say("/quote kurlis")

    assert reply.refused
    assert "nearest topic is kurils" in reply.plain()


async def test_the_timeline_keeps_what_is_dated_undated_and_known_from_elsewhere_apart(bot: Bot) -> None:
    text = (await bot.say("/timeline")).plain()

    assert "6 May 2016 (“May 6, 2016”)." in text
    assert "1904 to 1905 (“1904-05”)." in text
    assert "Date not stated (“this past week”)." in text
    assert text.index("The reading gives a date") < text.index("The reading gives no date") < text.index("Background: ")
    assert "Background: 5 September 1905." in text


async def test_the_timeline_can_be_asked_for_a_year_a_topic_or_words(bot: Bot) -> None:
    assert "19 October 1956" in (await bot.say("/timeline 1956")).plain()
    assert "7 May 1875" in (await bot.say("/timeline kurils")).plain()
    assert "Portsmouth" in (await bot.say("/timeline treaty of portsmouth")).plain()
    assert (await bot.say("/timeline jazz")).refused


async def test_the_channels_reading_wins_a_topic_and_the_card_offers_the_others(bot: Bot) -> None:
    here = await bot.say("/kurils")
    other = await bot.press("In: The Kuril question")

    assert here.reading == "Japan and Russia, 2016"
    assert other.reading == "The Kuril question"
    await bot.as_moderator().say("/use kuril-question")
    assert (await bot.say("/kurils")).reading == "The Kuril question"


async def test_a_topic_of_another_reading_is_found_by_name(bot: Bot) -> None:
    assert (await bot.say("/topics yalta")).reading == "The Kuril question"
    assert (await bot.say("/readalong yalta")).reading == "The Kuril question"


async def test_an_unknown_topic_suggests_the_nearest(bot: Bot) -> None:
    reply = await bot.say("/topics germny")

    assert reply.refused
    assert "Did you mean germany?" in reply.plain()
    assert (await bot.press("Show germany")).title


async def test_a_passage_shows_its_caption_and_leads_on_and_back(bot: Bot) -> None:
    fifth = await bot.say("/passage 5")

    assert [part.labels for part in fifth.parts if isinstance(part, FromReading)] == [("¶5",), ("¶5 caption",)]
    assert "May 6, 2016" in fifth.plain()
    assert (await bot.press("On to ¶6")).title.startswith("Passage 6 of 10")
    assert "under “Treaty of Portsmouth Echoes”" in (await bot.say("/passage 7")).title
    missing = await bot.say("/passage 11")
    assert missing.refused
    assert "passages 1 to 10; there is no ¶11" in missing.plain()


async def test_ask_refuses_what_the_reading_does_not_mention_and_names_it(bot: Bot) -> None:
    reply = await bot.say("/ask What does it say about Canada and the G-7?")

    assert reply.title == "The reading does not say"
    assert "The reading does not mention Canada, as far as our own account of it goes." in reply.plain()
    assert "Nearest by subject: ¶" in reply.plain()
    assert not any(isinstance(part, FromReading) for part in reply.parts)


async def test_ask_says_that_a_passage_gives_no_day_and_gives_the_background_labelled(bot: Bot) -> None:
    text = (await bot.say("/ask When was the Treaty of Portsmouth signed?")).plain()

    assert "¶10 gives no day. It has: 1904-05." in text
    assert "Background: 5 September 1905." in text


async def test_ask_says_the_readings_own_name_for_an_alias(bot: Bot) -> None:
    text = (await bot.say("/ask Who claims the Northern Territories?")).plain()

    assert "For “Northern Territories” the reading has “Kuril Islands”." in text
    assert "¶3" in text


@pytest.mark.parametrize("spelling", ["US", "U.S.", "the US", "America"])
async def test_ask_finds_a_name_in_each_of_its_spellings(bot: Bot, spelling: str) -> None:
    reply = await bot.say(f"/ask What should {spelling} realise about Tokyo's moves?")

    assert reply.title == "Nearest in the reading"
    assert "¶9" in reply.plain()


async def test_ask_knows_the_words_of_the_brief_quotations_without_a_copy(bot: Bot) -> None:
    assert (await bot.say("/ask what do maneuvers threaten?")).title == "Nearest in the reading"


async def test_ask_points_to_a_passage_with_a_date_where_the_nearest_has_none(bot: Bot) -> None:
    text = (await bot.say("/ask When was the treaty signed?")).plain()

    assert "¶3 gives no date. ¶10 gives no day. It has: 1904-05." in text


async def test_ask_takes_the_two_for_no_count_of_what_was_asked(bot: Bot) -> None:
    text = (await bot.say("/ask How many islands are disputed?")).plain()

    assert "gives no number" in text
    assert "has: two" not in text


async def test_ask_does_not_take_said_for_a_name(bot: Bot) -> None:
    assert "mention said" not in (await bot.say("/ask what is said about may")).plain()


async def test_a_year_in_the_timeline_is_that_year_alone(explainer: Bot) -> None:
    text = (await explainer.say("/timeline 1905")).plain()

    assert "Timeline: 1905 (1 event)" in text
    assert "1855" not in text


async def test_check_knows_the_title_and_the_subheadings(bot: Bot) -> None:
    title = await bot.say("/check Japan Charts More Independent Course to Improve Russian Relations")
    subheading = await bot.say("/check “Treaty of Portsmouth Echoes”")

    assert "the title of the reading" in title.plain()
    assert "a subheading of the reading, above ¶7" in subheading.plain()
    assert (await bot.say("/check Treaty of Portsmouth")).title != "A heading"


async def test_check_tells_the_differing_words(explainer: Bot) -> None:
    reply = await explainer.say("/check The nine days from 28 August decided who owns the islands.")

    assert reply.title == "Not what it says"
    assert "You wrote “owns”; the reading has “holds”." in reply.plain()
    marked = [run.text for part in reply.parts for block in part.words.blocks for run in block.runs if run.bold]
    assert marked == ["owns", "holds"]


async def test_check_shows_a_clipped_quotation_in_its_sentence(explainer: Bot) -> None:
    reply = await explainer.say("/check “they did decide who owns them”")
    clipped = await explainer.say("/check decide who owns them")

    assert reply.title == "Not what it says"
    assert clipped.title == "Word for word"
    assert "For Japan they did not decide who owns them." in clipped.plain()


@pytest.mark.parametrize(
    ("clipped", "title", "mind"),
    [
        ("decide who owns them", "Word for word", "Mind the words around your part: “not”."),
        ("That does ... mean that they are at war", "Word for word, with words left out", "“not”"),
    ],
)
async def test_check_points_at_a_not_that_a_quotation_leaves_out(
    explainer: Bot, clipped: str, title: str, mind: str
) -> None:
    reply = await explainer.say(f"/check {clipped}")

    assert reply.title == title
    assert mind in reply.plain()
    whole = await explainer.say("/check That does not mean that they are at war")
    assert "Mind the words" not in whole.plain()


async def test_check_has_a_verdict_for_punctuation_and_for_words_that_are_nowhere(explainer: Bot) -> None:
    assert (await explainer.say("/check A peace treaty that does not mean")).title != "Word for word"
    assert (await explainer.say("/check that does not mean, that they are at war")).title == (
        "The same words, printed otherwise"
    )
    assert (await explainer.say("/check the quick brown fox jumps over the lazy dog")).title == "Not in the reading"


async def test_check_without_the_groups_copy_knows_the_brief_quotations_only(bot: Bot) -> None:
    known = await bot.say("/check they only have permanent interests")
    unknown = await bot.say("/check primarily India and Vietnam")

    assert known.title == "Word for word"
    assert "Checked against the brief quotations" in known.plain()
    assert unknown.title == "Can't be checked yet"
    assert "readalong readings attach" in unknown.plain()


async def test_the_questions_are_eight_and_each_names_its_passages(bot: Bot) -> None:
    asked = (await bot.say("/questions")).parts[1:]

    assert len(asked) == 8
    assert all("?" in part.words.plain() and isinstance(part, Note) and part.labels for part in asked)


async def test_the_readings_are_listed_and_only_a_moderator_gets_buttons_to_choose(bot: Bot) -> None:
    listed = await bot.say("/readings")

    assert listed.private
    assert "In use in this channel\nJapan Charts More Independent Course" in listed.plain()
    assert listed.buttons == ()
    moderator = bot.as_moderator()
    await moderator.say("/readings")
    assert not (await moderator.press("Use here: The Kuril question")).refused
    assert "already" in (await moderator.say("/use kuril-question")).plain()


async def test_an_unknown_reading_suggests_the_nearest(bot: Bot) -> None:
    reply = await bot.as_moderator().say("/use kuril-qestion")

    assert reply.refused
    assert "Did you mean kuril-question?" in reply.plain()


async def test_about_says_what_is_kept_and_that_the_author_and_date_are_not_known(bot: Bot) -> None:
    text = (await bot.say("/about")).plain()

    assert "Direct messages are never saved" in text
    assert "author unknown" in text
    assert "Inferred" in text or "inferred" in text


async def test_help_lists_every_native_command_and_moderators_ones_to_moderators_alone(bot: Bot) -> None:
    member, moderator = await bot.say("/help"), await bot.as_moderator().say("/help")

    for command in bot.answering.registry.natives:
        assert f"/{command.name}" in moderator.plain()
    assert "/use" not in member.plain()
    assert (await bot.say("/help sumary")).refused


@pytest.mark.skipif(not COPY.exists(), reason="the group's copy of the article is not attached; see the README")
async def test_against_the_groups_own_copy_every_quotation_is_verified(
    answering: Answering, tmp_path: Path
) -> None:  # pragma: no cover - only where a copy is
    from bot.readings.load import load  # noqa: PLC0415 - only where a copy is

    reading = load(COPY.parent)
    assert all(quotation.span for quotation in reading.quotations)
