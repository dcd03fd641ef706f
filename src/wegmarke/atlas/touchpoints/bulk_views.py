"""Changing and removing many touchpoints at once, and taking a change back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wegmarke.atlas import channels, links
from wegmarke.atlas.pages import here, page
from wegmarke.atlas.touchpoints.changes import references
from wegmarke.atlas.touchpoints.filters import Filters
from wegmarke.atlas.touchpoints.forms import ChangeForm
from wegmarke.atlas.touchpoints.listing import phase_names
from wegmarke.atlas.touchpoints.saving import NotSavedError, list_after, problems_of
from wegmarke.atlas.touchpoints.saving import undo as undo_version
from wegmarke.plan import rights, services
from wegmarke.plan.findings import PlanError
from wegmarke.ui.numbers import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Touchpoint

SHOWN_NAMES = 40
INTO = "into"
"""The button of a phase: it says what to do and what with in one press."""


@never_cache
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Ask what to change at the selected touchpoints, and change it."""
    at = here(request)
    chosen = _chosen(at, request.POST)
    if not chosen:
        return _nothing_chosen(request)
    rights.require_touchpoints(at.user, chosen)
    data = _into(request.POST)
    saves = data.get("do") == "save"
    phases = phase_names(at.plan, at.said)
    form = ChangeForm(
        data if saves else None,
        phases=phases,
        promises={one.key: at.said(one.name) for one in at.plan.promises},
    )
    context: dict[str, Any] = {}
    if saves and form.is_valid():
        changes = form.changes(one.channel for one in at.plan.touchpoints)
        if not changes:
            context["problem"] = _("Nothing was chosen to be changed.")
        else:
            try:
                version = services.change_touchpoints(
                    {one.key for one in chosen},
                    changes.of,
                    by=at.user,
                    now=timezone.now(),
                    comment=form.cleaned_data["comment"]
                    or _changed(len(chosen), into=phases.get(data.get(INTO, ""), "")),
                ).version
            except services.UnknownPartError:
                context["problem"] = _("One of them was removed in the meantime. Nothing was saved.")
            except PlanError as error:
                context["problem"] = problems_of(error)
            else:
                listed = list_after(version, request.POST.get("query", ""))
                return redirect(listed if version > at.version else links.TOUCHPOINTS)
    context |= {"form": form, **_about(at, chosen), "known": _known(at)}
    context["query"] = request.POST.get("query", "")
    return page(request, "atlas/touchpoints/change.html", at, context)


@never_cache
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Say what removing the selected touchpoints means, and remove them."""
    at = here(request)
    rights.require_plan(at.user)
    chosen = _chosen(at, request.POST)
    if not chosen:
        return _nothing_chosen(request)
    keys = frozenset(one.key for one in chosen)
    context: dict[str, Any] = {}
    if request.POST.get("do") == "save":
        try:
            version = services.remove_touchpoints(
                keys, by=at.user, now=timezone.now(), comment=_removed(len(keys))
            ).version
        except services.UnknownPartError:
            context["problem"] = _("One of them was removed in the meantime. Nothing was saved.")
        except PlanError as error:
            context["problem"] = problems_of(error)
        else:
            return redirect(list_after(version))
    found = at.stored.analysis.lived.touchpoints if at.stored else ()
    context |= {
        **_about(at, chosen),
        "references": _references(at, keys),
        "lived": sum(one.touchpoint in keys and one.touches > 0 for one in found),
    }
    return page(request, "atlas/touchpoints/remove.html", at, context)


@never_cache
@require_POST
def undo(request: HttpRequest, version: int) -> HttpResponse:
    """Take back the newest change of the plan."""
    at = here(request)
    rights.require_plan(at.user)
    try:
        undo_version(version, by=at.user)
    except NotSavedError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The change was taken back."))
    return redirect(links.TOUCHPOINTS)


def _nothing_chosen(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Please select touchpoints first."))
    return redirect(links.TOUCHPOINTS)


def _chosen(at: Here, data: QueryDict) -> list[Touchpoint]:
    """Return the selected touchpoints in the order of the plan: those ticked, or all an address asks for.

    `keys` holds several keys separated by blanks, or is there once for each.
    """
    if data.get("every") == "1":
        query = QueryDict(data.get("query", ""))
        filters = Filters.of(query.dict(), query.getlist("lacks"))
        return [one for one in filters.keep(at.plan.touchpoints) if at.may_edit_touchpoint(one)]
    keys = {key for written in data.getlist("keys") for key in written.split()}
    return [one for one in at.plan.touchpoints if one.key in keys]


def _about(at: Here, chosen: Sequence[Touchpoint]) -> dict[str, Any]:
    names = [at.said(one.name) or one.key for one in chosen]
    return {
        "count": len(chosen),
        "names": names[:SHOWN_NAMES],
        "more": len(names) - len(names[:SHOWN_NAMES]),
        "keys": " ".join(one.key for one in chosen),
    }


def _known(at: Here) -> dict[str, list[str]]:
    """Return what there is already, to be offered while typing."""
    listed = at.plan.touchpoints
    found = {
        "channel": {channels.name_of(one.channel) for one in listed if one.channel},
        "department": {one.department for one in listed if one.department},
        "owner": {owner for one in listed for owner in one.owners},
    }
    return {name: sorted(values, key=str.casefold) for name, values in found.items()}


def _references(at: Here, keys: frozenset[str]) -> list[str]:
    """Say what still names the touchpoints, and so has to be changed first."""
    plan, said = at.plan, at.said
    names = {one.key: said(one.name) or one.key for one in plan.touchpoints}
    parts = {
        "goals": {one.key: said(one.name) for one in plan.goals},
        "funnels": {one.key: said(one.name) for one in plan.funnels},
        "phases": phase_names(plan, said),
    }
    sentences = {
        "goals": _("The goal “%(part)s” looks at “%(name)s”."),
        "funnels": _("The funnel “%(part)s” goes through “%(name)s”."),
        "phases": _("The phase “%(part)s” begins with “%(name)s”."),
        "leaving": _("“%(name)s” means leaving."),
        "moving_on": _("“%(name)s” means moving on."),
    }
    found = []
    for one in references(plan, keys):
        part = parts.get(one.kind, {}).get(one.key, one.key)
        found.append(sentences[one.kind] % {"part": part, "name": names[one.touchpoint]})
    return found


def _into(data: QueryDict) -> QueryDict:
    """Return what a form says, the button of a phase spelled out."""
    if INTO not in data:
        return data
    said = data.copy()
    said.setlist("phases", data.getlist(INTO))
    said["phases_how"], said["do"] = "add", "save"
    return said


def _changed(count: int, *, into: str) -> str:
    values = {"n": number(count), "phase": into}
    if into:
        return (
            ngettext("%(n)s touchpoint put into “%(phase)s”", "%(n)s touchpoints put into “%(phase)s”", count)
            % values
        )
    return ngettext("%(n)s touchpoint changed", "%(n)s touchpoints changed", count) % values


def _removed(count: int) -> str:
    return ngettext("%(n)s touchpoint removed", "%(n)s touchpoints removed", count) % {"n": number(count)}
