"""Keeps websites that the local user visits away from the app: they can send requests to it, as the user's browser."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


def is_loopback(host: str) -> bool:
    """Whether ``host`` names this very machine, so that only it can reach a server bound to it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def from_own_page(headers: Mapping[str, str]) -> bool:
    """Whether a POST was sent by a page of this app: browsers say from where, and no page can make them lie.

    No token in the page would do: on an address that is not this machine's own, Gradio lets any website read it.
    """
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    # Browsers leave it out where the address is neither HTTPS nor this machine's own.
    return urlsplit(headers.get("origin", "")).netloc == headers.get("host")


class LocalNamesOnly:
    """Refuses requests under a name that is not this machine's: a website whose name leads here is no page of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when the name it was sent to is one of this machine."""
        if scope["type"] in ("http", "websocket") and not _is_local(Headers(scope=scope).get("host", "")):
            refusal = "This app answers to localhost only. Behind a proxy, start it with --allow-remote."
            await PlainTextResponse(refusal, status_code=421)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_local(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
