"""What the mapping page works on: the first rows of a file, and what a mapping makes of them."""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from wegmarke.capture import files, storage
from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.guessing import guess
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.capture.files.reading import open_table
from wegmarke.capture.files.tables import SAMPLE_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

SHOWN_ROWS = 20
MOST_EVENTS = 5_000  # of an XES log, which has no table to look at the start of
MAX_CELL = 2_000
FIRST_LINE = 2  # of the rows of a file with a header


@dataclass(frozen=True, slots=True)
class Look:
    """The first look at a file: kept as JSON beside it, so that no page has to open a large file again.

    `reasons` says by language and part why a column was guessed.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: ColumnMapping
    reasons: Mapping[str, Mapping[str, str]]
    estimated_rows: int
    decimal: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Look:
        """Take what `as_dict` gave, after it went through JSON."""
        return cls(
            columns=tuple(values["columns"]),
            rows=tuple(tuple(row) for row in values["rows"]),
            mapping=ColumnMapping.from_dict(values["mapping"]),
            reasons=values["reasons"],
            estimated_rows=values["estimated_rows"],
            decimal=values["decimal"],
        )


@dataclass(frozen=True, slots=True)
class SampleCheck:
    """What a mapping makes of the sample, or why it cannot be read at all.

    `reasons` come with how often, most frequent first; `bad_rows` gives column and reason by place.
    """

    rows: int
    accepted: int
    rejected: int
    reasons: tuple[tuple[str, int], ...] = ()
    bad_rows: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    problem: FileError | None = None


def look_into(path: Path, *, shown_as: str) -> Look:
    """Look at the first rows of a file; raises `FileError`."""
    table = open_table(path, name=shown_as, most_events=MOST_EVENTS)
    guessed = guess(table)
    reasons = {}
    for language, _name in settings.LANGUAGES:  # kept with the file, and read by people of either language
        with translation.override(language):
            reasons[language] = {found.part: found.reason for found in guess(table).guesses}
    return Look(
        columns=table.columns,
        rows=tuple(tuple(cell[:MAX_CELL] for cell in row) for row in table.head(SAMPLE_ROWS)),
        mapping=guessed.mapping,
        reasons=reasons,
        estimated_rows=table.estimated_rows(),
        decimal=table.decimal,
    )


def keep(import_id: UUID, look: Look) -> None:
    """Write the look beside the file."""
    path = storage.look_file(import_id)
    path.write_text(json.dumps(look.as_dict(), ensure_ascii=False), encoding="utf-8")


def kept(import_id: UUID) -> Look:
    """Return the look kept beside the file."""
    return Look.from_dict(json.loads(storage.look_file(import_id).read_text(encoding="utf-8")))


def check(look: Look, mapping: ColumnMapping) -> SampleCheck:
    """Read the sample with the real reader, so that the page promises what the worker will do."""
    total = len(look.rows)
    with tempfile.TemporaryDirectory(dir=storage.root()) as folder:
        path = Path(folder) / "sample.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            # the separator carries what is usual in the file: a comma for decimals goes with semicolons
            writer = csv.writer(out, delimiter=";" if look.decimal == "," else ",", quoting=csv.QUOTE_ALL)
            writer.writerows(map(_one_line, [look.columns, *look.rows]))
        try:
            read = files.read(path, mapping)  # its own name: the reader goes by the ending of a name
        except FileError as error:
            return SampleCheck(total, 0, total, problem=error)
    bad = read.rejected.select(["line", "column", "reason"]).to_pylist()
    reasons = Counter(row["reason"] for row in bad)
    return SampleCheck(
        rows=read.rows,
        accepted=read.rows - len(read.rejected),
        rejected=len(read.rejected),
        reasons=tuple(reasons.most_common()),
        bad_rows={row["line"] - FIRST_LINE: (row["column"], row["reason"]) for row in bad},
        notes=read.notes,
    )


def _one_line(cells: Iterable[str]) -> list[str]:
    """Keep every row on one line, so that a line tells the row."""
    return [" ".join(cell.splitlines()) for cell in cells]
