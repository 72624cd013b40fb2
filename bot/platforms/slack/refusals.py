"""What Slack says no with: a short code for the log, and a sentence where the operator or the asker can mend it."""

from collections.abc import Iterator
from contextlib import contextmanager

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

NOT_HERE = "I'm not in this channel, so I can neither read it nor post in it. Type `/invite @readalong` in it first."
CLOSED = "This channel doesn't let me post in it. Ask an admin of the workspace to allow it, or use another channel."

# https://docs.slack.dev/reference/methods/chat.postMessage#errors
FOR_THE_ASKER = {
    "channel_not_found": NOT_HERE,
    "not_in_channel": NOT_HERE,
    "is_archived": "This channel is archived. Choose one that is open, or have this one unarchived.",
    "restricted_action": CLOSED,
    "restricted_action_non_threadable_channel": CLOSED,
    "restricted_action_read_only_channel": CLOSED,
    "restricted_action_thread_only_channel": CLOSED,
    "restricted_action_thread_locked": "This thread is locked. Open another one.",
    "cannot_reply_to_message": "There can be no thread under this message. Choose another one.",
    "missing_scope": (
        "Slack doesn't let me do that here. Whoever runs this bot gives it the scopes that `readalong doctor` names."
    ),
    "ratelimited": "Slack asks me to slow down. Try again in a minute.",
    "rate_limited": "Slack asks me to slow down. Try again in a minute.",
}


def for_the_asker(code: str) -> BotError | None:
    """What to tell the person whose wish Slack refuses with that code; None where nothing is known to help."""
    return BotError(FOR_THE_ASKER[code]) if code in FOR_THE_ASKER else None


@contextmanager
def in_words() -> Iterator[None]:
    """Raise as a BotError what Slack refuses and a person can do something about."""
    try:
        yield
    except SlackApiError as error:
        raise for_the_asker(code_of(error)) or error from None


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
