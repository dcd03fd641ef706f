"""Let the power fail while events are received and moved, at a thousand moments, and count what was lost.

    python simulations/lose_power.py --states 1000 --seed 1

A real server, a real worker and the senders run under strace, which writes every write, fsync and rename they
make (`traced_disk`), and when a sender had its answer. Then states are made of a disk whose power failed: at
a random moment of the trace, what was fsynced by then stands, and of what was not chance decides, write by
write and name by name, in the database and its journal as in the log. In each state the worker recovers and
empties the inbox, with nobody's help. Then every event acknowledged before that moment must be in the log
exactly once, nothing else twice, nothing that was never sent, and the accounts must miss nothing; and when
all batches are sent once more, each event must stand exactly once. Needs strace. SQLite only: what PostgreSQL
makes durable is PostgreSQL's. The last line printed is a JSON object with the figures.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from kill_log import in_child
from traced_disk import Trace, recorded

SENDERS = 3
EVENTS = 5
STATES_A_RECORDING = 250
FAULTS = (
    "lost",
    "doubled",
    "invented",
    "missing in the accounts",
    "files missing",
    "wrong after sending again",
    "does not start again",
)


def names_of(batch: str) -> list[str]:
    """Name the events of a batch."""
    return [f"{batch}/{at}" for at in range(EVENTS)]


def body_of(batch: str) -> bytes:
    """Return a batch as a client sends it."""
    events = [
        {"type": "track", "event": "Step", "userId": f"u{name}", "messageId": name}
        for name in names_of(batch)
    ]
    return json.dumps({"batch": events, "sentAt": "2026-03-01T10:00:00Z"}).encode()


def send_all(port: int, key: str, sender: int, batches: int, mark: int) -> None:
    """Send batches one after the other, and write to the mark which were acknowledged."""
    for number in range(batches):
        batch = f"{sender}.{number}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", f"/v1/batch?writeKey={key}", body_of(batch))
        if connection.getresponse().status == http.client.OK:
            os.write(mark, f"{batch}\n".encode())
        connection.close()


def live(folder: Path, key: str, batches: int) -> None:
    """Serve, send and move; everything in here is traced."""
    from live_site import Site, free_port

    site = Site(free_port(), key)
    mark = os.open(folder / "mark", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        site.web.start()
        site.worker.start()
        site.wait_until_it_answers()
        threads = [
            threading.Thread(target=send_all, args=(site.port, key, number, batches // SENDERS, mark))
            for number in range(SENDERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        site.drained()
    finally:
        site.web.stop()
        site.worker.stop()


def record(folder: Path, batches: int) -> Trace:
    """Prepare a site, run it traced, and return what happened on its disk."""
    from live_site import prepared

    data, base = folder / "data", folder / "base"
    for one in (data, base):
        shutil.rmtree(one, ignore_errors=True)
    (folder / "mark").unlink(missing_ok=True)
    data.mkdir()
    (data / "secret").write_text("only for this simulation")
    key = in_child(lambda say: say(prepared()))[1]
    shutil.copytree(data, base)
    command = [sys.executable, __file__, "--live", str(folder), "--key", key, "--batches", str(batches)]
    recorded(command, folder / "trace")
    return Trace.read(folder / "trace", data, base, folder / "mark")


def moved_persons() -> Counter[str]:
    """Do what a worker does when it starts, and until the inbox is empty; return who is in the log."""
    from django.utils import timezone
    from kill_server import in_the_log

    from wegmarke.capture.events.moving import move_some

    while move_some(timezone.now()):
        pass
    return in_the_log()


def again(batches: list[str]) -> None:
    """Send batches once more, as a client does that got no answer."""
    from django.utils import timezone

    from wegmarke.capture.inbox import Source
    from wegmarke.capture.receiving.committing import write_rows
    from wegmarke.capture.receiving.storing import inbox_batch

    source = Source.objects.get().pk
    now = timezone.now()
    write_rows(
        [
            inbox_batch(source=source, received_at=now, kind="", events=EVENTS, content=body_of(batch))
            for batch in batches
        ]
    )


def judged(acknowledged: list[str], sent: list[str]) -> dict[str, int]:
    """Recover from the state that lies in the data folder, and hold it against what the senders know."""
    from wegmarke.capture.counting import accounts
    from wegmarke.record import services

    broken = services.recover()
    there = moved_persons()
    must = {f"u{name}" for batch in acknowledged for name in names_of(batch)}
    may = {f"u{name}" for batch in sent for name in names_of(batch)}
    found = {
        "lost": len(must - there.keys()),
        "doubled": sum(number - 1 for number in there.values()),
        "invented": len(there.keys() - may),
        "missing in the accounts": accounts().missing,
        "files missing": len(broken.missing) + len(broken.unknown),
        "finished or removed by recovery": len(broken.finished) + len(broken.removed),
        "acknowledged": len(must),
        "kept without an answer": len(there.keys() - must),
    }
    again(sent)
    found["wrong after sending again"] = int(moved_persons() != Counter(may)) + abs(accounts().missing)
    return found


def one_state(trace: Trace, data: Path, batches: list[str], rng: random.Random) -> dict[str, int]:
    """Let the power fail once; return what was found."""
    moment = rng.choice(trace.moments)
    shutil.rmtree(data)
    data.mkdir()
    trace.write_state(moment, data, rng)
    acknowledged = b"".join(trace.marked(moment)).decode().split()
    status, said = in_child(lambda say: say(json.dumps(judged(acknowledged, batches))))
    if status:
        return {"does not start again": 1}
    found: dict[str, int] = json.loads(said)
    return found


def simulate(folder: Path, states: int, batches: int, rng: random.Random) -> Counter[str]:
    """Record as often as needed and make all states."""
    figures: Counter[str] = Counter(dict.fromkeys(FAULTS, 0))
    names = [f"{sender}.{number}" for sender in range(SENDERS) for number in range(batches // SENDERS)]
    trace = None
    for number in range(states):
        if trace is None or number % STATES_A_RECORDING == 0:
            trace = record(folder, batches)
            figures.update({"recordings": 1, "changes recorded": len(trace.moments), "fsyncs": trace.syncs})
        found = one_state(trace, folder / "data", names, rng)
        figures.update(found)
        if any(found.get(name) for name in FAULTS):
            print(f"state {number}: {found}", file=sys.stderr)
    figures["states"] = states
    return figures


def main() -> int:
    """Simulate and print the figures; 1 where anything was lost, doubled or needed a person."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--states", type=int, default=100)
    parser.add_argument("--batches", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--live", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--key", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    folder = asked.live or Path(tempfile.mkdtemp(prefix="wegmarke-power-"))
    os.environ |= {"WEGMARKE_DATA": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "wegmarke.site.settings"}
    os.environ.pop("WEGMARKE_DATABASE_URL", None)
    import django

    if asked.live:
        django.setup()
        live(folder, asked.key, asked.batches)
        return 0
    (folder / "data").mkdir()
    django.setup()
    # loaded once, before the forks; nothing here starts threads or opens the database
    import pyarrow.parquet  # noqa: F401
    from django.core.management.commands import migrate  # noqa: F401

    import wegmarke.capture.events.moving
    import wegmarke.record.services  # noqa: F401

    begun = time.monotonic()
    try:
        figures = simulate(folder, asked.states, asked.batches, random.Random(asked.seed))  # noqa: S311
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures["seconds"] = round(time.monotonic() - begun)
    print(json.dumps(dict(sorted(figures.items()))))
    return int(any(figures[name] for name in FAULTS))


if __name__ == "__main__":
    sys.exit(main())
