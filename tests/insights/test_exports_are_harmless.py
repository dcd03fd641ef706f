"""Tables leave as CSV and XLSX; no cell and no header can become a formula, numbers stay numbers."""

from __future__ import annotations

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from wegmarke.insights import exporting
from wegmarke.insights.tables import Cell, Column, Row, Table, text

FORMULAS = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    '"=1',
    "'=1",
    "\uff1d1",
    "\u200b=1",
    "|calc",
    "%0A=1",
]


def table(title: str, names: list[str]) -> Table:
    columns = (Column("name", title), Column("size", "Size", number=True, interval=True))
    rows = tuple(Row((text(name), Cell("shown", -12.5, -20.0, -5.0))) for name in names)
    return Table("sizes", title, columns, rows)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_text_like_a_formula_gets_an_apostrophe_in_cells_and_headers(formula):
    found = table(formula, [formula])
    header, row = read_csv(exporting.as_csv(found))
    for cell in (header[0], row[0]):
        assert cell.startswith("'")
        assert cell.replace("'", "") == formula.replace("'", "")
    sheet = load_workbook(io.BytesIO(exporting.as_xlsx(found))).active
    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.data_type == "s"
        assert cell.value.startswith("'")


@pytest.mark.parametrize("separator", list(",;|\t\n\r"))
@pytest.mark.parametrize("formula", ["=1+1", " =1", '"=1', "+1", "-1", "@A1", "\uff1d1"])
def test_no_formula_begins_where_another_country_splits_the_line(formula, separator):
    content = exporting.as_csv(table("Name", [f"order{separator}{formula}"])).decode("utf-8-sig")
    name = content.split("\n", 1)[1].rsplit(",-12.5", 1)[0]
    for part in re.split("[,;|\t\n\r]", name):
        assert not part.lstrip(' "').startswith(("=", "+", "-", "@", "\uff1d"))


@pytest.mark.parametrize("name", ["Köln", "a-b", "5 - 3", "visit → pay", "A; B, C | D", "50 % off"])
def test_plain_names_stay_as_they_are(name):
    assert read_csv(exporting.as_csv(table("Name", [name])))[1][0] == name


def test_nothing_in_the_workbook_is_a_formula_even_without_the_apostrophe():
    book = load_workbook(io.BytesIO(exporting.as_xlsx(table("Names", FORMULAS))))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} == {"s", "n"}


def test_numbers_stay_numbers_with_both_bounds_beside_them():
    found = table("Name", ["Köln"])
    assert read_csv(exporting.as_csv(found)) == [
        ["Name", "Size", "Size, lower bound", "Size, upper bound"],
        ["Köln", "-12.5", "-20.0", "-5.0"],
    ]
    sheet = load_workbook(io.BytesIO(exporting.as_xlsx(found))).active
    assert [cell.value for cell in sheet[2]] == ["Köln", -12.5, -20, -5]


def test_signs_no_file_can_hold_are_left_out_and_long_texts_are_cut():
    found = table("a/b*c?d[e]:" * 9, ["ok\x00\x1b\ud800!", "x" * 40_000])
    sheet = load_workbook(io.BytesIO(exporting.as_xlsx(found))).active
    assert sheet["A2"].value == "ok!"
    assert len(sheet["A3"].value) == exporting.LONGEST_CELL
    exporting.as_csv(found).decode("utf-8-sig")


def test_missing_values_are_empty():
    found = Table(
        "t", "T", (Column("a", "A"), Column("b", "B", number=True)), (Row((text("x"), Cell("none"))),)
    )
    assert read_csv(exporting.as_csv(found))[1] == ["x", ""]
    assert load_workbook(io.BytesIO(exporting.as_xlsx(found))).active["B2"].value is None


def test_a_table_sorts_by_any_column_with_missing_values_last():
    rows = tuple(Row((text(name), Cell("", value))) for name, value in (("b", 2), ("a", None), ("C", 10)))
    found = Table("t", "T", (Column("name", "N"), Column("n", "n", number=True)), rows)
    assert [r.cells[1].value for r in found.sort("n", descending=True).rows] == [10, 2, None]
    assert [r.cells[1].value for r in found.sort("n", descending=False).rows] == [2, 10, None]
    assert [r.cells[0].value for r in found.sort("name", descending=False).rows] == ["a", "b", "C"]
    assert found.sort("nonsense", descending=True) is found
