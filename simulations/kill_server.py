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
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from live_site import running

if TYPE_CHECKING:
    from live_site import Site

SENDERS = 4
EVENTS = 10
GIVING_UP = 5
"""Every so manieth batch is not sent again after a failure."""


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


def kill_often(site: Site, kills: int, rng: random.Random) -> Counter[str]:
    """Kill one, the other, or both, and start them again."""
    done: Counter[str] = Counter()
    for _ in range(kills):
        site.wait_until_it_answers()
        time.sleep(rng.uniform(0, 0.6))
        what = rng.choice(("web", "worker", "both"))
        killed = {"web": [site.web], "worker": [site.worker], "both": [site.web, site.worker]}[what]
        for one in killed:
            one.kill()
        for one in killed:
            one.start()
        done[what] += 1
    return done


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
    """Send and kill until all kills are done, then hold what is there against what was sent."""
    stop = threading.Event()
    with running() as site:
        senders = [Sender(number, site.port, site.key, stop) for number in range(SENDERS)]
        threads = [threading.Thread(target=sender.run) for sender in senders]
        for thread in threads:
            thread.start()
        try:
            done = kill_often(site, kills, rng)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        site.drained()
        site.worker.stop()  # or it might merge the files that are counted
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
    begun = time.monotonic()
    figures = simulate(asked.kills, random.Random(asked.seed))  # noqa: S311 - chance, not secrecy
    figures["seconds"] = round(time.monotonic() - begun)
    print(json.dumps(dict(sorted(figures.items()))))
    wrong = ("lost", "doubled", "invented", "missing in the accounts", "refused")
    return int(any(figures[name] for name in wrong))


if __name__ == "__main__":
    sys.exit(main())
