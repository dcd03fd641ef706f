"""Importing a list of touchpoints: a file, its columns, what becomes of each row, saved in one version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from wegmarke.atlas.pages import here, page
from wegmarke.atlas.touchpoints import uploads
from wegmarke.atlas.touchpoints.merging import Kind, Row, Rules, merge
from wegmarke.atlas.touchpoints.pasting import Line
from wegmarke.atlas.touchpoints.previewing import Option, Previewing, answers_of, choices_of
from wegmarke.atlas.touchpoints.reading import Lexicon, Reader, Reading
from wegmarke.atlas.touchpoints.saving import NotSavedError, changed_since, list_after, save, seal
from wegmarke.atlas.touchpoints.understanding import COLUMNS, guessed
from wegmarke.atlas.touchpoints.uploads import MOST_BYTES, Upload
from wegmarke.capture.files import FileError
from wegmarke.capture.uploading import FORM_BYTES, ImportUploadHandler
from wegmarke.plan import rights
from wegmarke.plan.contracts import Status
from wegmarke.plan.documents import PlanDocumentError
from wegmarke.ui.numbers import number

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, QueryDict

    from wegmarke.atlas.pages import Here
    from wegmarke.atlas.touchpoints.merging import Outcome

MEGABYTE = 1024**2
FIRST_ROWS = 5
MOST_PROBLEMS = 20


@csrf_exempt  # `_receive` is protected; here Django would read the whole file before anyone asked its size
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Ask for a file."""
    at = here(request)
    rights.require_plan(at.user)
    if request.method != "POST":
        return _ask(request, at)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + FORM_BYTES:
        return _ask(request, at, [_too_large()], status=413)
    handler = ImportUploadHandler(request, folder=uploads.folder(), limit=MOST_BYTES)
    request.upload_handlers = [handler]
    try:
        return _receive(request, at, handler)
    finally:
        handler.discard()


@csrf_protect
def _receive(request: HttpRequest, at: Here, handler: ImportUploadHandler) -> HttpResponse:
    received: Any = request.FILES.get("file")
    if handler.too_large:
        return _ask(request, at, [_too_large()], status=413)
    if handler.failed is not None:
        problem = _("The server could not keep the file: %(why)s. Nothing was imported.")
        return _ask(request, at, [problem % {"why": handler.failed.strerror}], status=507)
    if received is None or at.user is None:
        return _ask(request, at, [_("Please choose a file.")])
    name = _shown_name(received.name or "")
    try:
        upload_id = uploads.receive(received, shown_as=name, by=at.user.pk)
    except FileError as error:
        return _ask(request, at, [f"{error.place}: {error.message}"])
    except PlanDocumentError as error:
        return _ask(request, at, list(error.lines(_))[:MOST_PROBLEMS])
    return redirect("atlas:touchpoints-import-check", upload_id=upload_id)


def _ask(
    request: HttpRequest, at: Here, problems: list[str] | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "problems": problems or [],
        "limit": MOST_BYTES,
        "endings": ",".join((*uploads.TABLES, *uploads.DOCUMENTS)),
        "fields": [str(label) for label in COLUMNS.values()],
    }
    return page(request, "atlas/touchpoints/import.html", at, context, status=status)


def _too_large() -> str:
    return _("The file is larger than %(limit)s MB, which no list of touchpoints is.") % {
        "limit": MOST_BYTES // MEGABYTE
    }


def _shown_name(name: str) -> str:
    """Return a file name to show: its last part, without what cannot be seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable()).strip()[:255] or "?"


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One column of the file: the field of the form that maps it, and its first cells."""

    name: str
    control: str
    options: tuple[Option, ...]
    cells: tuple[str, ...]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Show which column is what and what becomes of each row; save them."""
    at, data = here(request), request.POST
    rights.require_plan(at.user)
    try:
        found = uploads.kept(upload_id, by=at.user.pk if at.user else 0)
    except uploads.NoSuchUploadError:
        raise Http404(_("There is no such file (any more). Please upload it again.")) from None
    if found.saved:
        return redirect(list_after(found.saved))
    fields = _fields(found, data)
    sealed = seal(_mapping(fields), at)
    reading = _read(found, fields, Lexicon(at.plan, found.texts()), data)
    outcome = _merge(at, found, reading, data)
    context: dict[str, Any] = {}
    asked = data.get("do") == "save"
    if asked and (problem := changed_since(data.get("seen", ""), _mapping(fields), at)):
        context["problem"] = problem
    if asked and data.get("seen") == sealed and not reading.open and outcome.changes_anything:
        try:
            version = save(
                outcome.plan, by=at.user, based_on=at.version, comment=_comment(found.name, outcome)
            )
        except NotSavedError as error:
            context["problem"] = str(error)
        else:
            uploads.mark_saved(upload_id, version)
            return redirect(list_after(version))
    context |= {
        "upload": found,
        "columns": _columns(found, fields),
        "twice": _twice(fields),
        "nameless": found.is_table and "name" not in fields,
        "preview": Previewing(at, answers_of(data)).preview(_with_refused(outcome, found), reading.unknown),
        "live": data.get("live") == "1",
        "seal": sealed,
        "looked": request.method == "POST",
        "plan_document": not found.is_table and bool(found.names),
    }
    return page(request, "atlas/touchpoints/import_check.html", at, context)


def _fields(found: Upload, data: QueryDict) -> tuple[str, ...]:
    """Return what each column is: as chosen, else as guessed; a field no column can be counts as none."""
    proposed = guessed(found.columns)
    chosen = (data.get(f"column-{place}", field) for place, field in enumerate(proposed))
    return tuple(field if field in COLUMNS else "" for field in chosen)


def _mapping(fields: tuple[str, ...]) -> str:
    """Return what tells one mapping from another."""
    return ",".join(fields)


def _twice(fields: tuple[str, ...]) -> list[str]:
    return [str(COLUMNS[one]) for one in dict.fromkeys(fields) if one and fields.count(one) > 1]


def _read(found: Upload, fields: tuple[str, ...], lexicon: Lexicon, data: QueryDict) -> Reading:
    reader = Reader(lexicon, answers_of(data), decimal=found.decimal)
    if not found.is_table:
        return reader.read_plain(found.entries)
    return reader.read(Line(line, _named(fields, cells)) for line, cells in found.rows)


def _named(fields: tuple[str, ...], cells: list[str]) -> dict[str, str]:
    """Return the cells by field; of two columns with the same field the first that says something counts."""
    named: dict[str, str] = {}
    for field, cell in zip(fields, cells, strict=True):
        if field and cell.strip():
            named.setdefault(field, cell)
    return named


def _merge(at: Here, found: Upload, reading: Reading, data: QueryDict) -> Outcome:
    rules = Rules(
        language=at.language,
        status=Status.LIVE.value if data.get("live") == "1" else Status.IDEA.value,
        choices=choices_of(data),
        names=found.texts(),
    )
    return merge(at.plan, reading.drafts, rules)


def _with_refused(outcome: Outcome, found: Upload) -> Outcome:
    """Return the outcome with the lines that have too many or too few cells among its problems."""
    problem = _("This line has another number of cells than the header.")
    refused = [Row(line, text[:200], Kind.PROBLEM, problem=problem) for line, text in found.refused]
    return replace(outcome, rows=tuple(sorted((*outcome.rows, *refused), key=lambda row: row.line)))


def _columns(found: Upload, fields: tuple[str, ...]) -> list[MappedColumn]:
    labels = {"": _("Leave this column out"), **{name: str(label) for name, label in COLUMNS.items()}}
    return [
        MappedColumn(
            name,
            f"column-{place}",
            tuple(Option(value, text, value == fields[place]) for value, text in labels.items()),
            tuple(cells[place][:80] for _line, cells in found.rows[:FIRST_ROWS]),
        )
        for place, name in enumerate(found.columns)
    ]


def _comment(name: str, outcome: Outcome) -> str:
    count = outcome.count(Kind.NEW) + outcome.count(Kind.CHANGED)
    text = ngettext("%(n)s touchpoint from %(file)s", "%(n)s touchpoints from %(file)s", count)
    return text % {"n": number(count), "file": name}
