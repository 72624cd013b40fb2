"""Who may reach the local page: a browser on this machine, showing this very page, and nobody else.

An address that a request comes from proves nothing: any page in a browser here can send requests here, and a name
elsewhere can be made to lead here. So the Host must be a loopback name, and the Origin must be the page's own.
"""

from aiohttp import web

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def is_ours(request: web.Request, *, socket: bool = False) -> bool:
    """Whether a request comes from the page itself. A browser names the Origin of every WebSocket, so one must."""
    host = request.headers.get("Host", "")
    origin = request.headers.get("Origin")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if name not in LOOPBACK or not (_fetched_here(request) or _followed(request)):
        return False
    return not socket if origin is None else origin == f"http://{host}"


def _fetched_here(request: web.Request) -> bool:
    return request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}


def _followed(request: web.Request) -> bool:
    """Whether somebody followed a link to here in a window of its own, which the page it stands on can't look into."""
    return (request.headers.get("Sec-Fetch-Mode"), request.headers.get("Sec-Fetch-Dest")) == ("navigate", "document")
