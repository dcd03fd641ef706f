"""How long until an event is on a page: a real server and worker, events coming in all the time.

    python benchmarks/freshness.py [--events 3000000] [--rate 1000] [--seconds 60]

A log of so many made-up events (20 a person) and no plan, so that every event name is a touchpoint. Once its
journeys stand and discovery has looked through it, one sender posts ten batches a second to
`wegmarke.site.web` on SQLite, and the worker moves them to the log, extends the journeys and asks all
questions again. One event in twenty names a visitor and a customer at once, so that persons are linked all
the time. An event counts as seen when the run that pages read from has its touch: the time runs from the
answer 200 to that moment, looked for ten times a second. Load, server and worker share this machine. The exit
code is 1 where p99 is above its target of 10 s.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from event_api import prepare, serve
from extend_journeys import NAMES, TOUCHES_PER_PERSON, fill

TARGET_SECONDS = 10.0
BATCHES_A_SECOND = 10
LINKED = 20
FIRST_BUILD_SECONDS = 600
LAST_SEEN_SECONDS = 120


@dataclass
class Sent:
    """When each batch was answered, and how many events had been sent by then."""

    at: list[float] = field(default_factory=list)
    events: list[int] = field(default_factory=list)


@dataclass
class Seen:
    """When pages came to show more touches, and how many."""

    at: list[float] = field(default_factory=list)
    touches: list[int] = field(default_factory=list)


def main() -> int:
    """Measure and print."""
    shown_as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shown_as_written)
    parser.add_argument("--events", type=int, default=3_000_000)
    parser.add_argument("--rate", type=int, default=1_000)
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="freshness-") as folder:
        os.environ["WEGMARKE_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "wegmarke.site.settings"
        Path(folder, "secret").write_text("only for this benchmark")
        key = prepare()
        fill(asked.events, np.random.default_rng(1))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        processes = [serve(port), subprocess.Popen([sys.executable, "-m", "wegmarke.site.worker"])]
        try:
            figures = measured(port, key, asked)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=60)
    print(json.dumps(figures, indent=2))
    return int(figures["p99 (s)"] > TARGET_SECONDS)


def measured(port: int, key: str, asked: argparse.Namespace) -> dict[str, float]:
    """Wait for the first journeys, send, and say how old events were when they were seen."""
    wait_for(asked.events, FIRST_BUILD_SECONDS)
    wait_for_discovery(FIRST_BUILD_SECONDS)
    sent, seen, stop = Sent(), Seen(), threading.Event()
    sender = threading.Thread(target=send, args=(port, key, asked, sent))
    watcher = threading.Thread(target=watch, args=(asked.events, seen, stop))
    for thread in (sender, watcher):
        thread.start()
    try:
        sender.join()
        load = os.getloadavg()[0]
        wait_for(asked.events + sent.events[-1], LAST_SEEN_SECONDS)
        time.sleep(1)  # one more look of the watcher
    finally:
        stop.set()
        watcher.join()
    first_seen = np.searchsorted(seen.touches, sent.events)
    ages = np.array(seen.at)[first_seen] - np.array(sent.at)
    return {
        "events in the log before": asked.events,
        "events sent": sent.events[-1],
        "sent a second": round(sent.events[-1] / (sent.at[-1] - sent.at[0])),
        "median (s)": round(float(np.median(ages)), 2),
        "p99 (s)": round(float(np.quantile(ages, 0.99)), 2),
        "most (s)": round(float(ages.max()), 2),
        "runs": len(seen.at),
        "load of the machine": round(load, 1),
    }


def touches_shown() -> int:
    """Return the number of touches pages show: that of the newest run that is done."""
    from wegmarke.insights.models import StoredInsight

    facts = StoredInsight.objects.filter(kind="facts", refresh__done_at__isnull=False)
    payload = facts.order_by("-refresh_id").values_list("payload", flat=True).first()
    return 0 if payload is None else json.loads(payload)["touches"]


def wait_for(touches: int, seconds: float) -> None:
    """Wait until pages show so many touches."""
    stop = time.monotonic() + seconds
    while touches_shown() < touches:
        if time.monotonic() > stop:
            msg = f"{touches_shown()} of {touches} touches after {seconds} s"
            raise RuntimeError(msg)
        time.sleep(0.2)


def wait_for_discovery(seconds: float) -> None:
    """Wait until the log was looked through for touchpoints, as it is once after a start like this one."""
    from wegmarke.atlas.models import Discovery

    stop = time.monotonic() + seconds
    while not Discovery.objects.filter(done_at__isnull=False).exists():
        if time.monotonic() > stop:
            msg = f"nothing was discovered after {seconds} s"
            raise RuntimeError(msg)
        time.sleep(0.2)


def watch(before: int, seen: Seen, stop: threading.Event) -> None:
    """Note when more touches are shown."""
    while not stop.wait(0.1):
        shown = touches_shown() - before
        if shown > (seen.touches[-1] if seen.touches else 0):
            seen.at.append(time.monotonic())
            seen.touches.append(shown)


def send(port: int, key: str, asked: argparse.Namespace, sent: Sent) -> None:
    """Post batches at an even pace over one connection, so that they arrive in this order."""
    random = np.random.default_rng(2)
    user = base64.b64encode(f"{key}:".encode()).decode()
    known = asked.events // TOUCHES_PER_PERSON
    count = asked.rate // BATCHES_A_SECOND
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for turn in range(asked.seconds * BATCHES_A_SECOND):
            body = json.dumps({"batch": batch(random, count, known)}, separators=(",", ":")).encode()
            head = (
                f"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Basic {user}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            time.sleep(max(0.0, begun + turn / BATCHES_A_SECOND - time.monotonic()))
            connection.sendall(head.encode() + body)
            answer = connection.recv(65536)
            if answer[9:12] != b"200":
                raise RuntimeError(answer[:200])
            sent.at.append(time.monotonic())
            sent.events.append((turn + 1) * count)


def batch(random: np.random.Generator, count: int, known: int) -> list[dict[str, object]]:
    """Make events of now; one in so many names a visitor together with a customer."""
    now = datetime.now(UTC).isoformat()
    found: list[dict[str, object]] = []
    for at in range(count):
        person = {"userId": f"customer-{random.integers(known)}"}
        if at % LINKED == 0:
            person["anonymousId"] = f"{uuid.UUID(bytes=random.bytes(16))}"
        found.append(
            {
                "type": "track",
                "event": str(NAMES[random.integers(len(NAMES))]),
                **person,
                "messageId": f"{uuid.UUID(bytes=random.bytes(16))}",
                "timestamp": now,
                "properties": {"path": f"/product/{at}", "wait": at},
            }
        )
    return found


if __name__ == "__main__":
    sys.exit(main())
