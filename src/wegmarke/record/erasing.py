"""Take the rows of some persons, or rows that are too old, out of the log, and know when no copy is left.

Rows are taken out by writing files anew (`Writer.rewrite`): files without such rows stay as they are. What
was replaced lies aside until nobody reads it any more; `copies_left` says whether some of it is still there.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction

from wegmarke.record import bound_log, disk
from wegmarke.record.building import journeys_folder
from wegmarke.record.columns import has_unused
from wegmarke.record.committing import last_change
from wegmarke.record.layout import ROWS, existing_log, partition_of
from wegmarke.record.log import writing
from wegmarke.record.models import JourneyBuild, LogFile
from wegmarke.record.reading import find, standing
from wegmarke.record.shards import open_shards
from wegmarke.record.staging import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from wegmarke.record.layout import LogLayout


def rows_of(identifiers: Iterable[str]) -> int:
    """Count the events and traits in the log that came with one of these identifiers."""
    layout = existing_log()
    if layout is None:
        return 0
    found = 0
    for partition, wanted in _by_partition(layout, identifiers).items():
        for file in LogFile.objects.filter(standing(), kind__in=ROWS, partition=partition):
            found += pc.sum(pc.is_in(_persons(layout, file), value_set=wanted)).as_py() or 0
    return found


def erase_rows(identifiers: Iterable[str], *, name: str, now: datetime) -> int:
    """Take all rows of these identifiers out of the log; return how many.

    Done once per `name` and partition, so that whoever is killed half way repeats it to the same end.
    """
    layout = existing_log()
    if layout is None:
        return 0
    wanted = _by_partition(layout, identifiers)
    removed = 0
    for partition in range(layout.partitions):
        for kind in ROWS:
            persons = wanted.get(partition, pa.array([], pa.string()))
            # Only files of earlier versions name events of others; what is added meanwhile does not.
            if len(persons) or any(_names_others(layout, file) for file in _standing(kind, partition)):
                removed += _without(layout, kind, partition, persons, name=name, now=now)
    return removed


def _without(  # noqa: PLR0913 - all but the three by keyword
    layout: LogLayout, kind: str, partition: int, wanted: pa.StringArray, *, name: str, now: datetime
) -> int:
    def concerned(file: LogFile) -> bool:
        theirs = pc.any(pc.is_in(_persons(layout, file), value_set=wanted)).as_py()
        return bool(theirs) or _names_others(layout, file)

    with writing() as writer:
        return writer.rewrite(
            kind=kind,
            partition=partition,
            transform=lambda rows: rows.filter(pc.invert(pc.is_in(rows.column("person"), value_set=wanted))),
            concerns=concerned,
            source="erasure",
            batch_key=f"{name}:{kind}:{partition}",
            now=now,
        ).removed


def expire_events(
    before: datetime, concerns: Callable[[pa.Array], pa.Array], *, name: str, now: datetime
) -> int:
    """Take events before a moment out of the log, and the traits of whom no event is left by that.

    `concerns` says of distinct identifiers whose events this is about. Returns how many rows went. Done once
    per `name` and partition.
    """
    layout = existing_log()
    if layout is None:
        return 0
    removed = 0
    for partition in range(layout.partitions):
        gone = _expired(layout, partition, before, concerns)
        if not len(gone):
            continue

        def old(rows: pa.Table, gone: pa.StringArray = gone) -> pa.Table:
            drop = pc.and_(
                pc.less(rows.column("time"), pa.scalar(before, rows.schema.field("time").type)),
                pc.is_in(rows.column("person"), value_set=gone),
            )
            return rows.filter(pc.invert(drop))

        with writing() as writer:
            removed += writer.rewrite(
                kind="events",
                partition=partition,
                transform=old,
                concerns=lambda file: file.first_time is not None and file.first_time < before,
                source="retention",
                batch_key=f"{name}:events:{partition}",
                now=now,
            ).removed
        removed += _traits_of_gone(layout, partition, gone, name=name, now=now)
    return removed


def count_expired(before: datetime, concerns: Callable[[pa.Array], pa.Array]) -> int:
    """Count the events `expire_events` would take out now."""
    layout = existing_log()
    if layout is None:
        return 0
    old = (_old_persons(layout, partition, before) for partition in range(layout.partitions))
    return sum(pc.sum(concerns(persons)).as_py() or 0 for persons in old if len(persons))


def _traits_of_gone(
    layout: LogLayout, partition: int, gone: pa.StringArray, *, name: str, now: datetime
) -> int:
    persons = (_persons(layout, file).unique() for file in _standing("events", partition))
    left = pa.concat_arrays([pa.array([], pa.string()), *persons])
    empty = gone.filter(pc.invert(pc.is_in(gone, value_set=left)))
    return _without(layout, "traits", partition, empty, name=name, now=now) if len(empty) else 0


def _expired(
    layout: LogLayout, partition: int, before: datetime, concerns: Callable[[pa.Array], pa.Array]
) -> pa.StringArray:
    """Return the identifiers that have events before a moment and are concerned."""
    persons = _old_persons(layout, partition, before).unique()
    return persons.filter(concerns(persons)) if len(persons) else persons


def _old_persons(layout: LogLayout, partition: int, before: datetime) -> pa.StringArray:
    """Return the identifier of each event before a moment; reads only files that have such events."""
    parts = [pa.array([], pa.string())]
    for file in _standing("events", partition).filter(first_time__lt=before):
        rows = pq.read_table(find(layout, file), columns=["person", "time"])
        old = pc.less(rows.column("time"), pa.scalar(before, rows.schema.field("time").type))
        parts.append(rows.column("person").filter(old).combine_chunks())
    return pa.concat_arrays(parts)


def identifiers() -> Iterator[list[str]]:
    """Yield the identifiers of the log, file by file; some come more than once."""
    layout = existing_log()
    if layout is not None:
        for file in LogFile.objects.filter(standing(), kind__in=ROWS):
            yield _persons(layout, file).unique().to_pylist()


def copies_left(replaced_by: datetime) -> bool:
    """Say whether files that were replaced up to a moment are still on the list, and so on disk."""
    return LogFile.objects.filter(superseded_at__lte=replaced_by).exists()


def forget_builds(change: int, *, current_too: bool = False) -> bool:
    """Remove journeys built before a change of the log, and what is kept for the next ones from before it.

    Returns whether none of those journeys is left. The current ones stay until newer ones have taken their
    place, or go as well where that is asked for: they can be built anew from the log at any time.
    """
    if existing_log() is None:
        return True
    old = JourneyBuild.objects.filter(change__lt=change)
    if not current_too:
        old = old.filter(current=False)
    keys = list(old.values_list("key", flat=True))
    with transaction.atomic():
        JourneyBuild.objects.filter(key__in=keys).delete()
    for key in keys:
        shutil.rmtree(journeys_folder() / key, ignore_errors=True)
    bound_log.forget_older(change)
    if keys:
        open_shards.cache_clear()
        disk.sync_folders([journeys_folder()])
    return not JourneyBuild.objects.filter(change__lt=change).exists()


def change_now() -> int:
    """Return the number of the last change of the log."""
    return last_change()


def _standing(kind: str, partition: int) -> QuerySet[LogFile]:
    return LogFile.objects.filter(standing(), kind=kind, partition=partition)


def _names_others(layout: LogLayout, file: LogFile) -> bool:
    """Say whether a file names events or traits that none of its rows has."""
    if not file.rows:
        return False
    names = [field.name for field in SCHEMAS[file.kind] if pa.types.is_dictionary(field.type)]
    rows = pq.read_table(find(layout, file), columns=names)
    return any(has_unused(column) for column in rows.columns)


def _persons(layout: LogLayout, file: LogFile) -> pa.StringArray:
    column = pq.read_table(find(layout, file), columns=["person"]).column("person")
    return column.cast(pa.string()).combine_chunks()


def _by_partition(layout: LogLayout, identifiers: Iterable[str]) -> Mapping[int, pa.StringArray]:
    found: dict[int, list[str]] = defaultdict(list)
    for identifier in identifiers:
        found[partition_of(identifier, layout.partitions)].append(identifier)
    return {partition: pa.array(some, pa.string()) for partition, some in found.items()}
