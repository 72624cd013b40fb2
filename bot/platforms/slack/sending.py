"""Sending a reply: by the response URL while it is good, else by the Web API, at worst as a direct message.

A message that Slack finds fault with is sent again without its picture, then as text alone: an answer with less is
better than none. What can't be said at all leaves a line in the log, without its words.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.asker import Place
from bot.logs import event
from bot.platforms.slack.incoming import Asked
from bot.platforms.slack.pictures import Pictures
from bot.platforms.slack.refusals import code_of, reason_of
from bot.platforms.slack.render import render
from bot.reply import Chart, Note, Reply
from bot.words import markdown

MARKED = "readalong_post"  # the kind of metadata
PAUSES = (1.0, 2.0, 4.0)  # seconds before each further try to show a chart that was uploaded just now
NOT_SENT = "Slack did not take the files just now. Ask again in a minute; if it goes on, tell whoever runs this bot."
FOR_ONE = ("text", "blocks")  # what chat.postEphemeral takes of a message

T = TypeVar("T")

Message = dict[str, Any]


class Refused(Exception):
    """Slack did not take a message; its code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def about_the_message(self) -> bool:
        """Whether another message in its place might be taken."""
        return any(word in self.code for word in ("block", "file", "attachment", "msg_too_long", "invalid_arguments"))


class Sending:
    """Sends replies with one client. `prefix` stands before the names of commands."""

    def __init__(self, client: AsyncWebClient, pictures: Pictures, prefix: str) -> None:
        self._client = client
        self._pictures = pictures
        self._prefix = prefix

    async def send(self, reply: Reply, asked: Asked) -> None:
        """Send the reply to where it was asked. Never raises for what Slack refuses; that is logged."""
        try:
            await self._first_taken(reply, lambda message: self._say(message, asked, private=reply.private))
        except Refused as refused:
            event("slack.unsaid", level=logging.WARNING, reason=refused.code, channel=asked.place.channel)
        if reply.files:
            await self._send_files(reply, asked)

    async def _send_files(self, reply: Reply, asked: Asked) -> None:
        """Upload files into the direct conversation with whoever asked; where that fails, say so where they asked."""
        try:
            opened = await self._client.chat_postMessage(channel=asked.person, text=f"{reply.title}: the files.")
            files = [{"file": one.data, "filename": one.name, "title": one.name} for one in reply.files]
            await self._client.files_upload_v2(channel=str(opened["channel"]), file_uploads=files)
        except Exception as error:  # noqa: BLE001 - the asker is told, whatever it is
            event("slack.files_not_sent", level=logging.WARNING, reason=reason_of(error))
            await self.send(Reply(reply.title, (Note(markdown(NOT_SENT)),), private=True, refused=True), asked)

    async def post(self, reply: Reply, place: Place, mark: str = "") -> Message:
        """Post something for everybody in a channel or thread. Returns the message as Slack holds it, with its `ts`.

        With a mark, it is kept in the message's metadata: https://docs.slack.dev/messaging/message-metadata

        Raises Refused, with Slack's code, when it takes no form of it.
        """

        async def say(message: Message) -> Message:
            try:
                answer = await self._client.chat_postMessage(
                    channel=place.channel, thread_ts=place.thread or None, metadata=_metadata(mark), **message
                )
            except SlackApiError as error:
                raise Refused(code_of(error)) from None
            posted = answer.get("message")
            held: Message = posted if isinstance(posted, dict) else {}
            return {"text": message["text"], **held, "ts": str(answer["ts"])}

        return await self._first_taken(reply, say)

    async def _first_taken(self, reply: Reply, say: Callable[[Message], Awaitable[T]]) -> T:
        """Say a reply in the first form that Slack takes. What it refused was not said, so it may be said again."""
        *others, last = await self._messages(reply)
        for pause, message in others:
            await asyncio.sleep(pause)
            try:
                return await say(message)
            except Refused as refused:
                if not refused.about_the_message:
                    raise
                event("slack.message_refused", level=logging.WARNING, reason=refused.code)
            if reply.picture and _shows_file(message):
                await self._pictures.forget(reply.picture)
        return await say(last[1])

    async def _messages(self, reply: Reply) -> list[tuple[float, Message]]:
        """The message, and what to send instead each time that it is refused, after a pause of so many seconds.

        Slack refuses a file that it is not done with, for some seconds after its upload.
        """
        message = render(reply, prefix=self._prefix)
        words = {key: value for key, value in message.items() if key != "blocks"}
        found: list[tuple[float, Message]] = [(0, message), (0, words)]
        pictures = await self._pictures.ids(reply.picture)
        if not reply.picture or not pictures:
            return found
        shown = render(reply, prefix=self._prefix, pictures=pictures)
        again = isinstance(reply.picture, Chart) and await self._pictures.is_fresh(reply.picture)
        return [(0, shown), *((pause, shown) for pause in PAUSES if again), *found]

    async def _say(self, message: Message, asked: Asked, *, private: bool) -> None:
        if asked.response_url:
            try:
                return await self._by_url(message, asked, private=private)
            except Refused as refused:
                if refused.about_the_message:
                    raise
                event("slack.response_url_failed", level=logging.WARNING, reason=refused.code)
        try:
            await self._by_api(message, asked, private=private)
        except SlackApiError as error:
            raise Refused(code_of(error)) from None

    async def _by_url(self, message: Message, asked: Asked, *, private: bool) -> None:
        """https://docs.slack.dev/interactivity/handling-user-interaction: five times within 30 minutes."""
        audience = "ephemeral" if private else "in_channel"
        body = {**message, "response_type": audience, "replace_original": False}
        if asked.place.thread:
            body["thread_ts"] = asked.place.thread
        hook = AsyncWebhookClient(
            asked.response_url,
            session=self._client.session,
            proxy=self._client.proxy,
            logger=self._client.logger,
            retry_handlers=self._client.retry_handlers,
        )
        try:
            answer = await hook.send_dict(body)
        except (ClientError, TimeoutError, ValueError) as error:
            raise Refused(reason_of(error)) from None
        if code := _refusal(answer.status_code, answer.body):
            raise Refused(code)

    async def _by_api(self, message: Message, asked: Asked, *, private: bool) -> None:
        place = asked.place
        try:
            if private and not place.direct:
                for_one = {key: message[key] for key in FOR_ONE if key in message}
                thread = place.thread or None  # Slack shows nothing private in a thread that has no answers yet
                await self._client.chat_postEphemeral(
                    channel=place.channel, user=asked.person, thread_ts=thread, **for_one
                )
            else:
                await self._client.chat_postMessage(
                    channel=place.channel, thread_ts=asked.under or place.thread or None, **message
                )
        except SlackApiError as error:
            if Refused(code_of(error)).about_the_message:
                raise
            event("slack.channel_closed", level=logging.WARNING, reason=code_of(error), channel=place.channel)
            await self._client.chat_postMessage(channel=asked.person, **message)


def _metadata(mark: str) -> Message | None:
    return {"event_type": MARKED, "event_payload": {"mark": mark}} if mark else None


def mark_of(message: Message) -> str:
    """The mark in the metadata of a message of ours; empty where there is none."""
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return str(payload.get("mark", "")) if isinstance(payload, dict) else ""


def _shows_file(message: Message) -> bool:
    return any(block["type"] == "image" for block in message["blocks"])


def _refusal(status: int, body: str) -> str:
    """Why Slack refused what was sent to a response URL; empty when it took it."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and answer.get("error"):
        return str(answer["error"])
    if status == 200:
        return ""
    return body if body.replace("_", "").isalpha() and len(body) < 50 else f"status_{status}"
