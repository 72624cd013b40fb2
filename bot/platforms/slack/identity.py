"""Who the bot is in the workspace, by Slack's ids, and which scopes it was granted."""

import logging

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import event
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.refusals import BOT_REFUSED, for_the_operator
from bot.values import value


@value
class Identity:
    """The bot's workspace (`team`, its name, its address), its user and its bot id there, and what it is called."""

    team: str
    user: str
    bot: str
    team_name: str = ""
    address: str = "https://slack.com/"
    name: str = "readalong"


async def identity(client: AsyncWebClient) -> Identity:
    """Ask Slack. Scopes that are missing are named in the log. Raises BotError for what the operator must mend."""
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise for_the_operator(error, BOT_REFUSED) or error from None
    granted = str(answer.headers.get("x-oauth-scopes", ""))
    missing = sorted(set(SCOPES) - set(granted.replace(" ", "").split(","))) if granted else []
    if missing:
        event("slack.scopes_missing", level=logging.WARNING, scopes=",".join(missing))
    known = Identity(str(answer["team_id"]), str(answer["user_id"]), str(answer.get("bot_id") or ""))
    return Identity(
        known.team,
        known.user,
        known.bot,
        str(answer.get("team") or known.team),
        str(answer.get("url") or known.address),
        str(answer.get("user") or known.name),
    )
