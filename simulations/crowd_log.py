"""Let a mover, erasure, compaction and four readers work on one log; hold every reading against the truth.

    python simulations/crowd_log.py --commits 10000 --seed 1

Seven processes on one SQLite file and one folder. The mover appends batches with ids, looks some of its
earlier ids up again, and must be told rightly which are known. Erasure takes all rows of a person out.
Compaction merges wherever two files stand side by side and removes replaced files after two seconds instead
of two hours, so that files vanish under readers as often as possible. Each reader reads the whole log as of a
change and must find exactly the rows of the batches up to it, in order, less those that had been erased by
then; being told that the log moved on is no error, but counted. The last line printed is a JSON object with
the figures.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kill_log import START, ids_of, merge_often

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Event

    Work = Callable[[random.Random, Event], Iterator[str]]

PERSONS, EVENTS, TRAITS = 40, 20, 5
READERS = 4
GRACE = timedelta(seconds=2)


def rows_of(number: int) -> dict[str, list[dict[str, object]]]:
    """Return the events and traits of one batch."""
    persons = [f"p{(7 * number + at) % PERSONS}" for at in range(EVENTS)]
    events = [
        {"person": person, "time": START + timedelta(seconds=at), "name": f"b{number}/{at}"}
        for at, person in enumerate(persons)
    ]
    traits = [{"person": person, "name": "batch", "value": f"b{number}"} for person in persons[:TRAITS]]
    return {"events": events, "traits": traits}


def move(rng: random.Random, commits: int) -> Iterator[str]:
    """Append batches, and ask for the ids of new and earlier ones."""
    import pyarrow as pa

    from wegmarke.record import services
    from wegmarke.record.contracts import EVENT_SCHEMA, TRAITS_SCHEMA, Known

    for number in range(commits):
        rows, earlier = rows_of(number), rng.randrange(number + 1)
        with services.writing() as writer:
            new = writer.known(ids_of([f"b{number}"])) == Known.NEW
            writer.append(
                events=pa.Table.from_pylist(rows["events"], schema=EVENT_SCHEMA),
                traits=pa.Table.from_pylist(rows["traits"], schema=TRAITS_SCHEMA),
                ids=ids_of([f"b{number}"]),
                source="crowd",
                batch_key=f"b{number}",
            )
            known = writer.known(ids_of([f"b{earlier}"])) == Known.SAME
        yield "commits" if new.all() and known.all() else "ids judged wrongly"


def erase(rng: random.Random, stop: Event) -> Iterator[str]:
    """Take persons out of the log, again and again."""
    import pyarrow.compute as pc

    from wegmarke.record import services
    from wegmarke.record.layout import existing_log, partition_of

    number = 0
    while not stop.wait(rng.uniform(0.1, 1)):
        layout = existing_log()
        if layout is None:
            continue
        person, number = f"p{rng.randrange(PERSONS)}", number + 1
        for kind in ("events", "traits"):
            with services.writing() as writer:
                writer.rewrite(
                    kind=kind,
                    partition=partition_of(person, layout.partitions),
                    transform=lambda rows, one=person: rows.filter(pc.not_equal(rows.column("person"), one)),
                    source="crowd",
                    batch_key=f"erase/{number}/{person}/{kind}",
                )
            yield "erasures"


def compact(_rng: random.Random, stop: Event) -> Iterator[str]:
    """Merge and remove what is due."""
    from django.utils import timezone

    from wegmarke.record.steps import compact_one

    while not stop.is_set():
        if compact_one(timezone.now()):
            yield "compactions"
        else:
            stop.wait(0.02)


def read(rng: random.Random, stop: Event) -> Iterator[str]:
    """Read the whole log as of a change, slowly at times, and compare."""
    from wegmarke.record.errors import LogMovedOnError
    from wegmarke.record.layout import existing_log
    from wegmarke.record.queries import log_state

    while not stop.is_set():
        layout, change = existing_log(), log_state().change
        if layout is None or change == 0:
            continue
        change = max(1, change - rng.choice([0, 0, 1, 5]))
        try:
            found = everything(change, pause=rng.choice([0, 0, 0.05, 0.5]))
        except LogMovedOnError:
            yield "told that the log moved on"
            continue
        yield "readings" if found == expected(change) else "wrong readings"


def everything(change: int, pause: float) -> dict[tuple[str, int], list[str]]:
    """Return all rows as the readers of the log see them."""
    from wegmarke.record.layout import existing_log
    from wegmarke.record.reading import read_partition

    layout, found = existing_log(), {}
    for at in range(layout.partitions):
        for kind, column in (("events", "name"), ("traits", "value")):
            table = read_partition(layout, kind, at, change=change)
            texts = zip(table.column("person").to_pylist(), table.column(column).to_pylist(), strict=True)
            found[kind, at] = [f"{person} {text}" for person, text in texts]
            time.sleep(pause)
    return found


def expected(change: int) -> dict[tuple[str, int], list[str]]:
    """Return the rows that the batches up to a change hold, less what was erased by then."""
    from wegmarke.record.layout import existing_log, partition_of
    from wegmarke.record.models import Batch

    partitions = existing_log().partitions
    done = list(Batch.objects.filter(sequence__lte=change).values_list("batch_key", "sequence"))
    erased = {}
    for key, sequence in done:
        if key.startswith("erase/"):
            erased[tuple(key.split("/")[2:])] = sequence
    rows = {(kind, at): [] for kind in ("events", "traits") for at in range(partitions)}
    for key, sequence in done:
        if key.startswith("erase/"):
            continue
        for kind, own in rows_of(int(key[1:])).items():
            for row in own:
                if erased.get((row["person"], kind), 0) < sequence:
                    text = row.get("value", row["name"])
                    rows[kind, partition_of(row["person"], partitions)].append(f"{row['person']} {text}")
    return rows


def run(work: Iterator[str], told: Queue) -> None:
    """Do one part in this process and tell what came of it."""
    figures: Counter[str] = Counter()
    try:
        figures.update(work)
    except Exception:  # noqa: BLE001 - whatever it is, it counts as an error
        traceback.print_exc()
        figures["errors"] += 1
    told.put(figures)


def crowd(commits: int, seed: int) -> Counter[str]:
    """Let all of them work until the mover is done; return what came of it."""
    context = multiprocessing.get_context("fork")
    told, stop = context.Queue(), context.Event()
    parts: list[Iterator[str]] = [
        move(random.Random(seed), commits),  # noqa: S311 - chance, not secrecy
        *(
            work(random.Random(seed + at), stop)  # noqa: S311 - chance, not secrecy
            for at, work in enumerate([erase, compact, *[read] * READERS], 1)
        ),
    ]
    processes = [context.Process(target=run, args=(part, told)) for part in parts]
    for process in processes:
        process.start()
    figures = told.get()  # the mover's, or of whoever failed before it
    stop.set()
    for _other in processes[1:]:
        figures.update(told.get())
    for process in processes:
        process.join()
    return figures


def main() -> int:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="crowd-log-"))
    os.environ["WEGMARKE_DATA"] = str(data)
    os.environ["WEGMARKE_SECRET_KEY"] = "for this simulation"  # noqa: S105 - protects nothing
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wegmarke.site.settings")
    import django
    import django.conf
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    django.conf.settings.RECORD_PARTITIONS = 3
    from wegmarke.record import compacting, services

    compacting.GRACE = GRACE
    merge_often()
    call_command("migrate", "record", verbosity=0)
    connections.close_all()
    began = time.monotonic()
    figures = crowd(options.commits, options.seed)
    last = services.recover()
    figures["errors"] += len(last.missing) + len(last.unknown)
    shutil.rmtree(data)
    wrong = sum(figures[one] for one in ("errors", "wrong readings", "ids judged wrongly"))
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"seed": options.seed, "seconds": seconds, "errors": 0, **figures}))
    return 1 if wrong or figures["commits"] != options.commits else 0


if __name__ == "__main__":
    sys.exit(main())
