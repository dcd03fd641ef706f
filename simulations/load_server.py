"""Load a real server and worker for a while, then overload them, and count what was lost on the way.

    python simulations/load_server.py --seconds 1800 --overload-seconds 600

First `--rate` events a second (20,000, in batches of 100) for `--seconds`, then `--factor` times as many for
`--overload-seconds`; a sender whose turn has come while its last request is not answered sends at once after
it. Printed for both: what was answered, the latency, the memory of the web process and of the worker. Then
how long it takes until single requests are answered within 50 ms again, and until the inbox is empty. At the
end the accounts must hold exactly what was acknowledged. Load and server share the machine; each event has an
id of its own. The last line printed is a JSON object; the exit code is 1 where events were lost or doubled.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import statistics
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from live_site import running

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 100
SENDERS = 16
SOON_SECONDS = 0.05
Seen = tuple[list[float], "Counter[str]"]


@dataclass(frozen=True)
class Load:
    """How much to send, and where to."""

    port: int
    key: str
    rate: float
    seconds: float
    name: str


def send_all(load: Load, found: multiprocessing.SimpleQueue[Seen]) -> None:
    """Send from `SENDERS` connections, and put latencies and answers into the queue."""
    latencies: list[float] = []
    answers: Counter[str] = Counter()
    pause = SENDERS * BATCH / load.rate
    begun = time.monotonic()

    def send(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", load.port, timeout=60)
        due = begun + pause * number / SENDERS
        turn = 0
        while due < begun + load.seconds:
            time.sleep(max(0.0, due - time.monotonic()))
            sent = time.perf_counter()
            answers[_sent(connection, load, f"{load.name}/{number}/{turn}")] += 1
            latencies.append(time.perf_counter() - sent)
            due = max(due + pause, time.monotonic() - pause)
            turn += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.put((latencies, answers))


def _sent(connection: http.client.HTTPConnection, load: Load, name: str) -> str:
    events = ",".join(
        f'{{"type":"track","event":"Step Done","userId":"u{at}","messageId":"{name}/{at}",'
        '"properties":{"step":3,"plan":"gold"}}'
        for at in range(BATCH)
    )
    body = f'{{"batch":[{events}],"writeKey":"{load.key}"}}'
    try:
        connection.request("POST", "/v1/batch", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return type(error).__name__
    return str(answer.status)


@dataclass
class Memory:
    """Follows the memory of process groups, in bytes."""

    groups: dict[str, int]
    most: dict[str, int] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        """Look twice a second until told to stop."""
        while not self.stop.wait(0.5):
            now: Counter[str] = Counter()
            for group, size in _processes():
                now.update({name: size for name, leader in self.groups.items() if leader == group})
            for name, size in now.items():
                self.most[name] = max(size, self.most.get(name, 0))


def _processes() -> Iterator[tuple[int, int]]:
    """Return group and resident bytes of each process."""
    page = os.sysconf("SC_PAGE_SIZE")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            group = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[2])
            yield group, int((folder / "statm").read_text().split()[1]) * page
        except (OSError, IndexError):
            continue  # it has just ended


def phase(load: Load) -> tuple[dict[str, object], int]:
    """Send from a process of its own; return the figures and how many events were acknowledged."""
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.SimpleQueue[Seen] = context.SimpleQueue()
    process = context.Process(target=send_all, args=(load, found))
    begun = time.monotonic()
    process.start()
    latencies, answers = found.get()
    process.join()
    seconds = time.monotonic() - begun
    cuts = statistics.quantiles(latencies, n=100)
    figures = {
        "seconds": round(seconds),
        "events a second": round(len(latencies) * BATCH / seconds),
        "p50 ms": round(1000 * cuts[49], 1),
        "p99 ms": round(1000 * cuts[98], 1),
        "most ms": round(1000 * max(latencies)),
        "answers": dict(answers),
    }
    return figures, answers["200"] * BATCH


def recovered(load: Load) -> tuple[float, int]:
    """Return after how many seconds ten requests in a row are answered soon, and how many were sent."""
    begun = time.monotonic()
    soon = sent = 0
    connection = http.client.HTTPConnection("127.0.0.1", load.port, timeout=60)
    while soon < 10:
        before = time.perf_counter()
        taken = _sent(connection, load, f"after/{sent}") == "200"
        soon = soon + 1 if taken and time.perf_counter() - before < SOON_SECONDS else 0
        sent += taken
    return time.monotonic() - begun, sent * BATCH


def simulate(asked: argparse.Namespace) -> dict[str, object]:
    """Load, overload, and wait until all is as it was."""
    with running() as site:
        memory = Memory({"web": site.web.pid, "worker": site.worker.pid})
        follower = threading.Thread(target=memory.follow)
        follower.start()
        try:
            calm, first = phase(Load(site.port, site.key, asked.rate, asked.seconds, "calm"))
            much = Load(site.port, site.key, asked.rate * asked.factor, asked.overload_seconds, "much")
            over, second = phase(much)
            seconds, third = recovered(much)
            empty = site.drained()
        finally:
            memory.stop.set()
            follower.join()
        from wegmarke.capture.counting import accounts

        found = accounts()
    return {
        "load": calm,
        "overload": over,
        "recovered after s": round(seconds, 1),
        "inbox empty after s": round(empty, 1),
        "most memory MB": {name: size // 2**20 for name, size in memory.most.items()},
        "acknowledged": first + second + third,
        "moved": found.moved,
        "known before": found.known,
        "missing in the accounts": found.missing,
    }


def main() -> int:
    """Simulate and print the figures."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--overload-seconds", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=20_000.0)
    parser.add_argument("--factor", type=float, default=5.0)
    asked = parser.parse_args()
    figures = simulate(asked)
    print(json.dumps(figures))
    # A sender that never got an answer may have been heard all the same, so more may stand than acknowledged.
    lost = figures["moved"] < figures["acknowledged"] or figures["missing in the accounts"]  # type: ignore[operator]
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
