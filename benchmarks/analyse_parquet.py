"""Ten million events from Parquet through the real `wegmarke analyse`: wall time and peak memory.

    python benchmarks/analyse_parquet.py [--events 10000000] [--keep FILE]

The target is 60 seconds and 4 GB in all on two cores, start-up included. The made-up company has 24
touchpoints; a fifth of the touches at the check-out is bad and drives customers away, so the analysis has
something to find. The events of each million stand in order of time, as in an export. The exit code is 1 when
the target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DAY = 86_400
YEAR = 365 * DAY
START = 1_704_067_200  # 2024-01-01
NAMES = np.array(["visit", "checkout", "order", "cancellation", *(f"step {n:02}" for n in range(20))])
TARGET_SECONDS = 60
TARGET_GB = 4
TOUCHES_PER_PERSON = 20


def write_events(path: Path, events: int, seed: int) -> None:
    """Write made-up events, a million at a time, ordered by time within each person only."""
    random = np.random.default_rng(seed)
    writer = None
    step = 1_000_000
    for first in range(0, events, step):
        table = events_of(random, min(step, events - first), first // TOUCHES_PER_PERSON)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def events_of(random: np.random.Generator, count: int, first_person: int) -> pa.Table:
    """Return the events of the next persons; a bad check-out is followed by a cancellation more often."""
    persons = np.arange(count) // TOUCHES_PER_PERSON
    start = random.integers(0, YEAR, persons[-1] + 1)[persons]
    seconds = (
        START + start + np.sort(random.integers(0, YEAR, (count,)).reshape(-1, TOUCHES_PER_PERSON)).ravel()
    )
    codes = random.choice(len(NAMES), count, p=weights())
    codes[codes == 3] = 0
    checkout = codes == 1
    bad = checkout & (random.random(count) < 0.2)
    leaves = np.roll(bad, 1) & (random.random(count) < 0.4) | (random.random(count) < 0.01)
    codes = np.where(leaves & ~checkout, 3, codes)
    rating = np.where(checkout, np.where(bad, 1.0, 5.0), np.nan).astype(np.float32)
    return pa.table(
        {
            "customer": pa.array(first_person + persons).cast(pa.string()),
            "timestamp": pa.array(seconds * 1_000_000, pa.timestamp("us", tz="UTC")),
            "event": pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(NAMES)),
            "csat": pa.array(rating, from_pandas=True),
            "segment": pa.array(np.where(persons % 3 == 0, "business", "private")),
        }
    )


def weights() -> np.ndarray:
    """Return how often each event happens: visits most, the steps ever rarer."""
    raw = np.concatenate([[8.0, 2.0, 1.5, 0.0], 3.0 / np.arange(1, 21)])
    return raw / raw.sum()


def measure(path: Path, folder: Path) -> tuple[float, float, dict[str, object]]:
    """Run the command as a process; return seconds, peak gigabytes and what it found."""
    command = [
        str(Path(sys.executable).with_name("wegmarke")),
        *("analyse", str(path)),
        *("--person", "customer", "--time", "timestamp", "--event", "event"),
        *("--experience", "csat", "--scale", "csat", "--attribute", "segment"),
        *("--leaving-event", "cancellation", "--moving-on", "order", "--horizon-days", "30"),
        *("--funnel", "visit,checkout,order", "--window-days", "14"),
        *("--format", "json", "--out", str(folder / "out")),
    ]
    begun = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    seconds = time.perf_counter() - begun
    unit = 1 if platform.system() == "Darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 1e9
    return seconds, peak, json.loads(done.stdout)


def main() -> int:
    """Write the file, run the command, print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--keep", type=Path, help="write the events here and keep them")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wegmarke-benchmark-") as name:
        path = options.keep or Path(name) / "events.parquet"
        if not path.exists():
            write_events(path, options.events // TOUCHES_PER_PERSON * TOUCHES_PER_PERSON, options.seed)
        size = path.stat().st_size / 1e6
        seconds, peak, found = measure(path, Path(name))
    print(
        f"{found['touches']:,} touches of {found['persons']:,} persons, {size:.0f} MB, {os.cpu_count()} cores"
    )
    print(f"{seconds:.1f} s (target {TARGET_SECONDS} s), {peak:.2f} GB at most (target {TARGET_GB} GB)")
    for moment in found["moments"][:3]:  # type: ignore[index]
        print(f"  {moment['touchpoint']}: {moment['class']}")
    return int(seconds > TARGET_SECONDS or peak > TARGET_GB)


if __name__ == "__main__":
    sys.exit(main())
