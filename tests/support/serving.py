"""`wegmarke serve` as people start it: a real process with real children."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "src"
START = [sys.executable, "-c", "from wegmarke.cli.main import main; main()"]
PATIENCE = 60.0


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WEGMARKE_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "PYTHONPATH": str(SOURCES), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **more}


def wegmarke(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command that is expected to end by itself."""
    return subprocess.run(
        [*START, *map(str, arguments)],
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@dataclass
class Served:
    """A running `wegmarke serve` and what it printed."""

    data: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        self.lines.extend(self.process.stdout)

    def printed(self, pattern: str) -> str:
        """Wait for a printed line and return the group of the pattern."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            found = re.search(pattern, "".join(self.lines))
            if found:
                return found[1]
            time.sleep(0.05)
        pytest.fail(f"{pattern} was not printed, but: {self.lines}")

    @property
    def url(self) -> str:
        return self.printed(r"runs on (http://\S+)")

    def children(self) -> dict[str, int]:
        """Return the processes it started, by the last part of their module."""
        ids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        names = {}
        for number in ids:  # a process that has just been started still has its parent's name
            words = Path(f"/proc/{number}/cmdline").read_text().split("\0")
            names |= {w.rpartition(".")[2]: int(number) for w in words if w.startswith("wegmarke.")}
        return names

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def serve(data: Path) -> Served:
    """Start a site on a free port; whoever starts it stops it and closes its output."""
    process = subprocess.Popen(
        [*START, "serve", "--port", "0", "--data", str(data)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Served(data, process)


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as response:  # noqa: S310 - our own server
            return response.status == 200
    except OSError:
        return False


def soon(condition, seconds: float = 15.0) -> bool:
    """Return whether a condition comes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
