import csv
import io

import pytest

from wegmarke.capture.files import ColumnMapping, FileError, read, write_rejected
from wegmarke.record.contracts import EVENT_SCHEMA, Scale
from wegmarke.ui.spreadsheets import harmless

HEADER = "customer_id,timestamp,event,score\n"
GOOD = "".join(f"C{i},2024-03-01T10:00:00Z,visit,4\n" for i in range(20))
MAPPING = ColumnMapping(experience="score", scale=Scale.CSAT)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",2024-03-01T10:00:00Z,visit,4", "customer_id", "the person is empty"),
        ("  ,2024-03-01T10:00:00Z,visit,4", "customer_id", "the person is empty"),
        ("C1,2024-03-01T10:00:00Z,,4", "event", "the event name is empty"),
        ("C1,soon,visit,4", "timestamp", "the time is empty or cannot be read"),
        ("C1,,visit,4", "timestamp", "the time is empty or cannot be read"),
        ("C1,1969-12-31T23:59:59Z,visit,4", "timestamp", "the time lies outside 1970-01-01 to 2038-01-19"),
        ("C1,2038-01-19T03:14:07Z,visit,4", "timestamp", "the time lies outside 1970-01-01 to 2038-01-19"),
        ("C1,2024-03-01T10:00:00Z,visit,6", "score", "the rating lies outside the scale csat (1 … 5)"),
        ("C1,2024-03-01T10:00:00Z,visit,fine", "score", "the rating cannot be read"),
        ("C1,2024-03-01T10:00:00Z,visit", "", "the row does not have as many cells as the header"),
        ("C1,2024-03-01T10:00:00Z,visit,4,5", "", "the row does not have as many cells as the header"),
    ],
)
def test_one_bad_row_is_kept_with_line_column_and_reason(write, row, column, reason):
    result = read(write(HEADER + GOOD + row + "\n" + GOOD), MAPPING)
    (rejected,) = result.rejected.to_pylist()
    assert rejected["file"] == "events.csv"
    assert (rejected["line"], rejected["column"], rejected["reason"]) == (22, column, reason)
    assert rejected["row"] == row
    assert len(result.events) == 40
    assert result.rows == 41
    assert result.events.schema == EVENT_SCHEMA


def test_an_empty_rating_is_no_bad_row(write):
    result = read(
        write(HEADER + "C1,2024-03-01T10:00:00Z,visit,\nC2,2024-03-01T10:00:00Z,visit,5\n"), MAPPING
    )
    assert result.events.column("rating").to_pylist() == [None, 5]
    assert result.events.column("scale").to_pylist() == [None, "csat"]


@pytest.mark.parametrize("newest_first", [False, True])
def test_of_an_attribute_the_latest_value_counts_however_the_file_is_sorted(write, newest_first):
    rows = [
        "C1,2024-01-01T10:00:00Z,visit,old\n",
        "C2,2024-02-01T10:00:00Z,visit,other\n",
        "C1,2024-05-01T10:00:00Z,visit,new\n",
        "C1,2024-06-01T10:00:00Z,visit,\n",
    ]
    text = "customer_id,timestamp,event,segment\n" + "".join(rows[::-1] if newest_first else rows)
    traits = read(write(text), ColumnMapping(attributes=("segment",))).traits.to_pylist()
    assert {row["person"]: row["value"] for row in traits} == {"C1": "new", "C2": "other"}


def test_more_than_half_bad_stops_with_the_most_frequent_reason(write):
    bad = "C1,soon,visit,4\n" * 11 + ",2024-03-01T10:00:00Z,visit,4\n" * 10
    with pytest.raises(FileError, match=r"21 of 41 rows cannot be used.*the time is empty") as refused:
        read(write(HEADER + GOOD + bad), MAPPING)
    assert (refused.value.line, refused.value.column) == (22, "timestamp")


def test_just_half_bad_does_not_stop(write):
    result = read(write(HEADER + GOOD + "C1,soon,visit,4\n" * 20), MAPPING)
    assert (len(result.events), result.rejected.num_rows) == (20, 20)


def test_rows_without_anything_are_no_rows(write):
    result = read(write(HEADER + GOOD + ",,,\n" * 100 + "\n" * 10))
    assert (result.rows, result.rejected.num_rows) == (20, 0)


def test_lines_stay_right_behind_bad_rows_and_line_breaks_in_cells(write):
    rows = [
        'C1,2024-03-01T10:00:00Z,"a\nb\nc",4',  # lines 2-4
        "C2,2024-03-01T10:00:00Z,visit",  # line 5
        "",
        "C3,soon,visit,4",  # line 7
        'C4,"2024-03-01\nT10",visit,4',  # lines 8-9
        "C5,2024-03-01T10:00:00Z,visit,9",  # line 10
    ]
    result = read(write(HEADER + "\n".join(rows) + "\n" + GOOD), MAPPING)
    assert result.rejected.column("line").to_pylist() == [5, 7, 8, 10]


def test_many_bad_rows_in_a_large_file_keep_their_lines(write):
    def row(i):
        if i % 1_000 == 7:
            return "C1,soon,visit,4"
        return "C1,2024" if i % 1_000 == 3 else "C1,2024-03-01T10:00:00Z,visit,4"

    result = read(write(HEADER + "\n".join(map(row, range(400_000)))))
    assert result.rejected.column("line").to_pylist() == [
        i + 2 for i in range(400_000) if i % 1_000 in {3, 7}
    ]


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    ' "=1',
    "x;=1",
    'x,"=1"',
    "a\n=cmd|' /C calc'!A0",
    "x|@y",
]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_starts_a_formula_at_any_separator(cell):
    for separator in ",;|\t\n\r":
        for part in harmless(cell).split(separator):
            assert not part.lstrip(' "').startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("cell", ["", "visit", "2024-03-01", "a-b", "5 - 3", "C1;2024-03-01;visit"])
def test_plain_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_rejected_rows_are_written_harmless_and_can_be_read_again(write):
    path = write(HEADER + GOOD + "=cmd|' /C calc'!A0,soon,visit,4\nC1,2024-03-01T10:00:00Z,visit,-9\n")
    out = io.StringIO()
    write_rejected(read(path, MAPPING).rejected, out)
    rows = list(csv.reader(io.StringIO(out.getvalue())))
    assert rows[0] == ["file", "line", "column", "reason", "row"]
    assert rows[1][:2] == ["events.csv", "22"]
    assert rows[1][4] == "'=cmd|' /C calc'!A0,soon,visit,4"
    assert rows[2][4] == "C1,2024-03-01T10:00:00Z,visit,'-9"


@pytest.mark.parametrize("cell", ["\uff1d1+1", "|x", "\ufeff=1", "\u200b@x"])
def test_unusual_beginnings_of_formulas_are_harmless_in_rejected_rows_too(write, cell):
    path = write((HEADER + GOOD + f"{cell},soon,visit,4\n").encode())
    out = io.StringIO()
    write_rejected(read(path, MAPPING).rejected, out)
    assert list(csv.reader(io.StringIO(out.getvalue())))[1][4].startswith("'")


@pytest.mark.parametrize(
    ("scale", "cells", "ratings"),
    [
        (Scale.NPS, ["0", "10", "11", "-1", ""], [0, 10, None]),
        (Scale.CES, ["1", "7", "8", "0", ""], [1, 7, None]),
        (Scale.CSAT, ["1", "5", "6", "0", ""], [1, 5, None]),
        (Scale.BAD_NEUTRAL_GOOD, ["bad", "neutral", " Good ", "schlecht", "gut"], [-1, 0, 1, -1, 1]),
        (Scale.BAD_NEUTRAL_GOOD, ["-1", "0", "1", "0.5", "2"], [-1, 0, 1]),
        (Scale.CSAT, ["4,5", "3", "5", "", "1"], [4.5, 3, 5, None, 1]),
    ],
)
def test_ratings_keep_to_their_scale(write, scale, cells, ratings):
    rows = "".join(f"C{i};2024-03-01;visit;{cell}\n" for i, cell in enumerate(cells))
    path = write("customer_id;timestamp;event;score\n" + rows)
    result = read(path, ColumnMapping(experience="score", scale=scale))
    assert result.events.column("rating").to_pylist() == ratings


def test_a_value_that_is_no_number_costs_the_row_only_where_it_was_asked_for(write):
    path = write("customer_id,timestamp,event,amount\nC1,2024-03-01,visit,5\nC2,2024-03-01,visit,many\n")
    asked = read(path, ColumnMapping(value="amount"))
    assert asked.rejected.column("reason").to_pylist() == ["the value is not a number"]
    assert read(path).rejected.num_rows == 0


def test_where_no_row_has_the_cells_of_the_header_the_file_is_refused(write):
    path = write("customer_id,timestamp,event\n" + "A,2024-03-01,visit,\n" * 5)
    with pytest.raises(FileError, match=r"line 2: 5 of 5 rows cannot be used.*as many cells as the header"):
        read(path)


@pytest.mark.parametrize("nothing", ["NaN", "NA", "n/a", "null", "None", " #N/A "])
def test_words_for_no_answer_are_no_bad_rating(write, nothing):
    path = write(f"customer_id,timestamp,event,csat\nA,2024-03-01,visit,{nothing}\nB,2024-03-01,visit,4\n")
    result = read(path)
    assert result.rejected.num_rows == 0
    assert result.events.column("rating").to_pylist() == [None, 4]
