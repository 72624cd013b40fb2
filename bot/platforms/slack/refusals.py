"""What Slack says no with: a short code for the log, and a sentence where only the operator can mend it."""

from slack_sdk.errors import SlackApiError

from bot.errors import BotError

# https://docs.slack.dev/reference/methods/auth.test#errors and .../apps.connections.open#errors
FOR_THE_OPERATOR = frozenset({
    "access_denied",
    "account_inactive",
    "invalid_auth",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
    "user_removed_from_team",
})  # fmt: skip

BOT_REFUSED = (
    "Slack refuses the bot's token ({code}). Copy the Bot User OAuth Token (xoxb-...) from api.slack.com/apps, page "
    "“OAuth & Permissions”, into SLACK_BOT_TOKEN or [slack] bot_token."
)
APP_REFUSED = (
    "Slack refuses the app-level token ({code}). Make one (xapp-...) with the scope connections:write on "
    "api.slack.com/apps, page “Basic Information”, and put it into SLACK_APP_TOKEN or [slack] app_token."
)


def code_of(error: SlackApiError) -> str:
    """Slack's own short code, such as `invalid_auth`."""
    return str(error.response.get("error") or f"status_{error.response.status_code}")


def reason_of(error: Exception) -> str:
    """The code or the type of an error, for a log: never its text, which may hold what somebody said."""
    return code_of(error) if isinstance(error, SlackApiError) else type(error).__name__


def for_the_operator(error: SlackApiError, sentence: str) -> BotError | None:
    """The sentence for whoever runs the bot, or None when trying again may help."""
    code = code_of(error)
    return BotError(sentence.format(code=code)) if code in FOR_THE_OPERATOR else None
