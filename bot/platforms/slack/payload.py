"""Reading Slack's payloads without trusting their shape, and what its client gives back."""

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.json_shapes import Body, number, part, parts, text

__all__ = ["Body", "data", "number", "part", "parts", "text"]


def data(answer: AsyncSlackResponse) -> Body:
    """What a method of the Web API answered."""
    return answer.data if isinstance(answer.data, dict) else {}
