"""A child that outlives `wegmarke serve` would hold its port and its work: it stops with it."""

from __future__ import annotations

import os
import signal
import threading
import time

from wegmarke.cli.supervising import PARENT

EVERY_SECONDS = 1.0


def when_the_parent_is_gone() -> None:
    """Send this process SIGTERM once the process that started it has ended, even by `kill -9`."""
    parent = os.environ.get(PARENT, "")
    if parent.isdigit():
        threading.Thread(target=_watch, args=(int(parent),), daemon=True, name="parent").start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
