"""Versions of the plan: list, one, any two beside each other, back to one, YAML out and in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wegmarke.atlas import changes
from wegmarke.atlas.links import card
from wegmarke.atlas.pages import here, page
from wegmarke.atlas.versions.forms import ApplyForm, CommentForm, DocumentForm
from wegmarke.plan import documents, parts, queries, rights, services
from wegmarke.plan.contracts import SavedVersion
from wegmarke.plan.findings import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from wegmarke.atlas.changes import ItemWords
    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Change, Plan, PlanVersion

PER_PAGE = 20
IN_THE_LIST = 12
YAML_TYPE = "application/yaml; charset=utf-8"
BADGES = {"new": "good", "gone": "bad", "changed": "neutral"}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item that differs, with the way to its card where it has one, and the kind of its badge."""

    words: ItemWords
    url: str
    badge: str


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One version with what it changed."""

    version: SavedVersion
    items: tuple[ShownItem, ...]
    summary: str

    @property
    def first(self) -> tuple[ShownItem, ...]:
        """As many as the list of versions shows; `rest` counts the others."""
        return self.items[:IN_THE_LIST]

    @property
    def rest(self) -> int:
        """How many more there are."""
        return max(0, len(self.items) - IN_THE_LIST)


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """List the versions, newest first, each with what it changed."""
    at = here(request)
    before = _number(request.GET.get("before", ""))
    edits = queries.edits(limit=PER_PAGE + 1, before=before)
    shown = [_shown(at, edit.version, edit.changes, at.plan) for edit in edits[:PER_PAGE]]
    context = {
        "versions": shown,
        "earlier": shown[-1].version.version if len(edits) > PER_PAGE else None,
        "numbers": range(at.version, 0, -1),
    }
    return page(request, "atlas/versions/versions.html", at, context)


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version: who, when, why, and what it changed."""
    at = here(request)
    saved = _version(number)
    before = _version(number - 1).plan if number > 1 else None
    found = parts.changes_between(before, saved.plan)
    shown = _shown(at, saved, found, before, saved.plan)
    return page(request, "atlas/versions/version.html", at, {"shown": shown, "number": number})


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show what differs between two versions, whichever is older."""
    at = here(request)
    asked = [_number(request.GET.get(name, "")) for name in ("from", "to")]
    older, newer = sorted(number if number is not None else at.version for number in asked)
    first, second = _version(older).plan, _version(newer).plan
    items = _items(at, parts.changes_between(first, second), first, second)
    context = {"older": older, "newer": newer, "items": items, "summary": _summary(items)}
    return page(request, "atlas/versions/compare.html", at, {**context, "numbers": range(at.version, 0, -1)})


@require_safe
def download(_request: HttpRequest, number: int) -> HttpResponse:
    """Send one version as a YAML document, its keys explained in the reader's language."""
    text = documents.dump(_version(number).plan, explained=_, check=False)
    return HttpResponse(
        text,
        content_type=YAML_TYPE,
        headers={"Content-Disposition": f'attachment; filename="plan-{number}.yaml"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Show what going back to a version changes, and do it once that is confirmed."""
    at = here(request)
    rights.require_plan(at.user)
    earlier = _version(number)
    form = CommentForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        comment = form.cleaned_data["comment"] or _("Back to version %(number)s") % {"number": number}
        try:
            saved = services.restore(
                number,
                by=at.user,
                now=timezone.now(),
                comment=comment,
                based_on=form.cleaned_data["based_on"],
            )
        except services.PlanChangedError:
            messages.error(request, _overtaken())
        except PlanError as error:  # saved before a rule existed that it breaks
            for finding in error.findings:
                messages.error(request, finding.in_words(_))
        else:
            messages.success(request, _saved_as(saved))
            return redirect("atlas:versions")
    items = _items(at, parts.changes_between(at.plan, earlier.plan), earlier.plan, at.plan)
    context = {
        "number": number,
        "items": items,
        "summary": _summary(items),
        "form": CommentForm(initial={"based_on": at.version}),
    }
    return page(request, "atlas/versions/restore.html", at, context)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a document, show what it would change, and apply it once that is confirmed."""
    at = here(request)
    rights.require_plan(at.user)
    if request.method != "POST":
        return page(request, "atlas/versions/upload.html", at, {"form": DocumentForm()})
    if "document" in request.POST:
        return _apply(request, at)
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, "atlas/versions/upload.html", at, {"form": form}, status=422)
    return _look_at(request, at, form.cleaned_data["document"])


def _apply(request: HttpRequest, at: Here) -> HttpResponse:
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return page(request, "atlas/versions/upload.html", at, {"form": DocumentForm()}, status=422)
    document = form.cleaned_data["document"]
    try:
        saved = services.save(
            documents.load(document),
            by=at.user,
            now=timezone.now(),
            comment=form.cleaned_data["comment"],
            based_on=form.cleaned_data["based_on"],
        )
    except documents.PlanDocumentError:
        return _look_at(request, at, document)
    except services.PlanChangedError:
        messages.error(request, _overtaken())
        return _look_at(request, here(request), document)
    messages.success(request, _saved_as(saved))
    return redirect("atlas:versions")


def _look_at(request: HttpRequest, at: Here, document: str) -> HttpResponse:
    """Show what a document would change, or what is wrong with it by line and column."""
    try:
        plan = documents.load(document)
    except documents.PlanDocumentError as error:
        context: dict[str, Any] = {
            "form": DocumentForm(initial={"text": document}),
            "findings": [(one.line, one.column, one.in_words(_)) for one in error.findings],
        }
        return page(request, "atlas/versions/upload.html", at, context, status=422)
    before = at.plan if at.version else None
    items = _items(at, parts.changes_between(before, plan), before, plan)
    context = {
        "items": items,
        "summary": _summary(items),
        "form": ApplyForm(initial={"document": document, "based_on": at.version}),
    }
    return page(request, "atlas/versions/apply.html", at, context)


def _overtaken() -> str:
    return _("Somebody saved another version in the meantime; nothing was changed. Please look once more.")


def _saved_as(saved: PlanVersion) -> str:
    return _("Saved as version %(number)s.") % {"number": saved.version}


def _version(number: int) -> PlanVersion:
    try:
        return queries.version(number)
    except queries.NoSuchVersionError:
        raise Http404(_("There is no such version of the plan.")) from None


def _number(text: str) -> int | None:
    """Read a number from an address; nonsense counts as none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


def _shown(
    at: Here, saved: SavedVersion | PlanVersion, found: Iterable[Change], *plans: Plan | None
) -> ShownVersion:
    items = _items(at, found, *plans)
    plain = SavedVersion(saved.version, saved.saved_at, saved.saved_by, saved.comment, saved.basis)
    return ShownVersion(plain, items, _summary(items))


def _items(at: Here, found: Iterable[Change], *plans: Plan | None) -> tuple[ShownItem, ...]:
    known = {one.key for one in at.plan.touchpoints}
    return tuple(
        ShownItem(
            words,
            card(words.key) if words.kind == "touchpoints" and words.key in known else "",
            BADGES[words.state.value],
        )
        for words in changes.in_words(found, *plans)
    )


def _summary(items: Iterable[ShownItem]) -> str:
    return changes.summary([one.words for one in items])
