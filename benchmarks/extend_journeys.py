"""What new events cost when journeys stand already: extending them against building them whole.

    python benchmarks/extend_journeys.py [--events 10000000] [--new 10000] [--rounds 3]

Prints in one run, with a fresh SQLite file and log of made-up events (20 a person, with properties that two
of the rules look at, and one trait for every person): seconds to build all journeys whole, seconds to build
them after each further batch of new events (most of persons known before, some late, some new), what both
need on disk and in memory, and the ratio. The journeys extended are compared with those built whole, byte
for byte.
The exit code is 1 where they differ, or where extending takes longer than its target of 3 s.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
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
TARGET_SECONDS = 3.0
EACH = 500_000
TOUCHES_PER_PERSON = 20
START = 1_704_067_200  # 2024-01-01
YEAR = 365 * 86_400
NAMES = np.array(["visit", "checkout", "order", "cancellation", *(f"step {n:02}" for n in range(20))])
SEGMENTS = np.array(["business", "private", "partner"])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--new", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="extend-journeys-"))
    set_up(data)
    try:
        figures = measured(data, options)
    finally:
        shutil.rmtree(data)
    print(json.dumps(figures, indent=2))
    return int(not figures["the same to the byte"] or figures["extended (s, median)"] > TARGET_SECONDS)


def set_up(data: Path) -> None:
    """Make a data folder with an empty database."""
    os.environ["WEGMARKE_DATA"] = str(data)
    os.environ["WEGMARKE_SECRET_KEY"] = "for this benchmark"  # noqa: S105 - protects nothing
    os.environ["DJANGO_SETTINGS_MODULE"] = "wegmarke.site.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "record", verbosity=0)


def events_of(persons: np.ndarray, seconds: np.ndarray, random: np.random.Generator) -> pa.Table:
    """Return events of these persons at these times, as shops send them."""
    from wegmarke.record.contracts import EVENT_SCHEMA

    count = len(persons)
    codes = random.integers(0, len(NAMES), count)
    rated = np.where(codes == 1, random.integers(1, 6, count), np.nan).astype(np.float32)
    numbers = pa.array(random.integers(0, 1000, count)).cast(pa.string())
    join = pa.compute.binary_join_element_wise
    texts = join('{"path": "/product/', numbers, '", "wait": ', numbers, "}", "")
    columns = {
        "person": pa.array(persons).cast(pa.string()),
        "time": pa.array(seconds * 1_000_000 + random.integers(0, 1_000_000, count)).cast(
            EVENT_SCHEMA.field("time").type
        ),
        "name": pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(NAMES)),
        "rating": pa.array(rated, from_pandas=True),
        "scale": pa.array(["csat"] * count).dictionary_encode().cast(EVENT_SCHEMA.field("scale").type),
        "value": pa.nulls(count, pa.float32()),
        "properties": texts,
    }
    return pa.table(columns).cast(EVENT_SCHEMA)


def fill(events: int, random: np.random.Generator) -> None:
    """Append the old events, half a million at a time, and the segment of every person."""
    from wegmarke.record import services
    from wegmarke.record.contracts import TRAITS_SCHEMA

    for first in range(0, events, EACH):
        count = min(EACH, events - first)
        persons = (first + np.arange(count)) // TOUCHES_PER_PERSON
        known = np.unique(persons)
        traits = pa.table(
            {
                "person": pa.array(known).cast(pa.string()),
                "name": pa.array(["segment"] * len(known)),
                "value": pa.array(SEGMENTS[known % 3]),
            }
        ).cast(TRAITS_SCHEMA)
        table = events_of(persons, START + random.integers(0, YEAR, count), random)
        services.append(events=table, traits=traits, source="benchmark", batch_key=f"old {first}")


def add(at: int, new: int, events: int, random: np.random.Generator) -> None:
    """Append new events as they come in ten seconds, in ten batches: a tenth late, a tenth of new persons."""
    from wegmarke.record import services

    known = events // TOUCHES_PER_PERSON
    for part in range(10):
        count = new // 10
        persons = random.integers(0, known + known // 10, count)
        seconds = START + YEAR + at * 10 + part - np.where(random.random(count) < 0.1, 5_000_000, 0)
        services.append(
            events=events_of(persons, seconds, random), traits=None, source="new", batch_key=f"{at} {part}"
        )


def bindings():  # noqa: ANN201 - the record is imported once Django is there
    """Return a plan of 24 touchpoints of which two look at properties."""
    from wegmarke.record.contracts import BindingRule, Bindings, Condition, Operator, TouchpointBinding

    slow = (Condition("wait", Operator.ABOVE, 900),)
    rules = [TouchpointBinding("slow visit", (BindingRule("visit", slow), BindingRule("order", slow)))]
    return Bindings((*rules, *(TouchpointBinding(name, (BindingRule(name),)) for name in NAMES.tolist())))


def files_of(data: Path, key: str) -> dict[str, str]:
    """Return the digest of every file of a build."""
    folder = data / "journeys" / key
    found = (one for one in folder.rglob("*") if one.is_file())
    return {str(one.relative_to(folder)): hashlib.sha256(one.read_bytes()).hexdigest() for one in found}


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


def measured(data: Path, options: argparse.Namespace) -> dict[str, object]:
    """Build whole, then extend as often as asked, then build whole once more."""
    from wegmarke.record import bound_log, services

    random = np.random.default_rng(1)
    fill(options.events, random)

    def build() -> tuple[float, str]:
        began = time.perf_counter()
        built = services.build_journeys(bindings(), plan_version="1", now=NOW)
        return time.perf_counter() - began, built.key

    build()  # compiles what has to be compiled
    extended = []
    for at in range(options.rounds):
        add(at, options.new, options.events, random)
        took, key = build()
        extended.append(took)
    before = files_of(data, key)
    kept = size_of(bound_log.bound_folder())
    bound_log.forget()
    whole, key = build()
    median = statistics.median(extended)
    return {
        "events": options.events,
        "new": options.new,
        "load of the machine": round(os.getloadavg()[0], 1),
        "whole (s)": round(whole, 2),
        "extended (s)": [round(one, 2) for one in extended],
        "extended (s, median)": round(median, 2),
        "ratio": round(whole / median, 1),
        "kept (MB)": kept // 10**6,
        "most memory (MB)": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000,
        "the same to the byte": before == files_of(data, key),
    }


if __name__ == "__main__":
    sys.exit(main())
