"""Views of the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wegmarke.atlas.matrix import pages, rules, tables
from wegmarke.atlas.matrix.contracts import Across, Count, State
from wegmarke.atlas.pages import here, page
from wegmarke.atlas.shown import as_file, fresh, shown
from wegmarke.insights.links import with_query
from wegmarke.insights.names import Names

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from wegmarke.atlas.matrix.contracts import Matrix, Wanted
    from wegmarke.atlas.pages import Here


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Show planned beside happened, phase by channel or department."""
    at = here(request)
    analysis = None if at.stored is None else at.stored.analysis
    wanted = pages.wanted(request.GET, analysis)
    found, names = _found(at, wanted), Names(at.plan)
    path, query = reverse("atlas:matrix"), pages.query_of(wanted)
    cells = tables.in_cell(found, wanted)
    everybody = wanted.segment is None
    table = tables.touchpoints(found, cells, at.plan, analysis, everybody=everybody) if cells else None
    quarters = () if analysis is None else rules.quarters_of(analysis.load)
    context: dict[str, Any] = {
        "found": found,
        "sentence": pages.sentence(found, names, wanted) if analysis else "",
        "without": pages.empty_phases(found, names) if analysis else "",
        "phases": [pages.phase_name(one.key, names) for one in found.phases],
        "rows": pages.rows(found, names, wanted),
        "empty_rows": pages.empty_rows(found),
        "totals": [pages.shown_total(one) for one in found.phases],
        "whole": pages.shown_total(found.whole),
        "marks": [pages.STATES[one] for one in (State.OVER, State.GAP, State.UNPLANNED)],
        "shades": range(pages.SHADES + 1),
        "query": query,
        "quarters": [
            (pages.quarter_slug(one), pages.quarter_name(one), one == found.quarter) for one in quarters
        ],
        "open_quarter": bool(analysis and not analysis.load.last_complete
                             and found.quarter == analysis.load.quarters[-1]),
        "quarter_name": pages.quarter_name(found.quarter) if found.quarter else "",
        "segments": [("=".join(one), name, one == wanted.segment) for one, name in pages.segments(analysis)],
        "tabs": _tabs(path, wanted),
        "everybody": everybody,
        "cell_table": None if table is None else shown(table, request, "atlas:matrix-file"),
        "files": [
            (ending, with_query(reverse("atlas:matrix-file", args=["matrix", ending]), query))
            for ending in ("csv", "xlsx")
        ],
        **fresh(at),
    }  # fmt: skip
    return page(request, "atlas/matrix/matrix.html", at, context)


def _found(at: Here, wanted: Wanted) -> Matrix:
    return rules.matrix(at.plan, None if at.stored is None else at.stored.analysis, wanted)


def _tabs(path: str, wanted: Wanted) -> list[tuple[str, str, bool]]:
    channel, department = Across.CHANNEL, Across.DEPARTMENT
    choices = [
        (_("Contacts by channel"), channel, Count.CONTACTS),
        (_("All touches by channel"), channel, Count.TOUCHES),
        (_("Contacts by department"), department, Count.CONTACTS),
        (_("All touches by department"), department, Count.TOUCHES),
    ]
    return [
        (
            name,
            with_query(
                path,
                {
                    **pages.query_of(wanted),
                    "across": across if across is not channel else "",
                    "count": count if count is not Count.CONTACTS else "",
                },
            ),
            wanted.across is across and wanted.count is count,
        )
        for name, across, count in choices
    ]


@require_safe
def file(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """Send the matrix, or the touchpoints of a cell, as a file."""
    at = here(request)
    analysis = None if at.stored is None else at.stored.analysis
    wanted = pages.wanted(request.GET, analysis)
    found, names = _found(at, wanted), Names(at.plan)
    if name == "matrix":
        return as_file(tables.whole(found, names), request, ending)
    if name == "cell":
        cells = tables.in_cell(found, wanted)
        everybody = wanted.segment is None
        table = tables.touchpoints(found, cells, at.plan, analysis, everybody=everybody)
        return as_file(table, request, ending)
    raise Http404
