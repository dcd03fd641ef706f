"""Pages about accounts: companies and households with several contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wegmarke.people import queries as people
from wegmarke.people.accounts import queries, services
from wegmarke.people.accounts.contracts import NoSuchMembershipError
from wegmarke.people.identifiers import known
from wegmarke.profiles import finding, showing, strands
from wegmarke.team.access import colleague_of
from wegmarke.team.contracts import PERSONS, Role, require_role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from wegmarke.people.accounts.contracts import AccountShown, Membership
    from wegmarke.profiles.contracts import Found, Subject

SHOWN = 50
MOST_FACTS = 100
MOST_DIGITS = 6


@never_cache
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """List accounts, those heard of last first, or those that begin with a text."""
    require_role(colleague_of(request), *PERSONS)
    asked = request.GET.get("q", "").replace("\0", "").strip()
    at = request.GET.get("page", "")[:MOST_DIGITS]
    page = max(1, int(at)) if at.isascii() and at.isdigit() else 1
    found, more = queries.accounts(text=asked, skip=(page - 1) * SHOWN, limit=SHOWN)
    context = {
        "asked": asked,
        "accounts": [(one, showing.account_address(one.account)) for one in found],
        "page": page,
        "more": more,
    }
    return render(request, "profiles/accounts.html", context)


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show one account: what it is like, its contacts, what all of them lived."""
    require_role(colleague_of(request), *PERSONS)
    found, contacts, subject = _subject(request)
    whose = _whose(subject, contacts)
    context = showing.timeline(request, subject, None, whose)
    if showing.asks_for_older(request):
        return render(request, "profiles/older.html", context)
    facts = queries.facts_of(found.account)
    context |= {
        "account": found,
        "contacts": [
            (one, showing.person_address(one.person), contacts[one.person]) for one in _named(contacts)
        ],
        "belonging": sum(contacts.values()),
        "traits": queries.traits(found.account),
        "facts": [_fact(one) for one in sorted(facts, key=lambda one: -one.number)[:MOST_FACTS]],
    }
    return render(request, "profiles/account.html", context)


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Say what is new on the time line of one account."""
    require_role(colleague_of(request), *PERSONS)
    _found, contacts, subject = _subject(request)
    return showing.newest(request, subject, _whose(subject, contacts))


@never_cache
@require_POST
def contact(request: HttpRequest) -> HttpResponse:
    """Say that somebody belongs to an account, or does not."""
    key = request.POST.get("account", "")
    belongs = "remove" not in request.POST
    typed = request.POST.get("typed", "").replace("\0", "").strip()
    identifier = known(typed) if typed else request.POST.get("remove", "")
    try:
        services.decide(
            identifier,
            key,
            belongs=belongs,
            by=colleague_of(request),
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Added.") if belongs else _("Removed."))
    return redirect(showing.account_address(key))


@never_cache
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was decided by hand."""
    require_role(colleague_of(request), Role.EDITOR)
    number = request.POST.get("fact", "")
    if not number.isascii() or not number.isdigit() or len(number) > 18:  # noqa: PLR2004 - what a column holds
        raise Http404
    try:
        key = services.undo(int(number), by=colleague_of(request), now=timezone.now())
    except NoSuchMembershipError as error:
        raise Http404 from error
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("profiles:accounts")
    messages.success(request, _("Taken back."))
    return redirect(showing.account_address(key))


def _subject(request: HttpRequest) -> tuple[AccountShown, dict[str, bool], Subject]:
    found = queries.account(request.GET.get("key", ""))
    if found is None:
        raise Http404
    contacts = dict(queries.contacts(found.account))
    who = people.resolution()
    belonging = [
        one for person, belongs in contacts.items() if belongs for one in (person, *who.members(person))
    ]
    return found, contacts, strands.subject(belonging, account=found.account)


def _whose(subject: Subject, contacts: dict[str, bool]) -> dict[str, tuple[str, str]]:
    """Return by identifier who it is and where their page is."""
    names = {one.person: one.name for one in _named(contacts)}
    persons = people.resolution().persons_of(subject.identifiers)
    return {
        one: (names.get(person, person), showing.person_address(person)) for one, person in persons.items()
    }


def _named(contacts: dict[str, bool]) -> tuple[Found, ...]:
    return finding.named(list(contacts))


def _fact(fact: Membership) -> dict[str, Any]:
    return {"fact": fact, "said": fact.said.label, "who": showing.identifier(fact.identifier)}
