"""Pages of accounts: log in, log out, password, language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wegmarke.team import services
from wegmarke.team.access import colleague_of
from wegmarke.team.contracts import Role
from wegmarke.team.forms import LogInForm, NewPasswordForm
from wegmarke.team.models import User
from wegmarke.team.wording import ALLOWS

if TYPE_CHECKING:
    from django.contrib.auth.forms import PasswordChangeForm
    from django.http import HttpRequest, HttpResponse


class LogIn(LoginView):
    """The way in; "next" leads only to this site."""

    template_name = "team/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True


@method_decorator(never_cache, name="dispatch")
class LogOut(LogoutView):
    """The way out, by POST only: a link or a picture elsewhere cannot log anyone out."""


class ChangePassword(PasswordChangeView):
    """A new password; every other session of the account ends with the old one."""

    template_name = "team/password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("team:password")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say what the role allows as well."""
        allows = ALLOWS[Role(colleague_of(self.request).role)]
        return super().get_context_data(**kwargs) | {"allows": allows}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Keep the password and this session, say what else happened."""
        user = colleague_of(self.request)
        password = form.cleaned_data["new_password1"]
        services.choose_password(user=user, password=password, now=timezone.now())
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("Your new password holds. You were logged out everywhere else."))
        return HttpResponseRedirect(self.get_success_url())


@login_not_required
@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Switch the language: on the account when logged in, and by cookie for the log-in page."""
    language = request.POST.get("language", "")
    if language not in User.Language.values:
        return HttpResponseBadRequest()
    if isinstance(request.user, User):
        services.choose_language(request.user, language)
    response = HttpResponseRedirect(_safe_next(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "/")
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else "/"


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """Say that log-in is shut for a while; called by axes, whichever part of the request raised it."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    with translation.override(translation.get_language_from_request(request)):
        return render(request, "team/locked.html", {"minutes": minutes}, status=429)
