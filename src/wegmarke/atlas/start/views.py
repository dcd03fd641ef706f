"""The first start: three ways in, an example before it is taken, and taking it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from wegmarke.atlas import links
from wegmarke.atlas.pages import here, page
from wegmarke.atlas.start.rules import joined
from wegmarke.plan import examples, rights, services
from wegmarke.plan.findings import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Journey, Plan, PlanVersion

ADD, REPLACE = "add", "replace"
YAML_TYPE = "application/yaml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ShownPhase:
    """One phase of a preview, with the names of its touchpoints; the one without a phase has no name."""

    name: str
    goal: str
    touchpoints: tuple[str, ...]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the three ways in."""
    at = here(request)
    offers = [
        {"key": one.key, "title": at.said(one.title), "about": at.said(one.about), "example": one}
        for one in examples.every()
    ]
    return page(request, "atlas/start/start.html", at, {"offers": offers})


@require_http_methods(["GET", "HEAD", "POST"])
def example(request: HttpRequest, key: str) -> HttpResponse:
    """Show an example phase by phase, and take it as the plan or into the plan."""
    at = here(request)
    try:
        plan = examples.plan_of(key, at.language)
    except examples.NoSuchExampleError:
        raise Http404(_("There is no such example.")) from None
    if request.method == "POST":
        rights.require_plan(at.user)
        if (done := _take(request, at, key, plan)) is not None:
            return done
        at = here(request)
    return page(request, "atlas/start/example.html", at, _context(at, key, plan))


@require_safe
def download(_request: HttpRequest, key: str) -> HttpResponse:
    """Send an example as it is shipped."""
    try:
        text = examples.text_of(key)
    except examples.NoSuchExampleError:
        raise Http404(_("There is no such example.")) from None
    return HttpResponse(
        text,
        content_type=YAML_TYPE,
        headers={"Content-Disposition": 'attachment; filename="plan.yaml"'},
    )


def _take(request: HttpRequest, at: Here, key: str, plan: Plan) -> HttpResponse | None:
    """Save the plan that was chosen; None where it could not be saved, with the reason as a message.

    `based_on` is the version the page was shown for, so that nothing saved in between is written over.
    """
    title = at.said(examples.example(key).title)
    based_on = request.POST.get("based_on", "")
    how = request.POST.get("how", "")
    if based_on != str(at.version) or (at.version and how not in (ADD, REPLACE)):
        messages.error(
            request,
            _("The plan was changed in the meantime; nothing was adopted. Please choose once more."),
        )
        return None
    adding = bool(at.version) and how == ADD
    new = joined(at.plan, plan).plan if adding else plan
    try:
        saved = services.save(
            new,
            by=at.user,
            now=timezone.now(),
            comment=_("Example: %(title)s") % {"title": title},
            based_on=at.version,
        )
    except services.PlanChangedError:
        messages.error(
            request,
            _("The plan was changed in the meantime; nothing was adopted. Please choose once more."),
        )
    except PlanError as error:
        messages.error(request, " ".join(one.in_words(_) for one in error.findings))
    else:
        messages.success(request, _taken(saved, len(new.touchpoints)))
        return redirect(links.TOUCHPOINTS)
    return None


def _taken(saved: PlanVersion, touchpoints: int) -> str:
    text = ngettext(
        "The plan has %(n)d touchpoint now (version %(version)s).",
        "The plan has %(n)d touchpoints now (version %(version)s).",
        touchpoints,
    )
    return text % {"n": touchpoints, "version": saved.version}


def _context(at: Here, key: str, plan: Plan) -> dict[str, Any]:
    one = examples.example(key)
    together = joined(at.plan, plan) if at.version else None
    names = {touchpoint.key: at.said(touchpoint.name) for touchpoint in plan.touchpoints}
    return {
        "key": key,
        "title": at.said(one.title),
        "about": at.said(one.about),
        "phases": tuple(_phases(at, plan, plan.journeys[0])),
        "others": [at.said(journey.name) for journey in plan.journeys[1:]],
        "touchpoints": len(plan.touchpoints),
        "joined": together,
        "unbound": [names[key] for key in together.unbound] if together else [],
    }


def _phases(at: Here, plan: Plan, journey: Journey) -> Iterator[ShownPhase]:
    placed = [(plan.phase_of(touchpoint), at.said(touchpoint.name)) for touchpoint in plan.touchpoints]
    for phase in journey.phases:
        names = tuple(name for own, name in placed if own == phase)
        yield ShownPhase(at.said(phase.name), at.said(phase.goal), names)
