"""Views of the brand: consistency, promises, and who keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wegmarke.atlas.brand import charting, forms, pages, rules, services
from wegmarke.atlas.pages import here, page
from wegmarke.atlas.shown import as_file, fresh, shown
from wegmarke.atlas.together import together
from wegmarke.insights.names import Names
from wegmarke.plan import queries as plans
from wegmarke.plan import rights
from wegmarke.plan import services as planning
from wegmarke.plan.contracts import Promise, Status
from wegmarke.plan.findings import PlanError
from wegmarke.plan.services import PartChangedError, UnknownPartError
from wegmarke.team.contracts import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse, QueryDict

    from wegmarke.analysis.map_insight import SpreadInsight
    from wegmarke.atlas.pages import Here
    from wegmarke.insights.tables import Table
    from wegmarke.plan.contracts import Plan


@require_safe
def brand(request: HttpRequest) -> HttpResponse:
    """Show how consistent the experience is, and how the promises are kept."""
    at = here(request)
    names = Names(at.plan)
    insight, attribute, group = _asked(request, at)
    cells = {} if insight is None else rules.cells_of(insight, group)
    least = 0 if insight is None else insight.least_raters
    context: dict[str, Any] = {
        "insight": insight,
        "attribute": attribute,
        "group_name": "" if insight is None else pages.group_name(group, insight.attribute),
        "tabs": pages.tabs(at, attribute),
        "promises": [pages.keeping(one, at, names) for one in rules.keepings(at.plan, cells, least)],
        "assignment": _assignment(at),
        "was": forms.BETWEEN.join(_kept_now(at)),
        "may_assign": any(at.may_edit_touchpoint(one) for one in at.plan.touchpoints),
        **fresh(at),
    }
    if insight is not None and at.stored is not None:
        of = next((one for one in insight.groups if one.group == group), None)
        context |= {
            "lead": pages.lead(of, insight, cells),
            "named": pages.named(cells, names),
            "chart": charting.dots(cells, insight, at.stored.analysis, names),
        }
        for key, table in _tables(insight, attribute, group, names).items():
            context[f"{key}_table"] = shown(table, request, "atlas:brand-file", most=20)
    return page(request, "atlas/brand/brand.html", at, context)


def _asked(request: HttpRequest, at: Here) -> tuple[SpreadInsight | None, str, str]:
    """Read which attribute and which group of it; what there is not is everybody, and the largest group."""
    if at.stored is None:
        return None, "", ""
    spread = at.stored.analysis.spread
    attribute = request.GET.get("by", "")
    attribute = attribute if attribute in spread else ""
    insight = spread.get(attribute)
    if insight is None:
        return None, "", ""
    groups = [one.group for one in insight.groups]
    largest = max(insight.groups, key=lambda one: one.persons).group if groups else ""
    group = request.GET.get("group", largest)
    return insight, attribute, group if group in groups else largest


def _tables(insight: SpreadInsight, attribute: str, group: str, names: Names) -> dict[str, Table]:
    tables = {"consistency": pages.touchpoints_table(rules.cells_of(insight, group), names)}
    if attribute:
        tables["groups"] = pages.groups_table(insight, attribute)
    return tables


def _assignment(at: Here) -> list[dict[str, Any]]:
    """Return the rows of the form: touchpoints, and for each promise whether it has to be kept there."""
    return [
        {
            "key": one.key,
            "name": at.said(one.name) or one.key,
            "may": at.may_edit_touchpoint(one),
            "boxes": [
                (
                    f"{promise.key} {one.key}",
                    promise.key in one.promises,
                    at.said(promise.name) or promise.key,
                )
                for promise in at.plan.promises
            ],
        }
        for one in at.plan.touchpoints
        if one.status is not Status.RETIRED
    ]


def _kept_now(at: Here) -> Iterator[str]:
    """Yield the ticked boxes the reader can change; the form sends them along as one field."""
    for row in _assignment(at):
        yield from (value for value, ticked, _promise_name in row["boxes"] if ticked and row["may"])


@require_safe
def file(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """Send a table of the brand as a file."""
    at = here(request)
    insight, attribute, group = _asked(request, at)
    tables = {} if insight is None else _tables(insight, attribute, group, Names(at.plan))
    return as_file(tables.get(name), request, ending)


@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Save which touchpoints have to keep which promises; only what was changed in the form."""
    at = here(request)
    before = forms.pairs(request.POST.get("was", "").split(forms.BETWEEN), at.plan)
    after = forms.pairs(request.POST.getlist("keeps"), at.plan)
    changes = rules.changed(before, after)
    if not changes:
        messages.info(request, _("Nothing was changed."))
        return redirect(reverse("atlas:brand") + "#assignment")
    try:
        services.assign(changes, by=at.user, now=timezone.now())
        messages.success(request, _("It is saved who has to keep which promise."))
    except (UnknownPartError, PlanError):
        messages.error(request, _("A touchpoint or a promise was removed meanwhile: please look again."))
    return redirect(reverse("atlas:brand") + "#assignment")


@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, key: str = "") -> HttpResponse:
    """Add a promise, or change one."""
    at = here(request)
    if not at.may_edit:
        raise NotAllowedError(_("Your role may read the plan, but not change it."))
    old = _promise(at, key) if key else None
    if request.method != "POST":
        form = forms.PromiseForm(initial=forms.initial(old, at.version) if old else None)
        return page(request, "atlas/brand/promise.html", at, {"form": form, "old": old})
    data = request.POST.copy()
    form = forms.PromiseForm(data)
    if form.is_valid() and _saved(form, data, old, at):
        messages.success(request, _("The promise is saved."))
        return redirect("atlas:brand")
    return page(request, "atlas/brand/promise.html", at, {"form": form, "old": old}, status=422)


def _saved(form: forms.PromiseForm, data: QueryDict, old: Promise | None, at: Here) -> bool:
    """Save a promise; what stands in the way is said in the form."""
    taken = {one.key for one in at.plan.promises}
    new = form.promise(old.key if old else form.key(taken))
    sent = form.cleaned_data["based_on"] or 0
    based_on = (sent if 0 < sent <= at.version else at.version) if old else None
    try:
        planning.save_promise(new, based_on=based_on, by=at.user, now=timezone.now())
    except PartChangedError as error:
        theirs = error.theirs
        now = at.said(theirs.name) if isinstance(theirs, Promise) else _("removed")
        said = _("This promise was changed meanwhile; it now reads “%(now)s”. Save again to keep yours.")
        form.add_error(None, said % {"now": now})
        base = _of(plans.version(based_on).plan, new.key) if based_on else None
        if base is not None and isinstance(theirs, Promise):
            shown = forms.initial(together(base, new, theirs), error.version)
            for name, value in shown.items():
                data[name] = str(value)
    except UnknownPartError:
        form.add_error(None, _("Somebody has removed this promise meanwhile."))
    except PlanError as error:
        for finding in error.findings:
            form.add_error(None, finding.in_words(_))
    else:
        return True
    return False


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Ask before a promise is removed; then remove it."""
    at = here(request)
    rights.require_plan(at.user)
    old = _promise(at, key)
    if request.method != "POST":
        context = {
            "question": _("Remove “%(name)s”?") % {"name": at.said(old.name) or key},
            "where": _("Brand"),
            "means": _("Removing it takes it off all touchpoints; earlier versions of the plan keep it."),
            "back": reverse("atlas:brand-promise", args=[key]),
        }
        return page(request, "atlas/ask.html", at, context)
    planning.remove_promise(key, by=at.user, now=timezone.now())
    messages.success(request, _("“%(name)s” is removed.") % {"name": at.said(old.name) or key})
    return redirect("atlas:brand")


def _promise(at: Here, key: str) -> Promise:
    if (found := _of(at.plan, key)) is not None:
        return found
    raise Http404(_("There is no such promise (any more)."))


def _of(plan: Plan, key: str) -> Promise | None:
    return next((one for one in plan.promises if one.key == key), None)
