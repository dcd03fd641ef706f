"""The first rows of a file as a table that shows which column plays which part, and what is wrong where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wegmarke.capture.sampling import SHOWN_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wegmarke.capture.sampling import Look, SampleCheck


@dataclass(frozen=True, slots=True)
class PreviewColumn:
    """One column; `part` names what it is used for, or is empty."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row; `bad` is the place of the cell that is wrong, `reason` says why the row would be rejected."""

    cells: tuple[str, ...]
    bad: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PreviewTable:
    """The table as it stands on the page."""

    columns: tuple[PreviewColumn, ...]
    rows: tuple[PreviewRow, ...]


def preview_of(look: Look, parts: Mapping[int, str], checked: SampleCheck | None) -> PreviewTable:
    """Return the first rows; `parts` says by place which column is used for what."""
    bad_rows = checked.bad_rows if checked else {}
    rows = []
    for place, cells in enumerate(look.rows[:SHOWN_ROWS]):
        column, reason = bad_rows.get(place, ("", ""))
        bad = look.columns.index(column) if column in look.columns else 0
        rows.append(PreviewRow(cells, bad if reason else None, reason))
    columns = tuple(PreviewColumn(name, parts.get(place, "")) for place, name in enumerate(look.columns))
    return PreviewTable(columns, tuple(rows))
