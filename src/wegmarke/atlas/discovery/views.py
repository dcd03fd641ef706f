"""Views: read the address or what was sent, do it, show what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from wegmarke.atlas.discovery import forms, listing, pages, queries, services
from wegmarke.atlas.discovery.listing import Wanted
from wegmarke.atlas.discovery.rules import key_of
from wegmarke.atlas.pages import here, page
from wegmarke.insights import exporting
from wegmarke.insights.links import with_query
from wegmarke.plan import rights
from wegmarke.plan.findings import PlanError
from wegmarke.plan.services import PlanChangedError, UnknownPartError
from wegmarke.ui import numbers

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wegmarke.atlas.discovery.contracts import Candidate, Discovered
    from wegmarke.atlas.discovery.pages import Entered
    from wegmarke.atlas.pages import Here

NAMED = 5
"""How many names a message names."""


@require_http_methods(["GET", "HEAD", "POST"])
def discovery(request: HttpRequest) -> HttpResponse:
    """Show possible touchpoints; sent, do with them what was asked for."""
    at, found = here(request), queries.latest()
    wanted = Wanted.of(request.GET.dict())
    if request.method == "POST":
        return _act(request, at, found, wanted)
    return _page(request, at, found, wanted)


def _page(
    request: HttpRequest,
    at: Here,
    found: Discovered | None,
    wanted: Wanted,
    entered: dict[str, Entered] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"progress": queries.progress(timezone.now()), "found": found}
    if found is not None:
        context |= pages.context(at, found, wanted, entered)
    return page(request, "atlas/discovery/discovery.html", at, context)


def _act(request: HttpRequest, at: Here, found: Discovered | None, wanted: Wanted) -> HttpResponse:
    """Do what the pressed button says; afterwards the page is asked for anew."""
    data = request.POST
    if "look_again" in data:
        _look_again(request, at, data["look_again"])
        return redirect(_address(wanted))
    listed = queries.still_open(found.found, at.plan) if found is not None else ()
    candidates = {one.key: one for one in listed}
    if "add" in data:
        _add(request, at, candidates.get(data["add"]))
        return _on_with(request, found, wanted, {data["add"]})
    leave = "leave" in data
    chosen = forms.picked(data, "leave" if leave else "adopt", candidates)
    if not chosen:
        messages.warning(request, _("Nothing was selected, so nothing was changed."))
    elif leave:
        _leave_alone(request, at, chosen)
    elif problem := _adopt(request, at, candidates, chosen):
        answer = _page(request, at, found, wanted, problem)
        answer.status_code = 422
        return answer
    return _on_with(request, found, wanted, {one.key for one in chosen})


def _on_with(request: HttpRequest, found: Discovered | None, wanted: Wanted, done: set[str]) -> HttpResponse:
    """Go on: with what was entered in other rows than those done, or with the page as it stands now."""
    at = here(request)
    candidates = {} if found is None else {one.key: one for one in queries.still_open(found.found, at.plan)}
    kept = forms.unsaved(request.POST, candidates, done, at)
    return _page(request, at, found, wanted, kept) if kept else redirect(_address(wanted))


def _address(wanted: Wanted) -> str:
    return with_query(reverse("atlas:discovery"), wanted.as_query())


def _adopt(
    request: HttpRequest, at: Here, candidates: dict[str, Candidate], chosen: list[Candidate]
) -> dict[str, Entered]:
    """Adopt candidates; return what was entered where it could not be saved."""
    rights.require_plan(at.user)
    rows = forms.entered(request.POST, candidates, chosen, at.plan)
    if any(row.problem for row in rows.values()):
        messages.error(request, _("Nothing was adopted yet: please mend the marked rows first."))
        return rows
    adoptions = [forms.adoption(one, rows, at.language) for one in chosen]
    try:
        services.adopt(adoptions, by=at.user, now=timezone.now(), comment=_("Adopted from discovery"))
    except PlanChangedError:
        messages.error(request, _("Somebody else changed the plan just now. Please try again."))
        return rows
    except PlanError as error:
        messages.error(request, " ".join(finding.in_words(_) for finding in error.findings))
        return rows
    text = ngettext(
        "%(n)s touchpoint was added to the plan: %(names)s.",
        "%(n)s touchpoints were added to the plan: %(names)s.",
        len(chosen),
    )
    names = ", ".join(one.name for one in adoptions[:NAMED]) + (" …" if len(adoptions) > NAMED else "")
    messages.success(request, text % {"n": numbers.number(len(chosen)), "names": names})
    return {}


def _leave_alone(request: HttpRequest, at: Here, chosen: list[Candidate]) -> None:
    services.leave_alone(chosen, by=at.user, now=timezone.now(), comment=_("No touchpoint"))
    text = ngettext(
        "%(n)s entry is remembered as no touchpoint. You can take that back under “No touchpoint”.",
        "%(n)s entries are remembered as no touchpoints. You can take that back under “No touchpoint”.",
        len(chosen),
    )
    messages.success(request, text % {"n": numbers.number(len(chosen))})


def _look_again(request: HttpRequest, at: Here, key: str) -> None:
    rule = next((one for one in at.plan.not_touchpoints if key_of((one,)) == key), None)
    if rule is None:
        messages.warning(request, _("That was taken back already."))
        return
    services.look_again(rule, by=at.user, now=timezone.now(), comment=_("Looked at again"))
    messages.success(request, _("Taken back. The events will be looked at again in a moment."))


def _add(request: HttpRequest, at: Here, candidate: Candidate | None) -> None:
    touchpoint = None if candidate is None else at.plan.touchpoint(candidate.like or "")
    if candidate is None or touchpoint is None:
        messages.warning(request, _("This entry or its touchpoint is gone, so nothing was changed."))
        return
    try:
        services.add_rules(candidate, touchpoint.key, by=at.user, now=timezone.now())
    except (UnknownPartError, PlanError, PlanChangedError):
        messages.error(request, _("Somebody else changed the plan just now. Please try again."))
        return
    said = {"touchpoint": at.said(touchpoint.name) or touchpoint.key}
    messages.success(request, _("These events now belong to the touchpoint “%(touchpoint)s”.") % said)


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """Say how far the worker is; the page asks for this while something is under way."""
    found = queries.latest()
    shown = request.GET.get("shown", "")
    newer = found is not None and f"{found.computed_at.timestamp():.0f}" != shown
    context = {"progress": queries.progress(timezone.now()), "found": found, "newer": newer, "shown": shown}
    return render(request, "atlas/discovery/progress.html", context)


@require_POST
def try_again(request: HttpRequest, run: int) -> HttpResponse:
    """Let a run that failed be tried again."""
    rights.require_plan(here(request).user)
    queries.try_again(run, now=timezone.now())
    return redirect("atlas:discovery")


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the candidates as a file, filtered and sorted as on the page."""
    at, found = here(request), queries.latest()
    if found is None:
        raise Http404(_("There is no such file."))
    wanted = Wanted.of(request.GET.dict())
    chosen = listing.chosen(queries.still_open(found.found, at.plan), wanted, at.plan, at.language)
    table = listing.as_table(chosen, at.plan, at.language)
    return exporting.as_response(table, ending)
