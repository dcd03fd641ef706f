"""CSV and its kin, whatever separates the cells."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
import sys
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pa_csv
from django.utils.translation import gettext as _

from wegmarke.capture.files.decoding import Utf8Stream
from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.tables import MOST_COLUMNS, SAMPLE_ROWS, SourceTable, too_many_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from wegmarke.capture.files.tables import Progress

_HEAD = 1 << 18
_BLOCK = 8 << 20
_SEPARATORS = (",", ";", "\t", "|")
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SENTINEL = "the end of the file"


class DelimitedTable(SourceTable):
    """One CSV file. The separator is found from the first lines; the first line names the columns."""

    kind = "csv"

    def __init__(self, path: Path, file: str, *, encoding: str | None = None) -> None:
        """Read the first lines: enough to know separator, header and a sample."""
        super().__init__(file)
        self._path, self._encoding = path, encoding
        self._invalid: list[tuple[int, int, int, str]] = []
        with Utf8Stream(path, file, encoding) as stream:
            head, self._packed = _read_up_to(stream, _HEAD), stream.source.packed
            self._size = stream.source.size
        self._whole = len(head) < _HEAD
        text = head.decode(errors="ignore")
        if not text.strip():
            raise FileError(file, _("the file is empty."))
        given = _SEP_LINE.match(text)
        self._skipped = 1 if given else 0
        text = text[given.end() :] if given else text
        self._head_bytes = len(head)
        self.delimiter = given.group(1) if given else _separator(text)
        self.decimal = "," if self.delimiter == ";" else "."
        self._sample = self._first_rows(text)

    def _first_rows(self, text: str) -> list[list[str]]:
        first = text[: text.find("\n")] if "\n" in text else text
        if first.count(self.delimiter) >= MOST_COLUMNS and '"' not in first:
            raise too_many_columns(self.file, first.count(self.delimiter) + 1)
        if "\n" not in text and not self._whole:
            raise self._unreadable_header()
        rows = self._parsed(text)
        if not rows:
            raise self._unreadable_header()
        self.columns = self.named(rows[0])
        if not self._whole and len(rows) <= SAMPLE_ROWS + 1:
            rows = rows[:-1]  # the last one was cut off
        self._bytes_a_row = len(text.encode()) / max(1, text.count("\n"))
        return rows[1 : SAMPLE_ROWS + 1]

    def _parsed(self, text: str) -> list[list[str]]:
        """Return the header and some rows; a cell without end stops it; `batches` says where it starts."""
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter)
        rows: list[list[str]] = []
        with contextlib.suppress(csv.Error):
            for row in reader:
                if row:
                    if not rows:
                        self._header_lines = reader.line_num + self._skipped
                    rows.append(row)
                if len(rows) > SAMPLE_ROWS + 1:
                    break
        return rows

    def _unreadable_header(self) -> FileError:
        return FileError(self.file, _("the first line is longer than any header."), line=1)

    def batches(self, columns: Sequence[str], progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
        """Hand out these columns as texts."""
        self._invalid.clear()
        self.malformed = []
        places = {name: str(place) for place, name in enumerate(self.columns)}
        wanted = [places[name] for name in columns]
        # one batch there always is, even where no row has as many cells as the header
        yield pa.RecordBatch.from_arrays([pa.array([], pa.string()) for _ in columns], names=list(columns))
        stream = self._stream()
        try:
            for batch in self._reader(stream, wanted):
                if progress is not None:
                    progress(stream.source.share)
                yield pa.RecordBatch.from_arrays(batch.columns, names=list(columns))
            if stream.quotes % 2:
                self._check_quotes()
        except pa.ArrowInvalid:
            self._check_quotes()
            message = _("a row is longer than any row should be.")
            raise FileError(self.file, message) from None
        finally:
            stream.close()
        self._place_malformed()

    def _stream(self) -> Utf8Stream:
        """Open the file behind its header."""
        stream = Utf8Stream(self._path, self.file, self._encoding)
        for _line in range(self._header_lines):
            _skip_line(stream)
        return stream

    def _reader(self, stream: Utf8Stream, wanted: list[str]) -> Iterator[pa.RecordBatch]:
        names = [str(place) for place in range(len(self.columns))]
        buffered = io.BufferedReader(stream, 1 << 20)
        if not buffered.peek(1):
            return
        yield from pa_csv.open_csv(
            pa.PythonFile(buffered, "r"),
            # one thread: only then are the rows that do not fit numbered
            read_options=pa_csv.ReadOptions(column_names=names, block_size=_BLOCK, use_threads=False),
            parse_options=pa_csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=self._leave_out
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=wanted,
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )

    def _leave_out(self, row: Any) -> str:  # noqa: ANN401 - pyarrow's InvalidRow
        self._invalid.append((row.number - 1, row.expected_columns, row.actual_columns, row.text))
        return "skip"

    def _place_malformed(self) -> None:
        self._invalid.sort()
        ordinals = [row[0] for row in self._invalid]
        self.malformed = list(self._records(ordinals))

    def locate(self, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Return line and text of these rows; the file is read once more up to the last of them."""
        return self._records([self._ordinal(row) for row in rows])

    def _ordinal(self, row: int) -> int:
        """Return the place of a row among all rows, those left out included."""
        shifted = [invalid[0] - place for place, invalid in enumerate(self._invalid)]
        return row + bisect_right(shifted, row)

    def _records(self, ordinals: Sequence[int]) -> Iterator[tuple[int, str]]:
        if not ordinals:
            return
        wanted = iter(ordinals)
        target = next(wanted)
        csv.field_size_limit(sys.maxsize)
        with (
            self._stream() as stream,
            io.TextIOWrapper(io.BufferedReader(stream), "utf-8", newline="") as text,
        ):
            reader = csv.reader(text, delimiter=self.delimiter)
            ordinal, line = -1, 0
            for row in reader:
                starts, line = line + 1, reader.line_num
                if not row:
                    continue
                ordinal += 1
                while ordinal == target:
                    yield self._header_lines + starts, self._as_line(row)
                    target = next(wanted, -1)
                if target < 0:
                    return

    def _as_line(self, row: list[str]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, lineterminator="").writerow(row)
        return out.getvalue()

    def _check_quotes(self) -> None:
        """Refuse a file with a cell that opens with a quotation mark and never ends."""
        csv.field_size_limit(sys.maxsize)
        line, row = 0, [_SENTINEL]
        with (
            self._stream() as stream,
            io.TextIOWrapper(io.BufferedReader(stream), "utf-8", newline="") as text,
        ):
            reader = csv.reader(itertools.chain(text, ["\n", _SENTINEL]), delimiter=self.delimiter)
            starts = 0
            for found in reader:
                row, starts, line = found, line, reader.line_num
        if row != [_SENTINEL]:
            message = _("a cell opens with a quotation mark that is never closed.")
            raise FileError(self.file, message, line=self._header_lines + starts + 1)

    def head(self, count: int) -> list[list[str]]:
        """Return the first rows, short ones filled up with empty cells."""
        width = len(self.columns)
        return [(row + [""] * width)[:width] for row in self._sample[:count]]

    def estimated_rows(self) -> int:
        """Return the number of rows, estimated from the length of the first ones."""
        if self._whole:
            return len(self._sample)
        growth = 8 if self._packed else 1
        return int(self._size * growth / self._bytes_a_row)


def _read_up_to(stream: Utf8Stream, size: int) -> bytes:
    parts, missing = [], size
    while missing > 0:
        part = stream.read(missing)
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _skip_line(stream: Utf8Stream) -> None:
    stream.readline()


def _separator(text: str) -> str:
    """Return the separator under which most of the first rows have as many cells as the header."""
    best, most = ",", (0.0, 0)
    for separator in _SEPARATORS:
        reader = csv.reader(io.StringIO(text[:65_536], newline=""), delimiter=separator)
        rows: list[list[str]] = []
        try:
            for row in reader:
                if row:
                    rows.append(row)
                if len(rows) > 50:  # noqa: PLR2004 - enough to tell
                    break
        except csv.Error:
            continue
        width = len(rows[0]) if rows else 0
        if width > 1:
            same = sum(len(row) == width for row in rows) / len(rows)
            best, most = max((best, most), (separator, (round(same, 1), width)), key=lambda found: found[1])
    return best
