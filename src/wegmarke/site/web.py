"""The web process: `python -m wegmarke.site.web HOST PORT`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from wegmarke.site.parent import when_the_parent_is_gone

if TYPE_CHECKING:
    from collections.abc import Sequence

KILL_AFTER_SECONDS = 10
APPLICATION = "wegmarke.site.asgi:application"


def main(arguments: Sequence[str], application: str = APPLICATION) -> None:
    """Serve until told to stop, without what the pages do not use: web sockets, HTTP/2."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    host, port = arguments
    server = Granian(
        application,
        address=host,
        port=int(port),
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER_SECONDS,
        log_level=LogLevels.warning,
    )
    when_the_parent_is_gone()
    server.serve()


if __name__ == "__main__":
    main(sys.argv[1:])
