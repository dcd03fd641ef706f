"""Rows that were left out: why, and how they are handed back without doing harm in a spreadsheet."""

from __future__ import annotations

import csv
from enum import IntEnum
from typing import TYPE_CHECKING, TextIO

import pyarrow as pa
from django.utils.translation import gettext as _

from wegmarke.record.contracts import LATEST_TIME
from wegmarke.ui.spreadsheets import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable

REJECTED_SCHEMA = pa.schema(
    [
        pa.field("file", pa.dictionary(pa.int32(), pa.string())),
        pa.field("line", pa.int64()),
        pa.field("column", pa.dictionary(pa.int32(), pa.string())),
        pa.field("reason", pa.dictionary(pa.int32(), pa.string())),
        pa.field("row", pa.string()),
    ]
)
"""One row left out: where it stood, which column was wrong, the reason in words, and the row as it was."""


class Reason(IntEnum):
    """Why a row is left out; where several hold, the lowest counts."""

    NONE = 0
    CELLS = 1
    PERSON = 2
    EVENT = 3
    TIME = 4
    YEAR = 5
    RATING = 6
    SCALE = 7
    VALUE = 8


def in_words(reason: Reason, *, scale: str = "") -> str:
    """Return the reason as a person reads it."""
    return {
        Reason.NONE: "",
        Reason.CELLS: _("the row does not have as many cells as the header"),
        Reason.PERSON: _("the person is empty"),
        Reason.EVENT: _("the event name is empty"),
        Reason.TIME: _("the time is empty or cannot be read"),
        Reason.YEAR: _("the time lies outside 1970-01-01 to %(last)s") % {"last": LATEST_TIME.date()},
        Reason.RATING: _("the rating cannot be read"),
        Reason.SCALE: _("the rating lies outside the scale %(scale)s") % {"scale": scale},
        Reason.VALUE: _("the value is not a number"),
    }[reason]


def rejected_table(file: str, rows: Iterable[tuple[int, str, str, str]]) -> pa.Table:
    """Return (line, column, reason, row) of one file as a table, in order of the lines."""
    ordered = sorted(rows, key=lambda row: row[0])
    lines, columns, reasons, texts = zip(*ordered, strict=True) if ordered else ((), (), (), ())
    return pa.table(
        [
            pa.array([file] * len(ordered), pa.string()).dictionary_encode(),
            pa.array(lines, pa.int64()),
            pa.array(columns, pa.string()).dictionary_encode(),
            pa.array(reasons, pa.string()).dictionary_encode(),
            pa.array(texts, pa.string()),
        ],
        schema=REJECTED_SCHEMA,
    )


def write_rejected(table: pa.Table, out: TextIO) -> None:
    """Write rejected rows as CSV that is safe to open in a spreadsheet."""
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([_("file"), _("line"), _("column"), _("reason"), _("row")])
    for batch in table.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            cells = (row["file"], row["line"], row["column"], row["reason"], row["row"])
            writer.writerow([cell if isinstance(cell, int) else harmless(cell or "") for cell in cells])
