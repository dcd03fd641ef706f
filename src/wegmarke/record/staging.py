"""Turn a batch into files of the staging folder: divided by person, written, durable, not yet committed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wegmarke.record import disk
from wegmarke.record.columns import encoded, microseconds
from wegmarke.record.contracts import EVENT_SCHEMA, LATEST_TIME, TRAITS_SCHEMA
from wegmarke.record.errors import InvalidBatchError
from wegmarke.record.layout import LogLayout, partitions_of

if TYPE_CHECKING:
    from collections.abc import Iterator

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

SCHEMAS: Final = {"events": EVENT_SCHEMA, "traits": TRAITS_SCHEMA}


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One file of a batch; `path` is its name inside the log folder."""

    kind: str
    partition: int
    path: str
    rows: int
    size: int
    first_time: datetime | None
    last_time: datetime | None
    sha256: str


def checked(kind: str, table: pa.Table | None) -> pa.Table:
    """Bring a table into the log's schema; raises `InvalidBatchError` where it does not fit."""
    schema = SCHEMAS[kind]
    if table is None:
        return schema.empty_table()
    try:
        fitting = table.select(schema.names).cast(schema)
    except (pa.ArrowException, KeyError, ValueError) as error:
        msg = f"{kind} do not have the columns of the log: {error}"
        raise InvalidBatchError(msg) from error
    for field in schema:
        if not field.nullable and fitting.column(field.name).null_count:
            msg = f"{kind} without {field.name}"
            raise InvalidBatchError(msg)
    if kind == "events":
        _check_times(fitting.column("time"))
    return fitting


def _check_times(times: pa.ChunkedArray) -> None:
    if len(times) == 0:
        return
    span = pc.min_max(times.cast(pa.int64()))
    first, last = (timedelta(microseconds=span[end].as_py()) for end in ("min", "max"))
    if first < timedelta() or last >= LATEST_TIME - EPOCH:
        msg = f"times must lie between {EPOCH:%Y-%m-%d} and {LATEST_TIME:%Y-%m-%d}"
        raise InvalidBatchError(msg)


def stage(layout: LogLayout, sequence: int, tables: dict[str, pa.Table]) -> list[StagedFile]:
    """Write the files of one batch into the staging folder, content and names durable.

    Where the disk fails, what was written is removed again and the error goes on.
    """
    name = f"{sequence:010d}-{secrets.token_hex(4)}"
    staged: list[StagedFile] = []
    try:
        for kind, table in tables.items():
            for partition, rows in _divided(table, layout.partitions):
                path = layout.file(kind, partition, name)
                staged.append(_write(layout, kind, partition, path, rows))
        disk.reached("before folder sync")
        disk.sync_folders([layout.staging])
    except BaseException:
        for leftover in layout.staging.glob(f"*{name}.parquet"):
            leftover.unlink(missing_ok=True)
        raise
    return staged


def _divided(table: pa.Table, partitions: int) -> Iterator[tuple[int, pa.Table]]:
    """Divide rows by the hash of their person; the order of arrival stays."""
    codes, persons = encoded(table.column("person"))
    partition = partitions_of(persons, partitions)[codes]
    order = np.argsort(partition, kind="stable")
    ends = np.cumsum(np.bincount(partition, minlength=partitions))
    for at, (start, end) in enumerate(zip(ends - np.diff(ends, prepend=0), ends, strict=True)):
        if end > start:
            yield at, table.take(pa.array(order[start:end]))


def _write(layout: LogLayout, kind: str, partition: int, path: str, rows: pa.Table) -> StagedFile:
    buffer = pa.BufferOutputStream()
    pq.write_table(rows, buffer, compression="zstd")
    content = memoryview(buffer.getvalue())
    disk.write(layout.staged(path), content)
    first = last = None
    if kind == "events":
        times = microseconds(rows.column("time"))
        first, last = (EPOCH + timedelta(microseconds=int(one)) for one in (times.min(), times.max()))
    digest = hashlib.sha256(content).hexdigest()
    return StagedFile(kind, partition, path, rows.num_rows, content.nbytes, first, last, digest)
