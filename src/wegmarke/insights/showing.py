"""Tables on a page: links to sort them, to see all of them, and to download them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from wegmarke.insights.links import with_query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from wegmarke.insights.tables import Cell, Column, Table

KEPT = ("class", "funnel", "asked")


@dataclass(frozen=True, slots=True)
class Header:
    """One column's title, the address that sorts by it, and how it is sorted now."""

    column: Column
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as a page shows it; `rest` counts the rows left out, `all_url` shows them as well."""

    table: Table
    headers: tuple[Header, ...]
    rows: tuple[tuple[tuple[Column, Cell], ...], ...]
    rest: int
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
    return ShownTable(
        table=table,
        headers=tuple(_header(table, column, request.path, state, anchor) for column in table.columns),
        rows=tuple(tuple(zip(table.columns, row.cells, strict=True)) for row in rows),
        rest=len(table.rows) - len(rows),
        all_url=with_query(request.path, {**state, "sort": sort}, all=table.name) + anchor,
        csv=with_query(reverse("insights:export", args=[table.name, "csv"]), download),
        xlsx=with_query(reverse("insights:export", args=[table.name, "xlsx"]), download),
    )


def _header(table: Table, column: Column, path: str, state: Mapping[str, str], anchor: str) -> Header:
    now = "" if table.sorted_by != column.key else "descending" if table.descending else "ascending"
    # Figures start with the largest, words with A; a second click turns it round.
    down = now == "ascending" or (not now and column.number)
    sort = ("-" if down else "") + f"{table.name}.{column.key}"
    return Header(column, with_query(path, state, sort=sort) + anchor, now)
