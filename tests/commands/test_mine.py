"""What is the asker's own: answers to their questions, their discussions, their remarks."""

from dataclasses import replace

from bot.asker import Person, Place
from bot.reply import FromMember, Reply
from tests.commands.test_discussions import PRIVATE, anchor_of, author
from tests.conftest import JUN, KURILS, MINA, MODERATOR, Bot
from tests.venues import MadeUpVenue


async def heard(bot: Bot, venue: MadeUpVenue, *said: tuple[Person, str]) -> Place:
    """A discussion of no one's question in which these people say this, a minute apart."""
    await bot.as_moderator().say("/discuss ¶3 On the islands")
    thread = list(venue.posts)[-1]
    for minute, (person, words) in enumerate(said):
        await bot.answering.archive.hear(venue.say(thread, author(person), words, minutes=minute))
    return thread


def answers(reply: Reply) -> list[tuple[str, str]]:
    return [(part.heading, part.words.plain()) for part in reply.parts if isinstance(part, FromMember)]


async def test_who_has_said_nothing_is_told_how_to_begin(bot: Bot) -> None:
    reply = await bot.say("/mine")

    assert reply.private
    assert "/discuss in a channel opens a discussion" in reply.plain()
    assert "Nothing of that is yours yet" in (await bot.say("/mine answers")).plain()


async def test_a_question_is_shown_with_what_was_said_next(bot: Bot, venue: MadeUpVenue) -> None:
    await heard(bot, venue, (JUN, "Hello."), (MINA, "Does 1956 still bind?"), (MINA, "I mean it."), (JUN, "It does."))
    reply = await bot.say("/mine answers")
    other = await bot.as_person(JUN).say("/mine answers")

    assert answers(reply) == [("On “Does 1956 still bind?”", "It does.")]
    assert "1: what somebody else said" in reply.plain()
    assert not answers(other)


async def test_an_answer_to_that_very_message_comes_before_what_was_said_next(bot: Bot, venue: MadeUpVenue) -> None:
    thread = await heard(bot, venue, (MINA, "Does it bind?"), (JUN, "Good morning."))
    question = venue.posts[thread][-2]
    answer = replace(venue.say(thread, author(JUN), "It binds.", minutes=9), answers=question.id)
    await bot.answering.archive.hear(answer)

    assert answers(await bot.say("/mine answers")) == [("On “Does it bind?”", "It binds.")]


async def test_a_question_waits_until_somebody_else_speaks(bot: Bot, venue: MadeUpVenue) -> None:
    thread = await heard(bot, venue, (MINA, "Does it bind?"), (MINA, "Anyone?"))
    waiting = await bot.say("/mine")
    await bot.answering.archive.hear(venue.say(thread, author(JUN), "It does.", minutes=9))
    answered = await bot.say("/mine")

    assert "Without an answer" in waiting.plain()
    assert ("", "Anyone?") in answers(waiting)
    assert ("", "Does it bind?") not in answers(waiting)
    assert ("On “Anyone?”", "It does.") in answers(answered)
    assert "Without an answer" not in answered.plain()


async def test_the_title_of_an_opened_discussion_is_a_question_too(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say('/discuss ¶3 title:"Does 1956 still bind anyone?"')
    thread = list(venue.posts)[-1]
    waiting = await bot.say("/mine answers")
    await bot.answering.archive.hear(venue.say(thread, author(JUN), "It does."))

    assert answers(waiting) == [("", "Does 1956 still bind anyone?")]
    assert answers(await bot.say("/mine answers")) == [("On “Does 1956 still bind anyone?”", "It does.")]


async def test_a_title_and_a_message_are_a_question_each_where_each_was_answered(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say('/discuss ¶3 title:"Does it bind?"')
    thread = list(venue.posts)[-1]
    for minute, (person, words) in enumerate([(JUN, "It does."), (MINA, "And Tokyo?"), (JUN, "It agrees.")]):
        await bot.answering.archive.hear(venue.say(thread, author(person), words, minutes=minute))

    assert sorted(answers(await bot.say("/mine answers"))) == [
        ("On “And Tokyo?”", "It agrees."),
        ("On “Does it bind?”", "It does."),
    ]


async def test_the_title_of_somebody_elses_thread_is_no_question_of_who_had_it_saved(
    bot: Bot, venue: MadeUpVenue
) -> None:
    thread = Place("discord", "1", "10", "77")
    said = venue.say(thread, author(MINA), "Which report is it?", minutes=-5)
    moderator = bot.as_moderator().at(thread)
    await moderator.say("/save ¶6")
    await bot.answering.archive.hear(said)

    assert not answers(await moderator.say("/mine answers"))
    assert "Which report is it?" in (await moderator.say("/mine discussions")).plain()


async def test_a_question_outside_of_threads_is_answered_in_the_thread_it_opens(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.as_moderator().say("/save what:channel")
    await bot.answering.archive.discussions.keep_channel(KURILS, "kurils")
    question = venue.say(KURILS, author(MINA), "Who is IISS?")
    await bot.answering.archive.hear(question)
    inside = replace(KURILS, thread=question.id)
    await bot.answering.archive.hear(venue.say(inside, author(JUN), "An institute.", minutes=1))

    assert answers(await bot.say("/mine answers")) == [("On “Who is IISS?”", "An institute.")]


async def test_discussions_are_mine_when_i_opened_or_spoke_in_them(bot: Bot, venue: MadeUpVenue) -> None:
    await bot.say('/discuss ¶9 title:"On Germany"')
    await heard(bot, venue, (JUN, "Shikotan is small."))
    mine = await bot.say("/mine discussions")
    theirs = await bot.as_person(JUN).say("/mine discussions")
    nobodys = await bot.as_person(MODERATOR).say("/mine discussions")

    assert "On Germany" in mine.plain()
    assert "On the islands" not in mine.plain()
    assert "On the islands" in theirs.plain()
    assert "On Germany" not in theirs.plain()
    assert "On the islands" in nobodys.plain()


async def test_remarks_are_mine_when_i_saved_or_wrote_them(bot: Bot, venue: MadeUpVenue) -> None:
    said = venue.say(KURILS, author(JUN), "Habomai is several islands.")
    await bot.answering.act("save-remark", said, MINA)
    for person, shown in ((MINA, True), (JUN, True), (MODERATOR, False)):
        reply = await bot.as_person(person).say("/mine remarks")
        assert ("Habomai is several islands." in reply.plain()) is shown


async def test_what_is_mine_is_shown_only_where_i_can_still_read_it(bot: Bot, venue: MadeUpVenue) -> None:
    await heard(bot, venue, (MINA, "Does it bind?"), (JUN, "It does."))
    await bot.answering.archive.discussions.keep(PRIVATE, "Among two", author(MINA), anchor_of(bot))
    await bot.answering.archive.hear(venue.say(PRIVATE, author(MINA), "Who knows?"))
    venue.open_channels = frozenset({"11"})
    elsewhere = bot.at(Place("discord", "1", "11"))
    hidden = await elsewhere.say("/mine")

    assert not answers(hidden)
    for word in ("bind", "Among two", "Who knows", "islands"):
        assert word not in hidden.plain()


async def test_an_answer_of_somebody_who_opted_out_is_none(bot: Bot, venue: MadeUpVenue) -> None:
    await heard(bot, venue, (MINA, "Does it bind?"), (JUN, "It does."))
    await bot.as_person(JUN).say("/privacy out sure:yes")

    assert answers(await bot.say("/mine answers")) == [("", "Does it bind?")]


async def test_who_opted_out_has_nothing_here(bot: Bot, venue: MadeUpVenue) -> None:
    await heard(bot, venue, (MINA, "Does it bind?"))
    await bot.say("/privacy out sure:yes")
    reply = await bot.say("/mine")

    assert "You chose not to be saved" in reply.plain()
    assert [button.label for button in reply.buttons] == ["Be saved again"]


async def test_a_long_list_shows_five_and_its_button_the_rest(bot: Bot, venue: MadeUpVenue) -> None:
    for number in range(7):
        await bot.say(f'/discuss ¶3 title:"Discussion {number}"')
    short = await bot.say("/mine")
    long = await bot.press("My discussions")

    assert "5 of 7: you opened them" in short.plain()
    assert len(answers(short)) == 5
    assert len(answers(long)) == 7


async def test_where_rights_can_not_be_known_nothing_is_shown(bot: Bot, venue: MadeUpVenue) -> None:
    await heard(bot, venue, (MINA, "Does it bind?"))
    venue.trouble = OSError("away")
    reply = await bot.say("/mine")

    assert reply.refused or "bind" not in reply.plain()
