"""A real site for simulations: web process and worker on a data folder of their own, to be killed at will."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

READY_SECONDS = 120.0


@dataclass
class Killable:
    """One process of ours, in a group of its own so that what it started dies with it."""

    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", *self.arguments]
        self.process = subprocess.Popen(command, start_new_session=True)

    @property
    def pid(self) -> int:
        """Return the number of the process, which is that of its group; 0 before its start."""
        return self.process.pid if self.process else 0

    def kill(self) -> None:
        """Kill the whole group at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait(timeout=READY_SECONDS)


@dataclass
class Site:
    """A site that runs, and a key of a server to send it events with."""

    port: int
    key: str
    web: Killable = field(init=False)
    worker: Killable = field(init=False)

    def __post_init__(self) -> None:
        """Name the two processes; they are not started yet."""
        self.web = Killable(["wegmarke.site.web", "127.0.0.1", str(self.port)])
        self.worker = Killable(["wegmarke.site.worker"])

    def wait_until_it_answers(self) -> None:
        """Wait for the web process."""
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.02)
        msg = "the server does not answer any more"
        raise RuntimeError(msg)

    def drained(self) -> float:
        """Wait until the worker has moved all there is; return after how many seconds.

        Raises where nothing was moved for a while.
        """
        from wegmarke.capture.inbox import InboxBatch

        begun = moved = time.monotonic()
        left = InboxBatch.objects.count()
        while left:
            time.sleep(0.1)
            before, left = left, InboxBatch.objects.count()
            if left < before:
                moved = time.monotonic()
            elif time.monotonic() > moved + READY_SECONDS:
                msg = f"{left} batches wait, and none is moved"
                raise RuntimeError(msg)
        return time.monotonic() - begun


@contextmanager
def running() -> Iterator[Site]:
    """Run a site on a data folder of its own, which is removed afterwards.

    On PostgreSQL where WEGMARKE_DATABASE_URL names one. The processes are stopped when the block ends; the
    database and the log can be asked until then.
    """
    folder = Path(tempfile.mkdtemp(prefix="wegmarke-simulation-"))
    os.environ |= {"WEGMARKE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "wegmarke.site.settings"}
    (folder / "secret").write_text("only for this simulation")
    site = None
    try:
        site = Site(free_port(), prepared())
        site.web.start()
        site.worker.start()
        site.wait_until_it_answers()
        yield site
    finally:
        if site:
            site.web.stop()
            site.worker.stop()
        shutil.rmtree(folder, ignore_errors=True)


def prepared() -> str:
    """Make the tables, a source, and a key of a server; return the key."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from wegmarke.capture.sources import services

    call_command("migrate", verbosity=0)
    source = services.add_source(name="simulation", by=None, now=timezone.now())
    return services.make_key(source=source, browser=False, by=None, now=timezone.now()).text


def free_port() -> int:
    """Return a port nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
