"""The pages of the journey models: list, edit, take over, copy, let lead, remove."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wegmarke.atlas.inputs import whole
from wegmarke.atlas.journeymap.placing import home_of
from wegmarke.atlas.journeymap.wordings import journey_name, window
from wegmarke.atlas.journeys import drafts, saving
from wegmarke.atlas.journeys.shipped import shipped
from wegmarke.atlas.pages import here, page
from wegmarke.insights.links import with_query
from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Text
from wegmarke.plan.findings import PlanError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Journey


@dataclass(frozen=True, slots=True)
class Shown:
    """A journey model in a list."""

    key: str
    name: str
    audience: str
    anchor: str
    phases: tuple[tuple[str, str, str], ...]
    leads: bool = False
    touchpoints: int = 0
    map_url: str = ""


@require_safe
def journeys(request: HttpRequest) -> HttpResponse:
    """List the models of the plan, and those that can be taken over."""
    at = here(request)
    context = {
        "journeys": [_shown(at, one, leads=place == 0) for place, one in enumerate(at.plan.journeys)],
        "shipped": [(name, _shown(at, one)) for name, one in shipped().items()],
    }
    return page(request, "atlas/journeys/list.html", at, context)


def _shown(at: Here, journey: Journey, *, leads: bool = False) -> Shown:
    return Shown(
        key=journey.key,
        name=journey_name(journey, at.said),
        audience=at.said(journey.audience),
        anchor=at.said(journey.anchor),
        phases=tuple((at.said(p.name) or p.key, window(p), at.said(p.goal)) for p in journey.phases),
        leads=leads,
        touchpoints=sum(bool(home_of(one, journey)[0]) for one in at.plan.touchpoints),
        map_url=with_query(reverse("atlas:map"), {"journey": "" if leads else journey.key}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """Edit a model or draw a new one. Each button sends the whole form; only one of them saves."""
    at = _editing(request)
    journey = at.plan.journey(key)
    if key and journey is None:
        raise Http404(_("There is no such journey model."))
    if request.method != "POST":
        draft = (
            drafts.draft_of(journey)
            if journey
            else drafts.Draft(phases=[drafts.PhaseDraft() for _n in range(3)])
        )
        if draft.fields > drafts.MOST_FIELDS:
            messages.error(request, _too_large())
            return redirect("atlas:journeys")
        return _form(request, at, draft, based_on=at.version)
    draft = drafts.read(request.POST, key)
    based_on = whole(request.POST.get("based_on", ""), at.version)
    if action := request.POST.get("action", ""):
        problems = [_too_large()] if action.startswith("add") and draft.is_full else []
        focus = drafts.changed(draft, action)
        return _form(request, at, draft, based_on=based_on, focus=focus, problems=problems)
    new = drafts.journey_of(draft, at.plan)
    if draft.has_errors:
        return _form(request, at, draft, based_on=based_on, status=422)
    return _saved(request, at, draft, (new, based_on if key else None))


def _too_large() -> str:
    return _(
        "This journey model has as many phases and steps as this form can hold. More of them can be written "
        "in the plan document (wegmarke plan export, wegmarke plan apply)."
    )


def _saved(
    request: HttpRequest, at: Here, draft: drafts.Draft, change: tuple[Journey, int | None]
) -> HttpResponse:
    """Save, or show the form again with what stands in the way."""
    journey, based_on = change
    try:
        services.save_journey(journey, based_on=based_on, by=at.user, now=timezone.now())
    except PlanError as error:
        problems = [finding.in_words(_) for finding in error.findings]
        return _form(request, at, draft, based_on=based_on or at.version, problems=problems, status=422)
    except services.PartChangedError as error:
        if error.theirs is None:
            problem = _("Somebody else removed this journey model in the meantime; nothing was saved.")
        else:
            problem = _(
                "Somebody else changed this journey model in the meantime; nothing was saved. What you typed "
                "is kept below: saving again replaces what they changed."
            )
        return _form(request, at, draft, based_on=error.version, problems=[problem], status=409)
    except (services.PlanChangedError, services.UnknownPartError, queries.NoSuchVersionError):
        problem = _("The plan was changed at the same moment; nothing was saved. Please save again.")
        return _form(request, at, draft, based_on=here(request).version, problems=[problem], status=409)
    messages.success(request, _("The journey model is saved."))
    return redirect("atlas:journeys")


def _form(  # noqa: PLR0913 - what a form shows; by keyword
    request: HttpRequest, at: Here, draft: drafts.Draft, *, based_on: int, focus: str = "",
    problems: Sequence[str] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    names = {one.key: at.said(one.name) or one.key for one in at.plan.touchpoints}
    before = at.plan.journey(draft.key)
    left = {phase.key for phase in draft.phases} | {
        step.key for phase in draft.phases for step in phase.steps
    }
    lost = saving.lost(at.plan, set(before.phase_keys()) - left if before else set())
    goals = {one.key: at.said(one.name) or one.key for one in at.plan.goals}
    context: dict[str, Any] = {
        "draft": draft,
        "based_on": based_on,
        "focus": focus,
        "problems": [
            *problems,
            *([_("Some fields do not fit yet; they are marked below.")] if draft.has_errors else []),
        ],
        "touchpoints": sorted(names.items(), key=lambda pair: pair[1].casefold()),
        "lost": [*(names[key] for key in lost.touchpoints), *(goals[key] for key in lost.goals)],
        "is_new": before is None,
    }
    return page(request, "atlas/journeys/edit.html", at, context, status=status)


@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """Take a shipped model into the plan."""
    at = _editing(request)
    model = shipped().get(request.POST.get("name", ""))
    if model is None:
        raise Http404(_("There is no such journey model."))
    try:
        _version, key = saving.adopt(model, by=at.user, now=timezone.now())
    except (services.PlanChangedError, PlanError):
        return _changed_meanwhile(request)
    name = at.said(model.name)
    messages.success(request, _("“%(name)s” is now part of your plan.") % {"name": name})
    return redirect(
        with_query(reverse("atlas:map"), {"journey": key}) if at.plan.journeys else reverse("atlas:map")
    )


@require_POST
def duplicate(request: HttpRequest) -> HttpResponse:
    """Copy a model, for another persona or segment."""
    at = _editing(request)
    journey = at.plan.journey(request.POST.get("key", ""))
    if journey is None:
        raise Http404(_("There is no such journey model."))
    name = journey.name or at.plan.name
    copy = replace(journey, name=Text(de=f"{name.de or name.en} (Kopie)", en=f"{name.en or name.de} (copy)"))
    try:
        _version, key = saving.duplicate(journey.key, copy, by=at.user, now=timezone.now())
    except (services.PlanChangedError, services.UnknownPartError):
        return _changed_meanwhile(request)
    messages.success(
        request,
        _(
            "Copied, with the places of its touchpoints; texts for single phases and goals stay with the "
            "original. Say here for whom the copy is."
        ),
    )
    return redirect("atlas:journey", key=key)


@require_POST
def lead(request: HttpRequest) -> HttpResponse:
    """Let a model lead."""
    at = _editing(request)
    try:
        services.lead_with_journey(request.POST.get("key", ""), by=at.user, now=timezone.now())
    except services.UnknownPartError:
        return _changed_meanwhile(request)
    messages.success(request, _("This model leads now; figures along the phases are being computed anew."))
    return redirect("atlas:journeys")


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Say what is lost with a model, then remove it."""
    at = _editing(request)
    journey = at.plan.journey(key)
    if journey is None:
        raise Http404(_("There is no such journey model."))
    if request.method == "POST":
        try:
            services.remove_journey(key, by=at.user, now=timezone.now())
        except services.UnknownPartError:
            return _changed_meanwhile(request)
        except PlanError as error:
            for finding in error.findings:
                messages.error(request, finding.in_words(_))
            return redirect("atlas:journeys")
        messages.success(
            request, _("The journey model is removed; an earlier version of the plan still holds it.")
        )
        return redirect("atlas:journeys")
    lost = saving.lost(at.plan, set(journey.phase_keys()))
    context = {
        "journey": _shown(at, journey, leads=journey == at.plan.journeys[0]),
        "touchpoints": [
            at.said(one.name) or one.key for one in at.plan.touchpoints if one.key in lost.touchpoints
        ],
        "goals": [at.said(one.name) or one.key for one in at.plan.goals if one.key in lost.goals],
        "next": _shown(at, at.plan.journeys[1])
        if journey == at.plan.journeys[0] and at.plan.journeys[1:]
        else None,
    }
    return page(request, "atlas/journeys/remove.html", at, context)


def _editing(request: HttpRequest) -> Here:
    """Return where the page stands, for those who may change the plan."""
    at = here(request)
    if not at.may_edit:
        raise PermissionDenied(_("Your role may read the plan, but not change it."))
    return at


def _changed_meanwhile(request: HttpRequest) -> HttpResponse:
    messages.error(
        request, _("The plan was changed at the same moment; nothing was saved. Please try again.")
    )
    return redirect("atlas:journeys")
