"""Read the log as of one change: the files of one partition that hold exactly its rows, checked.

Files are written anew and swapped while others read. Which files count therefore depends on the change read,
never on the moment: see `models.LogFile` and decision 0019.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import Q

from wegmarke.record.columns import encoded
from wegmarke.record.contracts import EVENT_SCHEMA
from wegmarke.record.errors import LogDamagedError, LogMovedOnError
from wegmarke.record.models import LogFile, Mover
from wegmarke.record.staging import SCHEMAS, fitting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from wegmarke.record.layout import LogLayout


def as_of(change: int) -> Q:
    """Select the files that together are the log as of one change."""
    return Q(since__lte=change) & (Q(until=None) | Q(until__gt=change))


def standing() -> Q:
    """Select the files that no other file has taken the place of."""
    return Q(until=None)


def read_partition(layout: LogLayout, kind: str, partition: int, *, change: int) -> pa.Table:
    """Return the rows of one partition in order of arrival, as of one change of the log.

    Raises `LogDamagedError` where a file is missing or was altered, `LogMovedOnError` where the change is so
    long ago that its files were removed.
    """
    tables = [read_file(layout, file) for file in _files(kind, partition, change)]
    return pa.concat_tables([SCHEMAS[kind].empty_table(), *tables])


def read_after(layout: LogLayout, kind: str, partition: int, *, skip: int, change: int) -> pa.Table | None:
    """Return the rows of one partition behind the first so many; None where there are not so many.

    Files that hold none of them only have to be there: how many rows each has stands in the database, and
    their order is that of arrival, merged or not. Raises as `read_partition` does.
    """
    tables = [SCHEMAS[kind].empty_table()]
    for file in _files(kind, partition, change):
        if file.rows > skip:
            tables.append(read_file(layout, file).slice(skip))
        else:
            find(layout, file)
        skip = max(0, skip - file.rows)
    return None if skip else pa.concat_tables(tables)


def read_named(
    layout: LogLayout,
    partition: int,
    wanted: Callable[[str], bool],
    *,
    change: int,
    columns: Sequence[str],
) -> pa.Table:
    """Return some columns of the events whose name is wanted, in order of arrival.

    The other columns are taken out of a file only where one of its events has such a name. Raises
    `LogDamagedError` and `LogMovedOnError` as `read_partition` does.
    """
    schema = pa.schema([EVENT_SCHEMA.field(column) for column in columns])
    tables = [schema.empty_table()]
    for file in _files(LogFile.Kind.EVENTS, partition, change):
        content = pa.BufferReader(_checked(layout, file))
        names = pq.read_table(content, columns=["name"]).column("name")
        kept = _named(names, wanted)
        if pc.any(kept).as_py():
            content.seek(0)
            tables.append(
                pq.read_table(content, columns=list(columns)).select(schema.names).cast(schema).filter(kept)
            )
    return pa.concat_tables(tables)


def read_of(
    layout: LogLayout, kind: str, partition: int, wanted: pa.StringArray, *, change: int
) -> Iterator[tuple[pa.Table, NDArray[np.int64]]]:
    """Yield the rows of some persons, file by file in order of arrival, and for each its place in `wanted`.

    The other columns are taken out of a file only where one of its rows is wanted. Raises as `read_partition`
    does.
    """
    schema = SCHEMAS[kind]
    for file in _files(kind, partition, change):
        content = pa.BufferReader(_checked(layout, file))
        persons = pq.read_table(content, columns=["person"]).column("person")
        places = pc.index_in(persons.cast(pa.string()), value_set=wanted)
        kept = pc.is_valid(places)
        if pc.any(kept).as_py():
            content.seek(0)
            rows = fitting(pq.read_table(content), schema).filter(kept)
            yield rows, places.filter(kept).to_numpy().astype(np.int64)


def _named(names: pa.ChunkedArray, wanted: Callable[[str], bool]) -> pa.Array:
    code, texts = encoded(names)
    table = np.fromiter(map(wanted, texts.to_pylist()), np.bool_, len(texts))
    return pa.array(table[code] if len(table) else np.zeros(0, np.bool_))


def _files(kind: str, partition: int, change: int) -> list[LogFile]:
    """List the files of one partition as of one change, in order of arrival."""
    files = LogFile.objects.filter(as_of(change), kind=kind, partition=partition)
    listed = list(files.order_by("first_change", "pk"))
    # Asked afterwards: whoever removes files says so in the transaction that takes them off the list.
    if Mover.objects.filter(readable_from__gt=change).exists():
        raise LogMovedOnError(_moved_on(change))
    return listed


def _moved_on(change: int) -> str:
    return f"the log as of change {change} can no longer be read; start again from where it is now"


def read_file(layout: LogLayout, file: LogFile) -> pa.Table:
    """Return the rows of one file; raises as `read_partition` does."""
    schema = SCHEMAS[file.kind]
    return fitting(pq.read_table(pa.BufferReader(_checked(layout, file))), schema)


def _checked(layout: LogLayout, file: LogFile) -> bytes:
    content = _content(layout, file)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise LogDamagedError(altered(layout, file))
    return content


def altered(layout: LogLayout, file: LogFile) -> str:
    """Say that the content of a file is not what was written."""
    return f"{layout.committed(file.path)} is not what was written: its checksum differs"


def find(layout: LogLayout, file: LogFile) -> Path:
    """Return where a committed file lies; raises `LogDamagedError` where it is missing."""
    for place in (layout.committed(file.path), *layout.places(file.path)):
        if place.exists():
            return place
    raise LogDamagedError(_missing(layout, file))


def _content(layout: LogLayout, file: LogFile) -> bytes:
    """Read a committed file, which may be moved on while we look: first where it most likely is."""
    for place in (layout.committed(file.path), *layout.places(file.path)):
        try:
            return place.read_bytes()
        except FileNotFoundError:
            continue
    if not LogFile.objects.filter(pk=file.pk).exists():
        raise LogMovedOnError(_moved_on(file.last_change))
    raise LogDamagedError(_missing(layout, file))


def _missing(layout: LogLayout, file: LogFile) -> str:
    return f"{layout.committed(file.path)} is missing"
