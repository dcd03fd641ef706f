"""Tables of this room on a page: sorted and filtered by the address, with their files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from wegmarke.insights import exporting
from wegmarke.insights import queries as insights
from wegmarke.insights.links import with_query
from wegmarke.insights.showing import Header, ShownTable

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wegmarke.atlas.pages import Here
    from wegmarke.insights.tables import Column, Table

MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of one table: sorted by which column, all rows or the first."""

    path: str
    query: dict[str, str]
    sort: str
    descending: bool
    every: bool


def asked(request: HttpRequest, name: str) -> Asked:
    """Read `sort=table.column`, with a minus in front for descending, and `all=table`."""
    wanted = request.GET.get("sort", "")
    table, _dot, column = wanted.removeprefix("-").partition(".")
    query = {key: str(value) for key, value in request.GET.items() if key != "all" and value}
    sort = column if table == name else ""
    return Asked(request.path, query, sort, wanted.startswith("-"), request.GET.get("all") == name)


def shown(table: Table, request: HttpRequest, export: str, *, most: int = MOST_ROWS) -> ShownTable:
    """Return a table with its addresses; `export` names the address that sends it as a file."""
    at = asked(request, table.name)
    table = table.sort(at.sort, descending=at.descending) if at.sort else table
    rows = table.rows if at.every else table.rows[:most]
    columns = tuple(column for column in table.columns if not column.aside)
    anchor = f"#table-{table.name}"
    return ShownTable(
        table=table,
        headers=tuple(_header(table, column, at) for column in columns),
        rows=tuple(
            tuple(pair for pair in zip(table.columns, row.cells, strict=True) if not pair[0].aside)
            for row in rows
        ),
        rest=len(table.rows) - len(rows),
        aside=", ".join(column.title for column in table.columns if column.aside),
        all_url=with_query(at.path, at.query, all=table.name) + anchor,
        csv=with_query(reverse(export, args=[table.name, "csv"]), at.query),
        xlsx=with_query(reverse(export, args=[table.name, "xlsx"]), at.query),
    )


def _header(table: Table, column: Column, at: Asked) -> Header:
    now = "" if table.sorted_by != column.key else "descending" if table.descending else "ascending"
    # Figures start with the largest, words with A; a second click turns it round.
    down = now == "ascending" or (not now and column.number)
    sort = ("-" if down else "") + f"{table.name}.{column.key}"
    return Header(column, with_query(at.path, at.query, sort=sort) + f"#table-{table.name}", now)


def fresh(at: Here) -> dict[str, Any]:
    """Return what `insights/freshness.html` says about the figures of a page."""
    return {
        "stored": at.stored,
        "freshness": insights.freshness(timezone.now()),
        "showing": "" if at.stored is None else str(at.stored.refresh),
        "newer": False,
    }


def as_file(table: Table | None, request: HttpRequest, ending: str) -> HttpResponse:
    """Send a table as a file, sorted as the address says; raises `Http404` for what there is not."""
    if table is None:
        raise Http404
    at = asked(request, table.name)
    table = table.sort(at.sort, descending=at.descending) if at.sort else table
    return exporting.as_response(table, ending)
