"""Kill the web process and the worker under load, again and again, and count what was lost or doubled.

    python simulations/kill_server.py --kills 1000 --seed 1

A real server and a real worker on one data folder (on PostgreSQL where WEGMARKE_DATABASE_URL names one), each
a process of its own. Senders send batches, one after the other; one that fails is sent again until it is
acknowledged, as real clients do it, every fifth not. Meanwhile one of the two processes, or both, are killed
with SIGKILL at random moments after they answered and started again. When all kills are done the worker
empties the inbox. Then every acknowledged event must be in the log exactly once, every event of a batch that
was never acknowledged at most once, nothing else may be there, and the accounts must miss nothing. The last
line printed is a JSON object with the figures.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

SENDERS = 4
EVENTS = 10
GIVING_UP = 5
"""Every so manieth batch is not sent again after a failure."""
READY_SECONDS = 120.0


@dataclass
class Sender:
    """Sends batch after batch, and remembers which were acknowledged."""

    number: int
    port: int
    key: str
    stop: threading.Event
    acknowledged: set[str] = field(default_factory=set)
    uncertain: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Send until told to stop; the batch under way is sent to its end."""
        batch = 0
        while not self.stop.is_set():
            batch += 1
            names = [f"{self.number}/{batch}/{at}" for at in range(EVENTS)]
            while not (taken := self._send(names)) and batch % GIVING_UP:
                time.sleep(0.02)
            (self.acknowledged if taken else self.uncertain).update(names)

    def _send(self, names: list[str]) -> bool:
        events = [
            {
                "type": "track",
                "event": "Step",
                "userId": f"u{name}",
                "messageId": name,
                "properties": {"n": at},
            }
            for at, name in enumerate(names)
        ]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            body = json.dumps({"batch": events, "writeKey": self.key})
            connection.request("POST", "/v1/batch", body, {"Content-Type": "application/json"})
            status = str(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            status = type(error).__name__
        finally:
            connection.close()
        self.answers[status] += 1
        return status == "200"


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
        if self.process:
            os.killpg(self.process.pid, number)
            self.process.wait(timeout=READY_SECONDS)


def prepare() -> str:
    """Make the tables, a source and a key of a server."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from wegmarke.capture.sources import services

    call_command("migrate", verbosity=0)
    source = services.add_source(name="simulation", by=None, now=timezone.now())
    return services.make_key(source=source, browser=False, by=None, now=timezone.now()).text


def wait_until_it_answers(port: int) -> None:
    """Wait for the web process."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    msg = "the server does not answer any more"
    raise RuntimeError(msg)


def kill_often(web: Killable, worker: Killable, port: int, kills: int, rng: random.Random) -> Counter[str]:
    """Kill one, the other, or both, and start them again."""
    done: Counter[str] = Counter()
    for _ in range(kills):
        wait_until_it_answers(port)
        time.sleep(rng.uniform(0, 0.6))
        what = rng.choice(("web", "worker", "both"))
        killed = {"web": [web], "worker": [worker], "both": [web, worker]}[what]
        for one in killed:
            one.kill()
        for one in killed:
            one.start()
        done[what] += 1
    return done


def drain() -> None:
    """Wait until the worker has moved all there is."""
    from wegmarke.capture.inbox import InboxBatch

    until = time.monotonic() + READY_SECONDS
    while InboxBatch.objects.exists():
        if time.monotonic() > until:
            msg = f"{InboxBatch.objects.count()} batches still wait"
            raise RuntimeError(msg)
        time.sleep(0.1)


def in_the_log() -> Counter[str]:
    """Return how often each event stands in the files that count."""
    import pyarrow.parquet as pq

    from wegmarke.record import layout
    from wegmarke.record.models import LogFile

    found: Counter[str] = Counter()
    for path in LogFile.objects.filter(kind=LogFile.Kind.EVENTS, until=None).values_list("path", flat=True):
        found.update(pq.read_table(layout.log_folder() / path, columns=["person"])["person"].to_pylist())
    return found


def judged(senders: list[Sender]) -> Counter[str]:
    """Hold the log and the accounts against what the senders know."""
    from wegmarke.capture.counting import accounts

    sent = {f"u{name}" for one in senders for name in one.acknowledged}
    perhaps = {f"u{name}" for one in senders for name in one.uncertain}
    there = in_the_log()
    found = accounts()
    return Counter(
        {
            "acknowledged": len(sent),
            "uncertain": len(perhaps),
            "uncertain and kept": len(perhaps & there.keys()),
            "lost": len(sent - there.keys()),
            "doubled": sum(count - 1 for count in there.values()),
            "invented": len(there.keys() - sent - perhaps),
            "refused": found.refused,
            "known before": found.known,
            "missing in the accounts": found.missing,
        }
    )


def simulate(kills: int, rng: random.Random) -> Counter[str]:
    """Run everything in the data folder of the environment."""
    key = prepare()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = Killable(["wegmarke.site.web", "127.0.0.1", str(port)])
    worker = Killable(["wegmarke.site.worker"])
    stop = threading.Event()
    senders = [Sender(number, port, key, stop) for number in range(SENDERS)]
    threads = [threading.Thread(target=sender.run) for sender in senders]
    try:
        web.start()
        worker.start()
        wait_until_it_answers(port)
        for thread in threads:
            thread.start()
        done = kill_often(web, worker, port, kills, rng)
        stop.set()
        for thread in threads:
            thread.join()
        drain()
    finally:
        stop.set()
        web.stop()
        worker.stop()
    figures = judged(senders)
    figures.update({f"killed: {what}": count for what, count in done.items()})
    for sender in senders:
        figures.update({f"answer {status}": count for status, count in sender.answers.items()})
    return figures


def main() -> int:
    """Simulate and print the figures; 1 where anything was lost, doubled, invented or not accounted for."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="wegmarke-kills-"))
    os.environ |= {"WEGMARKE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "wegmarke.site.settings"}
    (folder / "secret").write_text("only for this simulation")
    begun = time.monotonic()
    try:
        figures = simulate(asked.kills, random.Random(asked.seed))  # noqa: S311 - repeatable, not secret
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures["seconds"] = round(time.monotonic() - begun)
    print(json.dumps(dict(sorted(figures.items()))))
    wrong = ("lost", "doubled", "invented", "missing in the accounts", "refused")
    return int(any(figures[name] for name in wrong))


if __name__ == "__main__":
    sys.exit(main())
