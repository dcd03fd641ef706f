"""Views of the audit: read the address, look, show it; accept, take over, retire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wegmarke.atlas.audit import forms, pages, queries, rules, services, tables
from wegmarke.atlas.audit.contracts import Kind, Severity
from wegmarke.atlas.audit.words import KINDS, SEVERITIES
from wegmarke.atlas.pages import here, page
from wegmarke.atlas.shown import as_file, fresh, shown
from wegmarke.insights.links import with_query
from wegmarke.insights.names import Names
from wegmarke.plan.services import UnknownPartError
from wegmarke.team.contracts import NotAllowedError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from wegmarke.atlas.audit.contracts import Ground
    from wegmarke.atlas.audit.pages import ShownFinding
    from wegmarke.atlas.pages import Here

NOT_KEPT = ("sort", "all", "finding")
FILTERS = ("severity", "kind", "department", "owner", "verdict", "accepted")


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Show what was found, narrowed down as the address says."""
    at = here(request)
    limits, limits_form = forms.limits_of(request.GET)
    ground = queries.ground(at, limits)
    every = _found(at, ground)
    wanted = pages.Wanted.of(request.GET)
    query = _query(request)
    changed = forms.changed(query, limits)
    narrowed = pages.narrowed(every, wanted)
    open_ones = [one for one in every if one.accepted is None]
    context: dict[str, Any] = {
        "lead": pages.lead(ground),
        "verdicts": pages.verdict_counts(ground, wanted, query) if ground.judgements else [],
        "groups": pages.groups(narrowed, query, every=bool(wanted.kind)),
        "count": len(narrowed),
        "open_count": len(open_ones),
        "accepted_count": len(every) - len(open_ones),
        "high_count": sum(one.finding.severity is Severity.HIGH for one in open_ones),
        "wanted": wanted,
        "choices": _choices(every, at),
        "by_department": pages.concerned(open_ones, at.plan, query, "department"),
        "by_owner": pages.concerned(open_ones, at.plan, query, "owner"),
        "limits_form": limits_form,
        "limits": changed,
        "filters": {key: query[key] for key in FILTERS if query.get(key)},
        "every_url": with_query(reverse("atlas:audit"), changed),
        "usual_url": with_query(reverse("atlas:audit"), {key: query.get(key, "") for key in FILTERS}),
        "kept": with_query("", query),
        "files": [
            (ending, with_query(reverse("atlas:audit-file", args=["findings", ending]), query))
            for ending in ("csv", "xlsx")
        ],
        "severities": [SEVERITIES[one] for one in Severity],
        **fresh(at),
    }
    for table in (_verdicts(ground, wanted), _hand_overs(ground, at)):
        key = f"{table.name.replace('-', '_')}_table"
        context[key] = shown(table, request, "atlas:audit-file", most=12) if table.rows else None
    return page(request, "atlas/audit/audit.html", at, context)


def _query(request: HttpRequest) -> dict[str, str]:
    """Return what the address asks for, filters and limits: ways from the page and back carry it."""
    return {key: str(value) for key, value in request.GET.items() if key not in NOT_KEPT}


def _back(request: HttpRequest) -> str:
    return with_query(reverse("atlas:audit"), _query(request))


def _found(at: Here, ground: Ground) -> list[ShownFinding]:
    accepted = queries.accepted(timezone.localdate())
    return pages.findings(rules.audit(ground), ground, at, accepted)


def _verdicts(ground: Ground, wanted: pages.Wanted) -> Any:  # noqa: ANN401 - a table
    return tables.verdicts(ground, wanted.verdict)


def _hand_overs(ground: Ground, at: Here) -> Any:  # noqa: ANN401 - a table
    return tables.hand_overs(ground.hand_overs, Names(at.plan))


def _choices(every: list[ShownFinding], at: Here) -> dict[str, list[tuple[str, Any]]]:
    """Return what the filters offer: only what there is."""
    kinds = {one.finding.kind for one in every}
    departments = {one.department for one in at.plan.touchpoints if one.department}
    owners = {owner for one in at.plan.touchpoints for owner in one.owners}
    return {
        "severity": [(one, SEVERITIES[one].name) for one in Severity],
        "kind": [(one, KINDS[one].name) for one in Kind if one in kinds],
        "department": [
            *((name, name) for name in sorted(departments, key=str.casefold)),
            (pages.NOBODY, _("no department")),
        ],
        "owner": [
            *((name, name) for name in sorted(owners, key=str.casefold)),
            (pages.NOBODY, _("nobody")),
        ],
    }


@require_safe
def file(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """Send findings, verdicts or hand-overs as a file, narrowed down and sorted as the address says."""
    at = here(request)
    limits, _form = forms.limits_of(request.GET)
    ground = queries.ground(at, limits)
    wanted = pages.Wanted.of(request.GET)
    table = None
    if name == "findings":
        table = tables.findings(pages.narrowed(_found(at, ground), wanted), Names(at.plan))
    elif name == "verdicts":
        table = _verdicts(ground, wanted)
    elif name == "hand-overs":
        table = _hand_overs(ground, at)
    return as_file(table, request, ending)


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Leave one finding as it is, with a reason and a day."""
    at = here(request)
    one = _one(at, request, request.GET.get("finding", ""))
    if not one.may:
        raise NotAllowedError(_("Only those who may mend a finding may accept it."))
    today = timezone.localdate()
    posted = request.POST if request.method == "POST" else None
    initial = None if one.accepted is None else {"reason": one.accepted.reason, "until": one.accepted.until}
    form = forms.AcceptForm(posted, today=today, initial=initial)
    if posted is not None and form.is_valid():
        services.accept(one.finding, **form.cleaned_data, by=at.user, now=timezone.now())
        messages.success(request, _("The finding is accepted until then; it stands under “Accepted”."))
        return redirect(_back(request))
    status = 200 if posted is None else 422
    context = {"one": one, "form": form, "back": _back(request)}
    return page(request, "atlas/audit/accept.html", at, context, status=status)


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Let an accepted finding be found again."""
    at = here(request)
    one = _one(at, request, request.POST.get("finding", ""))
    services.take_back(one.finding, by=at.user)
    messages.success(request, _("The finding is open again."))
    return redirect(_back(request))


@require_POST
def mend(request: HttpRequest) -> HttpResponse:
    """Mend a finding at once: take a touchpoint over, or retire it."""
    at = here(request)
    touchpoint = at.plan.touchpoint(request.POST.get("touchpoint", ""))
    if touchpoint is None or at.user is None:
        raise Http404(_("There is no such touchpoint (any more)."))
    name = at.said(touchpoint.name)
    try:
        if request.POST.get("do") == "take_over":
            services.take_over(touchpoint.key, by=at.user, now=timezone.now())
            messages.success(request, _("You now answer for “%(name)s”.") % {"name": name})
        elif request.POST.get("do") == "retire":
            services.retire(touchpoint.key, by=at.user, now=timezone.now())
            messages.success(request, _("“%(name)s” is retired.") % {"name": name})
        else:
            raise Http404
    except UnknownPartError as error:
        raise Http404(_("There is no such touchpoint (any more).")) from error
    return redirect(_back(request))


def _one(at: Here, request: HttpRequest, key: str) -> ShownFinding:
    """Return one finding by its key, by the limits of the address; raises `Http404` where it is not there."""
    limits, _form = forms.limits_of(request.GET)
    for one in _found(at, queries.ground(at, limits)):
        if one.finding.key == key:
            return one
    raise Http404(_("This finding is not there any more: somebody may have mended it."))
