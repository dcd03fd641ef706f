"""Who a request comes from, and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from wegmarke.team.contracts import PERSONS, NotAllowedError, Role
from wegmarke.team.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest


def colleague_of(request: HttpRequest) -> User:
    """Return who is logged in; nobody is refused, for without an account nothing may be done."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        raise NotAllowedError
    return user


def administrators(request: HttpRequest) -> bool:
    """Say whether the request comes from an administrator."""
    return _has(request, Role.ADMIN)


def editors(request: HttpRequest) -> bool:
    """Say whether the request comes from an editor, or from somebody who may do more."""
    return _has(request, Role.EDITOR)


def officers(request: HttpRequest) -> bool:
    """Say whether the request comes from a data protection officer, or from an administrator."""
    return _has(request, Role.OFFICER)


def see_persons(request: HttpRequest) -> bool:
    """Say whether the request comes from somebody who may see data of persons."""
    return _has(request, *PERSONS)


def _has(request: HttpRequest, *roles: Role) -> bool:
    user = getattr(request, "user", None)
    return isinstance(user, User) and user.has_role(*roles)


def address_of(direct: str, forwarded: str) -> str:
    """Return the address a request comes from: the browser's, also where a proxy speaks for it.

    Only with a proxy in front (`WEGMARKE_HTTPS=1`) is `X-Forwarded-For` believed, and of it only the last
    entry: that one the proxy has written, those before it anybody may have sent.
    """
    if settings.SECURE_PROXY_SSL_HEADER is None:
        return direct
    return forwarded.rpartition(",")[2].strip() or direct


def client_address(request: HttpRequest) -> str:
    """Return the address a request comes from, for counting wrong passwords."""
    return address_of(str(request.META.get("REMOTE_ADDR", "")), request.META.get("HTTP_X_FORWARDED_FOR", ""))
