"""The one way out for tables: CSV and XLSX, with every cell and header made harmless."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from wegmarke.ui import spreadsheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from wegmarke.insights.tables import Table, Value

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
LONGEST_CELL = 32_000
LONGEST_SHEET_NAME = 31
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_response(table: Table, ending: str) -> HttpResponse:
    """Send a table as a file; raises `Http404` for an ending no table has."""
    if ending not in WRITERS:
        raise Http404
    write, content_type = WRITERS[ending]
    headers = {"Content-Disposition": f'attachment; filename="{file_name(table, ending)}"'}
    return HttpResponse(write(table), content_type=content_type, headers=headers)


def harmless(value: Value) -> Value:
    """Return a value no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    return spreadsheets.harmless(CONTROL.sub("", value)[:LONGEST_CELL])


def header(table: Table) -> list[str]:
    """Return the titles, those of interval columns with both bounds."""
    titles: list[str] = []
    for column in table.columns:
        titles.append(str(harmless(column.title)))
        if column.interval:
            titles.append(str(harmless(_("%(title)s, lower bound") % {"title": column.title})))
            titles.append(str(harmless(_("%(title)s, upper bound") % {"title": column.title})))
    return titles


def records(table: Table) -> Iterator[list[Value]]:
    """Yield the values of each row, made harmless."""
    for row in table.rows:
        values: list[Value] = []
        for column, cell in zip(table.columns, row.cells, strict=True):
            values.append(harmless(cell.value))
            if column.interval:
                values.extend((cell.low, cell.high))
        yield values


def as_csv(table: Table) -> bytes:
    """Write a table as CSV: UTF-8 with its mark (so that Excel reads umlauts), commas, points in numbers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header(table))
    writer.writerows(["" if value is None else value for value in values] for values in records(table))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table) -> bytes:
    """Write a table as one sheet of XLSX, numbers as numbers, texts never as formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(table.title))
    sheet.freeze_panes = "A2"
    titles = []
    for title in header(table):
        cell = WriteOnlyCell(sheet, value=title)
        cell.font = Font(bold=True)
        titles.append(cell)
    sheet.append(titles)
    for values in records(table):
        sheet.append([_text_cell(sheet, value) if isinstance(value, str) else value for value in values])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text_cell(sheet: object, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", CONTROL.sub("", title))[:LONGEST_SHEET_NAME].strip() or "Wegmarke"


def file_name(table: Table, ending: str) -> str:
    """Return a name for the file that no header or file system minds."""
    return f"wegmarke-{slugify(table.name) or 'table'}.{ending}"


WRITERS: Mapping[str, tuple[Callable[[Table], bytes], str]] = {
    "csv": (as_csv, CSV_TYPE),
    "xlsx": (as_xlsx, XLSX_TYPE),
}
"""What writes a table as a file of each ending, with the type it is sent as."""
