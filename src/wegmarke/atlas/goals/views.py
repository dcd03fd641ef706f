"""Goals: how each stands, and changing one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wegmarke.atlas import measures
from wegmarke.atlas.fields import name_of
from wegmarke.atlas.goals import wording
from wegmarke.atlas.goals.charting import chart
from wegmarke.atlas.goals.contracts import Course
from wegmarke.atlas.goals.forms import GoalForm, initial
from wegmarke.atlas.goals.queries import standings
from wegmarke.atlas.links import card
from wegmarke.atlas.pages import here, page
from wegmarke.atlas.together import together
from wegmarke.plan import queries as plans
from wegmarke.plan import rights, services
from wegmarke.plan.contracts import Goal, Side
from wegmarke.plan.findings import PlanError
from wegmarke.plan.naming import new_key

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wegmarke.atlas.goals.contracts import Standing
    from wegmarke.atlas.goals.wording import CourseWords
    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Plan
    from wegmarke.ui.charts import Chart

URGENT = (Course.OFF_COURSE, Course.AT_RISK, Course.TOO_LITTLE, Course.ON_COURSE, Course.REACHED)


@dataclass(frozen=True, slots=True)
class ShownGoal:
    """One goal as its card shows it; `touchpoints` are names with the ways to their cards."""

    goal: Goal
    name: str
    course: CourseWords
    sentence: str
    metric: str
    actual: str
    actual_of: str
    start: str
    since: str
    until: str
    touchpoints: tuple[tuple[str, str], ...]
    phases: tuple[str, ...]
    funnel: str
    chart: Chart | None


@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """Show all goals, those that need somebody first."""
    at = here(request)
    found = standings(at.plan, None if at.stored is None else at.stored.analysis, localdate())
    ordered = sorted(found, key=lambda one: URGENT.index(one.course))
    shown = [_shown(at, one, f"goal-{place}") for place, one in enumerate(ordered, start=1)]
    sides = [(side, [one for one in shown if one.goal.side is side]) for side in Side]
    counts = [
        (words, sum(one.course is course for one in found)) for course, words in wording.COURSES.items()
    ]
    context = {"sides": sides, "counts": [pair for pair in counts if pair[1]], "goals": shown}
    return page(request, "atlas/goals/goals.html", at, context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a goal."""
    at = here(request)
    rights.require_plan(at.user)
    form = GoalForm(request.POST or None, at=at, initial={"touchpoints": request.GET.getlist("touchpoint")})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name_de"] or form.cleaned_data["name_en"]
        key = new_key(name, [one.key for one in at.plan.goals], "goal")
        if _saved(request, at, form, form.goal(key), based_on=None):
            return redirect("atlas:goals")
    return _form_page(request, at, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change a goal; what others changed in its other fields in the meantime is kept."""
    at = here(request)
    rights.require_plan(at.user)
    goal = _goal(at.plan, key)
    if goal is None:
        raise Http404(_("There is no such goal (any more)."))
    if request.method != "POST":
        return _form_page(request, at, GoalForm(at=at, initial=initial(goal, at.version)), goal)
    form = GoalForm(request.POST.copy(), at=at)
    if form.is_valid():
        based_on = min(form.cleaned_data["based_on"] or at.version, at.version)
        if _saved(request, at, form, form.goal(key), based_on=based_on):
            return redirect("atlas:goals")
    return _form_page(request, at, form, goal)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Ask before a goal is removed; then remove it."""
    at = here(request)
    if request.method != "POST":
        return _ask(request, at, key)
    try:
        services.remove_goal(key, by=at.user, now=timezone.now())
    except services.UnknownPartError:
        raise Http404(_("There is no such goal (any more).")) from None
    messages.success(request, _("The goal was removed. Under Versions you can go back."))
    return redirect("atlas:goals")


def _ask(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    rights.require_plan(at.user)
    goal = _goal(at.plan, key)
    if goal is None:
        raise Http404(_("There is no such goal (any more)."))
    context = {
        "question": _("Remove “%(name)s”?") % {"name": at.said(goal.name) or key},
        "where": _("Goals"),
        "means": _("The goal goes from the plan; earlier versions of the plan keep it."),
        "back": reverse("atlas:goal", args=[key]),
    }
    return page(request, "atlas/ask.html", at, context)


def _goal(plan: Plan, key: str) -> Goal | None:
    return next((one for one in plan.goals if one.key == key), None)


def _saved(request: HttpRequest, at: Here, form: GoalForm, goal: Goal, *, based_on: int | None) -> bool:
    """Save a goal; where that cannot be, the form says why and what others changed."""
    try:
        services.save_goal(goal, based_on=based_on, by=at.user, now=timezone.now())
    except services.PartChangedError as error:
        form.add_error(None, _others_changed(error))
        base = _goal(plans.version(based_on).plan, goal.key) if based_on else None
        if base is not None and isinstance(error.theirs, Goal):
            form.rebase(together(base, goal, error.theirs), error.version)
    except services.UnknownPartError:
        form.add_error(None, _("Somebody removed this goal in the meantime."))
    except PlanError as error:
        for finding in error.findings:
            form.add_error(None, finding.in_words(_))
    else:
        messages.success(request, _("The goal “%(name)s” is saved.") % {"name": at.said(goal.name)})
        return True
    return False


def _others_changed(error: services.PartChangedError) -> str:
    if error.theirs is None:
        return _("Somebody removed this goal in the meantime.")
    fields = ", ".join(name_of(name) for name in error.fields)
    return _(
        "Somebody else changed this goal in the meantime: %(fields)s. Your entries stand below, beside what "
        "else was changed; save again to put yours in the place of theirs."
    ) % {"fields": fields}


def _form_page(request: HttpRequest, at: Here, form: GoalForm, goal: Goal | None) -> HttpResponse:
    context = {"form": form, "goal": goal, "name": "" if goal is None else at.said(goal.name)}
    return page(request, "atlas/goals/goal.html", at, context, status=422 if form.errors else 200)


def _shown(at: Here, one: Standing, name: str) -> ShownGoal:
    goal, measure = one.goal, one.goal.metric.measure
    names = {touchpoint.key: at.said(touchpoint.name) for touchpoint in at.plan.touchpoints}
    phases = {phase.key: phase.name for journey in at.plan.journeys for phase in journey.phases}
    phases |= {step.key: step.name for j in at.plan.journeys for p in j.phases for step in p.steps}
    picture = chart(one, name)
    return ShownGoal(
        goal=goal,
        name=at.said(goal.name) or goal.key,
        course=wording.COURSES[one.course],
        sentence=wording.sentence(one),
        metric=measures.in_words(goal.metric),
        actual="" if one.actual is None else wording.value(measure, one.actual),
        actual_of=_actual_of(one),
        start="" if goal.start is None else measures.written(measure, goal.start),
        since="" if goal.since is None else measures.day(goal.since),
        until=measures.day(goal.until),
        touchpoints=tuple((names.get(key, key), card(key)) for key in goal.touchpoints),
        phases=tuple(at.said(phases[key]) for key in goal.phases if key in phases),
        funnel=next((at.said(f.name) for f in at.plan.funnels if f.key == goal.funnel), ""),
        chart=None if picture is None else replace(picture, title=f"{at.said(goal.name)}: {picture.title}"),
    )


def _actual_of(one: Standing) -> str:
    """Say of when a value is, and what it rests on."""
    if one.actual is None:
        return ""
    when = _("whole period") if one.month is None else wording.month(one.month)
    n = wording.n_of(one.goal.metric.measure, one.actual)
    return f"{when}, {n}" if n else when
