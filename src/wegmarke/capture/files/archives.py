"""XLSX files are zip archives; here they are looked through before anything unpacks them as a whole."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.opening import open_binary
from wegmarke.capture.files.tables import MOST_COLUMNS, too_many_columns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_UNPACKED = 2 * 1024**3
FREE_UNPACKED = 32 * 1024**2
MOST_RATIO = 100
"""Sheets of plain events shrink to a tenth, very regular ones to a fortieth."""

_MOST_ENTRIES = 5_000
_MOST_ROWS = 1_048_576
_FREE_CELLS = 20_000_000
_BLOCK = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_FREE_CELLS = 20_000_000
_MOST_CELLS = 80_000_000
"""The reader holds 32 bytes for each cell of the rectangle."""
_BLOCK = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_REFERENCE = re.compile(r"([A-Za-z]{1,8})([0-9]+)")
_SHEET = b"sheetData"
"""What every sheet holds, whatever its entry is called."""


class _Cells:
    """How far the cells of an entry reach; the reader reserves memory for the whole rectangle.

    Where a cell stands is asked of a real XML parser, for there are more ways to write an attribute than any
    pattern knows. An entry that is no XML is nothing the reader could take cells from, unless it says it is a
    sheet.
    """

    def __init__(self) -> None:
        self.columns = self.rows = self.cells = 0
        self.is_sheet = self.is_broken = False
        self._row = self._column = 0
        self._tail = b""
        self._kinds: dict[str, str] = {}
        # The encoding is the one the reader goes by; a document must not name another one.
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._doctype

    def take(self, block: bytes, *, last: bool = False) -> None:
        """Look at the next block."""
        self.is_sheet = self.is_sheet or _SHEET in self._tail + block
        self._tail = block[-len(_SHEET) :]
        if not self.is_broken:
            try:
                self._parser.Parse(block, last)
            except (expat.ExpatError, ValueError):
                self.is_broken = True

    def _doctype(self, *_names: object) -> None:
        raise ValueError  # sheets have none, and it can change what the rest means

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self._kinds.get(name)
        if kind is None:
            kind = self._kinds[name] = name.rpartition(":")[2]
        if kind == "c":
            self._cell(attributes.get("r"))
        elif kind == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0

    def _cell(self, reference: str | None) -> None:
        """Take one cell; one that does not say where it stands comes after the one before it."""
        self.cells += 1
        self._column += 1
        if reference is not None:
            match = _REFERENCE.fullmatch(reference)
            if match is None:
                raise ValueError
            self._column, self._row = _column_number(match[1]), int(match[2])
        self.columns = max(self.columns, self._column)
        self.rows = max(self.rows, self._row)


def check_workbook(path: Path, file: str) -> None:
    """Refuse archives that are damaged, locked, or would fill the memory when unpacked."""
    with open_binary(path, file) as stream:
        size = stream.seek(0, 2)
        try:
            with zipfile.ZipFile(stream) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
            raise _damaged(file) from None
        if len(entries) > _MOST_ENTRIES:
            raise _bomb(file)
        unpacked = 0
        for entry in entries:
            cells = _Cells()
            for block in _unpacked(stream, entry, file):
                unpacked += len(block)
                if unpacked > MOST_UNPACKED or (unpacked > FREE_UNPACKED and unpacked > MOST_RATIO * size):
                    raise _bomb(file)
                cells.take(block)
                _check_extent(cells, file)
            cells.take(b"", last=True)
            if cells.is_sheet and cells.is_broken:
                raise _damaged(file)


def _unpacked(stream: BinaryIO, entry: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    """Unpack one entry block by block; sizes the archive claims are not believed."""
    if entry.flag_bits & 1:
        raise FileError(file, _("the Excel file is locked with a password."))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FileError(file, _("the Excel file is packed in an unusual way and cannot be read."))
    try:
        stream.seek(entry.header_offset)
        mark, name, extra = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
        if mark != b"PK\x03\x04":
            raise _damaged(file)
        stream.seek(name + extra, 1)
        if entry.compress_type == zipfile.ZIP_STORED:
            yield from _stored(stream, entry.compress_size)
        else:
            yield from _inflated(stream)
    except (zlib.error, struct.error, ValueError, OSError):
        raise _damaged(file) from None


def _stored(stream: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0:
        block = stream.read(min(size, _BLOCK))
        if not block:
            return
        size -= len(block)
        yield block


def _inflated(stream: BinaryIO) -> Iterator[bytes]:
    inflating = zlib.decompressobj(-15)
    while not inflating.eof:
        packed = inflating.unconsumed_tail or stream.read(_BLOCK)
        if not packed:
            return
        yield inflating.decompress(packed, _BLOCK)


def _check_extent(cells: _Cells, file: str) -> None:
    if cells.columns > MOST_COLUMNS:
        raise too_many_columns(file, cells.columns)
    area = cells.columns * cells.rows
    scattered = area > _FREE_CELLS and area > 8 * cells.cells
    if cells.rows > _MOST_ROWS or scattered:
        message = _("single cells stand so far apart that the sheet would fill the memory; it is refused.")
        raise FileError(file, message, line=cells.rows)
    if area > _MOST_CELLS:
        message = _("the sheet has more cells than can be read at once; save it as CSV.")
        raise FileError(file, message, line=cells.rows)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _damaged(file: str) -> FileError:
    return FileError(file, _("the Excel file is damaged or cut off."))


def _bomb(file: str) -> FileError:
    message = _("the Excel file unpacks to far more than it could hold (a zip bomb); it is refused.")
    return FileError(file, message)
