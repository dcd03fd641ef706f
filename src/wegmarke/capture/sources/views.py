"""Pages under Settings → Sources: what sends events, with which keys, and what was refused of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wegmarke.capture import counting
from wegmarke.capture.sources import queries, services, wording
from wegmarke.capture.sources.contracts import NoSuchSourceError
from wegmarke.capture.sources.forms import SourceForm
from wegmarke.capture.visitors import queries as visitors
from wegmarke.capture.watching import queries as watching
from wegmarke.capture.watching.wording import in_words
from wegmarke.team.access import colleague_of
from wegmarke.team.contracts import PERSONS, Role, require_role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from wegmarke.capture.sources.contracts import SourceState

PAGE = 50


@never_cache
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """List all sources, and where every event is."""
    now = timezone.now()
    context = {
        "sources": queries.sources(now=now),
        "accounts": counting.accounts(),
        "problems": [in_words(one) for one in watching.problems(now=now)],
        "may_change": colleague_of(request).has_role(Role.ADMIN),
    }
    return render(request, "capture/sources/sources.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a source."""
    require_role(colleague_of(request), Role.ADMIN)
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            number = services.add_source(by=colleague_of(request), now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error("name", error)
        else:
            return redirect("sources:source", number=number)
    return render(request, "capture/sources/add.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, number: int) -> HttpResponse:
    """Show one source, its keys and its days, and change it."""
    shown = _source(number)
    initial = {
        "name": shown.name,
        "origins": "\n".join(shown.origins),
        "declines_signals": shown.declines_signals,
        "estimates_visitors": shown.estimates_visitors,
    }
    form = SourceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_source(source=number, by=colleague_of(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error("name", error)
        else:
            messages.success(request, _("The source was saved."))
            return redirect("sources:source", number=number)
    return _show(request, shown, form)


def _show(request: HttpRequest, shown: SourceState, form: SourceForm) -> HttpResponse:
    now = timezone.now()
    context = {
        "source": shown,
        "form": form,
        "keys": queries.keys(shown.id),
        "days": queries.days(shown.id, now=now),
        "visitors": visitors.estimates(shown.id, now=now),
        "groups": _groups(shown.id),
        "may_change": colleague_of(request).has_role(Role.ADMIN),
        "address": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "capture/sources/source.html", context)


@never_cache
@require_POST
def make_key(request: HttpRequest, number: int) -> HttpResponse:
    """Make a key, and show it in the answer itself: a server's key is kept nowhere in plain words."""
    browser = request.POST.get("kind") == "browser"
    shown = _source(number)
    made = services.make_key(source=number, browser=browser, by=colleague_of(request), now=timezone.now())
    context = {"source": shown, "key": made, "address": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "capture/sources/key.html", context)


@never_cache
@require_POST
def revoke_key(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Let a key write no more."""
    if key not in {one.id for one in queries.keys(number)}:
        raise Http404
    services.revoke_key(key=key, by=colleague_of(request), now=timezone.now())
    messages.success(request, _("The key was revoked. It writes nothing any more."))
    return redirect("sources:source", number=number)


@never_cache
@require_safe
def refused(request: HttpRequest) -> HttpResponse:
    """Show refused events by reason, and one by one. They hold data of persons."""
    require_role(colleague_of(request), *PERSONS)
    of, reason, page = _chosen(request)
    found = queries.refused(source=of, reason=reason, skip=(page - 1) * PAGE, limit=PAGE)
    context = {
        "groups": _groups(of),
        "events": [(one, wording.reason(one.reason)) for one in found.events],
        "reason": reason,
        "of": of,
        "newer": _address(of, reason, page - 1) if page > 1 else "",
        "older": _address(of, reason, page + 1) if found.more else "",
    }
    return render(request, "capture/sources/refused.html", context)


@never_cache
@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Read refused events anew: those ticked, or all of the reason shown."""
    of, reason, _page = _chosen(request)
    sent = services.send_again(events=_ticked(request, of, reason), by=colleague_of(request))
    messages.success(
        request,
        ngettext(
            "%(n)s event is read again. If it is refused once more, it comes back here.",
            "%(n)s events are read again. What is refused once more comes back here.",
            sent,
        )
        % {"n": sent},
    )
    return redirect(_address(of, reason, 1))


@never_cache
@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """Delete refused events for good: those ticked, or all of the reason shown."""
    of, reason, _page = _chosen(request)
    gone = services.delete_refused(events=_ticked(request, of, reason), by=colleague_of(request))
    messages.success(
        request, ngettext("%(n)s event was deleted.", "%(n)s events were deleted.", gone) % {"n": gone}
    )
    return redirect(_address(of, reason, 1))


def _ticked(request: HttpRequest, of: int | None, reason: str) -> list[int]:
    require_role(colleague_of(request), *PERSONS)
    if request.POST.get("all"):
        return list(queries.refused_ids(source=of, reason=reason, limit=services.MOST_AT_ONCE))
    return [number for text in request.POST.getlist("event") if (number := _number(text))]


def _chosen(request: HttpRequest) -> tuple[int | None, str, int]:
    given = request.POST if request.method == "POST" else request.GET
    reason = given.get("reason", "")
    known = reason if reason in wording.REASONS else ""
    return _number(given.get("source", "")), known, _number(given.get("page", "")) or 1


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None  # noqa: PLR2004 - a key


def _address(of: int | None, reason: str, page: int) -> str:
    query = {"source": of, "reason": reason, "page": page if page > 1 else None}
    return reverse("sources:refused", query={key: value for key, value in query.items() if value})


def _groups(of: int | None) -> list[dict[str, object]]:
    return [
        {"group": group, "words": wording.reason(group.reason), "address": _address(of, group.reason, 1)}
        for group in queries.refused_groups(source=of)
    ]


def _source(number: int) -> SourceState:
    try:
        return queries.source(number, now=timezone.now())
    except NoSuchSourceError:
        raise Http404 from None
