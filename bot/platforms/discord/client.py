"""The connection to Discord: slash commands, buttons, completions and menus in, replies out; what is said is heard.

Of the intents that it asks for only that for messages' content is privileged: https://discord.com/developers/docs/events/gateway
"""

import asyncio
import re
import sys
from collections.abc import Awaitable, Mapping
from functools import partial
from typing import Any, Self

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.answering import Answering, refusal
from bot.archive.buttons import pressed
from bot.asker import Place
from bot.backfill import Backfill
from bot.command import Suggestion, Typed
from bot.config import Config, Discord
from bot.errors import BotError
from bot.logs import event, fault
from bot.platforms.discord import hearing
from bot.platforms.discord.asking import PLATFORM, person_of, place_of
from bot.platforms.discord.callbacks import answer_without_the_message
from bot.platforms.discord.install import CONTEXTS, INSTALLS, INTENTS, menus, natives
from bot.platforms.discord.listening import ListeningClient
from bot.platforms.discord.refusals import refusal_of
from bot.platforms.discord.replying import PATIENCE, not_sent, respond
from bot.platforms.discord.sync import sync
from bot.platforms.discord.venue import DiscordVenue
from bot.platforms.health import Health, State
from bot.reply import Reply

SECONDS_TO_FINISH = 2.0
LOST = "the connection to Discord was lost; connecting again"

Interaction = discord.Interaction[Any]


async def run(config: Config, answering: Answering, health: Health, *, patience: float = PATIENCE) -> None:
    """One connection's life, with discord.py's own reconnecting. Cancelling closes it cleanly.

    Raises BotError for what only the operator can mend; anything else that ends it goes through as it is. `patience`
    is in seconds: what takes longer to answer is announced first.
    """
    point_at(config.discord)
    answer_without_the_message()
    client = ReadalongClient(config, answering, health, patience=patience)
    try:
        async with client:
            await client.start(config.discord.token.get_secret_value())
    except discord.DiscordException as error:
        if words := refusal_of(error, INTENTS):
            raise BotError(words) from error
        raise


class ReadalongClient(ListeningClient):
    """One connection. What is being answered or saved stops a moment after the connection is closed."""

    def __init__(self, config: Config, answering: Answering, health: Health, *, patience: float = PATIENCE) -> None:
        # READY need not wait for members: nothing here uses a member that did not come with an interaction.
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            guild_ready_timeout=0.0,
        )
        self.answering = answering
        self.venue = DiscordVenue(self, answering.archive.discussions)
        self.backfill = Backfill(answering.archive, self.venue, PLATFORM, partial(health.set_backfill, PLATFORM))
        self._moderators = config.moderators
        self._health = health
        self._patience = patience
        self.working = set()
        self.tree = _Tree(self, allowed_contexts=CONTEXTS, allowed_installs=INSTALLS)
        for native in natives(answering.registry, config.moderators, self.ask, self.complete):
            self.tree.add_command(native)
        for menu in menus(answering.registry, config.moderators, self.act):
            self.tree.add_command(menu)
        self.add_dynamic_items(Pressed)

    async def ask(self, interaction: Interaction, name: str, values: Mapping[str, str | int]) -> None:
        """Answer a slash command."""
        person, place = person_of(interaction, self._moderators), place_of(interaction)
        await self._respond(interaction, self.answering.options(name, values, person, place), place)

    async def press(self, interaction: Interaction, custom_id: str) -> None:
        """Answer a pressed button."""
        line, public = pressed(custom_id)
        person, place = person_of(interaction, self._moderators), place_of(interaction)
        await self._respond(interaction, self.answering.press(line, person, place, public=public), place)

    async def act(self, interaction: Interaction, name: str, message: discord.Message) -> None:
        """Answer what was chosen in the menu of a message."""
        place = place_of(interaction)
        said = hearing.said(message, place, self._me())
        answer = self.answering.act(name, said, person_of(interaction, self._moderators)) if said else _no_speech()
        await self._respond(interaction, answer, place)

    async def complete(self, interaction: Interaction, name: str, option: str, typed: Typed) -> list[Suggestion]:
        """The completions of an option; none when something is wrong, which is logged."""
        person, place = person_of(interaction, self._moderators), place_of(interaction)
        try:
            await self.answering.prepare_suggestions(name, person, place)
            return self.answering.suggestions(name, option, typed, person, place)
        except Exception as error:  # noqa: BLE001 - a completion is a courtesy
            fault("discord.completion_failed", error, command=name, option=option)
            return []

    async def setup_hook(self) -> None:
        """Tell Discord the commands beside connecting, so that a slow or failing sync holds nothing up."""
        await self._saving(self.backfill.away())  # what is heard before it is ready is no sign that nothing was missed
        self.answering.venues.join(PLATFORM, self.venue, self.backfill)
        syncing = asyncio.create_task(sync(self.tree, self.answering.settings))
        self.working.add(syncing)
        syncing.add_done_callback(self.working.discard)

    async def on_ready(self) -> None:
        """Connected, with a new session."""
        event("discord.ready", servers=len(self.guilds))
        self._health.set(PLATFORM, State.CONNECTED)
        there = {str(guild.id): guild.name for guild in self.guilds}
        with self.at_work():
            await self._saving(self.answering.archive.workspaces.found(PLATFORM, there))
            for guild in self.guilds:
                if not guild.unavailable:  # of any other it is told when it can be reached
                    await self._listening(str(guild.id))

    async def on_resumed(self) -> None:
        """Connected again, in the same session; Discord has told again what was missed, but for what was not saved."""
        self._health.set(PLATFORM, State.CONNECTED)
        await self._listening()

    async def on_disconnect(self) -> None:
        """Away; discord.py connects again by itself."""
        self.lost += 1
        if not self.is_closed():
            self._health.set(PLATFORM, State.AWAY, LOST)
            await self._saving(self.backfill.away())

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Log what went wrong in one of these events; its own text may hold somebody's words."""
        error = sys.exc_info()[1]
        if error:
            fault("discord.event_failed", error, event=event_method)

    async def close(self) -> None:
        """Let what is being answered come to its end for a moment, then stop it and close the connection."""
        self.answering.venues.leave(PLATFORM)
        await self._finish()
        await super().close()
        await self._finish()  # what began while the connection was being closed

    async def _finish(self) -> None:
        if working := tuple(self.working):
            _, late = await asyncio.wait(working, timeout=SECONDS_TO_FINISH)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _respond(self, interaction: Interaction, answer: Awaitable[Reply], place: Place) -> None:
        """Answer in the task that discord.py made for this interaction."""
        with self.at_work():
            await respond(interaction, answer, place=place, patience=self._patience)


async def _no_speech() -> Reply:
    return refusal(BotError("That is not something that somebody said. Choose a message of a member."))


class _Tree(app_commands.CommandTree[ReadalongClient]):
    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Answer a command that Discord still shows and the bot no longer has; anything else is a fault of ours."""
        typed = interaction.type is discord.InteractionType.application_command
        if isinstance(error, app_commands.CommandNotFound) and typed:
            await self.client.ask(interaction, error.name, {})
        else:
            original = getattr(error, "original", error)
            await not_sent(interaction, original)


class Pressed(discord.ui.DynamicItem[discord.ui.Button[Any]], template=re.compile("(?:show|post):.*", re.DOTALL)):
    """Any button of ours, on any message, however old: its custom id says all."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        assert isinstance(item, discord.ui.Button)  # noqa: S101 - no other component of ours has such an id
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        """Answer the press."""
        client: ReadalongClient = interaction.client
        await client.press(interaction, self.custom_id)


def point_at(discord_config: Discord) -> None:
    """Point discord.py at another server, for a proxy or a server on this machine. It keeps both in one place."""
    if discord_config.api_url:
        Route.BASE = discord_config.api_url.rstrip("/")
    if discord_config.gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(discord_config.gateway_url)
