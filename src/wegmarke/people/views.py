"""Pages about who is who, for editors and data protection officers: they show personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wegmarke.people import queries, services, showing, wording
from wegmarke.people.contracts import NoSuchFactError, Why
from wegmarke.people.identifiers import VISITOR, known
from wegmarke.team.access import colleague_of
from wegmarke.team.contracts import PERSONS, require_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from wegmarke.people.contracts import Fact, OpenConflict

SHOWN = 50


@never_cache
@require_safe
def identities(request: HttpRequest) -> HttpResponse:
    """Show what is to be decided, look somebody up, and list what was decided by hand."""
    require_role(colleague_of(request), *PERSONS)
    asked = request.GET.get("q", "").strip()
    found = queries.found(asked) if asked else ()
    names = queries.resolution().persons_of(found)
    context = {
        "conflicts": _conflicts(queries.conflicts(limit=SHOWN)),
        "open": len(queries.resolution().conflicts),
        "asked": asked,
        "found": [(_identifier(one), _identifier(names[one])) for one in found],
        "decisions": _facts(queries.decisions(limit=SHOWN)),
    }
    return render(request, "people/identities.html", context)


@never_cache
@require_safe
def person(request: HttpRequest) -> HttpResponse:
    """Show one person: identifiers, conflicts, everything that was said or decided."""
    require_role(colleague_of(request), *PERSONS)
    identifier = request.GET.get("id", "")
    if not identifier or "\0" in identifier:
        raise Http404
    whose = queries.person(identifier)
    context = {
        "person": _identifier(whose.name),
        "members": [(_identifier(one.identifier), one) for one in whose.members],
        "separable": len(whose.members) > 1,
        "conflicts": _conflicts(whose.conflicts),
        "facts": _facts(whose.facts),
        "shortened": whose.shortened,
    }
    return render(request, "people/person.html", context)


@never_cache
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Say that two identifiers are one person."""
    said = _("Joined. The journeys are built anew with it.")
    return _decided(request, services.join, said)


@never_cache
@require_POST
def separate(request: HttpRequest) -> HttpResponse:
    """Say that two identifiers are not one person."""
    said = _("Separated. The journeys are built anew with it.")
    return _decided(request, services.separate, said)


def _decided(request: HttpRequest, decide: Callable[..., int], said: str) -> HttpResponse:
    one, reason = request.POST.get("one", ""), request.POST.get("reason", "")
    try:
        decide(one, _other(request), by=colleague_of(request), reason=reason, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect(_back(one))


def _other(request: HttpRequest) -> str:
    """Return the other identifier: chosen from a list, or typed as its sender writes it."""
    typed = request.POST.get("typed", "").strip()
    if not typed:
        return request.POST.get("other", "")
    return f"{VISITOR}{typed}" if request.POST.get("visitor") else known(typed)


@never_cache
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was decided by hand."""
    try:
        services.undo(
            int(request.POST.get("fact", "")[:18] or 0), by=colleague_of(request), now=timezone.now()
        )
    except (NoSuchFactError, ValueError) as error:
        raise Http404 from error
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Taken back. The journeys are built anew with it."))
    return redirect(_back(request.POST.get("one", "")))


def _back(identifier: str) -> str:
    return _address(identifier) if identifier and "\0" not in identifier else reverse("people:identities")


def _address(identifier: str) -> str:
    return f"{reverse('people:person')}?{urlencode({'id': identifier})}"


def _identifier(identifier: str) -> dict[str, Any]:
    """Return an identifier as it is shown, leading to its person."""
    return showing.identifier(identifier, address=_address(identifier))


def _conflicts(found: Iterable[OpenConflict]) -> list[dict[str, Any]]:
    """Return conflicts with what can be decided: who a visitor is, or that two are not one person."""
    return [
        {
            "why": wording.WHY[one.why],
            "joinable": one.why is not Why.HELD_APART,
            "others": [_identifier(identifier) for identifier in one.identifiers[1:]],
            "identifiers": [_identifier(identifier) for identifier in one.identifiers],
            "claims": [(_identifier(claim.person), claim) for claim in one.claims],
        }
        for one in found
    ]


def _facts(found: Iterable[Fact]) -> list[dict[str, Any]]:
    return [
        {"fact": one, "kind": one.kind.label, "one": _identifier(one.one), "other": _identifier(one.other)}
        for one in found
    ]
