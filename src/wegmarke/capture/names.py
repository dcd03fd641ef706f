"""Which event names a file has, and how often: what leaving and moving on are chosen from."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from wegmarke.capture import storage
from wegmarke.capture.files.reading import open_table

if TYPE_CHECKING:
    from wegmarke.capture.contracts import ImportState
    from wegmarke.capture.files.mapping import ColumnMapping

MOST_ROWS = 3_000_000  # enough to meet even a rare name, and few enough to wait for
MOST_NAMES = 300


@dataclass(frozen=True, slots=True)
class Found:
    """Names with how often, most frequent first; `rows` were looked at, which may not be all."""

    counted: tuple[tuple[str, int], ...]
    rows: int
    all_rows: bool
    all_names: bool


def found_in(state: ImportState, mapping: ColumnMapping) -> Found:
    """Return the event names of an uploaded file; raises `FileError`. Counted once for each column."""
    if mapping.event is None:
        return Found(((mapping.event_name or "", 0),), 0, all_rows=True, all_names=True)
    kept = _kept(state, mapping.event)
    if kept is None:
        kept = _count(state, mapping.event)
        storage.names_file(state.id).write_text(json.dumps([mapping.event, *kept]), encoding="utf-8")
    counted, rows, all_rows, all_names = kept
    return Found(
        tuple((name, count) for name, count in counted), rows, all_rows=all_rows, all_names=all_names
    )


def _kept(state: ImportState, column: str) -> tuple[list[tuple[str, int]], int, bool, bool] | None:
    path = storage.names_file(state.id)
    if not path.is_file():
        return None
    of_column, *rest = json.loads(path.read_text(encoding="utf-8"))
    return tuple(rest) if of_column == column else None


def _count(state: ImportState, column: str) -> tuple[list[tuple[str, int]], int, bool, bool]:
    table = open_table(storage.raw_file(state.id, state.suffix), name=state.file_name)
    counts: Counter[str] = Counter()
    rows, stopped = 0, False
    for batch in table.batches([column]):
        for entry in pc.value_counts(batch.column(0)).to_pylist():
            name = str(entry["values"] if entry["values"] is not None else "").strip()
            if name:
                counts[name] += entry["counts"]
        rows += batch.num_rows
        if rows >= MOST_ROWS:
            stopped = True
            break
    return counts.most_common(MOST_NAMES), rows, not stopped, len(counts) <= MOST_NAMES
