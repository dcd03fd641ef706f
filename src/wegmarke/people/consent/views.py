"""Pages about consent: for editors, for they show personal data; purposes are for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wegmarke.people import showing
from wegmarke.people.consent import forms, queries, services
from wegmarke.people.consent.contracts import Channel, NoSuchPurposeError, Reason
from wegmarke.people.identifiers import known
from wegmarke.team.access import colleague_of
from wegmarke.team.contracts import PERSONS, Role, require_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.http import HttpRequest, HttpResponse

    from wegmarke.people.consent.contracts import Decision, Purpose, Record


SIGNS: Final = {
    Reason.CONSENT: "good",
    Reason.EXISTING_CUSTOMER: "good",
    Reason.NOT_NEEDED: "good",
    Reason.NONE: "unknown",
    Reason.EXPIRED: "warning",
    Reason.INCOMPLETE: "warning",
}


@never_cache
@require_safe
def consent(request: HttpRequest) -> HttpResponse:
    """Look somebody up, and show what can be agreed to and what categories in messages mean."""
    require_role(colleague_of(request), *PERSONS)
    asked = request.GET.get("q", "").strip()
    context = {
        "asked": asked,
        "found": [_identifier(one) for one in queries.found(asked)] if asked else (),
        "typed": _identifier(known(asked)) if asked and "\0" not in asked else None,
        "purposes": [_purpose(one) for one in queries.purposes()],
        "categories": _categories(),
        "may_change": colleague_of(request).has_role(Role.OFFICER),
    }
    return render(request, "people/consent/consent.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest) -> HttpResponse:
    """Show what may be done with somebody and why, and write down what they said."""
    require_role(colleague_of(request), *PERSONS)
    identifier = (request.POST if request.method == "POST" else request.GET).get("id", "")
    if not identifier or "\0" in identifier:
        raise Http404
    listed = queries.purposes()
    made = {name: form(listed, prefix=name) for name, (form, _act) in _ACTS.items()}
    wanted = request.POST.get("act", "")
    if request.method == "POST":
        if wanted not in _ACTS:
            raise Http404
        made[wanted] = _ACTS[wanted][0](listed, request.POST, prefix=wanted)
        if _done(made[wanted], lambda values: _ACTS[wanted][1](request, identifier, values)):
            messages.success(request, _("Written down."))
            return redirect(_address(identifier))
    return _show(request, identifier, made, wanted)


def _show(
    request: HttpRequest, identifier: str, made: Mapping[str, forms.Dressed], wanted: str
) -> HttpResponse:
    standing = queries.standing(identifier, now=timezone.now())
    context = {
        "person": _identifier(standing.person),
        "identifiers": [_identifier(one) for one in standing.identifiers],
        "channels": [one.label for one in Channel],
        "decisions": [
            (_name(purpose), [(channel.label, _decision(one)) for channel, one in by_channel.items()])
            for purpose, by_channel in standing.decisions
        ],
        "customer": _customer(one for _purpose, all_ in standing.decisions for one in all_.values()),
        "history": [_record(one) for one in standing.history],
        "kept_nos": standing.kept_nos,
        "acts": [
            ("give", _("Consent"), made["give"], wanted == "give"),
            ("refuse", _("Withdrawal or objection"), made["refuse"], wanted == "refuse"),
            ("evidence", _("Evidence for § 7 (3) UWG"), made["evidence"], wanted == "evidence"),
        ],
    }
    return render(request, "people/consent/person.html", context)


def _give(request: HttpRequest, identifier: str, values: dict[str, Any]) -> None:
    wording = int(values.pop("wording"))
    services.give(identifier, **values, wording=wording, by=colleague_of(request), now=timezone.now())


def _refuse(request: HttpRequest, identifier: str, values: dict[str, Any]) -> None:
    values |= {name: values[name] or None for name in ("purpose", "channel")}
    services.refuse(identifier, **values, by=colleague_of(request), now=timezone.now())


def _evidence(request: HttpRequest, identifier: str, values: dict[str, Any]) -> None:
    for name in ("told_at_collection", "told_at_use"):
        values[name] = int(values[name]) if values[name] else None
    services.keep_evidence(identifier, **values, by=colleague_of(request), now=timezone.now())


_ACTS: Final[Mapping[str, Any]] = {
    "give": (forms.GiveForm, _give),
    "refuse": (forms.RefuseForm, _refuse),
    "evidence": (forms.EvidenceForm, _evidence),
}


def _done(form: forms.Dressed, act: Callable[[dict[str, Any]], Any]) -> bool:
    """Do what a form asks for; False where it cannot be done, which the form then says."""
    if not form.is_valid():
        return False
    try:
        act(dict(form.cleaned_data))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_purpose(request: HttpRequest) -> HttpResponse:
    """Name something people can agree to."""
    by = colleague_of(request)
    require_role(by, Role.OFFICER)
    form = forms.PurposeForm(request.POST if request.method == "POST" else None)

    def add(values: dict[str, Any]) -> None:
        services.add_purpose(**values, by=by)

    if request.method == "POST" and _done(form, add):
        return redirect("consent:purpose", key=form.cleaned_data["key"])
    return render(request, "people/consent/add.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def purpose(request: HttpRequest, key: str) -> HttpResponse:
    """Show one purpose with all versions of its wordings; rename it, or add a wording."""
    by = colleague_of(request)
    require_role(by, *((Role.OFFICER,) if request.method == "POST" else PERSONS))
    try:
        of = queries.purpose(key)
    except NoSuchPurposeError:
        raise Http404 from None
    adds = "text" in request.POST
    sent = request.POST if request.method == "POST" else None
    names = {"name_de": of.name_de, "name_en": of.name_en, "valid_days": of.valid_days}
    renaming = forms.PurposeForm(None if adds else sent, initial=names, existing=True)
    wording = forms.WordingForm(sent if adds else None)

    def change(values: dict[str, Any]) -> None:
        if adds:
            services.add_wording(purpose=key, **values, by=by, now=timezone.now())
        else:
            services.change_purpose(key, **values, by=by)

    if sent is not None and _done(wording if adds else renaming, change):
        messages.success(request, _("Saved."))
        return redirect("consent:purpose", key=key)
    context = {
        "purpose": _purpose(of),
        "renaming": renaming,
        "wording": wording,
        "may_change": by.has_role(Role.OFFICER),
    }
    return render(request, "people/consent/purpose.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def categories(request: HttpRequest) -> HttpResponse:
    """Say what categories of consent in messages mean."""
    by = colleague_of(request)
    require_role(by, Role.OFFICER)
    sent = request.POST if request.method == "POST" else None
    form = forms.MeaningForm(queries.purposes(), sent, initial={"category": request.GET.get("name", "")})

    def mean(values: dict[str, Any]) -> None:
        wording = int(values.pop("wording") or 0) or None
        services.mean(**values, wording=wording, by=by, now=timezone.now())

    if sent is not None and _done(form, mean):
        messages.success(request, _("Saved. It holds for messages from now on."))
        return redirect("consent:categories")
    context = {"form": form, "categories": _categories()}
    return render(request, "people/consent/categories.html", context)


@never_cache
@require_POST
def unmean(request: HttpRequest, meaning: int) -> HttpResponse:
    """Let a category mean this no more."""
    try:
        services.unmean(meaning=meaning, by=colleague_of(request))
    except NoSuchPurposeError:
        raise Http404 from None
    messages.success(request, _("Removed. What was learned so far stays."))
    return redirect("consent:categories")


def _address(identifier: str) -> str:
    return f"{reverse('consent:person')}?{urlencode({'id': identifier})}"


def _identifier(identifier: str) -> dict[str, Any]:
    return showing.identifier(identifier, address=_address(identifier))


def _name(of: Purpose) -> str:
    return of.name(get_language() or "en")


def _purpose(of: Purpose) -> dict[str, Any]:
    return {"purpose": of, "name": _name(of), "basis": of.basis.label, "wordings": of.wordings}


def _decision(of: Decision) -> dict[str, Any]:
    return {
        "sign": SIGNS.get(of.reason, "bad"),
        "words": of.reason.label,
        "allowed": of.allowed,
        "number": of.number if of.number and of.number > 0 else None,
        "missing": [one.label for one in of.missing],
    }


def _customer(found: Iterable[Decision]) -> list[tuple[str, bool]]:
    """Return the conditions of § 7 (3) UWG, each with whether it is met, where there is evidence."""
    with_evidence = next((one for one in found if one.conditions), None)
    return [(str(one.label), met) for one, met in with_evidence.conditions.items()] if with_evidence else []


def _record(of: Record) -> dict[str, Any]:
    return {
        "record": of,
        "says": of.says.label if of.says else _("Evidence for § 7 (3) UWG"),
        "purpose": _name(of.purpose) if of.purpose else _("Everything"),
        "channel": of.channel.label if of.channel else _("every channel"),
        "how": of.how.label if of.how else "",
        "who": _identifier(of.identifier),
    }


def _categories() -> list[dict[str, Any]]:
    return [
        {
            "category": one,
            "address": f"{reverse('consent:categories')}?{urlencode({'name': one.name})}",
            "meanings": [
                {"number": means.number, "purpose": _name(means.purpose), "channel": means.channel.label}
                | {"wording": means.wording}
                for means in one.meanings
            ],
        }
        for one in queries.categories()
    ]
