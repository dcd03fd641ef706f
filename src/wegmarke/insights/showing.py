"""Tables on a page: links to sort them, to see all of them, and to download them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from wegmarke.insights.links import with_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest

    from wegmarke.insights.tables import Cell, Column, Row, Table

KEPT = ("class", "funnel", "asked")


@dataclass(frozen=True, slots=True)
class Header:
    """One column's title, the address that sorts by it, and how it is sorted now."""

    column: Column
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as a page shows it; `rest` counts the rows left out, `all_url` shows them as well.

    `aside` names the columns that are in the files only.
    """

    table: Table
    headers: tuple[Header, ...]
    rows: tuple[tuple[tuple[Column, Cell], ...], ...]
    rest: int
    aside: str
    all_url: str
    csv: str
    xlsx: str


def shown(table: Table, request: HttpRequest, *, extra: Mapping[str, str], most: int | None) -> ShownTable:
    """Return a table with its addresses; they keep the state of the page."""
    state = {key: request.GET.get(key, "") for key in KEPT}
    sort = ("-" if table.descending else "") + f"{table.name}.{table.sorted_by}" if table.sorted_by else ""
    rows = table.rows if most is None else table.rows[:most]
    download = {**state, **extra, "sort": sort}
    anchor = f"#table-{table.name}"
    columns = tuple(column for column in table.columns if not column.aside)
    return ShownTable(
        table=table,
        headers=tuple(_header(table, column, request.path, state, anchor) for column in columns),
        rows=tuple(tuple(_shown_cells(table, row)) for row in rows),
        rest=len(table.rows) - len(rows),
        aside=", ".join(column.title for column in table.columns if column.aside),
        all_url=with_query(request.path, {**state, "sort": sort}, all=table.name) + anchor,
        csv=with_query(reverse("insights:export", args=[table.name, "csv"]), download),
        xlsx=with_query(reverse("insights:export", args=[table.name, "xlsx"]), download),
    )


def _shown_cells(table: Table, row: Row) -> Iterator[tuple[Column, Cell]]:
    return (pair for pair in zip(table.columns, row.cells, strict=True) if not pair[0].aside)


def _header(table: Table, column: Column, path: str, state: Mapping[str, str], anchor: str) -> Header:
    now = "" if table.sorted_by != column.key else "descending" if table.descending else "ascending"
    # Figures start with the largest, words with A; a second click turns it round.
    down = now == "ascending" or (not now and column.number)
    sort = ("-" if down else "") + f"{table.name}.{column.key}"
    return Header(column, with_query(path, state, sort=sort) + anchor, now)
