"""The bare Slack bot that ours is measured against: stock Bolt, as its documentation writes an app.

The handler acknowledges, then answers by `respond`; everything else is Bolt's default: its middleware, its
authorization, its runner. https://docs.slack.dev/tools/bolt-python/concepts/async
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

ANSWER: dict[str, Any] = json.loads(Path(os.environ["ANSWER"]).read_text(encoding="utf-8"))

app = AsyncApp(
    client=AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["API_URL"]),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
)


@app.command("/quote")
async def quote(ack: AsyncAck, respond: AsyncRespond) -> None:
    """Answer with the one message."""
    await ack()
    await respond(**ANSWER)


async def main() -> None:
    """Connect in Socket Mode, and stay."""
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()  # type: ignore[no-untyped-call]


if port := os.environ.get("HTTP_PORT"):
    app.server(port=int(port), path="/slack/events", host="127.0.0.1").start()
else:
    asyncio.run(main())
