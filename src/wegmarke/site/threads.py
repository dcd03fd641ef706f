"""Pages are made in a few threads beside the event loop, with room enough on their stacks to calculate."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from a2wsgi import WSGIMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable

THREADS: Final = 4
STACK_BYTES: Final = 16 * 1024 * 1024
"""The usual stack of a thread is too small for linear algebra: solving the equations of a journey map with
some hundred touchpoints killed the process."""


def in_threads(pages: Callable[..., Any]) -> Any:  # noqa: ANN401 - an ASGI application, under other names of its types
    """Return a WSGI application as an ASGI application that runs in threads."""
    threading.stack_size(STACK_BYTES)
    return WSGIMiddleware(pages, workers=THREADS)
