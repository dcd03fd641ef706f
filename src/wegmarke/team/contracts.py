"""What the rooms above know about colleagues: who they are, roles, and the refusal of what they forbid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.team.models import User


class Role(models.TextChoices):
    """What an account may do. Everybody may do what viewers may, administrators what anybody may.

    The data protection officer is no editor: whoever watches over the data of persons should not be the one
    who decides what is done with it (Art. 38 (6) GDPR). Whoever has to be both is an administrator.
    """

    VIEWER = "viewer", _("Viewer")
    EDITOR = "editor", _("Editor")
    OFFICER = "officer", _("Data protection officer")
    ADMIN = "admin", _("Administrator")

    def includes(self, other: Role) -> bool:
        """Say whether this role may do everything `other` may."""
        return other in {self, Role.VIEWER} or self is Role.ADMIN


PERSONS = (Role.EDITOR, Role.OFFICER)
"""Who may see data of persons and decide who is who: `require_role(by, *PERSONS)`."""


class ChangeKind(models.TextChoices):
    """What was done to an account."""

    CREATED = "created", pgettext_lazy("account", "Added")
    CHANGED = "changed", pgettext_lazy("account", "Changed")
    PASSWORD = "password", pgettext_lazy("account", "New password")
    DEACTIVATED = "deactivated", pgettext_lazy("account", "Deactivated")
    REACTIVATED = "reactivated", pgettext_lazy("account", "Reactivated")


class NotAllowedError(PermissionDenied):
    """The account may not do this; nothing was done. Shown as a page of its own (403)."""


class NoSuchAccountError(LookupError):
    """There is no account of this name."""


class LastAdministratorError(ValidationError):
    """Nobody could look after accounts any more; nothing was done."""


def require_role(by: User | None, *roles: Role) -> None:
    """Raise `NotAllowedError` unless `by` may do what one of these roles may; None is the system itself."""
    if by is not None and not by.has_role(*roles):
        raise NotAllowedError


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with an account, as others may know them; without a display name the user name is it."""

    username: str
    display_name: str
    department: str
    role: Role
    active: bool


@dataclass(frozen=True, slots=True)
class Account(Colleague):
    """A colleague as administrators see them."""

    id: int
    email: str
    last_log_in: datetime | None


@dataclass(frozen=True, slots=True)
class AccountChange:
    """One entry of the history: `by` is empty where the system did it; both dicts have the same keys."""

    at: datetime
    by: str
    account: str
    kind: ChangeKind
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, slots=True)
class FirstLogIn:
    """A freshly made log-in; the password exists in plain words only here, once."""

    username: str
    password: str
