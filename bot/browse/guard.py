"""Who may see the pages: whoever has the address that was printed, and nobody else on this machine.

The address carries a key; with it a browser is given a cookie. So neither another user of the machine nor a page from
elsewhere in the same browser reads the database, whose file nobody else can read either.
"""

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

REFUSED = b"Open the address that `readalong browse` printed; it carries the key to these pages.\n"


class Guarded:
    """An ASGI application behind a key; `cookie` is what a browser keeps the key under."""

    def __init__(self, app: App, key: str, cookie: str) -> None:
        self._app = app
        self._key = key
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Answer one request: https://asgi.readthedocs.io/en/latest/specs/www.html"""
        if scope["type"] != "http" or self._is_key(self._kept(scope)):
            await self._app(scope, receive, send)
        elif self._is_key(parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]):
            cookie = f"{self._cookie}={self._key}; Path=/; HttpOnly; SameSite=Lax"
            await _answer(send, 303, b"", location="/", **{"set-cookie": cookie})
        else:
            await _answer(send, 403, REFUSED)

    def _is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._key.encode())

    def _kept(self, scope: Scope) -> str:
        """The key that the browser kept; empty for none."""
        for name, value in scope["headers"]:
            if name == b"cookie":
                try:
                    cookies = SimpleCookie(value.decode("latin-1"))
                except CookieError:
                    continue
                if self._cookie in cookies:
                    return cookies[self._cookie].value
        return ""


async def _answer(send: Send, status: int, body: bytes, **headers: str) -> None:
    told = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **headers}
    pairs = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
