"""Excel workbooks (.xlsx)."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.utils.translation import gettext as _

from wegmarke.capture.files.archives import check_workbook
from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.tables import SourceTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from wegmarke.capture.files.tables import Progress

_BATCH = 65_536


class WorkbookTable(SourceTable):
    """The first sheet of a workbook that is not empty; its first row that is not empty names the columns."""

    kind = "xlsx"

    def __init__(self, path: Path, file: str) -> None:
        """Look the archive through, then load the sheet."""
        super().__init__(file)
        check_workbook(path, file)
        rows = _load(path, file)
        self._header_line = next((place for place, row in enumerate(rows, 1) if _filled(row)), 0)
        if not self._header_line:
            raise FileError(file, _("the file is empty."))
        header = [_as_text(cell) for cell in rows[self._header_line - 1]]
        while header and not header[-1]:
            header.pop()
        self.columns = self.named(header)
        self._rows = rows[self._header_line :]

    def batches(self, columns: Sequence[str], progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
        """Hand out these columns as texts; dates as ISO texts without a zone."""
        places = {name: place for place, name in enumerate(self.columns)}
        for start in range(0, max(1, len(self._rows)), _BATCH):
            rows = self._rows[start : start + _BATCH]
            cells = [
                pa.array([_as_text(row[place]) if place < len(row) else "" for row in rows], pa.string())
                for place in (places[name] for name in columns)
            ]
            yield pa.RecordBatch.from_arrays(cells, names=list(columns))
            if progress is not None:
                progress(min(1.0, (start + _BATCH) / max(1, len(self._rows))))

    def locate(self, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Return the number of each row in the sheet, and its cells separated by commas."""
        for row in rows:
            out = io.StringIO()
            csv.writer(out, lineterminator="").writerow([_as_text(cell) for cell in self._rows[row]])
            yield self._header_line + 1 + row, out.getvalue()

    def head(self, count: int) -> list[list[str]]:
        """Return the first rows that hold anything."""
        width = len(self.columns)
        filled = (row for row in self._rows if _filled(row))
        return [
            [_as_text(cell) for cell in row[:width]]
            for row, _place in zip(filled, range(count), strict=False)
        ]

    def estimated_rows(self) -> int:
        """Return the number of rows."""
        return len(self._rows)


def _load(path: Path, file: str) -> list[list[Any]]:
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(_filled(row) for row in rows):
                return rows
    except python_calamine.PasswordError:
        raise FileError(file, _("the Excel file is locked with a password.")) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the reader is no Exception
        message = _("the Excel file cannot be read (%(why)s).") % {"why": str(error)[:200]}
        raise FileError(file, message) from None
    return []


def _filled(row: Sequence[Any]) -> bool:
    return any(cell != "" for cell in row)


def _as_text(cell: Any) -> str:  # noqa: ANN401, PLR0911 - whatever a cell holds, one line a type
    """Return a cell as text: whole numbers without a point, dates as ISO, durations in seconds."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004
    if isinstance(cell, datetime):
        # Excel keeps fractions of days; what falls a few microseconds short is the full second
        return (cell + timedelta(microseconds=500)).isoformat(sep=" ", timespec="milliseconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return str(cell)
