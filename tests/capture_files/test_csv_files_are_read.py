import csv
import gzip
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wegmarke.capture.files import ColumnMapping, FileError, read
from wegmarke.capture.files.delimited import DelimitedTable
from wegmarke.capture.files.opening import Unpacking

HEADER = "customer_id,timestamp,event\n"
ROWS = [("C1", "2024-03-01T10:00:00Z", "visit"), ("C2", "2024-03-02T10:00:00Z", "buy")]


def written(separator=",", end="\n"):
    lines = [("customer_id", "timestamp", "event"), *ROWS]
    return "".join(separator.join(line) + end for line in lines)


def persons_and_names(result):
    return list(zip(*(result.events.column(name).to_pylist() for name in ("person", "name")), strict=True))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_found(write, separator, end):
    result = read(write(written(separator, end)))
    assert persons_and_names(result) == [("C1", "visit"), ("C2", "buy")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_the_encoding(write, encoding):
    path = write(written().replace("C1", "Müller"), encoding=encoding)
    assert persons_and_names(read(path))[0] == ("Müller", "visit")


def test_a_gzipped_csv_is_read(write):
    assert persons_and_names(read(write(gzip.compress(written().encode()), "events.csv.gz")))[1] == (
        "C2",
        "buy",
    )


def test_the_first_line_of_excel_may_name_the_separator(write):
    assert len(read(write("sep=;\n" + written(";"))).events) == 2


def test_a_wrong_encoding_names_line_and_column_and_a_way_out(write):
    path = write(written().replace("buy", "Gespräch"), encoding="cp1252")
    with pytest.raises(FileError) as refused:
        read(path)
    assert (refused.value.line, refused.value.column) == (3, 30)
    assert "--encoding cp1252" in refused.value.hint
    assert persons_and_names(read(path, ColumnMapping(encoding="cp1252")))[1] == ("C2", "Gespräch")


def test_a_wrong_byte_far_into_a_large_file_is_found(write):
    body = "".join(f"C{i},2024-03-01T10:00:00Z,käufe\n" for i in range(100_000))
    content = ("customer_id,timestamp,event\n" + body).encode() + b"C1,2024-03-01T10:00:00Z,\xe4\n"
    with pytest.raises(FileError) as refused:
        read(write(content))
    assert (refused.value.line, refused.value.column) == (100_002, 25)


def test_an_encoding_that_does_not_exist_is_refused(write):
    with pytest.raises(FileError, match="no encoding named “klingon”"):
        read(write(written()), ColumnMapping(encoding="klingon"))


@pytest.mark.parametrize("name", ["hex", "idna", "rot13", "zlib", "undefined"])
def test_an_encoding_of_other_things_than_text_is_refused(write, name):
    with pytest.raises(FileError, match="there is no encoding named"):
        read(write(HEADER + "C1,2024-03-01,visit\n"), ColumnMapping(encoding=name))


def test_an_encoding_that_does_not_say_where_it_failed_is_refused(write):
    with pytest.raises(FileError, match="is not valid in the encoding punycode"):
        read(write((HEADER + "C1,2024-03-01,a-é\n").encode()), ColumnMapping(encoding="punycode"))


def test_a_trap_is_noticed_long_before_its_end(write):
    packed = gzip.compress(b"\0" * (64 << 20), 9)
    trap = write(packed * 40, "trap.csv.gz")
    with Unpacking(trap, "trap.csv.gz") as source, pytest.raises(FileError, match="it is refused") as refused:
        list(iter(lambda: source.read(1 << 20), b""))
    assert 256 <= int(re.search(r"(\d+) MB", str(refused.value))[1]) <= 320


def test_a_binary_file_is_no_csv(write):
    with pytest.raises(FileError, match="zero byte") as refused:
        read(write(b"customer_id,timestamp,event\nC1,\x00\x01,x\n"))
    assert (refused.value.line, refused.value.column) == (2, 4)


def test_line_breaks_inside_quotation_marks_belong_to_the_cell(write):
    body = 'C1,2024-03-01T10:00:00Z,"visit\n""again"""\nC2,2024-03-01T10:00:00Z,buy\n'
    result = read(write("customer_id,timestamp,event\n" + body))
    assert persons_and_names(result) == [("C1", 'visit\n"again"'), ("C2", "buy")]


def test_a_quotation_mark_that_never_closes_is_named_with_its_line(write):
    body = (
        "C1,2024-03-01T10:00:00Z,visit\n" * 3 + 'C2,2024-03-01T10:00:00Z,"visit\n' + "C3,2024,x\n" * 1_000_000
    )
    with pytest.raises(FileError, match="never closed") as refused:
        read(write("customer_id,timestamp,event\n" + body))
    assert refused.value.line == 5


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n", "   \n"])
def test_an_empty_file_is_refused(write, content):
    with pytest.raises(FileError, match="empty"):
        read(write(content))


@pytest.mark.parametrize("content", [written().splitlines()[0], written().splitlines()[0] + "\n,,\n\n"])
def test_a_header_without_rows_is_refused(write, content):
    with pytest.raises(FileError, match="header but no rows"):
        read(write(content))


def test_a_million_columns_are_refused_from_the_header_alone(write, monkeypatch):
    path = write(",".join(f"c{i}" for i in range(1_000_000)) + "\n" + "1," * 999_999 + "1\n")
    taken = []
    whole = DelimitedTable.batches
    monkeypatch.setattr(DelimitedTable, "batches", lambda *a, **k: taken.append(1) or whole(*a, **k))
    with pytest.raises(FileError, match="columns or more") as refused:
        read(path)
    assert refused.value.line == 1
    assert not taken


def test_two_columns_of_one_name_are_refused_where_they_are_needed(write):
    path = write("customer_id,timestamp,event,customer_id\nC1,2024-03-01,visit,D1\n")
    with pytest.raises(FileError, match="two columns have this name"):
        read(path, ColumnMapping(person="customer_id"))


def test_two_columns_of_one_name_do_no_harm_where_they_are_not(write):
    path = write("customer_id,timestamp,event,note,note\nC1,2024-03-01,visit,a,b\n")
    result = read(path, ColumnMapping(properties=None))
    assert result.events.column("properties").to_pylist() == ['{"note":"a","note (2)":"b"}']


def test_a_missing_column_is_named_with_those_like_it(write):
    with pytest.raises(FileError, match="Is it “customer_id”") as refused:
        read(write(written()), ColumnMapping(person="custmer_id"))
    assert refused.value.column == "custmer_id"


def test_a_column_may_be_named_in_other_letters(write):
    assert len(read(write(written()), ColumnMapping(person="Customer ID")).events) == 2


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", '{"a": 1}'), ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600)]
)
def test_other_kinds_of_files_are_refused_by_their_content(write, name, content):
    with pytest.raises(FileError):
        read(write(content, name))


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(FileError, match="folder"):
        read(tmp_path)
    with pytest.raises(FileError, match="no such file"):
        read(tmp_path / "nothing.csv")


CELL = st.lists(st.sampled_from(["a", "b", ";", ",", '"', "\n", "\r\n", "'", " ", "\t"]), max_size=6).map(
    "".join
)


@settings(max_examples=80)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12),
    bad=st.lists(st.integers(0, 11), max_size=5),
    gaps=st.lists(st.integers(0, 11), max_size=3),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_lines_are_counted_as_an_editor_counts_them(tmp_path_factory, rows, bad, gaps, quoting):
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=quoting, lineterminator="\n")
    writer.writerow(["a", "b", "c"])
    lines, wrong = [], []
    for place, row in enumerate(rows):
        if place in gaps:
            out.write("\n")
        line = out.getvalue().count("\n") + 1
        (wrong if place in bad else lines).append(line)
        writer.writerow([*row, "x"] if place in bad else row)
    path = tmp_path_factory.mktemp("lines") / "some.csv"
    path.write_bytes(out.getvalue().encode())
    table = DelimitedTable(path, "some.csv")
    if table.delimiter != ",":
        return  # so few rows may speak for another separator
    found = sum(len(batch) for batch in table.batches(table.columns))
    assert found == len(lines)
    assert [line for line, _text in table.locate(range(found))] == lines
    assert [line for line, _text in table.malformed] == wrong
