"""Pages of access, for data protection officers: who asks, what is kept, the archive, the protocol."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wegmarke.people import showing
from wegmarke.people.access import queries, services
from wegmarke.people.access.contracts import NoSuchRequestError
from wegmarke.people.erasure.queries import held_of
from wegmarke.people.erasure.views import for_officers
from wegmarke.people.identifiers import shown
from wegmarke.people.processing.queries import missing
from wegmarke.team.access import colleague_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from wegmarke.people.access.contracts import AccessState
    from wegmarke.people.erasure.contracts import StoreState


@for_officers
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """List the requests and look for a person; who comes from a page of a person sees them at once."""
    identifier = request.GET.get("id", "")
    if identifier:
        if "\0" in identifier:
            raise Http404
        return _person(request, shown(identifier), ())
    today = timezone.localdate()
    listed = [{"request": one, "late": one.open and one.due_on < today} for one in queries.requests()]
    return render(request, "people/access/requests.html", {"requests": listed})


@for_officers
@require_POST
def person(request: HttpRequest) -> HttpResponse:
    """Show which ids may be the person's; the id is sent in the body, so that no log has it."""
    asked = request.POST.get("q", "").replace("\0", "").strip()
    if not asked:
        return redirect("access:requests")
    return _person(request, asked, request.POST.getlist("id"))


def _person(request: HttpRequest, text: str, ticked: Sequence[str]) -> HttpResponse:
    found = queries.asked(text, ticked=ticked, now=timezone.now())
    context = {
        "asked": text,
        "ids": [showing.identifier(one.identifier) | {"ticked": one.ticked} for one in found.candidates],
        "language": get_language(),
        "today": timezone.localdate(),
        **_held(found.held),
    }
    return render(request, "people/access/person.html", context)


def _held(found: Sequence[StoreState]) -> dict[str, Any]:
    return {"held": found, "by_hand": sum(one.held.by_hand for one in found)}


@for_officers
@require_POST
def note(request: HttpRequest) -> HttpResponse:
    """Note that somebody asked for their data."""
    try:
        number = services.note(
            identifiers=request.POST.getlist("id"),
            asked_on=_day(request.POST.get("asked_on", "")),
            language=request.POST.get("language", ""),
            reference=request.POST.get("reference", ""),
            by=colleague_of(request),
            now=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("access:requests")
    return redirect("access:request", number=number)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ValidationError(_("Enter the day on which the request came. Nothing was noted.")) from None


@for_officers
@require_safe
def request_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one request: by when it has to be answered, what is kept, the archive, how it ended."""
    found = _found(number)
    context = {
        "request_": found,
        "late": found.open and found.due_on < timezone.localdate(),
        "days": (found.due_on - timezone.localdate()).days,
        "ids": [showing.identifier(one) for one in found.identifiers],
        "missing": missing() if found.open else (),
        **_held(held_of(found.identifiers, now=timezone.now()) if found.open else ()),
    }
    return render(request, "people/access/request.html", context)


def _found(number: int) -> AccessState:
    try:
        return queries.request(number)
    except NoSuchRequestError:
        raise Http404 from None


@for_officers
@require_POST
def archive(request: HttpRequest, number: int) -> HttpResponseBase:
    """Hand out the archive; it is made now and kept nowhere."""
    try:
        made = services.archive(request=number, by=colleague_of(request), now=timezone.now())
    except NoSuchRequestError:
        raise Http404 from None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("access:request", number=number)
    answer = FileResponse(
        made, as_attachment=True, filename=f"data-{number}.zip", content_type="application/zip"
    )
    answer["Content-Length"] = str(made.size)
    return answer


@for_officers
@require_POST
def delivered(request: HttpRequest, number: int) -> HttpResponse:
    """Note that the person has the archive."""
    try:
        services.deliver(request=number, by=colleague_of(request), now=timezone.now())
    except NoSuchRequestError:
        raise Http404 from None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("access:request", number=number)
