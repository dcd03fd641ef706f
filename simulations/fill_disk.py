"""Fill a real disk under a running site, make room again, and count what was lost.

    python simulations/fill_disk.py --rounds 20

As root: the data folder lies on a file system in memory of 160 MB. In each round another program fills it to
the last byte, or until less than the reserve is left, while senders send; then it makes room. An answer must
be 200, or 503 with Retry-After. With the reserve the worker must go on moving what was accepted while the
disk is full for others. Afterwards all must be taken and moved with nobody's help, every event exactly once.
The last line printed is a JSON object with the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from break_disk import FAULTS, Client, judged, nothing_waits
from kill_log import in_child
from live_site import running

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE_MB = 160
RESERVE_MB = 48
MB = 1024**2
BACK_WITHIN = 90.0
WRONG = (*FAULTS, "not moved in the reserve")


@contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a file system of its own."""
    folder = Path(tempfile.mkdtemp(prefix="wegmarke-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill(ballast: Path, leave: int) -> None:
    """Fill the disk until so many bytes are left."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while (left := os.statvfs(ballast.parent).f_bavail * os.statvfs(ballast.parent).f_bsize) > leave:
                file.write(bytes(min(MB, left - leave)))
        except OSError:
            pass  # full


def one_round(client: Client, ballast: Path, leave: int) -> Counter[str]:
    """Fill the disk, send, make room; return what happened."""
    before = client.answers["503"]
    fill(ballast, leave)
    until = time.monotonic() + 3
    while time.monotonic() < until:
        client.send_new()
        time.sleep(0.02)
        if not leave and ballast.stat().st_size:
            fill(ballast.with_suffix(".more"), 0)  # what the site gave back is taken, too
    refused = client.answers["503"] - before
    moved = not leave or nothing_waits()
    for one in ballast.parent.glob("ballast*"):
        one.unlink()
    begun = time.monotonic()
    while not (client.send_again() and nothing_waits()):
        if time.monotonic() > begun + BACK_WITHIN:
            return Counter({"stuck": 1})
        time.sleep(0.2)
    kind = "reserve touched" if leave else "full"
    return Counter(
        {f"{kind}: rounds": 1, f"{kind}: refused": refused, "not moved in the reserve": int(not moved)}
    )


def one_site(disk: Path, reserve: int, rounds: int) -> Counter[str]:
    """Run a site on the disk and fill it so often; with a reserve (MB) into the reserve, else to the end."""
    os.environ["WEGMARKE_DISK_RESERVE_MB"] = str(reserve)
    tempfile.tempdir = str(disk)
    figures: Counter[str] = Counter()
    with running() as site:
        client = Client(site.port, site.key)
        for _ in range(rounds):
            figures.update(one_round(client, disk / "ballast", reserve * MB // 2))
            for one in (site.web, site.worker):
                if one.process is None or one.process.poll() is not None:
                    figures["processes ended"] += 1
                    one.start()
        site.drained()
        site.worker.stop()
        figures.update(judged(client))
    return figures


def simulate(rounds: int) -> Counter[str]:
    """Run two sites, one after the other, in processes of their own."""
    figures: Counter[str] = Counter(dict.fromkeys(WRONG, 0))
    with small_disk() as disk:
        for reserve in (RESERVE_MB, 0):
            status, said = in_child(lambda say, mb=reserve: say(json.dumps(one_site(disk, mb, rounds // 2))))
            if status:
                msg = "the simulation itself failed"
                raise RuntimeError(msg)
            figures.update(json.loads(said))
    return figures


def main() -> int:
    """Simulate and print the figures; 1 where anything was lost, doubled, stuck or answered wrongly."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--rounds", type=int, default=6)
    asked = parser.parse_args()
    begun = time.monotonic()
    figures = simulate(asked.rounds)
    figures["seconds"] = round(time.monotonic() - begun)
    print(json.dumps(dict(sorted(figures.items()))))
    return int(any(figures[name] for name in WRONG))


if __name__ == "__main__":
    sys.exit(main())
