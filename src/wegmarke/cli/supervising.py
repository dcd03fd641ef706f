"""Processes that belong together: started, watched, started again when they die, stopped cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

PARENT = "WEGMARKE_PARENT"
GRACE_SECONDS = 30.0
SOON_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 30.0


class WouldNotStartError(RuntimeError):
    """A process died again and again right after its start; nothing is gained by trying on."""


@dataclass
class Child:
    """One process, by its module and arguments (`python -m module …`)."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    essential: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    deaths_in_a_row: int = field(default=0, init=False)
    not_before: float = field(default=0.0, init=False)

    def start(self, now: float) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches it only through us, in order."""
        environment = {**self.environment, PARENT: str(os.getpid())}
        arguments = [sys.executable, "-m", *self.command]
        self.process = subprocess.Popen(arguments, env=environment, start_new_session=True)  # noqa: S603 - our own modules
        self.started_at = now

    def watch(self, now: float) -> str | None:
        """Start it again when it died, later each time; return what to tell, if anything."""
        if self.process is None:
            if now >= self.not_before:
                self.start(now)
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.process = None
        lived = now - self.started_at
        self.deaths_in_a_row = self.deaths_in_a_row + 1 if lived < SOON_SECONDS else 1
        if self.essential and self.deaths_in_a_row >= 3:  # noqa: PLR2004 - three times is no accident
            raise WouldNotStartError(self.name)
        self.not_before = now + min(LONGEST_WAIT_SECONDS, 2.0 ** (self.deaths_in_a_row - 1) - 1)
        return f"{self.name}: {code}"

    def stop(self) -> None:
        """Ask it to stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for its end; kill it when it does not come."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def supervise(children: Sequence[Child], *, stop: threading.Event, tell: Callable[[str], None]) -> None:
    """Keep all children alive until `stop` is set, then stop them in reverse order and wait."""
    try:
        while not stop.wait(0.2):
            for child in children:
                news = child.watch(time.monotonic())
                if news:
                    tell(news)
    finally:
        for child in reversed(children):
            child.stop()
        until = time.monotonic() + GRACE_SECONDS
        for child in reversed(children):
            child.end(until)


def stop_on_signals() -> threading.Event:
    """Return an event that is set by Ctrl-C and by SIGTERM."""
    event = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        event.set()

    for number in _stopping_signals():
        signal.signal(number, stop)
    return event


def _stopping_signals() -> Iterator[signal.Signals]:
    yield signal.SIGINT
    yield signal.SIGTERM
    if hasattr(signal, "SIGHUP"):
        yield signal.SIGHUP
