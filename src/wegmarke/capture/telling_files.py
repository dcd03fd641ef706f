"""Rows of uploaded files and rejected rows that are about somebody."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.capture import storage
from wegmarke.capture.erasing_files import as_texts, holds_cell, with_file
from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.capture.files.reading import open_table
from wegmarke.capture.models import Import
from wegmarke.people.access.contracts import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.capture.files.tables import SourceTable
    from wegmarke.people.access.contracts import Row, Telling


def uploaded(telling: Telling) -> Iterator[Row]:
    """Yield the rows of kept files that are about somebody; one that only mentions them is `WITHHELD`.

    Where the columns are named, the column of the person decides, else any cell that is one of their ids. A
    file that cannot be read any more may hold a row, and is `WITHHELD` as well.
    """
    for row in sorted(with_file(), key=lambda one: (one.created_at, one.pk)):
        told = {"file": row.file_name, "uploaded_at": row.created_at}
        try:
            table = open_table(storage.raw_file(row.pk, row.suffix), name=row.file_name)
            for cells in _rows_of(table, _person_column(row, table), telling):
                yield told | {"row": cells} if cells else WITHHELD
        except (FileError, OSError, pa.ArrowException):
            yield WITHHELD


def _person_column(row: Import, table: SourceTable) -> str | None:
    named = ColumnMapping.from_dict(row.mapping).person if row.mapping.get("person") else None
    return named if named in table.columns else None


def _rows_of(table: SourceTable, person: str | None, telling: Telling) -> Iterator[Row]:
    """Yield the cells of each row about somebody by their column; `WITHHELD` for one that mentions them."""
    texts = pa.array(sorted(telling.texts), pa.string())
    for batch in table.batches(table.columns):
        columns = {name: as_texts(column) for name, column in zip(table.columns, batch.columns, strict=True)}
        about = [
            pc.is_in(pc.utf8_trim_whitespace(cells), value_set=texts)
            for name, cells in columns.items()
            if person in {None, name}
        ]
        mentions = [
            pc.or_(
                pc.is_in(pc.utf8_trim_whitespace(cells), value_set=texts),
                pc.fill_null(pc.match_substring_regex(cells, telling.pattern), fill_value=False),
            )
            for cells in columns.values()
        ]
        theirs, named = _any(about, batch.num_rows), _any(mentions, batch.num_rows)
        for at in pc.indices_nonzero(pc.or_(theirs, named)).to_pylist():
            whole = {name: cells[at].as_py() for name, cells in columns.items()}
            yield whole if theirs[at].as_py() else WITHHELD
    for _line, text in table.malformed:
        if holds_cell(text, telling):
            yield {"": text}


def _any(masks: list[pa.Array], rows: int) -> pa.Array:
    found = pa.array([False] * rows, pa.bool_())
    for mask in masks:
        found = pc.or_(found, mask)
    return found


def rejected(telling: Telling) -> Iterator[Row]:
    """Yield the rejected rows in which an id stands as a cell of its own, and problems that name somebody."""
    for row in Import.objects.order_by("created_at", "pk"):
        told = {"file": row.file_name, "uploaded_at": row.created_at}
        path = storage.rejected_file(row.pk)
        if path.exists():
            with path.open(encoding="utf-8-sig", newline="") as lines:
                for cells in list(csv.reader(lines))[1:]:
                    yield from _rejected(cells, telling, told)
        said = f"{(row.problem or {}).get('message', '')} {row.last_error}".strip()
        if re.search(telling.pattern, said):
            yield told | {"line": None, "column": None, "reason": said, "row": None}


def _rejected(cells: list[str], telling: Telling, told: dict[str, object]) -> Iterator[Row]:
    text = cells[-1] if cells else ""
    if holds_cell(text, telling):
        _file, line, column, reason, _row = cells
        yield told | {"line": line, "column": column, "reason": reason, "row": text}
    elif re.search(telling.pattern, text):
        yield WITHHELD
