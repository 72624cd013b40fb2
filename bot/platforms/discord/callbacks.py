"""Answers to interactions without the message that Discord would send back, at which nothing here looks.

discord.py asks for it each time (`with_response`), and builds a Message of it: about a tenth of the work of an answer.
https://discord.com/developers/docs/interactions/receiving-and-responding#create-interaction-response
"""

from typing import Any

import aiohttp
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context


def answer_without_the_message() -> None:
    """Answer so in the running task, and in those that begin from it."""
    async_context.set(_Adapter())  # type: ignore[no-untyped-call] # discord.py leaves it untyped


class _Adapter(AsyncWebhookAdapter):
    async def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        *,
        session: aiohttp.ClientSession,
        proxy: str | None = None,
        proxy_auth: aiohttp.BasicAuth | None = None,
        params: MultipartParameters,
    ) -> Any:
        """Send the answer. Returns as much of a response as discord.py needs, which is the interaction's id."""
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        route = Route("POST", path, webhook_id=interaction_id, webhook_token=token)
        files = {"files": params.files, "multipart": params.multipart} if params.files else {"payload": params.payload}
        await self.request(route, session=session, proxy=proxy, proxy_auth=proxy_auth, **files)
        return {"interaction": {"id": interaction_id}}
