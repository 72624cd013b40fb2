"""What `readalong doctor` asks Discord, by the real client's REST calls: token, intents, commands, permissions."""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
import discord

from bot.config import Config
from bot.doctor.clock import SUBJECT as CLOCK
from bot.doctor.clock import clock
from bot.doctor.finding import OFFLINE, Finding, Part
from bot.platforms.discord.asking import PLATFORM
from bot.platforms.discord.client import point_at
from bot.platforms.discord.install import INTENTS
from bot.platforms.discord.manifest import PERMISSIONS, commands, invite
from bot.platforms.discord.refusals import TOKEN, privileged, refused_intents
from bot.platforms.discord.sync import differences
from bot.registry import Registry
from bot.times import now

T = TypeVar("T")

PART = Part(PLATFORM)
SECONDS = 8.0  # for each question, with discord.py's own trying again
BEYOND_TOKEN = ("servers", "intents", "commands")
THREADS = {10, 11, 12}  # https://discord.com/developers/docs/resources/channel#channel-object-channel-types
MENU = discord.AppCommandType.message.value
SHOWN_AS = {"read_messages": "View Channel"}
UNSEEN = (
    "the bot can't see it. Give it View Channel in the channel's settings, page Permissions; slash commands are "
    "answered there even so."
)
ODD = "what answers at this address is not Discord"
NO_CHANNEL = "with --channel ID, what the bot may do in that channel"
FLAGS = {  # https://discord.com/developers/docs/resources/application#application-object-application-flags
    "presences": ("gateway_presence", "gateway_presence_limited"),
    "members": ("gateway_guild_members", "gateway_guild_members_limited"),
    "message_content": ("gateway_message_content", "gateway_message_content_limited"),
}


class _Unanswered(Exception):
    """Discord gave no answer, or none that says anything: why, and the status of what it gave instead."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


async def examine(config: Config, registry: Registry | None, channels: Sequence[str]) -> list[Finding]:
    """Everything about Discord, for a configuration with its token. `channels` are ids; nothing is changed there.

    Without a registry, when the readings can't be read, the commands are not compared.
    """
    point_at(config.discord)
    dates: list[tuple[str, datetime]] = []
    client = discord.Client(intents=INTENTS, http_trace=_noting(dates))
    async with client:
        try:
            await _answer(client.login(config.discord.token.get_secret_value()))
            found = [
                PART.ok("token", f"Discord knows it as {client.user}"),
                _servers(client),
                intents(INTENTS, _application(client).flags),
                await _commands(client, registry, config),
                *[await _channel(client, channel) for channel in channels],
            ]
        except discord.LoginFailure:
            found = [PART.to_do("token", TOKEN), *_unasked(channels, "Discord refuses the token")]
        except _Unanswered as why:
            found = [PART.not_checked("token", str(why)), *_unasked(channels, str(why))]
    if not channels:
        found.append(PART.not_checked("channels", NO_CHANNEL))
    return [*found, clock(PART, *dates[-1]) if dates else PART.not_checked(CLOCK)]


def intents(wanted: discord.Intents, granted: discord.ApplicationFlags) -> Finding:
    """The privileged intents that the code asks for, beside those switched on in the developer portal."""
    asked = privileged(wanted)
    lacking = [flag for flag in asked if not any(getattr(granted, name) for name in FLAGS[flag])]
    if lacking:
        return PART.to_do("intents", refused_intents(lacking))
    return PART.ok("intents", f"{', '.join(asked)}: switched on" if asked else "none that needs switching on")


def _unasked(channels: Sequence[str], why: str) -> Iterator[Finding]:
    yield from (PART.not_checked(subject, why) for subject in BEYOND_TOKEN)
    yield from (PART.not_checked(f"channel {channel}", why) for channel in channels)


def _noting(dates: list[tuple[str, datetime]]) -> aiohttp.TraceConfig:
    """Note the `Date` of every answer, with the time at which it came."""

    async def note(_: object, __: object, ended: aiohttp.TraceRequestEndParams) -> None:
        dates.append((ended.response.headers.get("Date", ""), now()))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(note)
    return trace


async def _answer(call: Awaitable[T]) -> T:
    """What Discord answers. Raises _Unanswered, or discord.LoginFailure."""
    try:
        async with asyncio.timeout(SECONDS):
            return await call
    except (TimeoutError, OSError, aiohttp.ClientError):
        raise _Unanswered(OFFLINE) from None
    except (TypeError, ValueError, LookupError, AttributeError):  # discord.py takes for granted who answers
        raise _Unanswered(ODD) from None
    except discord.HTTPException as error:
        raise _Unanswered(f"Discord answered with status {error.status}; try again later", error.status) from None


def _application(client: discord.Client) -> discord.AppInfo:
    assert client.application  # noqa: S101 - a login asks for it
    return client.application


def _servers(client: discord.Client) -> Finding:
    count = _application(client).approximate_guild_count
    if not count:
        link = invite(str(client.application_id))
        return PART.to_do("servers", f"the bot is in no server. Open this link and choose yours: {link}")
    return PART.ok("servers", f"the bot is in {count}")


async def _commands(client: discord.Client, registry: Registry | None, config: Config) -> Finding:
    if registry is None:
        return PART.not_checked("commands", "the readings can't be read, and topics are commands too")
    ours = commands(registry, config)
    try:
        held: list[Any] = await _answer(client.http.get_global_commands(_application(client).id))
    except _Unanswered as why:
        return PART.not_checked("commands", str(why))
    if names := differences(ours, held):
        menus = {one["name"] for one in (*ours, *held) if one["type"] == MENU}
        shown = ", ".join(f"“{name}”" if name in menus else f"/{name}" for name in names)
        return PART.to_do("commands", f"not as in this version: {shown}. Start the bot; it tells Discord.")
    return PART.ok("commands", f"all {len(ours)} are Discord's, as in this version")


async def _channel(client: discord.Client, channel: str) -> Finding:
    subject = f"channel {channel}"
    try:
        return await _answer(_permissions(client, subject, int(channel)))
    except _Unanswered as why:
        match why.status:
            case 404:
                return PART.to_do(
                    subject, "there is no such channel. Right-click a channel and choose Copy Channel ID."
                )
            case 403:
                return PART.to_do(subject, UNSEEN)
            case _:
                return PART.not_checked(subject, str(why))


async def _permissions(client: discord.Client, subject: str, channel: int) -> Finding:
    about: dict[str, Any] = dict(await client.http.get_channel(channel))
    if not about.get("guild_id"):
        return PART.to_do(subject, "this is a conversation. Name a channel of a server.")
    name = f"#{about.get('name')}"
    lacking = _lacking(await _held(client, about))
    if "View Channel" in lacking:
        return PART.to_do(subject, f"{name}: {UNSEEN}")
    if lacking:
        words = f"{name}: the bot lacks {', '.join(lacking)}. Give it that in the channel's settings, page Permissions."
        return PART.to_do(subject, words)
    return PART.ok(subject, f"{name}: the bot has every permission that it needs")


async def _held(client: discord.Client, about: dict[str, Any]) -> discord.Permissions:
    """The bot's own permissions in a channel, of its roles and the channel's overwrites; a thread has its channel's."""
    assert client.user  # noqa: S101 - a login asks for it
    guild = await client.fetch_guild(int(about["guild_id"]), with_counts=False)
    me = await guild.fetch_member(client.user.id)
    place = await guild.fetch_channel(int(about["parent_id" if about["type"] in THREADS else "id"]))
    return place.permissions_for(me)


def _lacking(held: discord.Permissions) -> list[str]:
    wanted = PERMISSIONS | discord.Permissions(view_channel=True)
    return [SHOWN_AS.get(one, one.replace("_", " ").title()) for one, on in wanted if on and not getattr(held, one)]
