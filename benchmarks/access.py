"""How long the archive of somebody with many events takes, and how much memory.

    python benchmarks/access.py [--theirs 200000] [--events 2000000]

Writes a log of two million events in a hundred batches, 200,000 of them of one person, merges its files as
the worker does, and makes two archives: first of somebody with 2,000 events, then of that person. Prints
seconds, the size of the ZIP file, and what the second one added to the most memory the process ever had. The
exit code is 1 where that is more than 300 MB.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).resolve().parent))

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TARGET_MB = 300
BATCHES = 100
FEW = 2_000
FEWER, MANY = "customer-fewer", "customer-many"


def main() -> int:
    """Measure and print."""
    from lookup import set_up

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--theirs", type=int, default=200_000)
    parser.add_argument("--events", type=int, default=2_000_000)
    options = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="access-"))
    set_up(data)
    try:
        write(np.random.default_rng(1), options.events, options.theirs)
        made(FEWER)
        before = most_memory()
        seconds, size = made(MANY)
        added = most_memory() - before
    finally:
        shutil.rmtree(data)
    figures = {"events": options.theirs, "seconds": seconds, "ZIP (MB)": size, "memory added (MB)": added}
    print(json.dumps(figures, indent=2))
    return int(added > TARGET_MB)


def write(random: np.random.Generator, events: int, theirs: int) -> None:
    """Fill the log as time goes by, and merge its files."""
    from wegmarke.record import services, steps

    for at in range(BATCHES):
        whose = [f"customer-{number}" for number in random.integers(1, 200_000, events // BATCHES)]
        own, few = theirs // BATCHES, FEW // BATCHES
        whose[: own + few] = [MANY] * own + [FEWER] * few
        rows = _rows(whose, at, random)
        services.append(events=rows, traits=None, source="benchmark", batch_key=f"{at}")
    while steps.compact_one(NOW):
        pass


def _rows(persons: list[str], at: int, random: np.random.Generator) -> pa.Table:
    n = len(persons)
    times = 1_700_000_000_000_000 + at * 86_400_000_000 + np.sort(random.integers(0, 86_400_000_000, n))
    return pa.table(
        {
            "person": pa.array(persons),
            "time": pa.array(times, pa.timestamp("us", tz="UTC")),
            "name": pa.array([f"event {name}" for name in random.integers(0, 40, n)]),
            "rating": pa.nulls(n, pa.float32()),
            "scale": pa.nulls(n, pa.string()),
            "value": pa.nulls(n, pa.float32()),
            "properties": pa.array(
                [f'{{"path":"/product/{k % 9973}","order":"{at}-{k}"}}' for k in range(n)]
            ),
        }
    )


def made(person: str) -> tuple[float, float]:
    """Make an archive; return seconds and megabytes."""
    from wegmarke.people.access import services

    number = services.note(identifiers=[person], asked_on=NOW.date(), language="en", by=None, now=NOW)
    start = time.perf_counter()
    spool = services.archive(request=number, by=None, now=NOW)
    while spool.read(1024**2):
        pass
    seconds = time.perf_counter() - start
    spool.close()
    return round(seconds, 1), round(spool.size / 1e6, 1)


def most_memory() -> int:
    """Return the most memory this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
