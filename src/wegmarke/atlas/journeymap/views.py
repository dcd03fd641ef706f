"""The page of the journey map: read the address, build the map, draw it; move touchpoints."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wegmarke.atlas.journeymap import export, layout, moving, showing
from wegmarke.atlas.journeymap.building import build
from wegmarke.atlas.journeymap.forms import NameForm
from wegmarke.atlas.journeymap.placing import home_of
from wegmarke.atlas.journeymap.reading import state_of
from wegmarke.atlas.journeymap.svg import svg
from wegmarke.atlas.journeymap.tabling import table_of
from wegmarke.atlas.pages import here, page
from wegmarke.insights import exporting
from wegmarke.plan import rights, services
from wegmarke.plan.contracts import Text
from wegmarke.plan.findings import PlanError
from wegmarke.plan.rules import is_named
from wegmarke.team.contracts import NotAllowedError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wegmarke.atlas.journeymap.content import Map
    from wegmarke.atlas.journeymap.reading import State
    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Touchpoint

UNDO = "map-undo"


@require_safe
def journey_map(request: HttpRequest) -> HttpResponse:
    """Show the map: a picture on a wide screen, a list of phases on a narrow one."""
    at = here(request)
    if showing.is_empty(at):
        return page(request, "atlas/journeymap/empty.html", at, showing.ways_in())
    state = state_of(request.GET, at.plan)
    content = build(showing.sources(at), state.wanted)
    context: dict[str, Any] = {
        **showing.page(at, state, content, reverse("atlas:map")),
        "form": showing.move_form(at, state, request.GET.get("move", "")),
        "undo": _undoable(request, at),
        "name_form": NameForm({"name": at.said(at.plan.name)} if is_named(at.plan) else None),
    }
    if context["at_once"]:
        context["picture"] = _drawn(content)
    return page(request, "atlas/journeymap/map.html", at, context)


def _drawn(content: Map) -> str:
    return svg(layout.draw(content), alone=False, linked=True)


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """Return the picture of a large map, which its page fetches once it stands."""
    return HttpResponse(_drawn(_map(request)))


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the touchpoints by phase as a list: a part of the map's page, or a page of its own."""
    at, state, content = _read(request)
    context = showing.as_list(at, state, content)
    return _part(request, at, "list", _("All touchpoints as a list"), {**context, "content": content})


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Show the figures of the map as a table: a part of the map's page, or a page of its own."""
    at, state, content = _read(request)
    context = showing.as_table(state, content)
    return _part(request, at, "numbers", _("All numbers as a table"), {**context, "content": content})


def _part(request: HttpRequest, at: Here, part: str, title: str, context: dict[str, Any]) -> HttpResponse:
    template = f"atlas/journeymap/{part}.html"
    if request.headers.get("HX-Request"):
        return page(request, template, at, context)
    map_url = state_of(request.GET, at.plan).address(reverse("atlas:map"))
    around = {"part": template, "part_title": title, "map_url": map_url}
    return page(request, "atlas/journeymap/part.html", at, {**context, **around})


@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """Return the map as it is printed, for the page to keep ready."""
    return HttpResponse(svg(layout.draw(_map(request), layout.A3), alone=False))


@require_safe
def file(request: HttpRequest, ending: str) -> HttpResponse:
    """Send the map as SVG, PNG or PDF, A3 landscape."""
    if ending not in export.TYPES:
        raise Http404
    content = _map(request)
    return _download(export.export(content, ending), content, ending, export.TYPES[ending])


@require_safe
def table(request: HttpRequest, ending: str) -> HttpResponse:
    """Send the figures of the map as a table."""
    if ending not in exporting.WRITERS:
        raise Http404
    content = _map(request)
    write, kind = exporting.WRITERS[ending]
    return _download(write(table_of(content)), content, ending, kind)


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Move a touchpoint to another phase, unless somebody else did so in the meantime."""
    at = here(request)
    query = QueryDict(request.POST.get("state", ""))
    state = state_of(query, at.plan)
    back = state.address(reverse("atlas:map"))
    form = showing.move_form(at, state, "", request.POST)
    if form is None:
        raise PermissionDenied
    if not form.is_valid():
        messages.error(
            request, _("This move makes no sense any more: the plan has changed. Please look again.")
        )
        return redirect(back)
    touchpoint = at.plan.touchpoint(form.cleaned_data["key"])
    if touchpoint is None:
        raise Http404
    source = form.cleaned_data["source"] or home_of(touchpoint, state.wanted.journey)[1]
    new = moving.moved(touchpoint, state.wanted.journey, source=source, target=form.target_key)
    version = _saved(request, at, new, min(form.cleaned_data["based_on"], at.version))
    if version:
        request.session[UNDO] = {
            "key": touchpoint.key, "phases": touchpoint.phases, "version": version,
            "name": at.said(touchpoint.name), "place": form.place_name,
        }  # fmt: skip
    return redirect(back)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put the touchpoint moved last back to where it was."""
    at = here(request)
    back = state_of(QueryDict(request.POST.get("state", "")), at.plan).address(reverse("atlas:map"))
    last = _undoable(request, at)
    touchpoint = at.plan.touchpoint(last["key"]) if last else None
    if last is None or touchpoint is None:
        messages.error(request, _("The plan has changed since then, so this cannot be undone here."))
        return redirect(back)
    if _saved(request, at, replace(touchpoint, phases=tuple(last["phases"])), last["version"]):
        del request.session[UNDO]
        messages.success(request, _("“%(name)s” stands where it stood before.") % {"name": last["name"]})
    return redirect(back)


@require_POST
def name(request: HttpRequest) -> HttpResponse:
    """Name the company: its name is the title of the map and stands in the navigation."""
    at = here(request)
    rights.require_plan(at.user)
    back = state_of(QueryDict(request.POST.get("state", "")), at.plan).address(reverse("atlas:map"))
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Please type the name of the company, of at most 80 characters."))
        return redirect(back)
    new = form.cleaned_data["name"]
    language = "de" if at.language.startswith("de") else "en"
    text = replace(at.plan.name, **{language: new}) if is_named(at.plan) else Text(new, new)
    plan = replace(at.plan, name=text)
    try:
        services.save(plan, by=at.user, now=timezone.now(), comment=_("Company named"), based_on=at.version)
    except services.PlanChangedError:
        messages.error(request, _("Somebody changed the plan at the same moment. Please try again."))
    return redirect(back)


def _saved(request: HttpRequest, at: Here, touchpoint: Touchpoint, based_on: int) -> int:
    """Save a moved touchpoint and return the new version; 0, with a message, where others were faster."""
    comment = _("Moved on the journey map")
    try:
        return services.change_touchpoint(
            touchpoint, based_on=based_on, by=at.user, now=timezone.now(), comment=comment
        ).version
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except (services.PartChangedError, services.UnknownPartError):
        messages.error(
            request,
            _(
                "Somebody else moved or removed “%(name)s” in the meantime; nothing was changed. The map "
                "below shows how it stands now."
            )
            % {"name": at.said(touchpoint.name)},
        )
    except PlanError as error:
        messages.error(request, " ".join(finding.in_words(_) for finding in error.findings))
    return 0


def _undoable(request: HttpRequest, at: Here) -> dict[str, Any] | None:
    """Return the last move of this reader while nothing has changed since."""
    last = request.session.get(UNDO)
    return last if isinstance(last, dict) and last.get("version") == at.version else None


def _map(request: HttpRequest) -> Map:
    return _read(request)[2]


def _read(request: HttpRequest) -> tuple[Here, State, Map]:
    at = here(request)
    if showing.is_empty(at):
        raise Http404(_("There is no plan yet."))
    state = state_of(request.GET, at.plan)
    return at, state, build(showing.sources(at), state.wanted)


def _download(body: bytes, content: Map, ending: str, kind: str) -> HttpResponse:
    name = f"{slugify(content.title) or 'journey'}-{slugify(_('journey map'))}.{ending}"
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
