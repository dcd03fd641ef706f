"""Uploaded files and rejected rows that name somebody.

An uploaded file is a copy somebody else has: where it names the person it is removed as a whole, for there is
no way to write an Excel file anew and leave the rest as it was. Rejected rows are ours and lose theirs.
"""

from __future__ import annotations

import csv
import os
import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.capture import storage
from wegmarke.capture.contracts import Status
from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.reading import open_table
from wegmarke.capture.models import Import
from wegmarke.people.erasure.contracts import Held

if TYPE_CHECKING:
    from pathlib import Path

    from wegmarke.people.erasure.contracts import Erasing, Named

_SPREADSHEET_MARK = "'"


def count(erasing: Erasing) -> Held:
    """Count the rejected rows and the uploaded files that name somebody."""
    rejected = sum(len(_read(row, erasing)[1]) for row in Import.objects.all())
    return Held(rows=rejected, files=sum(_names(row, erasing) for row in with_file()))


def erase(erasing: Erasing) -> None:
    """Remove them; may be done again at any time."""
    storage.sweep_incoming(before=erasing.erased_at.timestamp() - 600)  # of requests that were cut off
    for row in with_file():
        if _names(row, erasing):
            remove_upload(row)
            Import.objects.filter(pk=row.pk, status=Status.DRAFT).update(
                status=Status.CANCELLED, finished_at=erasing.now
            )
    for row in Import.objects.all():
        kept, theirs = _read(row, erasing)
        if theirs:
            _write(storage.rejected_file(row.pk), kept)
        said = f"{row.problem} {row.last_error}"
        if re.search(erasing.pattern, said):
            Import.objects.filter(pk=row.pk).update(problem=None, last_error="")


def remove_upload(row: Import) -> bool:
    """Remove an uploaded file and what was made of it; return whether there was one."""
    there = storage.raw_file(row.pk, row.suffix).exists()
    Import.objects.filter(pk=row.pk).update(file_kept=False)
    storage.remove_contents(row.pk)
    return there


def has_rejected(row: Import) -> bool:
    """Say whether rejected rows of an import are kept."""
    return storage.rejected_file(row.pk).exists()


def remove_rejected(row: Import) -> bool:
    """Remove the rejected rows of an import; return whether there were any."""
    there = has_rejected(row)
    storage.remove_rejected(row.pk)
    return there


def with_file() -> list[Import]:
    """Return the imports whose uploaded file is kept."""
    return [row for row in Import.objects.all() if storage.raw_file(row.pk, row.suffix).exists()]


def _names(row: Import, erasing: Erasing) -> bool:
    """Say whether an uploaded file names somebody; one that cannot be read might."""
    try:
        table = open_table(storage.raw_file(row.pk, row.suffix), name=row.file_name)
        texts = pa.array(sorted(erasing.texts), pa.string())
        found = any(
            _in_column(column, texts, erasing)
            for batch in table.batches(table.columns)
            for column in batch.columns
        )
        return found or any(_about(text, erasing) for _line, text in table.malformed)
    except (FileError, OSError, pa.ArrowException):
        return True


def _in_column(column: pa.Array, texts: pa.Array, erasing: Erasing) -> bool:
    cells = as_texts(column)
    if pc.any(pc.is_in(pc.utf8_trim_whitespace(cells), value_set=texts)).as_py():
        return True
    return bool(pc.any(pc.match_substring_regex(cells, erasing.pattern)).as_py())


def as_texts(column: pa.Array) -> pa.Array:
    """Return the cells of a column as texts."""
    try:
        return column.cast(pa.string())
    except pa.ArrowException:  # lists and the like: looked at as they are written
        return pa.array([str(cell) for cell in column.to_pylist()], pa.string())


def _read(row: Import, erasing: Erasing) -> tuple[list[list[str]], list[list[str]]]:
    """Return the rejected rows that stay, with the header, and those that name somebody."""
    path = storage.rejected_file(row.pk)
    if not path.exists():
        return [], []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    theirs = [cells for cells in rows[1:] if _about(cells[-1] if cells else "", erasing)]
    return [cells for cells in rows if cells not in theirs], theirs


def _about(text: str, erasing: Erasing) -> bool:
    """Say whether a row, as its file wrote it, names somebody in a cell of its own or in running text."""
    return bool(re.search(erasing.pattern, text)) or holds_cell(text, erasing)


def holds_cell(text: str, somebody: Named) -> bool:
    """Say whether in a row, as its file wrote it, an id stands in a cell of its own."""
    plain = text.removeprefix(_SPREADSHEET_MARK)
    cells = (cell.strip(" \"'") for mark in ",;\t|" for cell in plain.split(mark))
    return not somebody.texts.isdisjoint(cells)


def _write(path: Path, rows: list[list[str]]) -> None:
    if len(rows) == 1:
        path.unlink()
        return
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)
