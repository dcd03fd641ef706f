"""The list of touchpoints, on the page and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wegmarke.atlas import links
from wegmarke.atlas.fields import name_of
from wegmarke.atlas.pages import here, page
from wegmarke.atlas.touchpoints.filters import FIGURES, NOTHING, ORDERS, Filters, controls, gaps
from wegmarke.atlas.touchpoints.listing import Entries, grouped, phase_groups, table
from wegmarke.atlas.touchpoints.understanding import FACETS
from wegmarke.insights import exporting
from wegmarke.plan import queries as plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from wegmarke.atlas.pages import Here
    from wegmarke.atlas.touchpoints.listing import Entry

SHOWN_ROWS = 500
"""Rows of one page; a form with one box a row stays below the number of fields Django takes."""
MOST_DIGITS = 9
"""So many phases have a digit of the keyboard each."""


@require_safe
def touchpoints(request: HttpRequest) -> HttpResponse:
    """Show the touchpoints the address asks for; without any, the ways to get some."""
    at = here(request)
    context = {"saved": _saved(request, at), "added": request.GET.get("added", "")}
    if not at.plan.touchpoints:
        return page(request, "atlas/touchpoints/none.html", at, context)
    filters = filters_of(request)
    listed = Entries(at).ordered(filters.keep(at.plan.touchpoints), filters)
    return page(request, "atlas/touchpoints/list.html", at, context | _list(at, filters, listed))


def filters_of(request: HttpRequest) -> Filters:
    """Return what the address asks for."""
    return Filters.of(request.GET.dict(), request.GET.getlist("lacks"))


def _list(at: Here, filters: Filters, listed: Sequence[Entry]) -> dict[str, Any]:
    pages = max(1, -(-len(listed) // SHOWN_ROWS))
    number = min(max(1, filters.page), pages)
    shown = listed[(number - 1) * SHOWN_ROWS : number * SHOWN_ROWS]
    phases = phase_groups(at)
    chosen = controls(at.plan, filters, phases)
    query = urlencode(filters.query())
    return {
        "filters": filters,
        "controls": [control for control in chosen if control.name not in FACETS],
        "facets": [control for control in chosen if control.name in FACETS],
        **_into(at, phases),
        "unplaced": sum(not one.phases for one in at.plan.touchpoints),
        "only_unplaced": filters.values.get("phase") == NOTHING,
        "gaps": gaps(filters, at.plan.touchpoints),
        "headers": _headers(filters),
        "groups": grouped(shown, by_phase=filters.grouped),
        "shown": len(shown),
        "found": len(listed),
        "total": len(at.plan.touchpoints),
        "pages": _pages(filters, number, pages),
        "may_change": any(entry.editable for entry in shown),
        "query": query,
        "files": [
            (ending, _address("atlas:touchpoints-export", filters, ending)) for ending in exporting.WRITERS
        ],
    }


def _into(at: Here, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> dict[str, Any]:
    """Return the phases to put touchpoints into: of the leading journey by a key each, others to choose."""
    leading = at.plan.journeys[0].phases[:MOST_DIGITS] if at.plan.journeys else ()
    names = {key: name for _journey, phases in groups for key, name in phases}
    keyed = {phase.key: names[phase.key] for phase in leading}
    rest = [(journey, [one for one in phases if one[0] not in keyed]) for journey, phases in groups]
    return {"into": keyed, "phases": [group for group in rest if group[1]]}


@dataclass(frozen=True, slots=True)
class Header:
    """One column's title, the address that sorts by it, how it is sorted now."""

    title: str
    url: str
    sorted: str
    number: bool


def _headers(filters: Filters) -> list[Header]:
    titles = {
        "name": _("Touchpoint"),
        "phase": _("Phase"),
        **{name: name_of(name) for name in ORDERS if name not in ("name", "phase")},
        "verdict": _("Verdict"),
        "persons": _("Persons"),
        "experience": _("Net experience"),
    }
    return [_header(filters, name, title) for name, title in titles.items()]


def _header(filters: Filters, name: str, title: str) -> Header:
    now = "" if filters.sort != name else "descending" if filters.descending else "ascending"
    figure = name in FIGURES and name != "verdict"
    down = now == "ascending" or (not now and figure)  # figures start with the largest
    query = [pair for pair in filters.query() if pair[0] != "sort"]
    address = f"{reverse(links.TOUCHPOINTS)}?{urlencode([*query, ('sort', ('-' if down else '') + name)])}"
    return Header(title, address, now, figure)


def _pages(filters: Filters, number: int, count: int) -> list[tuple[int, str, bool]]:
    if count == 1:
        return []
    base = reverse(links.TOUCHPOINTS)
    return [
        (one, f"{base}?{urlencode([*filters.query(), ('page', str(one))])}", one == number)
        for one in range(1, count + 1)
    ]


def _address(name: str, filters: Filters, ending: str) -> str:
    query = urlencode(filters.query())
    return reverse(name, args=[ending]) + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Saved:
    """A change that was just made: its version, its words, whether it can be undone from here."""

    version: int
    comment: str
    undoable: bool


def _saved(request: HttpRequest, at: Here) -> Saved | None:
    """Return the change the address speaks of, if there is such a version."""
    written = request.GET.get("saved", "")
    if not (written.isascii() and written.isdigit() and len(written) < 10):  # noqa: PLR2004 - more are none
        return None
    number = int(written)
    if not 1 <= number <= at.version:
        return None
    comment = next((one.comment for one in plans.history(limit=1, before=number + 1)), "")
    return Saved(number, comment, undoable=at.may_edit)


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Send the touchpoints the address asks for as a file."""
    at, filters = here(request), filters_of(request)
    listed = Entries(at).ordered(filters.keep(at.plan.touchpoints), filters)
    return exporting.as_response(table(listed, at), ending)
