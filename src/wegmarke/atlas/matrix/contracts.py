"""Values of the matrix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

USUAL_LIMIT = 3.0
"""More contacts per customer and quarter in one cell count as overload."""
NOWHERE = ""
"""The row of what has no channel (or department), the column of what has no phase."""


class Across(StrEnum):
    """What makes the rows."""

    CHANNEL = "channel"
    DEPARTMENT = "department"


class Count(StrEnum):
    """What is counted: contacts (the company starts them), or every touch."""

    CONTACTS = "contacts"
    TOUCHES = "touches"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which matrix is asked for; `segment` is an attribute with a value, `phase` and `row` are a cell's."""

    quarter: int
    across: Across = Across.CHANNEL
    count: Count = Count.CONTACTS
    segment: tuple[str, str] | None = None
    limit: float = USUAL_LIMIT
    phase: str | None = None
    row: str | None = None


class State(StrEnum):
    """What is to be said about a cell."""

    EMPTY = "empty"
    OVER = "over"
    GAP = "gap"
    UNPLANNED = "unplanned"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Happened:
    """How often an active customer met it in the quarter, with its 95 % interval."""

    mean: float
    low: float
    high: float
    active: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `planned` per customer and quarter, None where nobody said; `touchpoints` by their keys."""

    row: str
    phase: str
    planned: float | None
    happened: Happened | None
    state: State
    touchpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A row, a column or everything together."""

    key: str
    planned: float | None
    happened: Happened | None
    state: State


@dataclass(frozen=True, slots=True)
class Matrix:
    """All cells of one quarter and group of persons, by row and phase; `anything_planned` says it of all."""

    across: Across
    count: Count
    quarter: int
    limit: float
    rows: tuple[Total, ...]
    phases: tuple[Total, ...]
    whole: Total
    cells: tuple[Cell, ...]
    anything_planned: bool

    def cell(self, row: str, phase: str) -> Cell | None:
        """Return one cell; None where there is nothing at all."""
        return next((one for one in self.cells if one.row == row and one.phase == phase), None)

    def in_row(self, row: str) -> Iterator[Cell | None]:
        """Yield the cells of a row in the order of the phases."""
        yield from (self.cell(row, phase.key) for phase in self.phases)
