"""XLSX files are zip archives; here they are looked through before anything unpacks them as a whole."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

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
_REFERENCE = re.compile(rb"""\br=["']([A-Za-z]{1,8})([0-9]{1,9})["']""")
_OVERLAP = 40
_LETTERS_OF_MOST = 3


@dataclass(slots=True)
class _Extent:
    """How far the cells of a sheet reach; readers reserve memory for the whole rectangle."""

    columns: int = 0
    rows: int = 0
    cells: int = 0

    def take(self, block: bytes) -> None:
        letters: set[bytes] = set()
        last = b"0"
        for column, row in _REFERENCE.findall(block):
            letters.add(column)
            self.cells += 1
            if len(row) > len(last) or row > last:
                last = row
        self.rows = max(self.rows, int(last))
        self.columns = max([self.columns, *map(_column_number, letters)])


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
            extent = _Extent() if entry.filename.lower().startswith("xl/worksheets/") else None
            tail = b""
            for block in _unpacked(stream, entry, file):
                unpacked += len(block)
                if unpacked > MOST_UNPACKED or (unpacked > FREE_UNPACKED and unpacked > MOST_RATIO * size):
                    raise _bomb(file)
                if extent is not None:
                    cut = block.rfind(b"<") if len(block) > _OVERLAP else -1
                    extent.take(tail + (block[:cut] if cut >= 0 else block))
                    tail = block[cut:] if cut >= 0 else b""
                    _check_extent(extent, file)


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


def _check_extent(extent: _Extent, file: str) -> None:
    if extent.columns > MOST_COLUMNS:
        raise too_many_columns(file, extent.columns)
    area = extent.columns * extent.rows
    if extent.rows > _MOST_ROWS or (area > _FREE_CELLS and area > 8 * extent.cells):
        message = _("single cells stand so far apart that the sheet would fill the memory; it is refused.")
        raise FileError(file, message, line=extent.rows)


def _column_number(letters: bytes) -> int:
    if len(letters) > _LETTERS_OF_MOST:
        return 1 << 20
    number: int = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _damaged(file: str) -> FileError:
    return FileError(file, _("the Excel file is damaged or cut off."))


def _bomb(file: str) -> FileError:
    message = _("the Excel file unpacks to far more than it could hold (a zip bomb); it is refused.")
    return FileError(file, message)
