"""Pages about persons, for editors and data protection officers: they show personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wegmarke.people import queries as people
from wegmarke.people.accounts import queries as account_queries
from wegmarke.people.consent import queries as consent
from wegmarke.profiles import finding, picture, showing, strands
from wegmarke.profiles.naming import called, latest, names, purpose_name
from wegmarke.record import queries as record
from wegmarke.team.access import colleague_of
from wegmarke.team.contracts import PERSONS, Role, require_role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from wegmarke.profiles.contracts import Found, Lived, Subject

MOST_IDS = 12


@never_cache
@require_safe
def persons(request: HttpRequest) -> HttpResponse:
    """Look somebody up; without a text, show who was seen last."""
    require_role(colleague_of(request), *PERSONS)
    asked = request.GET.get("q", "").replace("\0", "").strip()
    found = finding.persons(asked) if asked else finding.seen_last()
    known_accounts, _more = account_queries.accounts(text=asked, limit=10) if asked else ((), False)
    context = {
        "asked": asked,
        "found": [_found(one) for one in found],
        "accounts": [(one, showing.account_address(one.account)) for one in known_accounts],
        "cut": len(found) >= finding.SHOWN,
    }
    return render(request, "profiles/persons.html", context)


@never_cache
@require_safe
def person(request: HttpRequest) -> HttpResponse:
    """Show one person: what they lived, what is known of them, and what may be done with them."""
    require_role(colleague_of(request), *PERSONS)
    name, subject = _subject(request)
    journey = record.journey_of(name)
    lived = picture.lived(journey, names()) if journey else None
    context = showing.timeline(request, subject, lived, {})
    if showing.asks_for_older(request):
        return render(request, "profiles/older.html", context)
    context |= _known(request, name, subject) | _lived(lived)
    return render(request, "profiles/person.html", context)


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Say what is new on the time line of one person."""
    require_role(colleague_of(request), *PERSONS)
    _name, subject = _subject(request)
    return showing.newest(request, subject, {})


def _subject(request: HttpRequest) -> tuple[str, Subject]:
    identifier = request.GET.get("id", "")
    if not identifier or "\0" in identifier:
        raise Http404
    found = people.resolution()
    name = found.person_of(identifier)
    return name, strands.subject((name, *found.members(name)))


def _known(request: HttpRequest, name: str, subject: Subject) -> dict[str, Any]:
    traits = latest(record.traits_of(subject.identifiers))
    standing = consent.standing(name, now=timezone.now())
    by = colleague_of(request)
    return {
        "name": called(traits, subject.identifiers),
        "person": showing.identifier(name),
        "identifiers": [showing.identifier(one) for one in subject.identifiers[:MOST_IDS]],
        "more_ids": len(subject.identifiers) - MOST_IDS,
        "traits": traits,
        "accounts": [
            (one, showing.account_address(one.account))
            for one, belongs in account_queries.accounts_of(subject.identifiers)
            if belongs
        ],
        "consent": [
            (purpose_name(purpose), [channel.label for channel, one in by_channel.items() if one.allowed])
            for purpose, by_channel in standing.decisions
        ],
        "identities_address": f"{reverse('people:person')}?{urlencode({'id': name})}",
        "consent_address": f"{reverse('consent:person')}?{urlencode({'id': name})}",
        "is_officer": by.has_role(Role.OFFICER),
    }


def _lived(lived: Lived | None) -> dict[str, Any]:
    if lived is None:
        return {"lived": None}
    called_ = names()
    return {
        "lived": lived,
        "last_touchpoint": called_.touchpoint(lived.last_touchpoint),
        "last_bad_touchpoint": called_.touchpoint(lived.last_bad_touchpoint),
        "picture": picture.drawn(lived),
    }


def _found(one: Found) -> dict[str, Any]:
    return {
        "found": one,
        "address": showing.person_address(one.person),
        "identifiers": [showing.identifier(identifier) for identifier in one.identifiers[:3]],
        "more": len(one.identifiers) - 3,
    }
