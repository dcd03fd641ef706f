"""Read the log: the committed files of one partition, whole and checked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from wegmarke.record.errors import LogDamagedError
from wegmarke.record.models import LogFile
from wegmarke.record.staging import SCHEMAS

if TYPE_CHECKING:
    from wegmarke.record.layout import LogLayout


def read_partition(layout: LogLayout, kind: str, partition: int, *, change: int) -> pa.Table:
    """Return the rows of one partition in order of arrival, up to one change of the log.

    Raises `LogDamagedError` where a file is missing or was altered.
    """
    files = LogFile.objects.filter(kind=kind, partition=partition, batch__sequence__lte=change)
    tables = [_read(layout, file) for file in files.order_by("batch__sequence", "pk")]
    return pa.concat_tables([SCHEMAS[kind].empty_table(), *tables])


def _read(layout: LogLayout, file: LogFile) -> pa.Table:
    content = _content(layout, file.path)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        msg = f"{layout.committed(file.path)} is not what was written: its checksum differs"
        raise LogDamagedError(msg)
    schema = SCHEMAS[file.kind]
    return pq.read_table(pa.BufferReader(content)).select(schema.names).cast(schema)


def _content(layout: LogLayout, path: str) -> bytes:
    """Read a committed file, which may stand on either side of its rename while we look."""
    for place in (layout.committed(path), layout.staged(path), layout.committed(path)):
        try:
            return place.read_bytes()
        except FileNotFoundError:
            continue
    msg = f"{layout.committed(path)} is missing"
    raise LogDamagedError(msg)
