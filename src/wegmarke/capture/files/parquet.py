"""Parquet files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.opening import open_binary
from wegmarke.capture.files.tables import MOST_COLUMNS, SourceTable, too_many_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from wegmarke.capture.files.tables import Progress

_MOST_FOOTER = 64 << 20
_MOST_ROWS = 2_000_000_000
_BATCH = 262_144
_DAMAGE = (pa.ArrowException, OSError, UnicodeDecodeError)


class ParquetTable(SourceTable):
    """One Parquet file; a row's line is its number, counted from 1."""

    kind = "parquet"

    def __init__(self, path: Path, file: str) -> None:
        """Read the footer, after a look at its length."""
        super().__init__(file)
        self._path = path
        self._check_footer()
        try:
            self._parquet = pq.ParquetFile(path, pre_buffer=False)
        except _DAMAGE as error:
            raise self._damaged(error) from None
        if self._parquet.metadata.num_rows > _MOST_ROWS:
            raise FileError(file, _("the file claims more rows than any table can have; it is refused."))
        schema = self._parquet.schema_arrow
        if len(schema) > MOST_COLUMNS:
            raise too_many_columns(file, len(schema))
        self.columns = self.named(schema.names)
        self._types = dict(zip(self.columns, schema.types, strict=True))
        self._there = dict(zip(self.columns, schema.names, strict=True))
        self._kept: list[pa.RecordBatch] = []

    def _check_footer(self) -> None:
        with open_binary(self._path, self.file) as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - 8))
            tail = stream.read()
        if size < 12 or tail[4:] != b"PAR1":  # noqa: PLR2004 - the least a Parquet file has
            raise FileError(self.file, _("the Parquet file is damaged or cut off: its end is missing."))
        if int.from_bytes(tail[:4], "little") > _MOST_FOOTER:
            raise too_many_columns(self.file, MOST_COLUMNS + 1)

    def _damaged(self, error: Exception) -> FileError:
        return FileError(
            self.file, _("the Parquet file cannot be read (%(why)s).") % {"why": _first_line(error)}
        )

    def batches(self, columns: Sequence[str], progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
        """Hand out these columns in the types of the file."""
        self._refuse_nested(columns)
        whole, done = max(1, self._parquet.metadata.num_rows), 0
        there = [self._there[name] for name in columns]
        yield pa.RecordBatch.from_pylist([], pa.schema([(name, self._types[name]) for name in columns]))
        try:
            for batch in self._parquet.iter_batches(_BATCH, columns=there):
                done += len(batch)
                if progress is not None:
                    progress(done / whole)
                batch.validate(full=True)  # texts that are no UTF-8 would only be noticed far from here
                yield batch.select(there).rename_columns(list(columns))
        except _DAMAGE as error:
            raise self._damaged(error) from None

    def _refuse_nested(self, columns: Sequence[str]) -> None:
        for name in columns:
            if pa.types.is_nested(self._types[name]):
                message = _("the column holds lists or structures; only plain values can be read.")
                raise FileError(self.file, message, column=name)

    @property
    def plain_columns(self) -> tuple[str, ...]:
        """Return the columns that hold plain values."""
        return tuple(name for name in self.columns if not pa.types.is_nested(self._types[name]))

    def locate(self, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Return number and content of these rows; the row groups they stand in are read once more."""
        wanted = list(rows)
        first = place = 0
        names = [self._there[name] for name in self.plain_columns]
        for group in range(self._parquet.num_row_groups):
            count = self._parquet.metadata.row_group(group).num_rows
            stop = place
            while stop < len(wanted) and wanted[stop] < first + count:
                stop += 1
            if stop > place:
                table = self._parquet.read_row_group(group, columns=names)
                picked = table.take([row - first for row in wanted[place:stop]])
                for row, values in zip(wanted[place:stop], picked.to_pylist(), strict=True):
                    yield row + 1, json.dumps(values, ensure_ascii=False, default=str)
            place, first = stop, first + count

    def head(self, count: int) -> list[list[str]]:
        """Return the first rows as texts; nested columns stay empty."""
        names = [self._there[name] for name in self.plain_columns]
        try:
            batch = next(self._parquet.iter_batches(count, columns=names), None)
            if batch is not None:
                batch.validate(full=True)
        except _DAMAGE as error:
            raise self._damaged(error) from None
        rows = batch.to_pylist() if batch is not None else []
        return [[_as_text(row.get(self._there[name])) for name in self.columns] for row in rows]

    def estimated_rows(self) -> int:
        """Return the number of rows, as the footer says it."""
        return int(self._parquet.metadata.num_rows)


def _as_text(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    return "" if value is None else str(value)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
