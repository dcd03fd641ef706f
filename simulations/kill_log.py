"""Kill the mover of the log at every step, recover, and count what was lost or doubled.

    python simulations/kill_log.py --kills 1000 --seed 1

Each kill is a SIGKILL of a process of its own, at a named step of appending or of compacting or at a random
moment; half the time recovery is killed as well before it may finish. Before recovery, files that were not
yet committed are damaged as a power loss may damage them (gone, empty, half, one byte short). Afterwards the
log must hold exactly the acknowledged batches, and the one that was cut off wholly or not at all, in the
database's view and in a plain look into the folder; the batch's inbox row must be gone, and the ids of its
messages known, exactly when the batch stands. Then the batch is sent again, or compacting goes on to its end,
and everything must stand once. The last line printed is a JSON object with the figures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wegmarke.record.contracts import MessageIds

    Say = Callable[[str], object]
    Task = Callable[[Say], None]

APPENDING = ("written", "before folder sync", "staged", "before commit", "committed", "renamed", "any moment")
COMPACTING = (
    *("written", "block written", "merged", "staged", "before commit", "committed", "renamed"),
    *("forgotten", "removed", "any moment"),
)
FAULTS = ("lost", "doubled", "folder differs", "ids judged wrongly", "wrong after doing it again")
OFTEN = {
    "append": {"written", "renamed"},
    "compact": {"written", "merged", "staged", "before commit", "committed", "renamed", "removed"},
}
"""Steps that are reached at least five times."""
KILLS_PER_LOG = 36
START = datetime(2025, 1, 1, tzinfo=UTC)


def in_turn() -> Iterator[tuple[str, str]]:
    """Append twice and compact, going through the steps of each: a compaction needs something to merge."""
    appending, compacting = cycle(APPENDING), cycle(COMPACTING)
    while True:
        yield "append", next(appending)
        yield "append", next(appending)
        yield "compact", next(compacting)


def in_child(task: Task) -> tuple[int, str]:
    """Run a task in a process of its own; return its exit status (negative: the signal) and what it wrote."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        status = 1
        try:
            task(lambda text: os.write(writable, text.encode()))
            status = 0
        finally:
            if status:
                sys.excepthook(*sys.exc_info())
            os._exit(status)
    os.close(writable)
    with os.fdopen(readable) as pipe:
        said = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


def prepare(_say: Say) -> None:
    """Make the tables, the inbox among them."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", "record", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE inbox (batch_key varchar(40) PRIMARY KEY)")


def put_into_inbox(key: str) -> None:
    """Note a batch that is to be moved."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO inbox VALUES (%s)", [key])


def take_from_inbox(key: str) -> None:
    """Remove a batch that was moved; runs in the transaction of the log."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM inbox WHERE batch_key = %s", [key])


def inbox() -> set[str]:
    """Return the batches that are still to be moved."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT batch_key FROM inbox")
        return {key for (key,) in cursor.fetchall()}


def append(key: str) -> bool:
    """Append one batch of 20 events with their ids, and 5 traits; return whether it was known."""
    import pyarrow as pa

    from wegmarke.record import services
    from wegmarke.record.contracts import EVENT_SCHEMA, TRAITS_SCHEMA

    events = [
        {"person": f"{key}-p{at}", "time": START + timedelta(seconds=at), "name": f"{key}/{at}"}
        for at in range(20)
    ]
    traits = [{"person": f"{key}-p{at}", "name": "batch", "value": key} for at in range(5)]
    with services.writing() as writer:
        done = writer.append(
            events=pa.Table.from_pylist(events, schema=EVENT_SCHEMA),
            traits=pa.Table.from_pylist(traits, schema=TRAITS_SCHEMA),
            ids=ids_of([key]),
            source="kill_log",
            batch_key=key,
            in_transaction=lambda: take_from_inbox(key),
        )
    return done.known


def ids_of(keys: list[str]) -> MessageIds:
    """Return the ids of the messages of these batches."""
    import numpy as np

    from wegmarke.record.contracts import MessageIds

    digests = [
        hashlib.blake2b(f"{key}/{at}".encode(), digest_size=24).digest() for key in keys for at in range(20)
    ]
    return MessageIds(*np.frombuffer(b"".join(digests), np.uint64).reshape(-1, 3).T.copy())


def ids_judged_wrongly(standing: list[str], others: list[str]) -> int:
    """Count the ids of standing batches that are not known, and those of others that are."""
    from wegmarke.record import services
    from wegmarke.record.contracts import Known

    with services.writing() as writer:
        unknown = (writer.known(ids_of(standing)) != Known.SAME).sum()
        return int(unknown + (writer.known(ids_of(others)) != Known.NEW).sum())


def compact(now: datetime) -> None:
    """Remove what nobody reads any more and merge files until there is nothing left to do."""
    from wegmarke.record.steps import compact_one

    while compact_one(now):
        pass


def merge_often() -> None:
    """Merge wherever two files stand side by side, so that each kill finds something to cut off."""
    from wegmarke.record import compacting, tiers

    tiers.FAN = tiers.GROWTH = 2
    compacting.ROWS = compacting.MESSAGE_IDS = tiers.Sizes(floor=10**6, large=10**9, most=10**9)


def die_at(step: str, count: int) -> None:
    """Arrange for this process to be killed when it reaches a step for the n-th time."""
    from wegmarke.record import disk

    left = {"times": count}

    def reached(now_at: str) -> None:
        if step in {now_at, "any step"}:
            left["times"] -= 1
            if left["times"] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    disk.reached = reached


def die_within(milliseconds: float) -> None:
    """Arrange for this process to be killed in a moment, wherever it is then."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if os.fork() == 0:  # a process that kills its parent: a timer would not stop native code
        time.sleep(milliseconds / 1000)
        os.kill(os.getppid(), signal.SIGKILL)
        os._exit(0)


def damage_uncommitted(rng: random.Random) -> None:
    """Do to files that were never committed what a power loss may do."""
    from wegmarke.record.layout import existing_log
    from wegmarke.record.models import LogFile

    layout = existing_log()
    if layout is None:
        return
    committed = {layout.staged(path).name for path in LogFile.objects.values_list("path", flat=True)}
    for file in [*layout.staging.iterdir(), *layout.compacting.iterdir()]:
        if file.name in committed:
            continue
        size = file.stat().st_size
        left = rng.choice([None, 0, size // 2, max(size - 1, 0)])
        if left is None:
            file.unlink()
        else:
            os.truncate(file, left)


def in_the_log() -> Counter[str]:
    """Count all events and traits of the log as its readers see them."""
    from wegmarke.record.layout import existing_log
    from wegmarke.record.queries import log_state
    from wegmarke.record.reading import read_partition

    layout = existing_log()
    found: Counter[str] = Counter()
    for partition in range(layout.partitions if layout else 0):
        change = log_state().change
        found.update(read_partition(layout, "events", partition, change=change).column("name").to_pylist())
        traits = read_partition(layout, "traits", partition, change=change).column("person").to_pylist()
        found.update(f"trait {person}" for person in traits)
    return found


def in_the_folder() -> Counter[str]:
    """Count the same by a plain look into the folder, as another program would."""
    import pyarrow.parquet as pq

    from wegmarke.record.layout import log_folder

    found: Counter[str] = Counter()
    for file in log_folder().glob("events/*/*.parquet"):
        found.update(pq.read_table(file, columns=["name"]).column("name").to_pylist())
    for file in log_folder().glob("traits/*/*.parquet"):
        people = pq.read_table(file, columns=["person"]).column("person").to_pylist()
        found.update(f"trait {person}" for person in people)
    return found


def content(keys: list[str]) -> Counter[str]:
    """Say what these batches hold."""
    events = Counter(f"{key}/{at}" for key in keys for at in range(20))
    return events + Counter(f"trait {key}-p{at}" for key in keys for at in range(5))


@dataclass(frozen=True)
class Kill:
    """One append or compaction that is killed, and what chance decided about it."""

    verb: str
    step: str
    key: str
    now: datetime
    standing: list[str]
    moment: float
    count: int
    recovery_dies: int
    seed: float

    def attempt(self, say: Say) -> None:
        """Do it, and die on the way."""
        if self.verb == "append":
            put_into_inbox(self.key)
        say("noted ")
        die_within(self.moment) if self.step == "any moment" else die_at(self.step, self.count)
        append(self.key) if self.verb == "append" else compact(self.now)
        say("done")

    def cut_off_recovery(self, _say: Say) -> None:
        """Damage what was never committed, then recover, perhaps dying again."""
        from wegmarke.record import services

        damage_uncommitted(random.Random(self.seed))  # noqa: S311 - chance, not secrecy
        if self.recovery_dies:
            die_at("any step", self.recovery_dies)
        services.recover()

    def check(self, say: Say) -> None:
        """Recover in peace, and say what is wrong."""
        from wegmarke.record import services

        broken = services.recover()
        stands = self.verb == "append" and self.key not in inbox()
        keys = [*self.standing, self.key] if stands else self.standing
        seen = in_the_log()
        lost, doubled = content(keys) - seen, seen - content(keys)
        found = {
            "stands": stands,
            "lost": lost.total() + len(broken.missing),
            "doubled": doubled.total() + len(broken.unknown),
            "folder differs": int(in_the_folder() != seen),
            "ids judged wrongly": ids_judged_wrongly(keys, [] if stands else [self.key]),
        }
        found["wrong after doing it again"] = int(self.wrong_again(stands=stands))
        say(json.dumps(found))

    def wrong_again(self, *, stands: bool) -> bool:
        """Send the batch again, as whoever got no answer does, or go on compacting."""
        if self.verb == "append":
            done = [*self.standing, self.key]
            wrong = append(self.key) != stands or in_the_log() != content(done)
            return wrong or ids_judged_wrongly(done, []) > 0
        compact(self.now)
        return not in_the_log() == in_the_folder() == content(self.standing) or not is_compact()


def one_kill(rng: random.Random, what: tuple[str, str], number: int, standing: list[str]) -> Counter[str]:
    """Kill one append or compaction, recover, check, do it again, check; return what was found."""
    verb, step = what
    kill = Kill(
        verb=verb,
        step=step,
        key=f"b{number}",
        now=START + timedelta(hours=3 * number),
        standing=standing,
        moment=rng.uniform(1, 60 if verb == "append" else 250),
        count=rng.randint(1, 5) if step in OFTEN[verb] else 1,
        recovery_dies=rng.randint(1, 6) if rng.random() < 0.5 else 0,
        seed=rng.random(),
    )
    died, said = in_child(kill.attempt)
    in_child(kill.cut_off_recovery)
    checked = json.loads(in_child(kill.check)[1])
    return Counter(
        {
            f"{verb} killed at {step}": int(died == -signal.SIGKILL),
            "lost": checked["lost"] + int(verb == "append" and "done" in said and not checked["stands"]),
            **{name: checked[name] for name in FAULTS if name != "lost"},
            "stood after the kill": int(checked["stands"]),
        }
    )


def is_compact() -> bool:
    """Say whether one file of each kind and partition is left, and nothing half done."""
    from wegmarke.record.layout import existing_log
    from wegmarke.record.models import LogFile

    layout = existing_log()
    stand = list(LogFile.objects.filter(until=None).values_list("kind", "partition"))
    return len(stand) == len(set(stand)) and not any(
        file for folder in (layout.staging, layout.compacting) for file in folder.iterdir()
    )


def main() -> int:
    """Run the kills and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)  # noqa: S311 - chance, not secrecy
    data = Path(tempfile.mkdtemp(prefix="kill-log-"))
    os.environ["WEGMARKE_DATA"] = str(data)
    os.environ["WEGMARKE_SECRET_KEY"] = "for this simulation"  # noqa: S105 - protects nothing
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wegmarke.site.settings")
    import django
    import django.conf

    django.setup()
    django.conf.settings.RECORD_PARTITIONS = 3  # enough to divide by, and fewer files to write a kill
    # loaded once, before the forks; nothing here starts threads or opens the database
    import pyarrow.parquet  # noqa: F401
    from django.core.management.commands import migrate  # noqa: F401

    import wegmarke.record.services  # noqa: F401

    merge_often()
    began, figures, standing = time.monotonic(), Counter(dict.fromkeys(FAULTS, 0)), []
    turns = in_turn()
    for kill in range(options.kills):
        if kill % KILLS_PER_LOG == 0:
            shutil.rmtree(data)
            data.mkdir()
            in_child(prepare)
            standing = []
        what = next(turns)
        figures.update(one_kill(rng, what, kill, standing))
        if what[0] == "append":
            standing.append(f"b{kill}")
        if sys.stderr.isatty():
            print(f"\r{kill + 1} of {options.kills}", end="", file=sys.stderr, flush=True)
    shutil.rmtree(data)
    wrong = sum(figures[one] for one in FAULTS)
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"kills": options.kills, "seed": options.seed, "seconds": seconds, **figures}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
