"""Pages of webhooks under Settings → Sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wegmarke.capture.hooks import queries, services
from wegmarke.capture.hooks.contracts import NoSuchWebhookError, Scheme
from wegmarke.capture.hooks.forms import AddForm, PathsForm
from wegmarke.capture.hooks.mail import BASIC, PROVIDERS
from wegmarke.team.access import colleague_of
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from wegmarke.capture.hooks.contracts import Hook


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a webhook, and show its secret in the answer itself."""
    require_role(colleague_of(request), Role.ADMIN)
    form = AddForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            number, secret = services.add_webhook(
                by=colleague_of(request), now=timezone.now(), **form.values()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _with_secret(request, number, secret)
    return render(request, "capture/hooks/add.html", {"form": form})


def _with_secret(request: HttpRequest, number: int, secret: str) -> HttpResponse:
    return render(
        request, "capture/hooks/secret.html", {**_context(request, _hook(number)), "secret": secret}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, number: int) -> HttpResponse:
    """Show a webhook, try its mapping on the last bodies (`do=check`), save it."""
    require_role(colleague_of(request), Role.EDITOR)
    hook = _hook(number)
    initial = PathsForm.initial_of(hook.mapping)
    form = PathsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and request.POST.get("do") != "check":
        services.save_mapping(source=number, mapping=form.mapping(), by=colleague_of(request))
        messages.success(request, _("The mapping was saved."))
        return redirect("sources:webhook", number=number)
    tried = _tried(request, number, form, hook)
    if request.headers.get("HX-Request"):
        return render(request, "capture/hooks/tried.html", {"tried": tried})
    return render(
        request, "capture/hooks/webhook.html", _context(request, hook) | {"form": form, "tried": tried}
    )


def _tried(request: HttpRequest, number: int, form: PathsForm, hook: Hook) -> Any:  # noqa: ANN401 - see the query
    mapping = form.mapping() if form.is_bound and form.is_valid() else hook.mapping
    return queries.tried(number, mapping, now=timezone.now(), by=colleague_of(request))


@never_cache
@require_POST
def secret(request: HttpRequest, number: int) -> HttpResponse:
    """Take another secret, and show it once."""
    require_role(colleague_of(request), Role.ADMIN)
    _hook(number)
    given = request.POST.get("secret", "")[:400]
    try:
        text = services.change_secret(source=number, secret=given, by=colleague_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("sources:webhook", number=number)
    return _with_secret(request, number, text)


def _context(request: HttpRequest, hook: Hook) -> dict[str, Any]:
    name, _view, setting = PROVIDERS.get(hook.provider, ("", "", ""))
    return {
        "hook": hook,
        "provider": name,
        "basic": setting == BASIC,
        "mail": hook.scheme is Scheme.MAIL,
        "address": request.build_absolute_uri(f"/hooks/{hook.token}/"),
        "may_change": colleague_of(request).has_role(Role.ADMIN),
    }


def _hook(number: int) -> Hook:
    try:
        return queries.webhook(number)
    except NoSuchWebhookError:
        raise Http404 from None
