"""Views: all evidence, one piece of it, and its erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wegmarke.atlas import links
from wegmarke.atlas.cards import evidence
from wegmarke.atlas.cards.evidence_forms import GRADE_CHOICES, KIND_CHOICES, EvidenceForm, initial_of
from wegmarke.atlas.inputs import storable, whole
from wegmarke.atlas.pages import here, page
from wegmarke.insights import exporting
from wegmarke.insights.links import with_query
from wegmarke.plan.evidence import queries, services
from wegmarke.plan.evidence.contracts import Grade, Kind
from wegmarke.plan.findings import PlanError
from wegmarke.team.contracts import NotAllowedError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wegmarke.atlas.pages import Here
    from wegmarke.plan.evidence.contracts import Evidence, Statement

MOST_SHOWN = 100
FILTERS = ("touchpoint", "grade", "kind", "q")


@require_safe
def all_evidence(request: HttpRequest) -> HttpResponse:
    """Show evidence, newest first; the address says which."""
    at = here(request)
    found = _found(request)
    most = None if request.GET.get("all") else MOST_SHOWN
    wanted = {name: request.GET.get(name, "") for name in FILTERS}
    file = {
        ending: with_query(reverse("atlas:evidence-file", args=[ending]), wanted)
        for ending in exporting.WRITERS
    }
    context = {
        "evidence": [evidence.shown(one, at) for one in found[:most]],
        "count": len(found),
        "rest": 0 if most is None else max(0, len(found) - most),
        "all_url": with_query(request.path, wanted, all="1"),
        "wanted": wanted,
        "filtered": any(wanted.values()),
        "grades": GRADE_CHOICES,
        "kinds": KIND_CHOICES,
        "touchpoints": _names(at, {wanted["touchpoint"]} - {""}),
        "files": file,
        "may_add": bool(_own(at)) or at.may_edit,
    }
    return page(request, "atlas/cards/evidence.html", at, context)


@require_safe
def evidence_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Send the evidence the address asks for as a file."""
    return exporting.as_response(evidence.table(_found(request), here(request)), ending)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_evidence(request: HttpRequest) -> HttpResponse:
    """Note new evidence; `touchpoint` in the address is what it is about."""
    at = here(request)
    own = _own(at)
    if not at.may_edit and not own:
        raise NotAllowedError(_("Only editors and the owners of touchpoints may note evidence."))
    about = request.GET.get("touchpoint", "")
    initial = {"touchpoints": [about] if about else []}
    form = EvidenceForm(request.POST or None, touchpoints=own, initial=initial)
    if request.method == "POST" and form.is_valid():
        statement = form.statement()
        try:
            services.note(statement, by=at.user, now=timezone.now())
        except PlanError as error:
            _take(form, error)
        else:
            messages.success(request, _("The evidence was noted."))
            return redirect(_back(statement))
    return _show(request, at, form, {"about": about})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_evidence(request: HttpRequest, number: int) -> HttpResponse:
    """Change evidence."""
    at = here(request)
    kept = _kept(number)
    _require(at, kept)
    choices = _own(at, kept.statement.touchpoints)
    if request.method != "POST":
        form = EvidenceForm(touchpoints=choices, initial=initial_of(kept.statement))
        return _show(request, at, form, {"kept": kept, "based_on": kept.revision})
    form = EvidenceForm(request.POST, touchpoints=choices)
    based_on = whole(request.POST.get("based_on", ""), kept.revision)
    context: dict[str, Any] = {"kept": kept, "based_on": based_on}
    if form.is_valid():
        statement = form.statement()
        try:
            services.change(number, statement, based_on=based_on, by=at.user, now=timezone.now())
        except PlanError as error:
            _take(form, error)
        except services.EvidenceChangedError as error:
            theirs = evidence.shown(error.theirs, at)
            return _show(request, at, form, {**context, "theirs": theirs, "based_on": error.theirs.revision})
        else:
            messages.success(request, _("The evidence was saved."))
            return redirect(_back(statement))
    return _show(request, at, form, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase_evidence(request: HttpRequest, number: int) -> HttpResponse:
    """Ask before evidence is erased for good; then erase it."""
    at = here(request)
    kept = _kept(number)
    _require(at, kept)
    if request.method == "POST":
        services.erase(number, by=at.user)
        messages.success(request, _("The evidence was erased for good."))
        return redirect(_back(kept.statement))
    return page(request, "atlas/cards/erase.html", at, {"one": evidence.shown(kept, at)})


def _found(request: HttpRequest) -> tuple[Evidence, ...]:
    grade, kind = request.GET.get("grade", ""), request.GET.get("kind", "")
    return queries.all_evidence(
        touchpoint=storable(request.GET.get("touchpoint", "")),
        grade=Grade(grade) if grade in set(Grade) else None,
        kind=Kind(kind) if kind in set(Kind) else None,
        words=storable(request.GET.get("q", "")).strip(),
    )


def _names(at: Here, more: set[str] | tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return the touchpoints to choose from by name, with those of `more` that left the plan."""
    known = [(one.key, at.said(one.name) or one.key) for one in at.plan.touchpoints]
    gone = [(key, key) for key in more if at.plan.touchpoint(key) is None]
    return sorted([*known, *gone], key=lambda pair: pair[1].casefold())


def _own(at: Here, kept: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return the touchpoints the reader may note evidence about."""
    mine = {one.key for one in at.plan.touchpoints if at.may_edit_touchpoint(one)} | set(kept)
    return [(key, name) for key, name in _names(at, kept) if key in mine]


def _kept(number: int) -> Evidence:
    try:
        return queries.evidence(number)
    except queries.NoSuchEvidenceError:
        raise Http404(_("There is no such evidence (any more).")) from None


def _require(at: Here, kept: Evidence) -> None:
    if not services.may_edit(at.user, at.plan, kept.statement.touchpoints):
        raise NotAllowedError(_("Only editors and the owners of its touchpoints may change this evidence."))


def _take(form: EvidenceForm, error: PlanError) -> None:
    for finding in error.findings:
        form.add_error(finding.path.partition("[")[0], finding.in_words(gettext))


def _back(statement: Statement) -> str:
    """Return to the card where evidence is about one touchpoint, else to the list."""
    if len(statement.touchpoints) == 1:
        return f"{links.card(statement.touchpoints[0])}#evidence"
    return reverse("atlas:evidence")


def _show(request: HttpRequest, at: Here, form: EvidenceForm, context: dict[str, Any]) -> HttpResponse:
    status = 409 if "theirs" in context else 422 if form.errors else 200
    return page(request, "atlas/cards/evidence_form.html", at, {"form": form, **context}, status=status)
