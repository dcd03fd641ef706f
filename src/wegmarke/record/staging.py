"""Turn a batch into files of the staging folder: divided by person, written, durable, not yet committed."""

from __future__ import annotations

import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wegmarke.record import disk
from wegmarke.record.columns import afresh, encoded, microseconds
from wegmarke.record.contracts import EVENT_SCHEMA, KEPT_TRAITS_SCHEMA, LATEST_TIME
from wegmarke.record.errors import InvalidBatchError
from wegmarke.record.ids import ROW_BYTES, merged, sorted_columns
from wegmarke.record.layout import IDS, partitions_of
from wegmarke.record.models import LogFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from wegmarke.record.contracts import MessageIds
    from wegmarke.record.ids import IdFile
    from wegmarke.record.layout import LogLayout

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

NARROW: Final = 127
"""Distinct texts a column with codes of 8 bits can hold."""

WRITERS: Final = 4
"""Files of a batch that are written at a time: mostly they wait for the disk, which takes them together."""

SCHEMAS: Final = {"events": EVENT_SCHEMA, "traits": KEPT_TRAITS_SCHEMA}


def checked(kind: str, table: pa.Table | None) -> pa.Table:
    """Bring a table into the log's schema; raises `InvalidBatchError` where it does not fit."""
    schema = SCHEMAS[kind]
    if table is None:
        return schema.empty_table()
    try:
        fits = fitting(table, schema)
    except (pa.ArrowException, KeyError, ValueError) as error:
        msg = f"{kind} do not have the columns of the log: {error}"
        raise InvalidBatchError(msg) from error
    for field in schema:
        if not field.nullable and fits.column(field.name).null_count:
            msg = f"{kind} without {field.name}"
            raise InvalidBatchError(msg)
    if kind == "events":
        _check_times(fits.column("time"))
    return fits


def fitting(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table in a schema; columns it may do without, as files of earlier versions do, are null."""
    for field in schema:
        if field.nullable and field.name not in table.schema.names:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table.select(schema.names).cast(schema)


def told(traits: pa.Table, *, at: datetime, source: str) -> pa.Table:
    """Note in traits, as `checked` returns them, when they came and from where, unless they say so."""
    schema = SCHEMAS["traits"]
    for name, value in (("at", at), ("source", source)):
        place = schema.get_field_index(name)
        known = pc.fill_null(traits.column(name).cast(_plain(schema.field(name))), value)
        traits = traits.set_column(place, schema.field(name), known.cast(schema.field(name).type))
    return traits


def _plain(field: pa.Field) -> pa.DataType:
    return field.type.value_type if pa.types.is_dictionary(field.type) else field.type


def _check_times(times: pa.ChunkedArray) -> None:
    if len(times) == 0:
        return
    span = pc.min_max(times.cast(pa.int64()))
    first, last = (timedelta(microseconds=span[end].as_py()) for end in ("min", "max"))
    if first < timedelta() or last >= LATEST_TIME - EPOCH:
        msg = f"times must lie between {EPOCH:%Y-%m-%d} and {LATEST_TIME:%Y-%m-%d}"
        raise InvalidBatchError(msg)


def stage(
    layout: LogLayout, sequence: int, tables: dict[str, pa.Table], ids: MessageIds | None = None
) -> list[LogFile]:
    """Write the files of one batch into the staging folder, content and names durable.

    Where the disk fails, what was written is removed again and the error goes on.
    """
    name = f"{sequence:010d}-{secrets.token_hex(4)}"
    columns = sorted_columns(ids) if ids else None

    def of_batch(kind: str, partition: int) -> LogFile:
        path = layout.file(kind, partition, name)
        changes = {"first_change": sequence, "last_change": sequence, "since": sequence}
        return LogFile(kind=kind, partition=partition, path=path, **changes)

    parts: list[tuple[LogFile, pa.Table | NDArray[np.uint64]]] = [
        (of_batch(kind, partition), rows)
        for kind, table in tables.items()
        for partition, rows in _divided(table, layout.partitions)
    ]
    if columns is not None:
        parts.append((of_batch(IDS, 0), columns))
    try:
        with ThreadPoolExecutor(WRITERS, thread_name_prefix="stage") as pool:
            for written in [pool.submit(_write, layout, *part) for part in parts]:
                written.result()
        disk.reached("before folder sync")
        disk.sync_folders([layout.staging])
    except BaseException:
        for leftover in layout.staging.glob(f"*{name}.*"):
            leftover.unlink(missing_ok=True)
        raise
    return [file for file, _content in parts]


def _write(layout: LogLayout, file: LogFile, content: pa.Table | NDArray[np.uint64]) -> None:
    place = layout.staged(file.path)
    if isinstance(content, np.ndarray):
        _write_ids(file, place, content)
    else:
        write_rows(file, place, content)


def _divided(table: pa.Table, partitions: int) -> Iterator[tuple[int, pa.Table]]:
    """Divide rows by the hash of their person; the order of arrival stays."""
    codes, persons = encoded(table.column("person"))
    partition = partitions_of(persons, partitions)[codes]
    order = np.argsort(partition, kind="stable")
    ends = np.cumsum(np.bincount(partition, minlength=partitions))
    for at, (start, end) in enumerate(zip(ends - np.diff(ends, prepend=0), ends, strict=True)):
        if end > start:
            yield at, table.take(pa.array(order[start:end]))


def successor(layout: LogLayout, replaced: Sequence[LogFile], *, since: int) -> LogFile:
    """Describe the file that takes the place of others; it is not yet written."""
    first = min(file.first_change for file in replaced)
    last = max(file.last_change for file in replaced)
    kind, partition = replaced[0].kind, replaced[0].partition
    name = f"{first:010d}-{last:010d}-{secrets.token_hex(4)}"
    return LogFile(
        kind=kind,
        partition=partition,
        path=layout.file(kind, partition, name),
        first_change=first,
        last_change=last,
        since=since,
    )


def write_rows(file: LogFile, place: Path, rows: pa.Table) -> None:
    """Write rows, content durable, and note in `file` what they are."""
    content = _as_parquet(afresh(rows))
    disk.write(place, content)
    file.rows, file.size = rows.num_rows, content.nbytes
    file.sha256 = hashlib.sha256(content).hexdigest()
    if file.kind == LogFile.Kind.EVENTS and rows.num_rows:
        times = microseconds(rows.column("time"))
        file.first_time, file.last_time = (_moment(int(one)) for one in (times.min(), times.max()))


def _moment(time: int) -> datetime:
    return EPOCH + timedelta(microseconds=time)


def _write_ids(file: LogFile, place: Path, columns: NDArray[np.uint64]) -> None:
    content = columns.tobytes()
    disk.write(place, content)
    file.rows, file.size = columns.shape[1], len(content)
    file.sha256 = hashlib.sha256(content).hexdigest()


def write_merged_ids(file: LogFile, place: Path, merging: Sequence[IdFile]) -> None:
    """Write the ids of several files into one, content durable, and note in `file` what they are."""
    file.rows = sum(len(one.high) for one in merging)
    disk.write_columns(place, file.rows, merged(merging))
    file.size = file.rows * ROW_BYTES
    with place.open("rb") as written:
        file.sha256 = hashlib.file_digest(written, "sha256").hexdigest()


def _as_parquet(rows: pa.Table) -> memoryview:
    """Return the content of a file of these rows."""
    buffer = pa.BufferOutputStream()
    with pq.ParquetWriter(buffer, rows.schema, compression="zstd") as writer:
        for piece in _writable(rows):
            writer.write_table(piece)
    return memoryview(buffer.getvalue())


def _writable(rows: pa.Table) -> Iterator[pa.Table]:
    """Cut rows where a column's codes are too narrow for all its texts together: nonsense in `scale`."""
    names = [field.name for field in rows.schema if field.type == EVENT_SCHEMA.field("scale").type]
    if all(pc.count_distinct(rows.column(name).cast(pa.string())).as_py() <= NARROW for name in names):
        yield rows
    else:
        yield from (pa.Table.from_batches([batch]) for batch in rows.to_batches())
