"""The bot on Slack: one connection's life, from the look at the token to the last answer under way."""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import ClientSession, ClientTimeout
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler, async_default_handlers
from slack_sdk.web.async_client import AsyncWebClient

from bot import config as configuration
from bot.answering import Answering
from bot.config import Config
from bot.logs import event
from bot.platforms.health import Health
from bot.platforms.slack import http_mode
from bot.platforms.slack.handlers import Handlers
from bot.platforms.slack.home import Homes
from bot.platforms.slack.manifest import SCOPES, log_left_out
from bot.platforms.slack.people import People
from bot.platforms.slack.pictures import Pictures
from bot.platforms.slack.refusals import BOT_REFUSED, for_the_operator
from bot.platforms.slack.sending import Sending
from bot.platforms.slack.socket_mode import SocketMode
from bot.readings.library import Library
from bot.readings.model import Picture

SLACK = "https://slack.com/api/"
SECONDS_PER_CALL = 30.0
TRIES_WHEN_LIMITED = 3

# slack_sdk and Bolt write tokens' fragments, addresses with tickets and members' words into their logs; what is worth
# knowing is logged here.
QUIET = logging.getLogger("readalong.slack.libraries")
QUIET.setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in the workspace, by Slack's ids."""

    team: str
    user: str
    bot: str


async def run(config: Config, answering: Answering, health: Health) -> None:
    """Be on Slack until cancelled.

    Raises BotError for what the operator must mend, anything else for what may go by; a supervisor tries again.
    """
    slack = config.slack
    async with ClientSession(timeout=ClientTimeout(total=SECONDS_PER_CALL)) as session:
        client = web_client(slack, session)
        me = await _identity(client)
        pictures = Pictures(client, answering.settings, me.team)
        people = People(client, me.team, config.moderators.slack_people)
        sending = Sending(client, pictures, slack.prefix)
        homes = Homes(client, answering, slack.prefix)
        handlers = Handlers(answering, people, sending, homes, me.user, slack.prefix)
        app = _app(client, slack.signing_secret.get_secret_value(), me)
        handlers.install(app)
        log_left_out(answering.registry, config)
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(handlers.finish)
            handlers.start(pictures.prepare(_pictures(answering.library)))
            if token := slack.app_token.get_secret_value():
                await SocketMode(app, client, session, token).listen(health)
            else:
                await http_mode.serve(app, slack.signing_secret.get_secret_value(), config.web, health)


def web_client(slack: configuration.Slack, session: ClientSession) -> AsyncWebClient:
    """A client of Slack's Web API that waits as long as Slack asks it to."""
    limited = AsyncRateLimitErrorRetryHandler(max_retry_count=TRIES_WHEN_LIMITED)
    return AsyncWebClient(
        slack.bot_token.get_secret_value(),
        base_url=slack.api_url or SLACK,
        session=session,
        logger=QUIET,
        retry_handlers=[*async_default_handlers(), limited],
    )


async def _identity(client: AsyncWebClient) -> Identity:
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise for_the_operator(error, BOT_REFUSED) or error from None
    granted = str(answer.headers.get("x-oauth-scopes", ""))
    missing = sorted(set(SCOPES) - set(granted.replace(" ", "").split(","))) if granted else []
    if missing:
        event("slack.scopes_missing", level=logging.WARNING, scopes=",".join(missing))
    return Identity(str(answer["team_id"]), str(answer["user_id"]), str(answer.get("bot_id") or ""))


def _app(client: AsyncWebClient, signing_secret: str, me: Identity) -> AsyncApp:
    """A Bolt app that knows already who it is, so that it asks Slack nothing before it acknowledges."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=me.team, bot_user_id=me.user, bot_id=me.bot, bot_token=client.token
        )

    return AsyncApp(
        name=QUIET.name,  # Bolt gives the logger of this name the level of `logger`
        logger=QUIET,
        client=client,
        signing_secret=signing_secret,
        authorize=authorize,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        attaching_conversation_kwargs_enabled=False,
    )


def _pictures(library: Library) -> Iterator[Picture]:
    for reading in library.readings.values():
        yield from (topic.picture for topic in reading.topics.values() if topic.picture)
