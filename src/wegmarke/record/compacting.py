"""Write small files into one, and remove the old ones when nobody reads them any more.

The long part, reading and writing, is done beside the log: files of the log never change, so nobody has to
wait. Only the swap needs the hold, and it first looks whether all old files still stand.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from django.db import transaction

from wegmarke.record import disk
from wegmarke.record.committing import commit, holding, recover_under, settle
from wegmarke.record.errors import LogDamagedError
from wegmarke.record.ids import opened
from wegmarke.record.layout import IDS, existing_log, flat, open_log
from wegmarke.record.models import LogFile, Mover
from wegmarke.record.reading import altered, find, read_file, standing
from wegmarke.record.staging import successor, write_merged_ids, write_rows
from wegmarke.record.tiers import Sizes, run_to_merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from wegmarke.record.layout import LogLayout

GRACE: Final = timedelta(hours=2)
"""How long a replaced file stays for those who began to read before; far longer than any build."""
REMOVED_AT_ONCE: Final = 500

MIB: Final = 2**20
ROWS: Final = Sizes(floor=MIB // 16, large=16 * MIB, most=32 * MIB)
"""Events and traits, compressed: 16 MiB are about a million events, and some hundred MiB in memory."""
MESSAGE_IDS: Final = Sizes(floor=MIB // 16, large=768 * MIB, most=2**40)
"""33 million ids; merging is done block by block, so what bounds it is how long one step may take."""


def compact_one(now: datetime) -> bool:
    """Remove what nobody reads any more, or merge one run of small files; return whether there was any."""
    if existing_log() is None:
        return False
    layout = open_log()
    return _forget(layout, now) or _merge_one(layout, now)


def _forget(layout: LogLayout, now: datetime) -> bool:
    """Take replaced files off the list and remove them; from then on the log as of before is gone."""
    due = LogFile.objects.filter(superseded_at__lt=now - GRACE).order_by("superseded_at")
    files = list(due[:REMOVED_AT_ONCE])
    if not files:
        return False
    with holding(layout) as held:
        if not all(layout.superseded(file.path).exists() for file in files):
            recover_under(layout)
        with transaction.atomic(durable=True):
            held.confirm()
            oldest = max(file.until or 0 for file in files)
            Mover.objects.filter(readable_from__lt=oldest).update(readable_from=oldest)
            LogFile.objects.filter(pk__in=[file.pk for file in files]).delete()
            disk.reached("before commit")
        disk.reached("forgotten")
        disk.remove(layout.superseded(file.path) for file in files)
    return True


def _merge_one(layout: LogLayout, now: datetime) -> bool:
    if next(due_runs(), None) is None and not _leftovers(layout):
        return False
    with disk.locked(layout.folder / ".compacting", wait=0) as held:
        if not held:
            return False  # somebody else is at it
        disk.remove(_leftovers(layout))  # of one that was cut off
        run = next(due_runs(), None)
        if run is not None:
            _merge(layout, run, now)
    return run is not None


def due_runs() -> Iterator[list[LogFile]]:
    """Return the runs of files to merge, in order of arrival, where there are the most files first."""
    groups: dict[tuple[str, int], list[LogFile]] = defaultdict(list)
    for file in LogFile.objects.filter(standing()).order_by("first_change", "pk"):
        groups[file.kind, file.partition].append(file)
    for (kind, _partition), files in sorted(groups.items(), key=lambda group: -len(group[1])):
        if kind == IDS:  # ids have no order, so any files may be merged
            files.sort(key=lambda file: file.size)
        run = run_to_merge([file.size for file in files], MESSAGE_IDS if kind == IDS else ROWS)
        if run is not None:
            yield [files[at] for at in run]


def _leftovers(layout: LogLayout) -> list[Path]:
    return list(layout.compacting.iterdir())


def _merge(layout: LogLayout, run: Sequence[LogFile], now: datetime) -> None:
    """Write one file of several and swap them, unless somebody rewrote one of them meanwhile."""
    new = successor(layout, run, since=max(file.since for file in run))
    place = layout.compacting / flat(new.path)
    if new.kind == IDS:
        write_merged_ids(new, place, [opened(_checked(layout, file), file.rows) for file in run])
    else:
        write_rows(new, place, pa.concat_tables([read_file(layout, file) for file in run]))
    disk.reached("merged")
    with holding(layout) as held:
        if LogFile.objects.filter(standing(), pk__in=[file.pk for file in run]).count() < len(run):
            disk.remove([place])
            return
        disk.rename(place, layout.staged(new.path))
        disk.sync_folders([layout.staging])
        # The rows are those of the old files: whoever reads as of a change that saw all of them reads the new
        # one, and whoever reads as of an earlier one goes on with the old ones.
        commit(held, files=[new], replaced=run, until=new.since, now=now)
        settle(layout, [new], run)


def _checked(layout: LogLayout, file: LogFile) -> Path:
    place = find(layout, file)
    with place.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    if digest != file.sha256:
        raise LogDamagedError(altered(layout, file))
    return place
