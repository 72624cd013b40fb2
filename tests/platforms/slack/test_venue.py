"""Slack as a place for discussions: threads and posts, links, and who can read what."""

import pytest

from bot.answering import Answering
from bot.asker import Person, Place
from bot.errors import BotError
from bot.reply import Note, Reply
from bot.venue import Readable, Venue
from bot.words import verbatim
from tests.limits import check_slack_block
from tests.platforms.slack.conftest import OnSlack, until
from tests.servers.slack import CHANNEL, ME, MINA, TEAM, limited, refusal
from tests.servers.slack_payloads import command, mention

KURILS = Place("slack", TEAM, CHANNEL)
GUEST, STRANGER, GONE, JUN = "U7", "U8", "U6", "U2"
CARD = Reply("A question", (Note(verbatim("Does <1956> bind?")),))


@pytest.fixture
async def there(slack: OnSlack) -> Venue:
    """The venue of the bot, connected, in a workspace with channels of every kind."""
    workspace = slack.server.workspace
    workspace.open("C2", "treaties", JUN)
    workspace.open("G1", "inner", ME, MINA, JUN, private=True)
    workspace.open("G2", "secret", MINA, private=True)
    workspace.called(GUEST, "Guest", is_restricted=True)
    workspace.called(STRANGER, "Stranger", team_id="T2", is_stranger=True)
    workspace.called(GONE, "Gone", deleted=True)
    await slack.connect()
    archive = slack.answering.archive
    for channel in (CHANNEL, "C2", "G1"):
        await archive.discussions.keep_channel(Place("slack", TEAM, channel), channel)
    return slack.answering.venues.at(KURILS)


async def readable(venue: Venue, person: str) -> set[str]:
    return set((await venue.readable(Person(person, ""), KURILS)).channels)


async def test_a_member_reads_public_channels_and_the_private_ones_they_are_in(there: Venue) -> None:
    assert await readable(there, MINA) == {CHANNEL, "C2", "G1"}
    assert await readable(there, "U3") == {CHANNEL, "C2"}


async def test_who_left_a_private_channel_reads_it_no_more(there: Venue, slack: OnSlack) -> None:
    venues = slack.answering.venues
    jun = Person(JUN, "Jun")
    assert "G1" in (await venues.readable(jun, KURILS)).channels
    await slack.tell(slack.server.workspace.leave("G1", JUN))

    assert "G1" not in (await venues.readable(jun, KURILS)).channels


@pytest.mark.parametrize("kind", ["is_restricted", "is_ultra_restricted", "is_stranger"])
async def test_a_guest_reads_only_the_channels_they_are_in(there: Venue, slack: OnSlack, kind: str) -> None:
    workspace = slack.server.workspace
    workspace.called("U5", "Newcomer", **{kind: True})
    assert await readable(there, "U5") == set()
    workspace.join("C2", "U5")
    workspace.join("G1", "U5")

    assert await readable(there, "U5") == {"C2", "G1"}


async def test_somebody_of_another_workspace_reads_as_a_guest_and_who_is_gone_nothing(
    there: Venue, slack: OnSlack
) -> None:
    slack.server.workspace.people["U5"] = {"team_id": "T2"}
    slack.server.workspace.join("G1", GONE)

    assert await readable(there, "U5") == set()
    assert await readable(there, GONE) == set()
    slack.server.workspace.people["U5"] = {"team_id": "E1", "enterprise_user": {"teams": [TEAM]}}
    assert await readable(there, "U5") == {CHANNEL, "C2"}


async def test_with_many_channels_they_are_listed_page_by_page(
    there: Venue, slack: OnSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.venue.PER_PAGE", 2)
    workspace, archive = slack.server.workspace, slack.answering.archive
    for number in range(10, 20):
        workspace.open(f"C{number}", f"c{number}", JUN)
        await archive.discussions.keep_channel(Place("slack", TEAM, f"C{number}"), "")
    assert await readable(there, MINA) == {CHANNEL, "C2", "G1", *(f"C{number}" for number in range(10, 20))}
    assert len(slack.server.made("conversations.list")) == 6


async def test_a_channel_that_became_private_is_read_by_its_members_alone(there: Venue, slack: OnSlack) -> None:
    slack.server.workspace.channels["C2"].private = True
    assert await readable(there, "U3") == {CHANNEL}


async def test_everybody_in_a_channel_reads_it_and_the_public_ones(there: Venue) -> None:
    assert await there.audience(KURILS) == Readable(frozenset({CHANNEL, "C2"}))
    assert await there.audience(Place("slack", TEAM, "G1")) == Readable(frozenset({CHANNEL, "C2", "G1"}))


@pytest.mark.parametrize("person", [GUEST, STRANGER, "U404"])
async def test_with_a_guest_or_somebody_from_outside_in_it_the_channel_is_alone(
    there: Venue, slack: OnSlack, person: str
) -> None:
    if person == "U404":
        slack.server.workspace.people[person] = {"team_id": "T2"}
    slack.server.workspace.join(CHANNEL, person)

    assert await there.audience(KURILS) == Readable(frozenset({CHANNEL}))


@pytest.mark.parametrize("kind", ["is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared"])
async def test_a_channel_shared_with_others_is_alone(there: Venue, slack: OnSlack, kind: str) -> None:
    slack.server.workspace.channels[CHANNEL].more[kind] = True

    assert await there.audience(KURILS) == Readable(frozenset({CHANNEL}))


@pytest.mark.parametrize(
    "method", ["users.info", "users.conversations", "conversations.info", "conversations.members", "users.list"]
)
async def test_what_can_not_be_known_is_nobody_s_to_read(there: Venue, slack: OnSlack, method: str) -> None:
    venues, mina = slack.answering.venues, Person(MINA, "Mina")
    slack.server.answers(method, *[refusal("internal_error")] * 20)
    asked = venues.audience(KURILS) if "members" in method or "list" in method else venues.readable(mina, KURILS)

    with pytest.raises(BotError, match="can't check what you may read"):
        await asked


async def test_a_thread_opens_with_its_card(there: Venue, slack: OnSlack) -> None:
    first = await there.open_thread(KURILS, "A question", CARD)
    (sent,) = slack.server.made("chat.postMessage")
    posted = slack.server.workspace.channels[CHANNEL].messages[first.id]

    assert first.place == Place("slack", TEAM, CHANNEL, first.id)
    assert first.ours
    assert first.author.id == ME
    assert "Does <1956> bind?" in first.words
    assert "&lt;1956&gt;" in posted["text"]
    assert [sent[key] for key in ("mrkdwn", "unfurl_links", "unfurl_media")] == [False] * 3
    check_slack_block(sent["blocks"][0])


async def test_a_post_in_a_thread_stands_there(there: Venue, slack: OnSlack) -> None:
    first = await there.open_thread(KURILS, "A question", CARD)
    second = await there.post(first.place, CARD)

    assert second.place == first.place
    assert slack.server.made("chat.postMessage")[1]["thread_ts"] == first.id
    assert (await there.post(KURILS, CARD)).place == KURILS


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("not_in_channel", "/invite @readalong"),
        ("channel_not_found", "/invite @readalong"),
        ("is_archived", "archived"),
        ("restricted_action", "Ask an admin"),
        ("restricted_action_thread_locked", "locked"),
        ("ratelimited", "Try again in a minute"),
    ],
)
async def test_what_slack_refuses_is_said_in_plain_words(there: Venue, slack: OnSlack, code: str, words: str) -> None:
    slack.server.answers("chat.postMessage", *[refusal(code)] * 3)

    with pytest.raises(BotError) as raised:
        await there.open_thread(KURILS, "A question", CARD)
    assert words in raised.value.words


async def test_titles_are_a_channel_s_name_and_a_thread_s_first_line(there: Venue, slack: OnSlack) -> None:
    root = slack.server.workspace.say("Is it a &lt;deal&gt;?\nI wonder.")["ts"]
    thread = Place("slack", TEAM, CHANNEL, root)

    assert await there.title(KURILS) == "kurils"
    assert await there.title(thread) == "Is it a <deal>?"
    slack.server.answers("conversations.replies", limited(60))
    assert await there.title(thread) == ""


async def test_links_are_slack_s_own_addresses(there: Venue) -> None:
    thread = Place("slack", TEAM, CHANNEL, "1700000000.000100")
    base = "https://group.slack.com/archives/C1"

    assert there.link(KURILS) == base
    assert there.link(KURILS, "1700000000.000200") == f"{base}/p1700000000000200"
    assert there.link(thread) == there.link(thread, "1700000000.000100") == f"{base}/p1700000000000100"
    assert there.link(thread, "1700000000.000200") == (f"{base}/p1700000000000200?thread_ts=1700000000.000100&cid=C1")
    assert await there.home(Person(MINA, "")) == TEAM


async def test_discuss_opens_a_thread_whose_first_message_is_its_card(slack: OnSlack) -> None:
    await slack.connect()
    said = await slack.ask(command("/discuss", "¶3", response_url=slack.server.response_url))
    workspace = slack.server.workspace
    (root,) = workspace.standing(CHANNEL)
    reply = workspace.say("It binds", thread=root)
    await slack.tell(reply)

    assert "Discussion opened" in said["text"]
    assert f"https://group.slack.com/archives/C1/p{root.replace('.', '')}" in str(said)
    await slack.server.told_all()
    assert list(slack.held(thread=root)) == [root, reply["ts"]]
    assert slack.rows("SELECT ours FROM messages ORDER BY id") == [(1,), (0,)]
    listed = await slack.ask(command("/saved", response_url=slack.server.response_url))
    assert "1 message by 1 person" in str(listed)


async def test_discuss_in_a_channel_without_the_bot_says_what_to_do(slack: OnSlack) -> None:
    slack.server.workspace.open("C2", "treaties", MINA)
    await slack.connect()
    said = await slack.ask(command("/discuss", "¶3", response_url=slack.server.response_url, channel="C2"))

    assert "/invite @readalong" in said["text"]
    assert slack.held("C2") == {}


async def test_save_typed_in_a_thread_saves_it_from_its_beginning(slack: OnSlack) -> None:
    workspace = slack.server.workspace
    root = workspace.say("Is it a good deal?")["ts"]
    workspace.say("No", thread=root)
    await slack.connect(moderators=(MINA,))
    typed = workspace.say(f"<@{ME}> save", thread=root)
    await slack.tell(typed)
    await slack.event(mention("@ save", thread=root, at=typed["ts"]))

    await until(lambda: len(workspace.standing(CHANNEL, root)) == 4)  # with the notice
    await until(lambda: slack.held(thread=root).keys() == workspace.standing(CHANNEL, root).keys())
    assert slack.rows("SELECT title FROM threads") == [("Is it a good deal?",)]


async def test_when_the_bot_is_away_nothing_can_be_opened(slack: OnSlack, answering: Answering) -> None:
    await slack.connect()
    await slack.stop()

    with pytest.raises(BotError, match="connection is being made"):
        answering.venues.at(KURILS)
