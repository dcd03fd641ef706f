"""How many events a second one server process takes for good, against Django's bulk_create.

    python benchmarks/event_api.py [--seconds 8] [--senders 32] [--batch 100]

Load and server share this machine. The same events go once over HTTP to `wegmarke.site.web` on SQLite with
an fsync a commit, and once through `bulk_create` of one row an event in one transaction a batch, in the same
run; the ratio is printed, because machines are noisy. Then single events, and the latency at half the load.
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
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path

BODIES = 16


@dataclass
class Load:
    """What senders saw."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    answers: dict[bytes, int] = field(default_factory=dict)

    def line(self, name: str, events: int) -> str:
        """Word the figures."""
        rate = len(self.latencies) / self.seconds
        ordered = sorted(self.latencies)
        p50, p99 = (1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
        answers = ", ".join(f"{code.decode()}: {count}" for code, count in sorted(self.answers.items()))
        return (
            f"{name:<24}{rate:>9,.0f} requests/s {rate * events:>11,.0f} events/s"
            f"   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   {answers}"
        )


def events(count: int) -> list[dict[str, object]]:
    """Make events as a shop sends them."""
    return [
        {
            "type": "track",
            "event": "Order Completed",
            "userId": f"user-{at * 7919 % 5000}",
            "messageId": f"{uuid.uuid4()}",
            "timestamp": "2026-03-01T10:00:00.000Z",
            "properties": {"revenue": 12.5, "plan": "gold", "step": at % 7, "order_id": f"o-{at}"},
            "context": {"library": {"name": "analytics-python", "version": "2.4.0"}},
        }
        for at in range(count)
    ]


def request(port: int, key: str, count: int) -> bytes:
    """Return a whole request, ready to be sent."""
    batch = {"batch": events(count), "sentAt": "2026-03-01T10:00:01Z"}
    body = json.dumps(batch, separators=(",", ":")).encode()
    user = base64.b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Basic {user}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def load(  # noqa: PLR0913 - all but the obvious by keyword
    port: int, key: str, *, senders: int, seconds: float, count: int, pause: float = 0.0
) -> Load:
    """Send from so many connections for so long, each waiting for its answer (and a pause) in between."""
    bodies = [request(port, key, count) for _ in range(BODIES)]
    found = Load()
    stop = time.monotonic() + seconds

    def send(number: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            turn = number
            while time.monotonic() < stop:
                begun = time.perf_counter()
                connection.sendall(bodies[turn % BODIES])
                answer = connection.recv(65536)
                found.latencies.append(time.perf_counter() - begun)
                found.answers[answer[9:12]] = found.answers.get(answer[9:12], 0) + 1
                turn += 1
                if pause:
                    time.sleep(pause)

    begun = time.monotonic()
    threads = [threading.Thread(target=send, args=(number,)) for number in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.monotonic() - begun
    return found


def prepare() -> str:
    """Make the database, a source and a key."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from wegmarke.capture.sources import services

    call_command("migrate", verbosity=0)
    source = services.add_source(name="benchmark", by=None, now=timezone.now())
    return services.make_key(source=source, browser=False, by=None, now=timezone.now()).text


def bulk_create(*, seconds: float, count: int) -> float:
    """Return events a second of one row an event with `bulk_create`, a commit (with its fsync) a batch."""
    from django.db import connection, models, transaction

    class Row(models.Model):
        source = models.IntegerField()
        message_id = models.CharField(max_length=64, unique=True)
        person = models.CharField(max_length=64, db_index=True)
        name = models.CharField(max_length=200)
        time = models.CharField(max_length=40)
        properties = models.JSONField()

        class Meta:
            app_label = "benchmark"

        def __str__(self) -> str:
            return self.message_id

    with connection.schema_editor() as editor:
        editor.create_model(Row)
    made = 0
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        body = json.loads(json.dumps({"batch": events(count)}))
        with transaction.atomic():
            Row.objects.bulk_create(
                Row(
                    source=1,
                    message_id=one["messageId"],
                    person=one["userId"],
                    name=one["event"],
                    time=one["timestamp"],
                    properties=one["properties"],
                )
                for one in body["batch"]
            )
        made += count
    return made / (time.monotonic() - begun)


def moved(*, seconds: float) -> float:
    """Return events a second the worker's step moves from the inbox to the log, duplicates told apart."""
    from django.utils import timezone

    from wegmarke.capture.counting import accounts
    from wegmarke.capture.events.moving import move_some

    begun = time.monotonic()
    while time.monotonic() - begun < seconds and move_some(now=timezone.now()):
        pass
    found = accounts()
    return (found.moved + found.known + found.refused) / (time.monotonic() - begun)


def serve(port: int) -> subprocess.Popen[bytes]:
    """Start one server process and wait until it answers."""
    process = subprocess.Popen([sys.executable, "-m", "wegmarke.site.web", "127.0.0.1", str(port)])
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return process
        except OSError:
            time.sleep(0.2)
    process.kill()
    msg = "the server does not answer"
    raise RuntimeError(msg)


def main() -> None:
    """Measure and print."""
    shown_as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shown_as_written)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--senders", type=int, default=32)
    parser.add_argument("--batch", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WEGMARKE_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "wegmarke.site.settings"
        Path(folder, "secret").write_text("only for this benchmark")
        key = prepare()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = serve(port)
        seconds = min(asked.seconds, 20.0)
        try:
            load(port, key, senders=4, seconds=1, count=asked.batch)
            full = load(port, key, senders=asked.senders, seconds=seconds, count=asked.batch)
            rate = len(full.latencies) / full.seconds
            pause = max(0.0, asked.senders / (rate / 2) - sum(full.latencies) / len(full.latencies) / 2)
            half = load(port, key, senders=asked.senders, seconds=seconds, count=asked.batch, pause=pause)
            single = load(port, key, senders=asked.senders, seconds=seconds, count=1)
        finally:
            process.terminate()
            process.wait(timeout=60)
        to_the_log = moved(seconds=seconds)
        django = bulk_create(seconds=seconds, count=asked.batch)
    print(f"{os.cpu_count()} cores, load and server on the same machine, load {os.getloadavg()[0]:.1f}")
    print(full.line(f"batches of {asked.batch}", asked.batch))
    print(half.line("at half that load", asked.batch))
    print(single.line("single events", 1))
    print(f"{'inbox to log':<24}{to_the_log:>31,.0f} events/s")
    ours = rate * asked.batch
    print(f"{'bulk_create':<24}{django:>31,.0f} events/s   ours is {ours / django:.1f} times that")


if __name__ == "__main__":
    main()
