"""Pages under Settings → Team: who has an account, and what they may do. For administrators only."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wegmarke.team import queries, services
from wegmarke.team.access import colleague_of
from wegmarke.team.colleague_forms import AccountForm, NewAccountForm
from wegmarke.team.contracts import LastAdministratorError, NoSuchAccountError, Role, require_role
from wegmarke.team.wording import told

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from wegmarke.team.contracts import Account

More = ParamSpec("More")


def for_administrators(
    view: Callable[Concatenate[HttpRequest, More], HttpResponse],
) -> Callable[Concatenate[HttpRequest, More], HttpResponse]:
    """Refuse everybody else, before anything is read."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: More.args, **kwargs: More.kwargs) -> HttpResponse:
        require_role(colleague_of(request), Role.ADMIN)
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@for_administrators
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """List all accounts."""
    return render(request, "team/team.html", {"accounts": queries.accounts()})


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a colleague, and show the first password in the answer itself: it is kept nowhere."""
    form = NewAccountForm(request.POST) if request.method == "POST" else NewAccountForm()
    if request.method == "POST" and form.is_valid():
        try:
            first = services.create_account(by=colleague_of(request), now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return render(request, "team/first_log_in.html", {"first": first, "added": True})
    return render(request, "team/add.html", {"form": form})


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show one account and change it."""
    shown = _account(account_id)
    initial = AccountForm.initial_of(shown)
    form = AccountForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_account(
                username=shown.username, by=colleague_of(request), now=timezone.now(), **form.altered()
            )
        except LastAdministratorError as error:
            form.add_error("role", error)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The account %(name)s was saved.") % {"name": shown.username})
            return redirect("colleagues:team")
    return render(request, "team/account.html", {"account": shown, "form": form, **_of(request, shown)})


def _of(request: HttpRequest, shown: Account) -> dict[str, object]:
    changes, more = queries.history(of=shown.username, limit=10)
    return {
        "own": shown.id == colleague_of(request).pk,
        "changes": [told(change) for change in changes],
        "more": more,
    }


@for_administrators
@require_POST
def new_password(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give an account a new password, and show it in the answer itself: it is kept nowhere."""
    shown = _account(account_id)
    first = services.give_new_password(username=shown.username, by=colleague_of(request), now=timezone.now())
    return render(request, "team/first_log_in.html", {"first": first, "added": False})


@for_administrators
@require_POST
def deactivate(request: HttpRequest, account_id: int) -> HttpResponse:
    """Keep somebody out from now on."""
    shown = _account(account_id)
    try:
        services.deactivate_account(username=shown.username, by=colleague_of(request), now=timezone.now())
    except LastAdministratorError as error:
        messages.error(request, error.message)
        return redirect("colleagues:account", account_id=account_id)
    messages.success(request, _("The account %(name)s was deactivated.") % {"name": shown.username})
    return redirect("colleagues:team")


@for_administrators
@require_POST
def reactivate(request: HttpRequest, account_id: int) -> HttpResponse:
    """Let somebody in again."""
    shown = _account(account_id)
    services.reactivate_account(username=shown.username, by=colleague_of(request), now=timezone.now())
    messages.success(request, _("The account %(name)s is active again.") % {"name": shown.username})
    return redirect("colleagues:account", account_id=account_id)


@for_administrators
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Show what was done to accounts, newest first; of one account where the address says so."""
    of = request.GET.get("account", "")
    page = request.GET.get("page", "1")
    number = min(int(page), 10_000) if page.isascii() and page.isdigit() and int(page) else 1
    skip = (number - 1) * queries.MOST_CHANGES
    changes, more = queries.history(of=of, skip=skip, limit=queries.MOST_CHANGES)
    context = {
        "changes": [told(change) for change in changes],
        "of": of,
        "newer": _page(of, number - 1) if number > 1 else "",
        "older": _page(of, number + 1) if more else "",
    }
    return render(request, "team/history.html", context)


def _page(of: str, number: int) -> str:
    return reverse("colleagues:history", query={**({"account": of} if of else {}), "page": number})


def _account(account_id: int) -> Account:
    try:
        return queries.account(account_id)
    except NoSuchAccountError:
        raise Http404 from None
