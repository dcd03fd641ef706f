"""Views: editing a touchpoint, a new one, and what its rules would match."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wegmarke.atlas import links, rule_words
from wegmarke.atlas.cards import conflicts, drafts, history, labels, preview, rows, wording
from wegmarke.atlas.cards.suggestions import suggestions
from wegmarke.atlas.inputs import whole
from wegmarke.atlas.pages import here, page
from wegmarke.atlas.together import together
from wegmarke.plan import queries as plans
from wegmarke.plan import rights, services
from wegmarke.plan.contracts import Text
from wegmarke.plan.findings import PlanError
from wegmarke.plan.naming import new_key
from wegmarke.record.contracts import Operator

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wegmarke.atlas.cards.drafts import Draft
    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import PlanVersion, Touchpoint

UNREADABLE = 422
CONFLICT = 409
SAVE, PREVIEW, CREATE_AGAIN = "save", "preview", "create-again"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Edit one touchpoint; others may do so at the same time."""
    at = here(request)
    current = at.plan.touchpoint(key)
    if request.method != "POST":
        if current is None:
            raise Http404(_("There is no such touchpoint in the plan."))
        rights.require_touchpoints(at.user, [current])
        return _show(request, at, drafts.of(current, at, based_on=at.version))
    based_on = _based_on(request, at)
    base = plans.version(based_on).plan.touchpoint(key) if based_on else None
    if base is None:
        raise Http404(_("There is no such touchpoint in the plan."))
    rights.require_touchpoints(at.user, [current or base])
    draft = drafts.sent(request.POST, base, at, based_on=based_on)
    do = request.POST.get("do", SAVE)
    if do == CREATE_AGAIN:
        return _create(request, at, draft, key)
    if do != SAVE:
        rows.act(draft.rows, do)
        return _show(request, at, drafts.resent(draft, request.POST, at), previewed=do == PREVIEW)
    if not draft.is_valid():
        return _show(request, at, draft, status=UNREADABLE)
    return _save(request, at, draft)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a touchpoint, empty or as a copy of another one."""
    at = here(request)
    rights.require_plan(at.user)
    copied = at.plan.touchpoint(request.GET.get("copy", ""))
    if request.method != "POST":
        original = drafts.EMPTY if copied is None else _copy(copied)
        draft = drafts.of(original, at, based_on=at.version, new=True)
        return _show(request, at, draft, copied=copied)
    draft = drafts.sent(request.POST, drafts.EMPTY, at, based_on=at.version, new=True)
    do = request.POST.get("do", SAVE)
    if do != SAVE:
        rows.act(draft.rows, do)
        return _show(request, at, drafts.resent(draft, request.POST, at), previewed=do == PREVIEW)
    return _create(request, at, draft, "")


@never_cache
@require_POST
def preview_rules(request: HttpRequest, key: str = "") -> HttpResponse:
    """Show what the rules as they stand would match, or only how their values were read (for htmx)."""
    at = here(request)
    touchpoint = at.plan.touchpoint(key)
    if touchpoint is None:
        rights.require_plan(at.user)
    else:
        rights.require_touchpoints(at.user, [touchpoint])
    typed = rows.rows_from(request.POST)
    if request.GET.get("understood"):
        return render(request, "atlas/cards/understood.html", {"rows": typed})
    found = preview.preview_of(typed.binding_rules, key or None, at)
    return render(request, "atlas/cards/preview.html", {"preview": found, "rows": typed})


def _copy(touchpoint: Touchpoint) -> Touchpoint:
    """Return a copy to start from: without the rules, for an event belongs to one touchpoint only."""
    name = touchpoint.name
    return replace(
        touchpoint,
        key="",
        name=Text(
            de=f"Kopie von {name.de}" if name.de else "",
            en=f"Copy of {name.en}" if name.en else "",
        ),
        rules=(),
    )


def _save(request: HttpRequest, at: Here, draft: Draft) -> HttpResponse:
    touchpoint = _with_choices(request, draft)
    try:
        saved = services.change_touchpoint(
            touchpoint,
            based_on=draft.based_on,
            by=at.user,
            now=timezone.now(),
            comment=draft.form.cleaned_data["comment"],
        )
    except PlanError as error:
        draft.take(error.findings, at, touchpoint.key)
        return _show(request, at, draft, status=UNREADABLE)
    except services.PartChangedError as error:
        return _show_conflict(request, at, (draft, touchpoint), error)
    _tell(request, draft, saved)
    return redirect(links.card(touchpoint.key))


def _with_choices(request: HttpRequest, draft: Draft) -> Touchpoint:
    """Return the touchpoint as typed, with theirs where that was chosen."""
    return history.with_values(draft.touchpoint(), draft.original, _chosen(request))


def _chosen(request: HttpRequest) -> list[str]:
    """Return the fields of which theirs was chosen."""
    return [
        name.removeprefix(conflicts.CHOICE)
        for name, value in request.POST.items()
        if name.startswith(conflicts.CHOICE) and value == conflicts.THEIRS
    ]


def _tell(request: HttpRequest, draft: Draft, saved: PlanVersion) -> None:
    """Say what was saved, and what others changed in the meantime that was kept."""
    if saved.version == draft.based_on:
        messages.info(request, _("Nothing was changed."))
        return
    messages.success(request, _("Saved as version %(version)s of the plan.") % {"version": saved.version})
    key = draft.original.key
    for who, field in conflicts.merged_in_silence(key, after=draft.based_on, before=saved.version):
        text = _("Kept as well: “%(field)s”, which %(who)s changed in the meantime.")
        messages.info(request, text % {"field": field, "who": who or _("the system")})


def _show_conflict(
    request: HttpRequest, at: Here, mine: tuple[Draft, Touchpoint], error: services.PartChangedError
) -> HttpResponse:
    """Show the form again on the newest version: everything typed is there, both sides of each conflict."""
    draft, touchpoint = mine
    now = here(request)
    comment = draft.form.cleaned_data["comment"]
    theirs = now.plan.touchpoint(touchpoint.key)
    if error.theirs is None or theirs is None:
        kept = drafts.typed(touchpoint, at, based_on=draft.based_on, comment=comment)
        edits = history.edits_of(touchpoint.key, now)
        return _show(request, at, kept, status=CONFLICT, removal=edits[0] if edits else None)
    merged = together(draft.original, touchpoint, theirs)
    shown = drafts.typed(merged, now, based_on=now.version, comment=comment)
    shown.original = theirs
    found = conflicts.conflicts(error.fields, merged, theirs, now)
    return _show(request, now, shown, status=CONFLICT, found=found)


def _create(request: HttpRequest, at: Here, draft: Draft, key: str) -> HttpResponse:
    """Add what was typed as a new touchpoint, or again under its old key."""
    removal = next((edit for edit in history.edits_of(key, at)[:1] if edit.went), None) if key else None
    if not draft.is_valid():
        return _show(request, at, draft, status=UNREADABLE, removal=removal)
    touchpoint = draft.touchpoint()
    name = touchpoint.name.de or touchpoint.name.en
    taken = [one.key for one in at.plan.touchpoints]
    wanted = key or draft.form.cleaned_data["key"] or new_key(name, taken)
    try:
        services.add_touchpoints(
            [replace(touchpoint, key=wanted)],
            by=at.user,
            now=timezone.now(),
            comment=draft.form.cleaned_data["comment"],
        )
    except PlanError as error:
        draft.take(error.findings, at, wanted)
        return _show(request, at, draft, status=UNREADABLE, removal=removal)
    except services.PlanChangedError:
        messages.error(request, _("Somebody saved the plan at the same moment. Please save once more."))
        return _show(request, at, draft, status=CONFLICT)
    messages.success(request, _("The touchpoint was added."))
    return redirect(links.card(wanted))


def _based_on(request: HttpRequest, at: Here) -> int:
    """Read which version the form was made from; without a sensible one, the current one."""
    sent = whole(request.POST.get("based_on", ""))
    return sent if 0 < sent <= at.version else at.version


def _show(  # noqa: PLR0913 - what a page of the form may have to say, by keyword
    request: HttpRequest,
    at: Here,
    draft: Draft,
    *,
    status: int = 200,
    found: tuple[conflicts.Conflict, ...] = (),
    removal: history.ShownEdit | None = None,
    copied: Touchpoint | None = None,
    previewed: bool = False,
) -> HttpResponse:
    if not found:
        found = _still_open(request, at, draft)
    shown = (
        preview.preview_of(draft.rows.binding_rules, draft.original.key or None, at) if previewed else None
    )
    draft.rows.offer()
    context = {
        "draft": draft,
        "form": draft.form,
        "rows": draft.rows,
        "touchpoint": draft.original,
        "name": at.said(draft.original.name) or draft.original.key,
        "chosen_phases": _chosen_phases(draft, at),
        "journeys": _open_phases(draft, at),
        "content_phases": _phase_choices(at),
        "operators": [(one.value, labels.OPERATORS[one]) for one in Operator],
        "experiences": [(one.name.lower(), labels.EXPERIENCES[one]) for one in rows.FELT],
        "known": suggestions(at.plan),
        "conflicts": found,
        "removal": removal,
        "copied": copied,
        "previewed": previewed,
        "preview": shown,
        "standing_rules": [rule_words.as_html(rule_words.rule(one)) for one in draft.original.rules],
    }
    return page(request, "atlas/cards/edit.html", at, context, status=status)


def _still_open(request: HttpRequest, at: Here, draft: Draft) -> tuple[conflicts.Conflict, ...]:
    """Return the conflicts of a form that is shown once more before they are settled."""
    fields = [
        name.removeprefix(conflicts.CHOICE) for name in request.POST if name.startswith(conflicts.CHOICE)
    ]
    known = [field for field in fields if field in labels.FIELDS]
    if not known:
        return ()
    form = drafts.sent(request.POST, draft.original, at, based_on=draft.based_on)
    mine = form.touchpoint() if form.is_valid() else draft.original
    return conflicts.conflicts(known, mine, draft.original, at, chosen=_chosen(request))


def _chosen_phases(draft: Draft, at: Here) -> list[tuple[str, str]]:
    return [(key, wording.phase_name(at.plan, key, at.language)) for key in draft.rows.phases]


def _open_phases(draft: Draft, at: Here) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the phases and steps not chosen yet, by journey."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for journey in at.plan.journeys:
        left = [key for key in journey.phase_keys() if key not in draft.rows.phases]
        named = [(key, wording.phase_name(at.plan, key, at.language)) for key in left]
        if named:
            found.append((at.journey_name(journey), named))
    return found


def _phase_choices(at: Here) -> list[tuple[str, str]]:
    keys: dict[str, Any] = {key: None for journey in at.plan.journeys for key in journey.phase_keys()}
    return [(key, wording.phase_name(at.plan, key, at.language)) for key in keys]
