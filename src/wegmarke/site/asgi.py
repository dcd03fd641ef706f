"""The whole site as one application; the server is told `wegmarke.site.asgi:application`.

The event API answers in the event loop; pages are made in a few threads beside it, so that neither keeps the
other waiting.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wegmarke.site.settings")

from wegmarke.site.threads import in_threads
from wegmarke.site.wsgi import application as pages
from wegmarke.site.wsgi import set_loaded_code_aside

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Scope = dict[str, Any]
    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]


def _event_api() -> Any:  # noqa: ANN401 - its class can be imported only once Django is ready
    from wegmarke.capture.receiving import http

    return http


_http = _event_api()
_api = _http.EventApi()
_pages = in_threads(pages)
set_loaded_code_aside()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request: an event, or a page."""
    if scope["type"] == "http":
        if _http.handles(scope["path"]):
            await _api(scope, receive, send)
            return
        await _pages(scope, _whole(receive), send)
        return
    if scope["type"] == "lifespan":
        await _live(receive, send)


def _whole(receive: Receive) -> Receive:
    """Turn a body that breaks off into an error, so that nobody takes half an upload for a whole one."""

    async def receive_or_fail() -> dict[str, Any]:
        message = await receive()
        if message["type"] == "http.disconnect":
            msg = "the connection ended before the body did"
            raise ConnectionResetError(msg)
        return message

    return receive_or_fail


async def _live(receive: Receive, send: Send) -> None:
    """Start with nothing; end once what waits for its commit is committed."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            _api.committer.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
