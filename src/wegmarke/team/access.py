"""Who a request comes from, and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.team.contracts import NotAllowedError, Role
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


def _has(request: HttpRequest, role: Role) -> bool:
    user = getattr(request, "user", None)
    return isinstance(user, User) and user.has_role(role)
