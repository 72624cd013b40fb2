"""What members meet on Discord, with simcord in its place: it checks permissions, syncs and acknowledgements."""

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
import pytest
from simcord import Env, GuildHandle, InteractionResult, MemberActor, SetupError

from bot.answering import Answering
from bot.config import Config
from bot.platforms.discord.client import ReadalongClient
from bot.platforms.health import Health

MANAGE = discord.Permissions(manage_messages=True)


class Clock:
    """A time that is a value."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answering(answering: Answering, clock: Clock) -> Answering:
    return dataclasses.replace(answering, cooldown=5.0, clock=clock)


@pytest.fixture
def simcord_bot(config: Config, answering: Answering) -> ReadalongClient:
    return ReadalongClient(config, answering, Health())


@pytest.fixture
def guild(simcord_env: Env) -> GuildHandle:
    guild = simcord_env.create_guild()
    guild.create_text_channel("study")
    return guild


@pytest.fixture
def mina(simcord_env: Env, guild: GuildHandle) -> MemberActor:
    return guild.add_member(simcord_env.create_user("mina"))


@pytest.fixture
def moderator(simcord_env: Env, guild: GuildHandle) -> MemberActor:
    role = guild.create_role("Mods", permissions=MANAGE)
    return guild.add_member(simcord_env.create_user("mo"), roles=[role])


def said(result: InteractionResult) -> str:
    """All that a response says in its embeds."""
    assert result.response
    return "\n".join(f"{embed.title or ''}\n{embed.description or ''}" for embed in result.response.embeds)


def labels(result: InteractionResult) -> list[str]:
    assert result.response
    return [button["label"] for row in result.response.components for button in row["components"]]


async def test_a_reading_command_is_answered_for_everybody(guild: GuildHandle, mina: MemberActor) -> None:
    result = await mina.slash(guild.channels["study"], "passage", number=3)

    assert not result.ephemeral
    assert "Passage 3 of" in said(result)


async def test_help_is_for_its_asker_alone(guild: GuildHandle, mina: MemberActor) -> None:
    result = await mina.slash(guild.channels["study"], "readalong", line="help")

    assert result.ephemeral
    assert "Commands" in said(result)


async def test_a_mistake_is_for_its_asker_alone_and_offers_what_is_right(guild: GuildHandle, mina: MemberActor) -> None:
    result = await mina.slash(guild.channels["study"], "readalong", line="herrign")
    assert result.ephemeral

    assert result.response
    mended = await mina.click(result.response.message, label=labels(result)[0])
    assert "The herring" in said(mended)


async def test_a_button_works_after_a_restart(
    simcord_env: Env, guild: GuildHandle, mina: MemberActor, config: Config, answering: Answering
) -> None:
    shown = await mina.slash(guild.channels["study"], "summary")
    await simcord_env.restart_bot(ReadalongClient(config, answering, Health()))

    assert shown.response
    pressed = await mina.click(shown.response.message, label="Questions")

    assert pressed.ephemeral
    assert "For discussion" in said(pressed)


async def test_sharing_posts_what_was_shown(guild: GuildHandle, mina: MemberActor) -> None:
    shown = await mina.slash(guild.channels["study"], "summary")
    assert shown.response
    pressed = await mina.click(shown.response.message, label="Questions")
    assert pressed.response

    shared = await mina.click(pressed.response.message, label="Share with the channel")

    assert shared.ephemeral, "the summary was posted a moment ago"
    assert "one public reply in 5 s" in said(shared)


async def test_a_second_public_reply_waits_its_turn(guild: GuildHandle, mina: MemberActor, clock: Clock) -> None:
    study = guild.channels["study"]
    assert not (await mina.slash(study, "summary")).ephemeral

    soon = await mina.slash(study, "questions")
    assert soon.ephemeral
    assert "Share with the channel" in labels(soon)

    clock.moment += timedelta(seconds=6)
    assert soon.response
    shared = await mina.click(soon.response.message, label="Share with the channel")
    assert not shared.ephemeral
    assert "For discussion" in said(shared)


async def test_a_moderators_command_is_hidden_from_members_and_works_for_moderators(
    guild: GuildHandle, mina: MemberActor, moderator: MemberActor
) -> None:
    study = guild.channels["study"]
    with pytest.raises(SetupError):
        await mina.slash(study, "use", reading="harbour")

    chosen = await moderator.slash(study, "use", reading="harbour")
    assert chosen.ephemeral
    assert "The Town That Tried to Sell Its Fog" in said(await mina.slash(study, "summary"))


async def test_a_member_is_refused_on_every_other_path(guild: GuildHandle, mina: MemberActor) -> None:
    result = await mina.slash(guild.channels["study"], "readalong", line="use harbour")

    assert result.ephemeral
    assert "Only moderators" in said(result)


async def test_a_moderators_one_use_button_does_nothing_for_others_or_twice(
    guild: GuildHandle, moderator: MemberActor, answering: Answering
) -> None:
    study = guild.channels["study"]
    chosen = await moderator.slash(study, "use", reading="harbour")
    assert chosen.response

    undone = await moderator.click(chosen.response.message, label="Undo")
    again = await moderator.click(chosen.response.message, label="Undo")

    assert "Reading chosen" in said(undone)
    assert "Already done" in said(again)


async def test_a_thread_uses_the_reading_of_its_channel(
    simcord_env: Env, guild: GuildHandle, mina: MemberActor, moderator: MemberActor
) -> None:
    study = guild.channels["study"]
    await moderator.slash(study, "use", reading="harbour")
    channel = simcord_env.bot.get_channel(study.id)
    assert isinstance(channel, discord.TextChannel)
    with simcord_env.time_context():
        await channel.create_thread(name="the fog", type=discord.ChannelType.public_thread)
    await simcord_env.settle()

    result = await mina.slash(study.threads[0], "summary")

    assert "The Town That Tried to Sell Its Fog" in said(result)


async def test_in_a_direct_message_everything_is_between_the_two(simcord_env: Env, guild: GuildHandle) -> None:
    anna = simcord_env.create_user("anna")
    guild.add_member(anna)

    for command in ("summary", "questions"):
        assert "Share with the channel" not in labels(await anna.slash(command))


async def test_at_most_25_completions_are_offered(guild: GuildHandle, mina: MemberActor, answering: Answering) -> None:
    offered = await mina.autocomplete(guild.channels["study"], "quote", "about", "")

    reading = answering.library.readings["japan-russia-2016"]
    passages = [passage for passage in reading.passages if not passage.caption]
    assert len(offered) == min(25, len(passages) + len(reading.topics))


async def test_a_completion_that_is_chosen_is_understood(guild: GuildHandle, mina: MemberActor) -> None:
    study = guild.channels["study"]
    [offered, *_] = await mina.autocomplete(study, "passage", "number", "3")

    result = await mina.slash(study, "passage", number=offered["value"])

    assert "Passage 3 of" in said(result)


class TestWithNamedRoles:
    """`[moderators] discord_roles` names who else is a moderator."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        named = replace(config.moderators, discord_roles=("Hosts",))
        return replace(config, moderators=named)

    async def test_a_named_role_may_and_another_may_not(
        self, simcord_env: Env, guild: GuildHandle, mina: MemberActor
    ) -> None:
        hosts = guild.create_role("Hosts")
        host = guild.add_member(simcord_env.create_user("hana"), roles=[hosts])
        study = guild.channels["study"]

        assert "Only moderators" in said(await mina.slash(study, "use", reading="harbour"))
        assert "Reading chosen" in said(await host.slash(study, "use", reading="harbour"))
