"""What the log costs when events come in all the time: appending, known message ids, compaction.

    python benchmarks/record_log.py [--known 5000000]

Prints, with a fresh SQLite file and log: seconds to append 50,000 events of 50,000 persons with their ids in
eight partitions; milliseconds to look up 10,000 ids, a fifth of them known, among five million whose files
are in the page cache (target: 50); and what compaction costs a mover that appends 1,000 events a second. The
exit code is 1 when looking up takes longer than its target.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TARGET_MS = 50
BATCH = 50_000
LOOKED_UP = 10_000
SECOND = 1_000  # events of one run of the mover


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--known", type=int, default=5_000_000)
    options = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="record-log-"))
    set_up(data)
    random = np.random.default_rng(1)
    try:
        figures = {"append 50,000 events (s)": appended(random)}
        figures |= looked_up(random, options.known)
        figures |= kept_up(random)
    finally:
        shutil.rmtree(data)
    print(json.dumps(figures, indent=2))
    return int(figures["look up 10,000 ids (ms)"] > TARGET_MS)


def set_up(data: Path) -> None:
    """Make a data folder with an empty database."""
    os.environ["WEGMARKE_DATA"] = str(data)
    os.environ["WEGMARKE_SECRET_KEY"] = "for this benchmark"  # noqa: S105 - protects nothing
    os.environ["DJANGO_SETTINGS_MODULE"] = "wegmarke.site.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "record", verbosity=0)


def ids(random: np.random.Generator, count: int):  # noqa: ANN201 - the record is imported once Django is there
    """Return message ids as a hash makes them."""
    from wegmarke.record.contracts import MessageIds

    words = random.integers(0, 2**64, (3, count), np.uint64)
    return MessageIds(*words)


def events(random: np.random.Generator, count: int) -> pa.Table:
    """Return events as shops send them."""
    from wegmarke.record.contracts import EVENT_SCHEMA

    names = np.array([f"event {at}" for at in range(24)])[random.integers(0, 24, count)]
    properties = [f'{{"path": "/product/{at}", "referrer": "/search", "n": {at % 7}}}' for at in range(count)]
    columns = {
        "person": [f"visitor-{number:016x}" for number in random.integers(0, 2**63, count)],
        "time": pa.array(random.integers(1_760_000_000, 1_770_000_000, count) * 1_000_000).cast(
            EVENT_SCHEMA.field("time").type
        ),
        "name": names.tolist(),
        "rating": pa.nulls(count),
        "scale": pa.nulls(count),
        "value": pa.nulls(count),
        "properties": properties,
    }
    return pa.table(columns).cast(EVENT_SCHEMA)


def append(table: pa.Table | None, known, key: str) -> float:  # noqa: ANN001 - as above
    """Append one batch; return the seconds it took."""
    from wegmarke.record import services

    began = time.perf_counter()
    with services.writing() as writer:
        writer.append(events=table, traits=None, ids=known, source="benchmark", batch_key=key, now=NOW)
    return time.perf_counter() - began


def appended(random: np.random.Generator) -> float:
    """Return the median seconds of appending a large batch."""
    took = [append(events(random, BATCH), ids(random, BATCH), f"large {at}") for at in range(5)]
    return round(statistics.median(took), 3)


def looked_up(random: np.random.Generator, known: int) -> dict[str, float]:
    """Return what it costs to look up ids among so many."""
    from wegmarke.record import services
    from wegmarke.record.contracts import MessageIds
    from wegmarke.record.models import LogFile
    from wegmarke.record.steps import compact_one

    began = time.perf_counter()
    for at in range(known // BATCH):
        batch = ids(random, BATCH)
        append(None, batch, f"known {at}")
        while compact_one(NOW):
            pass
    filled = time.perf_counter() - began
    took = []
    for _turn in range(9):
        new = ids(random, LOOKED_UP)
        chosen = random.integers(0, BATCH, LOOKED_UP // 5)
        mixed = MessageIds(
            *(
                np.concatenate([getattr(batch, name)[chosen], getattr(new, name)[len(chosen) :]])
                for name in ("high", "low", "content")
            )
        )
        with services.writing() as writer:
            began = time.perf_counter()
            verdict = writer.known(mixed)
            took.append(time.perf_counter() - began)
        if not (verdict[: len(chosen)].all() and not verdict[len(chosen) :].any()):
            sys.exit("ids were judged wrongly")
    return {
        "look up 10,000 ids (ms)": round(1000 * statistics.median(took[1:]), 1),
        "files of ids": LogFile.objects.filter(kind="ids", until=None).count(),
        "append and compact 5,000,000 ids (s)": round(filled, 1),
    }


def kept_up(random: np.random.Generator, runs: int = 240) -> dict[str, float]:
    """Return what appending and compacting cost a mover that runs each second."""
    from wegmarke.record.models import LogFile
    from wegmarke.record.steps import compact_one

    appending, compacting, steps = [], 0.0, 0
    for at in range(runs):
        appending.append(append(events(random, SECOND), ids(random, SECOND), f"small {at}"))
        began = time.perf_counter()
        while compact_one(NOW):
            steps += 1
        compacting += time.perf_counter() - began
    began = time.perf_counter()
    for _turn in range(20):
        compact_one(NOW)
    looking = (time.perf_counter() - began) / 20
    return {
        "append 1,000 events (ms)": round(1000 * statistics.median(appending), 1),
        "compact, for each of them (ms)": round(1000 * compacting / runs, 1),
        "one compaction (ms)": round(1000 * compacting / max(steps, 1), 1),
        "look for something to compact (ms)": round(1000 * looking, 1),
        "files of events": LogFile.objects.filter(kind="events", until=None).count(),
    }


if __name__ == "__main__":
    sys.exit(main())
