"""Read the log: the committed files of one partition, whole and checked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wegmarke.record.columns import encoded
from wegmarke.record.contracts import EVENT_SCHEMA
from wegmarke.record.errors import LogDamagedError
from wegmarke.record.models import LogFile
from wegmarke.record.staging import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wegmarke.record.layout import LogLayout


def read_partition(layout: LogLayout, kind: str, partition: int, *, change: int) -> pa.Table:
    """Return the rows of one partition in order of arrival, up to one change of the log.

    Raises `LogDamagedError` where a file is missing or was altered.
    """
    files = LogFile.objects.filter(kind=kind, partition=partition, batch__sequence__lte=change)
    tables = [_read(layout, file) for file in files.order_by("batch__sequence", "pk")]
    return pa.concat_tables([SCHEMAS[kind].empty_table(), *tables])


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
    `LogDamagedError` as `read_partition` does.
    """
    files = LogFile.objects.filter(kind=LogFile.Kind.EVENTS, partition=partition, batch__sequence__lte=change)
    schema = pa.schema([EVENT_SCHEMA.field(column) for column in columns])
    tables = [schema.empty_table()]
    for file in files.order_by("batch__sequence", "pk"):
        content = pa.BufferReader(_checked(layout, file))
        names = pq.read_table(content, columns=["name"]).column("name")
        kept = _named(names, wanted)
        if pc.any(kept).as_py():
            content.seek(0)
            tables.append(
                pq.read_table(content, columns=list(columns)).select(schema.names).cast(schema).filter(kept)
            )
    return pa.concat_tables(tables)


def _named(names: pa.ChunkedArray, wanted: Callable[[str], bool]) -> pa.Array:
    code, texts = encoded(names)
    table = np.fromiter(map(wanted, texts.to_pylist()), np.bool_, len(texts))
    return pa.array(table[code] if len(table) else np.zeros(0, np.bool_))


def _read(layout: LogLayout, file: LogFile) -> pa.Table:
    schema = SCHEMAS[file.kind]
    return pq.read_table(pa.BufferReader(_checked(layout, file))).select(schema.names).cast(schema)


def _checked(layout: LogLayout, file: LogFile) -> bytes:
    content = _content(layout, file.path)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        msg = f"{layout.committed(file.path)} is not what was written: its checksum differs"
        raise LogDamagedError(msg)
    return content


def _content(layout: LogLayout, path: str) -> bytes:
    """Read a committed file, which may stand on either side of its rename while we look."""
    for place in (layout.committed(path), layout.staged(path), layout.committed(path)):
        try:
            return place.read_bytes()
        except FileNotFoundError:
            continue
    msg = f"{layout.committed(path)} is missing"
    raise LogDamagedError(msg)
