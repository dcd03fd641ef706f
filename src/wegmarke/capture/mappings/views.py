"""Pages of saved mappings, and what the pages of an import show of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wegmarke.capture import sampling
from wegmarke.capture import services as imports
from wegmarke.capture.forms import MappingForm
from wegmarke.capture.mappings import identifying, queries, services
from wegmarke.capture.mappings.contracts import MappingNameError, NoSuchMappingError
from wegmarke.team.access import colleague_of
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from wegmarke.capture.contracts import ImportState
    from wegmarke.capture.mappings.contracts import Saved


def after_upload(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Go on with a file just uploaded: with the saved mapping it was sent to, else to its columns."""
    asked = request.GET.get("saved", "")
    if asked.isdecimal() and len(asked) < 10:  # noqa: PLR2004 - a key
        return _use(request, import_id, int(asked))
    return redirect("capture:columns", import_id=import_id)


@require_POST
def use(request: HttpRequest, import_id: UUID, number: int) -> HttpResponse:
    """Read a file with a saved mapping."""
    return _use(request, import_id, number)


def _use(request: HttpRequest, import_id: UUID, number: int) -> HttpResponse:
    saved = _saved(number)
    try:
        services.apply(import_id=import_id, number=number, by=colleague_of(request))
    except imports.WrongMomentError:
        return redirect("capture:import", import_id=import_id)
    look = sampling.kept(import_id)
    if gone := identifying.missing(saved, look.columns):
        messages.warning(
            request,
            _("The layout of the file has changed. Columns it does not have: %(names)s.")
            % {"names": ", ".join(gone)},
        )
        return redirect("capture:columns", import_id=import_id)
    if sampling.check(look, saved.mapping).problem is not None:
        return redirect("capture:columns", import_id=import_id)
    return redirect("capture:meaning", import_id=import_id)


@require_POST
def set_aside(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Read a file without the saved mapping."""
    try:
        services.set_aside(import_id=import_id, by=colleague_of(request))
    except imports.WrongMomentError:
        return redirect("capture:import", import_id=import_id)
    return redirect("capture:columns", import_id=import_id)


def offered(state: ImportState, columns: Sequence[str]) -> dict[str, Any]:
    """Return what the page of the columns shows: the mapping in use, else those that fit or nearly do."""
    if state.saved is not None:
        used = _saved(state.saved)
        return {"used": used, "missing": identifying.missing(used, columns)}
    saved = queries.saved_mappings()
    return {
        "fitting": identifying.fitting(saved, columns),
        "nearly": identifying.nearly(saved, columns),
    }


def keep(
    request: HttpRequest, state: ImportState, form: MappingForm, columns: Sequence[str]
) -> HttpResponse | None:
    """Keep the columns of an import and, where asked, under a name; None where the name is taken."""
    by, mapping = colleague_of(request), form.mapping()
    used = None if state.saved is None else _saved(state.saved)
    if used is not None and mapping.properties is None:
        mapping = identifying.settled(mapping, columns)
    imports.save_mapping(import_id=state.id, mapping=mapping, columns=columns, by=by)
    if used is not None and request.POST.get("keep"):
        services.change(number=used.id, mapping=mapping, columns=columns, by=by)
    if used is None and (name := request.POST.get("save_as", "").strip()):
        try:
            services.save_as(import_id=state.id, name=name[:120], columns=columns, by=by, now=timezone.now())
        except MappingNameError as error:
            messages.error(request, error.message)
            return None
    return redirect("capture:meaning", import_id=state.id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: HttpRequest, number: int) -> HttpResponse:
    """Show a saved mapping, its runs, and the way to the next; rename it."""
    saved, problem = _saved(number), ""
    if request.method == "POST":
        try:
            services.rename(number=number, name=request.POST.get("name", "")[:120], by=colleague_of(request))
        except MappingNameError as error:
            problem = str(error.message)
        else:
            messages.success(request, _("The mapping was renamed."))
            return redirect("capture:mapping", number=number)
    context = {
        "saved": saved,
        "parts": _parts(saved),
        "runs": queries.runs(number),
        "may_import": colleague_of(request).has_role(Role.EDITOR),
        "name_error": problem,
        "name_given": request.POST.get("name", ""),
    }
    return render(request, "capture/mappings/mapping.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Change which column is what."""
    require_role(colleague_of(request), Role.EDITOR)
    saved = _saved(number)
    initial = MappingForm.initial_of(saved.mapping, saved.columns, keep_all=saved.mapping.properties != ())
    form = MappingForm(saved.columns, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.change(
            number=number, mapping=form.mapping(), columns=saved.columns, by=colleague_of(request)
        )
        messages.success(request, _("The mapping was saved."))
        return redirect("capture:mapping", number=number)
    plain = [field for field in form if field.name not in {"attributes", "properties"}]
    return render(request, "capture/mappings/change.html", {"saved": saved, "form": form, "plain": plain})


@require_POST
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Delete a saved mapping."""
    saved = _saved(number)
    services.delete(number=number, by=colleague_of(request))
    messages.success(request, _("The mapping “%(name)s” was deleted.") % {"name": saved.name})
    return redirect("capture:imports")


def _parts(saved: Saved) -> list[tuple[str, str]]:
    """Return what the mapping says, in the words of the form."""
    labels = MappingForm.base_fields
    said = saved.mapping
    parts = [
        (name, getattr(said, name)) for name in (*MappingForm.PARTS, "event_name", "timezone", "decimal")
    ]
    parts.append(("attributes", ", ".join(said.attributes)))
    shown = [(str(labels[name].label), str(text)) for name, text in parts if text]
    if said.properties:
        shown.append((_("Kept with each event"), ", ".join(said.properties)))
    return shown


def _saved(number: int) -> Saved:
    try:
        return queries.saved_mapping(number)
    except NoSuchMappingError:
        raise Http404 from None
