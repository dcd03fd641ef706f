"""Tables as values: the page shows them, the exporter writes them, the report prints them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wegmarke.ui.numbers import NONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from wegmarke.insights.words import ClassWords

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `interval` columns become three in an export: the figure and both its bounds.

    Columns that stand `aside` are in the exports and the report only: a page has no room for them.
    """

    key: str
    title: str
    number: bool = False
    interval: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What is read (`text`) and what is meant (`value`, with its bounds).

    `shown` may be a function: of thousands of rows a page formats only those it shows.
    """

    shown: str | Callable[[], str]
    value: Value = None
    low: float | None = None
    high: float | None = None
    url: str = ""
    badge: ClassWords | None = None

    @property
    def text(self) -> str:
        """The words to read."""
        return self.shown if isinstance(self.shown, str) else self.shown()

    @property
    def parts(self) -> tuple[str, str]:
        """The figure, and its interval in parentheses for a narrow column to set below; or all the text."""
        figure, parenthesis, interval = self.text.partition(" (")
        return (figure, f"({interval}") if parenthesis and self.low is not None else (self.text, "")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: one cell per column.

    `made` may be a function: of hundreds of rows that take sentences a page words only those it shows.
    """

    made: tuple[Cell, ...] | Callable[[], tuple[Cell, ...]]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells in the order of the columns."""
        return self.made if isinstance(self.made, tuple) else self.made()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `name` is a slug for its address and its files."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sorted_by: str = ""
    descending: bool = False

    def place(self, key: str) -> int | None:
        """Return the place of a column; None when there is none of this name."""
        return next((i for i, column in enumerate(self.columns) if column.key == key), None)

    def sort(self, key: str, *, descending: bool) -> Table:
        """Return the table sorted by one column, missing values last; an unknown column changes nothing."""
        place = self.place(key)
        if place is None:
            return self
        values = [(row.cells[place].value, row) for row in self.rows]
        known = [(value, row) for value, row in values if value is not None]
        missing = [row for value, row in values if value is None]
        known.sort(key=lambda pair: _sort_key(pair[0]), reverse=descending)
        rows = (*(row for _value, row in known), *missing)
        return replace(self, rows=rows, sorted_by=key, descending=descending)

    def head(self, count: int) -> Table:
        """Return the first rows only."""
        return replace(self, rows=self.rows[:count])


def _sort_key(value: Value) -> tuple[int, float, str]:
    if isinstance(value, str):
        return (1, 0.0, value.casefold())
    return (0, float(value or 0), "")


def text(value: str, url: str = "") -> Cell:
    """Return a cell of words."""
    return Cell(value, value, url=url)


NOTHING = Cell(NONE)
