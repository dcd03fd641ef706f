"""Views: read the address, fetch what is stored, show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from wegmarke.analysis.errors import InvalidQuestionError
from wegmarke.insights import catalogue, exporting, forms, pages, path_pages, queries, services
from wegmarke.insights.contracts import State
from wegmarke.insights.eventlog import views as eventlog_views
from wegmarke.insights.links import with_query
from wegmarke.insights.names import Names
from wegmarke.insights.showing import shown
from wegmarke.team.access import colleague_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wegmarke.insights.contracts import Analysis, AskedFunnel, Stored
    from wegmarke.insights.showing import ShownTable

SHOWN_ROWS = 60
SHOWN = {"instead": 15, "last-actions": 15, "variants": 15, "transitions": 20, "flows": 20}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what matters now; at first start the three ways in."""
    stored = queries.latest()
    if stored is None:
        context = {"has_events": queries.has_events()}
        return _page(request, "insights/first_start.html", None, context)
    return _page(request, "insights/overview.html", stored, pages.overview(stored.analysis))


@require_safe
def moments(request: HttpRequest) -> HttpResponse:
    """Rank the moments that matter."""
    stored = queries.latest()
    if stored is None:
        return _nothing_yet(request)
    wanted = _wanted(request)
    context = pages.moments(stored.analysis, wanted.moment_class)
    context["table"] = _table(request, "moments", stored.analysis, wanted)
    return _page(request, "insights/moments.html", stored, context)


@require_safe
def moment(request: HttpRequest, touchpoint: str) -> HttpResponse:
    """Show the evidence for one touchpoint."""
    stored = queries.latest()
    if stored is None:
        return _nothing_yet(request)
    context = pages.moment(stored.analysis, touchpoint)
    if context is None:
        raise Http404(_("This touchpoint was not judged."))
    wanted = catalogue.Wanted(touchpoint=touchpoint)
    for name in ("effects", "strata"):
        context[name] = _table(request, name, stored.analysis, wanted)
    return _page(request, "insights/moment.html", stored, context)


@require_safe
def journey(request: HttpRequest) -> HttpResponse:
    """Show the journey as lived."""
    stored = queries.latest()
    if stored is None:
        return _nothing_yet(request)
    context = path_pages.journey(stored.analysis) | eventlog_views.offered(request)
    context["table"] = _table(request, "journey", stored.analysis, _wanted(request))
    return _page(request, "insights/journey.html", stored, context)


@require_safe
def funnels(request: HttpRequest) -> HttpResponse:
    """Show one funnel: of the plan, or one somebody asked for."""
    stored = queries.latest()
    if stored is None:
        return _nothing_yet(request)
    wanted = _wanted(request)
    if request.GET.get("asked") and wanted.asked is None:
        raise Http404(_("There is no such funnel (any more)."))
    return _page(request, "insights/funnels.html", stored, _funnel_context(request, stored, wanted))


@require_POST
def ask_funnel(request: HttpRequest) -> HttpResponse:
    """Ask for a funnel of one's own; the worker answers it."""
    stored = queries.latest()
    if stored is None:
        return redirect("insights:funnels")
    form = forms.FunnelForm(request.POST, touchpoints=forms.choices(stored.analysis))
    if form.is_valid():
        try:
            key = services.ask_funnel(
                steps=form.steps, window_days=form.cleaned_data["window_days"],
                refresh=stored.refresh, by=colleague_of(request), now=timezone.now(),
            )  # fmt: skip
            return redirect(with_query(reverse("insights:funnels"), {"asked": str(key)}))
        except InvalidQuestionError:
            form.add_error(None, _("A funnel needs at least two steps."))
        except services.TooManyQuestionsError:
            form.add_error(
                None, _("Many funnels are waiting to be computed. Please ask again in a few minutes.")
            )
    context = _funnel_context(request, stored, catalogue.Wanted(), form)
    response = _page(request, "insights/funnels.html", stored, context)
    response.status_code = 422
    return response


@require_GET
def asked_funnel(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say how far an asked funnel is; once it is answered, the page loads it."""
    asked = queries.asked_funnel(key)
    if asked is None:
        raise Http404(_("There is no such funnel (any more)."))
    response = render(request, "insights/asked.html", {"asked": asked})
    if asked.insight is not None:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def paths(request: HttpRequest) -> HttpResponse:
    """Show real paths and what comes last before leaving."""
    stored = queries.latest()
    if stored is None:
        return _nothing_yet(request)
    context = path_pages.paths(stored.analysis)
    for name in ("last-actions", "variants", "transitions", "flows"):
        context[name.replace("-", "_") + "_table"] = _table(request, name, stored.analysis, _wanted(request))
    return _page(request, "insights/paths.html", stored, context)


@require_GET
def freshness(request: HttpRequest) -> HttpResponse:
    """Say how fresh the figures are; a page that shows none yet reloads once there are some."""
    now = queries.freshness(timezone.now())
    stored = queries.latest()
    showing = request.GET.get("shown", "")
    newer = stored is not None and str(stored.refresh) != showing
    context = {"freshness": now, "stored": stored, "newer": newer, "showing": showing}
    response = render(request, "insights/freshness.html", context)
    if newer and not showing:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def try_again(request: HttpRequest, refresh: int) -> HttpResponse:
    """Let a run that failed be tried again."""
    services.try_again(refresh=refresh, by=colleague_of(request), now=timezone.now())
    return redirect("insights:overview")


@require_safe
def export(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """Send one table as a file, sorted and filtered as the address says."""
    stored = queries.latest()
    if stored is None:
        raise Http404
    table = catalogue.build(name, stored.analysis, _wanted(request))
    if table is None:
        raise Http404
    key, descending = _sorting(request, name)
    table = table.sort(key, descending=descending) if key else table
    return exporting.as_response(table, ending)


def _page(
    request: HttpRequest, template: str, stored: Stored | None, context: dict[str, Any]
) -> HttpResponse:
    """Render a page with how fresh its figures are."""
    now = queries.freshness(timezone.now())
    showing = "" if stored is None else str(stored.refresh)
    shared = {"stored": stored, "freshness": now, "showing": showing, "newer": False, "State": State}
    return render(request, template, {**shared, **context})


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    return _page(request, "insights/nothing_yet.html", None, {"has_events": queries.has_events()})


def _wanted(request: HttpRequest) -> catalogue.Wanted:
    """Read what the address asks for; nonsense counts as nothing asked."""
    return catalogue.Wanted(
        moment_class=catalogue.class_of(request.GET.get("class", "")),
        touchpoint=request.GET.get("touchpoint", ""),
        funnel=request.GET.get("funnel", ""),
        asked=_asked(request.GET.get("asked", "")),
    )


def _asked(key: str) -> AskedFunnel | None:
    try:
        return queries.asked_funnel(UUID(key)) if key else None
    except ValueError:
        return None


def _sorting(request: HttpRequest, name: str) -> tuple[str, bool]:
    """Read `sort=table.column`, with a minus in front for descending, if it is about this table."""
    wanted = request.GET.get("sort", "")
    table, _dot, column = wanted.removeprefix("-").partition(".")
    return (column if table == name else ""), wanted.startswith("-")


def _table(
    request: HttpRequest, name: str, analysis: Analysis, wanted: catalogue.Wanted
) -> ShownTable | None:
    table = catalogue.build(name, analysis, wanted)
    if table is None:
        return None
    key, descending = _sorting(request, name)
    every = request.GET.get("all") == name
    extra = {"touchpoint": wanted.touchpoint} if wanted.touchpoint else {}
    sorted_table = table.sort(key, descending=descending) if key else table
    return shown(sorted_table, request, extra=extra, most=None if every else SHOWN.get(name, SHOWN_ROWS))


def _funnel_context(
    request: HttpRequest, stored: Stored, wanted: catalogue.Wanted, form: forms.FunnelForm | None = None
) -> dict[str, Any]:
    analysis, asked = stored.analysis, wanted.asked
    names = Names(analysis.plan)
    insight = catalogue.funnel_of(analysis, wanted)
    if wanted.funnel and asked is None and insight is None:
        raise Http404(_("The plan has no such funnel."))
    chosen = "" if asked else wanted.funnel or next(iter(analysis.funnels), "")
    path = reverse("insights:funnels")
    initial = {"step_1": request.GET.get("from", "")} if asked is None else forms.initial(asked)
    context: dict[str, Any] = {
        "tabs": [
            (names.funnel(key), with_query(path, {"funnel": key}), key == chosen) for key in analysis.funnels
        ],
        "asked": asked,
        "outdated": asked is not None and asked.refresh != stored.refresh,
        "asked_path": "" if asked is None else names.path(asked.steps),
        "form": form or forms.FunnelForm(touchpoints=forms.choices(analysis), initial=initial),
        "insight": insight,
    }
    if insight is not None:
        title = (
            names.path((insight.steps[0].touchpoint, insight.steps[-1].touchpoint))
            if asked
            else names.funnel(chosen)
        )
        context |= path_pages.funnel(analysis, insight, title)
        for name in ("funnel", "instead"):
            context[f"{name}_table"] = _table(request, name, analysis, wanted)
    return context
