"""Let the first writes, fsyncs, renames of server and worker fail, one after the other, and count the damage.

    python simulations/break_disk.py --faults 1000

A real server and a real worker. Again and again strace takes hold of one of them and lets the n-th call of
one kind fail, once or from then on, with "no space left" or with an I/O error; meanwhile batches are sent. An
answer must be 200, or 503 with Retry-After; a batch without a 200 is sent again, as clients do it. Then
strace lets go, and with nobody's help all batches must be taken and moved within half a minute. When all is
done, every event must be in the log exactly once and the accounts must miss nothing. Needs strace. On
PostgreSQL (where WEGMARKE_DATABASE_URL names one) what fails is the log alone. The last line printed is a
JSON object with the figures.
"""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

from kill_server import in_the_log
from live_site import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live_site import Site

EVENTS = 5
PATIENCE = 4.0
"""Seconds to wait for a call that may never come."""
BACK_WITHIN = 30.0
CALLS = {
    "web": ("pwrite64", "fdatasync"),
    "worker": ("pwrite64", "write", "fdatasync", "fsync", "rename", "unlink"),
}
"""What each does to the disk; everything else that writes, both do seldom or never."""
ERRORS = ("ENOSPC", "EIO")
FAULTS = (
    "lost",
    "doubled",
    "invented",
    "missing in the accounts",
    "wrong answers",
    "processes ended",
    "stuck",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """The n-th call of a process that fails; `on`: and every later one."""

    who: str
    call: str
    error: str
    nth: int
    on: bool


def faults() -> Iterator[Fault]:
    """Return all faults, those of the first calls first."""
    for nth in range(1, 10_000):
        for who, calls in CALLS.items():
            for call, error, on in product(calls, ERRORS, (False, True)):
                yield Fault(who, call, error, nth, on)


@dataclass
class Client:
    """Sends batches of its own names; what was not taken is sent again later."""

    port: int
    key: str
    answers: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    sent: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def send_new(self) -> None:
        """Send a new batch."""
        batch = f"b{len(self.sent)}"
        self.sent.append(batch)
        if not self._send(batch):
            self.open.append(batch)

    def send_again(self) -> bool:
        """Send what was not taken once more; return whether all of it was."""
        self.open = [batch for batch in self.open if not self._send(batch)]
        return not self.open

    def _send(self, batch: str) -> bool:
        body = json.dumps(
            {
                "batch": [
                    {"type": "track", "event": "Step", "userId": name, "messageId": name}
                    for name in names_of(batch)
                ]
            }
        )
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", f"/v1/batch?writeKey={self.key}", body)
            answer = connection.getresponse()
            status = str(answer.status)
            later = answer.getheader("Retry-After") or ""
        except (OSError, http.client.HTTPException) as error:
            status, later = type(error).__name__, ""
        finally:
            connection.close()
        self.answers[status] += 1
        self.wrong += status != "200" and not (status == "503" and later.isdigit())
        return status == "200"


def names_of(batch: str) -> list[str]:
    """Name the events of a batch, which are as many persons."""
    return [f"{batch}/{at}" for at in range(EVENTS)]


def processes(group: int) -> list[int]:
    """Return the processes of a group."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rsplit(")", 1)[1].split()[2]) == group:
                found.append(int(folder.name))
        except (OSError, IndexError):
            continue  # it has just ended
    return found


@contextmanager
def failing(group: int, fault: Fault, output: Path) -> Iterator[None]:
    """Let calls of a group of processes fail while the block runs."""
    pids = [option for pid in processes(group) for option in ("-p", str(pid))]
    when = f"{fault.nth}+" if fault.on else str(fault.nth)
    inject = f"inject={fault.call}:error={fault.error}:when={when}"
    output.write_text("")
    command = ["strace", "-f", "-e", f"trace={fault.call}", "-s", "0", "-e", inject, "-o", str(output), *pids]
    strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert strace.stderr  # noqa: S101 - a pipe, as asked for
        for _pid in range(len(pids) // 2):
            while "attached" not in (line := strace.stderr.readline()):
                if not line:
                    msg = "strace could not take hold of the process"
                    raise RuntimeError(msg)
        yield
    finally:
        strace.send_signal(signal.SIGINT)
        strace.communicate()


def one_fault(site: Site, client: Client, fault: Fault, output: Path) -> Counter[str]:
    """Let one thing fail while batches come; return what happened."""
    group = (site.web if fault.who == "web" else site.worker).pid
    until = time.monotonic() + PATIENCE
    with failing(group, fault, output):
        while "(INJECTED)" not in output.read_text() and time.monotonic() < until:
            client.send_new()
            time.sleep(0.05)
        client.send_new()
    happened = output.read_text().count("(INJECTED)")
    begun = time.monotonic()
    while not (client.send_again() and nothing_waits()):
        if time.monotonic() > begun + BACK_WITHIN:
            return Counter({"stuck": 1})
        time.sleep(0.1)
    return Counter(
        {
            f"{fault.who} {fault.call} {fault.error}": int(happened > 0),
            "faults that happened": int(happened > 0),
            "calls that failed": happened,
        }
    )


def nothing_waits() -> bool:
    """Say whether the worker has moved everything: after an error it pauses, longer each time it fails."""
    from wegmarke.capture.inbox import InboxBatch

    return not InboxBatch.objects.exists()


def judged(client: Client) -> dict[str, int]:
    """Hold the log and the accounts against what was sent."""
    from wegmarke.capture.counting import accounts

    there, must = in_the_log(), {name for batch in client.sent for name in names_of(batch)}
    return {
        "events": len(must),
        "lost": len(must - there.keys()),
        "doubled": sum(number - 1 for number in there.values()),
        "invented": len(there.keys() - must),
        "missing in the accounts": abs(accounts().missing),
        "wrong answers": client.wrong,
        **{f"answer {status}": number for status, number in client.answers.items()},
    }


def simulate(wanted: int) -> Counter[str]:
    """Break the disk so often, then let the worker finish."""
    figures: Counter[str] = Counter(dict.fromkeys(FAULTS, 0))
    with tempfile.TemporaryDirectory(prefix="wegmarke-faults-") as folder, running() as site:
        client = Client(site.port, site.key)
        for fault in islice(faults(), wanted):
            figures.update(one_fault(site, client, fault, Path(folder) / "trace"))
            for one in (site.web, site.worker):
                if one.process is None or one.process.poll() is not None:
                    print(f"{one.arguments} ended after {fault}", file=sys.stderr)
                    figures["processes ended"] += 1
                    one.start()
        site.drained()
        site.worker.stop()  # or it might merge the files that are counted
        figures.update(judged(client))
    return figures


def main() -> int:
    """Simulate and print the figures; 1 where anything was lost, doubled, stuck or answered wrongly."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--faults", type=int, default=100)
    asked = parser.parse_args()
    begun = time.monotonic()
    figures = simulate(asked.faults)
    figures["seconds"] = round(time.monotonic() - begun)
    print(json.dumps(dict(sorted(figures.items()))))
    return int(any(figures[name] for name in FAULTS))


if __name__ == "__main__":
    sys.exit(main())
