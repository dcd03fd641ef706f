"""Pages of erasure and retention, for data protection officers."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wegmarke.people import showing
from wegmarke.people.erasure import queries, services
from wegmarke.people.erasure.contracts import Ground, NoSuchErasureError, NothingToEraseError, Stage
from wegmarke.team.access import colleague_of
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest, QueryDict
    from django.http.response import HttpResponseBase

More = ParamSpec("More")
Answer = TypeVar("Answer", bound="HttpResponseBase")
GROUNDS: Final = [(ground.value, ground.label) for ground in Ground if ground is not Ground.REAPPLIED]


def for_officers(
    view: Callable[Concatenate[HttpRequest, More], Answer],
) -> Callable[Concatenate[HttpRequest, More], Answer]:
    """Refuse everybody else, before anything is read."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: More.args, **kwargs: More.kwargs) -> Answer:
        require_role(colleague_of(request), Role.OFFICER)
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@for_officers
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """List the erasures, and look for a person; the id is sent in the body, so that no log has it."""
    return render(request, "people/erasure/erasures.html", {"erasures": queries.erasures()})


@for_officers
@require_POST
def person(request: HttpRequest) -> HttpResponse:
    """Show which ids may be the person's, and what each store holds of those ticked."""
    asked = request.POST.get("q", "").replace("\0", "").strip()
    if not asked:
        return redirect("erasure:erasures")
    found, own = queries.candidates(asked)
    ticked = set(request.POST.getlist("id")) or own
    chosen = [one for one in found if one in ticked]
    context = {
        "asked": asked,
        "ids": [_shown(one, ticked=one in ticked) for one in found],
        "held": queries.held_of(chosen, now=timezone.now()),
        "grounds": GROUNDS,
    }
    return render(request, "people/erasure/person.html", context)


def _shown(identifier: str, *, ticked: bool) -> dict[str, object]:
    return showing.identifier(identifier) | {"ticked": ticked}


@for_officers
@require_POST
def request_erasure(request: HttpRequest) -> HttpResponse:
    """Ask for the erasure of the ids that are ticked."""
    try:
        number = services.request(
            identifiers=request.POST.getlist("id"),
            ground=_ground(request.POST),
            reference=request.POST.get("reference", ""),
            by=colleague_of(request),
            now=timezone.now(),
        )
    except NothingToEraseError:
        messages.error(request, _("Tick at least one id. Nothing was erased."))
        return redirect("erasure:erasures")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("erasure:erasures")
    return redirect("erasure:erasure", number=number)


def _ground(given: QueryDict) -> Ground:
    wanted = given.get("ground", "")
    if wanted not in {value for value, _label in GROUNDS}:
        raise ValidationError(_("Choose why the data are erased. Nothing was erased."))
    return Ground(wanted)


@for_officers
@require_safe
def erasure(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far an erasure is, and its protocol once it is done."""
    try:
        found = queries.erasure(number)
    except NoSuchErasureError:
        raise Http404 from None
    context = {"erasure": found, "done": found.stage is Stage.DONE, "by_hand": _by_hand(found.stores)}
    return render(request, "people/erasure/erasure.html", context)


def _by_hand(stores: Iterable[object]) -> int:
    return sum(one.held.by_hand for one in stores)  # type: ignore[attr-defined]


@for_officers
@require_POST
def try_again(request: HttpRequest, number: int) -> HttpResponse:
    """Let an erasure go on that was given up."""
    try:
        services.try_again(erasure=number, by=colleague_of(request), now=timezone.now())
    except NoSuchErasureError:
        raise Http404 from None
    return redirect("erasure:erasure", number=number)


@for_officers
@require_safe
def exported(_request: HttpRequest) -> HttpResponse:
    """Hand out who was erased, as keyed hashes, to be kept beside the backups."""
    name = f"erasures-{timezone.now():%Y-%m-%d}.jsonl"
    return HttpResponse(
        services.exported(),
        content_type="application/jsonl",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """Show and change how long each kind of data is kept."""
    if request.method == "POST":
        try:
            services.keep_for(
                kind=request.POST.get("kind", ""),
                days=_days(request.POST.get("days", "").strip()),
                by=colleague_of(request),
                now=timezone.now(),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Saved. The next run removes by it."))
        return redirect("erasure:retention")
    counted = bool(request.GET.get("count"))
    kinds = queries.retention(now=timezone.now(), count=counted)
    return render(request, "people/erasure/retention.html", {"kinds": kinds, "counted": counted})


def _days(typed: str) -> int | None:
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0  # noqa: PLR2004 - of any days
