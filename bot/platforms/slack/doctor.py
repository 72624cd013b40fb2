"""What `readalong doctor` asks Slack: both tokens, the scopes granted, and what can be known of channels.

The signing secret is checked in its shape alone: only Slack signs with it, when it calls.
"""

import re
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.config import Config, Slack
from bot.doctor.clock import SUBJECT as CLOCK
from bot.doctor.clock import clock
from bot.doctor.finding import OFFLINE, Finding, Part
from bot.platforms.slack.client import web_client
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.refusals import APP_REFUSED, BOT_REFUSED, code_of, for_the_operator
from bot.registry import Registry
from bot.times import now
from bot.values import value

PART = Part(PLATFORM)
SECONDS = 8.0  # for each question
SECRET = re.compile(r"[0-9a-f]{32}")
SETTINGS = "https://api.slack.com/apps"
ODD = "what answers at this address is not Slack"
NO_CHANNEL = "with --channel ID, whether the bot is in that channel"
PERSONS = (
    "this token is a person's, not the bot's. Copy the Bot User OAuth Token (xoxb-...) from api.slack.com/apps, page "
    "“OAuth & Permissions”, into SLACK_BOT_TOKEN or [slack] bot_token."
)
UNSHAPED = (
    "a signing secret has 32 digits 0 to 9 and a to f. Copy it from api.slack.com/apps, page “Basic Information”, into "
    "SLACK_SIGNING_SECRET or [slack] signing_secret."
)
# https://docs.slack.dev/reference/methods/conversations.info#errors
CHANNEL_NOT_FOUND = "the bot sees no such channel. Copy its ID from its details; in a private one, /invite @readalong."
CHANNEL_HIDDEN = (
    "Slack tells this only with the scope {needed}. Add what “scopes” above names; until then nothing can be "
    "saved in that channel."
)


@value
class _Answer:
    """What Slack said, and when; `refused` is a sentence for the operator, `unanswered` says why nothing is known."""

    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    refused: str = ""
    unanswered: str = ""


async def examine(config: Config, _: Registry | None, channels: Sequence[str]) -> list[Finding]:
    """Everything about Slack, for a configuration with its bot token. `channels` are ids; nothing is changed there."""
    async with ClientSession(timeout=ClientTimeout(total=SECONDS)) as session:
        client = web_client(config.slack, session)
        client.retry_handlers.clear()  # one answer is enough
        me = await _ask(client.auth_test(), BOT_REFUSED)
        found = [_bot_token(me), _scopes(me), await _app_token(client, config.slack), _secret(config.slack)]
        found += [await _channel(client, me, channel) for channel in channels]
    if not channels:
        found.append(PART.not_checked("channels", NO_CHANNEL))
    date = me.headers.get("Date", "")
    return [*found, clock(PART, date, me.at) if me.headers else PART.not_checked(CLOCK, me.unanswered)]


async def _ask(call: Awaitable[AsyncSlackResponse], refusal: str = "") -> _Answer:
    """Make one call; `refusal` is the sentence for a token that Slack refuses."""
    try:
        answer = await call
    except SlackApiError as error:
        return (
            _refused(error, refusal)
            if isinstance(error.response, AsyncSlackResponse)
            else _Answer(now(), unanswered=ODD)
        )
    except (ClientError, OSError, TimeoutError):
        return _Answer(now(), unanswered=OFFLINE)
    except (AttributeError, ValueError):  # slack_sdk takes for granted that it is Slack who answers
        return _Answer(now(), unanswered=ODD)
    return _Answer(now(), answer.headers, answer.data if isinstance(answer.data, dict) else {})


def _refused(error: SlackApiError, refusal: str) -> _Answer:
    code, response = code_of(error), error.response
    known = for_the_operator(error, refusal) if refusal else None
    why = "" if known else f"Slack answered {code}; try again later"
    said = response.data if isinstance(response.data, dict) else {}
    return _Answer(now(), response.headers, said, code, known.words if known else "", why)


def _bot_token(me: _Answer) -> Finding:
    if me.refused:
        return PART.to_do("bot token", me.refused)
    if me.unanswered:
        return PART.not_checked("bot token", me.unanswered)
    if not me.data.get("bot_id"):
        return PART.to_do("bot token", PERSONS)
    return PART.ok("bot token", f"Slack knows it as {me.data.get('user')}, in {me.data.get('team')}")


def _scopes(me: _Answer) -> Finding:
    if me.refused or me.unanswered:
        return PART.not_checked("scopes", me.unanswered or "Slack refuses the token")
    granted = {scope.strip() for scope in me.headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
    if not granted:
        return PART.not_checked("scopes", "Slack does not say which are granted")
    if missing := sorted(set(SCOPES) - granted):
        lacking = f"not granted: {', '.join(missing)}"
        return PART.to_do(
            "scopes", f"{lacking}. Add them at {SETTINGS}, page “OAuth & Permissions”, and reinstall the app."
        )
    return PART.ok("scopes", "all that the code uses are granted")


async def _app_token(client: AsyncWebClient, slack: Slack) -> Finding:
    """The token of Socket Mode. The address that Slack gives out with it is not used, and expires."""
    token = slack.app_token.get_secret_value()
    if not token:
        return PART.off("app token", "none is set, so Slack calls over HTTP")
    opened = await _ask(client.apps_connections_open(app_token=token), APP_REFUSED)
    if opened.refused:
        return PART.to_do("app token", opened.refused)
    if opened.unanswered:
        return PART.not_checked("app token", opened.unanswered)
    return PART.ok("app token", "Slack opens Socket Mode with it")


def _secret(slack: Slack) -> Finding:
    secret = slack.signing_secret.get_secret_value()
    if slack.app_token.get_secret_value():
        return PART.off("signing secret", "Socket Mode needs none")
    if not secret:
        return PART.to_do("signing secret", "HTTP mode needs it: set SLACK_SIGNING_SECRET.")
    if not SECRET.fullmatch(secret):
        return PART.to_do("signing secret", UNSHAPED)
    return PART.ok("signing secret", "its shape is right; only a call from Slack can prove more")


async def _channel(client: AsyncWebClient, me: _Answer, channel: str) -> Finding:
    subject = f"channel {channel}"
    if me.refused or me.unanswered:
        return PART.not_checked(subject, me.unanswered or "Slack refuses the token")
    about = await _ask(client.conversations_info(channel=channel))
    if about.code == "missing_scope":
        return PART.not_checked(subject, CHANNEL_HIDDEN.format(needed=about.data.get("needed") or "channels:read"))
    if about.code == "channel_not_found":
        return PART.to_do(subject, CHANNEL_NOT_FOUND)
    if about.unanswered:
        return PART.not_checked(subject, about.unanswered)
    return _seen(subject, about.data.get("channel") or {})


def _seen(subject: str, channel: Mapping[str, Any]) -> Finding:
    name = f"#{channel.get('name') or 'this conversation'}"
    if channel.get("is_archived"):
        return PART.to_do(subject, f"{name} is archived. Choose another, or take it out of the archive.")
    if channel.get("is_member") or channel.get("is_im"):
        return PART.ok(subject, f"{name}: the bot is a member")
    return PART.to_do(subject, f"{name}: the bot is no member. Type there: /invite @readalong")
