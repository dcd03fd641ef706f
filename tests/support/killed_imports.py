"""Kills the worker at every point of an import and lets another one finish it; prints what the log holds.

Run as `python killed_imports.py FOLDER STRIDE`. A point is each statement to the database, before and after,
each named step of a write to the log, and each note of how far the reading is. Every STRIDE-th point is
tried, each on its own copy of the same data folder with its SQLite file; the kill is a real SIGKILL.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROWS, CHUNK, EARLIER = 300, 100, 130
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FOLDER, STRIDE = Path(sys.argv[1]), int(sys.argv[2])
os.environ["WEGMARKE_DATA"] = str(FOLDER / "data")
os.environ["DJANGO_SETTINGS_MODULE"] = "wegmarke.site.settings"


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    prepare()
    connection.close()
    shutil.copytree(FOLDER / "data", FOLDER / "before")
    outcomes, point = [], 0
    while True:
        killed = in_child(lambda point=point: work(NOW, die_at=point))
        after = NOW + timedelta(minutes=5)  # the lease of a killed worker ends by itself
        if killed:
            assert not in_child(lambda after=after: work(after))
            assert not in_child(lambda after=after: work(after))  # nothing is left to do
        outcomes.append({"point": point, "killed": killed, **what_came_of_it()})
        connection.close()
        if not killed:
            break
        shutil.rmtree(FOLDER / "data")
        shutil.copytree(FOLDER / "before", FOLDER / "data")
        point += STRIDE
    sys.stdout.write(json.dumps(outcomes))


def prepare() -> None:
    """Set up the database, an import that ended, and one that waits: three chunks, one bad row.

    The second file begins with the rows of the first, as an export from the start of the year does.
    """
    from django.core.management import call_command

    from wegmarke.capture import services, steps

    (FOLDER / "data").mkdir(parents=True)
    call_command("migrate", verbosity=0)
    services.CHUNK_ROWS = CHUNK
    rows = [f"K-{n % 17},2026-01-{1 + n % 28:02d} 10:00,Event {n},Part {n % 3}" for n in range(ROWS)]
    start(rows[:EARLIER], NOW - timedelta(hours=1))
    assert steps.import_one(NOW - timedelta(hours=1))
    start([*rows, "K-1,never,Event X,Part 1"], NOW)


def start(rows: list[str], now: datetime) -> None:
    """Upload a file of these rows and start its import."""
    from wegmarke.capture import services, storage
    from wegmarke.capture.files.mapping import ColumnMapping
    from wegmarke.capture.uploading import ReceivedFile

    content = "\n".join(["person,time,event,part", *rows, ""]).encode()
    storage.incoming().mkdir(parents=True, exist_ok=True)
    path = storage.incoming() / "upload"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    received = ReceivedFile(path=path, name="events.csv", size=len(content), sha256=digest)
    mapping = ColumnMapping("person", "time", "event", attributes=("part",), timezone="UTC", complete=True)
    begun = services.begin_import(received=received, by=None, now=now, language="en")
    services.save_mapping(import_id=begun.id, mapping=mapping, by=None)
    services.start(import_id=begun.id, by=None, now=now, language="en", change=None)


def in_child(task) -> bool:
    """Run a task in a process of its own; return whether it was killed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            task()
            code = 0
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "the worker failed instead of being killed"
    return False


def work(now: datetime, *, die_at: int | None = None) -> None:
    """Let a worker do what is due; it is killed at one point of its way."""
    from django.db import connection

    from wegmarke.capture import steps
    from wegmarke.record import disk

    passed = 0

    def point(*_arguments: object) -> None:
        nonlocal passed
        if passed == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    def statement(execute, sql, params, many, context):
        point()
        answer = execute(sql, params, many, context)
        point()
        return answer

    disk.reached = point
    steps.SHOW_AFTER = 0.0
    with connection.execute_wrapper(statement):
        while steps.import_one(now):
            pass


def what_came_of_it() -> dict[str, object]:
    """Return what stands in the log and in the row of the import."""
    from wegmarke.capture import queries, storage
    from wegmarke.record import services
    from wegmarke.record.layout import existing_log
    from wegmarke.record.models import LogFile
    from wegmarke.record.reading import read_partition

    services.recover()
    found: Counter[str] = Counter()
    traits = 0
    for kind, partition in LogFile.objects.exclude(kind="ids").values_list("kind", "partition").distinct():
        table = read_partition(existing_log(), kind, partition, change=10**9)
        if kind == "events":
            found.update(table.column("name").to_pylist())
        else:
            traits += table.num_rows
    state = queries.recent()[0]
    kept = storage.folder(state.id)
    return {
        "events": sum(found.values()),
        "lost": len({f"Event {n}" for n in range(ROWS)} - found.keys()),
        "doubled": sum(1 for count in found.values() if count > 1),
        "traits": traits,
        "status": state.status,
        "written": state.written,
        "known": state.known,
        "rejected": state.rejected,
        "files": sorted(path.name for path in kept.iterdir()) if kept.is_dir() else [],
    }


if __name__ == "__main__":
    main()
