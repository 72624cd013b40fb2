"""This machine's clock beside a platform's, by the `Date` of an answer.

Slack refuses what is signed more than 5 minutes ago or ahead, and Discord's ids hold the time they were made.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.doctor.finding import Finding, Part

MOST_SECONDS = 60.0  # https://docs.slack.dev/authentication/verifying-requests-from-slack allows 300
SUBJECT = "clock"


def clock(part: Part, date: str, now: datetime) -> Finding:
    """The finding for an answer's `Date` header, empty where there was none, that came at `now` (aware)."""
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return part.not_checked(SUBJECT, "the answer had no date to compare with")
    seconds = (now - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))).total_seconds()
    if abs(seconds) <= MOST_SECONDS:
        return part.ok(SUBJECT, f"within {MOST_SECONDS:.0f} s of this platform's")
    way = "ahead of" if seconds > 0 else "behind"
    return part.to_do(
        SUBJECT,
        f"this machine's clock is {_span(abs(seconds))} {way} the platform's. Set it, and keep it right with NTP "
        "(timedatectl set-ntp true); from 5 minutes on Slack's requests are refused.",
    )


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"
