"""Views: the card of a touchpoint, its history, its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wegmarke.atlas import links, measures
from wegmarke.atlas.cards import evidence, history, labels, reading, references
from wegmarke.atlas.cards.verdict import verdict_of
from wegmarke.atlas.fields import word_of
from wegmarke.atlas.inputs import whole
from wegmarke.atlas.pages import here, page
from wegmarke.insights import queries as insights
from wegmarke.plan import queries as plans
from wegmarke.plan import rights, services
from wegmarke.plan.contracts import Status
from wegmarke.plan.evidence import queries as evidence_queries
from wegmarke.plan.evidence.contracts import strongest
from wegmarke.plan.findings import PlanError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Touchpoint

NEWEST = 10
RETIRE, BRING_BACK = Status.RETIRED.value, "back"


@require_safe
def card(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a touchpoint is, whether it is any good, and who answers for it."""
    at = here(request)
    touchpoint = at.plan.touchpoint(key)
    edits = history.edits_of(key, at)
    stored = at.stored
    seen = measures.lived_at(key, stored.analysis if stored else None)
    if touchpoint is None and seen is None and not edits:
        raise Http404(_("There is no such touchpoint in the plan."))
    about = evidence_queries.all_evidence(touchpoint=key)
    name = _name(touchpoint, key, at)
    context: dict[str, Any] = {
        "key": key,
        "name": name,
        "touchpoint": touchpoint,
        "verdict": verdict_of(key, name, touchpoint, at),
        "figures": reading.figures_of(key, at),
        "funnels": reading.funnels(key, at),
        "evidence": [evidence.shown(one, at) for one in about],
        "grade": evidence.grade_words(strongest(one.statement.grade for one in about)),
        "edits": edits[:NEWEST],
        "edit_count": len(edits),
        "may_edit": touchpoint is not None and at.may_edit_touchpoint(touchpoint),
        "may_add": at.may_edit and touchpoint is None and bool(edits),
        "removed": edits[0] if touchpoint is None and edits and edits[0].went else None,
        "retired": touchpoint is not None and touchpoint.status is Status.RETIRED,
        "stored": stored,
        "freshness": insights.freshness(timezone.now()),
        "showing": "" if stored is None else str(stored.refresh),
        "newer": False,
    }
    if touchpoint is not None:
        context |= reading.design(touchpoint, at)
    return page(request, "atlas/cards/card.html", at, context)


def _name(touchpoint: Touchpoint | None, key: str, at: Here) -> str:
    return key if touchpoint is None else at.said(touchpoint.name) or key


@require_safe
def history_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show everything that happened to a touchpoint; compare two versions of it."""
    at = here(request)
    touchpoint = at.plan.touchpoint(key)
    edits = history.edits_of(key, at)
    if not edits:
        raise Http404(_("There is no such touchpoint in the plan."))
    numbers = [edit.version for edit in edits]
    older, newer = _chosen(request, "older", numbers), _chosen(request, "newer", numbers)
    compared = None
    if older and newer:
        states = sorted((older, newer))
        compared = _compared(key, states[0], states[1], at)
    context = {
        "key": key,
        "name": _name(touchpoint, key, at),
        "touchpoint": touchpoint,
        "edits": edits,
        "older": older or (numbers[1] if len(numbers) > 1 else numbers[0]),
        "newer": newer or numbers[0],
        "compared": compared,
        "may_edit": touchpoint is not None and at.may_edit_touchpoint(touchpoint),
        "may_add": touchpoint is None and at.may_edit,
    }
    return page(request, "atlas/cards/history.html", at, context)


def _chosen(request: HttpRequest, name: str, numbers: list[int]) -> int:
    """Read the number of a version from the address; 0 where it is none of this touchpoint."""
    sent = request.GET.get(name, "")
    return number if (number := whole(sent)) in numbers else 0


def _compared(key: str, older: int, newer: int, at: Here) -> dict[str, Any]:
    before = plans.version(older).plan.touchpoint(key)
    after = plans.version(newer).plan.touchpoint(key)
    both = before is not None and after is not None
    return {
        "older": older,
        "newer": newer,
        "both": both,
        "existed": before is not None,
        "changes": history.between(before, after, at) if before is not None and after is not None else (),
    }


@never_cache
@require_POST
def restore(request: HttpRequest, key: str) -> HttpResponse:
    """Give fields of a touchpoint the values they had in an earlier version; `all` means every field.

    `before` names a version whose edit is undone: its fields get the values they had before it.
    """
    at = here(request)
    number, fields = _wanted(request, key)
    source = plans.version(number).plan.touchpoint(key) if 0 < number <= at.version else None
    if source is None:
        raise Http404(_("There is no such version of this touchpoint."))
    current = at.plan.touchpoint(key)
    if current is not None and not (fields or request.POST.get("all")):
        rights.require_touchpoints(at.user, [current])
        messages.info(request, _("Nothing was chosen, so nothing was changed."))
        return redirect(links.card(key))
    comment = gettext("Values of version %(version)s restored") % {"version": number}
    signed: dict[str, Any] = {"by": at.user, "now": timezone.now(), "comment": comment}
    try:
        if current is None:
            services.add_touchpoints([source], **signed)
        else:
            changed = history.with_values(current, source, fields or labels.FIELDS.keys() - {"key"})
            services.change_touchpoint(changed, based_on=at.version, **signed)
    except PlanError as error:
        for finding in error.findings:
            messages.error(request, finding.in_words(gettext))
    except (services.PartChangedError, services.PlanChangedError):
        messages.error(request, _("Somebody changed this touchpoint at the same moment. Please try again."))
    else:
        messages.success(request, _("The values of version %(version)s stand again.") % {"version": number})
    return redirect(links.card(key))


def _wanted(request: HttpRequest, key: str) -> tuple[int, list[str]]:
    """Return which version to take values of, and of which fields."""
    undone = whole(request.POST.get("before", ""))
    if not undone:
        fields = [name for name in request.POST.getlist("field") if name in labels.FIELDS and name != "key"]
        return whole(request.POST.get("version", "")), fields
    edits = plans.edits_of(history.KIND, key)
    edit = next((one for one in edits if one.version.version == undone), None)
    names = [] if edit is None else [change.name for change in edit.changes if change.name]
    return (undone - 1, names) if names else (0, [])


@never_cache
@require_POST
def set_status(request: HttpRequest, key: str) -> HttpResponse:
    """Retire a touchpoint, or bring it back as what it was; everything else about it stays."""
    at = here(request)
    touchpoint = at.plan.touchpoint(key)
    if touchpoint is None:
        raise Http404(_("There is no such touchpoint in the plan."))
    wanted = request.POST.get("status", "")
    if wanted not in (RETIRE, BRING_BACK):
        return HttpResponseBadRequest()
    retire = wanted == RETIRE
    status = Status.RETIRED if retire else _status_before(touchpoint)
    try:
        services.change_touchpoint(
            replace(touchpoint, status=status), based_on=at.version, by=at.user, now=timezone.now()
        )
    except services.PartChangedError:
        messages.error(request, _("Somebody changed this touchpoint at the same moment. Please try again."))
    else:
        done = _("The touchpoint is retired. Its rules and figures stay.")
        back = _("The touchpoint is back with the status “%(status)s”.") % {"status": word_of(status)}
        messages.success(request, done if retire else back)
    return redirect(links.card(key))


def _status_before(touchpoint: Touchpoint) -> Status:
    """Return the status a touchpoint has, or had before it was retired; live where it never had another."""
    if touchpoint.status is not Status.RETIRED:
        return touchpoint.status
    for edit in plans.edits_of(history.KIND, touchpoint.key):
        for change in edit.changes:
            if change.name == "status" and change.after == Status.RETIRED.value:
                return Status(str(change.before)) if change.before else Status.LIVE
    return Status.LIVE


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Ask before a touchpoint is removed, naming what refers to it; then remove it."""
    at = here(request)
    rights.require_plan(at.user)
    touchpoint = at.plan.touchpoint(key)
    if touchpoint is None:
        raise Http404(_("There is no such touchpoint in the plan."))
    problems: list[str] = []
    if request.method == "POST":
        try:
            services.remove_touchpoints([key], by=at.user, now=timezone.now())
        except PlanError as error:
            problems = [finding.in_words(gettext) for finding in error.findings]
        else:
            messages.success(request, _("The touchpoint was removed. Its history stays."))
            return redirect(links.card(key))
    count = len(evidence_queries.all_evidence(touchpoint=key))
    context = {
        "key": key,
        "name": _name(touchpoint, key, at),
        "touchpoint": touchpoint,
        "references": references.references_to(key, at),
        "problems": problems,
        "evidence_note": ngettext(
            "%(n)s piece of evidence is about it and stays.",
            "%(n)s pieces of evidence are about it and stay.",
            count,
        )
        % {"n": count}
        if count
        else "",
    }
    return page(request, "atlas/cards/remove.html", at, context, status=409 if problems else 200)
