"""The registry's commands as Discord's own slash commands: typed options with ranges, choices and completions.

Names, limits and the cap of 100: https://discord.com/developers/docs/interactions/application-commands
"""

import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Literal

import discord
from discord import app_commands

from bot.command import HIGHEST, LONGEST, Command, Kind, MessageAction, Option, Suggestion, Typed, parameter_name
from bot.config import Moderators
from bot.cutting import clip_units, units
from bot.logs import event
from bot.registry import Registry
from bot.words import clean

MOST_COMMANDS = 100
MOST_MENUS = 15
MOST_CHOICES = 25
DESCRIPTION = 100
CHOICE = 100

Interaction = discord.Interaction[Any]
Ask = Callable[[Interaction, str, Mapping[str, str | int]], Awaitable[None]]
Act = Callable[[Interaction, str, discord.Message], Awaitable[None]]
Complete = Callable[[Interaction, str, str, Typed], Awaitable[Iterable[Suggestion]]]
Native = app_commands.Command[Any, ..., None]

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it never speaks, so needs no word of that

# The content of messages is privileged: somebody switches it on in the developer portal, or the connection is refused.
INTENTS = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True, message_content=True)

# In servers and in conversations with the bot; not in conversations between people, where it can't be installed.
CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
INSTALLS = app_commands.AppInstallationType(guild=True, user=False)


def natives(registry: Registry, moderators: Moderators, ask: Ask, complete: Complete) -> list[Native]:
    """The commands to make Discord's own, ours before topics, 100 at most; what is left out is logged.

    `ask` answers a command (its name, the options as given); `complete` gives the completions of one option.
    """
    made: list[Native] = []
    left_out: list[str] = []
    for command in registry.natives:
        native = _native(command, moderators, ask, complete) if len(made) < MOST_COMMANDS else None
        if native:
            made.append(native)
        else:
            left_out.append(command.name)
    if left_out:
        words = f"over {MOST_COMMANDS}, or names that Discord does not take; /readalong reaches them"
        event("discord.commands_left_out", level=logging.WARNING, names=", ".join(left_out), why=words)
    return made


def menus(registry: Registry, moderators: Moderators, act: Act) -> list[app_commands.ContextMenu]:
    """The actions on a message, for the menu of a message, 15 at most. `act` does one: its name, the message."""
    actions = list(registry.actions.values())[:MOST_MENUS]
    made = [_menu(action, act) for action in actions]
    for menu, action in zip(made, actions, strict=True):
        if action.moderators and not moderators.discord_roles:
            menu.default_permissions = discord.Permissions(**{moderators.discord_permission: True})
    return made


def payload(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """What a sync of this tree sends, by name."""
    return sorted((command.to_dict(tree) for command in tree.get_commands()), key=lambda one: str(one["name"]))


def _menu(action: MessageAction, act: Act) -> app_commands.ContextMenu:
    async def callback(interaction: Interaction, message: discord.Message) -> None:
        await act(interaction, action.name, message)

    return app_commands.ContextMenu(name=action.label, callback=callback)


def _native(command: Command, moderators: Moderators, ask: Ask, complete: Complete) -> Native | None:
    try:
        native: Native = app_commands.Command(
            name=command.name,
            description=clip_units(command.description, DESCRIPTION),
            callback=_callback(command, ask, complete),
        )
    except ValueError:
        return None
    # A hidden command can't be seen by a named role either, so with roles named none is. The registry refuses anyway.
    if command.moderators and not moderators.discord_roles:
        native.default_permissions = discord.Permissions(**{moderators.discord_permission: True})
    return native


def _callback(command: Command, ask: Ask, complete: Complete) -> Callable[..., Any]:
    """A function whose signature is what discord.py makes the options of."""
    defaults = {one.name: one.default for one in command.options if not one.required}

    async def callback(interaction: Interaction, **values: str | int) -> None:
        given = {name.rstrip("_"): one for name, one in values.items()}
        await ask(interaction, command.name, {name: one for name, one in given.items() if one != defaults.get(name)})

    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction)
    callback.__signature__ = inspect.Signature([first, *map(_parameter, command.options)])  # type: ignore[attr-defined]
    names = {parameter_name(one.name): one for one in command.options}
    app_commands.rename(**{name: one.name for name, one in names.items()})(callback)
    app_commands.describe(**{name: clip_units(one.description, DESCRIPTION) for name, one in names.items()})(callback)
    completed = {
        parameter_name(one.name): _completion(command, one, complete) for one in command.options if one.suggest
    }
    return app_commands.autocomplete(**completed)(callback)


def _parameter(option: Option) -> inspect.Parameter:
    default = inspect.Parameter.empty if option.required else option.default
    return inspect.Parameter(
        parameter_name(option.name), inspect.Parameter.KEYWORD_ONLY, default=default, annotation=_annotation(option)
    )


def _annotation(option: Option) -> Any:
    match option.kind:
        case Kind.CHOICE:
            return Literal[option.choices]
        case Kind.NUMBER:
            return app_commands.Range[int, 1, HIGHEST]
        case kind:
            return app_commands.Range[str, 1, LONGEST[kind]]


def _completion(command: Command, option: Option, complete: Complete) -> Any:
    async def completion(interaction: Interaction, typed: str) -> list[app_commands.Choice[Any]]:
        given = {name: value for name, value in interaction.namespace if name != option.name}
        found = await complete(interaction, command.name, option.name, Typed(clean(str(typed)), given))
        made = (_choice(option, one) for one in found)
        return [choice for choice in made if choice][:MOST_CHOICES]

    return completion


def _choice(option: Option, suggestion: Suggestion) -> app_commands.Choice[Any] | None:
    name = clip_units(suggestion.label, CHOICE)
    if option.kind is Kind.NUMBER:
        return app_commands.Choice(name=name, value=int(suggestion.value))
    return app_commands.Choice(name=name, value=suggestion.value) if units(suggestion.value) <= CHOICE else None
