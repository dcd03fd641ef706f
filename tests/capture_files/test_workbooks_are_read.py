# ruff: noqa: DTZ001 - times without a zone are what is tested
import io
import struct
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from wegmarke.capture.files import ColumnMapping, FileError, archives, preview, read

HEADER = ["Kundennummer", "Zeitpunkt", "Ereignis", "Betrag"]


@pytest.fixture
def workbook(tmp_path):
    def workbook(*rows, sheets=()):
        book = openpyxl.Workbook()
        for title in sheets:
            book.create_sheet(title, 0)
        for row in rows:
            book.worksheets[-1].append(row)
        path = tmp_path / "events.xlsx"
        book.save(path)
        return path

    return workbook


def repacked(path, change, method=zipfile.ZIP_DEFLATED):
    """Write the archive anew, each entry changed by `change(name, content)`."""
    with zipfile.ZipFile(path) as old:
        entries = [(info.filename, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", method) as new:
        for name, content in entries:
            new.writestr(name, change(name, content))
    return path


def test_cells_of_all_kinds_become_events(workbook):
    path = workbook(
        HEADER,
        [1001, datetime(2024, 3, 1, 7, 30, 15), "Besuch", 12.5],
        ["A-7", "02.03.2024 08:00", "Kauf", None],
    )
    result = read(path)
    assert result.events.column("person").to_pylist() == ["1001", "A-7"]
    assert result.events.column("time").to_pylist() == [
        datetime(2024, 3, 1, 7, 30, 15, tzinfo=UTC),
        datetime(2024, 3, 2, 8, tzinfo=UTC),
    ]
    assert result.events.column("name").to_pylist() == ["Besuch", "Kauf"]
    assert result.events.column("value").to_pylist() == [12.5, None]


def test_the_first_sheet_that_holds_anything_is_read(workbook):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1], sheets=["leer"])
    assert read(path).rows == 1


def test_lines_are_those_of_the_sheet(workbook):
    path = workbook(
        [], [], HEADER, ["C1", "2024-03-01", "Besuch", 1], [None, "2024-03-01", "Besuch", 1], [], []
    )
    result = read(path)
    assert result.rejected.column("line").to_pylist() == [5]
    assert result.rows == 2


def test_a_sheet_is_previewed(workbook):
    look = preview(workbook(HEADER, ["C1", datetime(2024, 3, 1), "Besuch", 3]))
    assert (look.kind, look.columns, look.estimated_rows) == ("xlsx", tuple(HEADER), 1)
    assert look.rows[0][0] == "C1"
    assert look.missing == ()


def test_an_empty_workbook_is_refused(workbook):
    with pytest.raises(FileError, match="empty"):
        read(workbook())


def test_a_zip_bomb_is_refused_by_its_ratio(workbook):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    repacked(path, lambda name, old: b" " * (archives.FREE_UNPACKED + 1) if name == "xl/styles.xml" else old)
    assert path.stat().st_size < 200_000
    with pytest.raises(FileError, match="zip bomb"):
        read(path)


def test_a_zip_bomb_is_refused_though_it_lies_about_its_size(workbook):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    repacked(path, lambda name, old: b" " * (archives.FREE_UNPACKED + 1) if name == "xl/styles.xml" else old)
    claimed = struct.pack("<I", archives.FREE_UNPACKED + 1)
    content = path.read_bytes()
    assert claimed in content
    path.write_bytes(content.replace(claimed, struct.pack("<I", 100)))
    with pytest.raises(FileError, match="zip bomb"):
        read(path)


def test_a_bomb_larger_than_any_sheet_is_refused_whatever_its_ratio(workbook, monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1_000)
    with pytest.raises(FileError, match="zip bomb"):
        read(workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1]))


def test_cells_that_stand_far_apart_are_refused_before_they_fill_the_memory(workbook):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    far = b'<row r="1048576"><c r="BX1048576"><v>1</v></c></row></sheetData>'
    repacked(path, lambda _name, old: old.replace(b"</sheetData>", far))
    with pytest.raises(FileError, match="so far apart"):
        read(path)


@pytest.mark.parametrize(
    "far",
    [
        b'<c r ="BX1048576"><v>1</v></c>',
        b"<c r\n=\n'BX1048576'><v>1</v></c>",
        b'<c r="BX0000001048576"><v>1</v></c>',
        b'<c r="A0000000001"><v>1</v></c><c r="BX1048576"><v>1</v></c>',
        b'<c r="&#66;X1048576"><v>1</v></c>',
        b"<c/>" * 80,
    ],
)
def test_cells_far_apart_are_refused_however_their_place_is_written(workbook, far):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    row = b'<row r="1048576">' + far + b"</row></sheetData>"
    repacked(path, lambda _name, old: old.replace(b"</sheetData>", row))
    with pytest.raises(FileError, match="so far apart"):
        read(path)


def test_a_sheet_kept_under_another_name_is_looked_through_as_well(workbook):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    with zipfile.ZipFile(path) as old:
        entries = {info.filename: old.read(info) for info in old.infolist()}
    sheet = entries.pop("xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="BX1048576"><v>1</v></c></row></sheetData>'
    entries["xl/elsewhere.bin"] = sheet.replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w") as new:
        for name, content in entries.items():
            new.writestr(name, content.replace(b"worksheets/sheet1.xml", b"elsewhere.bin"))
    with pytest.raises(FileError, match="so far apart"):
        read(path)


def test_a_sheet_that_is_no_proper_xml_is_refused(workbook):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    repacked(path, lambda _name, old: old.replace(b"</sheetData>", b"<row></wrong></sheetData>"))
    with pytest.raises(FileError, match="damaged"):
        read(path)


def test_a_full_sheet_too_large_for_the_memory_is_refused(workbook, monkeypatch):
    monkeypatch.setattr(archives, "_MOST_CELLS", 7)
    with pytest.raises(FileError, match="more cells than can be read at once"):
        read(workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1]))


@pytest.mark.parametrize("reference", [b"XFD3", b"xfd3", b"ZZZZZZ3"])
def test_a_million_columns_are_refused(workbook, reference):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    cell = b'<row r="3"><c r="' + reference + b'"><v>1</v></c></row></sheetData>'
    repacked(path, lambda _name, old: old.replace(b"</sheetData>", cell))
    with pytest.raises(FileError, match="columns or more"):
        read(path)


def test_entities_in_a_sheet_do_not_explode(workbook):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    doctype = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
    repacked(path, lambda name, old: doctype + old if "sheet1" in name else old)
    try:
        assert read(path).rows == 1
    except FileError as refused:
        assert "Excel" in refused.message  # noqa: PT017 - either answer is a good one


@pytest.mark.parametrize("cut", [4, 100, 2_000, -10])
def test_a_file_cut_off_is_refused(workbook, cut):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(FileError, match="damaged"):
        read(path)


def test_every_damaged_byte_is_refused_or_does_no_harm(workbook):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            read(path, ColumnMapping(person="Kundennummer"))
        except FileError as refused:
            assert str(refused)  # noqa: PT017 - anything but FileError fails the test


def test_a_locked_or_oddly_packed_file_is_refused(workbook):
    path = workbook(HEADER, ["C1", "2024-03-01", "Besuch", 1])
    repacked(path, lambda _name, old: old, zipfile.ZIP_BZIP2)
    with pytest.raises(FileError, match="unusual way"):
        read(path)
    content = bytearray(repacked(path, lambda _name, old: old).read_bytes())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    path.write_bytes(bytes(content))
    with pytest.raises(FileError, match="password"):
        read(path)


def test_an_archive_of_countless_entries_is_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for place in range(6_000):
            archive.writestr(f"{place}", b"")
    path = tmp_path / "many.xlsx"
    path.write_bytes(out.getvalue())
    with pytest.raises(FileError, match="zip bomb"):
        read(path)
