"""The bot on Slack: one connection's life, from the look at the token to the last answer under way."""

import contextlib
import logging
from collections.abc import Iterator
from functools import partial

from aiohttp import ClientSession, ClientTimeout
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler, async_default_handlers
from slack_sdk.web.async_client import AsyncWebClient

from bot import config as configuration
from bot.answering import Answering
from bot.asker import Place
from bot.backfill import Backfill
from bot.config import Config
from bot.platforms.health import Health
from bot.platforms.slack import http_mode
from bot.platforms.slack.handlers import Handlers
from bot.platforms.slack.history import History
from bot.platforms.slack.home import Homes
from bot.platforms.slack.identity import Identity, identity
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.listening import Listening
from bot.platforms.slack.manifest import log_left_out
from bot.platforms.slack.people import People
from bot.platforms.slack.pictures import Pictures
from bot.platforms.slack.sending import Sending
from bot.platforms.slack.socket_mode import SocketMode
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.venue import SlackVenue
from bot.readings.library import Library
from bot.readings.model import Picture

SLACK = "https://slack.com/api/"
SECONDS_PER_CALL = 30.0
TRIES_WHEN_LIMITED = 3

# slack_sdk and Bolt write tokens' fragments, addresses with tickets and members' words into their logs; what is worth
# knowing is logged here.
QUIET = logging.getLogger("readalong.slack.libraries")
QUIET.setLevel(logging.CRITICAL + 1)


async def run(config: Config, answering: Answering, health: Health) -> None:
    """Be on Slack until cancelled.

    Raises BotError for what the operator must mend, anything else for what may go by; a supervisor tries again.
    """
    slack = config.slack
    async with ClientSession(timeout=ClientTimeout(total=SECONDS_PER_CALL)) as session:
        client = web_client(slack, session)
        me = await identity(client)
        pictures = Pictures(client, answering.settings, me.team)
        people = People(client, me.team, config.moderators.slack_people)
        people.call(me.user, me.name)
        sending = Sending(client, pictures, slack.prefix)
        history = History(web_client(slack, session, tries=0), me, people, answering.archive.discussions)
        venue = SlackVenue(client, history, sending, people, me, answering.archive.discussions)
        backfill = Backfill(answering.archive, venue, PLATFORM, partial(health.set_backfill, PLATFORM))
        tasks = Tasks()
        listening = Listening(answering, people, backfill, me, tasks)
        homes = Homes(client, answering, slack.prefix)
        handlers = Handlers(answering, people, sending, homes, listening, tasks, me.user, slack.prefix)
        app = _app(client, slack.signing_secret.get_secret_value(), me)
        handlers.install(app)
        log_left_out(answering.registry, config)
        await answering.archive.workspaces.joined(Place(PLATFORM, me.team, ""), me.team_name)
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(tasks.finish)
            tasks.start(pictures.prepare(_pictures(answering.library)))
            answering.venues.join(PLATFORM, venue, backfill)
            stack.callback(answering.venues.leave, PLATFORM)
            stack.push_async_callback(backfill.close)
            await backfill.away()  # what is heard before it is connected is no sign that nothing was missed
            if token := slack.app_token.get_secret_value():
                await SocketMode(app, client, session, token, backfill.connected).listen(health)
            else:
                secret = slack.signing_secret.get_secret_value()
                await http_mode.serve(app, secret, config.web, health, backfill.connected, tasks)


def web_client(slack: configuration.Slack, session: ClientSession, tries: int = TRIES_WHEN_LIMITED) -> AsyncWebClient:
    """A client of Slack's Web API that waits as long as Slack asks it to, so many times for each call."""
    limited = [AsyncRateLimitErrorRetryHandler(max_retry_count=tries)] if tries else []
    return AsyncWebClient(
        slack.bot_token.get_secret_value(),
        base_url=slack.api_url or SLACK,
        session=session,
        logger=QUIET,
        retry_handlers=[*async_default_handlers(), *limited],
    )


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
        request_verification_enabled=False,  # http_mode.py has checked who knocks before it asks this app
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
        ignoring_self_events_enabled=False,  # what the bot says in a saved discussion is saved as well
        raise_error_for_unhandled_request=True,
        attaching_conversation_kwargs_enabled=False,
    )


def _pictures(library: Library) -> Iterator[Picture]:
    for reading in library.readings.values():
        yield from (topic.picture for topic in reading.topics.values() if topic.picture)
