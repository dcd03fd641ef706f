"""The pages of an import: upload, columns, meaning, progress and end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wegmarke.capture import meaning, names, queries, rules, sampling, services, storage
from wegmarke.capture.contracts import Status
from wegmarke.capture.files.errors import FileError
from wegmarke.capture.forms import MappingForm, MeaningForm, UploadForm
from wegmarke.capture.mappings import queries as mapping_queries
from wegmarke.capture.mappings import views as mapping_views
from wegmarke.capture.previewing import preview_of
from wegmarke.capture.uploading import FORM_BYTES, ImportUploadHandler
from wegmarke.plan.services import PlanChangedError
from wegmarke.team.access import colleague_of
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from wegmarke.capture.contracts import ImportState

MEGABYTE = 1024**2


@csrf_exempt  # `_receive` is protected; here Django would read the whole file before anyone asked its size
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Show the imports, and take a new file."""
    if request.method != "POST":
        return _show_imports(request, UploadForm())
    require_role(colleague_of(request), Role.EDITOR)  # before the file is read
    limit = settings.IMPORT_MAX_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit + FORM_BYTES:
        return _too_large(request)
    handler = ImportUploadHandler(request, folder=storage.incoming(), limit=limit)
    request.upload_handlers = [handler]
    try:
        return _receive(request, handler)
    finally:
        handler.discard()


@csrf_protect
def _receive(request: HttpRequest, handler: ImportUploadHandler) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if handler.too_large:
        return _too_large(request)
    if handler.failed is not None:
        form.add_error(
            "file",
            _("The server could not keep the file: %(why)s. Nothing was imported.")
            % {"why": handler.failed.strerror},
        )
        return _show_imports(request, form, status=507)
    if not form.is_valid():
        return _show_imports(request, form)
    try:
        begun = services.begin_import(
            received=form.cleaned_data["file"],
            by=colleague_of(request),
            now=timezone.now(),
            language=_language(),
        )
    except FileError as error:
        form.add_error("file", f"{error.place}: {error.message}")
        return _show_imports(request, form)
    return mapping_views.after_upload(request, begun.id)


def _too_large(request: HttpRequest) -> HttpResponse:
    form = UploadForm({}, {})
    form.errors.clear()
    form.add_error(
        "file",
        _(
            "The file is larger than %(limit)s MB. "
            "Please split it, or save it as Parquet, which is far smaller."
        )
        % {"limit": settings.IMPORT_MAX_BYTES // MEGABYTE},
    )
    return _show_imports(request, form, status=413)


def _show_imports(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "imports": queries.recent(),
        "saved": mapping_queries.saved_mappings(),
        "limit": settings.IMPORT_MAX_BYTES,
        "may_import": _may_import(request),
    }
    return render(request, "capture/imports.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Ask which column is what; `check` looks again, `continue` goes on."""
    state = _draft(request, import_id)
    if isinstance(state, HttpResponse):
        return state
    look = sampling.kept(import_id)
    form = _mapping_form(request, state, look)
    checked = _check(form, look)
    goes_on = request.method == "POST" and request.POST.get("do") != "check"
    if goes_on and form.is_valid() and checked is not None and checked.problem is None:
        answer = mapping_views.keep(request, state, form, look.columns)
        if answer is not None:
            return answer
    context = {
        **_columns_context(form, look, state, checked),
        "reasons": look.reasons.get(_language(), {}),
        "twin": queries.same_content(import_id),
        **mapping_views.offered(state, look.columns),
    }
    return render(request, "capture/columns.html", context)


@never_cache
@require_POST
def check(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show what the mapping as it stands makes of the sample (for htmx)."""
    state = _draft(request, import_id)
    if isinstance(state, HttpResponse):
        return HttpResponse(headers={"HX-Refresh": "true"})
    look = sampling.kept(import_id)
    form = _mapping_form(request, state, look)
    context = _columns_context(form, look, state, _check(form, look))
    return render(request, "capture/check.html", context)


def _columns_context(
    form: MappingForm, look: sampling.Look, state: ImportState, checked: sampling.SampleCheck | None
) -> dict[str, Any]:
    return {
        "import": state,
        "form": form,
        "look": look,
        "check": checked,
        "preview": preview_of(look, form.parts(), checked),
    }


def _mapping_form(request: HttpRequest, state: ImportState, look: sampling.Look) -> MappingForm:
    if request.method == "POST":
        return MappingForm(look.columns, request.POST)
    earlier = queries.mapping(state.id)
    initial = MappingForm.initial_of(
        earlier or look.mapping,
        look.columns,
        keep_all=earlier.properties != () if earlier else meaning.plan_reads_properties(),
    )
    return MappingForm(look.columns, initial=initial)


def _check(form: MappingForm, look: sampling.Look) -> sampling.SampleCheck | None:
    """Return what becomes of the sample; None while the form leaves something open."""
    if not form.is_bound:
        form = MappingForm(look.columns, form.initial)
    return sampling.check(look, form.mapping()) if form.is_valid() else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def meaning_page(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Ask what leaving and moving on are, and start."""
    state = _draft(request, import_id)
    if isinstance(state, HttpResponse):
        return state
    mapping = queries.mapping(import_id)
    if mapping is None:
        return redirect("capture:columns", import_id=import_id)
    try:
        found = names.found_in(state, mapping)
    except FileError as error:
        messages.error(request, f"{error.place}: {error.message}")
        return redirect("capture:columns", import_id=import_id)
    now = meaning.current_meaning()
    choices = meaning.names_to_choose(found.counted, language=_language())
    form = _meaning_form(request, choices, now)
    if request.method == "POST" and form.is_valid():
        answer = _start(request, state, form, based_on=now.based_on if now else None)
        if answer is not None:
            return answer
    context = {
        "import": state,
        "form": form,
        "found": found,
        "plan": now,
        "new_attributes": meaning.new_attributes(mapping.attributes),
        "twin": queries.same_content(import_id),
        "doubled": queries.doubled(import_id),
        "names": choices,
    }
    return render(request, "capture/meaning.html", context)


def _meaning_form(request: HttpRequest, choices: Any, now: Any) -> MeaningForm:  # noqa: ANN401 - see the callers
    if request.method == "POST":
        return MeaningForm(choices, request.POST, first=now is None)
    return MeaningForm(choices, initial=MeaningForm.initial_of(now, choices), first=now is None)


def _start(
    request: HttpRequest, state: ImportState, form: MeaningForm, *, based_on: int | None
) -> HttpResponse | None:
    """Start the import; None where the page has to be shown again."""
    try:
        services.start(
            import_id=state.id,
            by=colleague_of(request),
            now=timezone.now(),
            change=form.meaning(based_on=based_on),
            add_attributes=form.cleaned_data["add_attributes"],
            language=_language(),
            again=form.cleaned_data["again"],
        )
    except services.SameFileError:
        form.add_error("again", _("Please confirm this, or cancel the import."))
        return None
    except PlanChangedError:
        form.add_error("plan", _("Somebody changed the plan in the meantime. Please look at it again."))
        return None
    except services.WrongMomentError:
        messages.info(request, _("This import has already been started."))
    return redirect("capture:import", import_id=state.id)


@never_cache
@require_GET
def detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show how far an import is, or how it ended."""
    state = _state(import_id)
    if state.status is Status.DRAFT:
        return redirect("capture:columns", import_id=import_id)
    context = _progress_context(state) | _offered(request, state)
    return render(request, "capture/import.html", context)


@never_cache
@require_GET
def progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show how far an import is (for htmx); at its end the page is loaded anew."""
    state = _state(import_id)
    if state.status not in rules.OPEN:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "capture/progress.html", _progress_context(state))


def _progress_context(state: ImportState) -> dict[str, Any]:
    return {
        "import": state,
        "running": state.status in rules.OPEN,
        "share": rules.share_done(state),
    }


def _offered(request: HttpRequest, state: ImportState) -> dict[str, bool]:
    """Return which buttons the reader is offered."""
    may = _may_import(request)
    return {
        "may_import": may,
        "may_map_again": may and rules.may_map_again(state),
        "may_retry": may and rules.may_retry(state),
        "may_cancel": may and rules.may_cancel(state),
    }


@never_cache
@require_GET
def rejected(request: HttpRequest, import_id: UUID) -> FileResponse:
    """Hand out the rows that could not be read, safe to open in a spreadsheet."""
    _state(import_id)
    path = queries.rejected_file(import_id, by=colleague_of(request))
    if path is None:
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename="rejected.csv", content_type="text/csv; charset=utf-8"
    )


@require_POST
def cancel(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Call an import off before the worker takes it up."""
    _state(import_id)
    try:
        services.cancel(import_id=import_id, by=colleague_of(request), now=timezone.now())
    except services.WrongMomentError:
        messages.error(request, _("It is too late to cancel this import: it has begun."))
        return redirect("capture:import", import_id=import_id)
    messages.success(request, _("The import was cancelled and its file removed."))
    return redirect("capture:imports")


@require_POST
def map_again(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Name the columns of a failed import anew."""
    _state(import_id)
    try:
        services.map_again(import_id=import_id, by=colleague_of(request))
    except services.WrongMomentError:
        messages.error(request, _("The columns of this import can no longer be changed."))
        return redirect("capture:import", import_id=import_id)
    return redirect("capture:columns", import_id=import_id)


@require_POST
def retry(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take up a failed import where it stopped."""
    _state(import_id)
    try:
        services.retry(import_id=import_id, by=colleague_of(request), now=timezone.now())
    except services.WrongMomentError:
        messages.error(request, _("This import cannot be taken up again."))
    return redirect("capture:import", import_id=import_id)


def _state(import_id: UUID) -> ImportState:
    try:
        return queries.state(import_id)
    except queries.NoSuchImportError:
        raise Http404 from None


def _draft(request: HttpRequest, import_id: UUID) -> ImportState | HttpResponse:
    """Return an import whose columns can still be named, or the way to its page; for editors only."""
    require_role(colleague_of(request), Role.EDITOR)
    state = _state(import_id)
    return state if state.status is Status.DRAFT else redirect("capture:import", import_id=import_id)


def _may_import(request: HttpRequest) -> bool:
    return colleague_of(request).has_role(Role.EDITOR)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
